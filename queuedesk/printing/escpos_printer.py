"""Prints slips on receipt printers directly, and asks the printer whether they came out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress

from PySide6.QtGui import QImage, qGray

from queuedesk.core.errors import OutsideError
from queuedesk.printing.choice import FULL, NONE, ReceiptPrinter, read_receipt_printer
from queuedesk.printing.escpos_link import ANSWER_S, OFFLINE, TOO_SLOW, Status, Talk, open_link, refused
from queuedesk.printing.outputs import Printed, draw_slip

# -- a slip's picture as the bytes that every receipt printer takes: bands of dots, then the cut ---------------------

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
    """Yield commands that print `image`, black on white with one bit per dot, band by band without a seam."""
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
    """Return the command that feeds the slip past the knife, or past the tear-off edge, and cuts it."""
    feed = b"\x1bd" + bytes((printer.feed,))
    return feed if printer.cut == NONE else feed + _CUTS.get(printer.cut, _PART_CUT)


def print_time_s(rows: int) -> float:
    """Return how long a slow print head needs for a picture with so many rows."""
    return 1.0 + rows / DOTS_PER_S


def _rows(image: QImage, row_bytes: int) -> list[bytes]:
    mono = image.convertToFormat(QImage.Format.Format_Mono)
    stride, data = mono.bytesPerLine(), bytes(mono.constBits())
    rows = [data[y * stride : y * stride + row_bytes] for y in range(mono.height())]
    if qGray(mono.color(1)) < qGray(mono.color(0)):
        return rows
    return [bytes(byte ^ 0xFF for byte in row) for row in rows]


BETWEEN_S = 0.4
BUSY_S = 8.0
"""How long a printer that is known to answer may be silent: another PC may be printing on it."""
LONGEST_S = 45.0
_LOOK_S = 0.2

_answering: set[str] = set()
"""The addresses of printers that have answered this process: silence means something else with them."""


def print_slip(slip: Printed, choice: str) -> str:
    """Print `slip` and cut it; return once the printer reports it printed, with "paper_low" or another coming problem,
    else "".

    A printer that never answers is assumed to have printed. After trouble nothing of the slip is printed later by
    itself.

    Raises:
        OutsideError: "printer_refused" with its `cause`: "offline", "out_of_paper", "cover_open", "printer_error",
        "slow". RuleError: "bad_printer".
    """
    printer = read_receipt_printer(choice)
    return print_picture(draw_slip(slip, printer.width), printer)


def print_picture(image: QImage, printer: ReceiptPrinter) -> str:
    """Print a picture as print_slip does."""
    link = open_link(printer)
    try:
        return _print(Talk(link), image, printer)
    except OSError as error:
        raise refused(printer, OFFLINE) from error
    finally:
        link.close()


def condition(choice: str) -> Status | None:
    """Return a printer's reported condition; None for one that is there but answers nothing. May take some seconds.
    Raises RuleError "bad_printer"."""
    printer = read_receipt_printer(choice)
    try:
        link = open_link(printer)
    except OutsideError:
        return Status(OFFLINE)
    try:
        return _stands(Talk(link), printer)
    except OSError:
        return Status(OFFLINE)
    finally:
        link.close()


def _stands(talk: Talk, printer: ReceiptPrinter) -> Status | None:
    known = printer.address in _answering
    status = talk.status(BUSY_S if known else ANSWER_S)
    if status is not None:
        _answering.add(printer.address)
    elif known:
        return Status(OFFLINE)
    return status


def _print(talk: Talk, image: QImage, printer: ReceiptPrinter) -> str:
    before = _stands(talk, printer)
    if before is not None and before.cause:
        raise refused(printer, before.cause)
    talk.send(BEGIN)
    if before is not None:
        talk.ask_in_turn()
    for band in bands(image):
        talk.send(band)
        if before is not None:
            _stop_on_trouble(talk, printer)
    talk.send(end(printer))
    return "" if before is None else _wait(talk, printer, print_time_s(image.height()))


def _wait(talk: Talk, printer: ReceiptPrinter, usual_s: float) -> str:
    """Wait until the slip is out; where no answer comes in turn, for the time that a slip takes."""
    talk.ask_in_turn()
    began = heard = time.monotonic()
    while talk.turns < 2:
        talk.listen(_LOOK_S)
        now = time.monotonic()
        if talk.turns == 0 and now - began > usual_s:
            break
        if now - began > LONGEST_S:
            _clear(talk)
            raise refused(printer, TOO_SLOW)
        if talk.turns < 2 and _stop_on_trouble(talk, printer):
            heard = time.monotonic()
        elif now - heard > BUSY_S:
            raise refused(printer, OFFLINE)
    after = talk.status()
    # It is out: what is wrong from now on is the next slip's trouble.
    return after.cause or after.warning if after is not None else ""


def _stop_on_trouble(talk: Talk, printer: ReceiptPrinter) -> bool:
    """Return whether the printer says that all is well; raises its trouble, and what it still holds is thrown away."""
    status = talk.status(BETWEEN_S)
    if status is not None and status.cause:
        _clear(talk)
        raise refused(printer, status.cause)
    return status is not None


def _clear(talk: Talk) -> None:
    with suppress(OSError):
        talk.send(CLEAR)
