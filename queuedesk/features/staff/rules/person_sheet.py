"""A month of everybody's work by the hall's scheme: figures, points, and what chance alone could have done to them.

- satisfaction: satisfied ÷ all ratings of the person's customers that count. handling: the person's minutes ÷ those
  that the hall's others needed for the same services and items, waits for other systems and time set aside left out,
  wrong windows too. order: calls of somebody who was not next, without a reason. cases: answered until their day, of
  those whose day came in the month. shifts: begun in time, of those that the roster wanted.
- Like is compared with like, at a limit common to the whole month; each step and rating, own or another's, is in
  exactly one group: its item where the others have FEWEST_ALIKE of it, else the rest of its service. A group of which
  the others have fewer is compared with nothing. Under FEWEST rows on either side nothing is compared.
- An item counts where it leaves nothing to chance (calls, shifts), or where it is better or worse. Of what can't be
  told from the others', of too few and of what was not there the weight goes to the other items in proportion: total
  by weight = 100·Σ points ÷ Σ weights of what counts. What is better than the others' never makes the total smaller:
  where it would, its weight goes to the others too.
- chance: ±z·√Σ(points per unit·√(p(1 − p)/n))² round the team's median, z the common limit: the binomial variance of
  each share with the hall's share p, and the ratio's own; items are taken as independent.
- A row that a second person has excluded (`dispute`) is in nobody's figure, neither the own nor the others'.
- Nobody with fewer than FEWEST ratings is compared or counted in the team's median, and there is no median of fewer
  than FEWEST_PEOPLE: of two, one could work out the other.
- A month that was closed is kept as a text: what its sheets said then, whatever is corrected afterwards.

How the figures of a person are held against the others' with the same mix:

- It is done by indirect standardization: E = Σ nₛ·(others' figure of s), s the strata. What nobody else does is
  in neither side. (N. E. Breslow, N. E. Day, Statistical Methods in Cancer Research II, 1987, ch. 2.)
- By chance alone anybody is called better or worse in any item in at most one month in twenty: each of a month's m
  comparisons may be wrong in CHANCE_OF_A_MONTH ÷ m (Bonferroni).
- A difference of shares is Σ wₛ(pₛ − qₛ), wₛ = nₛ ÷ Σn, with the variance Σ wₛ²·p̄ₛ(1 − p̄ₛ)(1/nₛ + 1/mₛ), p̄ₛ of both
  together (W. G. Cochran, Some methods for strengthening the common χ² tests, Biometrics 10, 1954). The normal curve
  promises too much where nearly all are satisfied, so the exact chance has to agree.
- The ratio T ÷ E of minutes has √(Σ nₛvₛ + (T/E)²·Σ nₛ²vₛ/mₛ) ÷ E, vₛ the variance of the others' minutes. A few long
  visits make that too narrow, so the order of the minutes has to agree, whose chance no distribution changes (rank
  sums by stratum with weights 1 ÷ (nₛ + mₛ + 1): P. H. van Elteren, On the combination of independent two-sample tests
  of Wilcoxon, Bulletin of the ISI 37, 1960)."""

from __future__ import annotations

import base64
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from math import comb, fsum, sqrt
from statistics import NormalDist, fmean, median
from typing import Any, NamedTuple

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from queuedesk.core.appraisal import (
    CASES,
    FAULTS,
    HANDLING,
    ITEMS,
    ORDER,
    PRAISE,
    SATISFACTION,
    SHIFTS,
    WHOLE,
    AppraisalItemWeight,
    AppraisalScheme,
    SheetDispute,
)
from queuedesk.core.figures.satisfaction import FEWEST_RANKED, Z_95, satisfaction_rate
from queuedesk.core.setup.field_kinds import fields_of_row_class, read_row

FEWEST = FEWEST_RANKED
"""With fewer rows on either side nothing is compared."""
CHANCE_OF_A_MONTH = 0.05
"""How likely chance alone may call anybody better or worse in a month."""


class OwnAndOthersValues(Struct):
    """What is compared with what: own values and the others'."""

    own: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)


class ComparisonSignificanceLimit(NamedTuple):
    """The common limit of a month's comparisons: how likely one of them may be wrong, and as standard deviations."""

    chance: float
    z: float


