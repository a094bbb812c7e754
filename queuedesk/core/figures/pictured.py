"""A period's figures and what its charts need: its dates in steps, the map of weekdays, another period beside
it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from msgspec import Struct

from queuedesk.core.figures.comparing import NO_TICKETS, Difference, LeftOut
from queuedesk.core.talk.remarks import DayNote

BEFORE, LAST_YEAR = "before", "year"
"""What a period may be compared with, other than one with a chosen date: the one before it, the same a year ago."""


class SlotFigures(Struct, frozen=True, kw_only=True):
    """The dates from `first` to `last` together; minutes with two decimals as in the document, None where nothing is
    known."""

    first: date
    last: date
    issued: int
    waits: int
    mean_wait: float | None
    within: int
    asked: int
    rated: int
    satisfied: int


class HeatFigures(Struct, frozen=True, kw_only=True):
    """One half-hour of an ISO weekday: the waits counted there and their mean in exact minutes, so that it is rounded
    once, as on paper."""

    weekday: int
    half_hour: str
    waits: int
    mean_wait: float


class Compared(Struct, frozen=True, kw_only=True):
    """One of two spans: the dates of it that are compared, and those that are not."""

    first: date
    last: date
    days: tuple[date, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every date with a ticket is compared: the span's tickets are then those of the comparison."""
        return all(one.why == NO_TICKETS for one in self.left_out)


class Versus(Struct, frozen=True, kw_only=True):
    """The period against another on equal weekdays.

    `slots` are the other period's partners of the period's own, None where a date has no partner; `hours` are the
    half-hours of the other's document, for a single day.
    """

    ours: Compared
    theirs: Compared
    is_running: bool
    slots: tuple[SlotFigures | None, ...]
    hours: tuple[dict[str, Any], ...]
    hour_waits: tuple[int, ...]
    differences: dict[str, Difference]


class Pictured(Struct, frozen=True, kw_only=True):
    """`figures` is the document of the commands; `hour_waits` counts the waits in the mean of each of its half-hours,
    in order.

    `slots` are the period's days, or months of a year; none of a single day.
    """

    period: str
    first: date
    last: date
    now: datetime
    figures: dict[str, Any]
    hour_waits: tuple[int, ...]
    slots: tuple[SlotFigures, ...]
    heat: tuple[HeatFigures, ...]
    notes: tuple[DayNote, ...]
    versus: Versus | None = None
