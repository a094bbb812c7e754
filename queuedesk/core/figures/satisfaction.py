"""Satisfaction rates and how far they can be trusted: intervals, pooled rates, two rates compared, who answered at all;
and Student's t for the mean of a few figures."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from statistics import NormalDist

from msgspec import Struct

Z_95 = NormalDist().inv_cdf(0.975)
SATISFIED_LEVELS = (3, 4, 5)
FEW_RESPONSES = 0.3
"""Below this share of answers the rate is a hint: three points between those who rated and the silent then move the
rate of all by two (our figure; see resources/docs/decisions/rates.md)."""
FEWEST_RANKED = 30
"""People and halls with fewer ratings are not ranked (our figure)."""

WIDEST_SHOWN = 0.6
"""A wider interval is not shown: it says only that there are too few ratings (our figure)."""


class Interval(Struct, frozen=True):
    """Both ends of an interval, as shares in 0..1."""

    low: float
    high: float


class Rate(Struct, frozen=True):
    """A satisfaction rate of `n` ratings with its 95 % interval, shares in 0..1; None without ratings."""

    n: int
    rate: float | None
    low: float | None
    high: float | None


def wilson_interval(satisfied: float, rated: float, *, z: float = Z_95) -> Interval:
    """Return Wilson's score interval for a satisfaction rate, 95 % unless `z` says otherwise.

    Both ends are shares in 0..1, not percent. Unrated tickets belong in neither count; counts that weights have made
    need not be whole. (E. B. Wilson, Probable inference, JASA 22, 1927: the p for which |p̂ − p| = z·√(p(1 − p)/n).)

    Raises:
        ValueError: `rated` is 0, or `satisfied` is not within 0..rated."""
    if not 0 <= satisfied <= rated or rated == 0:
        raise ValueError(f"{satisfied} of {rated}")
    share = satisfied / rated
    shrink = 1 + z * z / rated
    centre = (share + z * z / (2 * rated)) / shrink
    half = z * sqrt(share * (1 - share) / rated + z * z / (4 * rated * rated)) / shrink
    low = 0.0 if satisfied == 0 else centre - half
    high = 1.0 if satisfied == rated else centre + half
    return Interval(low, high)


def is_interval_too_wide(low: float, high: float) -> bool:
    return high - low > WIDEST_SHOWN


class ShareWithInterval(Struct, frozen=True):
    """`n` of `of`. `rate` and its 95 % interval are shares in 0..1, None of fewer than FEWEST_RANKED."""

    n: int
    of: int
    rate: float | None = None
    low: float | None = None
    high: float | None = None


def share_with_interval(n: int, of: int) -> ShareWithInterval:
    """Return a share with Wilson's 95 % bounds, without a rate where there are too few to compare."""
    if of < FEWEST_RANKED:
        return ShareWithInterval(n, of)
    bounds = wilson_interval(n, of)
    return ShareWithInterval(n, of, n / of, bounds.low, bounds.high)


def satisfaction_rate(satisfied: int, dissatisfied: int) -> Rate:
    """Return satisfied ÷ (satisfied + dissatisfied) with Wilson's 95 % bounds; unrated tickets are in neither count.
    Raises ValueError: a count is negative."""
    if min(satisfied, dissatisfied) < 0:
        raise ValueError(f"{satisfied} satisfied, {dissatisfied} dissatisfied")
    n = satisfied + dissatisfied
    if n == 0:
        return Rate(0, None, None, None)
    bounds = wilson_interval(satisfied, n)
    return Rate(n, satisfied / n, bounds.low, bounds.high)


def pooled_satisfaction_rate(counts: Iterable[tuple[int, int]]) -> Rate:
    """Return the rate of the summed counts (satisfied, dissatisfied), not the mean of the rates. Raises ValueError: a
    count is negative."""
    satisfied = dissatisfied = 0
    for good, bad in counts:
        if min(good, bad) < 0:
            raise ValueError(f"{good} satisfied, {bad} dissatisfied")
        satisfied, dissatisfied = satisfied + good, dissatisfied + bad
    return satisfaction_rate(satisfied, dissatisfied)


class SatisfactionRateDifference(Struct, frozen=True):
    """The second rate minus the first, in shares, with its 95 % interval and z; None where one has no ratings. `z` is
    also None where all ratings of both agree, because there is no spread then."""

    difference: float | None
    low: float | None
    high: float | None
    z: float | None


