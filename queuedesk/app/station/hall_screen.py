"""A window that fills one screen of this PC: on its own monitor, above everything, awake, without a pointer."""

from __future__ import annotations

import ctypes
import ctypes.util
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from secrets import token_hex
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk.app.station import screens
from queuedesk.stations.widgets.panels import repeating_timer, screen_under_widget
from queuedesk.stations.window.first_frame import AfterFirstPaint

# -- keeping the PC and its screen awake ---------------------------------------------------------------------------

RESET_MS = 30_000
"""Far below the shortest time after which a screen goes dark by choice: one minute."""
REASON = "Calls of the hall are shown here"
_ES_CONTINUOUS, _ES_SYSTEM_REQUIRED, _ES_DISPLAY_REQUIRED = 0x80000000, 0x1, 0x2
_SCREEN_SAVER_RESET = 0


class AwakeHold(Protocol):
    """One way to keep the screen on. It is undone by `let_go`, and by the system when this process dies."""

    def try_keep_awake(self) -> bool:
        """Start; return whether the system allows it."""

    def renew_hold(self) -> None:
        """Renew it, if it has to be renewed from time to time."""

    def release_hold(self) -> None:
        """Undo it."""


class PcAwakeKeeper(QObject):
    """Keeps this PC awake in every way that its system offers. `start` and `stop` are for the GUI thread."""

    def __init__(self, holds: list[AwakeHold] | None = None) -> None:
        super().__init__()
        self._ways = holds if holds is not None else keep_awake_methods()
        self._held: list[AwakeHold] = []
        self._timer = repeating_timer(self, RESET_MS, self._renew_awake_holds)

    @property
    def names_of_holds(self) -> list[str]:
        return [type(hold).__name__ for hold in self._held]

    def start(self) -> None:
        if not self._held:
            self._held = [hold for hold in self._ways if hold.try_keep_awake()]
            logging.getLogger("queuedesk").info("kept awake by %s", ", ".join(self.names_of_holds) or "nothing")
            self._timer.start()

    def stop(self) -> None:
        """Let the PC follow its owner's settings again."""
        self._timer.stop()
        while self._held:
            self._held.pop().release_hold()

    def _renew_awake_holds(self) -> None:
        for hold in self._held:
            hold.renew_hold()


def keep_awake_methods(platform: str = sys.platform) -> list[AwakeHold]:
    if platform == "win32":
        return [WindowsAwakeHold()]
    if platform == "darwin":
        return [ChildProcessAwakeHold(["caffeinate", "-d", "-i", "-w", str(os.getpid())])]
    inhibit = ["systemd-inhibit", "--what=idle:sleep:handle-lid-switch", "--who=QueueDesk", f"--why={REASON}"]
    # `cat` ends with the pipe to it: also when this process is killed.
    return [SessionAwakeHold(), X11AwakeHold(), ChildProcessAwakeHold([*inhibit, "--mode=block", "cat"])]


class WindowsAwakeHold:
    """Tells Windows that this thread needs the display and the system."""

    def try_keep_awake(self) -> bool:
        return self._try_to_set_execution_state(_ES_CONTINUOUS | _ES_SYSTEM_REQUIRED | _ES_DISPLAY_REQUIRED)

    def renew_hold(self) -> None:
        """Do nothing: it lasts until it is undone or the thread ends."""

    def release_hold(self) -> None:
        self._try_to_set_execution_state(_ES_CONTINUOUS)

    @staticmethod
    def _try_to_set_execution_state(state: int) -> bool:
        windll: Any = getattr(ctypes, "windll", None)
        return windll is not None and bool(windll.kernel32.SetThreadExecutionState(ctypes.c_uint(state)))


