"""The sums that areas of figures share: by service, window, person, half-hour and date."""

from __future__ import annotations

from datetime import date

from msgspec import Struct, field

from queuedesk.core.figures.measures.day import Slot
from queuedesk.core.figures.measures.figure import FigureTally
from queuedesk.core.figures.measures.figures import (
    DAY,
    FIGURES,
    LEFT_OUT,
    PROMISE,
    REDIRECTS,
    STEPS,
)
from queuedesk.core.figures.measures.mixes import MIXES
from queuedesk.core.figures.measures.other_figures import CAME_UNREADY, OVERTAKEN, SATISFACTION, SPENT, STALLED
from queuedesk.core.figures.measures.within_target import CALLED_IN_TIME, within_target

COUNTED = (
    *FIGURES,
    DAY,
    LEFT_OUT,
    PROMISE,
    STEPS,
    CALLED_IN_TIME,
    REDIRECTS,
    SATISFACTION,
    OVERTAKEN,
    STALLED,
    CAME_UNREADY,
    SPENT,
    *MIXES,
)


class HourTally(Struct):
    arrivals: int = 0
    calls: int = 0
    waits: int = 0
    waited_us: int = 0
    open_windows: int = 0

    def put(self, other: HourTally) -> None:
        """Add another one's sums, all but the windows: of several dates the most count, of several halls all."""
        self.arrivals += other.arrivals
        self.calls += other.calls
        self.waits += other.waits
        self.waited_us += other.waited_us


class DayLine(Struct, frozen=True, kw_only=True):
    """One date of a hall as charts show it."""

    hall: str
    day: date
    issued: int
    finished: int
    left: int
    waits: int
    waited_us: int
    within: int
    asked: int
    """Called, or left uncalled after longer than the target."""
    rated: int
    satisfied: int


class Sums(Struct):
    """The sums of all dates."""

    counted: dict[str, FigureTally] = field(default_factory=lambda: {one.key: FigureTally() for one in COUNTED})
    """What figures count of each date's rows, by the keys of the figures."""
    hours: dict[Slot, HourTally] = field(default_factory=dict)
    heat: dict[tuple[int, str], tuple[int, int]] = field(default_factory=dict)
    """(calls counted in a mean, microseconds waited) by ISO weekday and half-hour."""
    days: list[DayLine] = field(default_factory=list)

    @property
    def day(self) -> FigureTally:
        """The counts of tickets at the beginning of a document."""
        return self.counted[DAY.key]

    @property
    def steps(self) -> FigureTally:
        """The counts of steps at windows, also by service, window and clerk."""
        return self.counted[STEPS.key]

    def in_time(self, service: str | None = None) -> tuple[int, int]:
        """Return the number of steps called within the target, and of all steps; for a service or all."""
        return within_target(self.counted[CALLED_IN_TIME.key], service)

    @property
    def left_out(self) -> FigureTally:
        return self.counted[LEFT_OUT.key]

    @property
    def ratings(self) -> FigureTally:
        """What is counted of ratings, also by clerk."""
        return self.counted[SATISFACTION.key]

    @property
    def spent(self) -> FigureTally:
        """The minutes of windows and clerks."""
        return self.counted[SPENT.key]
