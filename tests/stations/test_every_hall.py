"""Every station opens, shows a customer who is called, and has its menu in every kind of hall, whatever it calls its
windows and tickets."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from queuedesk.core.network.roles import Actor
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.window.shell import StationWindow
from tests.every_day import SEES_ALL
from tests.hall import Hall, clerk, made_once
from tests.stations.english import english  # noqa: F401
from tests.stations.seen import texts_of
from tests.stations.test_emergency_everywhere import SCREENS
from tests.three_halls import CLINIC, MORE, THREE, Kind

ONCE = {name: (name, {} if name in {"display", "line"} else options, who) for name, options, who in SCREENS if who}
STATIONS = [*ONCE.values(), ("counter", {"window": "1"}, clerk("C1"))]
"""One of each station, with somebody there where people sign in."""


def opened_in(number: int, kind: Kind) -> list[tuple[str, dict[str, Any], Actor]]:
    """Return the stations that are opened daily in a kind of hall: all in the clinic; of the others each has the
    manager's, which shows the most, and in turn two that it may call by other words. In the power office all tests of a
    station open it, and in the post office a whole day does (test_a_day_in_other_halls): none is opened here."""
    if SEES_ALL or kind is CLINIC:
        return STATIONS
    if kind in THREE:
        return []
    others = [one for one in STATIONS if one[0] != "manager"]
    return [one for one in STATIONS if one[0] == "manager" or others.index(one) // 2 == number % (len(others) // 2)]


OPENED = [(kind, *station) for number, kind in enumerate((*THREE, *MORE)) for station in opened_in(number, kind)]


@pytest.fixture
def hall(tmp_path: Path, kind: Kind) -> Hall:
    def called(folder: Path) -> Hall:
        hall = kind.make(folder, time="9:30")
        hall.open("1", "C1")
        hall.queue("A", "A")
        hall.call("1")
        hall.clock.move(seconds=5)
        return hall

    return made_once(tmp_path, called, kind=kind.name)


@pytest.mark.parametrize(
    ("kind", "name", "options", "who"), OPENED, ids=[f"{kind.name}-{name}" for kind, name, *_rest in OPENED]
)
def test_a_station_opens_with_its_menu(
    name: str,
    options: dict[str, Any],
    who: Actor,
    kind: Kind,
    open_station: Callable[[str, dict[str, Any], Actor | None], StationWindow],
) -> None:
    window = open_station(name, options, who)
    QApplication.processEvents()
    window.show_menu(window.mapToGlobal(window.rect().topRight()))
    menu = QApplication.activePopupWidget()
    assert menu is not None
    assert menu.actions()
    menu.close()
    if isinstance(window.page, ManagerView) and kind not in THREE:  # those are walked with all that they show
        open_pages(window.page, MORE.index(kind))


def open_pages(page: ManagerView, number: int) -> None:
    """Open the pages of a kind of hall, with their tabs and the parts of the set-up: daily so many of them that each is
    opened in one of MORE."""
    ways = page.pages()
    for name in [*ways] if SEES_ALL else [*ways][number :: len(MORE)]:
        ways[name]()
        QApplication.processEvents()
        shown = page.stack.currentWidget()
        assert shown is not None
        assert texts_of(shown), name
