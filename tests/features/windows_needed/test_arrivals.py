"""Who came and how long each kept a window, counted from the tables of a hall that people worked in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from queuedesk.desk import looking
from queuedesk.desk.staffing.forecasting import arrivals_forecast
from queuedesk.features.windows_needed.verbs import staffing_on
from queuedesk.store.figures import arrivals
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import DAY, Hall, make_hall

pytestmark = ON_BOTH_ENGINES

TODAY = DAY.date()


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = make_hall(tmp_path, time="9:00")
    hall.open("3", "C3")
    hall.open("4", "C4")
    return hall


def counted(hall: Hall) -> dict[str, dict[int, int]]:
    """Return the people of today by service and minute of the half hour."""
    with hall.desk.db.read() as tx:
        found = arrivals.counted(tx, hall.desk.hall, looking.setup_of(hall.desk), TODAY, TODAY)
    if not found:
        return {}
    return {code: {30 * i: n for i, n in enumerate(row) if n} for code, row in found[0].services.items()}


def kept(hall: Hall) -> dict[str, tuple[float, int]]:
    with hall.desk.db.read() as tx:
        found = arrivals.occupied(tx, hall.desk.hall, TODAY, TODAY)
    return {code: (round(one.mean_min, 2), one.n) for code, one in found.items()}


def test_people_count_in_the_half_hour_in_which_they_came(hall: Hall):
    hall.queue("A", "A", "B", "A", minutes_apart=10)

    assert counted(hall) == {"A": {540: 2, 570: 1}, "B": {540: 1}}


def test_void_tickets_are_nobody_and_redirected_people_count_where_they_first_stood(hall: Hall):
    hall.queue("A", "A", "B")
    hall.do("void", "A002", reason="wrong")
    hall.do("redirect", "A", ticket="B001")

    assert counted(hall) == {"A": {540: 1}, "B": {540: 1}}


def test_a_customer_keeps_windows_from_the_call_through_all_steps(hall: Hall):
    hall.issue("A", then=["B"])
    hall.call("3")
    hall.clock.move(minutes=1)
    hall.do("start", "3")
    hall.clock.move(minutes=4)
    hall.do("finish", "3")
    hall.clock.move(minutes=20)
    hall.call("4")
    hall.clock.move(minutes=3)
    hall.do("finish", "4")

    assert kept(hall) == {"A": (8.0, 1)}


def test_who_does_not_come_keeps_a_window_for_the_calls_only(hall: Hall):
    hall.issue("A")
    hall.call("3")
    hall.clock.move(minutes=1)
    hall.do("miss", "3")
    hall.clock.move(hours=9)
    hall.do("day-end")

    assert kept(hall) == {"A": (1.5, 1)}


def test_who_was_missed_keeps_a_window_from_the_call_that_they_followed(hall: Hall):
    hall.issue("A")
    hall.call("3")
    hall.clock.move(minutes=1)
    hall.do("miss", "3")
    hall.clock.move(minutes=3)
    hall.do("reinstate", "A001")
    hall.clock.move(minutes=4)
    hall.call("3")
    hall.clock.move(minutes=1)
    hall.do("start", "3")
    hall.clock.move(minutes=5)
    hall.do("finish", "3")

    assert kept(hall) == {"A": (6.0, 1)}


def test_what_lies_aside_keeps_no_window(hall: Hall):
    hall.issue("A")
    hall.call("3")
    hall.do("start", "3")
    hall.clock.move(minutes=2)
    hall.do("park", "3", reason="papers")
    hall.clock.move(minutes=30)
    hall.do("unpark", "3", "A001")
    hall.clock.move(minutes=2)
    hall.do("finish", "3")

    assert kept(hall) == {"A": (4.0, 1)}


def test_an_empty_hall_is_known_to_be_empty(hall: Hall):
    assert (counted(hall), kept(hall)) == ({}, {})
    found = staffing_on(hall.desk, TODAY, hall.clock())
    assert (found.came, found.total, found.error) == (0, None, None)


def test_today_teaches_nothing_about_today_or_tomorrow(hall: Hall):
    hall.queue("A", "A", "A")

    assert arrivals_forecast(hall.desk, TODAY, hall.clock()).days == 0
    assert arrivals_forecast(hall.desk, TODAY + timedelta(days=1), hall.clock()).days == 0
    hall.clock.move(days=1)
    assert arrivals_forecast(hall.desk, TODAY + timedelta(days=1), hall.clock()).days == 1


def test_the_line_of_now_is_told(hall: Hall):
    hall.queue(*["B"] * 30)
    seen = staffing_on(hall.desk, TODAY, hall.clock()).backlog

    assert seen is not None and (seen.waiting, seen.open) == (30, 2) and seen.needed > 2
