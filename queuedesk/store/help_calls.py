"""Calls for help: rows to core objects and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from operator import attrgetter

from sqlalchemy import ColumnElement, select

from queuedesk.core.help_call import HelpCall
from queuedesk.store import schema_messages as schema
from queuedesk.store.counters import upsert
from queuedesk.store.transaction import Transaction

_ROWS = schema.help_calls.c


def of_days(tx: Transaction, hall: int, first: date | None = None, last: date | None = None) -> dict[int, HelpCall]:
    """Return the calls for help of the dates from `first` to `last`, both included, or every one, by seq."""
    wanted = [*([_ROWS.date >= first] if first else []), *([_ROWS.date <= last] if last else [])]
    return _read(tx, hall, *wanted)


def still_open(tx: Transaction, hall: int) -> dict[int, HelpCall]:
    """Return the calls for help that go on."""
    return _read(tx, hall, _ROWS.ended.is_(None))


def find(tx: Transaction, hall: int, seq: int) -> HelpCall | None:
    """Return the call for help that the event `seq` made, None when there is none."""
    return _read(tx, hall, _ROWS.seq == seq).get(seq)


def save(tx: Transaction, hall: int, one: HelpCall) -> None:
    upsert(tx, schema.help_calls, asdict(one) | {"hall": hall})


def _read(tx: Transaction, hall: int, *conditions: ColumnElement[bool]) -> dict[int, HelpCall]:
    rows = sorted(tx.execute(select(schema.help_calls).where(_ROWS.hall == hall, *conditions)), key=attrgetter("seq"))
    return {
        row.seq: HelpCall(**{name: value for name, value in row._mapping.items() if name != "hall"}) for row in rows
    }
