"""The log: appending, reading on from a seq, the stored answers of commands, and what a clock that ran ahead wrote.

That is taken out of the tables, and passed over where the log itself is read."""

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
from queuedesk.core.log.event import EARLIEST, LATEST, Event, SetAsideEvent, are_event_data_readable, event_or_set_aside
from queuedesk.core.log.state import ALARMS, APPOINTMENTS, DEVICES, OUTAGES, SHIFTS, WINDOWS, LogSectionWithWrongTime
from queuedesk.core.log.ticket_history import ReducedTimelineEvent
from queuedesk.core.queue.ticket import WindowState
from queuedesk.store import schema
from queuedesk.store.engine import types
from queuedesk.store.parts import part_tables, tickets
from queuedesk.store.parts.part_tables import ROWS
from queuedesk.store.rights.withheld_ratings import WHOLE, has_whole_data_column
from queuedesk.store.schema import commands, database, events, legs
from queuedesk.store.schema import tickets as ticket_rows

_PAGE = 2000
# The kind stands in the statement itself: with a parameter in its place no partial index would do.
_KIND: ColumnElement[str] = bindparam(None, "set-right", literal_execute=True)


class LogTimeLeap(Struct, frozen=True):
    """A leap of a log: the event `first` was taken at `since`, the one before it at `before`."""

    first: int
    before: datetime
    since: datetime


def delete_rows_made_by_wrong_clock(tx: types.Transaction, hall: int, wrong: LogSectionWithWrongTime) -> None:
    """Remove what the wrong clock has made, as HallState.drop_wrong_time does; for the tables' owner."""
    gone = {t.id for t in tickets.tickets_since_date(tx, hall, wrong.day) if wrong.is_ticket_to_remove(t)}
    for id in sorted(gone):
        for table in (schema.ratings, legs, ticket_rows):
            tx.execute(delete(table).where(table.c.hall == hall, table.c.date == id[0], table.c.label == id[1]))
    for part in (part for part in ROWS if part.goes):
        table = ROWS[part].table
        made = table.c[part.key[0]].between(wrong.first, wrong.seq - 1)
        tx.execute(delete(table).where(table.c.hall == hall, made, table.c.date >= wrong.day))
    closed = ROWS[SHIFTS].table.c.closed
    late = part_tables.objects_where(tx, hall, SHIFTS, closed > wrong.at)
    part_tables.save_objects(tx, hall, SHIFTS, *map(wrong.repaired_shift, late.values()))
    for id in _tickets_with_leg_times_since(tx, hall, min(wrong.since, wrong.at)):
        before = tickets.find_ticket(tx, hall, id)
        if before is not None and (ticket := wrong.repaired_ticket(before)) is not before:
            tickets.save_ticket(tx, hall, ticket, before)
    closed_now = [
        day for day in part_tables.objects_of_days(tx, hall, WINDOWS).values() if day.state is WindowState.CLOSED
    ]
    part_tables.save_objects(
        tx, hall, WINDOWS, *(wrong.repaired_window(window, forgets=window.last in gone) for window in closed_now)
    )
    for day in part_tables.objects_of_days(tx, hall, APPOINTMENTS).values():
        if (again := wrong.repaired_appointment(day)) is not day:
            part_tables.save_objects(tx, hall, APPOINTMENTS, again)
    for outage in part_tables.objects_of_days(tx, hall, OUTAGES).values():
        if (known := wrong.repaired_outage(outage)) is None:
            part_tables.delete_objects(tx, hall, OUTAGES, outage.seq)
        elif known != outage:
            part_tables.save_objects(tx, hall, OUTAGES, known)
    part_tables.save_objects(
        tx, hall, DEVICES, *map(wrong.repaired_device, part_tables.objects_of_days(tx, hall, DEVICES).values())
    )
    part_tables.delete_objects(tx, hall, ALARMS)
    tx.execute(delete(schema.tracker).where(schema.tracker.c.hall == hall))


def forget_wrong_time_traces(tx: types.Transaction, hall: int, wrong: LogSectionWithWrongTime) -> None:
    """Remove what the wrong clock has left beside the log: signs of life, and what past dates taught since."""
    tx.execute(delete(schema.beats).where(schema.beats.c.hall == hall, schema.beats.c.time > wrong.at))
    tx.execute(delete(schema.learned).where(schema.learned.c.hall == hall))
    tx.execute(
        delete(schema.learned_days).where(schema.learned_days.c.hall == hall, schema.learned_days.c.date >= wrong.day)
    )


