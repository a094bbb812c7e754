"""The sums that areas of figures share: by service, window, person, half-hour and date."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from queuedesk.core.figures.measures.day import Slot
from queuedesk.core.figures.measures.figure import FigureTally
from queuedesk.core.figures.measures.figures import (
    DAY,
    FIGURES,
    LEFT_OUT,
    PROMISE,
    STEPS,
)
from queuedesk.core.figures.measures.within_target import CALLED_IN_TIME, within_target

COUNTED = (*FIGURES, DAY, LEFT_OUT, PROMISE, STEPS, CALLED_IN_TIME)


@dataclass(slots=True)
class WindowTally:
    open_us: int = 0
    paused_us: int = 0
    served_us: int = 0


@dataclass(slots=True)
class StaffTally:
    """`levels` counts the ratings of each level; times in microseconds."""

    unrated: int = 0
    lost_us: int = 0
    idle_us: int = 0
    levels: Counter[int] = field(default_factory=Counter)


@dataclass(slots=True)
class HourTally:
    arrivals: int = 0
    calls: int = 0
    waits: int = 0
    waited_us: int = 0
    open_windows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
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


@dataclass(slots=True)
class Sums:
    """The sums of all dates. `has_log` is False once a date was added without its log."""

    has_log: bool = True
    counted: dict[str, FigureTally] = field(default_factory=lambda: {one.key: FigureTally() for one in COUNTED})
    """What is counted of tickets and legs, by the keys of the figures."""
    windows: dict[str, WindowTally] = field(default_factory=lambda: defaultdict(WindowTally))
    staff: dict[str, StaffTally] = field(default_factory=lambda: defaultdict(StaffTally))
    worked: set[str] = field(default_factory=set)
    """Who sat at a window or served somebody: of others figures say nothing."""
    hours: dict[Slot, HourTally] = field(default_factory=dict)
    heat: dict[tuple[int, str], tuple[int, int]] = field(default_factory=dict)
    """(calls counted in a mean, microseconds waited) by ISO weekday and half-hour."""
    days: list[DayLine] = field(default_factory=list)
    levels: Counter[int] = field(default_factory=Counter)
    lost_us: int = 0
    not_ready: Counter[str] = field(default_factory=Counter)
    overtaken: int = 0
    overtaken_most: int = 0
    overtakes: Counter[str] = field(default_factory=Counter)
    no_number: int = 0
    wrong_time: int = 0

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
