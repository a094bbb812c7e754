"""A month of everybody's work by the hall's scheme: figures, points, and what chance alone could have done to them.

- satisfaction: satisfied ÷ all ratings of the person's customers that count. handling: the person's minutes ÷ those
  that the hall's others needed for the same services and items, waits for other systems and time set aside left out,
  wrong windows too. order: calls of somebody who was not next, without a reason. cases: answered until their day, of
  those whose day came in the month. shifts: begun in time, of those that the roster wanted.
- Like is compared with like by indirect standardization: E = Σ nₛ·(others' figure of s), s the services (of handling
  the items where the others have FEWEST_ALIKE or more, else the service). What nobody else does is in neither side.
  (N. E. Breslow, N. E. Day, Statistical Methods in Cancer Research II, 1987, ch. 2.)
- A difference of shares is Σ wₛ(pₛ − qₛ), wₛ = nₛ ÷ Σn, with the variance Σ wₛ²·p̄ₛ(1 − p̄ₛ)(1/nₛ + 1/mₛ), p̄ₛ of both
  together (W. G. Cochran, Some methods for strengthening the common χ² tests, Biometrics 10, 1954). The ratio T ÷ E of
  minutes has √(Σ nₛvₛ + (T/E)²·Σ nₛ²vₛ/mₛ) ÷ E, vₛ the variance of the others' minutes. Under FEWEST rows on either
  side nothing is compared.
- An item of which there is nothing to count has no points, and its weight goes to the others in proportion: total by
  weight = 100·Σ points ÷ Σ weights of what is known. What is counted whole (calls, shifts) leaves nothing to chance.
- chance: ±1.96·√Σ(points per unit·√(p(1 − p)/n))² round the team's median: the binomial variance of each share with
  the hall's share p, and the ratio's own; items are taken as independent. Points that have reached their end move less
  than that, so that the span is rather too wide than too narrow.
- A row that a second person has excluded (`dispute`) is in nobody's figure, neither the own nor the others'.
- Nobody with fewer than FEWEST ratings is compared or counted in the team's median, and there is no median of fewer
  than FEWEST_PEOPLE: of two, one could work out the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from math import sqrt
from statistics import fmean, median, variance
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.appraisal.dispute import FAULTS, PRAISE, Dispute
from queuedesk.core.appraisal.scheme import CASES, HANDLING, ITEMS, ORDER, SATISFACTION, SHIFTS, WHOLE, Scheme
from queuedesk.core.figures.satisfaction import FEWEST_RANKED, Z_95, rate

FEWEST = FEWEST_RANKED
FEWEST_PEOPLE = 3
FEWEST_ALIKE = 5
"""An item of which the others have fewer visits is compared as its service (our figure)."""
FEWEST_TOLD = 5
"""Under this number of ratings nobody learns the own share, and while the month runs it moves after so many more: each
alone would say who was not content."""
LATE_MINUTES = 10
"""A shift is begun in time up to so long after the roster's start (our figure)."""

BETTER, WORSE, CANNOT_TELL, TOO_FEW = "better", "worse", "cannot_tell", "too_few"
MET, NOT_MET = "met", "not_met"
ABOVE, BELOW = "above", "below"
"""What is said of an item and of a total."""
NONE_RATED, NONE_HANDLED, NO_OTHERS, NONE_CALLED = "none_rated", "none_handled", "no_others", "none_called"
NONE_DUE, NONE_PLANNED, NOT_HERE, FEW_TOLD = "none_due", "none_planned", "not_here", "few_ratings"
"""Why an item has no figure."""


class Handled(NamedTuple):
    """A step that was finished at a window. `minutes` are without what other systems and time set aside took, which
    `stalled` and `held` say; None where the figures leave its times out."""

    day: date
    label: str
    staff: str
    service: str
    item: str
    minutes: float | None
    held: float
    stalled: float


class Redirected(NamedTuple):
    """A customer who was at the wrong window."""

    day: date
    label: str
    staff: str


