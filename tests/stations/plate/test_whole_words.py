"""The plate of a window in all its states and both languages: nothing is cut but what people typed."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from queuedesk.core.network.roles import station
from queuedesk.desk.queue import calling, opening, serving
from queuedesk.stations.plate.station import PlatePage
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.feed_bridge import HallFeed
from queuedesk.stations.window.style import HALL, Look, apply
from queuedesk.stations.window.tasks import InlineTasks
from tests.hall import made_once
from tests.stations.plate.test_plate import morning
from tests.stations.shapes import Shape
from tests.stations.whole_words import Sights, typed_words

PLATES = {"960x240": Shape(960, 240, theme=HALL), "1366x768": Shape(1366, 768, theme=HALL)}


def test_every_state_is_whole(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> None:
    hall = made_once(tmp_path, morning)
    look = Look(HALL)
    look.still = True
    apply(qapp, look)
    feed = HallFeed(hall.desk, hall.clock)
    who, options = station("plate-3"), {"window": "3"}
    page = PlatePage(StationContext(hall.desk, feed, InlineTasks(), look, hall.clock, "plate-3", who, options=options))
    qtbot.addWidget(page, before_close_func=lambda page: page.stop())
    page.show()
    feed.start()
    try:
        sights = Sights(page, look, typed_words(feed.setup), PLATES)
        acts = {
            "called": partial(hall.call, "3"),
            "served": lambda: calling.start(hall.desk, hall.ask(), "3"),
            "waiting": lambda: serving.finish(hall.desk, hall.ask(), "3"),
            "paused": lambda: opening.pause(hall.desk, hall.ask(), "3", reason="break", minutes=15),
            "closed": lambda: opening.close(hall.desk, hall.ask(), "3"),
            "away": lambda: page.show_away(hall.clock()),
        }
        for name, act in acts.items():
            act()
            qtbot.waitUntil(lambda: feed.state.now.seq >= hall.last().seq)
            page.tick(hall.clock())
            sights.take(name)
        sights.must_be_whole()
    finally:
        feed.stop()
