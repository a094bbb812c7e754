"""One hall at half past ten with a front desk, the counter of window 3 and a manager's station, each in its window."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from queuedesk.stations.counter.station import build_station_page as build_counter
from queuedesk.stations.guide.station import build_station_page as build_guide
from queuedesk.stations.manager.station import build_station_page as build_manager
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.context import StationServices, StationSounds
from queuedesk.stations.window.frame import StationPage
from tests.hall import GUIDE, MANAGER, Hall, made_once, make_hall
from tests.stations.english import english  # noqa: F401
from tests.stations.hands import Hands
from tests.stations.stubs import stub


@dataclass
class Talkers(Hands):
    """The front desk's page and the two others with hands; `knocks` are the stations that knocked, in order."""

    counter: Any
    manager: Any
    knocks: list[str] = field(default_factory=list)

    @property
    def guide(self) -> Any:
        return self.page

    def says(self, page: StationPage) -> str:
        """What the page tells in front, "" while it tells nothing."""
        return page.messages.spoken_text() if page.messages.isVisible() else ""

    def keys(self, page: StationPage) -> list[str]:
        return list(page.messages.visible_buttons())

    def told(self) -> list[str]:
        """What each page tells with the verbs of its buttons, and who knocked since this was asked."""
        pages = {"guide": self.guide, "counter": self.counter, "manager": self.manager}
        every = [f"{name}: {self.says(page)} {self.keys(page)}" for name, page in pages.items() if self.says(page)]
        knocked = sorted(self.knocks)
        self.knocks.clear()
        return [*every, *knocked]

    def press(self, page: StationPage, verb: str) -> None:
        """Press a button of the message in front."""
        self.touch(page.messages.visible_buttons()[verb])

    def type_key(self, page: StationPage, key: Qt.Key, *, alt: bool = False) -> None:
        page.activateWindow()
        self.until(page.isActiveWindow)
        modifier = Qt.KeyboardModifier.AltModifier if alt else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(page.windowHandle(), key, modifier)
        self.follow()

    def dialog(self, page: StationPage, kind: type = Dialog) -> Any:
        (shown,) = [one for one in page.findChildren(Dialog) if one.isVisible()]
        assert isinstance(shown, kind)
        return shown

    def has_dialog(self, page: StationPage) -> bool:
        return any(one.isVisible() for one in page.findChildren(Dialog))

    def follow(self) -> None:
        """Wait until each page shows all that is in the log."""
        last = self.hall.length()
        for page in (self.guide, self.counter, self.manager):
            self.until(lambda page=page: page.context.feed.state.now.seq >= last)
        self.until(lambda: not self.counter.controller.is_busy)
        QApplication.processEvents()


def with_a_line(folder: Path) -> Hall:
    hall = make_hall(folder, time="10:30")
    hall.play("open 3 staff=C3", "queue A A B")
    return hall


@pytest.fixture
def talk_hall(tmp_path) -> Hall:
    return made_once(tmp_path, with_a_line)


@pytest.fixture
def talkers(talk_hall: Hall, stand: Callable[..., Any], qtbot, tmp_path) -> Talkers:
    knocks: list[str] = []
    pages: list[StationPage] = []
    guide, manager = ("guide", GUIDE, build_guide), ("manager", MANAGER, build_manager)
    for name, who, build in (guide, ("counter-3", None, build_counter), manager):
        does = {
            "play": lambda sound, name=name: knocks.append(f"{name} {sound}"),
            "was_last_sound_heard": lambda: False,
        }
        services = StationServices(sounds=stub(StationSounds, **does), folder=lambda _kind: tmp_path)
        options = {"window": "3"} if name == "counter-3" else {}
        pages.append(stand(name, build, is_drawn=False, who=who, of=talk_hall, services=services, options=options))
    page, *others = pages
    found = Talkers(talk_hall, page, qtbot.waitUntil, *others, knocks)
    found.follow()
    knocks.clear()
    return found
