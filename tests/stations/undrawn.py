"""Windows that are drawn only by those who look at them: a test presses far more often than it looks."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from tests.every_day import SEES_ALL


class _Undrawn(QObject):
    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        return event.type() == QEvent.Type.UpdateRequest


def leave_undrawn(window: QWidget) -> None:
    """Draw a window when it comes and whenever somebody looks at it (grab), not with each change; where all is looked
    at, as on a real screen."""
    if not SEES_ALL:
        window.installEventFilter(_Undrawn(window))
