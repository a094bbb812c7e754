"""What somebody reads of the own work: the running day, the months, and what was said about it.

- The running day has no ratings: told one after the other they would say who was not content. They are in the month's
  sum from the next day on.
- The team's median of a day's visits is of those who finished any, from FEWEST_PEOPLE on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import fmean, median
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.appraisal import CASES, HANDLING, ORDER
from queuedesk.features.staff.rules.own_change import OwnChange
from queuedesk.features.staff.rules.person_sheet import FEWEST_PEOPLE, MonthRows, MonthSheets, PersonSheet, row_of, team

DAY_ITEMS = (HANDLING, ORDER, CASES)
"""What there is to say of a day: whether the roster was kept shows when it is over."""


class OwnDay(Struct, frozen=True, kw_only=True):
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
    day: OwnDay | None = None
    change: OwnChange | None = None
    named: Sequence[Mapping[str, Any]] = ()
    sessions: Sequence[Mapping[str, Any]] = ()
    minutes: int = 0
    wanted: int = 0

    @property
    def month(self) -> MonthSheets:
        return self.months[-1]

    @property
    def sheet(self) -> PersonSheet:
        return self.month.team.sheets[self.staff]


def own_day(found: MonthSheets, staff: str) -> OwnDay | None:
    """Return the last day of a month that runs, for `staff`, who reads the own one."""
    if found.is_over or found.version:
        return None
    day = found.last
    rows = _cut(found.rows, day, day)
    alone = replace(found, first=day, rows=rows, team=team(rows, found.stood.scheme, also=staff, own=True))
    visits = Counter(one.staff for one in rows.handled)
    middle = median(visits.values()) if len(visits) >= FEWEST_PEOPLE else None
    return OwnDay(day=day, month=alone, sheet=alone.team.sheets[staff], visits=visits[staff], median=middle)


def worked_days(found: MonthSheets, staff: str) -> list[WorkedDay]:
    """Return the days of a month on which somebody finished anything."""
    days = sorted({one.day for one in found.rows.handled if one.staff == staff})
    return [_worked(found, staff, day) for day in days]


def _worked(found: MonthSheets, staff: str, day: date) -> WorkedDay:
    own = [one for one in found.rows.handled if (one.staff, one.day) == (staff, day)]
    apart = set(found.team.sheets[staff].item(HANDLING).apart)
    known = [one.minutes for one in own if one.minutes is not None and row_of(one.day, one.label) not in apart]
    return WorkedDay(
        day=day,
        visits=len(own),
        minutes=fmean(known) if known else None,
        stalled=sum(one.stalled for one in own),
        redirects=sum((one.staff, one.day) == (staff, day) for one in found.rows.redirected),
    )


def up_to(found: MonthSheets, staff: str, day: date) -> MonthSheets:
    """Return a month with what was known at the end of `day`, for `staff`, who reads the own one; a month that was
    over then, or is closed, stays as it is."""
    if found.last <= day or found.version:
        return found
    rows = _cut(found.rows, found.first, day, ratings=True)
    return replace(found, last=day, rows=rows, team=team(rows, found.stood.scheme, also=staff, own=True))


def ended(found: MonthSheets, staff: str) -> MonthSheets:
    """Return a month that runs up to its last whole day."""
    return found if found.is_over else up_to(found, staff, found.last - timedelta(days=1))


def _cut(rows: MonthRows, first: date, last: date, *, ratings: bool = False) -> MonthRows:
    """Return the rows of some dates."""

    def among(day: date) -> bool:
        return first <= day <= last

    return replace(
        rows,
        first=first,
        last=last,
        handled=[one for one in rows.handled if among(one.day)],
        redirected=[one for one in rows.redirected if among(one.day)],
        ratings=[one for one in rows.ratings if ratings and among(one.day)],
        calls=[one for one in rows.calls if among(one.day)],
        cases=[one for one in rows.cases if among(one.due)],
        shifts=[one for one in rows.shifts if among(one.day)],
        thanks=[one for one in rows.thanks if among(one.day)],
        faults=[one for one in rows.faults if among(one.day)],
    )