class Given(NamedTuple):
    """A rating; `counts` unless a correction excluded it."""

    day: date
    label: str
    staff: str
    service: str
    satisfied: bool
    counts: bool


class Called(NamedTuple):
    """A call; `jumped` where somebody else was next and no reason was given."""

    day: date
    label: str
    staff: str
    jumped: bool


class Due(NamedTuple):
    """A case whose answer was due; `owner` when it was answered, or on that day."""

    number: str
    owner: str
    due: date
    in_time: bool


class Planned(NamedTuple):
    """A shift of the roster; `begun` is how many minutes after its start a window was opened, None where none was."""

    day: date
    staff: str
    begun: int | None


class Noted(NamedTuple):
    """Thanks to somebody, or what somebody had to put right and did not in time."""

    seq: int
    staff: str
    day: date


class MonthRows(Struct, frozen=True, kw_only=True):
    """The rows of a month, of everybody. `reads_ratings`: whether this PC's login is told how customers rated; `first`
    and `last` are its dates, `last` no later than today; `disputes` are about its rows, whatever was decided."""

    first: date
    last: date
    handled: Sequence[Handled] = ()
    redirected: Sequence[Redirected] = ()
    ratings: Sequence[Given] = ()
    reads_ratings: bool = True
    calls: Sequence[Called] = ()
    cases: Sequence[Due] = ()
    shifts: Sequence[Planned] = ()
    thanks: Sequence[Noted] = ()
    faults: Sequence[Noted] = ()
    disputes: Sequence[Dispute] = ()


class ItemResult(Struct, frozen=True, kw_only=True):
    """An item of somebody's sheet.

    `value` is a share in 0..1, a ratio (handling) or a count (order), of `n` and `of`; None with `why`. `low` and
    `high` bound the value. `hall` is what the others come to with the same mix, `hall_n` of how many, `difference` the
    value less it with its bounds. `chance` is one standard deviation of the points, 0 where nothing is left to chance.
    `rows` are those behind the figure, `apart` those that were left out of it; `median` is the team's.
    """

    code: str
    weight: int
    value: float | None = None
    n: int = 0
    of: int = 0
    low: float | None = None
    high: float | None = None
    hall: float | None = None
    hall_n: int = 0
    difference: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None
    verdict: str | None = None
    points: float | None = None
    chance: float = 0.0
    why: str | None = None
    rows: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    median: float | None = None

    @property
    def is_known(self) -> bool:
        return self.points is not None


class PersonSheet(Struct, frozen=True, kw_only=True):
    """Somebody's sheet. `by_weight` is of 100, `total` with praise and faults; None where nothing is known. `low` and
    `high` are what chance alone allows round the team's `median`; `verdict` is ABOVE, BELOW, CANNOT_TELL or TOO_FEW,
    None where there is no median. `stalled` are the minutes of other systems that were taken out."""

    staff: str
    items: tuple[ItemResult, ...]
    known_weight: int
    by_weight: float | None
    praise: tuple[str, ...]
    praise_points: float
    faults: tuple[str, ...]
    fault_points: float
    total: float | None
    deposit: float | None
    ratings: int
    redirects: tuple[str, ...] = ()
    stalled: float = 0.0
    median: float | None = None
    low: float | None = None
    high: float | None = None
    verdict: str | None = None

    def item(self, code: str) -> ItemResult:
        return self.items[ITEMS.index(code)]

    @property
    def chance(self) -> float:
        """One standard deviation of the total, as far as chance makes it."""
        spread = sqrt(sum(one.chance**2 for one in self.items if one.is_known))
        return WHOLE * spread / self.known_weight if self.known_weight else 0.0


class Team(Struct, frozen=True, kw_only=True):
    """The sheets of everybody who finished anything or was rated in the month, by code; `compared` are those in the
    median."""

    sheets: Mapping[str, PersonSheet]
    median: float | None
    compared: tuple[str, ...]


