"""Tickets of the current state with their parts, the series of numbers, who is signed in; cases by number and date."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    type_coerce,
    update,
)

from queuedesk.core.log.state import CASES
from queuedesk.core.quality.case import RATED_NUMBERS, RATING, Case
from queuedesk.core.queue.ticket import Leg, LineTicket, Ticket, TicketId, TicketState, WaitPromise, promise_from_values
from queuedesk.store import schema
from queuedesk.store.engine.types import MOST, UNREADABLE, FixedStatement, Transaction, to_json
from queuedesk.store.parts import part_tables
from queuedesk.store.rights.withheld_ratings import columns_with_withheld_replaced, may_read_ratings
from queuedesk.store.schema import calls, legs, series, signed_in, tickets, upsert_rows

_TICKET_KEY = ("hall", "date", "label")
_LEG_KEY = (*_TICKET_KEY, "n")
_PROMISED = WaitPromise.__struct_fields__
_PROMISE = tuple(f"promise_{name}" for name in _PROMISED)
FIXED = frozenset(("arrived", "seq", "token", "klass", "guide", "not_before", "return_of", "ref", *_PROMISE))
"""The columns of a ticket that stay as they were when its number was given."""
LEG_FIXED = frozenset({"service", "joined"})
_COPIED = [c.name for c in tickets.c if c.name not in (*_TICKET_KEY, "state", "steps", "flags", *_PROMISE)]
_LEG_COPIED = [c.name for c in legs.c if c.name not in (*_LEG_KEY, "delivered")]
_copied_of, _copied_of_leg = attrgetter(*_COPIED), attrgetter(*_LEG_COPIED)
_counts_of = attrgetter("round_calls", "misses", "postponed", "overtaken")
_LONGEST_ASIDE = timedelta(seconds=MOST)
_READ_OF_LEG = [legs.c[name].label(f"leg_{name}") for name in ("n", *_LEG_COPIED, "delivered")]


def _ticket_columns_getter(*names: str) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """Return what takes these columns from a ticket's row: by their names it would take twice as long."""
    columns_of_row = [column.name for column in tickets.c]
    return itemgetter(*(columns_of_row.index(name) for name in names))


_of_ticket = _ticket_columns_getter(*_COPIED, "date", "label")
_of_promise = _ticket_columns_getter(*_PROMISE)
_of_sets = _ticket_columns_getter("state", "steps", "flags")

_INSERT_TICKET = FixedStatement(insert(tickets))
_INSERT_LEG = FixedStatement(insert(legs))
_UPDATE_TICKET = FixedStatement(
    update(tickets)
    .where(*(tickets.c[k] == bindparam(f"key_{k}") for k in _TICKET_KEY))
    .values({c.name: bindparam(c.name) for c in tickets.c if c.name not in (*_TICKET_KEY, *FIXED, "rating")})
)
# Apart, since not every login is told it, and who is not may not write over it.
_UPDATE_RATING = FixedStatement(
    update(tickets)
    .where(*(tickets.c[k] == bindparam(f"key_{k}") for k in _TICKET_KEY))
    .values(rating=bindparam("rating"))
)
_UPDATE_LEG = FixedStatement(
    update(legs)
    .where(*(legs.c[k] == bindparam(f"key_{k}") for k in _LEG_KEY))
    .values({c.name: bindparam(c.name) for c in legs.c if c.name not in (*_LEG_KEY, *LEG_FIXED)})
)
# An outer join, though every ticket has legs: SQLite might begin an inner one with all the legs there ever were.
_TICKETS_FIRST = tickets.outerjoin(legs, and_(*(legs.c[k] == tickets.c[k] for k in _TICKET_KEY)))
_ONE = {
    told: FixedStatement(
        select(*columns_with_withheld_replaced(tickets, told=told), *_READ_OF_LEG)
        .select_from(_TICKETS_FIRST)
        .where(*(tickets.c[k] == bindparam(f"key_{k}") for k in _TICKET_KEY))
    )
    for told in (True, False)
}

