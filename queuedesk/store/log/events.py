"""The log: appending, reading on from a seq, the stored answers of commands, and what a clock that ran ahead wrote.

That is taken out of the tables, and passed over where the log itself is read.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from operator import attrgetter, itemgetter
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    bindparam,
    delete,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    text,
    true,
    type_coerce,
    update,
)

from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.measures.rows import moment_of
from queuedesk.core.log.event import EARLIEST, LATEST, Event, SetAside, event_or_set_aside, fits
from queuedesk.core.log.state import ALARMS, APPOINTMENTS, DEVICES, OUTAGES, SHIFTS, WINDOWS, WrongTime
from queuedesk.core.log.ticket_history import TimelineMove
from queuedesk.core.queue.ticket import WindowState
from queuedesk.store.engine.types import (
    BigInt,
    JsonText,
    Moment,
    Statement,
    Transaction,
    from_text,
    text_of,
    to_data,
    to_moment,
)
from queuedesk.store.parts import part_tables, tickets
from queuedesk.store.parts.part_tables import ROWS
from queuedesk.store.rights.withheld_ratings import WHOLE, is_split
from queuedesk.store.schema import beats, commands, database, events, learned, learned_days, legs, ratings, tracker
from queuedesk.store.schema import tickets as ticket_rows

_PAGE = 2000
# The kind stands in the statement itself: with a parameter in its place no partial index would do.
_KIND: ColumnElement[str] = bindparam(None, "set-right", literal_execute=True)


class Gap(Struct, frozen=True):
    """A leap of a log: the event `first` was taken at `since`, the one before it at `before`."""

    first: int
    before: datetime
    since: datetime


def take_out(tx: Transaction, hall: int, wrong: WrongTime) -> None:
    """Remove what the wrong clock has made, as HallState.drop_wrong_time does; for the tables' owner."""
    gone = {t.id for t in tickets.from_date(tx, hall, wrong.day) if wrong.takes(t)}
    for id in sorted(gone):
        for table in (ratings, legs, ticket_rows):
            tx.execute(delete(table).where(table.c.hall == hall, table.c.date == id[0], table.c.label == id[1]))
    for part in (part for part in ROWS if part.goes):
        table = ROWS[part].table
        made = table.c[part.key[0]].between(wrong.first, wrong.seq - 1)
        tx.execute(delete(table).where(table.c.hall == hall, made, table.c.date >= wrong.day))
    closed = ROWS[SHIFTS].table.c.closed
    late = part_tables.among(tx, hall, SHIFTS, closed > wrong.at)
    part_tables.save(tx, hall, SHIFTS, *map(wrong.shift, late.values()))
    for id in _touched(tx, hall, min(wrong.since, wrong.at)):
        before = tickets.find(tx, hall, id)
        if before is not None and (ticket := wrong.ticket(before)) is not before:
            tickets.save(tx, hall, ticket, before)
    closed_now = [day for day in part_tables.of_days(tx, hall, WINDOWS).values() if day.state is WindowState.CLOSED]
    part_tables.save(tx, hall, WINDOWS, *(wrong.window(window, forgets=window.last in gone) for window in closed_now))
    for day in part_tables.of_days(tx, hall, APPOINTMENTS).values():
        if (again := wrong.appointment(day)) is not day:
            part_tables.save(tx, hall, APPOINTMENTS, again)
    for outage in part_tables.of_days(tx, hall, OUTAGES).values():
        if (known := wrong.outage(outage)) is None:
            part_tables.drop(tx, hall, OUTAGES, outage.seq)
        elif known != outage:
            part_tables.save(tx, hall, OUTAGES, known)
    part_tables.save(tx, hall, DEVICES, *map(wrong.device, part_tables.of_days(tx, hall, DEVICES).values()))
    part_tables.drop(tx, hall, ALARMS)
    tx.execute(delete(tracker).where(tracker.c.hall == hall))


def forget(tx: Transaction, hall: int, wrong: WrongTime) -> None:
    """Remove what the wrong clock has left beside the log: signs of life, and what past dates taught since."""
    tx.execute(delete(beats).where(beats.c.hall == hall, beats.c.time > wrong.at))
    tx.execute(delete(learned).where(learned.c.hall == hall))
    tx.execute(delete(learned_days).where(learned_days.c.hall == hall, learned_days.c.date >= wrong.day))


