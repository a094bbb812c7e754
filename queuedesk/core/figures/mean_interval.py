"""The mean of a few figures with Student's confidence interval."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev

from msgspec import Struct

# The 97.5 % quantiles of Student's distribution by degrees of freedom, from 1 on; beyond them its expansion about the
# normal one.
_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131)
_NORMAL = 1.959964


class MeanInterval(Struct, frozen=True):
    """The mean of `n` figures with its 95 % bounds; without bounds where there are fewer than two."""

    n: int
    mean: float
    low: float | None
    high: float | None

    @property
    def is_distinguishable(self) -> bool:
        """Whether the bounds exclude 0."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def mean_interval(values: Sequence[float]) -> MeanInterval | None:
    """Return the mean with its bounds; None for no figures."""
    if not values:
        return None
    mean = fmean(values)
    if len(values) < 2:
        return MeanInterval(len(values), mean, None, None)
    half = t_quantile(len(values) - 1) * stdev(values) / sqrt(len(values))
    return MeanInterval(len(values), mean, mean - half, mean + half)


def difference_interval(values: Sequence[float], control: Sequence[float]) -> MeanInterval | None:
    """Return how far the mean of `values` lies above that of `control`, with its bounds; without bounds where either
    has fewer than two.

    The degrees of freedom are those of the smaller sample, which is cautious where the spreads differ.
    """
    if not values:
        return None
    mean = fmean(values) - (fmean(control) if control else 0.0)
    if len(values) < 2 or len(control) < 2:
        return MeanInterval(len(values), mean, None, None)
    spread = stdev(values) ** 2 / len(values) + stdev(control) ** 2 / len(control)
    half = t_quantile(min(len(values), len(control)) - 1) * sqrt(spread)
    return MeanInterval(len(values), mean, mean - half, mean + half)


def t_quantile(freedom: int) -> float:
    """Return Student's t for a two-sided 95 % interval."""
    if freedom <= len(_T):
        return _T[freedom - 1]
    z = _NORMAL
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
