"""Keeps the PC and its screen awake while a station fills the screen."""

from __future__ import annotations

import ctypes
import ctypes.util
import logging
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer

RESET_MS = 30_000
"""Far below the shortest time after which a screen goes dark by choice: one minute."""
REASON = "Calls of the hall are shown here"
_ES_CONTINUOUS, _ES_SYSTEM_REQUIRED, _ES_DISPLAY_REQUIRED = 0x80000000, 0x1, 0x2
_SCREEN_SAVER_RESET = 0


class Hold(Protocol):
    """One way to keep the screen on. What it takes is given back by `let_go`, and by the system when this process
    dies."""

    def take(self) -> bool:
        """Begin; return whether the system lets it."""
        ...

    def again(self) -> None:
        """Do what has to be done from time to time."""
        ...

    def let_go(self) -> None:
        """Give it back."""
        ...


class Awake(QObject):
    """Holds this PC awake in every way that its system knows. `start` and `stop` are for the GUI thread."""

    def __init__(self, holds: list[Hold] | None = None) -> None:
        super().__init__()
        self._ways = holds if holds is not None else ways()
        self._held: list[Hold] = []
        self._timer = QTimer(self)
        self._timer.setInterval(RESET_MS)
        self._timer.timeout.connect(self._again)

    @property
    def held(self) -> list[str]:
        """The names of the ways that hold."""
        return [type(hold).__name__ for hold in self._held]

    def start(self) -> None:
        """Let the screen stay on from now on."""
        if not self._held:
            self._held = [hold for hold in self._ways if hold.take()]
            logging.getLogger("queuedesk").info("kept awake by %s", ", ".join(self.held) or "nothing")
            self._timer.start()

    def stop(self) -> None:
        """Let the PC do what its owner has set."""
        self._timer.stop()
        while self._held:
            self._held.pop().let_go()

    def _again(self) -> None:
        for hold in self._held:
            hold.again()


def ways(platform: str = sys.platform) -> list[Hold]:
    """Return the ways of a system."""
    if platform == "win32":
        return [WindowsHold()]
    if platform == "darwin":
        return [ChildHold(["caffeinate", "-d", "-i", "-w", str(os.getpid())])]
    inhibit = ["systemd-inhibit", "--what=idle:sleep:handle-lid-switch", "--who=QueueDesk", f"--why={REASON}"]
    # `cat` ends with the pipe to it: also when this process is killed.
    return [SessionHold(), XHold(), ChildHold([*inhibit, "--mode=block", "cat"])]


class WindowsHold:
    """Tells Windows that this thread needs the display and the system."""

    def take(self) -> bool:
        return self._set(_ES_CONTINUOUS | _ES_SYSTEM_REQUIRED | _ES_DISPLAY_REQUIRED)

    def again(self) -> None:
        """It holds until it is given back or the thread ends."""

    def let_go(self) -> None:
        self._set(_ES_CONTINUOUS)

    @staticmethod
    def _set(state: int) -> bool:
        windll: Any = getattr(ctypes, "windll", None)
        return windll is not None and bool(windll.kernel32.SetThreadExecutionState(ctypes.c_uint(state)))


class ChildHold:
    """A program of the system that holds for as long as it runs, or as its standard input is open."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._child: subprocess.Popen[bytes] | None = None

    def take(self) -> bool:
        if shutil.which(self._command[0]) is None:
            return False
        try:
            self._child = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except OSError:
            return False
        try:
            # Without a log-in manager it says no and ends at once.
            self._child.wait(0.2)
        except subprocess.TimeoutExpired:
            return True
        self.let_go()
        return False

    def again(self) -> None:
        """It holds for as long as it runs."""

    def let_go(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        if child.stdin is not None:
            child.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            child.wait(0.5)
        if child.poll() is None:
            child.kill()
            child.wait()


class SessionHold:
    """Asks the desktop session not to save the screen; the session forgets it when its line to us ends."""

    _NAME, _PATH, _LINE = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "queuedesk-awake"
    _WAIT_MS = 1000

    def take(self) -> bool:
        if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
            return False
        from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage

        line = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, self._LINE)
        asked = QDBusMessage.createMethodCall(self._NAME, self._PATH, self._NAME, "Inhibit")
        asked.setArguments(["QueueDesk", REASON])
        if line.isConnected():
            said = line.call(asked, QDBus.CallMode.Block, self._WAIT_MS)
            if said.type() == QDBusMessage.MessageType.ReplyMessage:
                return True
        self.let_go()
        return False

    def again(self) -> None:
        """It holds until it is given back."""

    def let_go(self) -> None:
        from PySide6.QtDBus import QDBusConnection

        QDBusConnection.disconnectFromBus(self._LINE)


class XHold:
    """Tells an X server again and again that somebody is there: nothing is switched off, so nothing has to be put
    back."""

    def __init__(self) -> None:
        self._library: Any = None
        self._line: int | None = None

    def take(self) -> bool:
        if not os.environ.get("DISPLAY"):
            return False
        name = ctypes.util.find_library("X11") or "libX11.so.6"
        try:
            library = ctypes.CDLL(name)
        except OSError:
            return False
        library.XOpenDisplay.restype = ctypes.c_void_p
        library.XForceScreenSaver.argtypes = [ctypes.c_void_p, ctypes.c_int]
        library.XFlush.argtypes = library.XCloseDisplay.argtypes = [ctypes.c_void_p]
        self._library, self._line = library, library.XOpenDisplay(None)
        if self._line is None:
            return False
        self.again()
        return True

    def again(self) -> None:
        if self._line is not None:
            self._library.XForceScreenSaver(self._line, _SCREEN_SAVER_RESET)
            self._library.XFlush(self._line)

    def let_go(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            self._library.XCloseDisplay(line)
