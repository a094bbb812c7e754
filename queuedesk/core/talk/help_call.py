"""A call for help from a place in the hall: pressed, answered, ended when somebody is there."""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

ARRIVED, CANCELLED, DAY_END = "arrived", "cancelled", "day_end"
"""How a call for help ends: somebody came; it was taken back; the day was over and nobody had come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpCall:
    """One press of a help key. `acknowledged` is when `helper` said to be coming; `ended` when it ended, `end` how,
    `ended_by` by whom."""

    seq: int
    date: clock.date
    place: str
    about: str
    about_en: str
    pressed: datetime
    by: str
    acknowledged: datetime | None = None
    helper: str | None = None
    ended: datetime | None = None
    end: str | None = None
    ended_by: str | None = None
    reason: str | None = None

    @property
    def is_open(self) -> bool:
        return self.ended is None

    @property
    def is_unanswered(self) -> bool:
        """Whether somebody waits there and nobody has said to be coming."""
        return self.is_open and self.acknowledged is None

    @property
    def arrived(self) -> datetime | None:
        """When somebody was there."""
        return self.ended if self.end == ARRIVED else None

    @property
    def answered(self) -> datetime | None:
        """When somebody said to be coming, or was there without a word."""
        return self.acknowledged or self.arrived


def open_calls(calls: Iterable[HelpCall]) -> list[HelpCall]:
    """Return the calls for help that go on: those that nobody has answered first, the oldest of each first."""
    return sorted((one for one in calls if one.is_open), key=lambda one: (not one.is_unanswered, one.seq))


def open_at(calls: Iterable[HelpCall], place: str) -> HelpCall | None:
    """Return the call for help that goes on at `place`: there is at most one."""
    return next((one for one in calls if one.is_open and one.place == place), None)
