"""What a station tries once a minute: the day that is over, the alarms that are due; trouble waits for the next
minute."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from queuedesk.desk.talk import devices
from queuedesk.stations.window.chores import Chores
from queuedesk.stations.window.services import DueReports, Services
from queuedesk.stations.window.tasks import InlineTasks, Lanes
from tests.hall import Hall, simple_hall
from tests.stations.stubs import Refusing, lend, stub


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    hall.queue("A", "C")
    return hall


def chores(hall: Hall, qapp: QApplication, tasks: Lanes | None = None) -> Chores:
    feed = SimpleNamespace(turn_day=lambda: None)
    context: Any = SimpleNamespace(
        desk=hall.desk, clock=hall.clock, feed=feed, tasks=tasks or InlineTasks(), services=Services()
    )
    return Chores(context, qapp)


def test_alarms_are_raised_in_the_hall_s_name_once_for_two_stations(hall: Hall, qapp: QApplication) -> None:
    seq = hall.last().seq
    hall.clock.move(minutes=1)
    for station in (chores(hall, qapp), chores(hall, qapp)):
        station.do()

    assert [(e.kind, e.actor, e.data["kind"], e.service) for e in hall.log(seq)] == [
        ("alarm", "hall", "no_window", "C")
    ]


def test_a_station_that_vanished_is_found(hall: Hall, qapp: QApplication) -> None:
    devices.started(hall.desk, hall.ask(), "display", "display")
    seq = hall.last().seq
    hall.clock.move(minutes=2)
    chores(hall, qapp).do()

    # Found before the alarms are looked for, so that the same minute tells of it.
    lost, *alarms = hall.log(seq)
    assert (lost.kind, lost.data["cause"]) == ("device", "lost")
    assert "device_down" in [event.data["kind"] for event in alarms]


def test_a_day_that_is_over_ends_first(hall: Hall, qapp: QApplication) -> None:
    seq = hall.last().seq
    hall.clock.move(days=1)
    chores(hall, qapp).do()

    assert [e.kind for e in hall.log(seq)] == ["day-end"]


def test_trouble_with_one_chore_keeps_no_other_from_being_done(hall: Hall, qapp: QApplication) -> None:
    seq = hall.last().seq
    hall.clock.move(minutes=1)
    chores(hall, qapp, Refusing("database_away")).do()
    assert [e.kind for e in hall.log(seq)] == ["alarm"]

    hall.clock.move(days=1)
    chores(hall, qapp, Refusing("database_away", at=2)).do()
    assert [e.kind for e in hall.log(seq)] == ["alarm", "day-end"]


def test_reports_that_are_due_are_looked_for_each_minute(hall: Hall, qapp: QApplication) -> None:
    looked: list[bool] = []
    station = chores(hall, qapp)
    lend(station._context, due_reports=stub(DueReports, look=lambda: looked.append(True)))
    station.do()
    station.do()

    assert looked == [True, True]
