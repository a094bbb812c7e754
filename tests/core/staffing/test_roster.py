"""The plan of a hall: whom it has at which window on a day."""

from datetime import date

import pytest

from queuedesk.core.setup.hall import Calendar, DateUnlikeItsWeekday
from queuedesk.core.staffing.roster import RosterRow, ShiftBreak, shifts_planned_on

FRIDAY = date(2026, 11, 20)


def row(window: str, staff: str, **when: object) -> RosterRow:
    return RosterRow(window=window, staff=staff, start=510, end=1050, **when)  # type: ignore[arg-type]


ROSTER = (
    row("1", "every day"),
    row("1", "Fridays", weekdays=frozenset({5})),
    row("1", "this Friday", date=FRIDAY),
    row("2", "every day"),
    row("2", "weekend", weekdays=frozenset({6, 7})),
    row("3", "another Friday", date=date(2026, 11, 27)),
)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (FRIDAY, {"1": "this Friday", "2": "every day"}),
        (date(2026, 11, 27), {"1": "Fridays", "2": "every day", "3": "another Friday"}),
        (date(2026, 11, 21), {"1": "every day", "2": "weekend"}),
        (date(2026, 11, 23), {"1": "every day", "2": "every day"}),
    ],
)
def test_what_names_the_day_closest_stands_for_a_window(day: date, expected: dict[str, str]) -> None:
    assert {r.window: r.staff for r in shifts_planned_on(ROSTER, day)} == expected


def test_holidays_plan_nobody_and_make_up_days_whoever_works_most_weekdays() -> None:
    office = row("4", "office", weekdays=frozenset({1, 2, 3, 4, 5}))
    days = {date(2026, 11, 21): DateUnlikeItsWeekday(kind="working"), FRIDAY: DateUnlikeItsWeekday(kind="holiday")}
    calendar = Calendar(days=days)
    changing = [row("5", f"weekday {n}", weekdays=frozenset({n})) for n in range(1, 7)]
    found = {r.window: r.staff for r in shifts_planned_on((*ROSTER, office, *changing), date(2026, 11, 21), calendar)}
    assert found == {"1": "every day", "2": "every day", "4": "office", "5": "weekday 1"}
    assert {r.staff for r in shifts_planned_on(ROSTER, FRIDAY, calendar)} == {"this Friday"}


def test_a_row_that_is_off_plans_nobody_and_a_break_is_no_time_at_the_window() -> None:
    off = RosterRow(window="1", staff="", start=0, end=0, date=FRIDAY, off=True)
    assert {r.window for r in shifts_planned_on((*ROSTER[:2], *ROSTER[3:], off), FRIDAY)} == {"2"}
    sits = RosterRow(window="1", staff="C1", start=510, end=1050, breaks=(ShiftBreak(start=690, minutes=40),))
    found = [sits.is_working_at(minute) for minute in (509, 510, 689, 690, 729, 730, 1049, 1050)]
    assert found == [False, True, True, False] * 2
