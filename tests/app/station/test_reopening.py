"""A station whose hall has another address now, while it can't be had where it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from queuedesk.app.station.station_process import Reopening
from queuedesk.core.errors import OutsideError
from queuedesk.stations.window.context import HallFeed
from queuedesk.store.upkeep import exchange
from tests.hall import Hall, at, simple_hall

SERVER = "postgresql://qd@127.0.0.1:7432/queuedesk"


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


@pytest.fixture
def feed(hall: Hall, qapp: object) -> Iterator[HallFeed]:
    found = HallFeed(hall.desk, hall.clock)
    yield found
    found.stop()


def reopening(feed: HallFeed, used: str, asked: list[str]) -> Reopening:
    found = Reopening(feed, used, lambda: asked[-1], feed)
    found.findChild(QTimer).setInterval(1)
    return found


def test_it_is_opened_there_once_this_pc_knows_where(feed: HallFeed, hall: Hall, qtbot: QtBot) -> None:
    asked = [str(hall.path)]
    elsewhere = reopening(feed, str(hall.path), asked)
    feed.note_away(OutsideError("hall_moved", to=SERVER))
    qtbot.wait(20)
    assert not elsewhere.is_wanted

    with qtbot.waitSignal(elsewhere.wanted):
        asked.append(SERVER)
    assert elsewhere.is_wanted


def test_it_is_opened_where_it_moved_before_anybody_is_told_that_it_is_away(
    feed: HallFeed, hall: Hall, qtbot: QtBot
) -> None:
    elsewhere = reopening(feed, str(hall.path), [SERVER])
    with qtbot.waitSignal(elsewhere.wanted), qtbot.assertNotEmitted(feed.away):
        feed.note_away(OutsideError("hall_moved", to=SERVER))


def test_whoever_is_owed_an_answer_gets_it_first(feed: HallFeed, hall: Hall, qtbot: QtBot) -> None:
    owes = [True]
    elsewhere = Reopening(feed, str(hall.path), lambda: SERVER, feed, owes=lambda: owes[-1])
    elsewhere.findChild(QTimer).setInterval(1)
    feed.note_away(OutsideError("hall_moved", to=SERVER))
    qtbot.wait(10)
    assert not elsewhere.is_wanted

    with qtbot.waitSignal(elsewhere.wanted):
        owes.append(False)


def test_nothing_is_looked_for_while_the_hall_is_there(feed: HallFeed, hall: Hall, qtbot: QtBot) -> None:
    elsewhere = reopening(feed, str(hall.path), [SERVER])
    qtbot.wait(20)
    feed.note_away(OutsideError("database_away", path=str(hall.path)))
    feed.note_back()
    qtbot.wait(20)

    assert not elsewhere.is_wanted


def test_a_file_whose_hall_moved_is_told_and_kept_on_the_screen(feed: HallFeed, hall: Hall, qtbot: QtBot) -> None:
    hall.issue("A")
    feed.start()
    qtbot.waitUntil(lambda: len(feed.state.tickets) == 1)
    with qtbot.waitSignal(feed.moved), hall.desk.db.write() as tx:
        exchange.mark_moved(tx, SERVER)
    assert feed.away_since is None, "what is pressed meanwhile is done where the hall is"
    hall.clock.move(minutes=1)
    waiting = feed.findChild(QTimer)
    assert waiting.isActive()
    waiting.setInterval(1)
    qtbot.waitSignal(feed.away).wait()

    assert feed.trouble is not None
    assert (feed.trouble.code, feed.trouble.details["to"]) == ("hall_moved", SERVER)
    assert len(feed.state.tickets) == 1
    assert feed.away_since == at("9:00")
