"""How many people are ahead of a ticket, and the wait that may be told."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

LADDER = (0, 1, 2, 3, 4, 5, 7, *range(10, 60, 5), *range(60, 121, 10), 150, 180, 240)


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait in minutes: the printed range and the point it stands for."""

    low: int
    high: int
    point_s: int

    @property
    def point(self) -> float:
        return round(self.point_s / 60, 1)


@dataclass(frozen=True, slots=True)
class NoWait:
    """Why no honest wait can be given.

    `not_waiting`; `no_window_open`: none, and nobody can say when one will be; `not_reached`: the windows at work today
    close before its turn; `no_figures`: somebody has to be served first of whose service nobody knows how long it
    takes.
    """

    reason: str


NO_WINDOW_OPEN, NOT_REACHED, NO_FIGURES = (NoWait(r) for r in ("no_window_open", "not_reached", "no_figures"))


def printed_range(low: float, high: float) -> tuple[int, int]:
    """Return the range as printed, minutes: low the ladder's step below, high the nearest step, at least one step
    apart."""
    below = _step_below(low)
    above = bisect_left(LADDER, high)
    if above >= len(LADDER):
        above = len(LADDER) - 1
    elif above > 0 and high - LADDER[above - 1] < LADDER[above] - high:
        above -= 1
    below = min(below, len(LADDER) - 2)
    return LADDER[below], LADDER[max(above, below + 1)]


def _step_below(minutes: float) -> int:
    index = bisect_left(LADDER, minutes)
    return index if index < len(LADDER) and LADDER[index] == minutes else max(0, index - 1)
