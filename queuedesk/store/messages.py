"""Messages between stations: rows to core objects and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from queuedesk.core.event import stamp
from queuedesk.core.messages import Message, Seen
from queuedesk.store import schema_messages as schema
from queuedesk.store.counters import upsert
from queuedesk.store.transaction import Transaction

_ROWS = schema.messages.c


def of_days(tx: Transaction, hall: int, first: date | None = None, last: date | None = None) -> dict[int, Message]:
    """Return the messages of the dates from `first` to `last`, both included, or every one, by seq."""
    wanted = [*([_ROWS.date >= first] if first else []), *([_ROWS.date <= last] if last else [])]
    return _read(tx, hall, *wanted)


def still_open(tx: Transaction, hall: int) -> dict[int, Message]:
    """Return the messages that wait for their one reader, whatever their date."""
    return _read(tx, hall, _ROWS.waits_for.is_not(None))


def find(tx: Transaction, hall: int, seq: int) -> Message | None:
    """Return the message that the event `seq` made, None when there is none."""
    return _read(tx, hall, _ROWS.seq == seq).get(seq)


def save(tx: Transaction, hall: int, one: Message) -> None:
    seen = [[each.place, each.by, stamp(each.at)] for each in one.seen]
    upsert(
        tx, schema.messages, asdict(one) | {"hall": hall, "seen": seen, "waits_for": one.to if one.is_open else None}
    )


def is_open_amiss(tx: Transaction, hall: int) -> bool:
    """Whether a message is filed as waiting for somebody for whom it does not wait."""
    rows = tx.execute(select(schema.messages.c.seq, _ROWS.waits_for).where(_ROWS.hall == hall)).all()
    known = of_days(tx, hall)
    return any(row.waits_for != (known[row.seq].to if known[row.seq].is_open else None) for row in rows)


def _read(tx: Transaction, hall: int, *conditions: ColumnElement[bool]) -> dict[int, Message]:
    rows = tx.execute(select(schema.messages).where(_ROWS.hall == hall, *conditions))
    return {row.seq: _message(row) for row in sorted(rows, key=attrgetter("seq"))}


def _message(row: Row[Any]) -> Message:
    own = {name: value for name, value in row._mapping.items() if name not in ("hall", "waits_for")}
    seen = tuple(Seen(place, by, datetime.fromisoformat(at)) for place, by, at in row.seen)
    return Message(**(own | {"seen": seen}))