class StoodScheme(Struct, frozen=True, kw_only=True):
    """A scheme, which of the hall's it is from 1 on, and since when; None where the hall never changed the usual
    one."""

    scheme: Scheme
    number: int
    since: date | None


class MonthSheets(Struct, frozen=True, kw_only=True):
    """The sheets of a month, `last` its end or today; `own` is who reads the own one alone, "" who reads all. `notes`
    are those of disputes, by what the log holds of them. `version` is the one in which the month was `closed`, 0 for as
    it stands now; there are so many `versions`; `later` are rows that were excluded since and still count in it.
    `unnamed` are the month's events that name no person."""

    first: date
    last: date
    is_over: bool
    stood: StoodScheme
    rows: MonthRows
    team: Team
    own: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    versions: int = 0
    closed: datetime | None = None
    closed_by: str = ""
    later: tuple[Dispute, ...] = ()
    unnamed: int = 0

    def later_of(self, staff: str) -> list[Dispute]:
        """Return the rows of somebody's sheet that were excluded after the month was closed."""
        return [one for one in self.later if one.staff == staff]


def row_of(day: date, label: str) -> str:
    """Return the name of a ticket's row."""
    return f"{day.isoformat()} {label}"


def team(rows: MonthRows, scheme: Scheme, *, also: str = "", own: bool = False) -> Team:
    """Return everybody's sheet, that of `also` in any case; where that is its `own` reader, ratings are told from
    FEWEST_TOLD on."""
    there = {one.staff for one in rows.handled} | {one.staff for one in rows.ratings}
    rows = _without_excluded(rows)
    people = sorted(there | ({also} if also else set()))
    sheets = {code: _sheet(rows, scheme, code) for code in people}
    whole = {code: one for code, one in sheets.items() if one.total is not None and one.ratings >= FEWEST}
    compared = tuple(whole) if len(whole) >= FEWEST_PEOPLE else ()
    middle = median(_total(one) for one in whole.values()) if compared else None
    medians = {code: _median(sheets.values(), code) for code in ITEMS}
    if own and rows.reads_ratings and sheets[also].ratings < FEWEST_TOLD:
        sheets[also] = _sheet(rows, scheme, also, untold=True)
    return Team(
        sheets={code: _judged(one, middle, medians) for code, one in sheets.items()}, median=middle, compared=compared
    )