class BoundedDifference(NamedTuple):
    """By how much the own figure lies above the others' with its bounds at the common limit; `is_sure` where neither
    these nor the exact chance hold 0."""

    value: float
    low: float
    high: float
    is_sure: bool


def scheme_setup_row(scheme: AppraisalScheme) -> dict[str, Any]:
    """Return a scheme as the whole row of a set-up file."""

    def int_or_text(figure: float) -> int | str:
        return int(figure) if figure == int(figure) else str(figure)

    row: dict[str, Any] = {}
    for key, one in fields_of_row_class(AppraisalScheme).items():
        value = getattr(scheme, one.name)
        if isinstance(value, AppraisalItemWeight):
            value = {"weight": value.weight, "from": int_or_text(value.none), "full": int_or_text(value.full)}
        row[key] = int_or_text(value) if isinstance(value, float) else value
    return row


def limit_for_comparison_count(comparisons: int) -> ComparisonSignificanceLimit:
    """Return the limit for so many comparisons."""
    chance = CHANCE_OF_A_MONTH / max(1, comparisons)
    return ComparisonSignificanceLimit(chance, NormalDist().inv_cdf(1 - chance / 2))


def mix_adjusted_share_difference(
    strata: Sequence[OwnAndOthersValues], limit: ComparisonSignificanceLimit
) -> BoundedDifference:
    """Return the difference of two shares with the own mix."""
    n = sum(len(one.own) for one in strata)
    spread = 0.0
    for one in strata:
        share = fmean([*one.own, *one.others])
        spread += (len(one.own) / n) ** 2 * share * (1 - share) * (1 / len(one.own) + 1 / len(one.others))
    value = sum(sum(one.own) - len(one.own) * fmean(one.others) for one in strata) / n
    half = limit.z * sqrt(spread)
    is_sure = not value - half <= 0 <= value + half and exact_two_sided_chance(strata) <= limit.chance
    return BoundedDifference(value, value - half, value + half, is_sure)


def own_to_expected_ratio(strata: Sequence[OwnAndOthersValues]) -> tuple[float, float] | None:
    """Return the own sum ÷ what the others would come to, with its standard deviation; None where there is nothing to
    divide by."""
    expected = sum(len(one.own) * fmean(one.others) for one in strata)
    if expected <= 0:
        return None
    ratio = sum(sum(one.own) for one in strata) / expected
    own = others = 0.0
    for one in strata:
        n, m, middle = len(one.own), len(one.others), fmean(one.others)
        variance = fsum((value - middle) ** 2 for value in one.others) / (m - 1)
        own += n * variance
        others += n**2 * variance / m
    return ratio, sqrt(own + ratio**2 * others) / expected


def minutes_ratio_above_one(
    strata: Sequence[OwnAndOthersValues], limit: ComparisonSignificanceLimit, ratio: float, deviation: float
) -> BoundedDifference:
    """Return by how much a ratio of minutes (own_to_expected_ratio) lies above 1."""
    value, half, ranked = ratio - 1, limit.z * deviation, standardized_rank_difference(strata)
    is_sure = not value - half <= 0 <= value + half and abs(ranked) > limit.z and (ranked > 0) == (value > 0)
    return BoundedDifference(value, value - half, value + half, is_sure)


def standardized_rank_difference(strata: Sequence[OwnAndOthersValues]) -> float:
    """Return by how many standard deviations the own values rank above the others', 0.0 where all are equal."""
    above = spread = 0.0
    for one in strata:
        n, m = len(one.own), len(one.others)
        size = n + m
        ranks, ties, below = dict[float, float](), 0, 0
        for value, same in sorted(Counter([*one.own, *one.others]).items()):
            ranks[value] = below + (same + 1) / 2
            below += same
            ties += same**3 - same
        above += sum(ranks[value] for value in one.own) / (size + 1) - n / 2
        spread += n * m / (12 * (size + 1)) * (1 - ties / (size**3 - size))
    return above / sqrt(spread) if spread > 0 else 0.0