_GIVEN = FixedStatement(select(tickets.c.label).where(*(tickets.c[k] == bindparam(f"key_{k}") for k in _TICKET_KEY)))


def _state_literal(state: str) -> ColumnElement[str]:
    """Return a state as it stands in the statement's text: SQLite uses a partial index for no other."""
    return literal_column(f"'{state}'")


_ASIDE = ("called", "serving", "parked", "missed")
_IN_HALL = (
    tickets.c.state == _state_literal("waiting"),  # By themselves: each has an index of its own.
    tickets.c.state.in_([_state_literal(state) for state in _ASIDE]),
)
_OF_OTHER_DATES = [
    FixedStatement(
        select(tickets.c.label)
        .where(tickets.c.hall == bindparam("hall"), tickets.c.date != bindparam("day"), in_hall)
        .limit(1)
    )
    for in_hall in _IN_HALL
]
_RIGHTLY_THERE = exists().where(
    *(legs.c[k] == tickets.c[k] for k in _TICKET_KEY),
    legs.c.service == bindparam("service"),
    func.coalesce(legs.c.end, "") != "redirect",
)
_STILL_TO_COME = and_(
    tickets.c.state.in_([_state_literal(state) for state in ("waiting", *_ASIDE)]),
    # Steps are one JSON text: a code stands in it between quotation marks.
    func.replace(type_coerce(tickets.c.steps, Text), bindparam("step"), "") != type_coerce(tickets.c.steps, Text),
)
_FOR = FixedStatement(
    select(func.count()).where(
        tickets.c.hall == bindparam("hall"),
        tickets.c.date == bindparam("day"),
        tickets.c.state != "void",
        or_(_RIGHTLY_THERE, _STILL_TO_COME),
    )
)


def find_ticket(tx: Transaction, hall: int, id: TicketId) -> Ticket | None:
    """Return the ticket with all its legs, None if its number was never issued on that date."""
    rows = _ONE[may_read_ratings(tx)].fetch_rows(tx, _ticket_key_parameters(hall, id))
    if not rows:
        return None
    # Put in order here: a server takes longer to sort two rows than to find them.
    its_legs = sorted((row for row in rows if row.leg_n is not None), key=attrgetter("leg_n"))
    with suppress(*UNREADABLE):
        return _ticket_of_row(rows[0], [_leg_of_row(row[-len(_READ_OF_LEG) :]) for row in its_legs])
    return None


def was_ticket_issued(tx: Transaction, hall: int, id: TicketId) -> bool:
    return bool(_GIVEN.fetch_rows(tx, _ticket_key_parameters(hall, id)))


def waiting_tickets(tx: Transaction, hall: int, services: Iterable[str]) -> list[LineTicket]:
    """Return the tickets that wait for any of `services`, in no order, with only what the rule needs."""
    chosen = sorted(services)
    if not chosen:
        return []
    rows = _waiting_in_services_statement(len(chosen)).fetch_rows(
        tx, {"hall": hall, **{f"s{i}": s for i, s in enumerate(chosen)}}
    )
    # Row by row through a mapping takes twice as long, and a peak has a hundred in line.
    return [
        LineTicket(**dict(zip(_IN_LINE_NAMES, plain, strict=True)), flags=frozenset(flags)) for *plain, flags in rows
    ]


_IN_LINE_NAMES = tuple(name for name in LineTicket.__struct_fields__ if name != "flags")


@cache
def _waiting_in_services_statement(count: int) -> FixedStatement:
    """One statement per number of services: a fixed shape is written out once, and the partial index is used."""
    return FixedStatement(
        select(*(tickets.c[name] for name in (*_IN_LINE_NAMES, "flags"))).where(
            tickets.c.hall == bindparam("hall"),
            tickets.c.service.in_([bindparam(f"s{i}") for i in range(count)]),
            tickets.c.state == _state_literal("waiting"),
        )
    )


_IN_LINE = FixedStatement(
    select(func.count()).where(
        tickets.c.hall == bindparam("hall"),
        tickets.c.service == bindparam("service"),
        tickets.c.state == _state_literal("waiting"),
    )
)