def _tickets_with_leg_times_since(tx: types.Transaction, hall: int, since: datetime) -> list[tuple[date, str]]:
    times = (legs.c.joined, legs.c.called, legs.c.started, legs.c.finished, legs.c.ended)
    statement = select(legs.c.date, legs.c.label).where(legs.c.hall == hall, or_(*(time >= since for time in times)))
    return [(row.date, row.label) for row in tx.execute(statement.distinct())]


def time_is_right_condition(tx: types.Transaction, hall: int) -> ColumnElement[bool]:
    """Return the condition that a dated event's time was not set right since; events from paper state their own."""
    condition: ColumnElement[bool] = true()
    for seq, data in time_corrections(tx, hall):
        day = date.fromisoformat(data["day"])
        condition = condition & ~(events.c.seq.between(data["first"], seq - 1) & (events.c.date >= day))
    return condition


def written_by_right_clock_condition(tx: types.Transaction, hall: int) -> ColumnElement[bool]:
    """Return the condition that an event was written by a right clock; a date's end by a wrong clock was not."""
    condition: ColumnElement[bool] = true()
    for seq, data in time_corrections(tx, hall):
        condition = condition & ~events.c.seq.between(data["first"], seq - 1)
    return condition


def ticket_counts_removed_by_time_fix(tx: types.Transaction, hall: int) -> Counter[date]:
    """Return the number of tickets removed when the time was set right, by the date of that."""
    found: Counter[date] = Counter()
    for _seq, data in time_corrections(tx, hall):
        found[date.fromisoformat(data["date"])] += data.get("tickets") or 0
    return found


def time_corrections(tx: types.Transaction, hall: int) -> list[tuple[int, dict[str, Any]]]:
    """Return by seq what each event says that set the time right."""
    statement = select(events.c.seq, events.c.data).where(events.c.hall == hall, events.c.kind == _KIND)
    return [(seq, data) for seq, data in tx.execute(statement) if are_event_data_readable("set-right", data)]


def time_leaps_of_log(tx: types.Transaction, hall: int, last: int) -> Iterator[LogTimeLeap]:
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
                yield LogTimeLeap(after[0], at, after[1])
            if kind == "set-right":
                return
            after = (seq, at)
        last -= _PAGE


_INSERT = types.FixedStatement(insert(events))
_EPOCH = select(database.c.epoch, database.c.moved_to)
_FIELDS = Event.__struct_fields__
_fields_of = attrgetter(*_FIELDS)
# Times as the driver gives them: what lies outside of all years is printed as it stands.
_TIMES = ("at", "time")
_READ: list[ColumnElement[Any]] = [
    type_coerce(events.c[f], types.BigInt).label(f) if f in _TIMES else events.c[f] for f in _FIELDS
]
_WHOLE_DATA: ColumnElement[Any] = func.coalesce(
    literal_column(f"events.{WHOLE}"), events.c.data, type_=events.c.data.type
).label("data")
_READ_WHOLE = [_WHOLE_DATA if column is events.c.data else column for column in _READ]
_AMISS = text(
    f"SELECT min(seq) FROM events WHERE hall = :hall AND {WHOLE} IS NOT NULL AND data <> public.qd_split(kind, {WHOLE})"
)
_AFTER = {
    whole: types.FixedStatement(
        select(*(_READ_WHOLE if whole else _READ))
        .where(events.c.hall == bindparam("hall"), events.c.seq > bindparam("since"))
        .order_by(events.c.seq)
    )
    for whole in (True, False)
}
_ANSWER = types.FixedStatement(
    select(commands.c.words, commands.c.answer).where(
        commands.c.hall == bindparam("hall"), commands.c.command == bindparam("command")
    )
)
_KEEP_ANSWER = types.FixedStatement(insert(commands))
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
    *("rate", "reasons", "recall", "stall", "unstall", "postpone", "need"),
    *("open", "pause", "resume", "close", "not-ready"),
)
_TOLD_BY_DATA = frozenset(
    {"issue", "serve", "add", "finish", "return", "reinstate", "transfer", "redirect", "correct", "day-end"}
)
# As the driver gives them: of a year there are a hundred thousand, and few kinds are told by their data.
_MOVES: Select[Any] = select(
    events.c.seq,
    type_coerce(events.c.time, types.BigInt).label("time"),
    *(events.c[f] for f in ("kind", "ticket", "service", "window", "staff")),
    type_coerce(events.c.data, Text).label("data"),
).where(
    events.c.kind.not_in([literal(kind) for kind in _NO_MOVES]),
    *(events.c[f] >= literal(EARLIEST, types.UtcMomentColumn) for f in _TIMES),
    *(events.c[f] < literal(LATEST, types.UtcMomentColumn) for f in _TIMES),
)


