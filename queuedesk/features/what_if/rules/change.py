"""Plays a recorded day again with something changed: the waits before and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.features.what_if.rules import DayChange, checked_settings, day_with_change
from queuedesk.features.what_if.rules.day import UNCALLED, RecordedDay, draw_random_numbers, run_day

RUNS = 40
MOST_RUNS = 1000
CLOSE, ROUGH, OFF = "close", "rough", "off"
CLOSE_SHARE, ROUGH_SHARE = 0.2, 0.4
"""How far the waits of the day as it was may be from the record, as a share of the recorded mean wait, to be near it;
and to be a hint at least."""
HALF_HOURS_FACTOR = 2.0
"""A half-hour has few people: its mean may be that many times as far off as the day's."""
SAME_MIN = 1 / 60
"""What is less apart than a second is the same: records have no finer times."""
TOLD_AWAY_MIN = 5.0
"""Shorter absences are told by their number alone."""
LOW_PERCENT, HIGH_PERCENT = 2.5, 97.5
SLOT_MIN = 30

Figures = dict[str, Any]
Waits = NDArray[np.float64]


class WhatIfAnswer(Struct, frozen=True):
    """The answer to a question. `figures` is the document that is printed."""

    day: RecordedDay
    change: DayChange
    base: DayChange
    figures: Figures


def answer_what_if(
    day: RecordedDay,
    change: DayChange,
    *,
    base: DayChange | None = None,
    runs: int = RUNS,
    step: Callable[[int, int], None] = lambda done, whole: None,
) -> WhatIfAnswer:
    """Play `day` as it was, with `base` (the day as it was, if None) and with `change`, `runs` times each with common
    random numbers.

    The same question about the same day gives the same answer. `step` is called after each run with the number done."""
    before = base or DayChange()
    after = replace(change, settings=checked_settings(change.settings))
    ways = [day, day_with_change(day, before) if before else day, day_with_change(day, after)]
    staff = [post.staff for way in ways for post in way.posts] + [one.staff for one in day.steps]
    found: list[list[list[float]]] = [[], [], []]
    ends: list[list[float]] = [[], [], []]
    for n in range(runs):
        draws = draw_random_numbers(day, staff, np.random.default_rng((day.day.toordinal(), n)))
        for k, way in enumerate(ways):
            if k == 1 and not before:
                found[1].append(found[0][-1])
                ends[1].append(ends[0][-1])
                continue
            outcome = run_day(way, draws)
            found[k].append(outcome.waits)
            ends[k].append(outcome.last_call_min)
        step(n + 1, runs)
    figures = _ComparedWaits(
        day, [np.array(waits) for waits in found], [np.array(one) for one in ends]
    ).comparison_figures()
    return WhatIfAnswer(
        day,
        after,
        before,
        {
            "date": day.day.isoformat(),
            "runs": runs,
            "base": before.change_document(),
            "change": after.change_document(),
            "inferred": facts_inferred_from_calls(day),
            **figures,
        },
    )


def facts_inferred_from_calls(day: RecordedDay) -> Figures:
    """Return what the record lacks and its calls tell: who was away when, and which services a window did not serve;
    who was away longest comes first."""
    long = [one for one in day.away if one.end_min - one.start_min >= TOLD_AWAY_MIN]
    short = [one.end_min - one.start_min for one in day.away if one.end_min - one.start_min < TOLD_AWAY_MIN]
    whole: dict[str, float] = defaultdict(float)
    for one in long:
        whole[one.window] += one.end_min - one.start_min
    windows = sorted(whole, key=lambda code: -whole[code])
    return {
        "away": [
            {
                "window": code,
                "minutes": _rounded_without_minus_zero(whole[code], 1),
                "spans": [
                    {"from": clock_text(int(one.start_min)), "to": clock_text(int(one.end_min))}
                    for one in sorted(long, key=lambda one: one.start_min)
                    if one.window == code
                ],
            }
            for code in windows
        ],
        "short": {
            "n": len(short),
            "minutes": _rounded_without_minus_zero(sum(short) / len(short), 1) if short else None,
        },
        "not_served": [
            {"window": one.window, "services": list(one.services), "passed": one.passed} for one in day.unable
        ],
    }


