"""What somebody reads of the own work: the running day, the months, and what was said about it.

- The running day has no ratings: told one after the other they would say who was not content. They are in the month's
  sum from the next day on.
- The team's median of a day's visits is of those who finished any, from FEWEST_PEOPLE on.
- Of the own figure from one month to the next no more is said than holds. The change is told by the months' own
  intervals (Newcombe's way with bounds, method 10: d − √((v − l)² + (u₀ − v₀)²) to d + √((u − v)² + (v₀ − l₀)²));
  within it there is nothing but chance.
- After the own worst month the next is better and after the best it is worse whatever anybody does (regression to the
  mean). Such a month is back to usual where its interval meets what the other earlier months span.
- A month hangs on one day where without it the verdict or the change can't be told any more, and chance alone would
  make such a day among all of the month's in less than CHANCE_OF_A_DAY.
- Fewer than FEWEST rows are no month to speak of, and FEWEST_PERIODS earlier ones have to be known before anything is
  usual."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from math import sqrt
from operator import eq, ne
from statistics import NormalDist, fmean, median
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.appraisal import CASES, HANDLING, ORDER
from queuedesk.core.figures.halls import AFTER_BEST, AFTER_WORST, CHANCE_OF_A_DAY, FEWEST_PERIODS, ONE_DAY
from queuedesk.core.figures.satisfaction import Z_95
from queuedesk.features.staff.rules.person_sheet import (
    BETTER,
    CANNOT_TELL,
    FEWEST,
    FEWEST_PEOPLE,
    WORSE,
    MonthSheets,
    PersonSheet,
    SheetItemResult,
    TeamMonthRecords,
    sheet_item_result,
    team_sheets,
    ticket_row_name,
)

TOO_FEW_MONTHS = "too_few_months"
MONTHS_BEFORE = 5
"""So many months stand beside that which is read."""


class OwnMonthChange(Struct, frozen=True, kw_only=True):
    """What holds of a month: BETTER, WORSE, CANNOT_TELL, TOO_FEW_MONTHS; AFTER_BEST and AFTER_WORST are back to
    `usual`, the lowest and highest of the other earlier months; ONE_DAY hangs on `day`, `rest` is the figure without
    it. `before` is the month before with its figure."""

    kind: str
    code: str
    now: float
    before: tuple[date, float] | None = None
    usual: tuple[float, float] | None = None
    day: date | None = None
    rest: float | None = None


class _FigureWithChanceRange(Struct, frozen=True):
    value: float
    low: float
    high: float


def own_month_change(months: Sequence[MonthSheets], staff: str, code: str) -> OwnMonthChange | None:
    """Return what may be said of the last of somebody's months, oldest first; None where there is nothing to say: too
    few rows in it or in the month before. `code` is satisfaction or handling."""
    shown = months[-1]
    now = _figure_with_interval(shown.team.sheets[staff].result_for_item(code)) if staff in shown.team.sheets else None
    if now is None:
        return None
    earlier = [
        (one.first, _figure_with_interval(one.team.sheets[staff].result_for_item(code)))
        for one in months[:-1]
        if staff in one.team.sheets
    ]
    known = [(first, one) for first, one in earlier if one is not None]
    at = (shown.first - timedelta(days=1)).replace(day=1)
    before = next((one for first, one in known if first == at), None)
    found = OwnMonthChange(kind=CANNOT_TELL, code=code, now=now.value, before=(at, before.value) if before else None)
    if (hanging := _decisive_day(shown, staff, code, before)) is not None:
        day, rest = hanging
        return replace(found, kind=ONE_DAY, day=day, rest=rest)
    if before is None:
        return None
    way = _better_or_worse_verdict(before, now, code)
    if way == CANNOT_TELL:
        return found
    others = [one.value for first, one in known if first != at]
    if len(known) < FEWEST_PERIODS:
        return replace(found, kind=TOO_FEW_MONTHS)
    usual = min(others), max(others)
    beyond = before.value > usual[1] if (way == BETTER) == (code == HANDLING) else before.value < usual[0]
    if beyond and now.low <= usual[1] and now.high >= usual[0]:
        return replace(found, kind=AFTER_WORST if way == BETTER else AFTER_BEST, usual=usual)
    return replace(found, kind=way)


def _figure_with_interval(item: SheetItemResult, fewest: int = FEWEST) -> _FigureWithChanceRange | None:
    if item.value is None or item.low is None or item.high is None or item.base_row_count < fewest:
        return None
    return _FigureWithChanceRange(item.value, item.low, item.high)


def _better_or_worse_verdict(before: _FigureWithChanceRange, now: _FigureWithChanceRange, code: str) -> str:
    change = now.value - before.value
    low = change - sqrt((now.value - now.low) ** 2 + (before.high - before.value) ** 2)
    high = change + sqrt((now.high - now.value) ** 2 + (before.value - before.low) ** 2)
    if low <= 0 <= high:
        return CANNOT_TELL
    return BETTER if (low > 0) == (code != HANDLING) else WORSE


# -- one day -----------------------------------------------------------------------------------------------------------


def _decisive_day(
    found: MonthSheets, staff: str, code: str, before: _FigureWithChanceRange | None
) -> tuple[date, float] | None:
    """Return the day without which nothing could be told of the month, with the figure of its other days."""
    scheme, rows = found.stood.scheme, found.rows
    whole = sheet_item_result(rows, scheme, staff, code)
    now = _figure_with_interval(whole)
    told = whole.verdict in (BETTER, WORSE)
    way = CANNOT_TELL if now is None or before is None else _better_or_worse_verdict(before, now, code)
    changed = way != CANNOT_TELL
    if now is None or not (told or changed):
        return None
    days = sorted(set(_dates_of_rows(rows, staff, code)))
    limit = NormalDist().inv_cdf(1 - CHANCE_OF_A_DAY / (2 * max(1, len(days))))
    hanging: list[tuple[float, date, float]] = []
    for day in days:
        rest_item = sheet_item_result(
            _team_rows_with_own_dates_filtered(rows, staff, partial(ne, day)), scheme, staff, code
        )
        rest = _figure_with_interval(rest_item)
        if rest is None:
            continue
        still_told = rest_item.verdict == whole.verdict
        still_changed = before is not None and _better_or_worse_verdict(before, rest, code) == way
        if (not told or still_told) and (not changed or still_changed):
            continue
        alone = _figure_with_interval(
            sheet_item_result(_team_rows_with_own_dates_filtered(rows, staff, partial(eq, day)), scheme, staff, code), 1
        )
        if alone is not None and (apart := _deviations_apart(alone, rest)) >= limit:
            hanging.append((apart, day, rest.value))
    if not hanging:
        return None
    _apart_by, day, value = max(hanging)
    return day, value


def _deviations_apart(one: _FigureWithChanceRange, rest: _FigureWithChanceRange) -> float:
    """Return by how many standard deviations two figures differ."""
    if one.value > rest.value:
        half = sqrt((one.value - one.low) ** 2 + (rest.high - rest.value) ** 2)
    else:
        half = sqrt((one.high - one.value) ** 2 + (rest.value - rest.low) ** 2)
    return Z_95 * abs(one.value - rest.value) / half if half else 0.0


def _dates_of_rows(rows: TeamMonthRecords, staff: str, code: str) -> Iterator[date]:
    own = rows.handled if code == HANDLING else rows.ratings
    yield from (one.day for one in own if one.staff == staff)


def _team_rows_with_own_dates_filtered(
    rows: TeamMonthRecords, staff: str, counts: Callable[[date], bool]
) -> TeamMonthRecords:
    """Return the rows with everybody else's, and of the own ones those whose date counts."""
    return replace(
        rows,
        handled=[one for one in rows.handled if one.staff != staff or counts(one.day)],
        ratings=[one for one in rows.ratings if one.staff != staff or counts(one.day)],
    )


