"""The bounds of promises: moved by each outcome so that one in ten waits ends beyond either bound."""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterable
from dataclasses import dataclass, replace

from queuedesk.core.waits.estimates import HIGH_START, LOW_START

MISS_SHARE = 0.10
STEP = 0.02
MANY_OPEN = 80
"""With more promises open than this, each teaches less, for they miss together."""
KEEP_OF_DAY = 0.9
NEAREST = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is known of a promise: `early` whether its called before the low end, `late` whether the high one passed;
    None: not known yet."""

    early: bool | None = None
    late: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker:
    """The bounds as factors of the standard deviation. `upto` says up to which event its lessons go, `at` and `date`
    when that was."""

    low: float = LOW_START
    high: float = HIGH_START
    upto: int = 0
    at: clock.datetime | None = None
    date: clock.date | None = None

    def range_min(self, at: float, sd: float) -> tuple[float, float]:
        """Return the ends of the wait, in minutes, for a turn that is expected `at` with `sd`."""
        return max(0.0, at + self.low * sd), max(0.0, at + self.high * sd)


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
    """Return what a day begins with: yesterday's last bounds, drawn a little to the learned ones."""
    return replace(
        tracker,
        low=KEEP_OF_DAY * tracker.low + (1 - KEEP_OF_DAY) * low,
        high=KEEP_OF_DAY * tracker.high + (1 - KEEP_OF_DAY) * high,
    )


def on_day(tracker: Tracker, day: clock.date, low: float, high: float) -> Tracker:
    """Return the bounds as they stand on `day`: `low` and `high`, which past dates taught, where no promise was made
    yet."""
    if tracker.date is None:
        return Tracker(low=low, high=high)
    return tracker if tracker.date >= day else new_day(tracker, low, high)
