"""Halls: their counters and their set-up, read once per change of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, insert, literal, select, update

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import EARLIEST, LATEST
from queuedesk.core.log.state import HallCounters
from queuedesk.core.setup.file import setup_from_document
from queuedesk.core.setup.rows import Setup
from queuedesk.store.engine import server_link
from queuedesk.store.engine.types import MOST, FixedStatement, Transaction, UtcMomentColumn
from queuedesk.store.schema import database, events, halls

_ROWS = select(*(halls.c[name] for name in server_link.HALL_COLUMNS))
_LISTED = FixedStatement(select(halls.c.id, halls.c.code).order_by(halls.c.id))
_ENDS = FixedStatement(
    select(halls.c.id, halls.c.code, halls.c.seq, halls.c.hash, halls.c.setup_hash).order_by(halls.c.id)
)
_NOW = FixedStatement(_ROWS.where(halls.c.id == bindparam("key")))
_SAVE = FixedStatement(
    update(halls)
    .where(halls.c.id == bindparam("key"))
    .values({n: bindparam(n) for n in ("seq", "hash", "at", "date", "normal_calls", "calls_date")})
)
# By the hash of the event that gave it: what that event gave never changes, in whatever database it stands.
_SETUPS: OrderedDict[str, Setup] = OrderedDict()
_SETUPS_KEPT = 64


class HallRow(Struct, frozen=True):
    """A hall's row: counters, and the hash of the event its set-up is from."""

    id: int
    now: HallCounters
    setup_hash: str


def hall_ids_and_codes(tx: Transaction) -> list[tuple[int, str]]:
    """Return the halls of this database as (id, code), in the order in which they were made."""
    return [(row.id, row.code) for row in _LISTED.fetch_rows(tx, {})]


class LogEnd(Struct, frozen=True):
    """The end of a hall's log, and the hash of the event its set-up is from."""

    id: int
    code: str
    seq: int
    hash: str
    setup_hash: str


def log_ends_of_halls(tx: Transaction) -> list[LogEnd]:
    """Return the end of every hall's log in this database, in the order in which the halls were made."""
    return [LogEnd(*row) for row in _ENDS.fetch_rows(tx, {})]


def load_hall_row(tx: Transaction, hall: int) -> HallRow:
    """Return the hall's counters. Raises RuleError "unknown_hall"."""
    locked = server_link.take_already_read_hall_row(tx, hall)
    rows = _NOW.fetch_rows(tx, {"key": hall}) if locked is None else _NOW.read(tx, [locked])
    if not rows:
        raise RuleError("unknown_hall", hall=hall)
    return _hall_row(tx, rows[0])


def all_hall_rows(tx: Transaction) -> list[HallRow]:
    """Return the counters of all halls, in the order in which these were made."""
    return [_hall_row(tx, row) for row in tx.execute(_ROWS.order_by(halls.c.id)).all()]


def _hall_row(tx: Transaction, row: Any) -> HallRow:
    now = HallCounters(
        seq=row.seq,
        hash=row.hash,
        # A time that no hall has came with an event that was set aside.
        at=row.at if row.at is None or row.at < LATEST else _last_event_time(tx, row.id),
        date=row.date,
        normal_calls=row.normal_calls if (row.normal_calls or 0) <= MOST else None,
        calls_date=row.calls_date,
    )
    return HallRow(row.id, now, row.setup_hash)


def _last_event_time(tx: Transaction, hall: int) -> datetime | None:
    statement = select(events.c.at).where(events.c.hall == hall, events.c.at < literal(LATEST, UtcMomentColumn))
    return tx.execute(
        statement.where(events.c.at >= literal(EARLIEST, UtcMomentColumn)).order_by(events.c.seq.desc())
    ).scalar()


def setup_of_hall_row(tx: Transaction, hall: HallRow) -> Setup:
    """Return the hall's set-up, parsed once for each change."""
    return _SETUPS.get(hall.setup_hash) or setups_of_halls(tx, {hall.id: hall.setup_hash})[hall.id]


def setups_of_halls(tx: Transaction, hashes: Mapping[int, str]) -> dict[int, Setup]:
    """Return the set-ups of halls, by the hashes of the events they are from."""
    found = {id: known for id, hash in hashes.items() if (known := _SETUPS.get(hash)) is not None}
    if unread := [id for id in hashes if id not in found]:
        for id, document in tx.execute(select(halls.c.id, halls.c.setup).where(halls.c.id.in_(unread))):
            found[id] = _SETUPS[hashes[id]] = setup_from_document(document)
            if len(_SETUPS) > _SETUPS_KEPT:
                _SETUPS.popitem(last=False)
    return {id: found[id] for id in hashes}


def clear_setup_cache() -> None:
    """Read every set-up anew: a check for hidden changes can't rely on what was read before."""
    _SETUPS.clear()


def lock_against_new_halls(tx: Transaction) -> None:
    """Let nobody else make a hall in this database until the transaction's end; existing halls work on."""
    tx.execute(select(database.c.id).with_for_update()).first()


def lock_halls(tx: Transaction, ids: Sequence[int]) -> None:
    """Let nobody else change these halls until the transaction's end; in a file a writer holds them all."""
    tx.execute(select(halls.c.id).where(halls.c.id.in_(ids)).order_by(halls.c.id).with_for_update()).all()


def reset_hall_row(tx: Transaction, hall: int) -> None:
    """Reset an emptied hall to the state after create()."""
    server_link.note_new_log_end(tx, hall, HallCounters().seq)
    tx.execute(
        update(halls)
        .where(halls.c.id == hall)
        .values(setup_hash="", setup={}, **_counter_values_by_column(HallCounters()))
    )


def insert_hall_row_with_id(tx: Transaction, hall: int, code: str) -> None:
    """Make a hall's row; its first event gives it a set-up."""
    tx.execute(
        insert(halls).values(id=hall, code=code, setup_hash="", setup={}, **_counter_values_by_column(HallCounters()))
    )


def save_counters(tx: Transaction, hall: int, now: HallCounters) -> None:
    server_link.note_new_log_end(tx, hall, now.seq)
    _SAVE.execute(tx, {"key": hall, **_counter_values_by_column(now)})


def save_setup(tx: Transaction, hall: int, hash: str, new: Setup) -> None:
    server_link.forget_locked_row(tx)
    tx.execute(
        update(halls).where(halls.c.id == hall).values(setup_hash=hash, setup=dict(new.document), code=new.hall.code)
    )


def _counter_values_by_column(now: HallCounters) -> dict[str, Any]:
    return {
        "seq": now.seq,
        "hash": now.hash,
        "at": now.at,
        "date": now.date,
        "normal_calls": now.normal_calls,
        "calls_date": now.calls_date,
    }
