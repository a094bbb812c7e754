"""A day of the staff as spans: shifts, pauses, minutes served."""

from pathlib import Path

import pytest

from queuedesk.core.staffing.day import StaffDay, day_bounds, staff_days
from queuedesk.desk import looking
from tests.hall import Hall, at, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


def days(hall: Hall) -> list[StaffDay]:
    return staff_days(looking.hall_now(hall.desk, hall.clock()), hall.date, hall.clock())


def test_nobody_worked_on_a_day_without_a_window(hall: Hall) -> None:
    assert days(hall) == []


def test_open_paused_and_serving_minutes_of_a_clerk(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue("A", "A")
    hall.serve_out("1", minutes=6)
    hall.do("pause", "1", reason="meal", minutes=20)
    hall.clock.move(minutes=15)
    hall.do("resume", "1")
    hall.serve_out("1", minutes=4)
    hall.clock.move(minutes=5)

    (clerk,) = days(hall)

    assert (clerk.staff, clerk.finished) == ("C1", 2)
    assert (clerk.open_s, clerk.paused_s, clerk.serving_s) == (30 * 60, 15 * 60, 10 * 60)
    (shift,) = clerk.shifts
    assert (shift.window, shift.start, shift.end) == ("1", at("9:00"), None)
    assert [(p.start, p.end, p.reason) for p in shift.pauses] == [(at("9:06"), at("9:21"), "meal")]
    assert shift.served == ((at("9:00"), at("9:06")), (at("9:21"), at("9:25")))


def test_what_was_set_aside_is_not_served(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue("A")
    label = hall.call("1")
    hall.do("start", "1")
    hall.clock.move(minutes=3)
    hall.do("park", "1", reason="copying")
    hall.clock.move(minutes=10)
    assert days(hall)[0].serving_s == 3 * 60

    hall.do("unpark", "1", label)
    hall.clock.move(minutes=2)
    assert days(hall)[0].serving_s == 5 * 60


def test_a_clerk_who_changes_windows_has_a_shift_at_each(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.clock.move(minutes=10)
    hall.do("close", "1")
    hall.open("3", "C1")
    hall.open("2", "C2")
    hall.clock.move(minutes=5)

    first, second = days(hall)

    assert [(s.window, s.end) for s in first.shifts] == [("1", at("9:10")), ("3", None)]
    assert (first.open_s, second.open_s) == (15 * 60, 5 * 60)


def test_the_timeline_goes_from_opening_to_closing_or_as_far_as_somebody_worked(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.clock.move(hours=10, minutes=20)
    worked = days(hall)

    assert day_bounds([], at("8:30"), at("17:30"), hall.clock()) == (at("8:00"), at("18:00"))
    assert day_bounds(worked, at("9:30"), at("17:00"), hall.clock()) == (at("9:00"), at("20:00"))