class _TicketsWithLegsQuery:
    """The tickets that meet some conditions, with their legs. With all values named by parameters the two statements
    are written out once."""

    def __init__(self, *conditions: ColumnElement[bool]) -> None:
        self._conditions = conditions
        self._statements = cache(self._legs_and_tickets_statements)

    def _legs_and_tickets_statements(self, told: bool) -> tuple[FixedStatement, FixedStatement]:
        of_legs = select(legs.c.hall, legs.c.date, legs.c.label, *_READ_OF_LEG).select_from(_TICKETS_FIRST)
        whole = select(*columns_with_withheld_replaced(tickets, told=told))
        return (
            FixedStatement(of_legs.where(*self._conditions).order_by(legs.c.n)),
            FixedStatement(whole.where(*self._conditions).order_by(tickets.c.seq)),
        )

    def tickets_with_hall(self, tx: Transaction, values: Mapping[str, Any] | None = None) -> list[tuple[int, Ticket]]:
        """Return tickets with their halls, each hall's in the order of their issue. Without `values` SQLAlchemy sends
        the statements: how many values they have differs each time."""
        its_legs, its_tickets = self._statements(may_read_ratings(tx))
        by_ticket: dict[tuple[int, date, str], list[Leg]] = {}
        found: list[tuple[int, Ticket]] = []
        for hall, day, label, *leg in tx.execute(its_legs.made) if values is None else its_legs.fetch_rows(tx, values):
            if leg[0] is not None:
                by_ticket.setdefault((hall, day, label), []).append(_leg_of_row(leg))
        for row in tx.execute(its_tickets.made) if values is None else its_tickets.fetch_rows(tx, values):
            with suppress(*UNREADABLE):  # It is set aside, and doctor names it.
                ticket = _ticket_of_row(row, by_ticket.get((row.hall, row.date, row.label), ()))
                found.append((row.hall, ticket))
        return found


_OF_HALL = tickets.c.hall == bindparam("hall")
_OPEN = [_TicketsWithLegsQuery(_OF_HALL, in_hall) for in_hall in _IN_HALL]
_LEFT_OPEN = [_TicketsWithLegsQuery(_OF_HALL, tickets.c.date != bindparam("day"), in_hall) for in_hall in _IN_HALL]
_OF_DAY = _TicketsWithLegsQuery(_OF_HALL, tickets.c.date == bindparam("day"))
_FROM_DATE = _TicketsWithLegsQuery(_OF_HALL, tickets.c.date >= bindparam("day"))


def open_tickets(tx: Transaction, hall: int) -> list[Ticket]:
    """Return every ticket that waits, is called, served, parked or missed, of any date, with its legs."""
    return [ticket for read in _OPEN for _hall, ticket in read.tickets_with_hall(tx, {"hall": hall})]


def open_tickets_on_other_dates(tx: Transaction, hall: int, day: date) -> list[Ticket]:
    """Return the open tickets of every date but `day`, like open_tickets()."""
    # Hardly ever there are any, and each start would write out four statements for whole tickets.
    if not any(of_other_date.fetch_rows(tx, {"hall": hall, "day": day}) for of_other_date in _OF_OTHER_DATES):
        return []
    return [ticket for read in _LEFT_OPEN for _hall, ticket in read.tickets_with_hall(tx, {"hall": hall, "day": day})]


def open_tickets_by_hall(tx: Transaction, halls: Collection[int]) -> dict[int, list[Ticket]]:
    """Return the open tickets of each of several halls, like open_tickets()."""
    found: dict[int, list[Ticket]] = {hall: [] for hall in halls}
    for in_hall in _IN_HALL:
        for hall, ticket in _TicketsWithLegsQuery(tickets.c.hall.in_(halls), in_hall).tickets_with_hall(tx):
            found[hall].append(ticket)
    return found


