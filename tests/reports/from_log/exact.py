"""Minutes, percentiles and intervals as exact as they go, and what a printed document differs by."""

from fractions import Fraction
from math import floor, sqrt
from typing import Any

from tests.reports.from_log.visits import MINUTE

Figures = dict[str, Any]


def minutes(span: int) -> Fraction:
    return Fraction(span, MINUTE)


def quantile(values: list[Fraction], share: Fraction) -> Fraction:
    """Return a percentile by linear interpolation."""
    values = sorted(values)
    place = share * (len(values) - 1)
    low = floor(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def spread(values: list[Fraction]) -> Figures:
    """Return number, mean, median and 90th percentile."""
    if not values:
        return {"n": 0, "mean": None, "median": None, "p90": None}
    return {
        "n": len(values),
        "mean": sum(values) / len(values),
        "median": quantile(values, Fraction(1, 2)),
        "p90": quantile(values, Fraction(9, 10)),
    }


def wilson(n: int, of: int, z: float = 1.959963984540054) -> tuple[float, float]:
    rate, square = n / of, z * z / of
    middle = rate + square / 2
    reach = z * sqrt(rate * (1 - rate) / of + square / of / 4)
    return max(0.0, (middle - reach) / (1 + square)), min(1.0, (middle + reach) / (1 + square))


def room(path: str) -> Fraction:
    """Return how far a printed figure may lie from the exact one: half of its last digit."""
    if path.endswith(("within_target", "rate", "low", "high", "satisfaction.value", "satisfaction.hall")):
        return Fraction(51, 10**8)
    if path.endswith("items.handling.value"):
        return Fraction(51, 10**6)
    return Fraction(51, 10**4)


def differences(ours: Any, theirs: Any, path: str = "") -> list[str]:
    """Return where a printed document differs from exact figures by more than its own rounding, by path."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return [line for key in ours for line in differences(ours[key], theirs.get(key), f"{path}.{key}")]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = enumerate(zip(ours, theirs, strict=True))
        return [line for n, pair in pairs for line in differences(*pair, f"{path}[{n}]")]
    if isinstance(ours, Fraction | float) and isinstance(theirs, int | float):
        is_near = abs(Fraction(ours) - Fraction(str(theirs))) <= room(path)
        return [] if is_near else [f"{path}: {float(ours)} / {theirs}"]
    return [] if ours == theirs else [f"{path}: {ours} / {theirs}"]
