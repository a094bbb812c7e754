"""What past days taught: how long services take, differences between clerks, no-shows, follow-up visits."""

from __future__ import annotations

import datetime as clock
import math
from bisect import bisect_right
from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from statistics import NormalDist, fmean, pvariance
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct, convert, field, to_builtins

from queuedesk.core.waits.absences import Absences
from queuedesk.core.waits.past_waits import PastWaits

LOW_START, HIGH_START = -1.6, 1.8
"""The factors of the standard deviation that bounds begin with where nothing was learned."""
FIRST_LOW, FIRST_HIGH = -1.28, 1.4
"""The same on a hall's first date. The spread of its set-up's minutes already says how far these may be off: in
simulated first days one in ten waits ends beyond the range then, and one in thirty with the wider factors."""


class Handling(Struct, frozen=True, kw_only=True):
    """How long a service occupies a window, from the call until it is free: minutes, for a usual clerk on a usual day.
    `quantiles` are equally spaced from the shortest to the longest (empty where only a mean is known); learned from `n`
    visits."""

    mean_min: float
    var_min2: float
    quantiles: tuple[float, ...] = ()
    n: int = 0

    def __hash__(self) -> int:
        # Of all 256 quantiles, as it would be otherwise, a pass would work it out for each window and each clerk.
        return hash((self.mean_min, self.var_min2, self.n))


class Habit(Struct, frozen=True, kw_only=True):
    """When a window without a roster is usually at work, as hall minutes since midnight: its first call, its last, its
    long gaps (start, end)."""

    opens: int
    closes: int
    breaks: tuple[tuple[int, int], ...] = ()


class Estimates(Struct, frozen=True, kw_only=True):
    """Estimates from the `days` dates before one date. Shares are 0–1; clerk factors are relative to a usual clerk.

    `absences` tell how often nobody comes when called; `stays` is the share of people who would still be there after
    so many times 5 minutes, from none on, if nobody were called; `redirects[a][b]` the
    chance that a visit for a goes on in the line of b; `priority_per_hour` the priority tickets of a service in each
    half hour of the day (48), as a rate an hour; `credit_min` their mean credit. `called_at[w][a]`: how often window w
    called a. `by_half_hour[a]` is how much longer than usual visits for a take that are called in each half hour (none
    where they don't differ). `between_min` is how long a window takes to call while somebody waits, `between_at` the
    same by window, `between` the table of all such times (None where few are known). `low` and `high` are the factors
    that the bounds of a day begin with. `waits`: what the experts know of past waits.
    """

    days: int = 0
    upto: clock.date | None = None
    services: Mapping[str, Handling] = field(default_factory=dict)
    clerks: Mapping[str, float] = field(default_factory=dict)
    by_half_hour: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    between_min: float = 0.0
    between_at: Mapping[str, float] = field(default_factory=dict)
    between: Handling | None = None
    absences: Absences = Absences()
    stays: tuple[float, ...] = ()
    redirects: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    priority_per_hour: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    credit_min: float = 0.0
    habits: Mapping[str, Habit] = field(default_factory=dict)
    called_at: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    low: float = LOW_START
    high: float = HIGH_START
    waits: PastWaits = PastWaits()

    def pause_at(self, window: str) -> float:
        """Return how many minutes `window` takes to call while somebody waits."""
        return self.between_at.get(window, self.between_min)

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "days": self.days,
            "upto": self.upto.isoformat() if self.upto else None,
            "services": {k: _row(h) for k, h in self.services.items()},
            "between": None if self.between is None else _row(self.between),
            "habits": {k: [h.opens, h.closes, [list(b) for b in h.breaks]] for k, h in self.habits.items()},
            "absences": to_builtins(self.absences),
            "waits": to_builtins(self.waits),
            "by_half_hour": {code: list(factors) for code, factors in self.by_half_hour.items()},
            **{name: getattr(self, name) for name in _PLAIN},
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Estimates:
        """Return what document() gave."""
        return cls(
            days=document["days"],
            upto=clock.date.fromisoformat(document["upto"]) if document["upto"] else None,
            services={code: _handling(row) for code, row in document["services"].items()},
            between=None if document["between"] is None else _handling(document["between"]),
            habits={
                code: Habit(opens=opens, closes=closes, breaks=tuple((start, end) for start, end in breaks))
                for code, (opens, closes, breaks) in document["habits"].items()
            },
            absences=convert(document["absences"], Absences),
            waits=convert(document["waits"], PastWaits),
            by_half_hour={code: tuple(factors) for code, factors in document["by_half_hour"].items()},
            **{name: _as_tuple(document[name]) for name in _PLAIN},
        )


