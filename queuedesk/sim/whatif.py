"""Plays a recorded day again with something changed: waits before and after, and how near the replay is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.sim.whatif_change import Change, changed, checked_settings
from queuedesk.sim.whatif_day import RecordedDay, recorded_day
from queuedesk.sim.whatif_run import UNCALLED, draws_for, run

RUNS = 40
MOST_RUNS = 1000
CLOSE, ROUGH, OFF = "close", "rough", "off"
CLOSE_MIN, CLOSE_SHARE = 1.5, 0.15
OFF_MIN, OFF_SHARE = 5.0, 0.4
"""How far the mean wait of the day as it was may be from the record, in minutes or as a share of it, to be near it; and
to be no guide any more."""
LOW_PERCENT, HIGH_PERCENT = 2.5, 97.5
SLOT_MIN = 30

Figures = dict[str, Any]
Waits = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question comes to. `figures` is the document that is printed."""

    day: RecordedDay
    change: Change
    base: Change
    figures: Figures


def day_of(desk: Desk, day: date) -> RecordedDay:
    """Return a date that is over as it can be played again. Raises RuleError "nothing_recorded", "no_window_was_open",
    "day_open"."""
    return recorded_day(*looking.day_moves(desk, day), day)


def what_if(
    day: RecordedDay,
    change: Change,
    *,
    base: Change | None = None,
    runs: int = RUNS,
    step: Callable[[int, int], None] = lambda done, whole: None,
) -> Answer:
    """Play `day` as it was, with `base` (the day as it was, if None) and with `change`, `runs` times each with common
    unknowns.

    The same question to the same day gives the same answer. `step` is told after each run how many are done.
    """
    before = base or Change()
    after = replace(change, settings=checked_settings(change.settings))
    ways = [day, changed(day, before) if before else day, changed(day, after)]
    staff = [post.staff for way in ways for post in way.posts] + [one.staff for one in day.steps]
    found: list[list[Waits]] = [[], [], []]
    ends: list[list[float]] = [[], [], []]
    for n in range(runs):
        draws = draws_for(day, staff, np.random.default_rng((day.day.toordinal(), n)))
        for k, way in enumerate(ways):
            if k == 1 and not before:
                found[1].append(found[0][-1])
                ends[1].append(ends[0][-1])
                continue
            outcome = run(way, draws)
            found[k].append(outcome.waits)
            ends[k].append(outcome.last_call_min)
        step(n + 1, runs)
    figures = _Compared(day, [np.array(waits) for waits in found], [np.array(one) for one in ends]).figures()
    return Answer(
        day,
        after,
        before,
        {"date": day.day.isoformat(), "runs": runs, "base": before.document(), "change": after.document(), **figures},
    )


class _Compared:
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
        self.target = day.setup.number("wait_target_minutes")

    def figures(self) -> Figures:
        everybody = np.full(len(self.services), True)
        lateness = {
            name: round(float(one.mean()), 1)
            for name, one in zip(("as_it_was", "before", "after"), self.ends, strict=True)
        }
        return {
            "target_minutes": self.target,
            "match": self._match(),
            "all": self._row(everybody),
            "services": [
                {"service": code, **self._row(self.services == code)}
                for code in self.day.setup.services
                if (self.services == code).any()
            ],
            "half_hours": [
                {"from": f"{slot // 2:02d}:{slot % 2 * 30:02d}", **self._row(self.slots == slot)}
                for slot in sorted(set(self.slots.tolist()))
            ],
            "last_call": lateness,
            "left_out": dict(self.day.left_out),
        }

    def _row(self, own: NDArray[np.bool_]) -> Figures:
        before, after = self.before[:, own], self.after[:, own]
        recorded = self.recorded[own]
        return {
            "n": int(own.sum()),
            "recorded": _side(recorded[None, :], self.target),
            "before": _side(before, self.target),
            "after": _side(after, self.target),
            "difference": _difference(_means(before), _means(after)),
            "within_difference": _difference(_shares(before, self.target), _shares(after, self.target), 6),
        }

    def _match(self) -> Figures:
        """Say how near the day as it was comes to its record: what every other figure rests on."""
        means, real = _means(self.was), float(_means(self.recorded[None, :])[0])
        mean = float(np.nanmean(means))
        by_slot = []
        for slot in sorted(set(self.slots.tolist())):
            own = self.slots == slot
            told = float(_means(self.recorded[None, own])[0])
            played = _means(self.was[:, own])
            if not np.isnan(told) and not np.isnan(played).all():
                by_slot.append((int(own.sum()), abs(float(np.nanmean(played)) - told)))
        weight = sum(n for n, _ in by_slot)
        off = abs(mean - real)
        far, near = max(OFF_MIN, OFF_SHARE * real), max(CLOSE_MIN, CLOSE_SHARE * real)
        return {
            "recorded": _round(real),
            "simulated": _round(mean),
            "low": _round(float(np.nanpercentile(means, LOW_PERCENT))),
            "high": _round(float(np.nanpercentile(means, HIGH_PERCENT))),
            "half_hours_off": _round(sum(n * gap for n, gap in by_slot) / weight) if weight else None,
            "n": int((self.recorded >= 0).sum()),
            "verdict": OFF if off > far else ROUGH if off > near else CLOSE,
        }


def _side(waits: Waits, target: int) -> Figures:
    called = waits >= 0
    n = called.sum(axis=1)
    return {
        "called": _round(float(n.mean())),
        "mean": _mean_of(_means(waits)),
        "p90": _mean_of(_ninetieths(waits)),
        "within_target": _mean_of(_shares(waits, target), 6),
        "not_called": _round(float((waits.shape[1] - n).mean())),
    }


def _means(waits: Waits) -> Waits:
    """Return each run's mean wait of those called, NaN where nobody was."""
    called = waits >= 0
    n = called.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(called, waits, 0.0).sum(axis=1) / n)


def _ninetieths(waits: Waits) -> Waits:
    return np.array([np.percentile(one[one >= 0], 90) if (one >= 0).any() else np.nan for one in waits])


def _shares(waits: Waits, target: int) -> Waits:
    """Return each run's share of those called within the target, of everybody: who was never called waited longer."""
    if not waits.shape[1]:
        return np.full(len(waits), np.nan)
    return np.asarray(((waits >= 0) & (waits <= target)).mean(axis=1))


def _difference(before: Waits, after: Waits, digits: int = 2) -> Figures:
    """Return the mean of the runs' own differences, and between what they lie in 95 of 100 runs."""
    gaps = (after - before)[~np.isnan(after - before)]
    if not len(gaps):
        return {"mean": None, "low": None, "high": None}
    low, high = np.percentile(gaps, [LOW_PERCENT, HIGH_PERCENT])
    return {
        "mean": _round(float(gaps.mean()), digits),
        "low": _round(float(low), digits),
        "high": _round(float(high), digits),
    }


def _mean_of(values: Waits, digits: int = 2) -> float | None:
    known = values[~np.isnan(values)]
    return _round(float(known.mean()), digits) if len(known) else None


def _round(value: float, digits: int = 2) -> float:
    return round(value, digits) + 0.0
