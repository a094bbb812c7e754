"""No event, of whatever kind and content, leaves a station behind: each station as the program builds it, over one hall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.app.config import Config
from queuedesk.app.wiring import Station, Wish, build_station
from queuedesk.core.people import Actor, Role
from queuedesk.core.state import HallState
from queuedesk.desk import looking
from queuedesk.stations.preferences import Preferences
from queuedesk.stations.style import Look, apply
from tests.desk.stage import stage
from tests.event_cases import Case, cases, put_in, usual
from tests.hall import Hall

AT_ONCE = 150
"""So many strange events come in one breath, as a merge or a PC that was away brings them."""
STATIONS = ("counter", "guide", "kiosk", "rating", "display", "plate", "line", "lobby", "manager")


class AllStations:
    """One of each station, all following the hall."""

    def __init__(self, hall: Hall, qapp: QApplication, qtbot: QtBot) -> None:
        self._hall, self._qtbot = hall, qtbot
        self.bugs: list[BaseException] = []
        look = Look()
        apply(qapp, look)
        self.stations: list[Station] = []
        for name in STATIONS:
            wish = Wish(
                name=name,
                db=str(hall.path),
                window="3" if name in ("counter", "plate", "rating") else None,
                at=hall.clock(),
            )
            self.stations.append(
                build_station(
                    wish,
                    config=Config(),
                    look=look,
                    preferences=Preferences(lambda _name, _value: None),
                    on_bug=self.bugs.append,
                )
            )
        for station in self.stations:
            station.start()
            if station.context.who is None:
                station.window.admit(Actor("M1", Role.MANAGER))
            station.window.resize(1024, 768)
            station.window.show()

    def must_stand_at(self, state: HallState) -> None:
        """Wait until each shows what a fresh snapshot says."""
        for station in self.stations:
            feed = station.context.feed
            self._qtbot.waitUntil(lambda feed=feed: differences(feed.state, state) == [], timeout=10_000)

    def stop(self) -> None:
        for station in self.stations:
            station.window.close_anyway()
            station.stop()
            station.window.deleteLater()


def differences(one: HallState, other: HallState) -> list[str]:
    """Return the parts that differ; a set-up by its document."""
    named = [part.name for part in fields(HallState) if part.compare and part.name != "setup_now"]
    assert one.setup_now is not None
    assert other.setup_now is not None
    same = one.setup_now.document == other.setup_now.document
    return [name for name in named if getattr(one, name) != getattr(other, name)] + ([] if same else ["setup"])


def batched(found: list[Case], n: int) -> Iterator[list[Case]]:
    return (found[i : i + n] for i in range(0, len(found), n))


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return stage(tmp_path)


@pytest.fixture
def everybody(hall: Hall, qapp: QApplication, qtbot: QtBot) -> Iterator[AllStations]:
    i18n.use("en")
    made = AllStations(hall, qapp, qtbot)
    yield made
    made.stop()
    i18n.use("zh_CN")


def test_after_every_strange_event_each_station_shows_the_hall_as_it_is(hall: Hall, everybody: AllStations) -> None:
    # The day's end signs everybody out, so it comes last.
    ordered = sorted(usual(cases()), key=lambda case: case.event.kind == "day-end")
    for batch in batched(ordered, AT_ONCE):
        put_in(hall.desk.db, 1, [case.event for case in batch], hall.clock())
        everybody.must_stand_at(looking.hall_now(hall.desk, hall.clock()))

    label = hall.issue("A")
    everybody.must_stand_at(looking.hall_now(hall.desk, hall.clock()))
    assert all((hall.date, label) in station.context.feed.state.tickets for station in everybody.stations)
    assert everybody.bugs == []
    hall.must_follow_from_its_log()