def exact_two_sided_chance(strata: Sequence[OwnAndOthersValues]) -> float:
    """Return how likely chance alone deals as few or as many of everybody's bad ones to this person, twice the smaller
    tail (hypergeometric in each stratum, their sum given the margins)."""
    dealt = [1.0]
    """How likely so many are the person's, of the strata so far."""
    own = 0
    for one in strata:
        n, m = len(one.own), len(one.others)
        bad = n + m - round(sum(one.own) + sum(one.others))
        own += n - round(sum(one.own))
        part = [comb(n, k) * comb(m, bad - k) / comb(n + m, bad) for k in range(min(n, bad) + 1)]
        both = [0.0] * (len(dealt) + len(part) - 1)
        for i, before in enumerate(dealt):
            for k, chance in enumerate(part):
                both[i + k] += before * chance
        dealt = both
    return min(1.0, 2 * min(sum(dealt[: own + 1]), sum(dealt[own:])))


FEWEST_PEOPLE = 3
FEWEST_ALIKE = 5
"""An item of which the others have fewer visits is in the rest of its service (our figure)."""
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


class HandledStep(NamedTuple):
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


class RedirectedCustomer(NamedTuple):
    """A customer who was at the wrong window."""

    day: date
    label: str
    staff: str


class SheetRating(NamedTuple):
    """A rating; `counts` unless a correction excluded it. Service and item are those of the visit's last step."""

    day: date
    label: str
    staff: str
    service: str
    satisfied: bool
    counts: bool
    item: str = ""


class SheetCall(NamedTuple):
    """A call; `jumped` where somebody else was next and no reason was given."""

    day: date
    label: str
    staff: str
    jumped: bool


class DueCaseAnswer(NamedTuple):
    """A case whose answer was due; `owner` when it was answered, or on that day."""

    number: str
    owner: str
    due: date
    in_time: bool


class RosterShift(NamedTuple):
    """A shift of the roster; `begun` is how many minutes after its start a window was opened, None where none was."""

    day: date
    staff: str
    begun: int | None


class ThanksOrFault(NamedTuple):
    """Thanks to somebody, or what somebody had to put right and did not in time."""

    seq: int
    staff: str
    day: date


class TeamMonthRecords(Struct, frozen=True, kw_only=True):
    """The rows of a month, of everybody. `reads_ratings`: whether this PC's login is told how customers rated; `first`
    and `last` are its dates, `last` no later than today; `disputes` are about its rows, whatever was decided."""

    first: date
    last: date
    handled: Sequence[HandledStep] = ()
    redirected: Sequence[RedirectedCustomer] = ()
    ratings: Sequence[SheetRating] = ()
    reads_ratings: bool = True
    calls: Sequence[SheetCall] = ()
    cases: Sequence[DueCaseAnswer] = ()
    shifts: Sequence[RosterShift] = ()
    thanks: Sequence[ThanksOrFault] = ()
    faults: Sequence[ThanksOrFault] = ()
    disputes: Sequence[SheetDispute] = ()


class SheetItemResult(Struct, frozen=True, kw_only=True):
    """An item of a sheet.

    `value` is a share in 0..1, a ratio (handling) or a count (order), of `n` and `of`; None with `why`. Of handling `n`
    of the `of` own steps are compared, the others with nothing. `low` and
    `high` bound the value. `hall` is what the others come to with the same mix, `hall_n` of how many, `difference` the
    value less it with its bounds at the month's common limit. `points` is None of what does not count. `chance` is one
    standard deviation of the points, 0 where none is left to it. `rows` are behind the figure, `apart` those that were
    left out of it; `median` is the team's."""

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
    def base_row_count(self) -> int:
        """Of how many rows the value is."""
        return self.n if self.code == HANDLING else self.of

    @property
    def has_uncounted_value(self) -> bool:
        """Whether there is a figure that does not count."""
        return self.points is None and self.value is not None


