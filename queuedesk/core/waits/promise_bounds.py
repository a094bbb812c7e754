"""The bounds of promises, moved so that one in ten waits ends beyond either bound, and how good a range was."""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.waits.estimates import HIGH_START, LOW_START

MISS_SHARE = 0.10
STEP = 0.02
MANY_OPEN = 80
"""With more promises open than this, each teaches less, for they miss together."""
KEEP_OF_DAY = 0.9
NEAREST = 0.2


class Outcome(Struct, frozen=True, kw_only=True):
    """What is known of a promise: `early` whether its call came before the low end, `late` whether the high end passed;
    None: not known yet."""

    early: bool | None = None
    late: bool | None = None


def spreads(low: float, point: float, high: float) -> tuple[float, float]:
    """Return the standard deviations below and above a point of which LOW_START and HIGH_START make the ends `low` and
    `high`, between which four in five waits are expected."""
    return (point - low) / -LOW_START, (high - point) / HIGH_START


class Tracker(Struct, frozen=True, kw_only=True):
    """The bounds as factors of the standard deviation. `upto` is the last event it learned from, with its `at` and
    `date`."""

    low: float = LOW_START
    high: float = HIGH_START
    upto: int = 0
    at: clock.datetime | None = None
    date: clock.date | None = None

    def range_min(self, point: float, below: float, above: float) -> tuple[float, float]:
        """Return the ends of a wait, in minutes, that is expected to be `point` with the standard deviations `below`
        and `above` it."""
        return max(0.0, point + self.low * below), max(0.0, point + self.high * above)


def advance(tracker: Tracker, outcomes: Iterable[Outcome], open_count: int, *, upto: int | None = None) -> Tracker:
    """Return the tracker after `outcomes`, in the order in which they became known, while `open_count` promises were
    open."""
    step = STEP * min(1.0, MANY_OPEN / max(1, open_count))
    low, high = tracker.low, tracker.high
    for outcome in outcomes:
        if outcome.late is not None:
            high = max(NEAREST, high + step * (outcome.late - MISS_SHARE))
        if outcome.early is not None:
            low = min(-NEAREST, low - step * (outcome.early - MISS_SHARE))
    return replace(tracker, low=low, high=high, upto=tracker.upto if upto is None else upto)


def new_day(tracker: Tracker, low: float, high: float) -> Tracker:
    """Return the bounds at a day's start: yesterday's last ones, drawn a little towards the learned ones."""
    return replace(
        tracker,
        low=KEEP_OF_DAY * tracker.low + (1 - KEEP_OF_DAY) * low,
        high=KEEP_OF_DAY * tracker.high + (1 - KEEP_OF_DAY) * high,
    )


def on_day(tracker: Tracker, day: clock.date, low: float, high: float) -> Tracker:
    """Return the bounds for `day`: the learned `low` and `high` where no promise was made yet."""
    if tracker.date is None:
        return Tracker(low=low, high=high)
    return tracker if tracker.date >= day else new_day(tracker, low, high)


# -- how good a promised range was, once the wait is known -----------------------------------------------------------

COVERED = 0.8


class Kept(Struct, frozen=True, kw_only=True):
    """One promise and what came of it, in minutes."""

    low: float
    high: float
    point: float
    actual: float

    @property
    def is_late(self) -> bool:
        return self.actual > self.high

    @property
    def is_early(self) -> bool:
        return self.actual < self.low

    @property
    def score(self) -> float:
        return interval_score(self.low, self.high, self.actual)


class Score(Struct, frozen=True, kw_only=True):
    """How `n` promises did: shares late and early, means of width, score and of the point's error in minutes; None
    without any."""

    n: int
    late: float | None
    early: float | None
    width: float | None
    score: float | None
    mae: float | None


def interval_score(low: float, high: float, actual: float, covered: float = COVERED) -> float:
    """Return the width of the range plus, for a wait outside it, its distance times 2 ÷ (1 − `covered`): the lower the
    better."""
    per_minute = 2 / round(1 - covered, 9)  # ten at 0.8, not a hair more: a mean may lie on the edge of its rounding
    return (high - low) + per_minute * (max(0.0, low - actual) + max(0.0, actual - high))


def scored(promises: Sequence[Kept]) -> Score:
    """Return how `promises` did together."""
    n = len(promises)
    if not n:
        return Score(n=0, late=None, early=None, width=None, score=None, mae=None)
    return Score(
        n=n,
        late=sum(p.is_late for p in promises) / n,
        early=sum(p.is_early for p in promises) / n,
        width=sum(p.high - p.low for p in promises) / n,
        score=sum(p.score for p in promises) / n,
        mae=sum(abs(p.point - p.actual) for p in promises) / n,
    )
