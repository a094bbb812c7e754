"""Compares what stands beside the log with what the log says of it.

The log holds none of these. Where it holds a digest, or notes that something was done, what stands here must follow
from it; the rest must at least be something that the program could have written."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Column, Select, Table, Text, bindparam, exists, func, select, type_coerce

from queuedesk.core.log.event import LATEST, SHAPES, Event
from queuedesk.core.setup.rows import Setup
from queuedesk.store import schema
from queuedesk.store.engine import types
from queuedesk.store.engine.address import is_server_address
from queuedesk.store.log import events as log
from queuedesk.store.log.journal import CALLS, NOTICE, POSSIBLE, digest_of_pin_hash
from queuedesk.store.rights.withheld_ratings import hidden_columns, may_read_ratings

# -- checks that each value of a table is one that the program could have written ------------------------------------

AT_ONCE = 2000


def columns_with_unreadable_values(tx: types.Transaction, hall: int, tables: Iterable[Table]) -> list[str]:
    """Return the columns of these tables, as table.column, that hold an unreadable value in some row of the hall."""
    return [
        f"{table.name}.{column.name}"
        for table in tables
        for column in table.c
        if (may_read_ratings(tx) or column.name not in hidden_columns(table))
        and (is_good := _value_test_of_column(column)) is not None
        and not _are_all_values_good(tx, table, column, hall, is_good)
    ]


def first_spoilt_event_seq(tx: types.Transaction, hall: int) -> int | None:
    """Return the first seq whose row has the log's values in another spelling, is filed under another date, or shows
    other logins something else; None if all are as written. The chain is computed from values, so an extra space, or a
    date beside them, does not break it."""
    seq = 0
    columns = [
        schema.events.c.seq,
        type_coerce(schema.events.c.date, Text).label("date"),
        type_coerce(log.data_column_login_may_read(tx), Text).label("data"),
    ]
    statement = select(*columns).where(schema.events.c.hall == hall).order_by(schema.events.c.seq).limit(AT_ONCE)
    while rows := tx.execute(statement.where(schema.events.c.seq > seq)).all():
        for row in rows:
            seq = int(row.seq)
            if not _is_as_written(row.date, row.data):
                return seq
    return log.first_wrong_public_part_seq(tx, hall)


def _is_as_written(day: str | None, text: str) -> bool:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return True  # The event is set aside, and told as such.
    if types.to_json(data) != text:
        return False
    told = data.get("date") if isinstance(data, dict) else None
    return bool(day == (told if isinstance(told, str) else None))


def _are_all_values_good(
    tx: types.Transaction, table: Table, column: Column[Any], hall: int, is_good: Callable[[Any], bool]
) -> bool:
    with tx.execute(_stored_values_statement(table, column), {"of": hall}) as rows:
        return all(map(is_good, rows.scalars()))


@cache
def _stored_values_statement(table: Table, column: Column[Any]) -> Select[Any]:
    """To build it takes as long as to carry it out."""
    raw = types.BigInt if isinstance(column.type, (types.UtcMomentColumn, types.FlagColumn)) else Text
    own = table.c.get("hall")
    statement = select(type_coerce(column, raw)).where(column.is_not(None))
    if own is not None:
        statement = statement.where(own == bindparam("of"))
    return statement.execution_options(yield_per=AT_ONCE)


def _value_test_of_column(column: Column[Any]) -> Callable[[Any], bool] | None:
    kind = column.type
    if isinstance(kind, (types.EventDataColumn, types.EventDateColumn)):
        return None  # first_spoilt_event_seq() looks at these.
    for known, test in (
        (types.UtcMomentColumn, _is_time),
        (types.FlagColumn, _is_flag),
        (types.IsoDateColumn, _is_day),
        (types.JsonColumn, _is_json),
    ):
        if isinstance(kind, known):
            return test
    return None


def _is_time(value: Any) -> bool:
    return isinstance(value, int) and (types.moment_from_microseconds(value) or LATEST) < LATEST


def _is_flag(value: Any) -> bool:
    return isinstance(value, int) and value in (0, 1)


def _is_day(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value).isoformat() == value)
    except (TypeError, ValueError):
        return False


def _is_json(value: Any) -> bool:
    try:
        return bool(types.to_json(json.loads(value)) == value)
    except (TypeError, ValueError, RecursionError):
        return False


_HASH = re.compile(r"[0-9a-f]{32}:[0-9a-f]{128}(:[0-9a-f]{32})?")
_NAMED = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
# Of an event what names a comment: its id and digest.
_OF_SHEETS = ("sheet-dispute", "sheet-decide")
_COMMENTED = {
    **dict.fromkeys(("rate", "reasons", "opinion", "comment"), "comment"),
    **dict.fromkeys(("case-open", "forum"), "words"),
    **dict.fromkeys(("case-step", "case-note"), "text"),
    **dict.fromkeys(_OF_SHEETS, "words"),
    "sheet-close": "rows",
}
_OF_MANY_WORDS = tuple(sorted(kind for kind in SHAPES if kind.startswith(("inspect-", "project-"))))
_WITH_CONTACT = ("book", "case-open", "case-note", "texts", "notes")
_CLOSE = timedelta(days=1)
_LONGEST_PAUSE_US = 24 * 3_600_000_000


def faults_beside_log(tx: types.Transaction, hall: int, setup: Setup) -> Iterator[str]:
    """Yield what is impossible in the data beside a hall's log, each as table or table.column with its key."""
    wrong = columns_with_unreadable_values(
        tx, hall, map(schema.table_named, (*schema.OUTSIDE, *schema.LEARNED, "pin_tries", "beats", *schema.OWN))
    )
    yield from wrong
    spoilt = {name.partition(".")[0] for name in wrong}
    for table, look in (
        (schema.pins, _staff_with_unlogged_pins),
        (schema.comments, _comment_ids_not_in_log),
        (schema.thanks_words, _staff_word_ids_not_in_log),
        (schema.contacts, _contact_ids_not_in_log),
        (schema.announcements, _seqs_of_invalid_announcement_rows),
        (schema.access, _ids_of_impossible_refusals),
        (schema.commands, _commands_with_wrong_answers),
        (schema.pin_tries, _staff_with_faulty_pin_try_rows),
        (schema.database, _faults_of_database_row),
        (schema.learned, _dates_of_wrong_learned_rows),
    ):
        if table.name not in spoilt:
            yield from (f"{table.name} {key}".strip() for key in look(tx, hall, setup))