def _touched(tx: Transaction, hall: int, since: datetime) -> list[tuple[date, str]]:
    times = (legs.c.joined, legs.c.called, legs.c.started, legs.c.finished, legs.c.ended)
    statement = select(legs.c.date, legs.c.label).where(legs.c.hall == hall, or_(*(time >= since for time in times)))
    return [(row.date, row.label) for row in tx.execute(statement.distinct())]


def rightly(tx: Transaction, hall: int) -> ColumnElement[bool]:
    """Return the condition that a dated event's time was not set right since; events from paper state their own."""
    condition: ColumnElement[bool] = true()
    for seq, data in told(tx, hall):
        day = date.fromisoformat(data["day"])
        condition = condition & ~(events.c.seq.between(data["first"], seq - 1) & (events.c.date >= day))
    return condition


def in_its_time(tx: Transaction, hall: int) -> ColumnElement[bool]:
    """Return the condition that an event was written by a right clock; a date's end by a wrong clock was not."""
    condition: ColumnElement[bool] = true()
    for seq, data in told(tx, hall):
        condition = condition & ~events.c.seq.between(data["first"], seq - 1)
    return condition


def taken_out(tx: Transaction, hall: int) -> Counter[date]:
    """Return the number of tickets removed when the time was set right, by the date of that."""
    found: Counter[date] = Counter()
    for _seq, data in told(tx, hall):
        found[date.fromisoformat(data["date"])] += data.get("tickets") or 0
    return found


def told(tx: Transaction, hall: int) -> list[tuple[int, dict[str, Any]]]:
    """Return by seq what each event says that set the time right."""
    statement = select(events.c.seq, events.c.data).where(events.c.hall == hall, events.c.kind == _KIND)
    return [(seq, data) for seq, data in tx.execute(statement) if fits("set-right", data)]


def gaps(tx: Transaction, hall: int, last: int) -> Iterator[Gap]:
    """Yield the leaps of the log, the latest first, back to the last time it was set right; only those before
    `last`."""
    after: tuple[int, datetime] | None = None
    while last > 0:
        statement = (
            select(events.c.seq, events.c.at, events.c.kind)
            .where(events.c.hall == hall, events.c.seq <= last, events.c.seq > last - _PAGE)
            .order_by(events.c.seq.desc())
        )
        for seq, at, kind in tx.execute(statement):
            if after is not None and after[1] > at:
                yield Gap(after[0], at, after[1])
            if kind == "set-right":
                return
            after = (seq, at)
        last -= _PAGE


_INSERT = Statement(insert(events))
_EPOCH = select(database.c.epoch, database.c.moved_to)
_FIELDS = (
    "seq",
    "at",
    "time",
    "kind",
    "actor",
    "ticket",
    "service",
    "window",
    "staff",
    "command",
    "data",
    "prev",
    "hash",
)
_fields_of = attrgetter(*_FIELDS)
# Times as the driver gives them: what lies outside of all years is printed as it stands.
_TIMES = ("at", "time")
_READ: list[ColumnElement[Any]] = [
    type_coerce(events.c[f], BigInt).label(f) if f in _TIMES else events.c[f] for f in _FIELDS
]
_WHOLE_DATA: ColumnElement[Any] = func.coalesce(
    literal_column(f"events.{WHOLE}"), events.c.data, type_=events.c.data.type
).label("data")
_READ_WHOLE = [_WHOLE_DATA if column is events.c.data else column for column in _READ]
_AMISS = text(
    f"SELECT min(seq) FROM events WHERE hall = :hall AND {WHOLE} IS NOT NULL AND data <> public.qd_split(kind, {WHOLE})"
)
_AFTER = {
    whole: Statement(
        select(*(_READ_WHOLE if whole else _READ))
        .where(events.c.hall == bindparam("hall"), events.c.seq > bindparam("since"))
        .order_by(events.c.seq)
    )
    for whole in (True, False)
}
_ANSWER = Statement(
    select(commands.c.words, commands.c.answer).where(
        commands.c.hall == bindparam("hall"), commands.c.command == bindparam("command")
    )
)
_KEEP_ANSWER = Statement(insert(commands))
PAGE = 2000
MOST_OF_ONE = 100
OWN_ID = "~"
"""How the ids begin that stations of a shared hall give their commands."""
ONE_NUMBER = "one-number:"
"""How the keys begin by which a person's number of the day is found, among the answers."""
_AT_ONCE = 400
_TICKETS_AT_ONCE = 100
_TICKET_NAMES = [f"ticket_{n}" for n in range(_TICKETS_AT_ONCE)]
_NO_MOVES = (
    "rate",
    "reasons",
    "recall",
    "stall",
    "unstall",
    "postpone",
    "need",
    "open",
    "pause",
    "resume",
    "close",
    "not-ready",
)
_TOLD_BY_DATA = frozenset(
    {"issue", "serve", "add", "finish", "return", "reinstate", "transfer", "redirect", "correct", "day-end"}
)
# As the driver gives them: of a year there are a hundred thousand, and few kinds are told by their data.
_MOVES: Select[Any] = select(
    events.c.seq,
    type_coerce(events.c.time, BigInt).label("time"),
    *(events.c[f] for f in ("kind", "ticket", "service", "window", "staff")),
    type_coerce(events.c.data, Text).label("data"),
).where(
    events.c.kind.not_in([literal(kind) for kind in _NO_MOVES]),
    *(events.c[f] >= literal(EARLIEST, Moment) for f in _TIMES),
    *(events.c[f] < literal(LATEST, Moment) for f in _TIMES),
)


