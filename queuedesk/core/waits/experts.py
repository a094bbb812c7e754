"""The rules a hall could quote waits by, each an expert: the pass, what past dates show of a line, what today shows.

Nobody knows beforehand which of them a hall, a line or a busy day needs; `weighing.py` lets what came true decide.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from statistics import median

from msgspec import Struct, field

from queuedesk.core.waits.observations import HALF_HOUR_MIN, HALF_HOURS
from queuedesk.core.waits.past_waits import (
    CORRECTED,
    HISTORY,
    HOUR,
    LAST,
    PASS,
    PROFILE,
    RATE,
    SPREAD,
    TODAY,
    N,
    PastWaits,
    ToldWait,
)

PLACE_BINS = 5
"""Places are told apart as 1, 2 to 3, 4 to 7, 8 to 15 and more: errors grow with the places, not with the minutes."""
MOST_PER_PLACE_MIN = 60.0
MOST_MIN = 480.0
"""Nobody is told more than eight hours."""
HOURS = 24
RATE_MIN = 30.0
TODAY_WAITS = 10
WAITED_MIN = 0.25
"""Fewer minutes per place are those of somebody who was called at once."""
TODAY_NEEDED = 3
"""Fewer calls of a line say nothing about its day."""
RATIOS = 40
"""So many of a line's last waits tell how the pass does today."""

LINE_WORTH, HOUR_WORTH, RATIO_WORTH, SPREAD_WORTH = 5.0, 8.0, 10.0, 20.0
"""What is said of a larger group weighs as much as so many waits of the smaller one."""


def place_bin(place: int) -> int:
    """Return which group of places `place` (1: nobody is before) belongs to."""
    return min(PLACE_BINS, place.bit_length()) - 1


def log_ratio(minutes: float, point: float) -> float:
    """Return how far a wait is from a point, as a logarithm that a minute more or less at zero does not blow up."""
    return math.log((minutes + 1) / (point + 1))


class TodaysWaits(Struct, kw_only=True):
    """What a line's calls of today say: minutes since midnight of the last ones, minutes per place, the last call's
    wait and place, the logarithms of wait ÷ pass."""

    called: list[float] = field(default_factory=list)
    per_place: list[float] = field(default_factory=list)
    last: tuple[float, int] | None = None
    ratios: list[float] = field(default_factory=list)


