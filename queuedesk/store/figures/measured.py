"""The rows that figures of a span of business dates are made from: only the columns they need, a date at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, func, select, type_coerce

from queuedesk.core.figures.measures.day import DayRows, keys, reinstated
from queuedesk.core.figures.measures.document import LogRange
from queuedesk.core.figures.measures.rows import LegRow, TicketRow
from queuedesk.core.figures.measures.spans import DaySpans, not_plain
from queuedesk.core.figures.measures.times import micros
from queuedesk.core.figures.measures.visits import KIOSK
from queuedesk.core.log.state import HELP_CALLS, SHIFTS
from queuedesk.core.log.timeline import Move, timeline
from queuedesk.core.queue.hallday import day_turns
from queuedesk.core.queue.ticket import OPEN_STATES
from queuedesk.core.setup.values import Setup
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.engine.types import BigInt, to_value
from queuedesk.store.figures.measured_devices import DeviceReader
from queuedesk.store.figures.measured_diversion import DiversionReader
from queuedesk.store.figures.measured_targets import TargetReader
from queuedesk.store.figures.measured_visits import VisitReader
from queuedesk.store.log import events as log
from queuedesk.store.log import wrong_times
from queuedesk.store.parts import register
from queuedesk.store.schema.tables import calls, events, legs, not_ready, opinions, overtakes, tickets

_ASKED: dict[str, ColumnElement[Any]] = {"hall": bindparam("hall"), "day": bindparam("day")}
_NUMBERS = frozenset({"arrived", "not_before", "joined", "called", "started", "finished", "ended"})
_FLAGS = frozenset({"start_assumed", "inaccurate", "form_free"})
MOST_SINGLE = 0.25
# As _make does, without its look at how many there are.
_ticket = partial(tuple.__new__, TicketRow)
_leg = partial(tuple.__new__, LegRow)


def _plain(column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """Return the column as it stands in the table: whole numbers, and JSON as its text."""
    if name in _NUMBERS or name in _FLAGS:
        return type_coerce(column, BigInt)
    return type_coerce(column, Text) if name == "flags" else column


_TICKETS = select(*(_plain(tickets.c[name], name) for name in TicketRow._fields)).where(
    tickets.c.hall == _ASKED["hall"], tickets.c.date == _ASKED["day"]
)
_LEGS = select(*(_plain(legs.c[name], name) for name in LegRow._fields)).where(
    legs.c.hall == _ASKED["hall"], legs.c.date == _ASKED["day"]
)
# Calls that are not the first of a leg at the window where it ended: of those only the log tells what became.
_OTHER_CALLS = (
    select(calls.c.label)
    .select_from(
        calls.outerjoin(
            legs,
            and_(
                *(legs.c[key] == calls.c[key] for key in ("hall", "date", "label", "window")),
                legs.c.called == calls.c.time,
            ),
        )
    )
    .where(calls.c.hall == _ASKED["hall"], calls.c.date == _ASKED["day"], legs.c.n.is_(None))
)
_LAST_TIME = select(func.max(events.c.time)).where(events.c.hall == _ASKED["hall"], events.c.date == _ASKED["day"])


def _counted(column: ColumnElement[Any], *of: ColumnElement[Any]) -> Select[Any]:
    """Return what counts a date's rows by `column`; `of` are the table's hall and date."""
    return select(column, func.count()).where(of[0] == _ASKED["hall"], of[1] == _ASKED["day"]).group_by(column)


_NOT_READY = _counted(not_ready.c.service, not_ready.c.hall, not_ready.c.date)
_OVERTAKES = (
    select(overtakes.c.reason, overtakes.c.label, func.count())
    .where(overtakes.c.hall == _ASKED["hall"], overtakes.c.date == _ASKED["day"])
    .group_by(overtakes.c.reason, overtakes.c.label)
)
_OPINIONS = select(func.count()).where(opinions.c.hall == _ASKED["hall"], opinions.c.date == _ASKED["day"])


@dataclass(slots=True)
class Reader:
    """Reads the rows of one hall; what still runs lasts until `now`."""

    tx: Transaction
    hall: int
    setup: Setup
    now: datetime
    visits: VisitReader = field(init=False)
    diversion: DiversionReader = field(init=False)
    devices: DeviceReader = field(init=False)
    targets: TargetReader = field(init=False)
    _taken: Counter[date] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        given = (self.tx, self.hall, self.setup, self.now)
        self.visits = VisitReader(*given)
        self.diversion, self.devices, self.targets = DiversionReader(*given), DeviceReader(*given), TargetReader(*given)

    def days(self, first: date, last: date) -> Iterator[DayRows]:
        """Yield the rows of every business date from `first` to `last`, both included, those without anything too."""
        for n in range((last - first).days + 1):
            yield self.day(first + timedelta(days=n))

    def day(self, day: date, *, most_single: float = MOST_SINGLE) -> DayRows:
        """Return the rows of one business date.

        Who was where is told by the legs of those who went the plain way and by the log of the others; the whole log of the date is read
        where the others are more than `most_single` of all tickets.
        """
        asked = {"hall": self.hall, "day": day}
        tx = self.tx
        its_tickets, its_legs = self._lines(asked)
        shifts = [*register.of_days(tx, self.hall, SHIFTS, day, day).values()]
        runs = any(s.closed is None for s in shifts) or any(t.state in OPEN_STATES for t in its_tickets)
        until = self._until(day) if runs else micros(min(self.now, day_turns(self.setup, day)))
        spans = DaySpans()
        moves: list[Move] = []
        odd: set[str] = set()
        if its_tickets:
            odd = not_plain(its_tickets, its_legs) | {label for (label,) in _raw(tx, _OTHER_CALLS, asked)}
            odd |= _without_key(its_tickets, its_legs)
        reads_all = len(odd) > most_single * len(its_tickets)
        if odd:
            moves = log.moves_of(tx, self.hall, day, None if reads_all else sorted(odd))
            spans.add_timeline(timeline(moves), until)
        levels, questions = self.visits.ratings(day) if its_tickets else ([], Counter[tuple[str, int]]())
        found = DayRows(
            day=day,
            tickets=its_tickets,
            legs=its_legs,
            shifts=shifts,
            ratings=levels,
            until=until,
            wrong_time=self._taken_out(day),
            no_number=tx.execute(_OPINIONS, asked).scalar_one(),
            not_ready=_counter(tx, _NOT_READY, asked),
            overtakes=Counter({(reason, label): n for reason, label, n in _raw(tx, _OVERTAKES, asked)}),
            questions=questions,
            spans=spans,
            links=self.visits.links(day),
            is_followed=self.visits.is_followed(day),
            reinstated=reinstated(moves),
            stalls=self.visits.stalls(day) if its_tickets else Counter(),
            keys=keys(moves),
            diversion=self.diversion.day(day),
            devices=self.devices.day(day),
            help_calls=tuple(register.of_days(tx, self.hall, HELP_CALLS, day, day).values()),
            targets=self.targets.day(day),
        )
        if not reads_all:
            for alike in found.alike:
                if plain := [leg for leg in alike.legs if leg.label not in odd]:
                    spans.add_plain(plain, until)
        return found

    def lines(self, day: date) -> DayRows:
        """Return the tickets and legs of one business date alone: no spans, nothing of the log, nothing of other dates."""
        its_tickets, its_legs = self._lines({"hall": self.hall, "day": day})
        return DayRows(day=day, tickets=its_tickets, legs=its_legs, shifts=(), ratings=(), until=0)

    def _lines(self, asked: dict[str, Any]) -> tuple[list[TicketRow], list[LegRow]]:
        its_tickets = [
            _ticket((label, state, arrived, not_before, misses, overtaken, _flags(flags), *others))
            for label, state, arrived, not_before, misses, overtaken, flags, *others in _raw(self.tx, _TICKETS, asked)
        ]
        return its_tickets, list(map(_leg, _raw(self.tx, _LEGS, asked))) if its_tickets else []

    def _taken_out(self, day: date) -> int:
        if self._taken is None:
            self._taken = wrong_times.taken_out(self.tx, self.hall)
        return self._taken[day]

    def _until(self, day: date) -> int:
        """Return until when running spans last: as measures.ends says."""
        until = micros(min(self.now, day_turns(self.setup, day)))
        last_time = _LAST_TIME.where(wrong_times.in_its_time(self.tx, self.hall))
        last = self.tx.execute(last_time, {"hall": self.hall, "day": day}).scalar()
        return until if last is None else max(until, micros(last))


def _without_key(its_tickets: list[TicketRow], its_legs: list[LegRow]) -> set[str]:
    """Return the kiosk's tickets that went on to another line: their row forgot what was pressed."""
    onward = {leg.label for leg in its_legs if leg.n > 1}
    return {t.label for t in its_tickets if t.label in onward and KIOSK in t.flags}


def log_range(tx: Transaction, hall: int, first: date, last: date) -> LogRange:
    """Return the part of the log that belongs to the business dates from `first` to `last`."""
    among = (events.c.hall == hall, events.c.date >= first, events.c.date <= last)
    begins, ends = tx.execute(select(func.min(events.c.seq), func.max(events.c.seq)).where(*among)).one()
    if begins is None:
        return LogRange()
    return LogRange(begins, ends, log.one(tx, hall, ends).hash)


def _raw(tx: Transaction, statement: Select[Any], asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows as the driver gives them: all columns here are whole numbers and texts, and rows of our own would double the time."""
    cursor = tx.execute(statement, asked).cursor
    assert cursor is not None
    return list(cursor.fetchall())


@lru_cache(maxsize=256)
def _flags(text: str) -> frozenset[str]:
    return frozenset(to_value(text))


def _counter(tx: Transaction, statement: Select[Any], asked: dict[str, Any]) -> Counter[str]:
    return Counter(dict(iter(tx.execute(statement, asked))))
