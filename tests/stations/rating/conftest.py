"""A power hall and the rating screen of window 3, following the log as a real one does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from queuedesk.core.network.roles import CUSTOMER
from queuedesk.stations.acts.hold_to_confirm import HOLD_MS
from queuedesk.stations.acts.written_talk import ClerkTalkEndpoint, written_talk_socket_name
from queuedesk.stations.rating.controller import CustomerRatingFlow, ExitRatingController, WindowRatingController
from queuedesk.stations.rating.station import ExitRatingPage, WindowRatingPage
from queuedesk.stations.rating.view import CustomerRatingPage
from queuedesk.stations.window.context import StationContext, StationServices, StationSounds, WorkLanes
from tests.hall import Hall, made_once, six_windows
from tests.stations.english import english  # noqa: F401
from tests.stations.hands import Hands
from tests.stations.stubs import Voice, stub

# As people press who read what is there.
UNHURRIED_MS = 1000


@dataclass
class Screen(Hands):
    """The page, its hall, the sounds it made, and a steady clock for double presses that tests move."""

    page: CustomerRatingPage
    sounds: list[str]
    ms: list[int] = field(default_factory=lambda: [0])

    @property
    def controller(self) -> CustomerRatingFlow:
        return self.page.controller

    @property
    def number(self) -> str:
        return str(self.page.view.head.number)

    @property
    def stage(self) -> str:
        return str(self.controller.stage)

    def touch(self, *widgets: QWidget, settled: bool = True) -> None:
        """Press what can be seen; `settled` is long after the page came, otherwise at once."""
        for widget in widgets:
            assert widget.isVisible()
            if settled:
                self.ms[0] += UNHURRIED_MS
            QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
            self.wait_quietly()

    def wait_quietly(self) -> None:
        """Let what was pressed take effect."""
        if self.controller.holding.has_waiting_act:
            self.ms[0] += HOLD_MS
            self.controller.holding.do_waiting_act_if_quiet()

    def face(self, level: int) -> QWidget:
        return next(face for face in self.page.view.faces if face.level == level)

    def rate(self, level: int, **how: bool) -> None:
        self.touch(self.face(level), **how)

    def rate_next(self, level: int) -> str:
        """Let the next customer be served at window 3 and rate; return the number."""
        label = self.serve_out()
        self.rate(level)
        return label

    def serve_out(self, window: str = "3") -> str:
        label = self.hall.serve_out(window)
        self.follow()
        return label

    def call(self) -> str:
        return str(self.meanwhile("call", "3")["ticket"])

    def finish(self, window: str = "3") -> None:
        self.hall.do("start", window)
        self.meanwhile("finish", window)

    def log(self) -> list[tuple[str, str | None, str, Any]]:
        """Return what customers have said: kind, number, actor, level or reasons."""
        said = [e for e in self.hall.log() if e.kind in ("rate", "reasons")]
        return [(e.kind, e.ticket, e.actor, e.data.get("level") or e.data.get("tags")) for e in said]


def morning(folder: Path) -> Hall:
    hall = six_windows(folder)
    hall.queue(*"BBBB")
    return hall


@pytest.fixture
def hall(tmp_path) -> Hall:
    return made_once(tmp_path, morning)


@pytest.fixture
def make_screen(hall: Hall, stand: Callable[..., Any], qtbot) -> Callable[..., Screen]:
    def make(voice: Voice | None = None, of: Hall = hall, tasks: WorkLanes | None = None, **options: Any) -> Screen:
        ms, sounds = [0], list[str]()

        def build(context: StationContext) -> CustomerRatingPage:
            if "window" in options:
                return WindowRatingPage(context, WindowRatingController(context, steady_ms=lambda: ms[0]))
            return ExitRatingPage(context, ExitRatingController(context, steady_ms=lambda: ms[0]))

        services = StationServices(sounds=stub(StationSounds, play=sounds.append), speech=voice)
        about: dict[str, Any] = {"who": CUSTOMER, "services": services, "options": options}
        page = stand("rating", build, (1280, 800), still=False, of=of, tasks=tasks, **about)
        return Screen(of, page, qtbot.waitUntil, sounds, ms)

    return make


@pytest.fixture
def screen(make_screen: Callable[..., Screen]) -> Screen:
    return make_screen(window="3")


@pytest.fixture(name="serving")
def served(screen: Screen) -> Screen:
    screen.call()
    screen.meanwhile("start", "3")
    return screen


@pytest.fixture
def clerk(serving: Screen) -> Iterator[ClerkTalkEndpoint]:
    end = ClerkTalkEndpoint(written_talk_socket_name(serving.page.context, "3"))
    yield end
    end.end_talk()
