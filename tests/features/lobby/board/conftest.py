"""A power hall at a quarter past nine and the lobby board in its window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from queuedesk.features.lobby.pages.station import LobbyView
from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext
from tests.hall import GUIDE, Hall, hall_of, make_hall
from tests.stations.english import english  # noqa: F401
from tests.stations.hands import Hands
from tests.stations.pages import close, still_look


def morning(folder: Path) -> Hall:
    """Return a hall at 9:15 where A001 is finished, B001 served at window 3, A002 and A003 wait since 9:10 and 9:13."""
    hall = make_hall(folder, time="9:00")
    hall.play("open 1 staff=C1", "open 2 staff=C2", "open 3 staff=C3", "queue A", 2, "queue B", 2)
    hall.play("serve-out 1 minutes=4", "call 3", "start 3", 2, "queue A", 3, "queue A", 2)
    hall.show_calls()
    return hall


@pytest.fixture
def hall(tmp_path: Path, request: pytest.FixtureRequest) -> Hall:
    return hall_of(request, tmp_path, morning)


@pytest.fixture
def context(hall: Hall, qapp: QApplication) -> Iterator[StationContext]:
    look = still_look(qapp)
    feed = HallFeed(hall.desk, hall.clock)
    feed.start()
    yield StationContext(hall.desk, feed, InlineTasks(), look, hall.clock, "lobby", who=GUIDE)
    feed.stop()


@pytest.fixture
def lobby(hall: Hall, context: StationContext, qtbot: QtBot) -> Iterator[Hands]:
    page = LobbyView(context)
    page.resize(1366, 768)
    with qtbot.waitActive(page):
        page.show()
    lobby = Hands(hall, page, qtbot.waitUntil)
    lobby.follow()
    page.tick(hall.clock())
    yield lobby
    lobby.page.stop()
    close(lobby.page)
