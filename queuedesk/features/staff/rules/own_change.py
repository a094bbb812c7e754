"""What may be said of somebody's own figure from one month to the next: no more than holds.

- The change is told by the months' own intervals (Newcombe's way with bounds, method 10: d − √((v − l)² + (u₀ − v₀)²)
  to d + √((u − v)² + (v₀ − l₀)²)); within it there is nothing but chance.
- After the own worst month the next is better and after the best it is worse whatever anybody does (regression to the
  mean). Such a month is back to usual where its interval meets what the other earlier months span.
- A month hangs on one day where without it the verdict or the change can't be told any more, and chance alone would
  make such a day among all of the month's in less than CHANCE_OF_A_DAY.
- Fewer than FEWEST rows are no month to speak of, and FEWEST_PERIODS earlier ones have to be known before anything is
  usual.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from math import sqrt
from operator import eq, ne
from statistics import NormalDist

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.appraisal import HANDLING
from queuedesk.core.figures.halls import AFTER_BEST, AFTER_WORST, CHANCE_OF_A_DAY, FEWEST_PERIODS, ONE_DAY
from queuedesk.core.figures.satisfaction import Z_95
from queuedesk.features.staff.rules.like_with_like import FEWEST
from queuedesk.features.staff.rules.person_sheet import (
    BETTER,
    CANNOT_TELL,
    WORSE,
    ItemResult,
    MonthRows,
    MonthSheets,
    item_of,
)

TOO_FEW_MONTHS = "too_few_months"
MONTHS_BEFORE = 5
"""So many months stand beside that which is read."""


class OwnChange(Struct, frozen=True, kw_only=True):
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


class _Figure(Struct, frozen=True):
    """A figure with its bounds."""

    value: float
    low: float
    high: float


def own_change(months: Sequence[MonthSheets], staff: str, code: str) -> OwnChange | None:
    """Return what may be said of the last of somebody's months, oldest first; None where there is nothing to say: too
    few rows in it or in the month before. `code` is satisfaction or handling."""
    shown = months[-1]
    now = _figure(shown.team.sheets[staff].item(code)) if staff in shown.team.sheets else None
    if now is None:
        return None
    earlier = [
        (one.first, _figure(one.team.sheets[staff].item(code))) for one in months[:-1] if staff in one.team.sheets
    ]
    known = [(first, one) for first, one in earlier if one is not None]
    at = (shown.first - timedelta(days=1)).replace(day=1)
    before = next((one for first, one in known if first == at), None)
    found = OwnChange(kind=CANNOT_TELL, code=code, now=now.value, before=(at, before.value) if before else None)
    if (hanging := _hangs_on(shown, staff, code, before)) is not None:
        day, rest = hanging
        return replace(found, kind=ONE_DAY, day=day, rest=rest)
    if before is None:
        return None
    way = _way(before, now, code)
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


def _figure(item: ItemResult, fewest: int = FEWEST) -> _Figure | None:
    if item.value is None or item.low is None or item.high is None or item.base < fewest:
        return None
    return _Figure(item.value, item.low, item.high)


def _way(before: _Figure, now: _Figure, code: str) -> str:
    change = now.value - before.value
    low = change - sqrt((now.value - now.low) ** 2 + (before.high - before.value) ** 2)
    high = change + sqrt((now.high - now.value) ** 2 + (before.value - before.low) ** 2)
    if low <= 0 <= high:
        return CANNOT_TELL
    return BETTER if (low > 0) == (code != HANDLING) else WORSE


# -- one day -----------------------------------------------------------------------------------------------------------


def _hangs_on(found: MonthSheets, staff: str, code: str, before: _Figure | None) -> tuple[date, float] | None:
    """Return the day without which nothing could be told of the month, with the figure of its other days."""
    scheme, rows = found.stood.scheme, found.rows
    whole = item_of(rows, scheme, staff, code)
    now = _figure(whole)
    told = whole.verdict in (BETTER, WORSE)
    way = CANNOT_TELL if now is None or before is None else _way(before, now, code)
    changed = way != CANNOT_TELL
    if now is None or not (told or changed):
        return None
    days = sorted(set(_days(rows, staff, code)))
    limit = NormalDist().inv_cdf(1 - CHANCE_OF_A_DAY / (2 * max(1, len(days))))
    hanging: list[tuple[float, date, float]] = []
    for day in days:
        rest_item = item_of(_own_only(rows, staff, partial(ne, day)), scheme, staff, code)
        rest = _figure(rest_item)
        if rest is None:
            continue
        still_told = rest_item.verdict == whole.verdict
        still_changed = before is not None and _way(before, rest, code) == way
        if (not told or still_told) and (not changed or still_changed):
            continue
        alone = _figure(item_of(_own_only(rows, staff, partial(eq, day)), scheme, staff, code), 1)
        if alone is not None and (apart := _apart(alone, rest)) >= limit:
            hanging.append((apart, day, rest.value))
    if not hanging:
        return None
    _apart_by, day, value = max(hanging)
    return day, value


def _apart(one: _Figure, rest: _Figure) -> float:
    """Return by how many standard deviations two figures differ."""
    if one.value > rest.value:
        half = sqrt((one.value - one.low) ** 2 + (rest.high - rest.value) ** 2)
    else:
        half = sqrt((one.high - one.value) ** 2 + (rest.value - rest.low) ** 2)
    return Z_95 * abs(one.value - rest.value) / half if half else 0.0


def _days(rows: MonthRows, staff: str, code: str) -> Iterator[date]:
    own = rows.handled if code == HANDLING else rows.ratings
    yield from (one.day for one in own if one.staff == staff)


def _own_only(rows: MonthRows, staff: str, counts: Callable[[date], bool]) -> MonthRows:
    """Return the rows with everybody else's, and of the own ones those whose date counts."""
    return replace(
        rows,
        handled=[one for one in rows.handled if one.staff != staff or counts(one.day)],
        ratings=[one for one in rows.ratings if one.staff != staff or counts(one.day)],
    )
