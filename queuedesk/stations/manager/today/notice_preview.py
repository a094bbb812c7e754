"""A notice as the displays will show it: the strip at their foot, small."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.text import fit_px, wrap
from queuedesk.stations.window.style import HALL, Look, Scale

# The strip on the display's canvas, and its two sizes of letters.
WIDTH, HEIGHT, LEFT, RIGHT = 1824, 112, 112, 38
ONE_LINE_PX, LEAST_ONE_LINE_PX, TWO_LINES_PX, LEAST_PX = 42, 36, 34, 30


def lines_of(look: Look, text: str, width: float) -> tuple[float, list[str]]:
    """Return the letter size and the lines in which a display shows a notice of `width`; what has no room ends in
    "…"."""
    px = fit_px(text, width, look.px(ONE_LINE_PX), least=look.px(LEAST_ONE_LINE_PX)) / look.scale.k
    lines = wrap(look.font(px), text, width, 1)
    if lines and lines[0] != text:
        px = TWO_LINES_PX if len(wrap(look.font(TWO_LINES_PX), text, width, 9)) <= 2 else LEAST_PX
        lines = wrap(look.font(px), text, width, 2)
    return px, lines


class NoticePreview(Follows, QWidget):
    """Shows a text in the display's own colours; an empty one shows what stands there instead."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self._text, self._empty = "", ""
        self._hall = Look(HALL, Scale(), self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_texts(self, text: str, empty: str) -> None:
        self._text, self._empty = text, empty
        self.setAccessibleName(text or empty)
        self.update()

    def is_cut(self) -> bool:
        """Whether a display has no room for the end of the text."""
        look = Look(HALL, Scale())
        _px, lines = lines_of(look, self._text, WIDTH - LEFT - RIGHT)
        return bool(lines) and lines[-1].endswith("…") and not self._text.endswith("…")

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(400), self.look.gap(64))

    def paintEvent(self, event: QPaintEvent) -> None:
        k = min(self.width() / WIDTH, self.height() / HEIGHT)
        self._hall.set_scale(Scale(k))
        look, painter = self._hall, Painter(self, self._hall)
        rect = QRectF(self.rect())
        painter.box(rect, 16, "notice")
        side = look.px(46)
        painter.icon("info", "teal", look.px(38), (self.height() - side) / 2, 46)
        left = look.px(LEFT)
        width = self.width() - left - look.px(RIGHT)
        px, lines = lines_of(look, self._text or self._empty, width)
        step = look.px(px * 1.32)
        y = (self.height() - step * len(lines)) / 2
        for line in lines:
            painter.words_in(line, look.font(px), "ink" if self._text else "ink2", QRectF(left, y, width, step))
            y += step
