"""The effect of measures on minutes: a span's mean, median or 90th percentile, before and after on equal weekdays.

- The day is the unit: the waits of one day hang together, so that its tickets are no independent rows. Each day has its
  own figure; the k-th Monday before is held against the k-th Monday after, and so for each weekday.
- The difference is the Hodges-Lehmann estimate of these pairs, the median of all means of two of them, with the 95 %
  interval of Wilcoxon's signed ranks (Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3.2 and 3.3). It
  asks for no normal minutes, and one extraordinary day moves it little. With fewer than six pairs there is no such
  interval: nothing is told.
- What is usual is said by the days before the first span, as for shares: the mean of their figures ± 1.96 standard
  errors of a span of so many days. Where the first span lies outside, the second is also held against those days, by
  the Hodges-Lehmann estimate of two samples with the interval of Wilcoxon's rank sums (4.2 and 4.3).
- Each pair is left out once, as in effect.py; it is named by its day that lies further from the others of its side.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil, sqrt
from statistics import mean, median, stdev

from msgspec import Struct

from queuedesk.core.figures.comparing import turns
from queuedesk.core.figures.measures.figure import MORE
from queuedesk.core.figures.satisfaction import Z_95, Difference
from queuedesk.core.improvement.following import Level
from queuedesk.features.projects.rules.effect import (
    FEWEST,
    FEWEST_HISTORY_DAYS,
    MOST_DAYS,
    STANDS_OUT,
    Hinge,
    Verdict,
    Why,
    is_told,
    why_not,
)

FEWEST_PAIRS = 6
"""With fewer no interval of signed ranks has 95 %."""
EXACT = 30
"""Up to so many pairs, or days of two samples, the ranks are counted out; above them by their normal approximation."""
MOST_LEFT_OUT = 60
"""Of more pairs none is left out: one of so many can't decide."""
NOTHING = Difference(None, None, None, None)


class DayMinutes(Struct, frozen=True):
    """A day's figure in minutes, None where nobody had it, of `n` rows."""

    day: date
    minutes: float | None
    n: int


class UsualMinutes(Struct, frozen=True):
    """The mean of the days' figures before the first span, and between what a span of its size usually lies.
    `is_beyond`: the first span lies outside."""

    minutes: float
    days: int
    low: float
    high: float
    is_beyond: bool


class MinutesEffect(Struct, frozen=True, kw_only=True):
    """The effect on a figure in minutes; all as in effect.FigureEffect, differences in minutes, `days` pairs."""

    figure: str
    better: str | None
    before: Level
    after: Level
    days: int
    difference: Difference
    plain: Verdict
    verdict: Verdict
    usual: UsualMinutes | None
    against_usual: Difference | None
    hinges: tuple[Hinge, ...]
    days_to_tell: int | None
    why: Why | None
    alike: float | None
    reached: Difference
    """Where the days of the second span lie themselves, with its interval: for a target."""


Pair = tuple[DayMinutes, DayMinutes]


def minutes_effect(
    figure: str,
    better: str | None,
    *,
    whole: tuple[Level, Level],
    pairs: Sequence[Pair],
    history: Sequence[DayMinutes],
    alike: float | None = None,
) -> MinutesEffect:
    """Return the effect on a figure in minutes. `whole` are both spans' figures over all their rows, `pairs` the days
    that are held against each other, `history` those before the first span that are like them, `alike` the difference
    with the same mix of services, None where it is not known."""
    known = [pair for pair in pairs if all(day.minutes is not None for day in pair)]
    before = [_of(pair[0]) for pair in known]
    after = [_of(pair[1]) for pair in known]
    past = [_of(day) for day in history if day.minutes is not None]
    has_rows = min(one.n for one in whole) >= FEWEST
    usual = _usual(before, past)
    said = _judged(better, before, after, past, usual) if has_rows else Verdict.TOO_FEW
    hinges: list[Hinge] = []
    if has_rows and FEWEST_PAIRS < len(known) <= MOST_LEFT_OUT:
        for n, pair in enumerate(known):
            rest = [side[:n] + side[n + 1 :] for side in (before, after)]
            verdict = _judged(better, rest[0], rest[1], past, usual)
            if verdict is not said:
                far = [_apartness(_of(day), others) for day, others in zip(pair, rest, strict=True)]
                hinges.append(Hinge(pair[far[1] > far[0]].day, verdict, max(far) > STANDS_OUT))
    if any(hinge.is_apart for hinge in hinges):
        said = Verdict.CANNOT_TELL
    found = paired(before, after) if has_rows else NOTHING
    plain, is_mix = _verdict(better, found), turns(found.difference, alike)
    if is_told(said) and is_mix:
        said = Verdict.CANNOT_TELL
    why = why_not(plain, said, usual, is_one_day=any(hinge.is_apart for hinge in hinges), is_mix=is_mix)
    is_beyond = usual is not None and usual.is_beyond
    return MinutesEffect(
        figure=figure,
        better=better,
        before=whole[0],
        after=whole[1],
        days=len(known),
        difference=found,
        plain=plain,
        verdict=said,
        usual=usual,
        against_usual=unpaired(past, after) if is_beyond else None,
        hinges=tuple(sorted(hinges, key=lambda one: (not one.is_apart, one.day))),
        days_to_tell=_days_to_tell(before, after, whole, said) if why is None else None,
        why=why,
        alike=alike,
        reached=paired([0.0] * len(after), after) if has_rows else NOTHING,
    )


