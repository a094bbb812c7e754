"""The roster: who is planned to work at which window and when."""

from __future__ import annotations

import datetime as clock
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A pause of a planned shift, from `start` (minutes since midnight) for `minutes`."""

    start: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """A planned shift, as hall minutes since midnight: on one `date`, on some `weekdays` (1 Monday … 7 Sunday), or on
    every day.

    One that is `off` plans nobody: it stands in place of rows that name the day less closely.
    """

    window: str
    staff: str
    start: int
    end: int
    date: clock.date | None = None
    weekdays: frozenset[int] = frozenset()
    breaks: tuple[Break, ...] = ()
    off: bool = False

    def is_there(self, minute: float) -> bool:
        """Return whether somebody is meant to sit there at that minute of the day, not on a break."""
        if not self.start <= minute < self.end:
            return False
        return not any(pause.start <= minute < pause.start + pause.minutes for pause in self.breaks)


def planned_on(roster: Sequence[RosterRow], day: clock.date) -> list[RosterRow]:
    """Return the shifts planned for `day`, in the roster's order.

    A window's rows for that date stand in place of its rows for the weekday, and those in place of its rows for every
    day.
    """
    ranks = {id(row): rank for row in roster if (rank := _rank(row, day))}
    best: dict[str, int] = {}
    for row in roster:
        if id(row) in ranks:
            best[row.window] = max(best.get(row.window, 0), ranks[id(row)])
    return [row for row in roster if not row.off and ranks.get(id(row)) == best.get(row.window, 0)]


def _rank(row: RosterRow, day: clock.date) -> int:
    """Return how closely the row names `day`; 0 when it is not for it."""
    if row.date is not None:
        return 3 if row.date == day else 0
    if row.weekdays:
        return 2 if day.isoweekday() in row.weekdays else 0
    return 1
