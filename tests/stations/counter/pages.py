"""The counter's page in its window, and hands that press its keys."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from queuedesk.desk import looking
from queuedesk.stations.counter.station import CounterView, build_station_page
from queuedesk.stations.window.context import StationContext
from tests.hall import Hall
from tests.stations.undrawn import undrawn

Key = Qt.Key


def open_view(context: StationContext, qtbot: QtBot, window: str = "", *, is_followed: bool = True) -> CounterView:
    """Open the counter's page of a window, none chosen yet with "", where the keyboard is; who opens it closes it."""
    context.options = {"window": window}
    context.feed.state = looking.hall_state_now(context.desk, context.clock())
    if is_followed:
        context.feed.start()
    view = build_station_page(context)
    assert isinstance(view, CounterView)
    view.resize(1366, 768)
    with undrawn(view), qtbot.waitExposed(view):
        view.show()
    view.activateWindow()
    return view


@dataclass
class Page:
    view: CounterView
    hall: Hall
    until: Callable[[Callable[[], bool]], None]

    @property
    def focus(self) -> QWidget:
        """What has the keyboard; a platform without screens forgets the active window when a menu closes."""
        return QApplication.focusWidget() or self.view.focusWidget() or self.view

    def press(self, *keys: Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            QTest.keyClick(self.focus, key, modifier)
            self.settle()

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focus, text)

    def click(self, widget: QWidget) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.settle()

    def settle(self) -> None:
        """Wait until the station shows all that is in the log."""
        feed = self.view.context.feed
        QApplication.processEvents()
        self.until(lambda: not self.view.controller.is_busy)
        self.until(lambda: feed.state.now.seq >= self.hall.length())
        QApplication.processEvents()

    @property
    def kinds(self) -> list[str]:
        """The kinds of what happened since the window was opened."""
        return [event.kind for event in self.hall.log() if event.kind not in ("set-up", "open", "issue")]

    @property
    def dialog(self) -> QWidget | None:
        return self.view.asking.dialog

    def says(self) -> str:
        """The sentence beside the primary, "" if none is shown."""
        banner = self.view.stage.banner
        return "" if banner.isHidden() else banner.title()


def click_on(button: Any) -> str:
    text = button.text()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    return text
