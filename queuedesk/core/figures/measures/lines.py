"""What made people wait: other systems, work set aside, overtakings, pauses; and the longest waits with what explains
them.

- idle_minutes: of all clerks together, a window open and free while somebody waited whom it could have called; None
  without the log.
- system_wait, set_aside: legs ended by `finish` that another system held up, or that were set aside or reopened, for a
  second at least, and their minutes; what a day-end closed is in neither, for nobody knows how long it really took.
  `by_reason` are all `stall` events of the dates, of whatever became of the ticket, most first; None without the log.
- overtakes: by reason, overtakings, the tickets passed, and the most for one ticket; most overtakings first. A ticket
  passed for two reasons is in both.
- counters: legs that were called, by whether window and clerk may serve one service or several, by the set-up as it
  stands; `finished` as of a window, `wait` and `handling` as of the day. Legs of windows that the set-up no longer has
  are in neither.
- pauses: of 20 minutes or more, longest first, at most 20; on the hall's clock. `to` is None while it lasts, and its
  minutes are those until now. A pause that a closing ended lasted until then.
- longest_waits: the five longest of the waits that count, with what explains them (measures_causes).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from heapq import nsmallest

from queuedesk.core.figures.measures.causes import Cause, causes
from queuedesk.core.figures.measures.conditions import is_finished
from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.rows import LegRow
from queuedesk.core.figures.measures.scope import Scope
from queuedesk.core.figures.measures.spans import pauses_us
from queuedesk.core.figures.measures.sums import Sums
from queuedesk.core.figures.measures.times import MINUTE_US, Figures, hall_clock, minutes, minutes_of_us, spread
from queuedesk.core.setup.values import Setup

LONG_PAUSE_US = 20 * MINUTE_US
PAUSES_SHOWN = 20
WAITS_SHOWN = 5
SINGLE, SEVERAL = "single", "several"


@dataclass(slots=True)
class Delay:
    """Legs that were held up, and for how many seconds in all."""

    legs: int = 0
    seconds: int = 0

    def add(self, seconds: int) -> None:
        self.legs += 1
        self.seconds += seconds

    def merge(self, other: Delay) -> None:
        self.legs += other.legs
        self.seconds += other.seconds

    def document(self) -> Figures:
        return {"legs": self.legs, "minutes": minutes(self.seconds)}


@dataclass(slots=True)
class Passed:
    """Overtakings of one reason."""

    n: int = 0
    tickets: int = 0
    most: int = 0

    def add(self, n: int, tickets: int, most: int) -> None:
        self.n += n
        self.tickets += tickets
        self.most = max(self.most, most)


@dataclass(slots=True)
class CounterTally:
    """Legs called to windows of a kind; times in microseconds."""

    finished: int = 0
    waits: list[int] = field(default_factory=list)
    handling: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class LongPause:
    """A pause; `start` and `end` are times on the hall's clock, "12:05", `end` None while it lasts."""

    day: date
    window: str
    staff: str
    start: str
    end: str | None
    us: int
    reason: str

    def row(self) -> Figures:
        return {
            "date": self.day.isoformat(),
            "window": self.window,
            "staff": self.staff,
            "from": self.start,
            "to": self.end,
            "minutes": minutes_of_us(self.us),
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LongWait:
    """A wait; `arrived` is when the line was joined, on the hall's clock."""

    day: date
    ticket: str
    leg: int
    service: str
    us: int
    arrived: str
    causes: tuple[Cause, ...] = ()

    def row(self) -> Figures:
        return {
            "date": self.day.isoformat(),
            "ticket": self.ticket,
            "service": self.service,
            "minutes": minutes_of_us(self.us),
            "arrived": self.arrived,
            "causes": [cause.row() for cause in self.causes],
        }


@dataclass(slots=True)
class LineTally:
    """What made people wait, added up."""

    stalled: Delay = field(default_factory=Delay)
    held: Delay = field(default_factory=Delay)
    stalls: Counter[str] = field(default_factory=Counter)
    knows_stalls: bool = True
    passed: dict[str, Passed] = field(default_factory=lambda: defaultdict(Passed))
    counters: dict[str, CounterTally] = field(default_factory=dict)
    pauses: list[LongPause] = field(default_factory=list)
    longest: list[LongWait] = field(default_factory=list)

    def add(self, setup: Setup, rows: DayRows) -> None:
        """Add one business date of the hall that `setup` is of."""
        if rows.stalls is None:
            self.knows_stalls = False
        else:
            self.stalls += rows.stalls
        by_reason: dict[str, list[int]] = defaultdict(list)
        for (reason, _label), n in rows.overtakes.items():
            by_reason[reason].append(n)
        for reason, counts in by_reason.items():
            self.passed[reason].add(sum(counts), len(counts), max(counts))
        self._add_waits(setup, rows, self._add_legs(setup, rows))
        self._add_pauses(setup, rows)

    def _add_legs(self, setup: Setup, rows: DayRows) -> list[tuple[int, LegRow]]:
        """Return the waits that may be among the longest of all."""
        kinds: dict[tuple[str | None, str | None], CounterTally | None] = {}
        least = self.longest[-1].us if len(self.longest) == WAITS_SHOWN else 0
        long: list[tuple[int, LegRow]] = []
        for legs, waits, handling in rows.alike:
            one = legs[0]
            if one.end == "finish":
                for leg in legs:
                    if leg.stalled_s:
                        self.stalled.add(leg.stalled_s)
                    if leg.held_s:
                        self.held.add(leg.held_s)
            if one.called is None:
                continue
            where = (one.window, one.staff)
            own = kinds[where] if where in kinds else kinds.setdefault(where, self._kind(setup, *where))
            if own is not None:
                if is_finished(one):
                    own.finished += len(legs)
                own.waits += waits
                own.handling += handling
            if waits and max(waits) >= least:  # of equal ones the date or the number decides
                long += [(wait, leg) for wait, leg in zip(waits, legs, strict=True) if wait >= least]
        return long

    def _kind(self, setup: Setup, window: str | None, staff: str | None) -> CounterTally | None:
        services = setup.services_at(window, staff) if window is not None else frozenset()
        if not services:
            return None
        return self.counters.setdefault(SINGLE if len(services) == 1 else SEVERAL, CounterTally())

    def _add_waits(self, setup: Setup, rows: DayRows, long: Iterable[tuple[int, LegRow]]) -> None:
        legs = {(leg.label, leg.n): (us, leg) for us, leg in long}
        new = [
            LongWait(
                day=rows.day,
                ticket=leg.label,
                leg=leg.n,
                service=leg.service,
                us=us,
                arrived=hall_clock(setup, leg.joined),
            )
            for us, leg in nsmallest(WAITS_SHOWN, legs.values(), key=lambda one: (-one[0], one[1].label, one[1].n))
        ]
        longest = sorted([*self.longest, *new], key=_order)[:WAITS_SHOWN]
        # Only what stays among the longest is explained: that takes a look at the whole date.
        self.longest = [
            replace(one, causes=causes(setup, rows, legs[(one.ticket, one.leg)][1])) if one in new else one
            for one in longest
        ]

    def _add_pauses(self, setup: Setup, rows: DayRows) -> None:
        for shift in rows.shifts:
            for pause, (start, end) in zip(shift.pauses, pauses_us(shift, rows.until), strict=True):
                if end - start >= LONG_PAUSE_US:
                    one = LongPause(
                        day=rows.day,
                        window=shift.window,
                        staff=shift.staff,
                        start=hall_clock(setup, start),
                        end=None if pause.end is None else hall_clock(setup, end),
                        us=end - start,
                        reason=pause.reason,
                    )
                    self.pauses.append(one)
        self.pauses = sorted(self.pauses, key=_order)[:PAUSES_SHOWN]

    def merge(self, other: LineTally, hall: str, service: Callable[[str], str]) -> None:
        """Add what another hall has come to: windows, people and tickets under "HALL/CODE", services under what
        `service` makes of their codes."""
        self.stalled.merge(other.stalled)
        self.held.merge(other.held)
        self.stalls += other.stalls
        self.knows_stalls = self.knows_stalls and other.knows_stalls
        for reason, passed in other.passed.items():
            self.passed[reason].add(passed.n, passed.tickets, passed.most)
        for kind, theirs in other.counters.items():
            mine = self.counters.setdefault(kind, CounterTally())
            mine.finished += theirs.finished
            mine.waits += theirs.waits
            mine.handling += theirs.handling
        pauses = [replace(one, window=f"{hall}/{one.window}", staff=f"{hall}/{one.staff}") for one in other.pauses]
        self.pauses = sorted([*self.pauses, *pauses], key=_order)[:PAUSES_SHOWN]
        waits = [
            replace(
                one,
                ticket=f"{hall}/{one.ticket}",
                service=service(one.service),
                causes=tuple(cause.of_hall(hall) for cause in one.causes),
            )
            for one in other.longest
        ]
        self.longest = sorted([*self.longest, *waits], key=_order)[:WAITS_SHOWN]

    def document(self, scope: Scope, tally: Sums) -> Figures:
        """Return these measures; `tally` is the whole that they are part of."""
        idle_us = sum(clerk.idle_us for clerk in tally.staff.values())
        return {
            "idle_minutes": minutes_of_us(idle_us) if tally.has_log else None,
            "system_wait": {
                **self.stalled.document(),
                "by_reason": [{"reason": reason, "n": n} for reason, n in sorted(self.stalls.items(), key=_most_first)]
                if self.knows_stalls
                else None,
            },
            "set_aside": self.held.document(),
            "overtakes": [
                {"reason": reason, "n": own.n, "tickets": own.tickets, "most": own.most}
                for reason, own in sorted(self.passed.items(), key=lambda one: (-one[1].n, one[0]))
            ],
            "counters": [
                {
                    "kind": kind,
                    "finished": self.counters[kind].finished,
                    "wait": spread(self.counters[kind].waits),
                    "handling": spread(self.counters[kind].handling),
                }
                for kind in (SINGLE, SEVERAL)
                if kind in self.counters
            ],
            "pauses": [one.row() for one in self.pauses],
            "longest_waits": [one.row() for one in self.longest],
        }


def _order(one: LongPause | LongWait) -> tuple[int, date, str, str, int]:
    """Longest first; of equal ones the earliest date, then by name."""
    if isinstance(one, LongPause):
        return (-one.us, one.day, one.start, one.window, 0)
    return (-one.us, one.day, one.ticket, "", one.leg)


def _most_first(one: tuple[str, int]) -> tuple[int, str]:
    return (-one[1], one[0])
