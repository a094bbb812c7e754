"""Reads the rows behind figures, and the tickets behind one of them: only the columns they need, a date at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from itertools import groupby
from typing import Any

from msgspec.structs import replace
from sqlalchemy import ColumnElement, Select, Text, and_, bindparam, func, select, type_coerce

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
from queuedesk.core.figures.measures.day import DayRows, keys, reinstated
from queuedesk.core.figures.measures.document import LogRange
from queuedesk.core.figures.measures.rows import (
    DeviceRows,
    DiversionRows,
    LegRow,
    Links,
    NoTicket,
    OfferRow,
    Passing,
    RatingRow,
    Stall,
    TargetRows,
    TicketRow,
)
from queuedesk.core.figures.measures.spans import DaySpans, not_plain
from queuedesk.core.figures.measures.targets_reached import standing
from queuedesk.core.figures.measures.times import micros
from queuedesk.core.imports.channel import ChannelTotal, month_of
from queuedesk.core.log import state
from queuedesk.core.log.event_kinds import fits
from queuedesk.core.log.state import DEVICES, HELP_CALLS, SHIFTS
from queuedesk.core.log.timeline import Move, Stay, timeline
from queuedesk.core.queue.hallday import day_begins, day_turns
from queuedesk.core.queue.ticket import OPEN_STATES, Rating, State, Ticket, visit_name
from queuedesk.core.setup.field_kinds import read_row
from queuedesk.core.setup.partners import Partner
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.rules import SETTINGS
from queuedesk.core.talk.device import Device
from queuedesk.store.engine.types import BigInt, Transaction, to_value
from queuedesk.store.figures.set_ups import SetUps
from queuedesk.store.log import events as log
from queuedesk.store.log import wrong_times
from queuedesk.store.log.wrong_times import rightly
from queuedesk.store.parts import devices, imports, part_tables
from queuedesk.store.parts.tickets import of_labels
from queuedesk.store.schema.tables import (
    calls,
    events,
    help_calls,
    legs,
    not_ready,
    offers,
    opinions,
    overtakes,
    ratings,
    shifts,
    tickets,
)

# -- what visits led to: later tickets that name them, and facts that only the log has ---------------------------------

# Tickets of a date by the visit that they name as the one before; most name none.
_ASKED: dict[str, ColumnElement[Any]] = {"hall": bindparam("hall"), "day": bindparam("day")}
_NAMED = (
    select(tickets.c.return_of, func.count())
    .where(tickets.c.hall == _ASKED["hall"], tickets.c.date == _ASKED["day"], tickets.c.state != str(State.VOID))
    .group_by(tickets.c.return_of)
)
_LAST = select(func.max(tickets.c.date)).where(tickets.c.hall == bindparam("hall"))
_STALLS = select(events.c.data).where(
    events.c.hall == _ASKED["hall"], events.c.date == _ASKED["day"], events.c.kind == "stall"
)
_GIVEN = (ratings.c.level, ratings.c.staff, ratings.c.attitude, ratings.c.competence)
_RATINGS = (
    select(*_GIVEN, func.count())
    .where(ratings.c.hall == _ASKED["hall"], ratings.c.date == _ASKED["day"], ratings.c.excluded.is_(False))
    .group_by(*_GIVEN)
)


@dataclass(slots=True)
class VisitReader:
    """Reads one hall's dates, one after the other; later dates, once read, are kept."""

    tx: Transaction
    hall: int
    setup: Setup
    now: datetime
    _named: dict[date, dict[str | None, int]] = field(default_factory=dict)
    _last: date | None = None
    _rightly: ColumnElement[bool] | None = None

    def links(self, day: date) -> Links:
        """Return the customers of a business date who came again within the days that the hall waits for returns."""
        returned: set[str] = set()
        followed: dict[date, tuple[int, int]] = {}
        own = visit_name("", day)
        for n in range(min(self.setup.number("first_visit_days"), (self._latest() - day).days) + 1):
            later = day + timedelta(days=n)
            named = self._named_on(later)
            if not named:
                continue
            returned |= {visit.removesuffix(own) for visit in named if visit is not None and visit.endswith(own)}
            issued = sum(named.values())
            followed[later] = (issued, issued - named.get(None, 0))
        return Links(frozenset(returned), followed)

    def is_followed(self, day: date) -> bool:
        """Whether all those days have passed."""
        return self.now >= day_turns(self.setup, day + timedelta(days=self.setup.number("first_visit_days")))

    def stalls(self, day: date) -> Counter[str]:
        """Return how often somebody waited for another system, by reason."""
        found = self.tx.execute(_STALLS.where(self.rightly()), self._asked(day)).scalars()
        return Counter(data["reason"] for data in found if fits("stall", data))

    def rightly(self) -> ColumnElement[bool]:
        """Return the hall's condition of that name (wrong_times.py)."""
        if self._rightly is None:
            self._rightly = rightly(self.tx, self.hall)
        return self._rightly

    def ratings(self, day: date) -> dict[RatingRow, int]:
        """Return how often a rating that counts was given, with its answers to the two further questions."""
        return {RatingRow(*given): n for *given, n in self.tx.execute(_RATINGS, self._asked(day))}

    def _latest(self) -> date:
        """Return the last date of which there can be a ticket: a rule may look on for years."""
        if self._last is None:
            self._last = self.tx.execute(_LAST, {"hall": self.hall}).scalar() or date.min
        return self._last

    def _named_on(self, day: date) -> dict[str | None, int]:
        if day not in self._named:
            self._named[day] = dict(iter(self.tx.execute(_NAMED, self._asked(day))))
        return self._named[day]

    def _asked(self, day: date) -> dict[str, Any]:
        return {"hall": self.hall, "day": day}


