"""An emergency is on the screen of every station, whoever is or is not signed in there, and gone when it is over."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from queuedesk.core.network.roles import Actor, station
from queuedesk.core.talk.screen import all_stations
from queuedesk.desk.talk import messaging
from queuedesk.stations.counter.station import CounterView
from queuedesk.stations.display.texts import AUTO, LAYOUTS
from queuedesk.stations.window.shell import StationWindow
from tests.hall import ADMIN, GUIDE, MANAGER, Hall, make_hall
from tests.stations.english import english  # noqa: F401
from tests.stations.seen import shades

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


def told(shown: QWidget) -> str:
    """Return all that is read out of what can be seen."""
    widgets = [one for one in (shown, *shown.findChildren(QWidget)) if one.isVisible()]
    return "\n".join(f"{one.accessibleName()} {one.text() if hasattr(one, 'text') else ''}" for one in widgets)


def must_show(hall: Hall, window: StationWindow, shown: QWidget, until: Callable[..., None]) -> None:
    """Declare an emergency and end it; look at `shown` before, meanwhile and afterwards."""

    def follow(text: bool) -> None:
        window._tick()
        assert (FIRE in told(shown)) is text

    before = shades(shown.grab().toImage())
    assert FIRE not in told(shown)
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


@pytest.mark.parametrize("code", ["1", "2"])
def test_it_stands_in_the_small_bar_of_a_counter_beside_its_number(
    code: str, hall: Hall, open_station: Callable[..., StationWindow], qtbot: QtBot
) -> None:
    if code == "2":
        hall.open("2", "C2")
    window = open_station("counter", {"window": code}, None)
    counter = window.page
    assert isinstance(counter, CounterView)
    counter.compact.shrink()
    bar = counter.compact.bar
    assert bar is not None

    must_show(hall, window, bar, qtbot.waitUntil)