def points(
    past: PastWaits, today: TodaysWaits | None, line: str, *, place: int, minute: float, pass_min: float | None
) -> tuple[float | None, ...]:
    """Return what each expert says somebody at `place` of `line` will wait, in minutes; None where it cannot say.
    `minute` is the hall's time since midnight, `pass_min` the pass's own figure."""
    found: list[float | None] = [None] * N
    if pass_min is not None:
        found[PASS] = pass_min
        found[CORRECTED] = (pass_min + 1) * math.exp(_ratio(past, today, line)) - 1
    usual = past.per_place.get(line, past.usual)
    if usual is not None:
        found[HISTORY] = usual * place
        hours = past.by_hour.get(line)
        at_hour = hours[int(minute // 60) % HOURS] if hours else None
        found[HOUR] = (usual if at_hour is None else at_hour) * place
    calls = past.calls.get(line)
    if calls is not None:
        found[PROFILE] = _by_profile(calls, place, minute)
    if today is not None and len(today.called) >= TODAY_NEEDED:
        since = max(today.called[0], minute - RATE_MIN)
        recent = len(today.called) - bisect_left(today.called, since)
        if recent and minute > since:
            found[RATE] = place / recent * (minute - since)
        found[TODAY] = median(today.per_place[-TODAY_WAITS:]) * place
        if today.last is not None:
            wait, at = today.last
            found[LAST] = wait * (place + 1) / (at + 1)
    return tuple(None if one is None else min(MOST_MIN, max(0.0, one)) for one in found)


def _ratio(past: PastWaits, today: TodaysWaits | None, line: str) -> float:
    before = past.ratios.get(line, 0.0)
    if today is None or not today.ratios:
        return before
    last = today.ratios[-RATIOS:]
    n = len(last)
    return (median(last) * n + before * RATIO_WORTH) / (n + RATIO_WORTH)


def _by_profile(calls: Sequence[float], place: int, minute: float) -> float | None:
    """Return when a line that calls as many in each half-hour as it usually does reaches `place`."""
    at, left = minute, float(place)
    for half_hour in range(min(HALF_HOURS, int(minute // HALF_HOUR_MIN)), HALF_HOURS):
        end = HALF_HOUR_MIN * (half_hour + 1)
        here = calls[half_hour] * (end - at) / HALF_HOUR_MIN
        if here >= left:
            return at + HALF_HOUR_MIN * left / calls[half_hour] - minute
        at, left = end, left - here
    return None


# -- what past waits teach -------------------------------------------------------------------------------------------


def learned_of(days: Sequence[Sequence[ToldWait]], judged: Sequence[ToldWait], usual_days: int) -> PastWaits:
    """Return what past waits teach, without the sums: medians by the last `usual_days` of `days`, errors by the waits
    `judged`, which have points."""
    recent = [wait for waits in days[-usual_days:] for wait in waits]
    if not recent:
        return PastWaits()
    per_place: dict[str, list[float]] = {}
    by_hour: dict[str, list[list[float]]] = {}
    calls: dict[str, list[int]] = {}
    ratios: dict[str, list[float]] = {}
    for wait in recent:
        each = min(MOST_PER_PLACE_MIN, wait.minutes / wait.place)
        per_place.setdefault(wait.line, []).append(each)
        by_hour.setdefault(wait.line, [[] for _ in range(HOURS)])[int(wait.minute // 60) % HOURS].append(each)
        half_hour = int((wait.minute + wait.minutes) // HALF_HOUR_MIN)
        calls.setdefault(wait.line, [0] * HALF_HOURS)[min(HALF_HOURS - 1, half_hour)] += 1
        if (ratio := pass_ratio(wait)) is not None:
            ratios.setdefault(wait.line, []).append(ratio)
    usual = median(one for each in per_place.values() for one in each)
    lines = {line: _towards(usual, each, LINE_WORTH) for line, each in per_place.items()}
    n = min(len(days), usual_days)
    overall, by_place, by_line = _spreads(judged)
    return PastWaits(
        usual=usual,
        per_place=lines,
        by_hour={
            line: tuple(_towards(lines[line], each, HOUR_WORTH) if each else None for each in hours)
            for line, hours in by_hour.items()
        },
        calls={line: tuple(count / n for count in counts) for line, counts in calls.items()},
        ratios={line: _towards(0.0, each, RATIO_WORTH) for line, each in ratios.items()},
        spreads=overall,
        by_place=by_place,
        by_line=by_line,
    )


def pass_ratio(wait: ToldWait) -> float | None:
    """Return the logarithm of a wait beside what the pass had said of it; None for who was called at once."""
    said = wait.points_s[PASS] if wait.points_s else None
    return None if said is None or wait.minutes <= 0 else log_ratio(wait.minutes, said / 60)


def _towards(middle: float, values: Sequence[float], worth: float) -> float:
    """Return the median of `values`, drawn towards what is said of a larger group."""
    n = len(values)
    return (median(values) * n + middle * worth) / (n + worth)


Spreads = tuple[tuple[float, float], ...]


def _spreads(waits: Sequence[ToldWait]) -> tuple[Spreads, tuple[Spreads, ...], dict[str, Spreads]]:
    """Return between which logarithms four in five waits lay beside each expert's points: in all, by groups of places,
    by line."""
    overall: list[tuple[float, float]] = []
    by_place: list[Spreads] = []
    by_line: dict[str, list[tuple[float, float]]] = {wait.line: [] for wait in waits}
    known = [(wait.points_s, wait.minutes, wait.line, place_bin(wait.place)) for wait in waits]
    for k in range(N):
        offs: list[float] = []
        at_places: list[list[float]] = [[] for _ in range(PLACE_BINS)]
        in_lines: dict[str, list[float]] = {line: [] for line in by_line}
        for points_s, minutes, line, bin_ in known:
            if (said := points_s[k]) is not None:
                off = log_ratio(minutes, said / 60)
                offs.append(off)
                at_places[bin_].append(off)
                in_lines[line].append(off)
        own = _ends(offs, (-SPREAD, SPREAD))
        overall.append(own)
        by_place.append(tuple(_ends(some, own) for some in at_places))
        for line, some in in_lines.items():
            by_line[line].append(_ends(some, own))
    return tuple(overall), tuple(by_place), {line: tuple(own) for line, own in by_line.items()}


def _ends(offs: Sequence[float], among: tuple[float, float]) -> tuple[float, float]:
    if not offs:
        return among
    ordered, n = sorted(offs), len(offs)
    low, high = _quantile(ordered, 0.1), _quantile(ordered, 0.9)
    worth = n + SPREAD_WORTH
    return (low * n + among[0] * SPREAD_WORTH) / worth, (high * n + among[1] * SPREAD_WORTH) / worth


def _quantile(ordered: Sequence[float], share: float) -> float:
    at = share * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])
