"""Where an axis begins and ends, and the round figures on it: one ladder for every chart."""

from collections.abc import Iterable
from math import ceil, floor

LADDER = (1.0, 2.0, 2.5, 5.0)
"""Steps between two figures, times a power of ten."""
LEAST_POINTS = 10.0
"""What an axis of percentages spans at the least: a change within chance must not look like a collapse."""
FEWEST_STEPS = 2
# A sum of steps is not exact to the last digit.
_ROUNDING = 1e-9


def ticks_from_zero(highest: float, most: int = 4) -> list[float]:
    """Return whole figures from 0 to at least `highest`: as little above it as `most` steps allow, and then as few as
    that takes."""
    return _ticks(0.0, highest, most)


def ticks_of_percent(values: Iterable[float], most: int = 5) -> list[float]:
    """Return figures between 0 and 100 that hold all `values` and span LEAST_POINTS: as near to them as `most` steps
    allow, and then as many as that takes."""
    known = list(values)
    low, high = max(0.0, min(known, default=0.0)), min(100.0, max(known, default=100.0))
    if high - low < LEAST_POINTS:
        low = min(max(0.0, (low + high - LEAST_POINTS) / 2), 100.0 - LEAST_POINTS)
        high = low + LEAST_POINTS
    return _ticks(low, high, most, end=100.0)


def _ticks(low: float, high: float, most: int, end: float | None = None) -> list[float]:
    found = []
    for step in (each * 10.0**power for power in range(13) for each in LADDER):
        if step % 1:
            continue
        first, last = floor(low / step + _ROUNDING), ceil(high / step - _ROUNDING)
        last = max(last, first + FEWEST_STEPS)
        if end is not None and last * step > end:
            first, last = max(0, first - (last - floor(end / step))), floor(end / step)
        holds = first * step <= low + _ROUNDING and last * step >= high - _ROUNDING
        if holds and FEWEST_STEPS <= last - first <= most:
            count = last - first
            found.append((count * step, count if end is None else -count, step, first))
    _span, count, step, first = min(found)
    return [step * (first + i) for i in range(abs(count) + 1)]