def _of(day: DayMinutes) -> float:
    assert day.minutes is not None
    return day.minutes


def paired(before: Sequence[float], after: Sequence[float]) -> Difference:
    """Return by how much the second figures of pairs lie above the first; no interval of fewer than six pairs."""
    ups = [two - one for one, two in zip(before, after, strict=True)]
    n = len(ups)
    walsh = sorted((ups[i] + ups[j]) / 2 for i in range(n) for j in range(i, n))
    return _between(walsh, _signed_rank_place(n))


def unpaired(first: Sequence[float], second: Sequence[float]) -> Difference:
    """Return by how much the figures of the second sample lie above those of the first."""
    ups = sorted(two - one for one in first for two in second)
    return _between(ups, _rank_sum_place(len(first), len(second)))


def _between(ordered: Sequence[float], place: int) -> Difference:
    """Return the median of sorted differences with the interval from the one in that place, from 1, to its mirror."""
    if not ordered:
        return NOTHING
    middle = median(ordered)
    if place < 1:
        return Difference(middle, None, None, None)
    return Difference(middle, ordered[place - 1], ordered[-place], None)


def _signed_rank_place(n: int) -> int:
    if n > EXACT:
        return int(n * (n + 1) / 4 - Z_95 * sqrt(n * (n + 1) * (2 * n + 1) / 24))
    ways = [1]
    for rank in range(1, n + 1):
        ways = [
            (ways[s] if s < len(ways) else 0) + (ways[s - rank] if s >= rank else 0) for s in range(len(ways) + rank)
        ]
    return _tail(ways)


def _rank_sum_place(m: int, n: int) -> int:
    if m + n > EXACT:
        return int(m * n / 2 - Z_95 * sqrt(m * n * (m + n + 1) / 12))
    # ways[k][u]: in how many orders the first k of the second sample have u of the first one below them, by
    # Gauss's binomial coefficients.
    ways = [[1]] + [[0] for _k in range(n)]
    for step in range(1, m + n + 1):
        for k in range(min(step, n), 0, -1):
            ways[k] = _sum(ways[k], [0] * (step - k) + ways[k - 1])
    return _tail(ways[n])


def _sum(one: Sequence[int], other: Sequence[int]) -> list[int]:
    long, short = (one, other) if len(one) >= len(other) else (other, one)
    return [value + (short[n] if n < len(short) else 0) for n, value in enumerate(long)]


def _tail(ways: Sequence[int]) -> int:
    """Return how many values at the lower end come up in 2.5 % of all ways at most."""
    whole, seen = sum(ways), 0
    for place, n in enumerate(ways):
        seen += n
        if 2 * seen > 0.05 * whole:
            return place
    return len(ways)


def _verdict(better: str | None, found: Difference) -> Verdict:
    if found.low is None or found.high is None:
        return Verdict.TOO_FEW
    if found.low <= 0 <= found.high:
        return Verdict.CANNOT_TELL
    is_more = found.low > 0
    if better is None:
        return Verdict.MORE if is_more else Verdict.LESS
    return Verdict.BETTER if is_more == (better == MORE) else Verdict.WORSE


def _judged(
    better: str | None,
    before: Sequence[float],
    after: Sequence[float],
    past: Sequence[float],
    usual: UsualMinutes | None,
) -> Verdict:
    plain = _verdict(better, paired(before, after))
    if not is_told(plain) or (usual is not None and not usual.is_beyond):
        return plain
    if usual is None:
        return Verdict.CANNOT_TELL
    return plain if _verdict(better, unpaired(past, after)) == plain else Verdict.CANNOT_TELL


def _usual(before: Sequence[float], past: Sequence[float]) -> UsualMinutes | None:
    if len(past) < FEWEST_HISTORY_DAYS or not before:
        return None
    middle = mean(past)
    half = Z_95 * stdev(past) * sqrt(1 / len(before) + 1 / len(past))
    low, high = max(0.0, middle - half), middle + half
    return UsualMinutes(middle, len(past), low, high, not low <= mean(before) <= high)


def _apartness(out: float, others: Sequence[float]) -> float:
    """Return how many standard errors a day lies from the others of its side."""
    spread = stdev(others) * sqrt(1 + 1 / len(others))
    gap = abs(out - mean(others))
    return gap / spread if spread else (STANDS_OUT + 1 if gap else 0.0)


def _days_to_tell(
    before: Sequence[float], after: Sequence[float], whole: tuple[Level, Level], verdict: Verdict
) -> int | None:
    """Return about how many days a side it takes: as many pairs as the spread of these asks for, and rows enough."""
    ups = [two - one for one, two in zip(before, after, strict=True)]
    if verdict not in (Verdict.CANNOT_TELL, Verdict.TOO_FEW) or len(ups) < 2 or not mean(ups):
        return None
    fewest = min(one.n for one in whole) / len(ups)
    needed = max((Z_95 * stdev(ups) / mean(ups)) ** 2, FEWEST_PAIRS, FEWEST / fewest if fewest else MOST_DAYS + 1)
    return None if needed > MOST_DAYS else max(len(ups) + 1, ceil(needed))
