"""Ctrl+F9 from any program on Windows: RegisterHotKey. Written by its documentation; not tried on a Windows PC."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication

MOD_CONTROL, MOD_NOREPEAT, VK_F9, WM_HOTKEY, OUR_ID = 0x0002, 0x4000, 0x78, 0x0312, 0x5144


class _Message(ctypes.Structure):
    """The beginning of Windows' MSG."""

    _fields_ = (
        ("window", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("w_param", ctypes.c_size_t),
        ("l_param", ctypes.c_ssize_t),
    )


class _Grab(QAbstractNativeEventFilter):
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


def grab(came: Callable[[], None]) -> _Grab | None:
    """Return the registered key, None where another program has it."""
    user32 = ctypes.WinDLL("user32")  # type: ignore[attr-defined]
    app = QCoreApplication.instance()
    if app is None or not user32.RegisterHotKey(None, OUR_ID, MOD_CONTROL | MOD_NOREPEAT, VK_F9):
        return None
    found = _Grab(user32, came)
    app.installNativeEventFilter(found)
    return found
