"""Changes a roster row by row and refuses what is impossible, such as one person at two windows."""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from msgspec import Struct

from queuedesk.core.network.roles import MAY
from queuedesk.core.setup import field_kinds
from queuedesk.core.setup.hall import NO_DAYS, Calendar
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.time_of_day import clock_text, weekdays_from_text
from queuedesk.core.staffing.roster import RosterRow, shifts_planned_on

Row = Mapping[str, Any]
TWO_PEOPLE, TWO_WINDOWS, NO_SKILL, BREAKS_MEET = "two_people", "two_windows", "no_skill", "breaks_meet"
DAY_CLOSED = "day_closed"
_MONDAY = clock.date(2024, 1, 1)


class RosterConflict(Struct, frozen=True, kw_only=True):
    """A contradiction in a roster: `what` is one of the words above. `day` is the date if only that date has it, else
    None with the `weekday` (1–7)."""

    what: str
    window: str
    staff: str
    other: str = ""
    day: clock.date | None = None
    weekday: int = 0
    start: int = 0
    end: int = 0

    def refusal_details(self) -> dict[str, object]:
        """Return it as the details of a refusal."""
        return {
            "what": self.what,
            "window": self.window,
            "staff": self.staff,
            "other": self.other,
            "day": self.day,
            "weekday": self.weekday,
            "start": clock_text(self.start),
            "end": clock_text(self.end),
        }


def roster_rows_of_setup(setup: Setup) -> list[Row]:
    """Return the roster's rows as the set-up file has them."""
    return list(setup.document.get("roster", ()))


def row_date_or_weekday_numbers(row: Row) -> str:
    """Return the days of a row: a date, weekdays as "1,2,3", or "" for every day; rows with the same days exist side by
    side."""
    if row.get("date"):
        return str(row["date"])
    if row.get("weekday"):
        return ",".join(str(day) for day in sorted(weekdays_from_text(str(row["weekday"]))))
    return ""


def rows_with_row_replacing_overlaps(rows: Sequence[Row], row: Row) -> list[Row]:
    """Return `rows` with `row` added, replacing those at its window on the same days with overlapping hours."""
    kept: list[Row] = []
    at = None
    for other in rows:
        if _is_replaced_by(other, row):
            at = len(kept) if at is None else at
        else:
            kept.append(other)
    kept.insert(len(kept) if at is None else at, row)
    return kept


def rows_without_window_days(rows: Sequence[Row], window: str, days: str) -> list[Row]:
    """Return `rows` except those at `window` on those days, in the form of row_date_or_weekday_numbers()."""
    return [row for row in rows if row["window"] != window or row_date_or_weekday_numbers(row) != days]


def roster_conflicts(setup: Setup, rows: Sequence[Row]) -> list[RosterConflict]:
    """Return a roster's contradictions, each once, in the order of weekdays and then dates."""
    roster = [field_kinds.read_row(RosterRow, row) for row in rows]
    found: dict[tuple[str, str, str, str, int, int], RosterConflict] = {}
    for day, one_date in _roster_dates_to_check(roster):
        for conflict in (
            *_conflicts_of_single_rows(setup, roster, day, one_date),
            *_double_booking_conflicts(setup, roster, day, one_date),
        ):
            key = (conflict.what, conflict.window, conflict.staff, conflict.other, conflict.start, conflict.end)
            found.setdefault(key, conflict)
    return list(found.values())


def first_new_conflict(setup: Setup, before: Sequence[Row], after: Sequence[Row]) -> RosterConflict | None:
    known = {_conflict_identity(one) for one in roster_conflicts(setup, before)}
    return next((one for one in roster_conflicts(setup, after) if _conflict_identity(one) not in known), None)


def can_serve_at_window(setup: Setup, window: str, staff: str) -> bool:
    """Return whether somebody can serve anything at a window: a guide calls nobody."""
    person = setup.staff.get(staff)
    return person is not None and "call" in MAY[person.role] and bool(setup.services_at_window(window, staff))


def _conflict_identity(one: RosterConflict) -> tuple[object, ...]:
    return (one.what, one.window, one.staff, one.other, one.start, one.end)


def _is_replaced_by(other: Row, row: Row) -> bool:
    if other["window"] != row["window"] or row_date_or_weekday_numbers(other) != row_date_or_weekday_numbers(row):
        return False
    if row.get("off") or other.get("off"):
        return True
    mine, its = field_kinds.read_row(RosterRow, row), field_kinds.read_row(RosterRow, other)
    return mine.start < its.end and its.start < mine.end


