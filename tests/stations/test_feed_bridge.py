"""A station's copy of the hall, kept up by the log."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pytestqt.qtbot import QtBot

from queuedesk.desk import rating
from queuedesk.stations.feed_bridge import HallFeed
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

        qtbot.waitUntil(lambda: feed.state.now.seq == hall.last().seq)
        assert [label for _day, label in feed.state.tickets] == ["A001"]
        assert feed.state.now.date == date(2026, 11, 21)
    finally:
        feed.stop()