class PersonSheet(Struct, frozen=True, kw_only=True):
    """Somebody's sheet. `by_weight` is of 100, `total` with praise and faults; None where nothing is known. `low` and
    `high` are what chance alone allows round the team's `median`; `verdict` is ABOVE, BELOW, CANNOT_TELL or TOO_FEW,
    None where there is no median. `stalled` are the minutes of other systems that were taken out."""

    staff: str
    items: tuple[SheetItemResult, ...]
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

    def result_for_item(self, code: str) -> SheetItemResult:
        return self.items[ITEMS.index(code)]

    @property
    def is_judged(self) -> bool:
        """Whether half of the weight or more could be judged: a total of less says nothing of a person's work."""
        return self.total is not None and 2 * self.known_weight >= WHOLE

    @property
    def standard_deviation_of_total(self) -> float:
        """One standard deviation of the total, as far as chance makes it."""
        spread = sqrt(sum(one.chance**2 for one in self.items if one.points is not None))
        return WHOLE * spread / self.known_weight if self.known_weight else 0.0


class TeamSheets(Struct, frozen=True, kw_only=True):
    """The sheets of everybody who finished anything or was rated in the month, by code; `compared` are those in the
    median."""

    sheets: Mapping[str, PersonSheet]
    median: float | None
    compared: tuple[str, ...]

    @property
    def shown_median(self) -> float | None:
        """The median, None where nobody's total is shown beside it."""
        return self.median if any(one.is_judged for one in self.sheets.values()) else None


class SchemeInForce(Struct, frozen=True, kw_only=True):
    """A scheme, which of the hall's it is from 1 on, and since when; None where the hall never changed the usual
    one."""

    scheme: AppraisalScheme
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
    stood: SchemeInForce
    rows: TeamMonthRecords
    team: TeamSheets
    own: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    versions: int = 0
    closed: datetime | None = None
    closed_by: str = ""
    later: tuple[SheetDispute, ...] = ()
    unnamed: int = 0

    def later_exclusions(self, staff: str) -> list[SheetDispute]:
        """Return the rows of somebody's sheet that were excluded after the month was closed."""
        return [one for one in self.later if one.staff == staff]


def ticket_row_name(day: date, label: str) -> str:
    """Return the name of a ticket's row."""
    return f"{day.isoformat()} {label}"


def team_sheets(rows: TeamMonthRecords, scheme: AppraisalScheme, *, also: str = "", own: bool = False) -> TeamSheets:
    """Return everybody's sheet, that of `also` in any case; where that is its `own` reader, ratings are told from
    FEWEST_TOLD on."""
    there = {one.staff for one in rows.handled} | {one.staff for one in rows.ratings}
    rows = _rows_without_excluded_ones(rows)
    people = sorted(there | ({also} if also else set()))
    limit = _comparison_limit_of_team(rows)
    sheets = {code: _person_sheet(rows, scheme, code, limit) for code in people}
    whole = {code: one for code, one in sheets.items() if one.total is not None and one.ratings >= FEWEST}
    compared = tuple(whole) if len(whole) >= FEWEST_PEOPLE else ()
    middle = median(one.total for one in whole.values() if one.total is not None) if compared else None
    medians = {code: _median_or_none(sheets.values(), code) for code in ITEMS}
    if own and rows.reads_ratings and sheets[also].ratings < FEWEST_TOLD:
        sheets[also] = _person_sheet(rows, scheme, also, limit, untold=True)
    return TeamSheets(
        sheets={code: _sheet_with_verdict(one, middle, medians, limit) for code, one in sheets.items()},
        median=middle,
        compared=compared,
    )


