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
from tests.stations.test_every_station import SCREENS
from tests.three_halls import MORE, Kind

ONCE = {name: (name, {} if name in {"display", "line"} else options, who) for name, options, who in SCREENS if who}
STATIONS = [*ONCE.values(), ("counter", {"window": "1"}, clerk("C1"))]
"""One of each station, with somebody there where people sign in."""
OPENED = [
    (kind, *one)
    for number, kind in enumerate(MORE)
    for one in STATIONS
    if SEES_ALL or one[0] == "manager" or STATIONS.index(one) % len(MORE) == number
]
"""The stations that are opened daily: in each kind of hall the manager's, which shows the most, and in turn others that
it may call by other words. In the power office all tests of a station open it, in a clinic test_one_language.py does,
in the post office a whole day (test_a_day_in_other_halls.py)."""


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
    if not isinstance(window.page, ManagerView):
        return
    # With their tabs and the parts of the set-up, daily so many of them that each is opened in one of MORE.
    page = window.page
    ways = page.pages()
    for way in [*ways] if SEES_ALL else [*ways][MORE.index(kind) :: len(MORE)]:
        ways[way]()
        QApplication.processEvents()
        shown = page.stack.currentWidget()
        assert shown is not None
        assert texts_of(shown), way
