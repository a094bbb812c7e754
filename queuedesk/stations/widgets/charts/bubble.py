"""What a point of a chart says, in a small bubble beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QWidget

from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.widgets.text import wrap
from queuedesk.stations.window.style import Look

PX, LINE, PAD, GAP, WIDEST = 15, 22, 12, 8, 420
MOST_LINES = 4


class Bubble(QWidget):
    """One per window, never in the way of a pointer; the first line is bold. It follows nothing: say it again after a change."""

    NAME = "chart_bubble"

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName(self.NAME)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._look: Look | None = None
        self._said: tuple[str, ...] = ()
        self._lines: list[tuple[str, bool]] = []
        self._owner: QWidget | None = None
        self.hide()

    @staticmethod
    def of(window: QWidget) -> Bubble:
        """Return the bubble of `window`, made at first use."""
        found = window.findChild(Bubble, Bubble.NAME, Qt.FindChildOption.FindDirectChildrenOnly)
        return found or Bubble(window)

    def text(self) -> str:
        """Return what it says."""
        return "\n".join(self._said)

    def say(self, owner: QWidget, look: Look, said: Sequence[str], beside: QRect) -> None:
        """Say `said` beside the part `beside` of `owner`: above it, or where that has no room below."""
        self._owner, self._look, self._said = owner, look, tuple(said)
        room = look.px(WIDEST) - 2 * look.px(PAD)
        self._lines = [
            (line, n == 0) for n, text in enumerate(said) for line in wrap(self._font(n == 0), text, room, MOST_LINES)
        ]
        wide = max((width_of(self._font(bold), line) for line, bold in self._lines), default=0.0)
        size = QRect(0, 0, round(wide) + 2 * look.px(PAD) + 1, len(self._lines) * look.px(LINE) + 2 * look.px(8))
        window = self.parentWidget()
        assert window is not None
        corner = owner.mapTo(window, beside.topLeft())
        x = corner.x() + (beside.width() - size.width()) // 2
        y = corner.y() - size.height() - look.px(GAP)
        if y < look.px(4):
            y = corner.y() + beside.height() + look.px(GAP)
        x = max(look.px(4), min(x, window.width() - size.width() - look.px(4)))
        y = max(look.px(4), min(y, window.height() - size.height() - look.px(4)))
        self.setGeometry(size.translated(QPoint(x, y)))
        self.show()
        self.raise_()
        self.update()

    def leave(self, owner: QWidget) -> None:
        """Go away, if it is `owner` for whom it speaks."""
        if self._owner is owner:
            self._owner, self._said = None, ()
            self.hide()

    def _font(self, bold: bool) -> QFont:
        assert self._look is not None
        return self._look.font(PX, bold=bold, tabular=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        if look is None:
            return
        painter = Painter(self, look)
        painter.box(QRectF(self.rect()), 8, "toast", edge="on_toast" if look.theme.outlined else "")
        y = float(look.px(8))
        for line, bold in self._lines:
            room = QRectF(look.px(PAD), y, self.width() - 2 * look.px(PAD) + 2, look.px(LINE))
            painter.words_in(line, self._font(bold), "on_toast", room)
            y += look.px(LINE)