def disclosable_ratings(ratings: Iterable[SheetRating], *, today: date, is_over: bool) -> list[SheetRating]:
    """Return the ratings of which somebody is told who reads the own sheet: all of a month that is over, else of each
    person those before today, FEWEST_TOLD at a time."""
    known: dict[str, list[SheetRating]] = defaultdict(list)
    for one in ratings:
        if one.day < today:
            known[one.staff].append(one)
    if is_over:
        return [one for given in known.values() for one in given]
    return [one for given in known.values() for one in given[: len(given) // FEWEST_TOLD * FEWEST_TOLD]]


def sheet_item_result(rows: TeamMonthRecords, scheme: AppraisalScheme, staff: str, code: str) -> SheetItemResult:
    """Return somebody's satisfaction or handling alone, as `team_sheets` counts it."""
    rows = _rows_without_excluded_ones(rows)
    limit = _comparison_limit_of_team(rows)
    if code == HANDLING:
        return _handling_sheet_item(rows.handled, scheme, staff, limit)
    return _satisfaction_appraisal_item(rows, scheme, staff, limit, untold=False)


def _median_or_none(sheets: Iterable[PersonSheet], code: str) -> float | None:
    fewest = FEWEST if code in (SATISFACTION, HANDLING) else 1
    items = [one.result_for_item(code) for one in sheets]
    known = [one.value for one in items if one.value is not None and one.base_row_count >= fewest]
    return median(known) if len(known) >= FEWEST_PEOPLE else None


def _sheet_with_verdict(
    sheet: PersonSheet, middle: float | None, medians: Mapping[str, float | None], limit: ComparisonSignificanceLimit
) -> PersonSheet:
    items = tuple(replace(one, median=medians[one.code]) for one in sheet.items)
    found = replace(sheet, items=items, median=middle)
    if sheet.total is None or sheet.result_for_item(SATISFACTION).why == NOT_HERE:
        return found
    if sheet.ratings < FEWEST:
        return replace(found, verdict=TOO_FEW)
    if middle is None:
        return found
    half = limit.z * sheet.standard_deviation_of_total
    low, high = max(0.0, middle - half), min(float(WHOLE), middle + half)
    verdict = BELOW if sheet.total < low else ABOVE if sheet.total > high else CANNOT_TELL
    return replace(found, low=low, high=high, verdict=verdict)


def _person_sheet(
    rows: TeamMonthRecords,
    scheme: AppraisalScheme,
    staff: str,
    limit: ComparisonSignificanceLimit,
    *,
    untold: bool = False,
) -> PersonSheet:
    counted = _drop_points_that_lower_total(
        (
            _satisfaction_appraisal_item(rows, scheme, staff, limit, untold=untold),
            _handling_sheet_item(rows.handled, scheme, staff, limit),
            _call_order_sheet_item(rows.calls, scheme, staff),
            _cases_sheet_item(rows.cases, scheme, staff, limit),
            _shifts_sheet_item(rows.shifts, scheme, staff),
        )
    )
    items = tuple(_item_with_disputed_rows_excluded(item, rows.disputes, staff) for item in counted)
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
        deposit=None if total is None else scheme.deposit_paid_for_total(total),
        ratings=sum(one.counts and one.staff == staff for one in rows.ratings),
        redirects=tuple(ticket_row_name(one.day, one.label) for one in rows.redirected if one.staff == staff),
        stalled=sum(one.stalled for one in rows.handled if one.staff == staff),
    )


def _drop_points_that_lower_total(items: Sequence[SheetItemResult]) -> list[SheetItemResult]:
    """Return the items; what is better than the others' counts only where it does not make the total smaller."""
    rest = [one for one in items if one.points is not None and one.weight and one.verdict != BETTER]
    weight = sum(one.weight for one in rest)
    share = sum(one.points or 0.0 for one in rest) / weight if weight else 0.0
    return [
        replace(one, points=None, chance=0.0)
        if one.verdict == BETTER and one.points is not None and one.points < share * one.weight
        else one
        for one in items
    ]


def _rows_without_excluded_ones(rows: TeamMonthRecords) -> TeamMonthRecords:
    """Return the rows that count: ratings and visits stay to be named among those that were left out."""
    out = {one.key for one in rows.disputes if one.excluded}
    if not out:
        return rows

    def is_excluded_row(staff: str, item: str, name: str) -> bool:
        return (staff, item, name) in out

    return replace(
        rows,
        ratings=[
            one._replace(
                counts=one.counts and not is_excluded_row(one.staff, SATISFACTION, ticket_row_name(one.day, one.label))
            )
            for one in rows.ratings
        ],
        handled=[
            one._replace(minutes=None)
            if is_excluded_row(one.staff, HANDLING, ticket_row_name(one.day, one.label))
            else one
            for one in rows.handled
        ],
        calls=[one for one in rows.calls if not is_excluded_row(one.staff, ORDER, ticket_row_name(one.day, one.label))],
        cases=[one for one in rows.cases if not is_excluded_row(one.owner, CASES, one.number)],
        shifts=[one for one in rows.shifts if not is_excluded_row(one.staff, SHIFTS, one.day.isoformat())],
        thanks=[one for one in rows.thanks if not is_excluded_row(one.staff, PRAISE, str(one.seq))],
        faults=[one for one in rows.faults if not is_excluded_row(one.staff, FAULTS, str(one.seq))],
    )


def _item_with_disputed_rows_excluded(
    item: SheetItemResult, disputes: Sequence[SheetDispute], staff: str
) -> SheetItemResult:
    """Return an item with the rows that were excluded among those left out, where they are not there yet."""
    own = [one.disputed_row_name for one in disputes if one.excluded and (one.staff, one.item) == (staff, item.code)]
    more = tuple(name for name in dict.fromkeys(own) if name and name not in item.apart)
    return replace(item, apart=(*item.apart, *more)) if more else item


def _comparison_limit_of_team(rows: TeamMonthRecords) -> ComparisonSignificanceLimit:
    """Return the limit for everybody of whom there is enough to compare, item by item."""
    own = (
        Counter(one.staff for one in rows.ratings if one.counts),
        Counter(one.staff for one in rows.handled if one.minutes is not None),
        Counter(one.owner for one in rows.cases),
    )
    return limit_for_comparison_count(sum(n >= FEWEST for counted in own for n in counted.values()))


def _item_with_verdict(item: SheetItemResult, found: BoundedDifference, *, more: bool) -> SheetItemResult:
    verdict = (BETTER if (found.value > 0) == more else WORSE) if found.is_sure else CANNOT_TELL
    bounds = {"difference_low": found.low, "difference_high": found.high}
    return replace(item, difference=found.value, verdict=verdict, **bounds)


def _item_without_uncertain_points(item: SheetItemResult) -> SheetItemResult:
    """Return a measured item without points where it can't be told from the others'."""
    return item if item.verdict in (BETTER, WORSE) else replace(item, points=None, chance=0.0)


def _satisfaction_appraisal_item(
    rows: TeamMonthRecords, scheme: AppraisalScheme, staff: str, limit: ComparisonSignificanceLimit, *, untold: bool
) -> SheetItemResult:
    weighting_of_item = scheme.satisfaction
    blank = SheetItemResult(code=SATISFACTION, weight=weighting_of_item.weight)
    if untold or not rows.reads_ratings:
        return replace(blank, why=FEW_TOLD if untold else NOT_HERE)
    own = [one for one in rows.ratings if one.staff == staff]
    counted = [one for one in own if one.counts]
    apart = tuple(ticket_row_name(one.day, one.label) for one in own if not one.counts)
    if not (of := len(counted)):
        return replace(blank, why=NONE_RATED, apart=apart)
    good = sum(one.satisfied for one in counted)
    found = satisfaction_rate(good, of - good)
    strata = _comparable_strata(((one, one.satisfied) for one in rows.ratings if one.counts), staff)
    share = good / of
    compared = _item_with_comparison_to_others(
        replace(
            blank,
            value=share,
            n=good,
            of=of,
            low=found.low,
            high=found.high,
            points=weighting_of_item.points_of_figure(WHOLE * share),
            rows=tuple(ticket_row_name(one.day, one.label) for one in counted),
            apart=apart,
        ),
        strata,
        limit,
    )
    usual = compared.hall if compared.hall is not None else share
    return _item_without_uncertain_points(
        replace(compared, chance=weighting_of_item.points_per_unit * WHOLE * sqrt(usual * (1 - usual) / of))
    )


def _item_with_comparison_to_others(
    item: SheetItemResult, strata: Sequence[OwnAndOthersValues], limit: ComparisonSignificanceLimit
) -> SheetItemResult:
    """Return an item of a share with what the others come to with the same mix."""
    n, m = _own_and_others_counts(strata)
    if not strata:
        return replace(item, verdict=TOO_FEW)
    hall = sum(len(one.own) * fmean(one.others) for one in strata) / n
    found = replace(item, hall=hall, hall_n=m, verdict=TOO_FEW)
    if min(n, m) < FEWEST:
        return found
    return _item_with_verdict(found, mix_adjusted_share_difference(strata, limit), more=True)


def _comparable_strata(rows: Iterable[tuple[HandledStep | SheetRating, float]], staff: str) -> list[OwnAndOthersValues]:
    """Return the groups that can be compared: values of `staff` and of the others."""
    rows = list(rows)
    others = Counter((one.service, one.item) for one, _value in rows if one.staff != staff)
    groups: dict[tuple[str, str], OwnAndOthersValues] = defaultdict(OwnAndOthersValues)
    for one, value in rows:
        item = one.item if others[one.service, one.item] >= FEWEST_ALIKE else ""
        group = groups[one.service, item]
        (group.own if one.staff == staff else group.others).append(value)
    return [one for one in groups.values() if one.own and len(one.others) >= FEWEST_ALIKE]


def _own_and_others_counts(strata: Sequence[OwnAndOthersValues]) -> tuple[int, int]:
    """Return how many own values are compared, with how many of the others'."""
    return sum(len(one.own) for one in strata), sum(len(one.others) for one in strata)


def _handling_sheet_item(
    handled: Sequence[HandledStep], scheme: AppraisalScheme, staff: str, limit: ComparisonSignificanceLimit
) -> SheetItemResult:
    weighting_of_item = scheme.handling
    blank = SheetItemResult(code=HANDLING, weight=weighting_of_item.weight)
    timed = [(one, one.minutes) for one in handled if one.minutes is not None]
    own = [one for one, _minutes in timed if one.staff == staff]
    apart = tuple(ticket_row_name(one.day, one.label) for one in handled if one.staff == staff and one.minutes is None)
    if not own:
        return replace(blank, why=NONE_HANDLED, apart=apart)
    both = _comparable_strata(timed, staff)
    n, m = _own_and_others_counts(both)
    rows = tuple(ticket_row_name(one.day, one.label) for one in own)
    known = replace(blank, n=n, of=len(own), rows=rows, apart=apart)
    against = own_to_expected_ratio(both)
    if against is None:
        return replace(known, why=NO_OTHERS)
    ratio, deviation = against
    half = Z_95 * deviation
    found = replace(
        known,
        value=ratio,
        low=max(0.0, ratio - half),
        high=ratio + half,
        hall=1.0,
        hall_n=m,
        points=weighting_of_item.points_of_figure(ratio),
        chance=weighting_of_item.points_per_unit * deviation,
        verdict=TOO_FEW,
    )
    if n < FEWEST or m < FEWEST:
        return _item_without_uncertain_points(found)
    return _item_without_uncertain_points(
        _item_with_verdict(found, minutes_ratio_above_one(both, limit, ratio, deviation), more=False)
    )


def _call_order_sheet_item(calls: Sequence[SheetCall], scheme: AppraisalScheme, staff: str) -> SheetItemResult:
    weighting_of_item = scheme.order
    blank = SheetItemResult(code=ORDER, weight=weighting_of_item.weight)
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
        points=weighting_of_item.points_of_figure(len(jumped)),
        rows=tuple(ticket_row_name(one.day, one.label) for one in jumped),
    )


