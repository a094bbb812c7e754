"""The half-hours of a date, from the first arrival to the last call: what arrivals and calls are counted in."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, timedelta
from typing import NamedTuple

from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.times import MINUTE_US, half_hour, micros, moment_of
from queuedesk.core.setup.time_of_day import MINUTES_A_DAY, minutes_of
from queuedesk.core.setup.values import Setup

HALF_HOUR_MIN = 30
HALF_HOUR_US = HALF_HOUR_MIN * MINUTE_US
Slot = tuple[int, str, int]
"""A half-hour: minutes since the day began, "08:30", which of two of that name (clocks are put back in autumn)."""


class HalfHours(NamedTuple):
    """The half-hours of a date; the first begins at `start`, in microseconds since 1970."""

    start: int
    slots: tuple[Slot, ...]

    def at(self, moment: int) -> int:
        """Return the place of the half-hour that a moment falls in: below 0 before the first, beyond the last after
        it."""
        return (moment - self.start) // HALF_HOUR_US


def half_hours(setup: Setup, rows: DayRows) -> HalfHours:
    """Return the half-hours of a date: to the last call, without one to the last arrival; none where nobody came."""
    if not rows.tickets:
        return HalfHours(0, ())
    arrivals = [t.arrived for t in rows.tickets]
    start = micros(half_hour(setup.local(moment_of(min(arrivals)))).astimezone(UTC))
    end = max((leg.called for leg in rows.legs if leg.called is not None), default=max(arrivals))
    turn = minutes_of(str(setup.settings["day_end"]))
    seen: Counter[str] = Counter()
    found: list[Slot] = []
    for i in range((end - start) // HALF_HOUR_US + 1):
        label = f"{setup.local(moment_of(start) + timedelta(minutes=HALF_HOUR_MIN * i)):%H:%M}"
        found.append(((minutes_of(label) - turn) % MINUTES_A_DAY, label, seen[label]))
        seen[label] += 1
    return HalfHours(start, tuple(found))
