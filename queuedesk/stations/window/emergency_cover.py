"""An emergency over a screen that customers use: nothing below it can be touched until somebody has ended it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QWidget

from queuedesk.i18n.queue.display_words import EmergencyText
from queuedesk.stations.display.emergency_painting import paint_emergency_page
from queuedesk.stations.widgets.paint import FocusMemory, Painter, announce_to_screen_reader
from queuedesk.stations.window.style import HALL, Look


class EmergencyCover(QWidget):
    """Covers `host` during an emergency, takes its touches and keys, and restores the focus afterwards."""

    spoken_role = QAccessible.Role.AlertMessage

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._look = Look(HALL, parent=self)
        self._before = FocusMemory(self)
        self.said: EmergencyText | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        host.installEventFilter(self)
        self.hide()

    def show_emergency(self, said: EmergencyText | None) -> bool:
        """Show this emergency, None removes it; return whether it has changed."""
        if said == self.said:
            return False
        fresh, self.said = said is not None, said
        if said is None:
            self.hide()
            self._before.restore_focus()
            return False
        self.setAccessibleName(" ".join(filter(None, (said.head, said.text, said.second))))
        if self.isHidden():
            self._before.remember_focus()
            self.setGeometry(self._host.rect())
            self.show()
        self.raise_()
        self.setFocus()
        self.update()
        announce_to_screen_reader(self, said.head, said.text, said.second)
        return fresh

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._host.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.said is None:
            return
        painter = Painter(self, self._look)
        # Painted as for a screen 1080 high or wide, whatever the screen is.
        k = min(self.width(), self.height()) / 1080
        painter.scale(k, k)
        paint_emergency_page(painter, QRectF(0, 0, self.width() / k, self.height() / k), self.said)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()

    def focusNextPrevChild(self, next_: bool) -> bool:
        return True  # nothing below it is reached by Tab

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # What leads out is the window's: it asks for a manager's PIN.
        event.setAccepted(event.key() != Qt.Key.Key_Escape)
