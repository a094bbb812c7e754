"""Stations that are open while a paper day or another database's log comes in: up to date at once, and nobody is
called."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.upkeep import maintenance
from queuedesk.features.paper_days import verbs as paper
from queuedesk.stations.display.texts import CallRows
from queuedesk.stations.window.context import HallFeed
from queuedesk.store.engine.database import Database
from tests import whole_halls
from tests.hall import MANAGER, Hall, simple_hall

HEADER = "time,action,ticket,service,window,staff,class,value,reason"
ROWS = """{day}T08:30,issue,A801,A,,,,,
{day}T08:31,issue,A802,A,,,,,
{day}T08:35,call,A801,,2,C2,,,
{day}T08:40,finish,A801,,2,,,,
{day}T08:41,call,A802,,2,,,,
"""


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = simple_hall(tmp_path, time="9:30")
    hall.open("1", "C1")
    hall.queue("A", "A")
    hall.call("1")
    return hall


@pytest.fixture
def feed(hall: Hall) -> Iterator[HallFeed]:
    feed = HallFeed(hall.desk, hall.clock)
    feed.start()
    yield feed
    feed.stop()


def caught_up(hall: Hall, feed: HallFeed, qtbot: QtBot) -> None:
    last = hall.last().seq
    qtbot.waitUntil(lambda: feed.state.now.seq >= last)


@pytest.mark.parametrize("days_ago", [0, 1])
def test_a_paper_day_comes_in_and_nobody_is_called(hall, feed, qtbot, days_ago):
    heard: list[Event] = []
    feed.changed.connect(heard.extend)
    rows = CallRows()
    rows.take(feed.state)
    feed.changed.connect(lambda events: rows.follow(events, hall.clock(), feed.state))
    before = rows.split(5, hall.clock())
    file = hall.path.with_name("paper.csv")
    file.write_text(f"{HEADER}\n{ROWS.format(day=hall.date - timedelta(days=days_ago))}", encoding="utf-8")
    paper.enter_file(hall.desk, Ask(MANAGER, hall.clock()), file)
    caught_up(hall, feed, qtbot)

    assert heard == []
    assert rows.split(5, hall.clock()) == before
    assert whole_halls.differences(looking.hall_now(hall.desk, hall.clock()), feed.state) == []
    assert len(feed.state.waiting()) == (1 if days_ago else 2)
    fresh = CallRows()
    fresh.take(feed.state)
    assert [row.label for row in fresh.split(5, hall.clock())[0]] == ["A001"]
    hall.issue("A")
    caught_up(hall, feed, qtbot)
    assert [event.kind for event in heard] == ["issue"]


def test_a_station_goes_on_with_what_was_merged(hall, qtbot, tmp_path):
    office = tmp_path / "office.sqlite"
    ask = Ask(CONSOLE, hall.clock())
    maintenance.merge(maintenance.export(hall.desk, CONSOLE, tmp_path / "log", hall.clock()), office, ask)
    copy = Hall(Desk(Database.open(office), 1), hall.clock, office)
    feed = HallFeed(copy.desk, hall.clock)
    feed.start()
    try:
        hall.do("start", "1")
        hall.do("finish", "1")
        hall.issue("B")
        maintenance.merge(maintenance.export(hall.desk, CONSOLE, tmp_path / "log", hall.clock()), office, ask)
        caught_up(copy, feed, qtbot)
        assert whole_halls.differences(looking.hall_now(hall.desk, hall.clock()), feed.state) == []
        copy.must_follow_from_its_log()
    finally:
        feed.stop()
        copy.desk.db.dispose()