DAY_ITEMS = (HANDLING, ORDER, CASES)
"""What there is to say of a day: whether the roster was kept shows when it is over."""


class OwnRunningDay(Struct, frozen=True, kw_only=True):
    """The running day up to now: `month` holds its rows alone; `visits` were finished, `median` by the team's people,
    None where they are too few."""

    day: date
    month: MonthSheets
    sheet: PersonSheet
    visits: int
    median: float | None


class WorkedDay(Struct, frozen=True, kw_only=True):
    """A day that is over: `visits` finished, `minutes` their mean without what was taken out, None where none has a
    time; `stalled` are minutes of other systems, `redirects` customers who were at the wrong window."""

    day: date
    visits: int
    minutes: float | None
    stalled: float
    redirects: int


class OwnWork(Struct, frozen=True, kw_only=True):
    """Six `months` of `staff`, oldest first; the last is read, up to yesterday where it runs, `whole` is the same with
    today. `day` is there while that month runs. `named` are the needs of training for which the person was named in
    it, `sessions` the training attended in it, both as documents, `minutes` their sum, `wanted` of a month, 0 where the
    hall wants none."""

    staff: str
    months: Sequence[MonthSheets]
    whole: MonthSheets
    day: OwnRunningDay | None = None
    change: OwnMonthChange | None = None
    named: Sequence[Mapping[str, Any]] = ()
    sessions: Sequence[Mapping[str, Any]] = ()
    minutes: int = 0
    wanted: int = 0

    @property
    def newest_month_sheets(self) -> MonthSheets:
        return self.months[-1]

    @property
    def newest_own_sheet(self) -> PersonSheet:
        return self.newest_month_sheets.team.sheets[self.staff]


