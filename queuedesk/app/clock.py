"""The one place that reads the real clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from queuedesk.core.log.pc_clock import JumpDetectingClock

Clock = Callable[[], datetime]


def real_clock() -> datetime:
    return datetime.now(UTC)


def steady_clock_s() -> float:
    """Return seconds since an arbitrary start, by a clock nobody can set; includes sleep where the system tells."""
    asleep_too = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if asleep_too is None else time.clock_gettime(asleep_too)


pc_clock = JumpDetectingClock(real_clock, steady_clock_s)
"""This process's."""


class LastEventClock:
    """The clock of a simulated hall: it shows the time of the hall's last event."""

    def __init__(self, start: datetime) -> None:
        self._last = lambda: start

    def __call__(self) -> datetime:
        return self._last()

    def set_source_clock(self, last: Clock) -> None:
        self._last = last


def fixed_or_pc_clock(at: datetime | None) -> Clock:
    if at is None:
        return pc_clock
    moment = at.astimezone(UTC)
    return lambda: moment
