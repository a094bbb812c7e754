"""Ctrl+F9 from any program on X11: XGrabKey on a connection of its own, so that Qt's events stay as they are."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSocketNotifier

F9 = 0xFFC6  # XK_F9
LOCK, CONTROL, NUM_LOCK = 1 << 1, 1 << 2, 1 << 4
KEY_PRESS, ASYNC, EVENT_BYTES = 2, 1, 192
_OnError = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


class _Grab:
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


def grab(came: Callable[[], None]) -> _Grab | None:
    """Return the grabbed key, None where another program has it or there is no X library."""
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
    return _Grab(x11, display, root, keycode, came)


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
