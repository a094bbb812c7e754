"""Moments as whole microseconds; waits, ways and handling times summed up; minutes are decimal numbers, shares lie in
0..1."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from queuedesk.core.setup.rows import Setup

Figures = dict[str, Any]
SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(moment: datetime) -> int:
    """Return a moment as whole microseconds since 1970."""
    return (moment - _EPOCH) // MICROSECOND


def moment_of(microseconds: int) -> datetime:
    """Return the moment (UTC) of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=microseconds)


def hall_clock(setup: Setup, microseconds: int) -> str:
    """Return a moment as "08:30" on the hall's clock."""
    return f"{setup.local(moment_of(microseconds)):%H:%M}"


def minutes(seconds: float) -> float:
    """Return seconds as minutes with two decimals, as all figures show them."""
    return round(seconds / 60, 2)


def minutes_of_us(microseconds: float) -> float:
    """Return microseconds as minutes with two decimals."""
    return minutes(microseconds / SECOND_US)


def share(part: int, whole: int) -> float | None:
    """Return `part` ÷ `whole` with six decimals, None if `whole` is 0."""
    return round(part / whole, 6) if whole else None


def percentile(ordered: Sequence[int], percent: int) -> float:
    """Return a percentile by linear interpolation between the two nearest of the ordered values."""
    # Not numpy's: a station would keep 16 MB for two figures.
    whole, part = divmod((len(ordered) - 1) * percent, 100)
    if not part:
        return ordered[whole]
    return ordered[whole] + (ordered[whole + 1] - ordered[whole]) * part / 100


def spread(microseconds: Sequence[int]) -> Figures:
    """Return n, mean, median and 90th percentile in minutes, percentiles by linear interpolation; nulls where there are
    none."""
    if not microseconds:
        return {"n": 0, "mean": None, "median": None, "p90": None}
    ordered = sorted(microseconds)
    return {
        "n": len(ordered),
        "mean": minutes_of_us(sum(ordered) / len(ordered)),
        "median": minutes_of_us(percentile(ordered, 50)),
        "p90": minutes_of_us(percentile(ordered, 90)),
    }


def half_hour(local: datetime) -> datetime:
    """Return the beginning of the half-hour that a moment on the hall's clock falls in."""
    return local - timedelta(minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond)
