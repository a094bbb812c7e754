"""This PC's clock, watched for changes by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct

LEAP = timedelta(minutes=1)
"""A clock that differs this much from the time that passed was set by hand."""


class ClockReliability(Struct, frozen=True):
    """How reliable a time read from this PC's clock is: the process has seen the clock run evenly since `since`;
    `was_set` if the clock was changed then."""

    since: datetime
    was_set: bool = False


class JumpDetectingClock:
    """This PC's clock, compared with a monotonic one to notice changes by hand. `now` is the PC's clock, `passed_s` the
    monotonic seconds from an arbitrary start. May be used from any thread."""

    def __init__(self, now: Callable[[], datetime], passed_s: Callable[[], float]) -> None:
        self._now, self._passed_s = now, passed_s
        start = now()
        self._seen = (start, False, start, passed_s())

    def __call__(self) -> datetime:
        since, was_set, last, last_s = self._seen
        now, now_s = self._now(), self._passed_s()
        if abs((now - last).total_seconds() - (now_s - last_s)) > LEAP.total_seconds():
            since, was_set = now, True
        self._seen = (since, was_set, now, now_s)
        return now

    def last_reliability(self) -> ClockReliability:
        """Return the reliability of the last time that was read."""
        since, was_set, _last, _last_s = self._seen
        return ClockReliability(since, was_set)


def reliability_of_clock(clock: Callable[[], datetime]) -> ClockReliability | None:
    """Return the reliability of the last time of `clock`, None for any other clock, as of a simulated hall."""
    return clock.last_reliability() if isinstance(clock, JumpDetectingClock) else None
