"""A page whose person went home leaves nothing behind: a station is not started anew for months, and each evening
somebody signs out."""

import gc
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from queuedesk.app.station.wiring import page_of
from queuedesk.core.talk.screen import all_stations
from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext
from queuedesk.stations.window.style import Look
from tests.hall import GUIDE, MANAGER, make_hall

WHO = {"guide": GUIDE, "manager": MANAGER, "lobby": MANAGER}


@pytest.mark.parametrize("name", [name for name in WHO if name in all_stations()])
def test_a_page_that_went_leaves_nothing_behind(name: str, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> None:
    hall = make_hall(tmp_path, time="10:30")
    feed, look = HallFeed(hall.desk, hall.clock), Look()
    feed.start()
    build, _roles = page_of(name)
    page = build(StationContext(hall.desk, feed, InlineTasks(), look, hall.clock, name, who=WHO[name]))
    page.show()
    QApplication.processEvents()
    there = weakref.ref(page)

    page.stop()
    page.deleteLater()
    del page
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()

    assert there() is None
    feed.stop()