_PLAIN = (
    "clerks",
    "between_min",
    "between_at",
    "stays",
    "redirects",
    "priority_per_hour",
    "credit_min",
    "called_at",
    "low",
    "high",
)


def _row(handling: Handling) -> list[Any]:
    return [handling.mean_min, handling.var_min2, handling.n, list(handling.quantiles)]


def _handling(row: Sequence[Any]) -> Handling:
    mean, var, n, quantiles = row
    return Handling(mean_min=mean, var_min2=var, n=n, quantiles=tuple(quantiles))


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


# -- how long services take: quantile tables, the rest of a visit, today's pace, one clerk's pace --------------------

UNKNOWN = Handling(mean_min=8.0, var_min2=36.0)
"""What stands for a service of which nothing is known; who waits behind one is told no range."""

POINTS = 256
FEW_LEFT = 3
LONGEST_REST_MIN = 30.0
"""A visit of many hours was forgotten; nobody waits as long again for it."""
SPREAD = 0.75
"""Standard deviation of a service of which only a mean is known, as a share of it."""

CALLS_FOR_PACE = 60
PACE_HALF = 20.0
"""So many usual visits give today's pace half of its weight."""
SLOWEST, FASTEST = 1.6, 0.7
_EPOCH, _MICROSECOND = clock.datetime(1970, 1, 1, tzinfo=clock.UTC), clock.timedelta(microseconds=1)
Group = TypeVar("Group", bound=Hashable)
_NORMAL = tuple(NormalDist().inv_cdf((i + 0.5) / POINTS) for i in range(POINTS))


