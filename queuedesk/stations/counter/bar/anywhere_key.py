"""Ctrl+F9 from any program: on X11 and Windows the system is asked for the key, elsewhere there is none."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from PySide6.QtCore import QElapsedTimer, QObject, Signal
from PySide6.QtGui import QGuiApplication

AGAIN_MS = 600  # a held key repeats faster


class KeyState(StrEnum):
    """Whether the key works from any program."""

    OURS = "ours"
    TAKEN = "taken"
    NOT_HERE = "not_here"


class Grab(Protocol):
    """A key that the system brings from any program until `release`."""

    def release(self) -> None: ...


class AnywhereKey(QObject):
    """`pressed` comes for Ctrl+F9 in any program between `take` and `release`; `state` says whether the system gave the
    key."""

    pressed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = KeyState.NOT_HERE
        self._grab: Grab | None = None
        self._since = QElapsedTimer()

    def take(self) -> KeyState:
        """Ask for the key; a second time changes nothing."""
        if self._grab is not None:
            return self.state
        make = _maker()
        self._grab = make(self._came) if make is not None else None
        self.state = KeyState.OURS if self._grab else KeyState.TAKEN if make is not None else KeyState.NOT_HERE
        return self.state

    def release(self) -> None:
        """Give the key back."""
        if self._grab is not None:
            self._grab.release()
            self._grab = None

    def _came(self) -> None:
        held = self._since.isValid() and self._since.elapsed() < AGAIN_MS
        self._since.start()
        if not held:
            self.pressed.emit()


def _maker() -> Callable[[Callable[[], None]], Grab | None] | None:
    """Return what asks this system for the key, None where no program can."""
    platform = QGuiApplication.platformName()
    if platform == "xcb":
        from queuedesk.stations.counter.bar import x11_key

        return x11_key.grab
    if platform == "windows" and sys.platform == "win32":
        from queuedesk.stations.counter.bar import windows_key

        return windows_key.grab
    return None
