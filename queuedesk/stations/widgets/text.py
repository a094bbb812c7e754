"""Fits words: cuts with …, wraps by the rules of Chinese, shrinks a headline."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF

from queuedesk.i18n.line_breaks import pieces
from queuedesk.stations.window.fonts import font_of

ELLIPSIS = "…"


def elide(font: QFont, text: str, width: float) -> str:
    """Return `text`, or its beginning with … where it is wider than `width` pixels."""
    metrics = QFontMetricsF(font)
    if metrics.horizontalAdvance(text) <= width + 0.5:
        return text
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, width))


def wrap(font: QFont, text: str, width: float, max_lines: int = 2) -> list[str]:
    """Return `text` in lines of at most `width` pixels; what does not fit in `max_lines` ends in ….

    A line never starts with closing punctuation nor ends with an opening bracket. A "\\n" always ends a line.
    """
    metrics = QFontMetricsF(font)
    if "\n" not in text and metrics.horizontalAdvance(text) <= width + 0.5:
        return [text.rstrip()]
    lines: list[str] = []
    for paragraph in text.split("\n"):
        current = ""
        for piece in pieces(paragraph):
            if current and metrics.horizontalAdvance((current + piece).rstrip()) > width + 0.5:
                lines.append(current)
                current = piece
            else:
                current += piece
        lines.append(current)
    if len(lines) > max_lines:
        rest = "".join(lines[max_lines - 1 :]).rstrip()
        lines = [*lines[: max_lines - 1], elide(font, rest + ELLIPSIS, width)]
    return [elide(font, line.rstrip(), width) for line in lines]


def fit_px(
    text: str, width: float, px: float, *, bold: bool = False, tabular: bool = False, least: float = 15
) -> float:
    """Return the largest size of at most `px` pixels, and not under `least`, at which `text` is within `width`."""
    size = px
    while size > least:
        used = QFontMetricsF(font_of(size, bold=bold, tabular=tabular)).horizontalAdvance(text)
        if used <= width:
            return size
        size = max(least, min(size - 1, size * width / used))
    return size
