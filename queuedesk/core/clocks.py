"""What is known of the time: what this PC's clock says, and since when a process has seen it pass evenly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

LEAP = timedelta(minutes=1)
"""A clock that goes this much farther or less far than time has passed was set by somebody."""
SKEW_TOLD = timedelta(minutes=2)
"""A PC's clock that is wrong by this much is told to people."""


@dataclass(frozen=True, slots=True)
class Reading:
    """That a time was read off this PC's clock; without one somebody states it. `since`: from then on a process has seen it pass evenly."""

    since: datetime


class WatchedClock:
    """This PC's clock, and beside it one that nobody can set: together they know whether time passed or the clock was put on.

    `now` is the PC's clock, `passed_s` counts seconds from anywhere, evenly. May be asked from any thread.
    """

    def __init__(self, now: Callable[[], datetime], passed_s: Callable[[], float]) -> None:
        self._now, self._passed_s = now, passed_s
        start = now()
        self._seen = (start, start, passed_s())

    def __call__(self) -> datetime:
        """Return what the clock says now."""
        since, last, last_s = self._seen
        now, now_s = self._now(), self._passed_s()
        if abs((now - last).total_seconds() - (now_s - last_s)) > LEAP.total_seconds():
            since = now
        self._seen = (since, now, now_s)
        return now

    def reading(self) -> Reading:
        """Return how the time is known that was asked for last."""
        return Reading(self._seen[0])


def reading_of(clock: Callable[[], datetime]) -> Reading | None:
    """Return how the time is known that `clock` gave last; None of one that stands where it was put, or follows a simulated hall."""
    return clock.reading() if isinstance(clock, WatchedClock) else None