def event_from_log_line(printed: Mapping[str, Any]) -> Event:
    """Return the event of a line as logs print it, or a SetAsideEvent for one that can't be read. Raises ValueError for
    an impossible time."""
    at, time = (types.moment_from_microseconds(types.microseconds_from_log_time(printed[name])) for name in _TIMES)
    return event_or_set_aside(Event(**{**printed, "at": at, "time": time}), at=printed["at"], time=printed["time"])


def append_event(tx: types.Transaction, hall: int, event: Event, data_text: str | None = None) -> None:
    """Write one event with its seq and hash given; `data_text` is the JSON text of its data, where known."""
    row = _insert_values(hall, event)
    if data_text is not None and not isinstance(event, SetAsideEvent):
        row["data"] = types.TextOfJsonValue(data_text)
    _INSERT.execute(tx, row)


def append_foreign_events(tx: types.Transaction, hall: int, copies: Iterable[Event]) -> None:
    """Write events of another database's log, in order, many at once: for a log that moves, not for one that grows."""
    copies = iter(copies)
    while page := [_insert_values(hall, event) for event in islice(copies, PAGE)]:
        tx.execute(_INSERT.made, page)


def events_after(tx: types.Transaction, hall: int, seq: int, limit: int | None = None) -> list[Event]:
    """Return the events after `seq`, in order; at most `limit` of them."""
    statement, asked = _AFTER[has_whole_data_column(tx)], {"hall": hall, "since": seq}
    rows = statement.fetch_rows(tx, asked) if limit is None else tx.execute(statement.made.limit(limit), asked)
    return [_event_of_row(row) for row in rows]


def all_events(tx: types.Transaction, hall: int) -> Iterator[Event]:
    """Yield the whole log in order, read in pages."""
    seq = 0
    while page := events_after(tx, hall, seq, PAGE):
        yield from page
        seq = page[-1].seq


def events_of_day(tx: types.Transaction, hall: int, day: date, ticket: str | None = None) -> list[Event]:
    """Return the events of a business date, of one ticket if named, in order; without those of a time that was set
    right since."""
    statement = select(*_columns_to_read(tx)).where(
        events.c.hall == hall, events.c.date == day, time_is_right_condition(tx, hall)
    )
    if ticket is not None:
        statement = statement.where(events.c.ticket == ticket)
    # Asked for their order, SQLite would walk through the whole log, which has it, rather than sort a day.
    return sorted((_event_of_row(row) for row in tx.execute(statement)), key=attrgetter("seq"))


class TimelineEventReader:
    """Reads what timelines of a hall's business dates are made from: no actors, no hashes, no remarks. Statements are
    written out once for many dates. `is_right` is the hall's `time_is_right_condition`, if that is known already."""

    def __init__(self, tx: types.Transaction, hall: int, is_right: ColumnElement[bool] | None = None) -> None:
        self._tx, self._hall = tx, hall
        of_date = _MOVES.where(
            events.c.hall == bindparam("hall"),
            events.c.date == bindparam("day"),
            time_is_right_condition(tx, hall) if is_right is None else is_right,
        )
        self._all = types.FixedStatement(of_date)
        self._of_none = types.FixedStatement(of_date.where(events.c.ticket.is_(None)))
        self._of_some = types.FixedStatement(
            of_date.where(events.c.ticket.in_([bindparam(name) for name in _TICKET_NAMES]))
        )

    def events_of_date(self, day: date, labels: Sequence[str] | None = None) -> list[ReducedTimelineEvent]:
        """Return a date's, in order; of some tickets and of none if `labels` names these."""
        tx, asked = self._tx, {"hall": self._hall, "day": day}
        if labels is None:
            rows = self._all.fetch_raw_rows(tx, asked)
        else:
            rows = self._of_none.fetch_raw_rows(tx, asked)
            for start in range(0, len(labels), _TICKETS_AT_ONCE):
                some = labels[start : start + _TICKETS_AT_ONCE]
                # Always as many, so that the statement stays the same: one named twice is found once.
                named = dict(zip(_TICKET_NAMES, [*some, *[some[0]] * (_TICKETS_AT_ONCE - len(some))], strict=True))
                rows += self._of_some.fetch_raw_rows(tx, {**asked, **named})
        moves: list[ReducedTimelineEvent] = []
        known: dict[tuple[str, str], dict[str, Any] | None] = {}
        for seq, time, kind, ticket, service, window, staff, said in rows:
            data: dict[str, Any] | None = {}
            if kind in _TOLD_BY_DATA:
                # Of a date many say the same.
                if (kind, said) not in known:
                    data = types.event_data_from_json(said)
                    known[kind, said] = data if are_event_data_readable(kind, data) else None
                data = known[kind, said]
            if data is not None:
                moment = types.EPOCH + time * types.MICROSECOND
                moves.append(ReducedTimelineEvent(seq, moment, kind, ticket, service, window, staff, data))
        return sorted(moves, key=itemgetter(0))