def tickets_of_day(tx: Transaction, hall: int, day: date) -> list[Ticket]:
    return [ticket for _hall, ticket in _OF_DAY.tickets_with_hall(tx, {"hall": hall, "day": day})]


def tickets_since_date(tx: Transaction, hall: int, day: date) -> list[Ticket]:
    return [ticket for _hall, ticket in _FROM_DATE.tickets_with_hall(tx, {"hall": hall, "day": day})]


def tickets_with_labels(tx: Transaction, hall: int, day: date, labels: Sequence[str]) -> list[Ticket]:
    chosen = _TicketsWithLegsQuery(tickets.c.hall == hall, tickets.c.date == day, tickets.c.label.in_(labels))
    return [ticket for _hall, ticket in chosen.tickets_with_hall(tx)]


def count_tickets_called_since(tx: Transaction, hall: int, service: str, since: datetime) -> int:
    statement = select(func.count(func.distinct(calls.c.label))).where(
        calls.c.hall == hall, calls.c.service == service, calls.c.time > since
    )
    return tx.execute(statement).scalar_one()


def count_return_tickets(tx: Transaction, hall: int, day: date, ticket: str) -> int:
    """Return how many tickets of `day` name `ticket` ("B031@2026-11-19") as the one they come back for."""
    conditions = (tickets.c.hall == hall, tickets.c.date == day, tickets.c.return_of == ticket)
    return tx.execute(select(func.count()).where(*conditions)).scalar_one()


def dates_with_tickets(tx: Transaction, hall: int, first: date, last: date) -> frozenset[date]:
    """Return the dates from `first` to `last`, both included, on which a ticket was issued."""
    among = (tickets.c.hall == hall, tickets.c.date >= first, tickets.c.date <= last)
    return frozenset(tx.execute(select(tickets.c.date).where(*among).distinct()).scalars())


def count_quota_tickets(tx: Transaction, hall: int, day: date, service: str) -> int:
    """Return how many tickets of `day` count for `service` by core.queue.offers.takes_of_quota."""
    step = to_json(service)
    return int(_FOR.fetch_rows(tx, {"hall": hall, "day": day, "service": service, "step": step})[0][0])


def count_waiting(tx: Transaction, hall: int, service: str) -> int:
    return int(_IN_LINE.fetch_rows(tx, {"hall": hall, "service": service})[0][0])


def count_earlier_in_other_lines(
    tx: Transaction, hall: int, services: Iterable[str], called: LineTicket, now: datetime
) -> int:
    """Return how many wait with an earlier place than `called` for a service not among `services`, and may be called by
    `now`."""
    others = sorted(services)
    values = {"hall": hall, "place": called.place, "turn": called.turn, "now": now}
    return int(
        _count_earlier_statement(len(others)).fetch_rows(tx, values | {f"s{i}": s for i, s in enumerate(others)})[0][0]
    )


@cache
def _count_earlier_statement(count: int) -> FixedStatement:
    t = tickets.c
    return FixedStatement(
        select(func.count()).where(
            t.hall == bindparam("hall"),
            t.state == _state_literal("waiting"),
            t.service.not_in([bindparam(f"s{i}") for i in range(count)]),
            or_(t.place < bindparam("place"), and_(t.place == bindparam("place"), t.turn < bindparam("turn"))),
            or_(t.not_before.is_(None), t.not_before <= bindparam("now")),
        )
    )


def save_ticket(tx: Transaction, hall: int, ticket: Ticket, before: Ticket | None) -> None:
    """Write the ticket, and those of its legs that differ from `before`, the state in the tables (None: nothing)."""
    # What an update is given sets its column: with the key among it, every index of the row would be written anew.
    new, key = {"hall": hall, "date": ticket.date, "label": ticket.label}, _ticket_key_parameters(hall, ticket.id)
    if before is None:
        values = _row_of_ticket(ticket)
        values.update(new)
        _INSERT_TICKET.execute(tx, values)
    else:
        values = {name: value for name, value in _row_of_ticket(ticket).items() if name not in FIXED}
        rating = values.pop("rating")
        _UPDATE_TICKET.execute(tx, key | values)
        if rating != before.rating:
            _UPDATE_RATING.execute(tx, key | {"rating": rating})
    known: Sequence[Leg] = before.legs if before else ()
    for i, leg in enumerate(ticket.legs):
        if i >= len(known):
            _INSERT_LEG.execute(tx, {**new, "n": leg.n, **_leg_values(leg)})
        elif known[i] != leg:
            values = {name: value for name, value in _leg_values(leg).items() if name not in LEG_FIXED}
            _UPDATE_LEG.execute(tx, {**key, "key_n": leg.n, **values})