def read_line(printed: Mapping[str, Any]) -> Event:
    """Return the event of a line as logs print it, or a SetAside for one that can't be read. Raises ValueError for an
    impossible time."""
    at, time = (to_moment(from_text(printed[name])) for name in _TIMES)
    return event_or_set_aside(Event(**{**printed, "at": at, "time": time}), at=printed["at"], time=printed["time"])


def append(tx: Transaction, hall: int, event: Event, data_text: str | None = None) -> None:
    """Write one event with its seq and hash given; `data_text` is the JSON text of its data, where known."""
    row = _row(hall, event)
    if data_text is not None and not isinstance(event, SetAside):
        row["data"] = JsonText(data_text)
    _INSERT.send(tx, row)


def append_copies(tx: Transaction, hall: int, copies: Iterable[Event]) -> None:
    """Write events of another database's log, in order, many at once: for a log that moves, not for one that grows."""
    copies = iter(copies)
    while page := [_row(hall, event) for event in islice(copies, PAGE)]:
        tx.execute(_INSERT.made, page)


def after(tx: Transaction, hall: int, seq: int, limit: int | None = None) -> list[Event]:
    """Return the events after `seq`, in order; at most `limit` of them."""
    statement, asked = _AFTER[is_split(tx)], {"hall": hall, "since": seq}
    rows = statement.rows(tx, asked) if limit is None else tx.execute(statement.made.limit(limit), asked)
    return [_event(row) for row in rows]


def all_of(tx: Transaction, hall: int) -> Iterator[Event]:
    """Yield the whole log in order, read in pages."""
    seq = 0
    while page := after(tx, hall, seq, PAGE):
        yield from page
        seq = page[-1].seq


def of_day(tx: Transaction, hall: int, day: date, ticket: str | None = None) -> list[Event]:
    """Return the events of a business date, of one ticket if named, in order; without those of a time that was set
    right since."""
    statement = select(*_read(tx)).where(events.c.hall == hall, events.c.date == day, rightly(tx, hall))
    if ticket is not None:
        statement = statement.where(events.c.ticket == ticket)
    # Asked for their order, SQLite would walk through the whole log, which has it, rather than sort a day.
    return sorted((_event(row) for row in tx.execute(statement)), key=attrgetter("seq"))


class Moves:
    """Reads what timelines of a hall's business dates are made from: no actors, no hashes, no remarks. Statements are
    written out once for many dates. `is_right` is the hall's `rightly`, if that is known already."""

    def __init__(self, tx: Transaction, hall: int, is_right: ColumnElement[bool] | None = None) -> None:
        self._tx, self._hall = tx, hall
        of_date = _MOVES.where(
            events.c.hall == bindparam("hall"),
            events.c.date == bindparam("day"),
            rightly(tx, hall) if is_right is None else is_right,
        )
        self._all = Statement(of_date)
        self._of_none = Statement(of_date.where(events.c.ticket.is_(None)))
        self._of_some = Statement(of_date.where(events.c.ticket.in_([bindparam(name) for name in _TICKET_NAMES])))

    def of(self, day: date, labels: Sequence[str] | None = None) -> list[TimelineMove]:
        """Return a date's, in order; of some tickets and of none if `labels` names these."""
        tx, asked = self._tx, {"hall": self._hall, "day": day}
        if labels is None:
            rows = self._all.raw(tx, asked)
        else:
            rows = self._of_none.raw(tx, asked)
            for start in range(0, len(labels), _TICKETS_AT_ONCE):
                some = labels[start : start + _TICKETS_AT_ONCE]
                # Always as many, so that the statement stays the same: one named twice is found once.
                named = dict(zip(_TICKET_NAMES, [*some, *[some[0]] * (_TICKETS_AT_ONCE - len(some))], strict=True))
                rows += self._of_some.raw(tx, {**asked, **named})
        moves: list[TimelineMove] = []
        known: dict[tuple[str, str], dict[str, Any] | None] = {}
        for seq, time, kind, ticket, service, window, staff, said in rows:
            data: dict[str, Any] | None = {}
            if kind in _TOLD_BY_DATA:
                # Of a date many say the same.
                if (kind, said) not in known:
                    data = to_data(said)
                    known[kind, said] = data if fits(kind, data) else None
                data = known[kind, said]
            if data is not None:
                moves.append(TimelineMove(seq, moment_of(time), kind, ticket, service, window, staff, data))
        return sorted(moves, key=itemgetter(0))


