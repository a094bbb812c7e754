"""A hall of six windows at ten o'clock, the counter at window 3, and hands that press its keys."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from queuedesk.core.network.roles import Actor, Role
from queuedesk.desk import looking
from queuedesk.stations.counter.controller import CounterController
from queuedesk.stations.counter.station import CounterView, build_station_page
from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext
from queuedesk.stations.window.style import Look
from tests.hall import Hall, hall_of, make_hall
from tests.stations.english import english  # noqa: F401
from tests.stations.pages import close, still_look, undrawn

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


@dataclass
class Counter:
    hall: Hall
    context: StationContext
    controller: CounterController
    refused: list[str]
    asked: list[tuple[str, list[str], Callable[[str], None]]]
    until: Callable[[Callable[[], bool]], None]

    def do(self, act: str, *args: Any, **words: Any) -> None:
        """Do an act of the controller and wait until its outcome is on the screen."""
        getattr(self.controller, act)(*args, **words)
        self.drawn()

    def drawn(self) -> None:
        self.until(lambda: not self.controller.is_busy)

    def follow(self) -> None:
        last = self.hall.length()
        self.until(lambda: self.context.feed.state.now.seq >= last)

    @property
    def kind(self) -> str:
        assert self.controller.scene is not None
        return str(self.controller.scene.kind)

    @property
    def label(self) -> str:
        scene = self.controller.scene
        return scene.ticket.label if scene is not None and scene.ticket is not None else ""

    def log(self, *kinds: str) -> list[Any]:
        return [event for event in self.hall.log() if not kinds or event.kind in kinds]


def with_a_line(folder: Path) -> Hall:
    hall = make_hall(folder, time="10:00")
    hall.play("queue A A B", "open 3 staff=C3")
    return hall


def at_ten(folder: Path) -> Hall:
    return make_hall(folder, time="10:00")


@pytest.fixture
def hall(tmp_path, request) -> Hall:
    """Return the hall at ten: with a line where the counter's page is looked at."""
    return hall_of(request, tmp_path, with_a_line if "page" in request.fixturenames else at_ten)


@pytest.fixture
def look(qapp) -> Look:
    return still_look(qapp)


@pytest.fixture
def context(hall: Hall, look: Look) -> Iterator[StationContext]:
    feed = HallFeed(hall.desk, hall.clock)
    yield StationContext(hall.desk, feed, InlineTasks(), look, hall.clock, "counter-3")
    feed.stop()


@pytest.fixture
def counter(hall: Hall, context: StationContext, qtbot) -> Counter:
    hall.open("3", "C3")
    context.who = Actor("C3", Role.CLERK)
    controller = CounterController(context)
    refused: list[str] = []
    asked: list[tuple[str, list[str], Callable[[str], None]]] = []
    controller.refused.connect(lambda error: refused.append(error.code))
    controller.reason_wanted.connect(lambda *wanted: asked.append(wanted))
    counter = Counter(hall, context, controller, refused, asked, qtbot.waitUntil)
    context.feed.start()
    counter.follow()
    controller.begin_at_window("3")
    return counter


@pytest.fixture
def page(hall: Hall, context: StationContext, qtbot) -> Iterator[Page]:
    """Return the page of window 3 with Wang Fang at it and three people waiting."""
    found = Page(open_view(context, qtbot, "3"), hall, qtbot.waitUntil)
    found.view.setFocus()
    found.settle()
    yield found
    found.view.stop()
    close(found.view)
