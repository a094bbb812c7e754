"""Words as dots: what a row of lamps would show."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from queuedesk.i18n.line_breaks import pieces
from queuedesk.stations.window.fonts import font_of

ARROW = "→"
"""Drawn by us wherever it stands: no font here has one that reads well in dots."""
LIT = 100  # of 255: a letter's edge that covers so much of a dot lights it
MARKS = "，。；！？、,.;!?·"
HANGS = frozenset("gjpqyQ,;()[]")
CHINESE_SHARE, LARGE_SHARE, SMALL_SHARE, ARROW_SHARE = 0.92, 1.16, 0.94, 1.0
_THRESHOLD = bytes(int(grey >= LIT) for grey in range(256))
FINE_ROWS, COARSE_ROWS = 24, 16
LEAST_FINE_COLUMNS = 180


def rows_for(width: float, height: float) -> int:
    """Return how many rows of dots a line has: fine ones where enough words fit, else coarse ones."""
    return FINE_ROWS if width / height * FINE_ROWS >= LEAST_FINE_COLUMNS else COARSE_ROWS


def dots_of(text: str, rows: int, columns: int) -> list[bytes]:
    """Return `text` as `rows` rows of dots, as wide as it is: 1 for a dot that is lit, else 0. It is as large as fits
    `columns`."""
    small = _is_small(text, rows, columns)
    width = max(1, round(_width(text, rows, small=small)))
    image = QImage(width, rows, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor("white"))
    x = 0.0
    for run, px in _runs(text, rows, small=small):
        if run == ARROW:
            _draw_arrow(painter, x, rows)
        else:
            painter.setFont(font_of(px, bold=True))
            painter.drawText(QPointF(round(x), _baseline(rows, small=small)), run)
        x += _run_width(run, px, rows)
    painter.end()
    greys, step = bytes(image.constBits()), image.bytesPerLine()
    return [greys[y * step : y * step + width].translate(_THRESHOLD) for y in range(rows)]


def width_of(text: str, rows: int, columns: int) -> float:
    """Return how many dots wide `text` is where it has `columns`."""
    return _width(text, rows, small=_is_small(text, rows, columns))


def _width(text: str, rows: int, *, small: bool) -> float:
    return sum(_run_width(run, px, rows) for run, px in _runs(text, rows, small=small))


def _is_small(text: str, rows: int, columns: int) -> bool:
    """Return whether letters are no higher than they are in a line of text: some hang below it, or it would not fit."""
    hangs = any(sign in HANGS for sign in text) and any(not _is_wide(sign) for sign in text)
    return hangs or _width(text, rows, small=False) > columns


def pages_of(text: str, rows: int, columns: int) -> list[str]:
    """Return `text` in steps that each fit the line: at an arrow, else after a comma in a step's second half, else
    between words."""
    if width_of(text, rows, columns) <= columns:
        return [text]
    if ARROW in text:
        return [page for part in text.split(ARROW) for page in pages_of(part.strip(), rows, columns)]
    pages: list[str] = []
    page = ""
    for piece in pieces(text):
        if page and width_of((page + piece).strip(), rows, columns) > columns:
            cut = max((page.rstrip().rfind(mark) for mark in MARKS), default=-1) + 1
            if cut <= len(page) / 2:
                cut = len(page)
            pages.append(page[:cut].strip())
            page = page[cut:].lstrip()
        page += piece
    return [*pages, page.strip()] if page.strip() else pages or [""]


def _runs(text: str, rows: int, *, small: bool) -> Iterator[tuple[str, float]]:
    """Give the parts of `text` that share a font: numbers and capitals as high as Chinese signs, unless they are to be
    `small`."""
    latin = rows * (SMALL_SHARE if small else LARGE_SHARE)
    run = ""
    for sign in text:
        if run and (ARROW in (sign, run) or _is_wide(sign) != _is_wide(run[0])):
            yield run, rows * CHINESE_SHARE if _is_wide(run[0]) else latin
            run = ""
        run += sign
    if run:
        yield run, rows * CHINESE_SHARE if _is_wide(run[0]) else latin


def _is_wide(sign: str) -> bool:
    return sign > "\u2e7f"


def _baseline(rows: int, *, small: bool) -> float:
    """Return the line on which letters stand: lower where none hangs below it."""
    return round(rows * (0.79 if small else 0.88))


def _run_width(run: str, px: float, rows: int) -> float:
    if run == ARROW:
        return rows * ARROW_SHARE
    return QFontMetricsF(font_of(px, bold=True)).horizontalAdvance(run)


def _draw_arrow(painter: QPainter, x: float, rows: int) -> None:
    middle, long = rows / 2, rows * 0.8 * ARROW_SHARE
    start, tip, wing = x + rows * 0.1, x + rows * 0.1 + long, rows * 0.27
    painter.save()
    painter.setPen(QPen(QColor("white"), rows * 0.14, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(QPointF(start, middle), QPointF(tip - wing, middle))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("white"))
    corners = [QPointF(tip, middle), QPointF(tip - wing * 1.3, middle - wing), QPointF(tip - wing * 1.3, middle + wing)]
    painter.drawPolygon(QPolygonF(corners))
    painter.restore()