def satisfaction_rate_difference(
    first: tuple[int, int], second: tuple[int, int], *, z: float = Z_95
) -> SatisfactionRateDifference:
    """Return the rate of the `second` counts (satisfied, dissatisfied) minus that of the first, with its interval: 95 %
    unless `z` says otherwise.

    The interval is made of the two Wilson intervals (R. G. Newcombe, Interval estimation for the difference between
    independent proportions, Statistics in Medicine 17, 1998, method 10): d − √((p₂ − l₂)² + (u₁ − p₁)²) to d + √((u₂ −
    p₂)² + (p₁ − l₁)²). z is that of the pooled share: d ÷ √(p(1 − p)(1/n₁ + 1/n₂)).

    Raises:
        ValueError: a count is negative."""
    before, after = satisfaction_rate(*first), satisfaction_rate(*second)
    if before.rate is None or after.rate is None:
        return SatisfactionRateDifference(None, None, None, None)
    difference = after.rate - before.rate
    before_interval, after_interval = (wilson_interval(counts[0], sum(counts), z=z) for counts in (first, second))
    below = sqrt((after.rate - after_interval.low) ** 2 + (before_interval.high - before.rate) ** 2)
    above = sqrt((after_interval.high - after.rate) ** 2 + (before.rate - before_interval.low) ** 2)
    both = (first[0] + second[0]) / (before.n + after.n)
    spread = sqrt(both * (1 - both) * (1 / before.n + 1 / after.n))
    return SatisfactionRateDifference(
        difference, difference - below, difference + above, difference / spread if spread else None
    )


def are_significantly_different(first: tuple[int, int], second: tuple[int, int], comparisons: int) -> bool:
    """Whether two rates differ significantly at 5 % among several comparisons (Bonferroni): both by the interval and by
    Fisher's exact test (R. A. Fisher, 1935)."""
    chance = 0.05 / max(1, comparisons)
    difference = satisfaction_rate_difference(first, second, z=NormalDist().inv_cdf(1 - chance / 2))
    if difference.low is None or difference.high is None or difference.low <= 0 <= difference.high:
        return False
    return 2 * _smaller_tail_of_chance(first, second) <= chance


def _smaller_tail_of_chance(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Return the chance that as few dissatisfied as there were, or as many, fall to the first, whichever is smaller.
    Each number of them is as likely as its neighbour times their ratio: a year's binomials have 100,000 digits."""
    n, m, seen, bad = sum(first), sum(second), first[1], first[1] + second[1]
    few = many = likely = 1.0
    for k in range(seen, max(0, bad - m), -1):
        likely *= k * (m - bad + k) / ((n - k + 1) * (bad - k + 1))
        few += likely
    likely = 1.0
    for k in range(seen, min(n, bad)):
        likely *= (n - k) * (bad - k) / ((k + 1) * (m - bad + k + 1))
        many += likely
    return min(few, many) / (few + many - 1)


class ResponseRate(Struct, frozen=True):
    """Response rate; `lowest`, `highest`: the satisfaction rate if all the silent were dissatisfied, or satisfied."""

    rated: int
    silent: int
    share: float | None
    lowest: float | None
    highest: float | None

    @property
    def is_low(self) -> bool:
        return self.share is not None and self.share < FEW_RESPONSES


def response_rate_and_bounds(satisfied: int, dissatisfied: int, silent: int) -> ResponseRate:
    """Return the response rate, answers ÷ (answers + silent), with the bounds of the satisfaction rate of all. (C. F.
    Manski, Partial Identification of Probability Distributions, 2003, ch. 1: bounds that assume nothing about the
    silent.) Raises ValueError: a count is negative."""
    if min(satisfied, dissatisfied, silent) < 0:
        raise ValueError(f"{satisfied} satisfied, {dissatisfied} dissatisfied, {silent} silent")
    rated = satisfied + dissatisfied
    everybody = rated + silent
    if everybody == 0:
        return ResponseRate(0, 0, None, None, None)
    return ResponseRate(rated, silent, rated / everybody, satisfied / everybody, (satisfied + silent) / everybody)


# The 97.5 % quantiles of Student's distribution by degrees of freedom, from 1 on; beyond them its expansion about the
# normal one.
_T_95 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131)
_NORMAL_QUANTILE = 1.959964


def student_t_95(freedom: int) -> float:
    """Return Student's t for a two-sided 95 % interval; `freedom` are the degrees of freedom."""
    if freedom <= len(_T_95):
        return _T_95[freedom - 1]
    z = _NORMAL_QUANTILE
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
