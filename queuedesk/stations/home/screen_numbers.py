"""Each screen shows its number for a moment, large, so that a person sees which is which."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QPaintEvent, QScreen
from PySide6.QtWidgets import QWidget

from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.window.fonts import font_of
from queuedesk.stations.window.style import HALL, Look

SHOWN_MS = 4000
SHARE = 0.35
"""Of a screen's shorter side."""


class _Number(QWidget):
    def __init__(self, number: int, screen: QScreen) -> None:
        flags = Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.ToolTip
        super().__init__(None, flags)
        self._look, self._number = Look(HALL), number
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAccessibleName(str(number))
        whole = screen.geometry()
        side = round(min(whole.width(), whole.height()) * SHARE)
        self.setScreen(screen)
        self.setGeometry(whole.center().x() - side // 2, whole.center().y() - side // 2, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = Painter(self, self._look)
        painter.fillRect(self.rect(), self._look.color("surface"))
        painter.setFont(font_of(self.height() * 0.7, bold=True))
        painter.setPen(self._look.color("ink"))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, str(self._number))


class ScreenNumbers(QObject):
    """Shows the numbers of `screens`, in their order, and takes them away again."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._shown: list[_Number] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.hide)

    def show(self, screens: Sequence[QScreen]) -> None:
        """Show them for a few seconds."""
        self.hide()
        self._shown = [_Number(n, one) for n, one in enumerate(screens, start=1)]
        for each in self._shown:
            each.show()
        self._timer.start()

    def hide(self) -> None:
        """Take them away now."""
        self._timer.stop()
        while self._shown:
            gone = self._shown.pop()
            gone.hide()
            gone.deleteLater()
