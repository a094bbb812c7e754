"""The sums that areas of figures share: by service, window, person, half-hour and date."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from queuedesk.core.figures.measures.day import Slot
from queuedesk.core.figures.measures.figure import FigureTally
from queuedesk.core.figures.measures.figures import DAY, FIGURES, LEFT_OUT

COUNTED = (*FIGURES, DAY, LEFT_OUT)


@dataclass(slots=True)
class ServiceTally:
    """Legs of a service. `late` left uncalled after longer than the target; times in microseconds."""

    issued: int = 0
    finished: int = 0
    left: int = 0
    redirected: int = 0
    within: int = 0
    late: int = 0
    waits: list[int] = field(default_factory=list)
    handling: list[int] = field(default_factory=list)


@dataclass(slots=True)
class WindowTally:
    finished: int = 0
    open_us: int = 0
    paused_us: int = 0
    served_us: int = 0


@dataclass(slots=True)
class StaffTally:
    """`handling` in microseconds; `levels` counts the ratings of each level."""

    finished: int = 0
    unrated: int = 0
    lost_us: int = 0
    idle_us: int = 0
    handling: list[int] = field(default_factory=list)
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
    """What charts show of one date of a hall."""

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
    """What was added up over all of it. `has_log` is False once a date was added without its log."""

    has_log: bool = True
    counted: dict[str, FigureTally] = field(default_factory=lambda: {one.key: FigureTally() for one in COUNTED})
    """What is counted of tickets and legs, by the keys of the figures."""
    services: dict[str, ServiceTally] = field(default_factory=lambda: defaultdict(ServiceTally))
    windows: dict[str, WindowTally] = field(default_factory=lambda: defaultdict(WindowTally))
    staff: dict[str, StaffTally] = field(default_factory=lambda: defaultdict(StaffTally))
    worked: set[str] = field(default_factory=set)
    """Who sat at a window or served somebody: of others figures say nothing."""
    hours: dict[Slot, HourTally] = field(default_factory=dict)
    heat: dict[tuple[int, str], tuple[int, int]] = field(default_factory=dict)
    """(calls counted in a mean, microseconds waited) by ISO weekday and half-hour."""
    days: list[DayLine] = field(default_factory=list)
    ways: list[int] = field(default_factory=list)
    levels: Counter[int] = field(default_factory=Counter)
    redirects: Counter[str] = field(default_factory=Counter)
    lost_us: int = 0
    not_ready: Counter[str] = field(default_factory=Counter)
    overtaken: int = 0
    overtaken_most: int = 0
    overtakes: Counter[str] = field(default_factory=Counter)
    promised: int = 0
    beyond: int = 0
    beyond_us: int = 0
    no_number: int = 0
    wrong_time: int = 0

    @property
    def day(self) -> FigureTally:
        """The counts of tickets that a document begins with."""
        return self.counted[DAY.key]

    @property
    def left_out(self) -> FigureTally:
        return self.counted[LEFT_OUT.key]
