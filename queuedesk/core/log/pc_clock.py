"""What this process knows about the time that its PC's clock says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct

LEAP = timedelta(minutes=1)
"""A clock that goes this much farther or less far than time has passed was set by somebody."""


class Reading(Struct, frozen=True):
    """That a time was read off this PC's clock; without one somebody stated it. `since`: from then on a process has
    seen the clock run evenly. `was_set`: it saw somebody change the clock then."""

    since: datetime
    was_set: bool = False


class WatchedClock:
    """This PC's clock together with one that nobody can set: they tell whether time passed or the clock was changed.
    `now` is the PC's clock, `passed_s` counts seconds evenly from an arbitrary start. May be used from any thread."""

    def __init__(self, now: Callable[[], datetime], passed_s: Callable[[], float]) -> None:
        self._now, self._passed_s = now, passed_s
        start = now()
        self._seen = (start, False, start, passed_s())

    def __call__(self) -> datetime:
        """Return what the clock says now."""
        since, was_set, last, last_s = self._seen
        now, now_s = self._now(), self._passed_s()
        if abs((now - last).total_seconds() - (now_s - last_s)) > LEAP.total_seconds():
            since, was_set = now, True
        self._seen = (since, was_set, now, now_s)
        return now

    def reading(self) -> Reading:
        """Return how the last time it gave is known."""
        since, was_set, _last, _last_s = self._seen
        return Reading(since, was_set)


def reading_of(clock: Callable[[], datetime]) -> Reading | None:
    """Return how the last time of `clock` is known; None for a clock that stands still or follows a simulated hall."""
    return clock.reading() if isinstance(clock, WatchedClock) else None
