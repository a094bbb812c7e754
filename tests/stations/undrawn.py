"""Windows that are drawn by those who look at them: a test presses far more often than it looks."""

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


def leave_undrawn(window: QWidget) -> None:
    """Let a window be drawn when somebody looks at it (grab) and when it is closed; where all is looked at, always."""
    if not SEES_ALL:
        window.installEventFilter(_Undrawn(window))


@contextmanager
def undrawn(window: QWidget) -> Iterator[None]:
    """Leave a window undrawn that is shown meanwhile, when it comes too."""
    leave_undrawn(window)
    window.setUpdatesEnabled(SEES_ALL)
    yield
    window.setUpdatesEnabled(True)
