"""Experts weighed by what came true: Bernstein online aggregation with the gradient trick, for the pinball loss.

O. Wintenberger, "Optimal learning with Bernstein online aggregation", Machine Learning 106 (2017), 119–141, algorithm
BOA: the regret against the best mixture of experts is at most of the order of √(T ln K) after T waits with K experts,
and of ln K where losses are curved enough. Weights are learned for the point of a range, whose loss is its error, and
for its two ends together (the mean of their pinball losses is a twentieth of the interval score), apart for each line
and for each group of places; a ticket gets the mean of both. What a wait teaches depends on its own ticket alone, so it
is a sum: whole numbers, the same whoever adds them up and in whatever order.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from math import exp, log, sqrt

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.waits.estimates import HIGH_START, LOW_START
from queuedesk.core.waits.experts import PLACE_BINS, place_bin
from queuedesk.core.waits.past_waits import CORRECTED, PASS, N, PastWaits, ToldWait

OUTSIDE = 0.1
"""Of all waits, so many end before a range and as many after it."""
PRIOR = (0.97, *[0.03 / (N - 1)] * (N - 1))
"""A hall that has shown nothing yet is believed to be what its set-up says: the pass. It alone knows which waits are
hard to tell, and after one day the others know little of their own errors."""
UNIT = 1_000_000
"""Sums hold millionths."""
SCALE_MIN = 2.0
"""An error of minutes is measured against the wait itself, and against two minutes where that is short."""
MOST_ETA = 0.5
GAINS = 2 * N
NOTHING = (0,) * (2 * GAINS)
"""Sums are laid out as, for each expert, how much better its point was than the mixture's; the same of its ends; then
the squares of both."""

_LOG_PRIOR = tuple(map(log, PRIOR))
_LOG_ETA = log(MOST_ETA)
_LOG_N = log(N)
_FULL_UPTO = _LOG_N / (MOST_ETA * MOST_ETA)

Points = Sequence[float | None]
Ends = tuple[list[float], Points, list[float]]
"""Each expert's low end, point and high end, in minutes; what stands for one that says nothing has no meaning."""
Weights = tuple[tuple[float, ...], tuple[float, ...]]
"""Of the experts' points and of their ends: together 1, and 0 for one that says nothing."""


class Mixture(Struct, frozen=True):
    """What is told: a point with the ends between which four in five waits are expected, in minutes, and the expert
    that weighs most in the point."""

    low: float
    point: float
    high: float
    leads: int


def ends_of(points: Points, factors: Sequence[tuple[float, float]], sd: float | None) -> Ends:
    """Return the experts' ranges. The pass knows its own doubt `sd`, the others their past errors as `factors`; what is
    said beside the pass goes half by the one and half by the other."""
    lows, highs = [0.0] * N, [0.0] * N
    for k, point in enumerate(points):
        if point is not None:
            low, high = factors[k]
            below, above = (point + 1) * low - 1, (point + 1) * high - 1
            lows[k] = below if below > 0 else 0.0
            highs[k] = above if above > 0 else 0.0
    pass_min = points[PASS]
    if pass_min is not None and sd is not None:
        lows[PASS] = max(0.0, pass_min + LOW_START * sd)
        highs[PASS] = max(0.0, pass_min + HIGH_START * sd)
        corrected = points[CORRECTED]
        if corrected is not None:
            own = sd * (corrected + 1) / (pass_min + 1)
            lows[CORRECTED] = (lows[CORRECTED] + max(0.0, corrected + LOW_START * own)) / 2
            highs[CORRECTED] = (highs[CORRECTED] + max(0.0, corrected + HIGH_START * own)) / 2
    return lows, points, highs


