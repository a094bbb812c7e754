"""What made people wait: overtakings, pauses, windows free meanwhile; and the longest waits with what explains them.

- idle_minutes: of all clerks together, a window open and free while somebody waited whom it could have called; None
  without the log.
- overtakes: by reason, overtakings, the tickets passed, and the most for one ticket; most overtakings first. A ticket
  passed for two reasons is in both.
- pauses: of 20 minutes or more, longest first, at most 20; on the hall's clock. `to` is None while it lasts, and its
  minutes are those until now. A pause that a closing ended lasted until then.
- longest_waits: the five longest of the waits that count, with what explains them (measures_causes).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from heapq import nsmallest

from queuedesk.core.figures.measures.causes import Cause, causes
from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.rows import LegRow
from queuedesk.core.figures.measures.spans import pauses_us
from queuedesk.core.figures.measures.sums import Sums
from queuedesk.core.figures.measures.times import MINUTE_US, Figures, hall_clock, minutes_of_us

LONG_PAUSE_US = 20 * MINUTE_US
PAUSES_SHOWN = 20
WAITS_SHOWN = 5


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

    stalls: Counter[str] = field(default_factory=Counter)
    knows_stalls: bool = True
    passed: dict[str, Passed] = field(default_factory=lambda: defaultdict(Passed))
    pauses: list[LongPause] = field(default_factory=list)
    longest: list[LongWait] = field(default_factory=list)

    def add(self, rows: DayRows) -> None:
        """Add one business date."""
        if rows.stalls is None:
            self.knows_stalls = False
        else:
            self.stalls += rows.stalls
        by_reason: dict[str, list[int]] = defaultdict(list)
        for (reason, _label), n in rows.overtakes.items():
            by_reason[reason].append(n)
        for reason, counts in by_reason.items():
            self.passed[reason].add(sum(counts), len(counts), max(counts))
        self._add_waits(rows)
        self._add_pauses(rows)

    def _add_waits(self, rows: DayRows) -> None:
        least = self.longest[-1].us if len(self.longest) == WAITS_SHOWN else 0
        legs: dict[tuple[str, int], tuple[int, LegRow]] = {}
        for alike in rows.alike:
            if alike.waits and max(alike.waits) >= least:  # of equal ones the date or the number decides
                for us, leg in zip(alike.waits, alike.legs, strict=True):
                    if us >= least:
                        legs[leg.label, leg.n] = (us, leg)
        new = [
            LongWait(
                day=rows.day,
                ticket=leg.label,
                leg=leg.n,
                service=leg.service,
                us=us,
                arrived=hall_clock(rows.setup, leg.joined),
            )
            for us, leg in nsmallest(WAITS_SHOWN, legs.values(), key=lambda one: (-one[0], one[1].label, one[1].n))
        ]
        longest = sorted([*self.longest, *new], key=_order)[:WAITS_SHOWN]
        # Only what stays among the longest is explained: that takes a look at the whole date.
        self.longest = [
            replace(one, causes=causes(rows, legs[(one.ticket, one.leg)][1])) if one in new else one for one in longest
        ]

    def _add_pauses(self, rows: DayRows) -> None:
        for shift in rows.shifts:
            for pause, (start, end) in zip(shift.pauses, pauses_us(shift, rows.until), strict=True):
                if end - start >= LONG_PAUSE_US:
                    one = LongPause(
                        day=rows.day,
                        window=shift.window,
                        staff=shift.staff,
                        start=hall_clock(rows.setup, start),
                        end=None if pause.end is None else hall_clock(rows.setup, end),
                        us=end - start,
                        reason=pause.reason,
                    )
                    self.pauses.append(one)
        self.pauses = sorted(self.pauses, key=_order)[:PAUSES_SHOWN]

    def merge(self, other: LineTally, hall: str, service: Callable[[str], str]) -> None:
        """Add what another hall has come to: windows, people and tickets under "HALL/CODE", services under what
        `service` makes of their codes."""
        self.stalls += other.stalls
        self.knows_stalls = self.knows_stalls and other.knows_stalls
        for reason, passed in other.passed.items():
            self.passed[reason].add(passed.n, passed.tickets, passed.most)
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

    def document(self, tally: Sums) -> Figures:
        """Return these measures; `tally` is the whole that they are part of."""
        idle_us = sum(clerk.idle_us for clerk in tally.staff.values())
        return {
            "idle_minutes": minutes_of_us(idle_us) if tally.has_log else None,
            "overtakes": [
                {"reason": reason, "n": own.n, "tickets": own.tickets, "most": own.most}
                for reason, own in sorted(self.passed.items(), key=lambda one: (-one[1].n, one[0]))
            ],
            "pauses": [one.row() for one in self.pauses],
            "longest_waits": [one.row() for one in self.longest],
        }

    def besides(self) -> Figures:
        """Return the parts of other measures that are no counts of theirs."""
        rows = [{"reason": reason, "n": n} for reason, n in sorted(self.stalls.items(), key=_most_first)]
        return {"by_reason": rows if self.knows_stalls else None}


def _order(one: LongPause | LongWait) -> tuple[int, date, str, str, int]:
    """Longest first; of equal ones the earliest date, then by name."""
    if isinstance(one, LongPause):
        return (-one.us, one.day, one.start, one.window, 0)
    return (-one.us, one.day, one.ticket, "", one.leg)


def _most_first(one: tuple[str, int]) -> tuple[int, str]:
    return (-one[1], one[0])