def _cases_sheet_item(
    cases: Sequence[DueCaseAnswer], scheme: AppraisalScheme, staff: str, limit: ComparisonSignificanceLimit
) -> SheetItemResult:
    weighting_of_item = scheme.cases
    blank = SheetItemResult(code=CASES, weight=weighting_of_item.weight)
    own = [one for one in cases if one.owner == staff]
    if not own:
        return replace(blank, why=NONE_DUE)
    good = sum(one.in_time for one in own)
    share, bounds = good / len(own), satisfaction_rate(good, len(own) - good)
    pooled = fmean(one.in_time for one in cases)
    found = replace(
        blank,
        value=share,
        n=good,
        of=len(own),
        low=bounds.low,
        high=bounds.high,
        points=weighting_of_item.points_of_figure(WHOLE * share),
        chance=weighting_of_item.points_per_unit * WHOLE * sqrt(pooled * (1 - pooled) / len(own)),
        rows=tuple(one.number for one in own),
    )
    stratum = OwnAndOthersValues([one.in_time for one in own], [one.in_time for one in cases if one.owner != staff])
    return _item_without_uncertain_points(
        _item_with_comparison_to_others(found, [stratum] if stratum.others else [], limit)
    )


def _shifts_sheet_item(shifts: Sequence[RosterShift], scheme: AppraisalScheme, staff: str) -> SheetItemResult:
    weighting_of_item = scheme.shifts
    blank = SheetItemResult(code=SHIFTS, weight=weighting_of_item.weight)
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
        points=weighting_of_item.points_of_figure(WHOLE * kept / len(own)),
        rows=tuple(one.day.isoformat() for one in own),
    )