def _ticket_key_parameters(hall: int, id: TicketId) -> dict[str, Any]:
    return {"key_hall": hall, "key_date": id[0], "key_label": id[1]}


def _ticket_of_row(row: Sequence[Any], its_legs: Sequence[Leg]) -> Ticket:
    *copied, day, label = _of_ticket(row)
    state, steps, flags = _of_sets(row)
    promised = dict(zip(_PROMISED, _of_promise(row), strict=True))
    ticket = Ticket(
        date=day,
        label=label,
        **dict(zip(_COPIED, copied, strict=True)),
        state=TicketState(state),
        steps=tuple(steps),
        flags=frozenset(flags),
        promise=promise_from_values(promised),
        legs=tuple(its_legs),
    )
    if max(*_counts_of(ticket), *(leg.calls for leg in its_legs)) > MOST or any(
        leg.time_set_aside_or_stalled > _LONGEST_ASIDE for leg in its_legs
    ):
        raise ValueError(label)
    return ticket


def _leg_of_row(columns_of_leg: Sequence[Any]) -> Leg:
    """Return the leg of its columns as _READ_OF_LEG has them."""
    n, *copied, delivered = columns_of_leg
    return Leg(n=n, **dict(zip(_LEG_COPIED, copied, strict=True)), delivered=tuple(delivered))


def _row_of_ticket(ticket: Ticket) -> dict[str, Any]:
    values = dict(zip(_COPIED, _copied_of(ticket), strict=True))
    promise = ticket.promise
    values.update(
        state=str(ticket.state),
        steps=list(ticket.steps),
        flags=sorted(ticket.flags),
        promise_ahead=promise.ahead,
        promise_low=promise.low,
        promise_high=promise.high,
        promise_point_s=promise.point_s,
        promise_reason=promise.reason,
        promise_sd_s=promise.sd_s,
        promise_naive_s=promise.naive_s,
        promise_bounds=list(promise.bounds) or None,
        promise_made_of=None if promise.made_of is None else promise.made_of.log_row(),
        promise_leads=promise.leads,
    )
    return values


def _leg_values(leg: Leg) -> dict[str, Any]:
    values = dict(zip(_LEG_COPIED, _copied_of_leg(leg), strict=True))
    values["delivered"] = list(leg.delivered)
    return values


_SERIES = FixedStatement(
    select(series.c.number).where(
        series.c.hall == bindparam("hall"), series.c.date == bindparam("day"), series.c.prefix == bindparam("prefix")
    )
)


def last_number(tx: Transaction, hall: int, day: date, prefix: str) -> int | None:
    rows = _SERIES.fetch_rows(tx, {"hall": hall, "day": day, "prefix": prefix})
    return rows[0].number if rows else None


def last_numbers_by_hall(tx: Transaction, days: Mapping[int, date]) -> dict[int, dict[tuple[date, str], int]]:
    """Return the series of each of several halls on a date of its own."""
    found: dict[int, dict[tuple[date, str], int]] = {hall: {} for hall in days}
    for row in tx.execute(select(series).where(series.c.hall.in_(days), series.c.date.in_(set(days.values())))):
        if row.date == days[row.hall]:
            found[row.hall][row.date, row.prefix] = row.number
    return found