def lessons_of(wait: ToldWait, factors: Sequence[tuple[float, float]]) -> tuple[int, ...]:
    """Return what one wait teaches, laid out as sums. Whether an end was missed goes by what was told, whose bounds see
    to it that one in ten is: so no expert gains by wide ends where the bounds are about to widen them all."""
    low, point, high = wait.low_s / 60, wait.point_s / 60, wait.high_s / 60
    points = [None if one is None else one / 60 for one in wait.points_s]
    lows, _points, highs = ends_of(points, factors, None if wait.sd_s is None else wait.sd_s / 60)
    scale, came = UNIT / (point + SCALE_MIN), wait.minutes
    below, above = (came < wait.told[0]) - OUTSIDE, (came < wait.told[1]) - (1 - OUTSIDE)
    side, half = scale if came < point else -scale, scale / 2
    gains, of_ends = [0] * N, [0] * N
    for k, one in enumerate(points):
        if one is not None:
            gain, of_end = side * (point - one), (below * (low - lows[k]) + above * (high - highs[k])) * half
            gains[k] = -UNIT if gain < -UNIT else UNIT if gain > UNIT else int(gain)
            of_ends[k] = -UNIT if of_end < -UNIT else UNIT if of_end > UNIT else int(of_end)
    gains += of_ends
    return (*gains, *[gain * gain // UNIT for gain in gains])


def added(sums: Sequence[int], lessons: Sequence[int]) -> tuple[int, ...]:
    """Return sums with what one more wait taught."""
    return tuple(map(operator.add, sums, lessons))


def taken_out(sums: Sequence[int], lessons: Sequence[int]) -> tuple[int, ...]:
    """Return sums without what a wait taught."""
    return tuple(map(operator.sub, sums, lessons))


def weights(sums: Sequence[int], able: Sequence[int]) -> Weights:
    """Return the weights after `sums`; only the experts `able` to say something have any."""
    return _shares(sums, 0, able), _shares(sums, N, able)


def _shares(sums: Sequence[int], start: int, able: Sequence[int]) -> tuple[float, ...]:
    logs = []
    for k in able:
        gain, squares = sums[start + k] / UNIT, sums[start + k + GAINS] / UNIT
        if squares > _FULL_UPTO:
            eta = sqrt(_LOG_N / squares)
            logs.append(eta * gain - eta * eta * squares + log(eta) + _LOG_PRIOR[k])
        else:
            logs.append(MOST_ETA * gain - MOST_ETA * MOST_ETA * squares + _LOG_ETA + _LOG_PRIOR[k])
    most = max(logs)
    raw = [exp(one - most) for one in logs]
    whole = sum(raw)
    shares = [0.0] * N
    for k, one in zip(able, raw, strict=True):
        shares[k] = one / whole
    return tuple(shares)


def mean_of(one: Weights, other: Weights) -> Weights:
    """Return the mean of two weights."""
    return _mean(one[0], other[0]), _mean(one[1], other[1])


def _mean(one: Sequence[float], other: Sequence[float]) -> tuple[float, ...]:
    return tuple([(a + b) / 2 for a, b in zip(one, other, strict=True)])


def mixed(said: Ends, weights: Weights) -> Mixture:
    """Return the mixture of what experts said."""
    lows, points, highs = said
    of_points, of_ends = weights
    point = sum([one * share for one, share in zip(points, of_points, strict=True) if one is not None])
    low = sum(map(operator.mul, lows, of_ends))
    high = sum(map(operator.mul, highs, of_ends))
    leads = of_points.index(max(of_points))
    return Mixture(min(low, point), point, max(point, high), leads)


def with_sums(past: PastWaits, waits: Iterable[ToldWait]) -> PastWaits:
    """Return `past` with the sums of `waits`, weighed by what it knows of the experts' errors."""
    by_line: dict[str, tuple[int, ...]] = {}
    by_place: dict[int, tuple[int, ...]] = {}
    known: dict[tuple[str, int], tuple[tuple[float, float], ...]] = {}
    for wait in waits:
        key = wait.line, place_bin(wait.place)
        factors = known.get(key)
        if factors is None:
            factors = known[key] = past.factors(*key)
        lessons = lessons_of(wait, factors)
        by_line[key[0]] = added(by_line.get(key[0], NOTHING), lessons)
        by_place[key[1]] = added(by_place.get(key[1], NOTHING), lessons)
    return replace(
        past,
        sums_by_line=by_line,
        sums_by_place=tuple(by_place.get(bin, NOTHING) for bin in range(PLACE_BINS)),
    )