def own_running_day(found: MonthSheets, staff: str) -> OwnRunningDay | None:
    """Return the last day of a month that runs, for `staff`, who reads the own one."""
    if found.is_over or found.version:
        return None
    day = found.last
    rows = _team_records_between_dates(found.rows, day, day)
    alone = replace(found, first=day, rows=rows, team=team_sheets(rows, found.stood.scheme, also=staff, own=True))
    visits = Counter(one.staff for one in rows.handled)
    middle = median(visits.values()) if len(visits) >= FEWEST_PEOPLE else None
    return OwnRunningDay(day=day, month=alone, sheet=alone.team.sheets[staff], visits=visits[staff], median=middle)


def worked_days(found: MonthSheets, staff: str) -> list[WorkedDay]:
    """Return the days of a month on which somebody finished anything."""
    days = sorted({one.day for one in found.rows.handled if one.staff == staff})
    return [_worked_day(found, staff, day) for day in days]


def _worked_day(found: MonthSheets, staff: str, day: date) -> WorkedDay:
    own = [one for one in found.rows.handled if (one.staff, one.day) == (staff, day)]
    apart = set(found.team.sheets[staff].result_for_item(HANDLING).apart)
    known = [one.minutes for one in own if one.minutes is not None and ticket_row_name(one.day, one.label) not in apart]
    return WorkedDay(
        day=day,
        visits=len(own),
        minutes=fmean(known) if known else None,
        stalled=sum(one.stalled for one in own),
        redirects=sum((one.staff, one.day) == (staff, day) for one in found.rows.redirected),
    )


def month_as_of_day(found: MonthSheets, staff: str, day: date) -> MonthSheets:
    """Return a month with what was known at the end of `day`, for `staff`, who reads the own one; a month that was
    over then, or is closed, stays as it is."""
    if found.last <= day or found.version:
        return found
    rows = _team_records_between_dates(found.rows, found.first, day, ratings=True)
    return replace(found, last=day, rows=rows, team=team_sheets(rows, found.stood.scheme, also=staff, own=True))


def month_sheets_to_last_whole_day(found: MonthSheets, staff: str) -> MonthSheets:
    """Return a month that runs up to its last whole day."""
    return found if found.is_over else month_as_of_day(found, staff, found.last - timedelta(days=1))


def _team_records_between_dates(
    rows: TeamMonthRecords, first: date, last: date, *, ratings: bool = False
) -> TeamMonthRecords:
    """Return the rows of some dates."""

    def is_in_dates(day: date) -> bool:
        return first <= day <= last

    return replace(
        rows,
        first=first,
        last=last,
        handled=[one for one in rows.handled if is_in_dates(one.day)],
        redirected=[one for one in rows.redirected if is_in_dates(one.day)],
        ratings=[one for one in rows.ratings if ratings and is_in_dates(one.day)],
        calls=[one for one in rows.calls if is_in_dates(one.day)],
        cases=[one for one in rows.cases if is_in_dates(one.due)],
        shifts=[one for one in rows.shifts if is_in_dates(one.day)],
        thanks=[one for one in rows.thanks if is_in_dates(one.day)],
        faults=[one for one in rows.faults if is_in_dates(one.day)],
    )
