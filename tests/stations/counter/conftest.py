"""A hall of six windows at ten o'clock, and the counter at window 3."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from queuedesk.core.network.roles import Actor, Role
from queuedesk.stations.counter.controller import CounterController
from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext
from queuedesk.stations.window.style import Look, apply_look_to_app
from tests.hall import Hall, made_once, make_hall
from tests.stations.anew import close
from tests.stations.counter.pages import Page, open_view
from tests.stations.english import english  # noqa: F401


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


@pytest.fixture
def hall(tmp_path, request) -> Hall:
    """Return the hall at ten: with a line where the counter's page is looked at."""
    return made_once(tmp_path, with_a_line) if "page" in request.fixturenames else make_hall(tmp_path, time="10:00")


@pytest.fixture
def look(qapp) -> Look:
    look = Look()
    look.still = True
    apply_look_to_app(qapp, look)
    return look


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
