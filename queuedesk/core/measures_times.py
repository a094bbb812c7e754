"""Waits, ways and handling times of legs, summed up; minutes are decimal numbers, shares lie in 0..1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from queuedesk.core.ticket import Leg

Figures = dict[str, Any]
NEVER_CALLED = frozenset({"leave", "defer", "day-end"})


def minutes(seconds: float) -> float:
    """Return seconds as minutes with two decimals, as every figure is shown."""
    return round(seconds / 60, 2)


def share(part: int, whole: int) -> float | None:
    """Return `part` ÷ `whole` with six decimals, None of nothing."""
    return round(part / whole, 6) if whole else None


def _percentile(ordered: Sequence[float], percent: int) -> float:
    """Return a percentile by linear interpolation between the two nearest of the ordered values."""
    # Not numpy's: a station would keep 16 MB for two figures.
    whole, part = divmod((len(ordered) - 1) * percent, 100)
    if not part:
        return ordered[whole]
    return ordered[whole] + (ordered[whole + 1] - ordered[whole]) * part / 100


def spread(seconds: Sequence[float]) -> Figures:
    """Return n, mean, median and 90th percentile in minutes, percentiles by linear interpolation; nulls of nothing."""
    if not seconds:
        return {"n": 0, "mean": None, "median": None, "p90": None}
    ordered = sorted(seconds)
    return {
        "n": len(seconds),
        "mean": minutes(sum(seconds) / len(seconds)),
        "median": minutes(_percentile(ordered, 50)),
        "p90": minutes(_percentile(ordered, 90)),
    }


def counts(leg: Leg) -> bool:
    """Whether a leg counts in wait, way and handling: not one that stood in the wrong line nor one that day-end closed."""
    return leg.end != "redirect" and not leg.inaccurate


def wait_s(leg: Leg) -> float | None:
    """Return the seconds from joining the line (a redirected ticket: from its original arrival) to the first call there."""
    return _between(leg.joined, leg.called)


def handling_s(leg: Leg) -> float | None:
    """Return the seconds from start to finish, without those set aside and those another system took."""
    if (whole := _between(leg.started, leg.finished)) is None:
        return None
    return max(0.0, whole - leg.held_s - leg.stalled_s)


def left_uncalled(leg: Leg) -> bool:
    """Whether the customer left, was put off to the next day, or was still waiting at day-end without ever being called."""
    return leg.called is None and leg.end in NEVER_CALLED


def left_early(leg: Leg, target_minutes: int) -> bool:
    """Whether the customer left uncalled before the target had passed, which says nothing about keeping it."""
    waited = _between(leg.joined, leg.ended)
    return left_uncalled(leg) and waited is not None and waited <= target_minutes * 60


def wait_figures(legs: Iterable[Leg], target_minutes: int) -> Figures:
    """Return the waits of the legs that were called.

    `within_target`: legs called within the target ÷ (legs called + left uncalled after longer than the target).
    """
    known = list(legs)
    waits = [w for leg in known if counts(leg) and (w := wait_s(leg)) is not None]
    late = sum(left_uncalled(leg) and not left_early(leg, target_minutes) for leg in known)
    within = sum(w <= target_minutes * 60 for w in waits)
    return {
        **spread(waits),
        "max": minutes(max(waits)) if waits else None,
        "target_minutes": target_minutes,
        "within_target": share(within, len(waits) + late),
    }


def way_figures(legs: Iterable[Leg]) -> Figures:
    """Return the times from the first call to the start; an assumed start says nothing about the way."""
    ways = [_between(leg.called, leg.started) for leg in legs if counts(leg) and not leg.start_assumed]
    return spread([way for way in ways if way is not None])


def handling_figures(legs: Iterable[Leg]) -> Figures:
    """Return the handling times of the legs that came to an end at a window."""
    times = [handling_s(leg) for leg in legs if counts(leg)]
    return spread([time for time in times if time is not None])


def half_hour(local: datetime) -> datetime:
    """Return the beginning of the half-hour that a moment on the hall's clock falls in."""
    return local - timedelta(minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond)


def _between(start: datetime | None, end: datetime | None) -> float | None:
    return None if start is None or end is None else max(0.0, (end - start).total_seconds())