def staff_with_lost_pins(tx: types.Transaction, hall: int, setup: Setup) -> list[str]:
    """Return the people who had a PIN by the log and have none here, as in a hall that was merged, or restored from a
    backup without PINs."""
    there = {row.staff for row in tx.execute(select(schema.pins.c.staff).where(schema.pins.c.hall == hall))}
    return sorted(
        staff
        for staff, event in _last_pin_event_by_staff(tx, hall).items()
        if _is_pin_set_event(event) and staff in setup.staff and staff not in there
    )


def _staff_with_unlogged_pins(tx: types.Transaction, hall: int, setup: Setup) -> Iterator[str]:
    known = _last_pin_event_by_staff(tx, hall)
    # A server's hall that was put back keeps the PINs that are there where the backup had none.
    may_differ = tx.dialect.name != "sqlite" and any(log.all_events_of_kinds(tx, hall, ("restore",)))
    for row in tx.execute(select(schema.pins).where(schema.pins.c.hall == hall)):
        event = known.get(row.staff)
        is_told = (
            event is not None
            and _is_pin_set_event(event)
            and event.data.get("kept") in (None, digest_of_pin_hash(row.hash))
        )
        is_told = is_told or may_differ
        if row.staff not in setup.staff or not _HASH.fullmatch(row.hash) or not is_told:
            yield row.staff


def _last_pin_event_by_staff(tx: types.Transaction, hall: int) -> dict[str, Event]:
    """Return by staff code the last event that says of a person's PIN that it was set or taken away."""
    found = {}
    for event in log.all_events_of_kinds(tx, hall, ("set-up",)):
        if event.data.get("op") == "pin" and event.data.get("part") == "staff":
            found[str(event.data.get("code"))] = event
    return found


def _is_pin_set_event(event: Event) -> bool:
    return event.data.get("set") is True


def _comment_ids_not_in_log(tx: types.Transaction, hall: int, _setup: Setup) -> Iterator[str]:
    told: dict[str, datetime] = {}
    for event in log.all_events_of_kinds(tx, hall, tuple(_COMMENTED)):
        # A case may cite what was written before.
        told.setdefault(str(event.data.get(_COMMENTED[event.kind])), event.at)
    for event in log.all_events_of_kinds(tx, hall, _OF_MANY_WORDS):
        for value in event.data.values():
            for text in value if isinstance(value, list) else (value,):
                if isinstance(text, str):
                    told.setdefault(text, event.at)
    yield from _word_ids_not_in_log(tx, hall, schema.comments, told | _time_by_text_in_feature_events(tx, hall))


def _staff_word_ids_not_in_log(tx: types.Transaction, hall: int, _setup: Setup) -> Iterator[str]:
    told: dict[str, datetime] = {}
    kinds = ("thanks", "briefing", "opening", "inspect-fix", "fix-proof", "training", "sheet-close", *_OF_SHEETS)
    for event in log.all_events_of_kinds(tx, hall, kinds):
        said = [event.data.get(name) for name in ("words", "text", "text_en", "issue", "proof", "told")]
        said += [mark.get("words") for mark in event.data.get("marks", ())]
        told |= {str(one): event.at for one in said if one}
    yield from _word_ids_not_in_log(tx, hall, schema.thanks_words, told | _time_by_text_in_feature_events(tx, hall))