# -- targets and rules: as the hall was set up at the date's end, by the log -------------------------------------------

_PARTS = ("targets", "settings", "classes")


@dataclass(slots=True)
class TargetReader:
    """Reads one hall's dates. The hall's changes of targets and rules are read once; what still runs lasts until
    `now`."""

    tx: Transaction
    hall: int
    setup: Setup
    now: datetime
    _set_ups: SetUps = field(init=False)
    _standing: dict[tuple[int, int], TargetRows] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._set_ups = SetUps(self.tx, self.hall, _PARTS)

    def day(self, day: date) -> TargetRows:
        """Return what is known of one business date."""
        at = self._set_ups.at(day)
        then = self._set_ups.of(at) or self.setup.document
        rows = (*then.get("targets", ()), *self.setup.targets)
        # Nothing else of a date decides what stands on it.
        begun = sum(date.fromisoformat(str(row["from"])) <= day for row in rows if row.get("from"))
        if (at, begun) not in self._standing:
            self._standing[at, begun] = self._stood(then, day)
        return self._standing[at, begun]

    def _stood(self, then: Mapping[str, Any], day: date) -> TargetRows:
        settings = {**SETTINGS, **then.get("settings", {})}
        credits = {row["code"]: row.get("credit_minutes") or 0 for row in then.get("classes", ())}
        return standing(day, then.get("targets", ()), self.setup.targets, settings, credits)


# -- the directory of other places, as it stood at the date's end ------------------------------------------------------


