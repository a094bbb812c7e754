"""The one place that reads the real clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def real_clock() -> datetime:
    """Return the time now, UTC."""
    return datetime.now(UTC)


def clock_at(at: datetime | None) -> Clock:
    """Return the real clock, or one that stands at `at`."""
    if at is None:
        return real_clock
    moment = at.astimezone(UTC)
    return lambda: moment