def moves_of(tx: Transaction, hall: int, day: date, labels: Sequence[str] | None = None) -> list[TimelineMove]:
    """Return what a timeline of a business date is made from, for some tickets if named, in order."""
    return Moves(tx, hall).of(day, labels)


def of_kind(tx: Transaction, hall: int, day: date, kind: str) -> list[Event]:
    """Return the events of a kind on a business date, in order, like of_day()."""
    among = (events.c.hall == hall, events.c.date == day, events.c.kind == kind)
    statement = select(*_read(tx)).where(*among, rightly(tx, hall))
    found = (_event(row) for row in tx.execute(statement))
    return sorted((event for event in found if event.kind == kind), key=attrgetter("seq"))


def of_dates(tx: Transaction, hall: int, first: date, last: date, kinds: Sequence[str]) -> list[Event]:
    """Return the events of these kinds on the business dates from `first` to `last`, in order, like of_day()."""
    among = (events.c.hall == hall, events.c.date.between(first, last), events.c.kind.in_(kinds))
    found = (_event(row) for row in tx.execute(select(*_read(tx)).where(*among, rightly(tx, hall))))
    return sorted((event for event in found if event.kind in kinds), key=attrgetter("seq"))


def of_seqs(tx: Transaction, hall: int, seqs: Sequence[int]) -> list[Event]:
    """Return the events of these numbers, in order, like of_day()."""
    found: list[Event] = []
    statement = select(*_read(tx)).where(events.c.hall == hall, rightly(tx, hall))
    for i in range(0, len(seqs), _AT_ONCE):
        found += (_event(row) for row in tx.execute(statement.where(events.c.seq.in_(seqs[i : i + _AT_ONCE]))))
    return sorted(found, key=attrgetter("seq"))


def of_kinds(tx: Transaction, hall: int, kinds: Sequence[str]) -> Iterator[Event]:
    statement = select(*_read(tx)).where(events.c.hall == hall, events.c.kind.in_(kinds)).order_by(events.c.seq)
    with tx.execute(statement.execution_options(yield_per=PAGE)) as rows:
        for row in rows:
            event = _event(row)
            if event.kind in kinds:
                yield event


def of_features(tx: Transaction, hall: int) -> Iterator[tuple[datetime, Any]]:
    """Yield when each event of any feature was taken and what it holds, also of one whose folder is not there."""
    statement = select(*_read(tx)).where(events.c.hall == hall, events.c.kind.contains(".")).order_by(events.c.seq)
    for row in tx.execute(statement):
        event = _event(row)
        yield event.at, event.stored["data"] if isinstance(event, SetAside) else event.data


def one(tx: Transaction, hall: int, seq: int) -> Event:
    statement = select(*_read(tx)).where(events.c.hall == hall, events.c.seq == seq)
    return _event(tx.execute(statement).one())


def count(tx: Transaction, hall: int) -> int:
    return tx.execute(select(func.count()).where(events.c.hall == hall)).scalar_one()


def answer(tx: Transaction, hall: int, command: str) -> tuple[str, dict[str, Any]] | None:
    rows = _ANSWER.rows(tx, {"hall": hall, "command": command})
    return (rows[0].words, rows[0].answer) if rows else None


def keep_answer(tx: Transaction, hall: int, command: str, *, words: str, seq: int, document: dict[str, Any]) -> None:
    """Remember the answer given to a command id."""
    _KEEP_ANSWER.send(tx, {"hall": hall, "command": command, "words": words, "seq": seq, "answer": document})