@dataclass(slots=True)
class DirectoryReader:
    """Reads one hall's directory by date. A date before it was first written goes by what was written then: the places
    were there."""

    tx: Transaction
    hall: int
    _set_ups: SetUps = field(init=False)
    _known: dict[int, tuple[Partner, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._set_ups = SetUps(self.tx, self.hall, ("partners",))

    def on(self, day: date) -> Sequence[Partner]:
        """Return the places of a business date."""
        begun = self._set_ups.first_with("partners")
        at = self._set_ups.at(day if begun is None else max(day, begun))
        if at not in self._known:
            rows = (self._set_ups.of(at) or {}).get("partners", ())
            self._known[at] = tuple(read_row(Partner, row) for row in rows)
        return self._known[at]


# -- other channels ----------------------------------------------------------------------------------------------------

_OFFERS = (
    select(offers.c.to, offers.c.accepted, func.count())
    .where(offers.c.hall == bindparam("hall"), offers.c.date == bindparam("day"))
    .group_by(offers.c.to, offers.c.accepted)
)


@dataclass(slots=True)
class DiversionReader:
    """Reads one hall's dates, one after the other: other channels' totals a month at a time, and what the hall finished
    only where there are totals."""

    tx: Transaction
    hall: int
    setup: Setup
    now: datetime
    _month: date | None = field(default=None, init=False)
    _totals: dict[date, list[ChannelTotal]] = field(default_factory=dict, init=False)
    _finished: dict[date, Counter[str]] = field(default_factory=dict, init=False)

    def day(self, day: date) -> DiversionRows:
        """Return what is known of one business date."""
        if self._month != day.replace(day=1):
            self._read_month(day)
        found = self.tx.execute(_OFFERS, {"hall": self.hall, "day": day})
        return DiversionRows(
            offers={(to, bool(accepted)): n for to, accepted, n in found},
            totals=self._totals.get(day, ()),
            finished=self._finished.get(day, {}),
            elsewhere=frozenset(
                one.service for own in self._totals.values() for one in own if one.first <= day <= one.last
            ),
        )

    def _read_month(self, day: date) -> None:
        first, last = month_of(day)
        self._month = first
        known = sorted(imports.channel_totals(self.tx, self.hall, first, last), key=lambda one: one.last)
        self._totals = {end: list(own) for end, own in groupby(known, key=lambda one: one.last)}
        self._finished = {}
        if not known:
            return
        reported = {one.service for one in known}
        for (service, its_day), n in imports.finished_by_service(self.tx, self.hall, first, last).items():
            if service in reported:
                self._finished.setdefault(its_day, Counter())[service] += n


# -- devices, tickets and legs -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class DeviceReader:
    """Reads one hall's dates, one after the other; the devices themselves are read once. What still runs lasts until
    `now`."""

    tx: Transaction
    hall: int
    setup: Setup
    now: datetime
    _devices: Sequence[Device] | None = field(default=None, init=False)

    def day(self, day: date) -> DeviceRows:
        """Return what is known of one business date."""
        if self._devices is None:
            self._devices = tuple(part_tables.of_days(self.tx, self.hall, DEVICES).values())
        if not self._devices:
            return DeviceRows()
        lasted = devices.outages_between(self.tx, self.hall, day_begins(self.setup, day), day_turns(self.setup, day))
        return DeviceRows(devices=self._devices, outages=tuple(lasted.values()))


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
_BEGINS_AND_ENDS = select(
    *(
        select(end(table.c.date)).where(table.c.hall == _ASKED["hall"]).scalar_subquery()
        for table in (tickets, shifts, opinions, not_ready, overtakes, help_calls)
        for end in (func.min, func.max)
    )
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
    directory: DirectoryReader = field(init=False)
    _taken: Counter[date] | None = field(default=None, init=False)
    _dates: tuple[date, date] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        given = (self.tx, self.hall, self.setup, self.now)
        self.visits, self.directory = VisitReader(*given), DirectoryReader(self.tx, self.hall)
        self.diversion, self.devices, self.targets = DiversionReader(*given), DeviceReader(*given), TargetReader(*given)

    def day(self, day: date, *, most_single: float = MOST_SINGLE) -> DayRows:
        """Return the rows of one business date.

        The places of people come from the legs of tickets with an ordinary course and from the log for the others; the
        whole log of the date is read if the others are more than `most_single` of all tickets.
        """
        asked = {"hall": self.hall, "day": day}
        tx = self.tx
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
            odd = not_plain(its_tickets, its_legs) | {label for (label,) in raw(tx, _OTHER_CALLS, asked)}
            # The row of a ticket that went on to another line forgot what was asked for.
            odd |= {leg.label for leg in its_legs if leg.n > 1}
        reads_all = len(odd) > most_single * len(its_tickets)
        if odd:
            moves = log.moves_of(tx, self.hall, day, None if reads_all else sorted(odd), is_right=self.visits.rightly())
            spans.add_timeline(timeline(moves), until)
        found = replace(
            around,
            tickets=its_tickets,
            legs=its_legs,
            ratings=self.visits.ratings(day) if its_tickets else {},
            until=until,
            wrong_time=self._taken_out(day),
            no_number=tx.execute(_OPINIONS, asked).scalar_one() if happened else 0,
            not_ready=_counter(tx, _NOT_READY, asked) if happened else Counter(),
            overtakes=Counter(
                {(reason, label): n for reason, label, n in raw(tx, _OVERTAKES, asked)} if happened else ()
            ),
            spans=spans,
            reinstated=reinstated(moves),
            stalls=self.visits.stalls(day) if its_tickets else Counter(),
            keys=keys(moves),
        )
        if not reads_all:
            for alike in found.alike:
                if plain := [leg for leg in alike.legs if leg.label not in odd]:
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
            shifts=tuple(part_tables.of_days(self.tx, self.hall, SHIFTS, day, day).values()) if happened else (),
            ratings={},
            until=0,
            links=self.visits.links(day),
            is_followed=self.visits.is_followed(day),
            diversion=self.diversion.day(day),
            devices=self.devices.day(day),
            help_calls=(
                tuple(part_tables.of_days(self.tx, self.hall, HELP_CALLS, day, day).values()) if happened else ()
            ),
            targets=self.targets.day(day),
        )

    def lines(self, day: date) -> DayRows:
        """Return only the tickets and legs of one business date: no spans, nothing of the log, nothing of other
        dates."""
        its_tickets, its_legs = self._lines({"hall": self.hall, "day": day})
        return DayRows(setup=self.setup, day=day, tickets=its_tickets, legs=its_legs, shifts=(), ratings={}, until=0)

    def legs(self, day: date) -> list[LegRow]:
        """Return the legs of one business date; what a login without ratings may read."""
        return list(map(_leg, raw(self.tx, _LEGS, {"hall": self.hall, "day": day})))

    def _lines(self, asked: dict[str, Any]) -> tuple[list[TicketRow], list[LegRow]]:
        # Each column by a name of its own: a rest of them in a list would take twice as long.
        its_tickets = [
            _ticket(
                (label, state, at, early, misses, passed, _flags(flags), said, low, high, point, naive, k, i, g, of)
            )
            for label, state, at, early, misses, passed, flags, said, low, high, point, naive, k, i, g, of in raw(
                self.tx, _TICKETS, asked
            )
        ]
        return its_tickets, list(map(_leg, raw(self.tx, _LEGS, asked))) if its_tickets else []

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


def log_range(tx: Transaction, hall: int, first: date, last: date) -> LogRange:
    """Return the part of the log that belongs to the business dates from `first` to `last`."""
    among = (events.c.hall == hall, events.c.date >= first, events.c.date <= last)
    begins, ends = tx.execute(select(func.min(events.c.seq), func.max(events.c.seq)).where(*among)).one()
    if begins is None:
        return LogRange()
    return LogRange(begins, ends, log.one(tx, hall, ends).hash)


def raw(tx: Transaction, statement: Select[Any], asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows as the driver gives them: all columns here are whole numbers and texts, and rows of our own would
    double the time."""
    cursor = tx.execute(statement, asked).cursor
    assert cursor is not None
    return list(cursor.fetchall())


@lru_cache(maxsize=256)
def _flags(text: str) -> frozenset[str]:
    return frozenset(to_value(text))


def _counter(tx: Transaction, statement: Select[Any], asked: dict[str, Any]) -> Counter[str]:
    return Counter(dict(iter(tx.execute(statement, asked))))


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
