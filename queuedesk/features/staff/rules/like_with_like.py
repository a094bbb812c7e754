"""A person's figures against the others' with the same mix, and the limit that all comparisons of a month share.

- Like is compared with like by indirect standardization: E = Σ nₛ·(others' figure of s), s the strata. What nobody else
  does is in neither side. (N. E. Breslow, N. E. Day, Statistical Methods in Cancer Research II, 1987, ch. 2.)
- By chance alone anybody is called better or worse in any item in at most one month in twenty: each of a month's m
  comparisons may be wrong in CHANCE_OF_A_MONTH ÷ m (Bonferroni).
- A difference of shares is Σ wₛ(pₛ − qₛ), wₛ = nₛ ÷ Σn, with the variance Σ wₛ²·p̄ₛ(1 − p̄ₛ)(1/nₛ + 1/mₛ), p̄ₛ of both
  together (W. G. Cochran, Some methods for strengthening the common χ² tests, Biometrics 10, 1954). The normal curve
  promises too much where nearly all are satisfied, so the exact chance has to agree.
- The ratio T ÷ E of minutes has √(Σ nₛvₛ + (T/E)²·Σ nₛ²vₛ/mₛ) ÷ E, vₛ the variance of the others' minutes. A few long
  visits make that too narrow, so the order of the minutes has to agree, whose chance no distribution changes (rank
  sums by stratum with weights 1 ÷ (nₛ + mₛ + 1): P. H. van Elteren, On the combination of independent two-sample tests
  of Wilcoxon, Bulletin of the ISI 37, 1960).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import comb, fsum, sqrt
from statistics import NormalDist, fmean
from typing import NamedTuple

from msgspec import Struct, field

from queuedesk.core.figures.satisfaction import FEWEST_RANKED

FEWEST = FEWEST_RANKED
"""With fewer rows on either side nothing is compared."""
CHANCE_OF_A_MONTH = 0.05
"""How likely chance alone may call anybody better or worse in a month."""


class Stratum(Struct):
    """What is compared with what: own values and the others'."""

    own: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)


class Limit(NamedTuple):
    """The common limit of a month's comparisons: how likely one of them may be wrong, and as standard deviations."""

    chance: float
    z: float


class Apart(NamedTuple):
    """By how much the own figure lies above the others' with its bounds at the common limit; `is_sure` where neither
    these nor the exact chance hold 0."""

    value: float
    low: float
    high: float
    is_sure: bool


def limit_of(comparisons: int) -> Limit:
    """Return the limit for so many comparisons."""
    chance = CHANCE_OF_A_MONTH / max(1, comparisons)
    return Limit(chance, NormalDist().inv_cdf(1 - chance / 2))


def shares_apart(strata: Sequence[Stratum], limit: Limit) -> Apart:
    """Return the difference of two shares with the own mix."""
    n = sum(len(one.own) for one in strata)
    spread = 0.0
    for one in strata:
        share = fmean([*one.own, *one.others])
        spread += (len(one.own) / n) ** 2 * share * (1 - share) * (1 / len(one.own) + 1 / len(one.others))
    value = sum(sum(one.own) - len(one.own) * fmean(one.others) for one in strata) / n
    half = limit.z * sqrt(spread)
    is_sure = not value - half <= 0 <= value + half and exact_chance(strata) <= limit.chance
    return Apart(value, value - half, value + half, is_sure)


def ratio_of(strata: Sequence[Stratum]) -> tuple[float, float] | None:
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


def minutes_apart(strata: Sequence[Stratum], limit: Limit, ratio: float, deviation: float) -> Apart:
    """Return by how much a ratio of minutes (ratio_of) lies above 1."""
    value, half, ranked = ratio - 1, limit.z * deviation, rank_difference(strata)
    is_sure = not value - half <= 0 <= value + half and abs(ranked) > limit.z and (ranked > 0) == (value > 0)
    return Apart(value, value - half, value + half, is_sure)


def rank_difference(strata: Sequence[Stratum]) -> float:
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


def exact_chance(strata: Sequence[Stratum]) -> float:
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
