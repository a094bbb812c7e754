"""A power hall on its day and the display in a window, following the log as a real one does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from queuedesk.core.network.roles import station
from queuedesk.stations.display.station import DisplayPage, build
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.feed_bridge import HallFeed
from queuedesk.stations.window.services import Services
from queuedesk.stations.window.style import HALL, Look, apply
from queuedesk.stations.window.tasks import InlineTasks
from tests.hall import Hall, made_once, make_hall
from tests.stations.english import english  # noqa: F401


@dataclass
class Display:
    """The page with its hall; `shown` are the calls it reported as painted."""

    hall: Hall
    page: DisplayPage
    until: Callable[[Callable[[], bool]], None]
    shown: list[int] = field(default_factory=list)

    def follow(self) -> None:
        """Wait until the page knows all that is in the log."""
        last = self.hall.length()
        self.until(lambda: self.page.controller.state.now.seq >= last)

    def rows(self) -> list[tuple[str, str, bool]]:
        """Return the calls that are shown large: number, window, whether amber."""
        return [(row.label, row.window.number, row.fresh) for part in self.page.calls() for row in part.rows]

    def earlier(self) -> list[str]:
        return [call.label for part in self.page.calls() for call in part.earlier]

    def picture(self) -> QImage:
        self.page.tick(self.hall.clock())
        return self.page.grab().toImage()


def morning(folder: Path) -> Hall:
    hall = make_hall(folder, time="10:30")
    for number in range(1, 7):
        hall.open(str(number), f"C{number}")
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, morning)


@pytest.fixture
def make_display(hall: Hall, qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[..., Display]]:
    made: list[tuple[HallFeed, DisplayPage]] = []

    def make(*, still: bool = True, services: Services | None = None, **options: Any) -> Display:
        look = Look(HALL)
        look.still = still
        apply(qapp, look)
        shown: list[int] = []
        feed = HallFeed(hall.desk, hall.clock)
        lent = replace(services or Services(), note_shown=shown.append)
        who = station("display")
        context = StationContext(
            hall.desk, feed, InlineTasks(), look, hall.clock, "display", who=who, services=lent, options=options
        )
        page = build(context)
        qtbot.addWidget(page)
        page.resize(1920, 1080)
        page.show()
        qtbot.waitExposed(page)
        feed.start()
        made.append((feed, page))
        return Display(hall, page, qtbot.waitUntil, shown)

    yield make
    for feed, page in made:
        page.stop()
        feed.stop()


@pytest.fixture
def display(make_display: Callable[..., Display]) -> Display:
    return make_display()
