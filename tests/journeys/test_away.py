"""The hall's file goes away under a running display: it says so within three seconds, keeps its picture, and goes
on."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from queuedesk.core.network.roles import station
from queuedesk.desk.change import Desk, console
from queuedesk.desk.queue import issuing
from queuedesk.stations.display import station as display
from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.shell import StationWindow
from queuedesk.stations.window.style import HALL, Look
from queuedesk.store.engine.database import Database
from tests.bounded import Stopwatch
from tests.hall import Hall, make_hall

SAID_WITHIN_MS = 3000


@pytest.mark.journey
def test_a_display_says_that_the_file_is_away_and_goes_on_when_it_is_back(qtbot: QtBot, tmp_path: Path) -> None:
    """The picture of before stays with its time; what happened meanwhile is there afterwards."""
    hall: Hall = make_hall(tmp_path)
    label = hall.issue("A")
    own = Desk(Database.open(hall.path), 1)
    feed = HallFeed(own, hall.clock)
    context = StationContext(
        desk=own,
        feed=feed,
        tasks=InlineTasks(),
        look=Look(HALL),
        clock=hall.clock,
        name="display",
        who=station("display"),
    )
    window = StationWindow(
        context, display.build, display.ROLES, Preferences(lambda *_: None), theme=HALL, chores=False
    )
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    window.start()
    try:
        before = window.grab().toImage()
        away = hall.path.with_name("elsewhere.sqlite")

        with Stopwatch() as took:
            hall.path.rename(away)
            qtbot.waitUntil(lambda: feed.away_since is not None)
        assert took.s * 1000 < SAID_WITHIN_MS
        assert window.grab().toImage() != before
        assert [t.label for t in feed.state.waiting()] == [label]

        away.rename(hall.path)
        other = Desk(Database.open(hall.path), 1)
        second = str(issuing.issue(other, console(hall.clock()), "B")["ticket"])
        qtbot.waitUntil(lambda: {t.label for t in feed.state.waiting()} == {label, second})
        assert feed.away_since is None
        other.db.dispose()
    finally:
        window.end()
        feed.stop()
        own.db.dispose()
        hall.desk.db.dispose()
