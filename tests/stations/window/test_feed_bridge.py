"""A station's copy of the hall, kept up by the log."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import psycopg
import pytest
from pytestqt.qtbot import QtBot

from queuedesk.desk.change import Desk
from queuedesk.desk.network import sharing
from queuedesk.desk.queue import rating
from queuedesk.desk.setup import setting_up
from queuedesk.stations.window.feed_bridge import HallFeed
from queuedesk.store.engine.database import Database
from tests.hall import simple_hall


def test_an_opinion_of_yesterday_may_be_explained_after_midnight(tmp_path: Path, qtbot: QtBot) -> None:
    hall = simple_hall(tmp_path, time="23:58")
    opinion = int(hall.do("opinion", 2)["opinion"])
    hall.clock.move(minutes=3)
    feed = HallFeed(hall.desk, hall.clock)
    feed.start()
    try:
        rating.explain_opinion(hall.desk, hall.ask(), opinion, tags=["too slow"])
        hall.issue("A")

        qtbot.waitUntil(lambda: feed.state.now.seq >= hall.last().seq)
        assert [label for _day, label in feed.state.tickets] == ["A001"]
        assert feed.state.now.date == date(2026, 11, 21)
    finally:
        feed.stop()


def test_a_window_that_comes_while_a_station_is_open_leaves_no_traceback_in_its_log(
    tmp_path: Path, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    hall = simple_hall(tmp_path)
    feed = HallFeed(hall.desk, hall.clock)
    feed.start()
    try:
        with caplog.at_level(logging.INFO, "queuedesk"), qtbot.waitSignal(feed.replaced):
            setting_up.add_row(hall.desk, hall.ask(), "windows", {"code": "9", "services": ["A", "B"]})

        assert "9" in feed.state.windows
        assert [record.getMessage() for record in caplog.records if record.exc_info] == []
        assert f"event {hall.last().seq} can't be followed here" in caplog.text
    finally:
        feed.stop()


def test_a_station_that_a_newer_program_overtook_says_so_and_shows_what_it_knew(tmp_path: Path, qtbot: QtBot) -> None:
    hall = simple_hall(tmp_path)
    hall.issue("A")
    feed = HallFeed(hall.desk, hall.clock)
    feed.start()
    try:
        with closing(sqlite3.connect(hall.path)) as newer:
            newer.execute("UPDATE alembic_version SET version_num = '0099'")
            newer.commit()

        qtbot.waitUntil(lambda: feed.away_since is not None)
        assert feed.trouble is not None
        assert (feed.trouble.code, feed.trouble.details["version"]) == ("database_newer", 99)
        assert [label for _day, label in feed.state.tickets] == ["A001"]
    finally:
        feed.stop()


def test_a_server_that_keeps_a_question_waiting_keeps_no_window_waiting(
    tmp_path: Path, pg_url: str, qtbot: QtBot
) -> None:
    hall = simple_hall(tmp_path, time="23:58")
    sharing.share(hall.path, pg_url, hall.ask(), settle=sharing.prepare)
    hall.desk.db.dispose()
    db = Database.open(pg_url)
    feed = HallFeed(Desk(db, 1), hall.clock)
    with psycopg.connect(pg_url) as other:
        try:
            other.execute("LOCK TABLE learned")
            hall.clock.move(minutes=3)

            feed.turn_day()

            assert feed.day == date(2026, 11, 21)
            with qtbot.waitSignal(feed.changed):
                other.rollback()
        finally:
            other.rollback()
            feed.stop()
            db.dispose()
