"""A bar that fills."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.widgets.spoken import TEXT
from queuedesk.stations.window.style import Look


class ProgressBar(Follows, QWidget):
    """Time used against the service's target, which is written at the bar's end; red with a clock when over."""

    spoken_role = TEXT

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self._share, self._end, self._late = 0.0, "", False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_progress(self, share: float, end: str, *, late: bool = False) -> None:
        """Fill `share` of the bar (over 1 fills it) and write `end` under its end."""
        self._share, self._end, self._late = share, end, late
        self.setAccessibleName(end)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(400), self.look.px(42))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(120), self.look.px(42))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        high = look.px(10)
        track = QRectF(0, 0, self.width(), high)
        outlined = look.theme.outlined
        painter.box(track, 5, "sunken", edge="edge" if outlined else "")
        token = "red" if self._late else "primary"
        width = max(high, min(1.0, self._share) * self.width()) if self._share > 0 else 0
        if width:
            painter.box(QRectF(0, 0, width, high), 5, token)
        text_token = "red" if self._late else "ink2"
        font = look.font(16, bold=self._late)
        row = QRectF(0, high + look.px(6), self.width(), look.px(26))
        painter.words_in(self._end, font, text_token, row, Qt.AlignmentFlag.AlignRight)
        if self._late:
            left = row.right() - width_of(font, self._end) - look.px(22)
            painter.icon("clock", "red", left, row.center().y() - look.px(16) / 2, 16)
