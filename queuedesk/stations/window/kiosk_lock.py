"""Full screens that a passer-by can't leave: every way out asks for a manager's PIN, where one has a PIN."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.lock import Lock
from queuedesk.stations.window.pin_strip import PinStrip

GUARDED = frozenset({"display", "plate", "line", "rating"})
"""Stations whose window guards their page; the kiosk asks for the PIN on its own pages."""
ASKED_MS = 20_000
"""A question that nobody answers goes: a child at the keyboard asked it."""
GRANTED_MS = 30_000
"""What a manager has unlocked is locked again after that."""
LOOK_AGAIN_TICKS = 60

_FUNCTION_KEYS = frozenset(Qt.Key(Qt.Key.Key_F1.value + n) for n in range(12))
_LEAVING = frozenset({Qt.Key.Key_Q, Qt.Key.Key_W})


class Guard(QObject):
    """Guards one window. `locked` when what was unlocked is locked again."""

    locked = Signal()

    def __init__(self, context: StationContext, window: QWidget) -> None:
        super().__init__(window)
        self.lock = Lock(context, self)
        self.strip = PinStrip(window, self.lock)
        self._ticks = 0
        self._asked, self._granted = QTimer(self), QTimer(self)
        for timer, after_ms in ((self._asked, ASKED_MS), (self._granted, GRANTED_MS)):
            timer.setSingleShot(True)
            timer.setInterval(after_ms)
        self._asked.timeout.connect(self.lock.forget)
        self._granted.timeout.connect(self._lock_again)
        self.lock.changed.connect(self._asked.start)

    def is_open(self) -> bool:
        """Whether whoever is here may leave now."""
        return self.lock.is_open()

    def opens(self, go: Callable[[], None]) -> bool:
        """Return whether the way is open; else ask for a PIN and do `go` after it."""
        if self.lock.is_open():
            return True

        def granted() -> None:
            self._granted.start()
            go()

        self.lock.opens(granted)
        self.lock.changed.emit()
        return False

    def takes(self, event: QKeyEvent, menu: Callable[[], None]) -> bool:
        """Take a key that might lead out: it asks for the PIN, and where there is none to ask for, shows the menu."""
        key = event.key()
        leaving = key in _LEAVING and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.isAutoRepeat() or not (key == Qt.Key.Key_Escape or key in _FUNCTION_KEYS or leaving):
            return False
        if self.opens(menu) and key in (Qt.Key.Key_Escape, Qt.Key.Key_F10):
            menu()
        return True

    def tick(self) -> None:
        """Look once a minute whether a manager has a PIN by now."""
        self._ticks += 1
        if self._ticks % LOOK_AGAIN_TICKS == 0:
            self.lock.look()

    def retranslate(self) -> None:
        """Set every text anew."""
        self.strip.refresh()

    def stop(self) -> None:
        """End what waits."""
        self._asked.stop()
        self._granted.stop()

    def _lock_again(self) -> None:
        self.lock.forget()
        self.locked.emit()
