"""A station at which nothing happens does nothing: no page lays itself out without end."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from queuedesk.core.network.roles import CUSTOMER, station
from queuedesk.stations.window.shell import StationWindow
from tests.hall import GUIDE, MANAGER, Hall, clerk, make_hall
from tests.stations.seen import LayoutRequests

ACTORS = {
    "guide": GUIDE,
    "manager": MANAGER,
    "counter": clerk("C3"),
    "display": station("display"),
    "rating": CUSTOMER,
}
SIZES = ((1366, 768), (1024, 576), (1920, 1080))
SETTLE_TURNS, WATCHED_TURNS = 60, 40


def with_a_call(folder: Path) -> Hall:
    hall = make_hall(folder)
    hall.open("3", "C3")
    hall.queue("A", "B", "A", "B")
    hall.call("3")
    return hall


@pytest.mark.hall(make=with_a_call)
@pytest.mark.parametrize("name", sorted(ACTORS))
def test_a_page_comes_to_rest(open_station: Callable[..., StationWindow], qapp: QApplication, name: str) -> None:
    """With people waiting and one called, no further layout is asked for once the page is drawn in a size."""
    window = open_station(name, {"window": "3"}, ACTORS[name])
    asked: dict[tuple[int, int], int] = {}
    for size in SIZES:
        window.resize(*size)
        for _ in range(SETTLE_TURNS):
            qapp.processEvents()
        with LayoutRequests(qapp) as requests:
            for _ in range(WATCHED_TURNS):
                qapp.processEvents()
        asked[window.width(), window.height()] = requests.count

    assert [*asked] == [*SIZES]
    assert all(count < WATCHED_TURNS / 2 for count in asked.values()), asked
