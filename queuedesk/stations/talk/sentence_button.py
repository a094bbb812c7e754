"""A ready sentence that one press sends: its digit and its words, in as many lines as they need."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent

from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.paint import CapStyle, Painter
from queuedesk.stations.widgets.text import wrap
from queuedesk.stations.window.style import Look

PX, CAP, LEFT, GAP, HEIGHT, MOST_LINES = 17, 28, 14, 14, 60, 3


class SentenceButton(SecondaryButton):
    """Says a whole sentence; `digit` is the key that presses it, "" where it has none."""

    def __init__(self, look: Look, text: str, digit: str = "", *, danger: bool = False) -> None:
        super().__init__(look, text, height=HEIGHT, px=PX, align="left")
        self._digit = digit
        if danger:
            self.edge = "red"

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(240), self.look.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(200), self.look.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        fill, edge, ink = self.colors()
        rect = QRectF(self.rect())
        painter.box(rect, self.radius, fill, edge=edge, width=2 if edge == "red" else 1, dashed=not self.isEnabled())
        left, side = look.px(LEFT), look.px(CAP)
        if self._digit:
            place = QRectF(left, round((self.height() - side) / 2), side, side)
            painter.key_cap(place, self._digit, CapStyle(px=15))
            left += side + look.px(GAP)
        room = self.width() - left - look.px(LEFT)
        px, lines = PX, wrap(look.font(PX, bold=True), self.text(), room, MOST_LINES)
        if len(lines) > 2:
            px = 15
            lines = wrap(look.font(px, bold=True), self.text(), room, 2)
        high = look.px(px * 1.4)
        y = (self.height() - high * len(lines)) / 2
        for line in lines:
            painter.words_in(line, look.font(px, bold=True), ink, QRectF(left, y, room, high))
            y += high
