"""Estimates from past dates: how long services take, who does not come when called, and the bounds of promises.

Past quotes and their outcomes correct the next ones. Bounds move so that one in ten waits ends beyond either."""

from __future__ import annotations

import datetime as clock
import math
import operator
from bisect import bisect_right
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, chain
from statistics import NormalDist, fmean, pvariance
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct, convert, field, to_builtins
from msgspec.structs import replace

WAIT_BIN_S = 300
WAIT_BIN_MIN = WAIT_BIN_S / 60
WAIT_BINS = 24
"""Waits are binned by 5 minutes, up to two hours."""

NONE = (0,) * WAIT_BINS
USUAL_WORTH = 2.0
"""Weight of the fitted curve in each bin, in calls."""
NOTHING_SEEN = 1e-6
"""Weight of a bin without calls, so that the curve does not change the pooled mean of shorter waits."""
SHOWN_WORTH_MIN = 500.0
"""Prior of the curve: minutes of waiting after which everybody came."""
ROUNDS = 200
MIDDLES = tuple((bin + 0.5) * WAIT_BIN_MIN for bin in range(WAIT_BINS))


def wait_bin(waited_s: int) -> int:
    """Return the 5-minute bin of a wait; the last one holds all longer waits."""
    return max(0, min(WAIT_BINS - 1, waited_s // WAIT_BIN_S))


class NoShowStatistics(Struct, frozen=True, kw_only=True):
    """First calls of past dates, and those of them at which nobody came, by 5 minutes of the wait; `usual` is the
    chance of that by the fitted curve."""

    called: tuple[int, ...] = NONE
    absent: tuple[int, ...] = NONE
    usual: tuple[float, ...] = (0.0,) * WAIT_BINS

    @classmethod
    def from_call_counts(cls, called: Sequence[int], absent: Sequence[int]) -> NoShowStatistics:
        return cls(called=tuple(called), absent=tuple(absent), usual=_no_show_curve(called, absent))

    def no_show_chances(self, called: Sequence[int] = NONE, absent: Sequence[int] = NONE) -> tuple[float, ...]:
        """Return the chance that a called ticket does not come, by 5 minutes of the wait, never falling. `called` and
        `absent` are today's calls. Empty where everybody has come."""
        if not any(self.absent) and not any(absent):
            return ()
        blocks: list[tuple[float, float, int]] = []  # weight, mean, bins: neighbours that would fall are pooled
        for past, now, lost, lost_now, usual in zip(self.called, called, self.absent, absent, self.usual, strict=True):
            weight, mean, bins = past + now + USUAL_WORTH, usual, 1
            if weight > USUAL_WORTH:
                mean = (lost + lost_now + USUAL_WORTH * usual) / weight
            else:
                weight = NOTHING_SEEN
            while blocks and blocks[-1][1] >= mean:
                more, other, before = blocks.pop()
                mean = (mean * weight + other * more) / (weight + more)
                weight, bins = weight + more, bins + before
            blocks.append((weight, mean, bins))
        return tuple(chain.from_iterable([mean] * bins for _weight, mean, bins in blocks))


def _no_show_curve(called: Sequence[int], absent: Sequence[int]) -> tuple[float, ...]:
    """Return the chance that nobody comes after each 5 minutes of waiting: a share never does, the others give up at a
    steady rate. Maximum likelihood from calls, which show only whether people had gone by then (current status data; by
    expectation and maximisation, Dempster, Laird and Rubin 1977), so it extends to waits longer than any observed."""
    absent_at = [(count, middle) for count, middle in zip(absent, MIDDLES, strict=True) if count]
    if not absent_at:
        return (0.0,) * WAIT_BINS
    n, minutes = sum(called), sum(map(operator.mul, called, MIDDLES)) + SHOWN_WORTH_MIN
    never = sum(absent) / n / 2
    rate = sum(absent) / minutes / 2
    for _round in range(ROUNDS):
        weighted = [(count / -math.expm1(-never - rate * middle), middle) for count, middle in absent_at]
        never *= sum(expected for expected, _middle in weighted) / n
        rate *= sum(expected * middle for expected, middle in weighted) / minutes
    return tuple(-math.expm1(-never - rate * middle) for middle in MIDDLES)


PASS, CORRECTED, HISTORY, HOUR, PROFILE, RATE, TODAY, LAST = range(8)
EXPERTS = ("pass", "corrected", "history", "hour", "profile", "rate", "today", "last")
"""The pass over the hall; the pass times what its line took beside it; the line's past minutes per place; those of this
hour; its past calls by half-hour; its calls of the last half-hour; today's minutes per place; who was called last."""
N = len(EXPERTS)

PAST_SPREAD = 0.9
"""Default logarithm of the ends: one wait in ten is over 2.5 times the point, one in ten under 0.4 times."""


class WaitWithQuote(Struct, frozen=True, kw_only=True, array_like=True):
    """A wait until a first call, of a ticket at `place` of `line` issued at `minute` of the hall's day. Its quote
    rested on `points_s`, one of each expert, with the point `point_s` between `low_s` and `high_s`; `sd_s` is the
    pass's standard deviation, `told` the printed ends in minutes. Without points nothing was quoted."""

    line: str
    place: int
    minute: float
    minutes: float
    low_s: int = 0
    point_s: int = 0
    high_s: int = 0
    sd_s: int | None = None
    points_s: tuple[int | None, ...] = ()
    told: tuple[int, int] = (0, 0)


class PastWaitStatistics(Struct, frozen=True, kw_only=True):
    """Statistics of past waits by line: minutes per place (`usual` over all lines), the same by hour of the day, calls
    in each half-hour, the logarithm of wait ÷ pass. `spreads[k]`, `by_place[k][bin]`, `by_line[line][k]`: the
    logarithms of wait ÷ point of expert k that hold four in five waits. `sums_by_line`, `sums_by_place`: the sums of
    experts.py."""

    usual: float | None = None
    per_place: Mapping[str, float] = field(default_factory=dict)
    by_hour: Mapping[str, tuple[float | None, ...]] = field(default_factory=dict)
    calls: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    ratios: Mapping[str, float] = field(default_factory=dict)
    spreads: tuple[tuple[float, float], ...] = ((-PAST_SPREAD, PAST_SPREAD),) * N
    by_place: tuple[tuple[tuple[float, float], ...], ...] = ()
    by_line: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    sums_by_line: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    sums_by_place: tuple[tuple[int, ...], ...] = ()

    def expert_range_factors(self, line: str, bin: int) -> tuple[tuple[float, float], ...]:
        """Return the factors of each expert's point (plus a minute) for the ends of its range: the geometric mean of
        those of this line and those of this group of places."""
        at_place = [by_bin[bin] for by_bin in self.by_place] or self.spreads
        in_line = self.by_line.get(line) or self.spreads
        return tuple(
            (math.exp((a + c) / 2), math.exp((b + d) / 2)) for (a, b), (c, d) in zip(at_place, in_line, strict=True)
        )


LOW_START, HIGH_START = -1.6, 1.8
"""The first bounds where nothing was learned, as factors of the standard deviation."""
FIRST_LOW, FIRST_HIGH = -1.28, 1.4
"""The same on a hall's first date. The spread of its set-up's minutes already says how far these may be off: in
simulated first days one in ten waits ends beyond the range then, and one in thirty with the wider factors."""


class ServiceHandling(Struct, frozen=True, kw_only=True):
    """How long a service occupies a window, from the call until it is free: minutes, for a usual clerk on a usual day.
    `quantiles` are equally spaced (empty where only a mean is known); estimated from `n` visits."""

    mean_min: float
    var_min2: float
    quantiles: tuple[float, ...] = ()
    n: int = 0

    def __hash__(self) -> int:
        # Without the 256 quantiles: a pass needs the hash for each window and clerk.
        return hash((self.mean_min, self.var_min2, self.n))


class UsualWindowHours(Struct, frozen=True, kw_only=True):
    """The usual hours of a window without a roster, in hall minutes since midnight: first call, last call, long gaps
    (start, end)."""

    opens: int
    closes: int
    breaks: tuple[tuple[int, int], ...] = ()


class Estimates(Struct, frozen=True, kw_only=True):
    """Estimates from the `days` dates before one date. Shares are 0–1; clerk factors are relative to a usual clerk.
    `absences`: how often nobody comes to a call; `stays`: the share still waiting after each 5 minutes, from 0 on, if
    nobody were called; `redirects[a][b]`: the chance that a visit for a goes on in the line of b; `priority_per_hour`:
    hourly rate of a service's priority tickets by half-hour of the day (48); `credit_min`: their mean credit.
    `called_at[w][a]`: how often window w called a. `by_half_hour[a]`: factor of the length of visits for a by half-hour
    of the call (none where they don't differ). `between_min`: how long a window takes to call while somebody waits,
    `between_at` the same by window, `between` the table of all (None where few are known). `low` and `high`: a day's
    first bounds, as factors of the standard deviation. `waits`: statistics for the experts."""

    days: int = 0
    upto: clock.date | None = None
    services: Mapping[str, ServiceHandling] = field(default_factory=dict)
    clerks: Mapping[str, float] = field(default_factory=dict)
    by_half_hour: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    between_min: float = 0.0
    between_at: Mapping[str, float] = field(default_factory=dict)
    between: ServiceHandling | None = None
    absences: NoShowStatistics = NoShowStatistics()
    stays: tuple[float, ...] = ()
    redirects: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    priority_per_hour: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    credit_min: float = 0.0
    habits: Mapping[str, UsualWindowHours] = field(default_factory=dict)
    called_at: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    low: float = LOW_START
    high: float = HIGH_START
    waits: PastWaitStatistics = PastWaitStatistics()

    def minutes_between_visits_at_window(self, window: str) -> float:
        """Return the minutes that `window` takes to call while somebody waits."""
        return self.between_at.get(window, self.between_min)

    def to_document(self) -> dict[str, Any]:
        """Return the estimates as JSON."""
        return {
            "days": self.days,
            "upto": self.upto.isoformat() if self.upto else None,
            "services": {k: _handling_to_row(h) for k, h in self.services.items()},
            "between": None if self.between is None else _handling_to_row(self.between),
            "habits": {k: [h.opens, h.closes, [list(b) for b in h.breaks]] for k, h in self.habits.items()},
            "absences": to_builtins(self.absences),
            "waits": to_builtins(self.waits),
            "by_half_hour": {code: list(factors) for code, factors in self.by_half_hour.items()},
            **{name: getattr(self, name) for name in _PLAIN_FIELDS},
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Estimates:
        return cls(
            days=document["days"],
            upto=clock.date.fromisoformat(document["upto"]) if document["upto"] else None,
            services={code: _handling_from_row(row) for code, row in document["services"].items()},
            between=None if document["between"] is None else _handling_from_row(document["between"]),
            habits={
                code: UsualWindowHours(opens=opens, closes=closes, breaks=tuple((start, end) for start, end in breaks))
                for code, (opens, closes, breaks) in document["habits"].items()
            },
            absences=convert(document["absences"], NoShowStatistics),
            waits=convert(document["waits"], PastWaitStatistics),
            by_half_hour={code: tuple(factors) for code, factors in document["by_half_hour"].items()},
            **{name: _tuple_if_list(document[name]) for name in _PLAIN_FIELDS},
        )


_PLAIN_FIELDS = (
    *("clerks", "between_min", "between_at", "stays", "redirects", "priority_per_hour", "credit_min"),
    *("called_at", "low", "high"),
)


def _handling_to_row(handling: ServiceHandling) -> list[Any]:
    return [handling.mean_min, handling.var_min2, handling.n, list(handling.quantiles)]


def _handling_from_row(row: Sequence[Any]) -> ServiceHandling:
    mean, var, n, quantiles = row
    return ServiceHandling(mean_min=mean, var_min2=var, n=n, quantiles=tuple(quantiles))


def _tuple_if_list(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


# -- how long services take: quantile tables, the rest of a visit, today's pace, one clerk's pace --------------------

UNKNOWN = ServiceHandling(mean_min=8.0, var_min2=36.0)
"""For a service of unknown length; tickets behind one get no range."""

POINTS = 256
FEW_LEFT = 3
LONGEST_REST_MIN = 30.0
"""Bound for a visit of many hours, which was forgotten rather than still served."""
SPREAD = 0.75
"""Standard deviation of a service of which only a mean is known, as a share of it."""

CALLS_FOR_PACE = 60
PACE_HALF = 20.0
"""Number of usual visits at which today's pace has half of its weight."""
SLOWEST, FASTEST = 1.6, 0.7
_EPOCH, _MICROSECOND = clock.datetime(1970, 1, 1, tzinfo=clock.UTC), clock.timedelta(microseconds=1)
Group = TypeVar("Group", bound=Hashable)
_NORMAL_QUANTILES = tuple(NormalDist().inv_cdf((i + 0.5) / POINTS) for i in range(POINTS))


def epoch_micros(moment: clock.datetime) -> float:
    """Return whole microseconds since 1970, as each ticket subtracts many."""
    return float((moment - _EPOCH) // _MICROSECOND)


STILL_THERE = math.inf


class TodaysCalledVisit(NamedTuple):
    """A visit called today: its service and clerk, the call as epoch_micros(), the minutes since then that it was
    parked, and how many it has occupied its window (STILL_THERE: it still does)."""

    by: tuple[str, str | None]
    called_us: float
    held_min: float
    kept_min: float


class VisitLengthsWithTailSums(Struct, frozen=True):
    """The lengths of a service's visits as `points` in order, with the sums from each point to the last."""

    points: tuple[float, ...]
    sums: tuple[float, ...]
    squares: tuple[float, ...]


def handling_from_visits(minutes: Sequence[float]) -> ServiceHandling:
    """Return the handling of visits of `minutes` each (at least one)."""
    ordered = sorted(minutes)
    mean = fmean(ordered)
    return ServiceHandling(
        mean_min=mean, var_min2=pvariance(ordered, mean), quantiles=_spaced_quantiles(ordered), n=len(ordered)
    )


def handling_from_mean(mean_min: float, spread: float = SPREAD) -> ServiceHandling:
    """Return the handling of a service of which only a usual length is known."""
    return ServiceHandling(mean_min=mean_min, var_min2=(spread * mean_min) ** 2)


def median_remaining_min_and_variance(
    handling: ServiceHandling, elapsed: float, factor: float = 1.0
) -> tuple[float, float]:
    """Return the median of the minutes for which a visit called `elapsed` minutes ago will go on, and their variance.
    The median of a sum of many heavy-tailed visits is below its mean by about what one visit's is, however many they
    are: so the visit under way counts with its median, and those after it with their means."""
    usual = max(0.0, elapsed / factor)
    table = visit_length_table_of_handling(handling)
    points = table.points
    index = bisect_right(points, usual)
    left = len(points) - index
    if left <= FEW_LEFT:
        rest = min(LONGEST_REST_MIN, max(2.0, 0.35 * usual))
        return factor * rest, (factor * rest) ** 2
    mean = table.sums[index] / left
    variance = max(0.0, table.squares[index] / left - mean * mean)
    middle = (points[index + (left - 1) // 2] + points[index + left // 2]) / 2
    return factor * (middle - usual), factor * factor * variance


def handling_or_unknown(learned: Estimates, service: str) -> ServiceHandling:
    """Return a service's handling, `UNKNOWN` where none is known."""
    return learned.services.get(service, UNKNOWN)


_UsualVisits = tuple[tuple[float, ...], tuple[float, ...], int, float, float, float, float, float]


def _visit_pace_inputs(learned: Estimates, service: str, staff: str | None) -> _UsualVisits:
    """Return what todays_pace_factor() needs for a service and a clerk: usual lengths with their sums, number and
    maximum; the clerk's factor; the mean visit here, the mean of the lengths times the factor, and their ratio."""
    handling, factor = handling_or_unknown(learned, service), learned.clerks.get(staff or "", 1.0)
    table = visit_length_table_of_handling(handling)
    count, usual_in_all = len(table.points), max(handling.mean_min * factor, 1e-9)
    whole = factor * table.sums[0] / count
    return table.points, table.sums, count, table.points[-1], factor, usual_in_all, whole, whole / usual_in_all


def todays_pace_factor(visits: Sequence[TodaysCalledVisit], learned: Estimates, now: clock.datetime) -> float:
    """Return today's visit length ÷ usual, by the last `CALLS_FOR_PACE` of `visits` (in order of their calls), shrunk
    to 1."""
    actual = expected = n = 0.0
    now_us = epoch_micros(now)
    usual_by_key: dict[tuple[str, str | None], _UsualVisits] = {}
    for service_and_staff, called_us, held_min, kept_in_all in visits[-CALLS_FOR_PACE:]:
        usual_visits = usual_by_key.get(service_and_staff)
        if usual_visits is None:
            usual_visits = usual_by_key[service_and_staff] = _visit_pace_inputs(learned, *service_and_staff)
        points, sums, count, longest, factor, usual_in_all, whole, share_of_all = usual_visits
        since_call = (now_us - called_us) / 1e6 / 60 - held_min
        if since_call < 0:
            since_call = 0.0
        actual += kept_in_all if kept_in_all < since_call else since_call
        # The mean time occupied by now. A fast path, as each ticket needs it of sixty visits, most of them long over.
        usual = since_call / factor
        if usual >= longest:
            expected += whole
            n += share_of_all
        else:
            index = bisect_right(points, usual)
            usual = factor * (sums[0] - sums[index] + (count - index) * usual) / count
            expected += usual
            n += usual / usual_in_all
    if expected <= 0:
        return 1.0
    weight = n / (n + PACE_HALF)
    return min(SLOWEST, max(FASTEST, 1 - weight + weight * actual / expected))


def visit_length_factors(residuals: Mapping[Group, Sequence[float]]) -> dict[Group, float]:
    """Return each group's factor of visit length (groups are clerks or half-hours), by empirical Bayes on the logs of
    (minutes ÷ usual) of its visits: 1 for all where chance explains the differences."""
    groups = {code: values for code, values in residuals.items() if values}
    n = sum(len(values) for values in groups.values())
    if n <= len(groups) or len(groups) < 2:
        return dict.fromkeys(groups, 1.0)
    means = {code: fmean(values) for code, values in groups.items()}
    within = sum((v - means[code]) ** 2 for code, values in groups.items() for v in values) / (n - len(groups))
    middle = sum(len(values) * means[code] for code, values in groups.items()) / n
    noise = fmean(within / len(values) for values in groups.values())
    between = max(0.0, sum((m - middle) ** 2 for m in means.values()) / (len(groups) - 1) - noise)
    shrunk = {
        code: (means[code] - middle) * between / (between + within / len(values)) if between > 0 else 0.0
        for code, values in groups.items()
    }
    return {code: math.exp(raw) for code, raw in shrunk.items()}


def _spaced_quantiles(ordered: Sequence[float]) -> tuple[float, ...]:
    last = len(ordered) - 1
    points = []
    for i in range(POINTS):
        at = (i + 0.5) / POINTS * last
        below = int(at)
        above = min(below + 1, last)
        points.append(ordered[below] + (at - below) * (ordered[above] - ordered[below]))
    return tuple(points)


@lru_cache(maxsize=512)
def visit_length_table_of_handling(handling: ServiceHandling) -> VisitLengthsWithTailSums:
    points = handling.quantiles or _lognormal_quantiles(handling.mean_min, handling.var_min2)
    sums = list(accumulate(reversed(points), initial=0.0))
    squares = list(accumulate((p * p for p in reversed(points)), initial=0.0))
    return VisitLengthsWithTailSums(points, tuple(reversed(sums)), tuple(reversed(squares)))


def _lognormal_quantiles(mean: float, variance: float) -> tuple[float, ...]:
    if mean <= 0:
        return (0.0,) * POINTS
    log_var = math.log(1 + variance / mean**2)
    if log_var <= 0:
        return (mean,) * POINTS
    middle, spread = math.log(mean) - log_var / 2, math.sqrt(log_var)
    return tuple(math.exp(middle + point * spread) for point in _NORMAL_QUANTILES)


MISS_SHARE = 0.10
STEP = 0.02
MANY_OPEN = 80
"""With more promises open than this each moves the bounds less, as their errors are correlated."""
KEEP_OF_DAY = 0.9
NEAREST = 0.2


class KnownPromiseEarlyOrLate(Struct, frozen=True, kw_only=True):
    """The known part of a promise's outcome: `early`, whether its call came before the low end; `late`, whether the
    high end passed. None: not known yet."""

    early: bool | None = None
    late: bool | None = None


def deviations_below_and_above(low: float, point: float, high: float) -> tuple[float, float]:
    """Return the standard deviations below and above a point for which LOW_START, HIGH_START give `low`, `high`."""
    return (point - low) / -LOW_START, (high - point) / HIGH_START


class PromiseBoundFactors(Struct, frozen=True, kw_only=True):
    """The bounds as factors of the standard deviation. `upto` is the last event learned from, with `at` and `date`."""

    low: float = LOW_START
    high: float = HIGH_START
    upto: int = 0
    at: clock.datetime | None = None
    date: clock.date | None = None

    def wait_range_min(self, point: float, below: float, above: float) -> tuple[float, float]:
        """Return the ends of a wait in minutes, from its `point` and the standard deviations `below` and `above` it."""
        return max(0.0, point + self.low * below), max(0.0, point + self.high * above)


def promise_bounds_after_outcomes(
    tracker: PromiseBoundFactors,
    outcomes: Iterable[KnownPromiseEarlyOrLate],
    open_count: int,
    *,
    upto: int | None = None,
) -> PromiseBoundFactors:
    """Return the tracker after `outcomes`, ordered by when they became known, while `open_count` promises were open."""
    step = STEP * min(1.0, MANY_OPEN / max(1, open_count))
    low, high = tracker.low, tracker.high
    for outcome in outcomes:
        if outcome.late is not None:
            high = max(NEAREST, high + step * (outcome.late - MISS_SHARE))
        if outcome.early is not None:
            low = min(-NEAREST, low - step * (outcome.early - MISS_SHARE))
    return replace(tracker, low=low, high=high, upto=tracker.upto if upto is None else upto)


def promise_bounds_at_day_start(tracker: PromiseBoundFactors, low: float, high: float) -> PromiseBoundFactors:
    """Return the bounds at a day's start: yesterday's last ones, shrunk a little towards the learned ones."""
    return replace(
        tracker,
        low=KEEP_OF_DAY * tracker.low + (1 - KEEP_OF_DAY) * low,
        high=KEEP_OF_DAY * tracker.high + (1 - KEEP_OF_DAY) * high,
    )


def promise_bounds_for_day(
    tracker: PromiseBoundFactors, day: clock.date, low: float, high: float
) -> PromiseBoundFactors:
    """Return the bounds for `day`; the learned `low` and `high` before its first promise."""
    if tracker.date is None:
        return PromiseBoundFactors(low=low, high=high)
    return tracker if tracker.date >= day else promise_bounds_at_day_start(tracker, low, high)


# -- how good a promised range was, once the wait is known -----------------------------------------------------------

COVERED = 0.8


def interval_score(low: float, high: float, actual: float, covered: float = COVERED) -> float:
    """Return the width of the range plus, for a wait outside it, its distance times 2 ÷ (1 − `covered`). Lower is
    better."""
    per_minute = 2 / round(1 - covered, 9)  # exactly ten at 0.8: a mean may lie on the edge of its rounding
    return (high - low) + per_minute * (max(0.0, low - actual) + max(0.0, actual - high))
