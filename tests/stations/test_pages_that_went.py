"""A page whose person went home leaves nothing behind: a station is not started anew for months, and each evening
somebody signs out."""

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from queuedesk.core.network.roles import Actor, Role
from queuedesk.features.lobby.pages.station import build as build_lobby
from queuedesk.stations.guide.station import build as build_guide
from queuedesk.stations.manager.station import build as build_manager
from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext
from queuedesk.stations.window.page import StationPage
from queuedesk.stations.window.style import Look
from tests.hall import MANAGER, make_hall

GUIDE = Actor("G1", Role.GUIDE)


PAGES: dict[str, tuple[Actor, Callable[[StationContext], StationPage]]] = {
    "guide": (GUIDE, build_guide),
    "manager": (MANAGER, build_manager),
    "lobby": (MANAGER, build_lobby),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_went_leaves_nothing_behind(name: str, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> None:
    who, build = PAGES[name]
    hall = make_hall(tmp_path, time="10:30")
    feed, look = HallFeed(hall.desk, hall.clock), Look()
    feed.start()
    context = StationContext(hall.desk, feed, InlineTasks(), look, hall.clock, name, who=who)
    page = build(context)
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
