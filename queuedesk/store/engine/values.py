"""Checks that each value of a table is one that the program could have written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Column, Table, Text, select, type_coerce

from queuedesk.core.log.shapes import LATEST
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.engine.types import BigInt, Day, Flag, Json, LogData, LogDay, Moment, to_json, to_moment
from queuedesk.store.log import events as log
from queuedesk.store.rights.untold import HIDDEN, is_told
from queuedesk.store.schema.tables import events

AT_ONCE = 2000


def unreadable(tx: Transaction, hall: int, tables: Iterable[Table]) -> list[str]:
    """Return the columns of these tables, as table.column, that hold what can't be read in some row of the hall."""
    return [
        f"{table.name}.{column.name}"
        for table in tables
        for column in table.c
        if (is_told(tx) or column.name not in HIDDEN.get(table, ()))
        and (is_good := _test(column)) is not None
        and not _all(tx, table, column, hall, is_good)
    ]


def spoilt_event(tx: Transaction, hall: int) -> int | None:
    """Return the first seq whose row says the same as the log in other signs, is filed under another date, or tells
    other logins something else; None where all are as written.

    The chain is made of values: a space more, or a date beside them, does not break it.
    """
    seq = 0
    columns = [
        events.c.seq,
        type_coerce(events.c.date, Text).label("date"),
        type_coerce(log.data_of(tx), Text).label("data"),
    ]
    statement = select(*columns).where(events.c.hall == hall).order_by(events.c.seq).limit(AT_ONCE)
    while rows := tx.execute(statement.where(events.c.seq > seq)).all():
        for row in rows:
            seq = int(row.seq)
            if not _is_as_written(row.date, row.data):
                return seq
    return log.split_amiss(tx, hall)


def _is_as_written(day: str | None, text: str) -> bool:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return True  # The event is set aside, and told as such.
    if to_json(data) != text:
        return False
    told = data.get("date") if isinstance(data, dict) else None
    return bool(day == (told if isinstance(told, str) else None))


def _all(tx: Transaction, table: Table, column: Column[Any], hall: int, is_good: Callable[[Any], bool]) -> bool:
    raw = BigInt if isinstance(column.type, (Moment, Flag)) else Text
    own = table.c.get("hall")
    statement = select(type_coerce(column, raw)).where(column.is_not(None))
    if own is not None:
        statement = statement.where(own == hall)
    with tx.execute(statement.execution_options(yield_per=AT_ONCE)) as rows:
        return all(map(is_good, rows.scalars()))


def _test(column: Column[Any]) -> Callable[[Any], bool] | None:
    kind = column.type
    if isinstance(kind, (LogData, LogDay)):
        return None  # spoilt_event() looks at these.
    for known, test in ((Moment, _is_time), (Flag, _is_flag), (Day, _is_day), (Json, _is_json)):
        if isinstance(kind, known):
            return test
    return None


def _is_time(value: Any) -> bool:
    return isinstance(value, int) and (to_moment(value) or LATEST) < LATEST


def _is_flag(value: Any) -> bool:
    return isinstance(value, int) and value in (0, 1)


def _is_day(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value).isoformat() == value)
    except (TypeError, ValueError):
        return False


def _is_json(value: Any) -> bool:
    try:
        return bool(to_json(json.loads(value)) == value)
    except (TypeError, ValueError, RecursionError):
        return False
