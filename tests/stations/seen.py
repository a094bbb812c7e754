"""What a part of a window shows to whoever looks at it, and what it waits for."""

from typing import Any, Self

import numpy as np
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget


def texts_of(part: QWidget) -> list[str]:
    """Return the texts of labels and buttons that can be seen within `part`, once it is shown."""
    found = (one for one in part.findChildren(QWidget) if isinstance(one, QLabel | QAbstractButton))
    return [one.text() for one in found if one.isVisibleTo(part) and one.text()]


def timer_of(owner: QObject, interval_ms: int) -> QTimer:
    """Return the timer by which `owner` waits that long."""
    (found,) = (timer for timer in owner.findChildren(QTimer) if timer.interval() == interval_ms)
    return found


def shades(picture: QImage) -> np.ndarray[Any, Any]:
    """Return the colours of a picture as numbers 0xRRGGBB, by row and column."""
    rgb = picture.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(rgb.constBits(), np.uint32).reshape(rgb.height(), rgb.bytesPerLine() // 4)
    return flat[:, : rgb.width()] & 0xFFFFFF


def lightness(colors: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return how light each of such colours is, from 0 to 255, as QColor counts it."""
    parts = np.stack([colors >> 16, colors >> 8 & 0xFF, colors & 0xFF])
    return (parts.max(axis=0) + parts.min(axis=0)) // 2


class LayoutRequests(QObject):
    """Counts how often anything asks to be laid out within a block."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._app, self.count = app, 0

    def __enter__(self) -> Self:
        self._app.installEventFilter(self)
        return self

    def __exit__(self, *_error: object) -> None:
        self._app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False