def _time_by_text_in_feature_events(tx: types.Transaction, hall: int) -> dict[str, datetime]:
    """Return each text that an event of a feature holds, with its time: it names words or a contact, or nothing."""
    return {
        value: at
        for at, data in log.times_and_data_of_feature_events(tx, hall)
        if isinstance(data, dict)
        for value in data.values()
        if isinstance(value, str)
    }


def _word_ids_not_in_log(tx: types.Transaction, hall: int, table: Table, told: Mapping[str, datetime]) -> Iterator[str]:
    """Yield the ids of words of which the log does not tell, by what it holds of those of which it does."""
    for row in tx.execute(select(table).where(table.c.hall == hall)):
        written = told.get(f"{row.id}:{hashlib.sha256((row.salt + row.text).encode()).hexdigest()}")
        if written is None or abs(row.written - written) > _CLOSE:
            yield row.id


def _contact_ids_not_in_log(tx: types.Transaction, hall: int, _setup: Setup) -> Iterator[str]:
    told = {
        str(value)
        for event in log.all_events_of_kinds(tx, hall, _WITH_CONTACT)
        for value in event.data.values()
        if isinstance(value, str)
    } | _time_by_text_in_feature_events(tx, hall).keys()
    for row in tx.execute(select(schema.contacts).where(schema.contacts.c.hall == hall)):
        digest = hashlib.sha256((row.salt + row.name + row.contact).encode()).hexdigest()
        if f"{row.id}:{digest}" not in told:
            yield row.id


def _seqs_of_invalid_announcement_rows(tx: types.Transaction, hall: int, _setup: Setup) -> Iterator[str]:
    spoken = exists().where(
        schema.events.c.hall == schema.announcements.c.hall,
        schema.events.c.seq == schema.announcements.c.seq,
        schema.events.c.kind.in_((*CALLS, NOTICE)),
    )
    for row in tx.execute(select(schema.announcements).where(schema.announcements.c.hall == hall)):
        lengths = [value for value in (row.sound_ms, row.delay_ms) if value is not None]
        if not _NAMED.fullmatch(row.station) or any(not 0 <= value < 2**31 for value in lengths):
            yield str(row.seq)
    lost = select(schema.announcements.c.seq).where(schema.announcements.c.hall == hall, ~spoken).distinct()
    yield from (str(seq) for (seq,) in tx.execute(lost))


def _ids_of_impossible_refusals(tx: types.Transaction, hall: int, _setup: Setup) -> Iterator[str]:
    """Yield the refusals that nobody can have met, and in a file, which counts without gaps, those that are gone."""
    for row in tx.execute(select(schema.access).where(schema.access.c.hall == hall)):
        if row.code not in POSSIBLE or not _NAMED.fullmatch(row.actor) or not _NAMED.fullmatch(row.verb):
            yield str(row.id)
    if tx.dialect.name == "sqlite":
        first, last, count = tx.execute(
            select(func.min(schema.access.c.id), func.max(schema.access.c.id), func.count(schema.access.c.id))
        ).one()
        if count and (first, last) != (1, count):
            yield f"1-{last}"


def _commands_with_wrong_answers(tx: types.Transaction, hall: int, _setup: Setup) -> Iterator[str]:
    end = select(func.max(schema.events.c.seq)).where(schema.events.c.hall == hall).scalar_subquery()
    for row in tx.execute(
        select(
            schema.commands.c.command,
            schema.commands.c.answer,
            (schema.commands.c.seq.between(0, end)).label("is_there"),
        ).where(schema.commands.c.hall == hall)
    ):
        if not row.is_there or not isinstance(row.answer, dict):
            yield row.command


def _staff_with_faulty_pin_try_rows(tx: types.Transaction, hall: int, _setup: Setup) -> Iterator[str]:
    for row in tx.execute(select(schema.pin_tries).where(schema.pin_tries.c.hall == hall)):
        if not 0 <= row.owed <= _LONGEST_PAUSE_US or not _NAMED.fullmatch(row.person):
            yield row.person


def _faults_of_database_row(tx: types.Transaction, _hall: int, _setup: Setup) -> Iterator[str]:
    """Look at the one row of what the database is; one whose halls went to a server says so by its address."""
    rows = tx.execute(select(schema.database)).all()
    if len(rows) != 1 or rows[0].id != 1 or not re.fullmatch(r"[0-9a-f]{16}", rows[0].epoch):
        yield ""
    elif rows[0].moved_to is not None and not is_server_address(rows[0].moved_to):
        yield "moved_to"


def _dates_of_wrong_learned_rows(tx: types.Transaction, hall: int, _setup: Setup) -> Iterator[str]:
    for row in tx.execute(select(schema.learned).where(schema.learned.c.hall == hall)):
        if not isinstance(row.learned, dict):
            yield str(row.date)
    for row in tx.execute(select(schema.learned_days).where(schema.learned_days.c.hall == hall)):
        if not isinstance(row.taught, dict) or not 0 < row.version < 1000:
            yield str(row.date)
