"""Satisfaction rates and how far they can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

Z_95 = NormalDist().inv_cdf(0.975)
SATISFIED_LEVELS = (3, 4, 5)


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends of an interval, as shares in 0..1."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rate:
    """A satisfaction rate of `n` ratings with its 95 % interval, shares in 0..1; None where nobody rated."""

    n: int
    rate: float | None
    low: float | None
    high: float | None


def wilson_interval(satisfied: int, rated: int, *, z: float = Z_95) -> Interval:
    """Return Wilson's score interval for a satisfaction rate, 95 % unless `z` says otherwise.

    Both ends are shares in 0..1, not percent. Unrated tickets belong in neither count.
    (E. B. Wilson, Probable inference, JASA 22, 1927: the p for which |p̂ − p| = z·√(p(1 − p)/n).)

    Raises:
        ValueError: `rated` is 0, or `satisfied` is not within 0..rated.
    """
    if not 0 <= satisfied <= rated or rated == 0:
        raise ValueError(f"{satisfied} of {rated}")
    share = satisfied / rated
    shrink = 1 + z * z / rated
    centre = (share + z * z / (2 * rated)) / shrink
    half = z * sqrt(share * (1 - share) / rated + z * z / (4 * rated * rated)) / shrink
    low = 0.0 if satisfied == 0 else centre - half
    high = 1.0 if satisfied == rated else centre + half
    return Interval(low, high)


def rate(satisfied: int, dissatisfied: int) -> Rate:
    """Return satisfied ÷ (satisfied + dissatisfied) with Wilson's 95 % bounds; silence is in neither count.

    Raises:
        ValueError: a count is negative.
    """
    if min(satisfied, dissatisfied) < 0:
        raise ValueError(f"{satisfied} satisfied, {dissatisfied} dissatisfied")
    n = satisfied + dissatisfied
    if n == 0:
        return Rate(0, None, None, None)
    bounds = wilson_interval(satisfied, n)
    return Rate(n, satisfied / n, bounds.low, bounds.high)
