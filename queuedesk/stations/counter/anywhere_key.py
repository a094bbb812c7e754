"""Ctrl+F9 from any program: X11 and Windows are asked for the key; elsewhere there is none."""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Protocol

from PySide6.QtCore import (
    QAbstractNativeEventFilter,
    QByteArray,
    QCoreApplication,
    QElapsedTimer,
    QObject,
    QSocketNotifier,
    Signal,
)
from PySide6.QtGui import QGuiApplication

# -- X11: XGrabKey on a connection of its own, so that Qt's events stay as they are --------------------------------

F9 = 0xFFC6  # XK_F9
LOCK, CONTROL, NUM_LOCK = 1 << 1, 1 << 2, 1 << 4
KEY_PRESS, ASYNC, EVENT_BYTES = 2, 1, 192
_OnError = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


class _X11Grab:
    """The key, until it is released."""

    def __init__(self, x11: Any, display: int, root: int, keycode: int, came: Callable[[], None]) -> None:
        self._x11, self._display, self._root, self._keycode, self._came = x11, display, root, keycode, came
        self._notifier = QSocketNotifier(x11.XConnectionNumber(display), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._read)

    def _read(self) -> None:
        event = ctypes.create_string_buffer(EVENT_BYTES)
        while self._x11.XPending(self._display):
            self._x11.XNextEvent(self._display, event)
            if ctypes.c_int.from_buffer(event).value == KEY_PRESS:
                self._came()

    def release(self) -> None:
        """Give the key back and hang up."""
        self._notifier.setEnabled(False)
        for locks in _locks():
            self._x11.XUngrabKey(self._display, self._keycode, CONTROL | locks, self._root)
        self._x11.XCloseDisplay(self._display)


def grab_on_x11(came: Callable[[], None]) -> _X11Grab | None:
    """Return the grabbed key, None if another program has it or there is no X library."""
    x11 = _library()
    display = x11.XOpenDisplay(None) if x11 is not None else None
    if x11 is None or not display:
        return None
    root, keycode = x11.XDefaultRootWindow(display), x11.XKeysymToKeycode(display, F9)
    refused: list[bool] = []

    def note(_display: int, _event: int) -> int:
        refused.append(True)
        return 0

    # Without a handler of ours a key that is taken would end the process.
    handler = _OnError(note)
    before = x11.XSetErrorHandler(handler)
    for locks in _locks():
        x11.XGrabKey(display, keycode, CONTROL | locks, root, False, ASYNC, ASYNC)
    x11.XSync(display, False)
    x11.XSetErrorHandler(ctypes.cast(before, _OnError) if before else _OnError())
    if refused or not keycode:
        x11.XCloseDisplay(display)
        return None
    return _X11Grab(x11, display, root, keycode, came)


def _locks() -> tuple[int, ...]:
    """Return the lock keys' states in which the key has to be asked for apart."""
    return (0, LOCK, NUM_LOCK, LOCK | NUM_LOCK)


def _library() -> Any:
    name = ctypes.util.find_library("X11") or "libX11.so.6"
    try:
        x11 = ctypes.CDLL(name)
    except OSError:
        return None
    pointer, number = ctypes.c_void_p, ctypes.c_int
    x11.XOpenDisplay.restype, x11.XOpenDisplay.argtypes = pointer, [ctypes.c_char_p]
    x11.XDefaultRootWindow.restype, x11.XDefaultRootWindow.argtypes = ctypes.c_ulong, [pointer]
    x11.XKeysymToKeycode.restype, x11.XKeysymToKeycode.argtypes = ctypes.c_ubyte, [pointer, ctypes.c_ulong]
    x11.XGrabKey.argtypes = [pointer, number, ctypes.c_uint, ctypes.c_ulong, number, number, number]
    x11.XUngrabKey.argtypes = [pointer, number, ctypes.c_uint, ctypes.c_ulong]
    x11.XConnectionNumber.argtypes = x11.XPending.argtypes = x11.XCloseDisplay.argtypes = [pointer]
    x11.XNextEvent.argtypes = [pointer, pointer]
    x11.XSync.argtypes = [pointer, number]
    x11.XSetErrorHandler.restype, x11.XSetErrorHandler.argtypes = pointer, [_OnError]
    return x11


# -- Windows: RegisterHotKey, written by its documentation and not tried on a Windows PC ---------------------------

MOD_CONTROL, MOD_NOREPEAT, VK_F9, WM_HOTKEY, OUR_ID = 0x0002, 0x4000, 0x78, 0x0312, 0x5144


class _Message(ctypes.Structure):
    """The beginning of Windows' MSG."""

    _fields_ = (
        ("window", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("w_param", ctypes.c_size_t),
        ("l_param", ctypes.c_ssize_t),
    )


class _WindowsGrab(QAbstractNativeEventFilter):
    """The key, until it is released."""

    def __init__(self, user32: Any, came: Callable[[], None]) -> None:
        super().__init__()
        self._user32, self._came = user32, came

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, address: int) -> object:
        message = _Message.from_address(int(address))
        if message.message == WM_HOTKEY and message.w_param == OUR_ID:
            self._came()
        return False, 0

    def release(self) -> None:
        """Give the key back."""
        app = QCoreApplication.instance()
        if app is not None:
            app.removeNativeEventFilter(self)
        self._user32.UnregisterHotKey(None, OUR_ID)


def grab_on_windows(came: Callable[[], None]) -> _WindowsGrab | None:
    """Return the registered key, None if another program has it."""
    user32 = ctypes.WinDLL("user32")  # type: ignore[attr-defined]
    app = QCoreApplication.instance()
    if app is None or not user32.RegisterHotKey(None, OUR_ID, MOD_CONTROL | MOD_NOREPEAT, VK_F9):
        return None
    found = _WindowsGrab(user32, came)
    app.installNativeEventFilter(found)
    return found


# -- either --------------------------------------------------------------------------------------------------------

AGAIN_MS = 600  # a held key repeats faster


class KeyState(StrEnum):
    """Whether the key works in any program."""

    OURS = "ours"
    TAKEN = "taken"
    NOT_HERE = "not_here"


class Grab(Protocol):
    """A key that the system delivers from any program until `release`."""

    def release(self) -> None: ...


class AnywhereKey(QObject):
    """`pressed` is emitted for Ctrl+F9 in any program between `take` and `release`; `state` says whether the system
    granted the key."""

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
        return grab_on_x11
    if platform == "windows" and sys.platform == "win32":
        return grab_on_windows
    return None
