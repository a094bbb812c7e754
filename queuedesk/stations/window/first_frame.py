"""The moment at which a window has shown itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

BEGIN_AT_LATEST_MS = 1000
"""A window that opens minimised or on a locked screen is not painted, and its station works all the same."""

_SHOWN = (QEvent.Type.Expose, QEvent.Type.Paint)


class FirstFrame(QObject):
    """Calls `begin` once `window` has been painted: what loads, reads and writes beside that would only delay it."""

    def __init__(self, window: QWidget, begin: Callable[[], None], latest_ms: int = BEGIN_AT_LATEST_MS) -> None:
        super().__init__(window)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(begin)
        window.winId()
        # The system's window: the widget itself is not painted where a page covers it.
        shown = window.windowHandle()
        shown.installEventFilter(self)
        self._timer.start(0 if shown.isExposed() else latest_ms)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SHOWN:
            watched.removeEventFilter(self)
            if self._timer.isActive():
                self._timer.start(0)
        return False
