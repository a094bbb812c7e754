"""Reads the rows behind figures, and the tickets behind one of them: only the columns they need, a date at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any

from msgspec.structs import replace
from sqlalchemy import ColumnElement, Select, Table, Text, and_, bindparam, func, literal_column, select, type_coerce

from queuedesk.core.figures.drilldown import rows as rows_behind
from queuedesk.core.figures.drilldown.rows import (
    LOST_STAYS,
    NOT_READY,
    OFFERS,
    OPINIONS,
    PARTNERS,
    PASSINGS,
    RATINGS,
    STALLS,
    STAYS,
    WHOLE,
    DayBehind,
    DayMore,
)
from queuedesk.core.figures.measures.day import DayRows, DaySpans, not_plain, reinstated
from queuedesk.core.figures.measures.document import LogRange
from queuedesk.core.figures.measures.rows import (
    LegRow,
    NoTicket,
    OfferRow,
    Passing,
    RatingRow,
    Stall,
    TicketRow,
)
from queuedesk.core.figures.measures.times import micros
from queuedesk.core.log import state
from queuedesk.core.log.state import HELP_CALLS, SHIFTS, Part
from queuedesk.core.log.ticket_history import Move, Stay, timeline
from queuedesk.core.queue.hallday import day_turns
from queuedesk.core.queue.ticket import OPEN_STATES, Rating, Shift, State, Ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.messages import HelpCall
from queuedesk.store.engine.statement import Statement
from queuedesk.store.engine.types import BigInt, Transaction, to_value
from queuedesk.store.figures.around_date import (
    ASKED,
    DeviceReader,
    DirectoryReader,
    DiversionReader,
    TargetReader,
    VisitReader,
)
from queuedesk.store.figures.by_date import ByDate
from queuedesk.store.log import events as log
from queuedesk.store.log import wrong_times
from queuedesk.store.log.log_dates import Logged
from queuedesk.store.parts import part_tables
from queuedesk.store.parts.tickets import of_labels
from queuedesk.store.schema.tables import (
    calls,
    events,
    help_calls,
    legs,
    not_ready,
    opinions,
    overtakes,
    shifts,
    tickets,
)

# -- tickets and legs --------------------------------------------------------------------------------------------------

_NUMBERS = frozenset({"arrived", "not_before", "joined", "called", "started", "finished", "ended"})
_FLAGS = frozenset({"start_assumed", "inaccurate", "form_free"})
MOST_SINGLE = 0.25
# As _make does, without its look at how many there are.
_ticket = partial(tuple.__new__, TicketRow)
_leg = partial(tuple.__new__, LegRow)


def _plain(column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """Return the column as it stands in the table: whole numbers, and JSON as its text."""
    if name in _NUMBERS or name in _FLAGS:
        return type_coerce(column, BigInt).label(name)
    return type_coerce(column, Text).label(name) if name == "flags" else column


_TICKETS = Statement(
    select(*(_plain(tickets.c[name], name) for name in TicketRow._fields)).where(
        tickets.c.hall == ASKED["hall"], tickets.c.date == ASKED["day"]
    )
)
_LEGS = Statement(
    # Only the ticket's row tells whether it is void: _of_void marks those few.
    select(*(_plain(legs.c[name], name) for name in LegRow._fields[:-1]), literal_column("0").label("is_void")).where(
        legs.c.hall == ASKED["hall"], legs.c.date == ASKED["day"]
    )
)
_VOID = Statement(
    select(tickets.c.label).where(
        tickets.c.hall == ASKED["hall"], tickets.c.date == ASKED["day"], tickets.c.state == str(State.VOID)
    )
)
# Calls that are not the first of a leg at the window where it ended: of those only the log tells what became.
_OTHER_CALLS = Statement(
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
    .where(calls.c.hall == ASKED["hall"], calls.c.date == ASKED["day"], legs.c.n.is_(None))
)
_LAST_TIME = select(func.max(events.c.time)).where(events.c.hall == ASKED["hall"], events.c.date == ASKED["day"])


def _counted(table: Table, *by: str) -> Select[Any]:
    """Return what counts the rows of some dates by date and other columns."""
    columns = [table.c[name] for name in ("date", *by)]
    among = (table.c.hall == ASKED["hall"], table.c.date.between(bindparam("first"), bindparam("last")))
    return select(*columns, func.count()).where(*among).group_by(*columns)


_NOT_READY = _counted(not_ready, "service")
_OVERTAKES = _counted(overtakes, "reason", "label")
_BEGINS_AND_ENDS = select(
    *(
        select(end(table.c.date)).where(table.c.hall == ASKED["hall"]).scalar_subquery()
        for table in (tickets, shifts, opinions, not_ready, overtakes, help_calls)
        for end in (func.min, func.max)
    )
)
_OPINIONS = _counted(opinions)


@dataclass(slots=True)
class Reader:
    """Reads the rows of one hall; what still runs lasts until `now`. `span` are the first and the last of many dates
    that will be asked for."""

    tx: Transaction
    hall: int
    setup: Setup
    now: datetime
    span: tuple[date, date] | None = None
    visits: VisitReader = field(init=False)
    diversion: DiversionReader = field(init=False)
    devices: DeviceReader = field(init=False)
    targets: TargetReader = field(init=False)
    directory: DirectoryReader = field(init=False)
    _shifts: ByDate[list[Shift]] = field(init=False)
    _help_calls: ByDate[list[HelpCall]] = field(init=False)
    _not_ready: ByDate[Counter[Any]] = field(init=False)
    _overtakes: ByDate[Counter[Any]] = field(init=False)
    _opinions: ByDate[Counter[Any]] = field(init=False)
    _moves: log.Moves | None = field(default=None, init=False)
    _taken: Counter[date] | None = field(default=None, init=False)
    _dates: tuple[date, date] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        given = (self.tx, self.hall, self.setup, self.now)
        self.visits, self.directory = VisitReader(*given, self.span), DirectoryReader(self.tx, self.hall)
        self.diversion = DiversionReader(*given, self.span)
        self.devices, self.targets = DeviceReader(*given), TargetReader(*given)
        self._shifts = ByDate(partial(self._parts_between, SHIFTS), [], self.span)
        self._help_calls = ByDate(partial(self._parts_between, HELP_CALLS), [], self.span)
        self._not_ready = ByDate(partial(self._counted_between, _NOT_READY), Counter(), self.span)
        self._overtakes = ByDate(partial(self._counted_between, _OVERTAKES), Counter(), self.span)
        self._opinions = ByDate(partial(self._counted_between, _OPINIONS), Counter(), self.span)

    def day(self, day: date, *, most_single: float = MOST_SINGLE) -> DayRows:
        """Return the rows of one business date.

        The places of people come from the legs of tickets with an ordinary course and from the log for the others; the
        whole log of the date is read if the others are more than `most_single` of all tickets.
        """
        asked = {"hall": self.hall, "day": day}
        begins, ends = self._begins_and_ends()
        happened = begins <= day <= ends
        its_tickets, its_legs = self._lines(asked) if happened else ([], [])
        around = self.around(day)
        runs = any(s.closed is None for s in around.shifts) or any(t.state in OPEN_STATES for t in its_tickets)
        until = self._until(day) if runs else micros(min(self.now, day_turns(self.setup, day)))
        spans = DaySpans()
        moves: list[Move] = []
        odd: set[str] = set()
        if its_tickets:
            odd = not_plain(its_tickets, its_legs) | {label for (label,) in _OTHER_CALLS.raw(self.tx, asked)}
        reads_all = len(odd) > most_single * len(its_tickets)
        if odd:
            self._moves = self._moves or log.Moves(self.tx, self.hall, self.visits.rightly())
            moves = self._moves.of(day, None if reads_all else sorted(odd))
            spans.add_timeline(timeline(moves), until)
        found = replace(
            around,
            tickets=its_tickets,
            legs=its_legs,
            ratings=self.visits.ratings(day) if its_tickets else {},
            until=until,
            wrong_time=self._taken_out(day),
            no_number=self._opinions.on(day).total() if happened else 0,
            not_ready=self._not_ready.on(day) if happened else Counter(),
            overtakes=self._overtakes.on(day) if happened else Counter(),
            spans=spans,
            reinstated=reinstated(moves),
            stalls=self.visits.stalls(day) if its_tickets else Counter(),
        )
        if not reads_all:
            for alike in found.alike:
                if plain := [leg for leg in alike.legs if leg.label not in odd] if odd else alike.legs:
                    spans.add_plain(plain, until)
        return found

    def around(self, day: date) -> DayRows:
        """Return of one business date what an event of another date can change, without its tickets and legs."""
        begins, ends = self._begins_and_ends()
        happened = begins <= day <= ends
        return DayRows(
            setup=self.setup,
            day=day,
            tickets=(),
            legs=(),
            shifts=self._shifts.on(day) if happened else (),
            ratings={},
            until=0,
            links=self.visits.links(day),
            is_followed=self.visits.is_followed(day),
            diversion=self.diversion.day(day),
            devices=self.devices.day(day),
            help_calls=self._help_calls.on(day) if happened else (),
            targets=self.targets.day(day),
        )

    def _parts_between(self, part: Part[Any, Any], first: date, last: date) -> dict[date, list[Any]]:
        found: dict[date, list[Any]] = {}
        for one in part_tables.of_days(self.tx, self.hall, part, first, last).values():
            found.setdefault(one.date, []).append(one)
        return found

    def _counted_between(self, statement: Select[Any], first: date, last: date) -> dict[date, Counter[Any]]:
        found: dict[date, Counter[Any]] = {}
        for day, *by, n in self.tx.execute(statement, {"hall": self.hall, "first": first, "last": last}):
            found.setdefault(day, Counter())[by[0] if len(by) == 1 else tuple(by)] = n
        return found

    def lines(self, day: date) -> DayRows:
        """Return only the tickets and legs of one business date: no spans, nothing of the log, nothing of other
        dates."""
        its_tickets, its_legs = self._lines({"hall": self.hall, "day": day})
        return DayRows(setup=self.setup, day=day, tickets=its_tickets, legs=its_legs, shifts=(), ratings={}, until=0)

    def legs(self, day: date) -> list[LegRow]:
        """Return the legs of one business date; what a login without ratings may read."""
        asked = {"hall": self.hall, "day": day}
        return self._legs(asked, {label for (label,) in _VOID.raw(self.tx, asked)})

    def _lines(self, asked: dict[str, Any]) -> tuple[list[TicketRow], list[LegRow]]:
        # Each column by a name of its own: a rest of them in a list would take twice as long.
        its_tickets = [
            _ticket(
                (label, state, at, early, misses, passed, _flags(flags), said, low, high, point, naive, by, k, i, g, of)
            )
            for label, state, at, early, misses, passed, flags, said, low, high, point, naive, by, k, i, g, of in (
                _TICKETS.raw(self.tx, asked)
            )
        ]
        void = {one.label for one in its_tickets if one.state == "void"}
        return its_tickets, self._legs(asked, void) if its_tickets else []

    def _legs(self, asked: dict[str, Any], void: set[str]) -> list[LegRow]:
        found = list(map(_leg, _LEGS.raw(self.tx, asked)))
        return [one._replace(is_void=one.label in void) for one in found] if void else found

    def _begins_and_ends(self) -> tuple[date, date]:
        """Return the first and the last date of which there is anything but offers: of a year that goes on, or that the
        hall began in, the others are not asked for."""
        if self._dates is None:
            found = [day for day in self.tx.execute(_BEGINS_AND_ENDS, {"hall": self.hall}).one() if day is not None]
            self._dates = (min(found), max(found)) if found else (date.max, date.min)
        return self._dates

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


def log_range(tx: Transaction, hall: int, logged: Iterable[Logged]) -> LogRange:
    """Return the part of the log that belongs to some business dates, by what it has of each (log_dates.by_date)."""
    dates = list(logged)
    if not dates:
        return LogRange()
    ends = max(one.last for one in dates)
    return LogRange(min(one.first for one in dates), ends, log.one(tx, hall, ends).hash)


@lru_cache(maxsize=256)
def _flags(text: str) -> frozenset[str]:
    return frozenset(to_value(text))


# -- the tickets behind a figure ---------------------------------------------------------------------------------------

_LABELS_AT_ONCE = 500


def days_behind(reader: Reader, days: Iterable[date], needs: frozenset[str]) -> Iterator[DayBehind]:
    """Yield the dates with the parts of DayMore that `needs` names, including dates without a ticket."""
    for day in days:
        rows = reader.day(day) if WHOLE in needs else reader.lines(day)
        yield DayBehind(rows, _more(reader, rows, needs))


def _more(reader: Reader, rows: DayRows, needs: frozenset[str]) -> DayMore:
    tx, hall, day = reader.tx, reader.hall, rows.day
    ratings = part_tables.of_days(tx, hall, state.RATINGS, day, day).values() if RATINGS in needs else ()
    passings = part_tables.of_days(tx, hall, state.OVERTAKES, day, day).values() if PASSINGS in needs else ()
    without = part_tables.of_days(tx, hall, state.NOT_READY, day, day).values() if NOT_READY in needs else ()
    opinions = part_tables.of_days(tx, hall, state.OPINIONS, day, day).values() if OPINIONS in needs else ()
    stays: tuple[Stay, ...] = ()
    if STAYS in needs:
        stays = timeline(log.moves_of(tx, hall, day)).stays
    elif LOST_STAYS in needs:
        wrong = sorted({leg.label for leg in rows.legs if leg.end == "redirect"})
        stays = timeline(log.moves_of(tx, hall, day, wrong)).stays if wrong else ()
    stalls = log.of_kind(tx, hall, day, "stall") if STALLS in needs else ()
    offers = part_tables.of_days(tx, hall, state.OFFERS, day, day).values() if OFFERS in needs else ()
    shifts = part_tables.of_days(tx, hall, SHIFTS, day, day).values() if rows_behind.SHIFTS in needs else ()
    return DayMore(
        ratings=[_rating_row(one) for one in ratings],
        shifts=tuple(shifts),
        partners=reader.directory.on(day) if PARTNERS in needs else (),
        passings=[Passing(one.label, one.reason, one.by, micros(one.time)) for one in passings],
        not_ready=[NoTicket(one.service, micros(one.time)) for one in without],
        opinions=[NoTicket(at=micros(one.time)) for one in opinions],
        stays=stays,
        stalls=[Stall(e.data.get("reason"), e.ticket or "", micros(e.time)) for e in stalls],
        offers=[OfferRow(o.to, o.accepted, o.ticket or "", o.service, micros(o.time), o.item) for o in offers],
    )


def _rating_row(one: Rating) -> RatingRow:
    return RatingRow(
        one.level,
        one.staff,
        one.attitude,
        one.competence,
        one.label,
        not one.excluded,
        one.tags,
        one.service,
        one.window,
    )


def tickets_named(tx: Transaction, hall: int, day: date, labels: Iterable[str]) -> dict[str, Ticket]:
    """Return the tickets of a business date with these numbers, with their legs."""
    wanted = sorted(set(labels))
    found: dict[str, Ticket] = {}
    for start in range(0, len(wanted), _LABELS_AT_ONCE):
        for ticket in of_labels(tx, hall, day, wanted[start : start + _LABELS_AT_ONCE]):
            found[ticket.label] = ticket
    return found
