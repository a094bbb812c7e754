"""An emergency is on the screen of every station, whoever is or is not signed in there, and gone when it is over. A
station at which nothing happens does nothing: no page lays itself out without end."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from queuedesk.core.network.roles import Actor, station
from queuedesk.core.talk.screen import all_stations
from queuedesk.desk.talk import messaging
from queuedesk.stations.display.texts import AUTO, LAYOUTS
from queuedesk.stations.window.shell import StationWindow
from tests.hall import ADMIN, GUIDE, MANAGER, Hall, clerk, make_hall
from tests.stations.english import english  # noqa: F401
from tests.stations.seen import LayoutRequests, said, shades

FIRE = "Fire: please leave"
EVERY: list[tuple[str, dict[str, Any], Actor | None]] = [
    ("guide", {}, GUIDE),
    ("guide", {}, None),
    ("kiosk", {}, station("K1")),
    ("counter", {"window": "3"}, None),
    ("counter", {"window": "1"}, None),
    *(("display", {"layout": layout}, station("display")) for layout in LAYOUTS),
    ("plate", {"window": "1"}, station("plate-1")),
    ("line", {}, station("line")),
    ("line", {"window": "1"}, station("line")),
    ("rating", {"window": "1"}, station("rating-1")),
    ("rating", {}, station("rating")),
    ("lobby", {}, GUIDE),
    ("lobby", {}, None),
    ("manager", {}, MANAGER),
    ("manager", {}, ADMIN),
    ("manager", {}, None),
]
SCREENS = [screen for screen in EVERY if screen[0] in all_stations()]


def morning(folder: Path) -> Hall:
    hall = make_hall(folder, time="10:30")
    hall.open("1", "C1")
    hall.queue("A", "A")
    hall.call("1")
    hall.do("start", "1")
    hall.clock.move(minutes=2)
    hall.show_calls()
    return hall


pytestmark = pytest.mark.hall(make=morning)


def must_show(hall: Hall, window: StationWindow, shown: QWidget, until: Callable[..., None]) -> None:
    """Declare an emergency and end it; look at `shown` before, meanwhile and afterwards."""

    def follow(text: bool) -> None:
        window._tick()
        assert any(FIRE in one for one in said(shown)) is text

    before = shades(shown.grab().toImage())
    follow(False)
    messaging.declare_emergency(hall.desk, hall.ask(GUIDE), "着火了，请离开", text_en=FIRE)
    until(lambda: follow(True))
    meanwhile = shades(shown.grab().toImage())
    messaging.end_emergency(hall.desk, hall.ask(GUIDE))
    until(lambda: follow(False))

    assert (before != meanwhile).mean() > 0.01


def test_every_station_is_walked() -> None:
    assert {name for name, _options, _who in SCREENS} == set(all_stations())
    assert AUTO in LAYOUTS


@pytest.mark.parametrize(
    ("name", "options", "who"),
    SCREENS,
    ids=[f"{n} {' '.join(o.values())} {w.name if w else 'nobody'}" for n, o, w in SCREENS],
)
def test_it_is_on_the_screen_and_gone_afterwards(  # noqa: PLR0917
    name: str,
    options: dict[str, Any],
    who: Actor | None,
    hall: Hall,
    open_station: Callable[..., StationWindow],
    qtbot: QtBot,
) -> None:
    window = open_station(name, options, who)

    must_show(hall, window, window, qtbot.waitUntil)


SIZES = ((1366, 768), (1024, 576), (1920, 1080))
SETTLE_TURNS, WATCHED_TURNS = 60, 40


@pytest.mark.parametrize("name", ["guide", "manager", "counter", "display", "rating"])
def test_a_page_comes_to_rest(
    open_station: Callable[..., StationWindow], hall: Hall, qapp: QApplication, name: str
) -> None:
    """With people waiting and one called, no further layout is asked for once the page is drawn in a size."""
    hall.queue("A", "B")
    hall.do("finish", "1")
    hall.call("1")
    who = clerk("C1") if name == "counter" else next(who for one, _options, who in SCREENS if one == name)
    window = open_station(name, {"window": "1"}, who)
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
