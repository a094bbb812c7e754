"""The one place that reads the real clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def real_clock() -> datetime:
    """Return the time now, UTC."""
    return datetime.now(UTC)


class HallClock:
    """The clock of a simulated hall: it stands at the hall's last event and goes on with the next."""

    def __init__(self, start: datetime) -> None:
        self._last = lambda: start

    def __call__(self) -> datetime:
        return self._last()

    def follow(self, last: Clock) -> None:
        """Ask `last` from now on for the time of the hall's last event."""
        self._last = last


def clock_at(at: datetime | None) -> Clock:
    """Return the real clock, or one that stands at `at`."""
    if at is None:
        return real_clock
    moment = at.astimezone(UTC)
    return lambda: moment