def timeline_events_of_date(
    tx: types.Transaction, hall: int, day: date, labels: Sequence[str] | None = None
) -> list[ReducedTimelineEvent]:
    """Return what a timeline of a business date is made from, for some tickets if named, in order."""
    return TimelineEventReader(tx, hall).events_of_date(day, labels)


def events_of_kind_on_date(tx: types.Transaction, hall: int, day: date, kind: str) -> list[Event]:
    """Return the events of a kind on a business date, in order, as events_of_day()."""
    among = (events.c.hall == hall, events.c.date == day, events.c.kind == kind)
    statement = select(*_columns_to_read(tx)).where(*among, time_is_right_condition(tx, hall))
    found = (_event_of_row(row) for row in tx.execute(statement))
    return sorted((event for event in found if event.kind == kind), key=attrgetter("seq"))


def events_of_dates(tx: types.Transaction, hall: int, first: date, last: date, kinds: Sequence[str]) -> list[Event]:
    """Return the events of these kinds on the business dates from `first` to `last`, in order, as events_of_day()."""
    among = (events.c.hall == hall, events.c.date.between(first, last), events.c.kind.in_(kinds))
    found = (
        _event_of_row(row)
        for row in tx.execute(select(*_columns_to_read(tx)).where(*among, time_is_right_condition(tx, hall)))
    )
    return sorted((event for event in found if event.kind in kinds), key=attrgetter("seq"))


def events_with_seqs(tx: types.Transaction, hall: int, seqs: Sequence[int]) -> list[Event]:
    """Return the events of these numbers, in order, as events_of_day()."""
    found: list[Event] = []
    statement = select(*_columns_to_read(tx)).where(events.c.hall == hall, time_is_right_condition(tx, hall))
    for i in range(0, len(seqs), _AT_ONCE):
        found += (_event_of_row(row) for row in tx.execute(statement.where(events.c.seq.in_(seqs[i : i + _AT_ONCE]))))
    return sorted(found, key=attrgetter("seq"))


def all_events_of_kinds(tx: types.Transaction, hall: int, kinds: Sequence[str]) -> Iterator[Event]:
    statement = (
        select(*_columns_to_read(tx)).where(events.c.hall == hall, events.c.kind.in_(kinds)).order_by(events.c.seq)
    )
    with tx.execute(statement.execution_options(yield_per=PAGE)) as rows:
        for row in rows:
            event = _event_of_row(row)
            if event.kind in kinds:
                yield event


def times_and_data_of_feature_events(tx: types.Transaction, hall: int) -> Iterator[tuple[datetime, Any]]:
    """Yield when each event of any feature was taken and what it holds, also of one whose folder is not there."""
    statement = (
        select(*_columns_to_read(tx)).where(events.c.hall == hall, events.c.kind.contains(".")).order_by(events.c.seq)
    )
    for row in tx.execute(statement):
        event = _event_of_row(row)
        yield event.at, event.stored["data"] if isinstance(event, SetAsideEvent) else event.data


def event_with_seq(tx: types.Transaction, hall: int, seq: int) -> Event:
    statement = select(*_columns_to_read(tx)).where(events.c.hall == hall, events.c.seq == seq)
    return _event_of_row(tx.execute(statement).one())


def event_count(tx: types.Transaction, hall: int) -> int:
    return tx.execute(select(func.count()).where(events.c.hall == hall)).scalar_one()


def answer_of_command(tx: types.Transaction, hall: int, command: str) -> tuple[str, dict[str, Any]] | None:
    rows = _ANSWER.fetch_rows(tx, {"hall": hall, "command": command})
    return (rows[0].words, rows[0].answer) if rows else None


def store_command_answer(
    tx: types.Transaction, hall: int, command: str, *, words: str, seq: int, document: dict[str, Any]
) -> None:
    """Remember the answer given to a command id."""
    _KEEP_ANSWER.execute(tx, {"hall": hall, "command": command, "words": words, "seq": seq, "answer": document})