def last_numbers_by_series(tx: Transaction, hall: int, since: date | None = None) -> dict[tuple[date, str], int]:
    """Return the last number of each series, from a date on: a clock that was ahead has used later ones."""
    conditions = [series.c.hall == hall, *([series.c.date >= since] if since else [])]
    return {(row.date, row.prefix): row.number for row in tx.execute(select(series).where(*conditions))}


def save_last_number(tx: Transaction, hall: int, day: date, prefix: str, number: int) -> None:
    upsert_rows(tx, series, {"hall": hall, "date": day, "prefix": prefix, "number": number})


def staff_by_station(tx: Transaction, hall: int) -> dict[str, str]:
    """Return who is signed in at which station (windows are not among them)."""
    return {row.station: row.staff for row in tx.execute(select(signed_in).where(signed_in.c.hall == hall))}


def save_station_sign_in(tx: Transaction, hall: int, station: str, staff: str | None) -> None:
    if staff is None:
        tx.execute(signed_in.delete().where(signed_in.c.hall == hall, signed_in.c.station == station))
    else:
        upsert_rows(tx, signed_in, {"hall": hall, "station": station, "staff": staff})


def last_case_number_of_year(tx: Transaction, hall: int, year: date) -> int:
    """Return the last running number of the year of a date, 0 if none was given. Cases that low ratings opened by
    themselves have other numbers."""
    statement = (
        select(schema.cases.c.number)
        .where(
            schema.cases.c.hall == hall,
            schema.cases.c.number.startswith(f"{year:%y}-"),
            schema.cases.c.number.not_like(RATED_NUMBERS),
        )
        .order_by(schema.cases.c.seq.desc())
        .limit(1)
    )
    found = tx.execute(statement).scalar()
    return int(found.partition("-")[2]) if found else 0


def case_with_number(tx: Transaction, hall: int, number: str) -> Case | None:
    found = part_tables.objects_where(tx, hall, CASES, schema.cases.c.number == number)
    return next(iter(found.values()), None)


def case_of_low_rating(tx: Transaction, hall: int, ticket: TicketId) -> Case | None:
    about = (schema.cases.c.source == RATING, schema.cases.c.about_date == ticket[0], schema.cases.c.about == ticket[1])
    found = part_tables.objects_where(tx, hall, CASES, *about) if may_read_ratings(tx) else {}
    return next(iter(found.values()), None)


def case_of_words_entry(tx: Transaction, hall: int, id: str) -> Case | None:
    found = part_tables.objects_where(tx, hall, CASES, schema.cases.c.words.startswith(f"{id}:"))
    return next(iter(found.values()), None)


def cases_about_tickets_since_date(tx: Transaction, hall: int, since: date) -> list[Case]:
    return list(part_tables.objects_where(tx, hall, CASES, schema.cases.c.about_date >= since).values())


def case_numbers_by_words_and_ticket(
    tx: Transaction, hall: int, since: date
) -> tuple[dict[str, str], dict[TicketId, str]]:
    """Return the numbers of cases opened from a date on: by what the log holds of the words that each answers, and by
    the ticket where it answers a rating."""
    statement = (
        select(schema.cases)
        .where(schema.cases.c.hall == hall, schema.cases.c.date >= since)
        .order_by(schema.cases.c.seq)
    )
    rows = tx.execute(statement).all() if may_read_ratings(tx) else []
    words = {row.words: row.number for row in rows if row.words}
    return words, {(row.about_date, row.about): row.number for row in rows if row.source == RATING}


def cases_active_in_period(
    tx: Transaction, hall: int, first: date, last: date, *, closed: tuple[datetime, datetime]
) -> list[Case]:
    """Return the cases opened on the dates from `first` to `last`, closed from the first of two moments on and before
    the second, or still open; in the order in which they were opened."""
    opened = schema.cases.c.date.between(first, last)
    then = (
        schema.cases.c.closed.is_not(None) & (schema.cases.c.closed >= closed[0]) & (schema.cases.c.closed < closed[1])
    )
    found = part_tables.objects_where(tx, hall, CASES, or_(opened, then, schema.cases.c.closed.is_(None)))
    return sorted(found.values(), key=lambda case: case.seq)