_ROWS: Mapping[str, type[NamedTuple]] = {
    "handled": HandledStep,
    "redirected": RedirectedCustomer,
    "ratings": SheetRating,
    "calls": SheetCall,
    "cases": DueCaseAnswer,
    "shifts": RosterShift,
    "thanks": ThanksOrFault,
    "faults": ThanksOrFault,
}
_DATES = {"day", "due", "date", "month"}
_TIMES = {"time", "decided"}


def month_sheets_to_text(found: MonthSheets) -> str:
    """Return a month's rows, scheme and figures as one text, the same for the same."""
    document = {
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "reads_ratings": found.rows.reads_ratings,
        "rows": {name: [[_json_value(value) for value in row] for row in getattr(found.rows, name)] for name in _ROWS},
        "disputes": [_fields_as_json_values(one) for one in found.rows.disputes],
        "scheme": scheme_setup_row(found.stood.scheme),
        "number": found.stood.number,
        "since": _json_value(found.stood.since),
        "sheets": {
            code: {**_fields_as_json_values(one), "items": [_fields_as_json_values(item) for item in one.items]}
            for code, one in found.team.sheets.items()
        },
        "median": found.team.median,
        "compared": list(found.team.compared),
    }
    packed = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return base64.b64encode(zlib.compress(packed.encode(), 9)).decode()