def told_ratings(ratings: Iterable[Given], *, today: date, is_over: bool) -> list[Given]:
    """Return the ratings of which somebody is told who reads the own sheet: all of a month that is over, else of each
    person those before today, FEWEST_TOLD at a time."""
    known: dict[str, list[Given]] = defaultdict(list)
    for one in ratings:
        if one.day < today:
            known[one.staff].append(one)
    if is_over:
        return [one for given in known.values() for one in given]
    return [one for given in known.values() for one in given[: len(given) // FEWEST_TOLD * FEWEST_TOLD]]


def item_of(rows: MonthRows, scheme: Scheme, staff: str, code: str) -> ItemResult:
    """Return somebody's satisfaction or handling alone, as `team` counts it."""
    rows = _without_excluded(rows)
    if code == HANDLING:
        return _handling(rows.handled, scheme, staff)
    return _satisfaction(rows, scheme, staff, untold=False)


def _total(sheet: PersonSheet) -> float:
    assert sheet.total is not None
    return sheet.total


def _median(sheets: Iterable[PersonSheet], code: str) -> float | None:
    fewest = FEWEST if code in (SATISFACTION, HANDLING) else 1
    items = [one.item(code) for one in sheets]
    known = [one.value for one in items if one.value is not None and one.of >= fewest]
    return median(known) if len(known) >= FEWEST_PEOPLE else None


def _judged(sheet: PersonSheet, middle: float | None, medians: Mapping[str, float | None]) -> PersonSheet:
    items = tuple(replace(one, median=medians[one.code]) for one in sheet.items)
    found = replace(sheet, items=items, median=middle)
    if sheet.total is None or sheet.item(SATISFACTION).why == NOT_HERE:
        return found
    if sheet.ratings < FEWEST:
        return replace(found, verdict=TOO_FEW)
    if middle is None:
        return found
    half = Z_95 * sheet.chance
    low, high = max(0.0, middle - half), min(float(WHOLE), middle + half)
    verdict = BELOW if sheet.total < low else ABOVE if sheet.total > high else CANNOT_TELL
    return replace(found, low=low, high=high, verdict=verdict)


def _sheet(rows: MonthRows, scheme: Scheme, staff: str, *, untold: bool = False) -> PersonSheet:
    counted = (
        _satisfaction(rows, scheme, staff, untold=untold),
        _handling(rows.handled, scheme, staff),
        _order(rows.calls, scheme, staff),
        _cases(rows.cases, scheme, staff),
        _shifts(rows.shifts, scheme, staff),
    )
    items = tuple(_with_excluded(item, rows.disputes, staff) for item in counted)
    praise = tuple(str(one.seq) for one in rows.thanks if one.staff == staff)
    faults = tuple(str(one.seq) for one in rows.faults if one.staff == staff)
    praise_points = min(scheme.praise_cap, scheme.praise * len(praise))
    fault_points = min(scheme.fault_cap, scheme.fault * len(faults))
    known = [one for one in items if one.points is not None and one.weight]
    weight = sum(one.weight for one in known)
    by_weight = WHOLE * sum(one.points or 0.0 for one in known) / weight if weight else None
    total = None if by_weight is None else min(float(WHOLE), max(0.0, by_weight + praise_points - fault_points))
    return PersonSheet(
        staff=staff,
        items=items,
        known_weight=weight,
        by_weight=by_weight,
        praise=praise,
        praise_points=praise_points,
        faults=faults,
        fault_points=fault_points,
        total=total,
        deposit=None if total is None else scheme.deposit_of(total),
        ratings=sum(one.counts and one.staff == staff for one in rows.ratings),
        redirects=tuple(row_of(one.day, one.label) for one in rows.redirected if one.staff == staff),
        stalled=sum(one.stalled for one in rows.handled if one.staff == staff),
    )


def _without_excluded(rows: MonthRows) -> MonthRows:
    """Return the rows that count: ratings and visits stay to be named among those that were left out."""
    out = {one.key for one in rows.disputes if one.excluded}
    if not out:
        return rows

    def excludes(staff: str, item: str, name: str) -> bool:
        return (staff, item, name) in out

    return replace(
        rows,
        ratings=[
            one._replace(counts=one.counts and not excludes(one.staff, SATISFACTION, row_of(one.day, one.label)))
            for one in rows.ratings
        ],
        handled=[
            one._replace(minutes=None) if excludes(one.staff, HANDLING, row_of(one.day, one.label)) else one
            for one in rows.handled
        ],
        calls=[one for one in rows.calls if not excludes(one.staff, ORDER, row_of(one.day, one.label))],
        cases=[one for one in rows.cases if not excludes(one.owner, CASES, one.number)],
        shifts=[one for one in rows.shifts if not excludes(one.staff, SHIFTS, one.day.isoformat())],
        thanks=[one for one in rows.thanks if not excludes(one.staff, PRAISE, str(one.seq))],
        faults=[one for one in rows.faults if not excludes(one.staff, FAULTS, str(one.seq))],
    )


def _with_excluded(item: ItemResult, disputes: Sequence[Dispute], staff: str) -> ItemResult:
    """Return an item with the rows that were excluded among those left out, where they are not there yet."""
    own = [one.name for one in disputes if one.excluded and (one.staff, one.item) == (staff, item.code)]
    more = tuple(name for name in dict.fromkeys(own) if name and name not in item.apart)
    return replace(item, apart=(*item.apart, *more)) if more else item


# -- like with like ----------------------------------------------------------------------------------------------------


class _Stratum(Struct):
    """What is compared with what: own values and the others'."""

    own: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)

    def put(self, value: float, *, is_own: bool) -> None:
        (self.own if is_own else self.others).append(value)


def _verdict(low: float, high: float, *, more: bool) -> str:
    if low <= 0 <= high:
        return CANNOT_TELL
    return BETTER if (low > 0) == more else WORSE


def _satisfaction(rows: MonthRows, scheme: Scheme, staff: str, *, untold: bool) -> ItemResult:
    weighing = scheme.satisfaction
    blank = ItemResult(code=SATISFACTION, weight=weighing.weight)
    if untold or not rows.reads_ratings:
        return replace(blank, why=FEW_TOLD if untold else NOT_HERE)
    own = [one for one in rows.ratings if one.staff == staff]
    counted = [one for one in own if one.counts]
    apart = tuple(row_of(one.day, one.label) for one in own if not one.counts)
    if not counted:
        return replace(blank, why=NONE_RATED, apart=apart)
    good = sum(one.satisfied for one in counted)
    found = rate(good, len(counted) - good)
    strata: dict[str, _Stratum] = defaultdict(_Stratum)
    for one in rows.ratings:
        if one.counts:
            strata[one.service].put(one.satisfied, is_own=one.staff == staff)
    share = good / len(counted)
    compared = _with_others(
        replace(
            blank,
            value=share,
            n=good,
            of=len(counted),
            low=found.low,
            high=found.high,
            points=weighing.points(WHOLE * share),
            rows=tuple(row_of(one.day, one.label) for one in counted),
            apart=apart,
        ),
        list(strata.values()),
    )
    usual = compared.hall if compared.hall is not None else share
    spread = sqrt(usual * (1 - usual) / len(counted))
    return replace(compared, chance=weighing.steepness * WHOLE * spread)


def _with_others(item: ItemResult, strata: Sequence[_Stratum]) -> ItemResult:
    """Return an item of a share with what the others come to with the same mix."""
    both = [one for one in strata if one.own and one.others]
    n, m = sum(len(one.own) for one in both), sum(len(one.others) for one in both)
    if not both:
        return replace(item, verdict=TOO_FEW)
    hall = sum(len(one.own) * fmean(one.others) for one in both) / n
    found = replace(item, hall=hall, hall_n=m, verdict=TOO_FEW)
    if n < FEWEST or m < FEWEST:
        return found
    difference = sum(sum(one.own) for one in both) / n - hall
    spread = 0.0
    for one in both:
        share = fmean([*one.own, *one.others])
        spread += (len(one.own) / n) ** 2 * share * (1 - share) * (1 / len(one.own) + 1 / len(one.others))
    half = Z_95 * sqrt(spread)
    return replace(
        found,
        difference=difference,
        difference_low=difference - half,
        difference_high=difference + half,
        verdict=_verdict(difference - half, difference + half, more=True),
    )


def _handling(handled: Sequence[Handled], scheme: Scheme, staff: str) -> ItemResult:
    weighing = scheme.handling
    blank = ItemResult(code=HANDLING, weight=weighing.weight)
    timed = [(one, one.minutes) for one in handled if one.minutes is not None]
    own = [one for one, _minutes in timed if one.staff == staff]
    apart = tuple(row_of(one.day, one.label) for one in handled if one.staff == staff and one.minutes is None)
    if not own:
        return replace(blank, why=NONE_HANDLED, apart=apart)
    others: dict[tuple[str, str], int] = defaultdict(int)
    for one, _minutes in timed:
        if one.staff != staff:
            others[one.service, one.item] += 1
    by_item: dict[tuple[str, str], _Stratum] = defaultdict(_Stratum)
    for one, minutes in timed:
        is_own = one.staff == staff
        by_own_item = others[one.service, one.item] >= FEWEST_ALIKE
        if is_own:
            by_item[one.service, one.item if by_own_item else ""].put(minutes, is_own=True)
        else:
            by_item[one.service, ""].put(minutes, is_own=False)
            if one.item and by_own_item:
                by_item[one.service, one.item].put(minutes, is_own=False)
    both = [one for one in by_item.values() if one.own and len(one.others) >= FEWEST_ALIKE]
    n, m = sum(len(one.own) for one in both), sum(len(one.others) for one in both)
    rows = tuple(row_of(one.day, one.label) for one in own)
    known = replace(blank, n=len(own), of=len(own), rows=rows, apart=apart)
    spent = sum(sum(one.own) for one in both)
    expected = sum(len(one.own) * fmean(one.others) for one in both)
    if not both or expected <= 0:
        return replace(known, why=NO_OTHERS)
    ratio = spent / expected
    own_spread = sum(len(one.own) * variance(one.others) for one in both)
    others_spread = sum(len(one.own) ** 2 * variance(one.others) / len(one.others) for one in both)
    deviation = sqrt(own_spread + ratio**2 * others_spread) / expected
    half = Z_95 * deviation
    found = replace(
        known,
        value=ratio,
        low=max(0.0, ratio - half),
        high=ratio + half,
        hall=1.0,
        hall_n=m,
        points=weighing.points(ratio),
        chance=weighing.steepness * deviation,
        verdict=TOO_FEW,
    )
    if n < FEWEST or m < FEWEST:
        return found
    return replace(
        found,
        difference=ratio - 1,
        difference_low=ratio - 1 - half,
        difference_high=ratio - 1 + half,
        verdict=_verdict(ratio - 1 - half, ratio - 1 + half, more=False),
    )


# -- what is counted whole ---------------------------------------------------------------------------------------------


def _order(calls: Sequence[Called], scheme: Scheme, staff: str) -> ItemResult:
    weighing = scheme.order
    blank = ItemResult(code=ORDER, weight=weighing.weight)
    own = [one for one in calls if one.staff == staff]
    if not own:
        return replace(blank, why=NONE_CALLED)
    jumped = [one for one in own if one.jumped]
    return replace(
        blank,
        value=len(jumped),
        n=len(jumped),
        of=len(own),
        verdict=NOT_MET if jumped else MET,
        points=weighing.points(len(jumped)),
        rows=tuple(row_of(one.day, one.label) for one in jumped),
    )


def _cases(cases: Sequence[Due], scheme: Scheme, staff: str) -> ItemResult:
    weighing = scheme.cases
    blank = ItemResult(code=CASES, weight=weighing.weight)
    own = [one for one in cases if one.owner == staff]
    if not own:
        return replace(blank, why=NONE_DUE)
    good = sum(one.in_time for one in own)
    share, bounds = good / len(own), rate(good, len(own) - good)
    pooled = fmean(one.in_time for one in cases)
    found = replace(
        blank,
        value=share,
        n=good,
        of=len(own),
        low=bounds.low,
        high=bounds.high,
        points=weighing.points(WHOLE * share),
        chance=weighing.steepness * WHOLE * sqrt(pooled * (1 - pooled) / len(own)),
        rows=tuple(one.number for one in own),
    )
    stratum = _Stratum([one.in_time for one in own], [one.in_time for one in cases if one.owner != staff])
    return _with_others(found, [stratum])


def _shifts(shifts: Sequence[Planned], scheme: Scheme, staff: str) -> ItemResult:
    weighing = scheme.shifts
    blank = ItemResult(code=SHIFTS, weight=weighing.weight)
    own = [one for one in shifts if one.staff == staff]
    if not own:
        return replace(blank, why=NONE_PLANNED)
    kept = sum(one.begun is not None and one.begun <= LATE_MINUTES for one in own)
    return replace(
        blank,
        value=kept / len(own),
        n=kept,
        of=len(own),
        verdict=MET if kept == len(own) else NOT_MET,
        points=weighing.points(WHOLE * kept / len(own)),
        rows=tuple(one.day.isoformat() for one in own),
    )
