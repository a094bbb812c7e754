"""Reports each press on a page for customers once, without the keys of a pad."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QInputEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from queuedesk.stations.widgets.questions.guard import REPEATS, is_act

_TOUCHES = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.TouchBegin})


class Presses(QObject):
    """Tells `pressed` of each press in the window of `page`, and `touched` of every sign that somebody is there."""

    # What Python has let go of may live on in Qt for a while and see every press of the program.
    _page: QWidget | None = None

    def __init__(self, page: QWidget, pressed: Callable[[], None], touched: Callable[[], None] = lambda: None) -> None:
        super().__init__(page)
        self._pressed, self._touched = pressed, touched
        self._last: tuple[QEvent.Type, int] | None = None
        self._page = page
        app = QCoreApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def stop(self) -> None:
        """Hear nothing more."""
        self._page = None
        app = QCoreApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _TOUCHES or self._page is None or not isinstance(watched, QWidget):
            return False
        if watched.window() is not self._page.window():
            return False
        # A press that a widget leaves to the one round it comes here again.
        stamp = (event.type(), cast(QInputEvent, event).timestamp())
        fresh, self._last = stamp != self._last, stamp
        acts = event.type() is QEvent.Type.MouseButtonPress or (isinstance(event, QKeyEvent) and is_act(event))
        self._touched()
        if fresh and acts and not watched.property(REPEATS):
            self._pressed()
        return False
