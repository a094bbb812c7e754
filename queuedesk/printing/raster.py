"""A slip's picture as the bytes that every receipt printer takes: bands of dots, then the cut."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QImage, qGray

from queuedesk.printing.choice import FULL, NONE, ReceiptPrinter

BEGIN = b"\x1b@\x1da\x00"
"""As after switching on, and nothing said unasked: that would look like an answer."""
CLEAR = bytes((0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8))
"""Throws away what a printer holds and has not printed: else half a slip follows when new paper is put in."""
DOTS_PER_S = 400
"""How fast the slowest of usual heads prints: 50 mm/s."""
BAND_ROWS = 96  # 7 kB at 576 dots: the smallest buffers take it
_CUTS = {FULL: b"\x1dV\x00"}
_PART_CUT = b"\x1dV\x01"
# What is asked of a printer in real time is heard inside a picture too. One more dot makes each of these a picture
# only.
_HEARD = {b"\x10\x04": b"\x10\x0c", b"\x10\x05": b"\x10\x0d", b"\x10\x14": b"\x10\x1c"}


def bands(image: QImage) -> Iterator[bytes]:
    """Yield commands that print `image`, black on white in one bit a dot, one under the other without a seam."""
    row_bytes = (image.width() + 7) // 8
    rows = _rows(image, row_bytes)
    for top in range(0, len(rows), BAND_ROWS):
        band = rows[top : top + BAND_ROWS]
        dots = b"".join(band)
        for heard, harmless in _HEARD.items():
            dots = dots.replace(heard, harmless)
        size = row_bytes.to_bytes(2, "little") + len(band).to_bytes(2, "little")
        yield b"\x1dv0\x00" + size + dots


def end(printer: ReceiptPrinter) -> bytes:
    """Return the command that feeds the slip past the knife, or past the edge where it is torn, and cuts it."""
    feed = b"\x1bd" + bytes((printer.feed,))
    return feed if printer.cut == NONE else feed + _CUTS.get(printer.cut, _PART_CUT)


def print_time_s(rows: int) -> float:
    """Return how long a slow head needs for a picture of so many rows."""
    return 1.0 + rows / DOTS_PER_S


def _rows(image: QImage, row_bytes: int) -> list[bytes]:
    mono = image.convertToFormat(QImage.Format.Format_Mono)
    stride, data = mono.bytesPerLine(), bytes(mono.constBits())
    rows = [data[y * stride : y * stride + row_bytes] for y in range(mono.height())]
    if qGray(mono.color(1)) < qGray(mono.color(0)):
        return rows
    return [bytes(byte ^ 0xFF for byte in row) for row in rows]