def replace_answer(tx: Transaction, hall: int, command: str, *, seq: int, document: dict[str, Any]) -> None:
    tx.execute(delete(commands).where(commands.c.hall == hall, commands.c.command == command))
    keep_answer(tx, hall, command, words="", seq=seq, document=document)


def of_command(tx: Transaction, hall: int, command: str) -> Event | None:
    """Return the event of a command whose answer is stored; None if it appended none, or hundreds."""
    last = select(commands.c.seq).where(commands.c.hall == hall, commands.c.command == command).scalar_subquery()
    statement = select(*_read(tx)).where(
        events.c.hall == hall, events.c.seq.between(last - MOST_OF_ONE, last), events.c.command == command
    )
    row = tx.execute(statement).first()
    return _event(row) if row else None


def forget_own_answers(tx: Transaction, hall: int, day: date) -> None:
    """Delete the answers to stations' own ids (OWN_ID) stored before `day`: nobody asks for them any more."""
    # Plus nothing, or SQLite would walk along the log for the least seq instead of reading the date's few.
    first = tx.execute(select(func.min(events.c.seq + 0)).where(events.c.hall == hall, events.c.date == day)).scalar()
    if first is not None:
        # The range is for the key; how letters are ordered is the server's choice.
        is_own = commands.c.command.between(OWN_ID, f"{OWN_ID}g") & commands.c.command.startswith(OWN_ID)
        tx.execute(delete(commands).where(commands.c.hall == hall, commands.c.seq < first, is_own))


def forget_one_numbers(tx: Transaction, hall: int) -> None:
    """Delete by what persons' numbers of the day are found."""
    # Both bounds for the key, as above.
    among = commands.c.command.between(ONE_NUMBER, f"{ONE_NUMBER}z") & commands.c.command.startswith(ONE_NUMBER)
    tx.execute(delete(commands).where(commands.c.hall == hall, among))


def epoch(tx: Transaction) -> str:
    """Return the database's epoch: new at init, restore and host. Raises OutsideError "hall_moved" (to) where the halls
    went elsewhere."""
    row = tx.execute(_EPOCH).one()
    if row.moved_to is not None:
        raise OutsideError("hall_moved", to=row.moved_to)
    return str(row.epoch)


def begin_epoch(tx: Transaction) -> None:
    """Make followers of this database read it anew: its log may have gone back."""
    tx.execute(update(database).values(epoch=secrets.token_hex(8)))


def data_of(tx: Transaction) -> ColumnElement[Any]:
    """Return the column of an event's data, as far as this login may read it."""
    return _WHOLE_DATA if is_split(tx) else events.c.data


def split_amiss(tx: Transaction, hall: int) -> int | None:
    """Return the first seq whose public part does not follow from the whole event; None too for a login that can't see
    that."""
    if not is_split(tx):
        return None
    found: int | None = tx.execute(_AMISS, {"hall": hall}).scalar_one()
    return found


def _read(tx: Transaction) -> list[ColumnElement[Any]]:
    return _READ_WHOLE if is_split(tx) else _READ


def _row(hall: int, event: Event) -> dict[str, Any]:
    if isinstance(event, SetAside):
        return {"hall": hall, "date": None} | _stored_row(event)
    return dict(zip(_FIELDS, _fields_of(event), strict=True)) | {"hall": hall, "date": event.date}


def _stored_row(event: SetAside) -> dict[str, Any]:
    """Return the row of an event that can't be read, as the log that it comes from has it."""
    data = event.stored["data"]
    day = data.get("date") if isinstance(data, dict) else None
    row = {**event.stored, "prev": event.prev, "hash": event.hash, "date": day if isinstance(day, str) else None}
    return row | {name: from_text(event.stored[name]) for name in _TIMES}


def _event(row: Sequence[Any]) -> Event:
    """Return the event of a row, or what stands for one that can't be read."""
    seq, at_us, time_us, kind, actor, ticket, service, window, staff, command, data, prev, hash = row
    at, time = to_moment(at_us), to_moment(time_us)
    assert at is not None
    assert time is not None
    event = Event(
        seq=seq,
        at=at,
        time=time,
        kind=kind,
        actor=actor,
        ticket=ticket,
        service=service,
        window=window,
        staff=staff,
        command=command,
        data=data,
        prev=prev,
        hash=hash,
    )
    return event if event.fault() is None else event_or_set_aside(event, at=text_of(at_us), time=text_of(time_us))
