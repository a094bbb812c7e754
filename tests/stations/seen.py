"""What a part of a window shows to whoever looks at it, and what it waits for."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget


def texts_of(part: QWidget) -> list[str]:
    """Return the texts of labels and buttons that can be seen within `part`, once it is shown."""
    found = (one for one in part.findChildren(QWidget) if isinstance(one, QLabel | QAbstractButton))
    return [one.text() for one in found if one.isVisibleTo(part) and one.text()]


def timer_of(owner: QObject, interval_ms: int) -> QTimer:
    """Return the timer by which `owner` waits that long."""
    (found,) = (timer for timer in owner.findChildren(QTimer) if timer.interval() == interval_ms)
    return found