def replace_stored_answer(
    tx: types.Transaction, hall: int, command: str, *, seq: int, document: dict[str, Any]
) -> None:
    tx.execute(delete(commands).where(commands.c.hall == hall, commands.c.command == command))
    store_command_answer(tx, hall, command, words="", seq=seq, document=document)


def event_of_answered_command(tx: types.Transaction, hall: int, command: str) -> Event | None:
    """Return the event of a command whose answer is stored; None if it appended none, or hundreds."""
    last = select(commands.c.seq).where(commands.c.hall == hall, commands.c.command == command).scalar_subquery()
    statement = select(*_columns_to_read(tx)).where(
        events.c.hall == hall, events.c.seq.between(last - MOST_OF_ONE, last), events.c.command == command
    )
    row = tx.execute(statement).first()
    return _event_of_row(row) if row else None


def delete_old_station_answers(tx: types.Transaction, hall: int, day: date) -> None:
    """Delete the answers to stations' own ids (OWN_ID) stored before `day`: nobody asks for them any more."""
    # Plus nothing, or SQLite would walk along the log for the least seq instead of reading the date's few.
    first = tx.execute(select(func.min(events.c.seq + 0)).where(events.c.hall == hall, events.c.date == day)).scalar()
    if first is not None:
        # The range is for the key; how letters are ordered is the server's choice.
        is_own = commands.c.command.between(OWN_ID, f"{OWN_ID}g") & commands.c.command.startswith(OWN_ID)
        tx.execute(delete(commands).where(commands.c.hall == hall, commands.c.seq < first, is_own))


def delete_person_number_keys(tx: types.Transaction, hall: int) -> None:
    """Delete by what persons' numbers of the day are found. Nothing of it stays in the hall's file."""
    if tx.dialect.name == "sqlite":
        tx.exec_driver_sql("PRAGMA secure_delete = ON")
    # Both bounds for the key, as above.
    among = commands.c.command.between(ONE_NUMBER, f"{ONE_NUMBER}z") & commands.c.command.startswith(ONE_NUMBER)
    tx.execute(delete(commands).where(commands.c.hall == hall, among))


def epoch(tx: types.Transaction) -> str:
    """Return the database's epoch: new at init, restore and host. Raises OutsideError "hall_moved" (to) where the halls
    went elsewhere."""
    row = tx.execute(_EPOCH).one()
    if row.moved_to is not None:
        raise OutsideError("hall_moved", to=row.moved_to)
    return str(row.epoch)


def write_new_epoch(tx: types.Transaction) -> None:
    """Make followers of this database read it anew: its log may have gone back."""
    tx.execute(update(database).values(epoch=secrets.token_hex(8)))


def data_column_login_may_read(tx: types.Transaction) -> ColumnElement[Any]:
    """Return the column of an event's data, as far as this login may read it."""
    return _WHOLE_DATA if has_whole_data_column(tx) else events.c.data


def first_wrong_public_part_seq(tx: types.Transaction, hall: int) -> int | None:
    """Return the first seq whose public part does not follow from the whole event; None too for a login that can't see
    that."""
    if not has_whole_data_column(tx):
        return None
    found: int | None = tx.execute(_AMISS, {"hall": hall}).scalar_one()
    return found


def _columns_to_read(tx: types.Transaction) -> list[ColumnElement[Any]]:
    return _READ_WHOLE if has_whole_data_column(tx) else _READ


def _insert_values(hall: int, event: Event) -> dict[str, Any]:
    if isinstance(event, SetAsideEvent):
        return {"hall": hall, "date": None} | _row_of_set_aside_event(event)
    return dict(zip(_FIELDS, _fields_of(event), strict=True)) | {"hall": hall, "date": event.date}


def _row_of_set_aside_event(event: SetAsideEvent) -> dict[str, Any]:
    """Return the row of an event that can't be read, as the log that it comes from has it."""
    data = event.stored["data"]
    day = data.get("date") if isinstance(data, dict) else None
    row = {**event.stored, "prev": event.prev, "hash": event.hash, "date": day if isinstance(day, str) else None}
    return row | {name: types.microseconds_from_log_time(event.stored[name]) for name in _TIMES}


def _event_of_row(row: Sequence[Any]) -> Event:
    """Return the event of a row, or what stands for one that can't be read."""
    seq, at_us, time_us, kind, actor, ticket, service, window, staff, command, data, prev, hash = row
    at, time = types.moment_from_microseconds(at_us), types.moment_from_microseconds(time_us)
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
    return (
        event
        if event.reading_fault() is None
        else event_or_set_aside(event, at=types.log_time_text(at_us), time=types.log_time_text(time_us))
    )