def micros(moment: clock.datetime) -> float:
    """Return the microseconds since 1970, a whole number: each ticket subtracts many."""
    return float((moment - _EPOCH) // _MICROSECOND)


STILL_THERE = math.inf


class Taken(NamedTuple):
    """A visit called today: its service and its clerk, the call as micros(), the minutes since then that it was set
    aside, and how many it has occupied its window (STILL_THERE for one that is)."""

    by: tuple[str, str | None]
    called_us: float
    held_min: float
    kept_min: float


class Table(Struct, frozen=True):
    """The lengths of a service's visits as `points`, from the shortest to the longest, with the sums from each point to
    the last."""

    points: tuple[float, ...]
    sums: tuple[float, ...]
    squares: tuple[float, ...]


def handling_of(minutes: Sequence[float]) -> Handling:
    """Return the handling learned from visits of `minutes` each (at least one)."""
    ordered = sorted(minutes)
    mean = fmean(ordered)
    return Handling(
        mean_min=mean, var_min2=pvariance(ordered, mean), quantiles=_equally_spaced(ordered), n=len(ordered)
    )


def guessed(mean_min: float, spread: float = SPREAD) -> Handling:
    """Return the handling of a service of which only a usual length is known."""
    return Handling(mean_min=mean_min, var_min2=(spread * mean_min) ** 2)


def rest_min(handling: Handling, elapsed: float, factor: float = 1.0) -> tuple[float, float]:
    """Return how much longer a visit called `elapsed` minutes ago will occupy its window, as likely as not, and the
    variance of that.

    A sum of many heavy-tailed visits has its median below its mean by about as much as one visit has, however many they
    are: so the visit under way counts with its median, and those after it with their means.
    """
    usual = max(0.0, elapsed / factor)
    table = table_of(handling)
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


def handling_in(learned: Estimates, service: str) -> Handling:
    """Return how long a service usually takes; a common length if unknown."""
    return learned.services.get(service, UNKNOWN)


_Usual = tuple[tuple[float, ...], tuple[float, ...], int, float, float, float, float, float]


def _usual(learned: Estimates, service: str, staff: str | None) -> _Usual:
    """Return what pace() needs of the visits for a service at one clerk's: the lengths of usual ones with their sums,
    how many they are, the longest; the clerk's factor; how long one takes here, then the same by the lengths alone and
    as a share of it."""
    handling, factor = handling_in(learned, service), learned.clerks.get(staff or "", 1.0)
    table = table_of(handling)
    count, usual_in_all = len(table.points), max(handling.mean_min * factor, 1e-9)
    whole = factor * table.sums[0] / count
    return table.points, table.sums, count, table.points[-1], factor, usual_in_all, whole, whole / usual_in_all


def pace(visits: Sequence[Taken], learned: Estimates, now: clock.datetime) -> float:
    """Return how much longer visits take today than usual, by the last `CALLS_FOR_PACE` of `visits` (in order of their
    calls), shrunk to 1."""
    kept = expected = n = 0.0
    now_us = micros(now)
    known: dict[tuple[str, str | None], _Usual] = {}
    for by, called_us, held_min, kept_in_all in visits[-CALLS_FOR_PACE:]:
        of_both = known.get(by)
        if of_both is None:
            of_both = known[by] = _usual(learned, *by)
        points, sums, count, longest, factor, usual_in_all, whole, share_of_all = of_both
        since_call = (now_us - called_us) / 1e6 / 60 - held_min
        if since_call < 0:
            since_call = 0.0
        kept += kept_in_all if kept_in_all < since_call else since_call
        # How long it has usually occupied its window by now; each ticket asks that of sixty visits, of which most began
        # longer ago than any visit takes.
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
    return min(SLOWEST, max(FASTEST, 1 - weight + weight * kept / expected))


def group_factors(residuals: Mapping[Group, Sequence[float]]) -> dict[Group, float]:
    """Return how much longer than usual visits of each group take, those of a clerk or those of a half hour, by
    empirical Bayes on the logs of (minutes ÷ usual) of its visits: 1 for all where chance explains the differences."""
    known = {code: values for code, values in residuals.items() if values}
    n = sum(len(values) for values in known.values())
    if n <= len(known) or len(known) < 2:
        return dict.fromkeys(known, 1.0)
    means = {code: fmean(values) for code, values in known.items()}
    within = sum((v - means[code]) ** 2 for code, values in known.items() for v in values) / (n - len(known))
    middle = sum(len(values) * means[code] for code, values in known.items()) / n
    noise = fmean(within / len(values) for values in known.values())
    between = max(0.0, sum((m - middle) ** 2 for m in means.values()) / (len(known) - 1) - noise)
    shrunk = {
        code: (means[code] - middle) * between / (between + within / len(values)) if between > 0 else 0.0
        for code, values in known.items()
    }
    return {code: math.exp(raw) for code, raw in shrunk.items()}


def _equally_spaced(ordered: Sequence[float]) -> tuple[float, ...]:
    last = len(ordered) - 1
    points = []
    for i in range(POINTS):
        at = (i + 0.5) / POINTS * last
        below = int(at)
        above = min(below + 1, last)
        points.append(ordered[below] + (at - below) * (ordered[above] - ordered[below]))
    return tuple(points)


@lru_cache(maxsize=512)
def table_of(handling: Handling) -> Table:
    points = handling.quantiles or _lognormal(handling.mean_min, handling.var_min2)
    sums = list(accumulate(reversed(points), initial=0.0))
    squares = list(accumulate((p * p for p in reversed(points)), initial=0.0))
    return Table(points, tuple(reversed(sums)), tuple(reversed(squares)))


def _lognormal(mean: float, variance: float) -> tuple[float, ...]:
    if mean <= 0:
        return (0.0,) * POINTS
    log_var = math.log(1 + variance / mean**2)
    if log_var <= 0:
        return (mean,) * POINTS
    middle, spread = math.log(mean) - log_var / 2, math.sqrt(log_var)
    return tuple(math.exp(middle + point * spread) for point in _NORMAL)