class ChildProcessAwakeHold:
    """A program of the system that keeps the screen on for as long as it runs, or as its standard input is open."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._child: subprocess.Popen[bytes] | None = None

    def try_keep_awake(self) -> bool:
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
        self.release_hold()
        return False

    def renew_hold(self) -> None:
        """Do nothing: it lasts as long as the program runs."""

    def release_hold(self) -> None:
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


class SessionAwakeHold:
    """Asks the desktop session not to start the screen saver; the session forgets it when our connection ends."""

    _NAME, _PATH, _LINE = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "queuedesk-awake"
    _WAIT_MS = 1000

    def try_keep_awake(self) -> bool:
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
        self.release_hold()
        return False

    def renew_hold(self) -> None:
        """Do nothing: it lasts until it is undone."""

    def release_hold(self) -> None:
        from PySide6.QtDBus import QDBusConnection

        QDBusConnection.disconnectFromBus(self._LINE)


class X11AwakeHold:
    """Keeps an X server from blanking by signs of activity: nothing is switched off, so nothing must be restored."""

    def __init__(self) -> None:
        self._library: Any = None
        self._line: int | None = None

    def try_keep_awake(self) -> bool:
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
        self.renew_hold()
        return True

    def renew_hold(self) -> None:
        if self._line is not None:
            self._library.XForceScreenSaver(self._line, _SCREEN_SAVER_RESET)
            self._library.XFlush(self._line)

    def release_hold(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            self._library.XCloseDisplay(line)


SETTLE_MS = 300
"""Monitors come and go several at a time while the system sorts them."""
TAKE_BACK_MS = 2000
POINTER_MS = 4000
LOOK_MS = 1500
WATCHED = frozenset({"display", "plate", "line"})
"""Stations that people only look at: their window never takes the keyboard from somebody who works at this PC."""
_MOVES = frozenset({QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel})
_TOUCHES = frozenset({QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate})


def set_window_on_top(window: QWidget, station: str) -> None:
    """Let a station's window stand above all others, before it is shown."""
    window.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
    if station in WATCHED and len(screens.screens_left_to_right()) > 1:
        window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)


def show_full_screen_on(window: QWidget, there: QScreen) -> None:
    window.setScreen(there)
    # A window that is on full screen already stays where it is, whatever it is told.
    if window.isFullScreen():
        window.showNormal()
    window.setGeometry(there.geometry())
    window.showFullScreen()


