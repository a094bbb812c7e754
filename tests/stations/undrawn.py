"""Windows that are drawn only by those who look at them: a test presses far more often than it looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from tests.every_day import SEES_ALL


class _Undrawn(QObject):
    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        return event.type() == QEvent.Type.UpdateRequest


@contextmanager
def undrawn(window: QWidget) -> Iterator[None]:
    """Let a window that is shown meanwhile be drawn when somebody looks at it (grab), neither when it comes nor with
    each change; where all is looked at, as on a real screen."""
    if SEES_ALL:
        yield
        return
    window.installEventFilter(_Undrawn(window))
    window.setUpdatesEnabled(False)
    yield
    window.setUpdatesEnabled(True)