class _ComparedWaits:
    """Waits by run and step: of the day as it was, before and after."""

    def __init__(self, day: RecordedDay, waits: Sequence[Waits], ends: Sequence[Waits]) -> None:
        self.day, self.ends = day, ends
        steps = day.steps
        self.counts = np.array([step.counts for step in steps])
        self.was, self.before, self.after = (one[:, self.counts] for one in waits)
        counted = [step for step in steps if step.counts]
        self.services = np.array([step.service for step in counted])
        self.slots = np.array([int(step.joined_min // SLOT_MIN) for step in counted])
        self.recorded = np.array([step.waited_min if step.waited_min is not None else UNCALLED for step in counted])
        self.target = day.setup.setting_as_int("wait_target_minutes")

    def comparison_figures(self) -> Figures:
        everybody = np.full(len(self.services), True)
        lateness = {
            name: round(float(one.mean()), 1)
            for name, one in zip(("as_it_was", "before", "after"), self.ends, strict=True)
        }
        return {
            "target_minutes": self.target,
            "match": self._closeness_to_recorded_day(),
            "all": self._compared_figures(everybody),
            "services": [
                {"service": code, **self._compared_figures(self.services == code)}
                for code in self.day.setup.services
                if (self.services == code).any()
            ],
            "half_hours": [
                {"from": f"{slot // 2:02d}:{slot % 2 * 30:02d}", **self._compared_figures(self.slots == slot)}
                for slot in sorted(set(self.slots.tolist()))
            ],
            "last_call": lateness,
            "left_out": dict(self.day.left_out),
        }

    def _compared_figures(self, own: NDArray[np.bool_]) -> Figures:
        before, after = self.before[:, own], self.after[:, own]
        recorded = self.recorded[own]
        return {
            "n": int(own.sum()),
            "recorded": _waits_summary(recorded[None, :], self.target),
            "before": _waits_summary(before, self.target),
            "after": _waits_summary(after, self.target),
            "difference": _mean_difference_and_range_of_runs(_mean_wait_per_run(before), _mean_wait_per_run(after)),
            "within_difference": _mean_difference_and_range_of_runs(
                _share_within_target_of_each_run(before, self.target),
                _share_within_target_of_each_run(after, self.target),
                6,
            ),
        }

    def _closeness_to_recorded_day(self) -> Figures:
        """Say how near the day as it was comes to its record: what every other figure rests on."""
        recorded = self.recorded[None, :]
        mean = _compare_plays_with_record(_mean_wait_per_run(self.was), _mean_wait_per_run(recorded))
        shares = _compare_plays_with_record(
            _share_within_target_of_each_run(self.was, self.target),
            _share_within_target_of_each_run(recorded, self.target),
        )
        off = self._mean_half_hour_gap_to_record()
        share = None
        if mean is not None and mean.recorded:
            share = _rounded_without_minus_zero(mean.played / mean.recorded - 1, 6)
        return {
            **_recorded_and_simulated_document(mean),
            "share": share,
            "median": _recorded_and_simulated_document(
                _compare_plays_with_record(
                    _wait_percentile_per_run(self.was, 50), _wait_percentile_per_run(recorded, 50)
                )
            ),
            "within_target": _recorded_and_simulated_document(shares, 6),
            "half_hours_off": None if off is None else _rounded_without_minus_zero(off),
            "half_hours_share": None
            if off is None or not mean or not mean.recorded
            else _rounded_without_minus_zero(off / mean.recorded, 6),
            "n": int((self.recorded >= 0).sum()),
            "verdict": match_verdict(mean, off),
        }

    def _mean_half_hour_gap_to_record(self) -> float | None:
        """Return the mean gap of the half-hours' mean waits in minutes, weighted by people."""
        by_slot = []
        for slot in sorted(set(self.slots.tolist())):
            own = self.slots == slot
            told = float(_mean_wait_per_run(self.recorded[None, own])[0])
            played = _mean_wait_per_run(self.was[:, own])
            if not np.isnan(told) and not np.isnan(played).all():
                by_slot.append((int(own.sum()), abs(float(np.nanmean(played)) - told)))
        weight = sum(n for n, _ in by_slot)
        return sum(n * gap for n, gap in by_slot) / weight if weight else None


class RecordedAndSimulated(Struct, frozen=True):
    """A figure of the record, the mean of the plays, and between what 95 of 100 plays lie."""

    recorded: float
    played: float
    low: float
    high: float


def _compare_plays_with_record(played: Waits, recorded: Waits) -> RecordedAndSimulated | None:
    known = played[~np.isnan(played)]
    if not len(known) or np.isnan(recorded[0]):
        return None
    low, high = np.percentile(known, [LOW_PERCENT, HIGH_PERCENT])
    return RecordedAndSimulated(float(recorded[0]), float(known.mean()), float(low), float(high))


def _recorded_and_simulated_document(one: RecordedAndSimulated | None, digits: int = 2) -> Figures:
    if one is None:
        return dict.fromkeys(("recorded", "simulated", "low", "high"))
    return {
        "recorded": _rounded_without_minus_zero(one.recorded, digits),
        "simulated": _rounded_without_minus_zero(one.played, digits),
        "low": _rounded_without_minus_zero(one.low, digits),
        "high": _rounded_without_minus_zero(one.high, digits),
    }


def match_verdict(mean: RecordedAndSimulated | None, half_hours_off: float | None) -> str:
    """Return CLOSE, ROUGH or OFF: the worse of mean wait and half-hours, against the recorded mean wait. The median is
    shown alone: where half the people hardly wait it jumps by itself.

    Where the record lies between the plays, chance alone may have made the gap, and it counts for one step less; but
    not for two: a day that is played at half its wait is not near it, however few people came."""
    if mean is None:
        return OFF
    by_chance = mean.low <= mean.recorded <= mean.high
    step = max(0, _mismatch_grade(abs(mean.played - mean.recorded), mean.recorded) - by_chance)
    return (CLOSE, ROUGH, OFF)[max(step, _mismatch_grade((half_hours_off or 0.0) / HALF_HOURS_FACTOR, mean.recorded))]


def _mismatch_grade(gap: float, real: float) -> int:
    if gap <= max(SAME_MIN, CLOSE_SHARE * real):
        return 0
    return 1 if gap <= ROUGH_SHARE * real else 2


def _waits_summary(waits: Waits, target: int) -> Figures:
    called = waits >= 0
    n = called.sum(axis=1)
    return {
        "called": _rounded_without_minus_zero(float(n.mean())),
        "mean": _mean_without_nan(_mean_wait_per_run(waits)),
        "p90": _mean_without_nan(_wait_percentile_per_run(waits, 90)),
        "within_target": _mean_without_nan(_share_within_target_of_each_run(waits, target), 6),
        "not_called": _rounded_without_minus_zero(float((waits.shape[1] - n).mean())),
    }


def _mean_wait_per_run(waits: Waits) -> Waits:
    """Return each run's mean wait of those called, NaN where nobody was."""
    called = waits >= 0
    n = called.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(called, waits, 0.0).sum(axis=1) / n)


def _wait_percentile_per_run(waits: Waits, percent: float) -> Waits:
    """Return each run's percentile of the waits of those called, NaN where nobody was."""
    return np.array([np.percentile(one[one >= 0], percent) if (one >= 0).any() else np.nan for one in waits])


def _share_within_target_of_each_run(waits: Waits, target: int) -> Waits:
    """Return each run's share of those called within the target, of everybody: who was never called waited longer."""
    if not waits.shape[1]:
        return np.full(len(waits), np.nan)
    return np.asarray(((waits >= 0) & (waits <= target)).mean(axis=1))


def _mean_difference_and_range_of_runs(before: Waits, after: Waits, digits: int = 2) -> Figures:
    """Return the mean of the runs' own differences, and between what they lie in 95 of 100 runs."""
    gaps = (after - before)[~np.isnan(after - before)]
    if not len(gaps):
        return {"mean": None, "low": None, "high": None}
    low, high = np.percentile(gaps, [LOW_PERCENT, HIGH_PERCENT])
    return {
        "mean": _rounded_without_minus_zero(float(gaps.mean()), digits),
        "low": _rounded_without_minus_zero(float(low), digits),
        "high": _rounded_without_minus_zero(float(high), digits),
    }


def _mean_without_nan(values: Waits, digits: int = 2) -> float | None:
    known = values[~np.isnan(values)]
    return _rounded_without_minus_zero(float(known.mean()), digits) if len(known) else None


def _rounded_without_minus_zero(value: float, digits: int = 2) -> float:
    return round(value, digits) + 0.0
