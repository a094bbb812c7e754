"""A day of the staff as spans: shifts, pauses, minutes served."""

from pathlib import Path

from queuedesk.core.staffing.day import StaffDay, day_bounds, staff_days
from queuedesk.desk import looking
from tests.hall import Hall, at, simple_hall


def days(hall: Hall) -> list[StaffDay]:
    return staff_days(looking.hall_now(hall.desk, hall.clock()), hall.date, hall.clock())


def test_open_paused_and_serving_minutes_of_a_clerk(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    assert days(hall) == [], "nobody worked on a day without a window"
    hall.open("1", "C1")
    hall.queue("A", "A", "A")
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

    label = hall.call("1")
    hall.do("start", "1")
    hall.clock.move(minutes=3)
    hall.do("park", "1", reason="copying")
    hall.clock.move(minutes=10)
    assert days(hall)[0].serving_s == 13 * 60, "what is set aside is not served"
    hall.do("unpark", "1", label)
    hall.clock.move(minutes=2)
    assert days(hall)[0].serving_s == 15 * 60


def test_a_clerk_who_changes_windows_has_a_shift_at_each_and_the_day_goes_as_far_as_somebody_worked(
    tmp_path: Path,
) -> None:
    hall = simple_hall(tmp_path)
    assert day_bounds([], at("8:30"), at("17:30"), hall.clock()) == (at("8:00"), at("18:00"))
    hall.open("1", "C1")
    hall.clock.move(minutes=10)
    hall.do("close", "1")
    hall.open("3", "C1")
    hall.open("2", "C2")
    hall.clock.move(minutes=5)

    first, second = days(hall)
    assert [(s.window, s.end) for s in first.shifts] == [("1", at("9:10")), ("3", None)]
    assert (first.open_s, second.open_s) == (15 * 60, 5 * 60)
    hall.clock.move(hours=10, minutes=5)
    assert day_bounds(days(hall), at("9:30"), at("17:00"), hall.clock()) == (at("9:00"), at("20:00"))