class StationWindowPlacer(QObject):
    """Shows `window` on the screen of that number or name, by default the PC's first. While a named screen is missing
    the window is hidden, as it would cover somebody's work; `missing` is called with True, then False."""

    def __init__(
        self,
        window: QWidget,
        station: str,
        screen: str | None,
        *,
        token: str = "",
        missing: Callable[[bool], None] = lambda _is_missing: None,
        leave: Callable[[], None] = lambda: None,
    ) -> None:
        """`token` is what a named screen was claimed with. `leave` is done when another station was opened on the same
        screen, or none is wanted there any more."""
        super().__init__(window)
        self._window, self._station, self._screen, self._missing = window, station, screen, missing
        self._leave, self._token, self._own = leave, token, token_hex(8)
        self._is_missing: bool | None = None
        self._is_open = False
        self._awake = PcAwakeKeeper()
        self._pointer = IdlePointerHider(self)
        self._settle, self._back, self._look = QTimer(self), QTimer(self), QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._leave_if_screen_taken_by_other)
        for timer, after_ms in ((self._settle, SETTLE_MS), (self._back, TAKE_BACK_MS)):
            timer.setSingleShot(True)
            timer.setInterval(after_ms)
        self._settle.timeout.connect(self.place_on_screen)
        self._back.timeout.connect(self._bring_back_to_front)

    def show_in_place(self) -> None:
        """Show the window, and keep it in its place from now on."""
        window, self._is_open = self._window, True
        set_window_on_top(window, self._station)
        self._application().screenAdded.connect(self._on_screens_changed)
        self._application().screenRemoved.connect(self._on_screens_changed)
        self._application().primaryScreenChanged.connect(self._on_screens_changed)
        for one in screens.screens_left_to_right():
            one.geometryChanged.connect(self._on_screens_changed)
        window.installEventFilter(self)
        self._pointer.start()
        if self._screen is not None:
            self._look.start()
        self.place_on_screen()
        self._tell_stations_which_is_in_front()
        self._back.start()  # The system may have left the keyboard with the window that was there before.
        # Finding out what the system allows takes a fifth of a second.
        AfterFirstPaint(window, self._keep_pc_awake_if_open)

    def place_on_screen(self) -> None:
        there = (
            screens.screen_by_number_or_name(self._screen)
            if self._screen is not None
            else self._application().primaryScreen()
        )
        if there is None:
            self._window.hide()
        elif (
            not self._window.isVisible()
            or screen_under_widget(self._window) is not there
            or not self._is_filling_screen(there)
        ):
            show_full_screen_on(self._window, there)
        if self._is_missing != (there is None):
            self._is_missing = there is None
            # Not before the station has begun: what it tells goes by the name that it takes then.
            QTimer.singleShot(0, self, partial(self._missing, self._is_missing))

    def is_missing(self) -> bool:
        return bool(self._is_missing)

    def is_covering_home_screen(self) -> bool:
        """Whether the window fills the screen on which home opens."""
        return self._window.isVisible() and screen_under_widget(self._window) is self._application().primaryScreen()

    def stop(self) -> None:
        """Let the screen sleep again and show the pointer."""
        self._is_open = False
        for timer in (self._settle, self._back, self._look):
            timer.stop()
        self._pointer.stop()
        self._awake.stop()
        self._window.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._window:
            return False
        if event.type() == QEvent.Type.WindowDeactivate:
            self._back.start()
        elif event.type() == QEvent.Type.WindowActivate:
            self._back.stop()
            self._tell_stations_which_is_in_front()
        return False

    def _tell_stations_which_is_in_front(self) -> None:
        screens.announce_station_in_front(screen_under_widget(self._window), self._own)

    def _keep_pc_awake_if_open(self) -> None:
        if self._is_open:
            self._awake.start()

    def _is_filling_screen(self, there: QScreen) -> bool:
        return self._window.isFullScreen() and self._window.geometry() == there.geometry()

    def _on_screens_changed(self, changed: object = None) -> None:
        if isinstance(changed, QScreen):
            changed.geometryChanged.connect(self._on_screens_changed, Qt.ConnectionType.UniqueConnection)
        # The window before the station's own is still there, closed, and must not come back over it.
        if self._is_open:
            self._settle.start()

    def _bring_back_to_front(self) -> None:
        """Come to the front again, where nobody else works: on a PC with several screens somebody types at another. A
        station that was chosen on the same screen stays there until this one is."""
        window = self._window
        if not screens.is_station_in_front(screen_under_widget(window), self._own):
            return
        is_alone = len(screens.screens_left_to_right()) == 1
        if not window.isVisible() or window.isActiveWindow():
            return
        window.raise_()
        if is_alone and QApplication.activePopupWidget() is None:
            window.activateWindow()
            self._back.start()  # It may be refused, and keys, such as those that lead home, go elsewhere until then.

    def _leave_if_screen_taken_by_other(self) -> None:
        if self._screen is not None and not screens.is_screen_claimed_by(self._screen, self._token):
            self._look.stop()
            self._leave()

    @staticmethod
    def _application() -> QGuiApplication:
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        return app


class IdlePointerHider(QObject):
    """Hides the pointer while nobody moves it, and on touch."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._is_hidden = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(POINTER_MS)
        self._timer.timeout.connect(self._hide_pointer)

    def start(self) -> None:
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        self._hide_pointer()

    def stop(self) -> None:
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self._timer.stop()
        self._restore_hidden_pointer()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _TOUCHES:
            self._hide_pointer()
        elif kind in _MOVES and event.spontaneous():
            self._restore_hidden_pointer()
            self._timer.start()
        return False

    def _hide_pointer(self) -> None:
        if not self._is_hidden:
            self._is_hidden = True
            QApplication.setOverrideCursor(Qt.CursorShape.BlankCursor)

    def _restore_hidden_pointer(self) -> None:
        if self._is_hidden:
            self._is_hidden = False
            QApplication.restoreOverrideCursor()