def month_sheets_from_text(text: str) -> MonthSheets:
    """Return what a text of `text_of` holds."""
    document = json.loads(zlib.decompress(base64.b64decode(text)))
    first, last = date.fromisoformat(document["first"]), date.fromisoformat(document["last"])
    rows: dict[str, Any] = {
        name: [kind(*_values_from_json(kind._fields, row)) for row in document["rows"][name]]
        for name, kind in _ROWS.items()
    }
    sheets = {
        code: PersonSheet(
            **{
                **_fields_from_json(one),
                "items": tuple(SheetItemResult(**_fields_from_json(item)) for item in one["items"]),
            }
        )
        for code, one in document["sheets"].items()
    }
    since = document["since"]
    return MonthSheets(
        first=first,
        last=last,
        is_over=True,
        stood=SchemeInForce(
            scheme=read_row(AppraisalScheme, document["scheme"]),
            number=document["number"],
            since=date.fromisoformat(since) if since else None,
        ),
        rows=TeamMonthRecords(
            first=first,
            last=last,
            reads_ratings=document["reads_ratings"],
            disputes=tuple(SheetDispute(**_fields_from_json(one)) for one in document["disputes"]),
            **rows,
        ),
        team=TeamSheets(sheets=sheets, median=document["median"], compared=tuple(document["compared"])),
    )


def with_later_disputes(found: MonthSheets, now: Iterable[SheetDispute]) -> MonthSheets:
    """Return a closed month with what was asked about its rows since. Rows excluded since stand apart: its sheets count
    them."""
    known = {one.seq for one in found.rows.disputes}
    new = [one for one in now if one.seq not in known]
    rows = replace(found.rows, disputes=(*found.rows.disputes, *(one for one in new if not one.excluded)))
    return replace(found, rows=rows, later=tuple(one for one in new if one.excluded))


def _fields_as_json_values(one: Any) -> dict[str, Any]:
    return {name: _json_value(value) for name, value in asdict(one).items() if name != "items"}


def _json_value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _values_from_json(names: Iterable[str], row: Iterable[Any]) -> list[Any]:
    return [_value_from_json(name, value) for name, value in zip(names, row, strict=False)]


def _fields_from_json(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value_from_json(name, value) for name, value in one.items()}


def _value_from_json(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _DATES:
        return date.fromisoformat(value)
    if name in _TIMES:
        return datetime.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value
