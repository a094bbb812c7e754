"""Windows that are drawn by those who look at them, and as they are left: a test presses far more often than it
looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from tests.every_day import SEES_ALL


class _Undrawn(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Close:  # What the test has come to can be drawn, too.
            cast(QWidget, watched).grab()
        return event.type() == QEvent.Type.UpdateRequest


@contextmanager
def undrawn(window: QWidget) -> Iterator[None]:
    """Let a window that is shown meanwhile be drawn when somebody looks at it (grab) and when it is closed, not when it
    comes nor with each change; where all is looked at, as on a real screen."""
    if SEES_ALL:
        yield
        return
    window.installEventFilter(_Undrawn(window))
    window.setUpdatesEnabled(False)
    yield
    window.setUpdatesEnabled(True)