def _roster_dates_to_check(roster: Sequence[RosterRow]) -> Iterator[tuple[clock.date, clock.date | None]]:
    """Yield a date for each weekday, with rows for single dates left aside, then each date that has rows of its own."""
    for ahead in range(7):
        yield _MONDAY + clock.timedelta(days=ahead), None
    for day in sorted({row.date for row in roster if row.date is not None}):
        yield day, day


def _conflicts_of_single_rows(
    setup: Setup, roster: Sequence[RosterRow], day: clock.date, one_date: clock.date | None
) -> Iterator[RosterConflict]:
    rows = _shifts_planned_on_day(setup, roster, day, one_date)
    where: dict[str, Any] = {"day": one_date, "weekday": 0 if one_date else day.isoweekday()}
    for row in rows:
        if one_date is not None and row.date == one_date and setup.calendar.is_closed(one_date):
            yield RosterConflict(
                what=DAY_CLOSED, window=row.window, staff=row.staff, start=row.start, end=row.end, **where
            )
        if not can_serve_at_window(setup, row.window, row.staff):
            yield RosterConflict(
                what=NO_SKILL, window=row.window, staff=row.staff, start=row.start, end=row.end, **where
            )
        for pause, following in combinations(sorted(row.breaks, key=lambda each: each.start), 2):
            end = pause.start + pause.minutes
            if following.start < end:
                yield RosterConflict(
                    what=BREAKS_MEET, window=row.window, staff=row.staff, start=following.start, end=end, **where
                )
    for one, other in combinations(rows, 2):
        if one.window == other.window and (span := _common_span(one, other)):
            yield RosterConflict(
                what=TWO_PEOPLE,
                window=one.window,
                staff=one.staff,
                other=other.staff,
                start=span[0],
                end=span[1],
                **where,
            )


def _double_booking_conflicts(
    setup: Setup, roster: Sequence[RosterRow], day: clock.date, one_date: clock.date | None
) -> Iterator[RosterConflict]:
    where: dict[str, Any] = {"day": one_date, "weekday": 0 if one_date else day.isoweekday()}
    for one, other in combinations(_shifts_planned_on_day(setup, roster, day, one_date), 2):
        if one.staff == other.staff and one.window != other.window and (span := _common_span(one, other)):
            yield RosterConflict(
                what=TWO_WINDOWS,
                window=one.window,
                staff=one.staff,
                other=other.window,
                start=span[0],
                end=span[1],
                **where,
            )


def _shifts_planned_on_day(
    setup: Setup, roster: Sequence[RosterRow], day: clock.date, one_date: clock.date | None
) -> list[RosterRow]:
    calendar = NO_DAYS if one_date is None else setup.calendar
    return shifts_planned_on([row for row in roster if row.date is None or row.date == one_date], day, calendar)


def _common_span(one: RosterRow, other: RosterRow) -> tuple[int, int] | None:
    start, end = max(one.start, other.start), min(one.end, other.end)
    return (start, end) if start < end else None


def roster_rows_on_day(rows: Sequence[Row], day: clock.date, calendar: Calendar = NO_DAYS) -> list[Row]:
    """Return the rows in force on `day`."""
    read = [(field_kinds.read_row(RosterRow, row), row) for row in rows]
    standing = {id(one) for one in shifts_planned_on([one for one, _row in read], day, calendar)}
    return [row for one, row in read if id(one) in standing]


def roster_with_window_shifts(
    rows: Sequence[Row], window: str, days: str, day: clock.date, shifts: Sequence[Row]
) -> list[Row]:
    """Return `rows` changed so that a window has exactly these shifts on `days`, in the form of
    row_date_or_weekday_numbers(), of which `day` is one.

    Rows of that window that name those days as precisely or more so are removed: for `day` itself, and weekdays one by
    one. Without shifts a row that is `off` keeps other rows from planning somebody."""
    single = len(days) == len("2026-11-20")
    asked = frozenset(range(1, 8)) if not days else frozenset() if single else weekdays_from_text(days)
    kept: list[Row] = []
    for row in rows:
        if row["window"] != window:
            kept.append(row)
        elif row.get("date"):
            if row["date"] != day.isoformat():
                kept.append(row)
        elif row.get("weekday"):
            left = weekdays_from_text(str(row["weekday"])) - asked
            if left:
                kept.append({**row, "weekday": ",".join(str(each) for each in sorted(left))} if asked else row)
        elif days:
            kept.append(row)
    of_days: dict[str, str] = {"date": days} if single else {"weekday": days} if days else {}
    plain = [{key: value for key, value in row.items() if key not in ("date", "weekday")} for row in shifts]
    if not plain and days and any(row["window"] == window for row in roster_rows_on_day(kept, day)):
        return [*kept, {"window": window, **of_days, "off": True}]
    return [*kept, *({"window": window, **of_days, **row} for row in plain)]
