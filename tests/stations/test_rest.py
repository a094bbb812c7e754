"""A station at which nothing happens does nothing: no page lays itself out without end."""

from importlib import import_module
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from queuedesk.core.network.roles import CUSTOMER, Actor, Role, station
from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext
from queuedesk.stations.window.preferences import Preferences
from queuedesk.stations.window.shell import StationWindow
from queuedesk.stations.window.style import HALL, LIGHT, Look
from tests.hall import Hall, made_once, make_hall

ACTORS = {
    "guide": Actor("G1", Role.GUIDE),
    "manager": Actor("M1", Role.MANAGER),
    "counter": Actor("C3", Role.CLERK),
    "display": station("display"),
    "rating": CUSTOMER,
}
SIZES = ((1366, 768), (1024, 576), (1920, 1080))
SETTLE_TURNS, WATCHED_TURNS = 60, 40


class Requests(QObject):
    """Counts the layouts that are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.count += 1
        return False


def with_a_call(folder: Path) -> Hall:
    hall = make_hall(folder)
    hall.open("3", "C3")
    hall.queue("A", "B", "A", "B")
    hall.call("3")
    return hall


@pytest.mark.parametrize("name", sorted(ACTORS))
def test_a_page_comes_to_rest(qtbot: QtBot, qapp: QApplication, tmp_path: Path, name: str) -> None:
    """With people waiting and one called, no further layout is asked for once the page is drawn in a size."""
    hall = made_once(tmp_path, with_a_call)
    module = import_module(f"queuedesk.stations.{name}.station")
    context = StationContext(
        desk=hall.desk,
        feed=HallFeed(hall.desk, hall.clock),
        tasks=InlineTasks(),
        look=Look(HALL if name == "display" else LIGHT),
        clock=hall.clock,
        name=f"{name}-3" if name in ("counter", "rating") else name,
        who=ACTORS[name],
        options={"window": "3"},
    )
    window = StationWindow(
        context,
        module.build,
        module.ROLES,
        Preferences(lambda *_: None),
        theme=HALL if name == "display" else None,
        chores=False,
    )
    qtbot.addWidget(window)
    asked: dict[tuple[int, int], int] = {}
    for size in SIZES:
        window.resize(*size)
        window.show()
        for _ in range(SETTLE_TURNS):
            qapp.processEvents()
        requests = Requests()
        qapp.installEventFilter(requests)
        for _ in range(WATCHED_TURNS):
            qapp.processEvents()
        qapp.removeEventFilter(requests)
        asked[window.width(), window.height()] = requests.count
    window.end()
    hall.desk.db.dispose()

    assert [*asked] == [*SIZES]
    assert all(count < WATCHED_TURNS / 2 for count in asked.values()), asked
