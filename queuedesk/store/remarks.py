"""Offers, pushed notices, notes on days, opinions and alarms: rows to core objects and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, insert, select

from queuedesk.core.remarks import Alarm, DayNote, Offer, Opinion, PushedNotice
from queuedesk.store import schema
from queuedesk.store.counters import save_said, upsert
from queuedesk.store.schema import day_notes, offers, opinions, pushed_notices
from queuedesk.store.transaction import Transaction
from queuedesk.store.untold import columns, is_told


def offers_of(tx: Transaction, hall: int, day: date | None = None) -> list[Offer]:
    """Return the offers of a business date, or all of them, in order."""
    return [Offer(**_own(row)) for row in _rows(tx, offers, hall, *([offers.c.date == day] if day else []))]


def add_offer(tx: Transaction, hall: int, offer: Offer) -> None:
    tx.execute(insert(offers), asdict(offer) | {"hall": hall})


def pushed(tx: Transaction, hall: int) -> list[PushedNotice]:
    """Return the notices that neither a person nor a day-end ended; one whose time is over is among them until then."""
    return [PushedNotice(**_own(row)) for row in _rows(tx, pushed_notices, hall)]


def add_pushed(tx: Transaction, hall: int, notice: PushedNotice) -> None:
    tx.execute(insert(pushed_notices), asdict(notice) | {"hall": hall})


def drop_pushed(tx: Transaction, hall: int, seq: int) -> None:
    _drop(tx, pushed_notices, hall, seq)


def day_notes_of(tx: Transaction, hall: int, first: date | None = None, last: date | None = None) -> list[DayNote]:
    """Return the notes on the days from `first` to `last`, both included, in the order in which they were written."""
    wanted = [*([day_notes.c.day >= first] if first else []), *([day_notes.c.day <= last] if last else [])]
    return [DayNote(**_own(row)) for row in _rows(tx, day_notes, hall, *wanted)]


def day_note(tx: Transaction, hall: int, seq: int) -> DayNote | None:
    """Return the note that the event `seq` made, None when there is none or it was removed."""
    found = _rows(tx, day_notes, hall, day_notes.c.seq == seq)
    return DayNote(**_own(found[0])) if found else None


def add_day_note(tx: Transaction, hall: int, note: DayNote) -> None:
    tx.execute(insert(day_notes), asdict(note) | {"hall": hall})


def drop_day_note(tx: Transaction, hall: int, seq: int) -> None:
    _drop(tx, day_notes, hall, seq)


def opinions_of(tx: Transaction, hall: int, day: date | None = None) -> dict[int, Opinion]:
    """Return what was said without a ticket's number on a business date, or ever, by the seq of its event."""
    rows = _rows(tx, opinions, hall, *([opinions.c.date == day] if day else []))
    return {row.seq: Opinion(**(_own(row) | {"tags": tuple(row.tags)})) for row in rows}


def opinion(tx: Transaction, hall: int, seq: int) -> Opinion | None:
    """Return the opinion that the event `seq` made, None when there is none."""
    rows = _rows(tx, opinions, hall, opinions.c.seq == seq)
    return Opinion(**(_own(rows[0]) | {"tags": tuple(rows[0].tags)})) if rows else None


def save_opinion(tx: Transaction, hall: int, one: Opinion) -> None:
    values = asdict(one) | {"hall": hall, "tags": list(one.tags)}
    save_said(tx, opinions, values, added=("tags", "comment", "explained"))


def alarms(tx: Transaction, hall: int) -> dict[int, Alarm]:
    """Return the alarms that have not ended, by the seq of their crossing."""
    return {row.seq: Alarm(**_own(row)) for row in _rows(tx, schema.alarms, hall)}


def save_alarm(tx: Transaction, hall: int, alarm: Alarm) -> None:
    upsert(tx, schema.alarms, asdict(alarm) | {"hall": hall})


def drop_alarm(tx: Transaction, hall: int, seq: int | None) -> None:
    """Take one alarm away, or all of them."""
    _drop(tx, schema.alarms, hall, seq)


def _rows(tx: Transaction, table: Table, hall: int, *conditions: ColumnElement[bool]) -> list[Row[Any]]:
    rows = tx.execute(select(*columns(table, told=is_told(tx))).where(table.c.hall == hall, *conditions))
    return sorted(rows, key=attrgetter("seq"))


def _drop(tx: Transaction, table: Table, hall: int, seq: int | None) -> None:
    one = [table.c.seq == seq] if seq is not None else []
    tx.execute(table.delete().where(table.c.hall == hall, *one))


def _own(row: Row[Any]) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name != "hall"}
