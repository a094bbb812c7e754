"""Outages by time, and the signs of life of a hall's stations."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, bindparam, func, select

from queuedesk.core.log.state import OUTAGES
from queuedesk.core.talk.device import Key, Outage
from queuedesk.store.engine.types import Transaction
from queuedesk.store.parts import part_tables, sharing
from queuedesk.store.schema.table import upsert
from queuedesk.store.schema.tables import beats, outages

_BEATS = select(beats).where(beats.c.hall == bindparam("hall"))


def outages_between(tx: Transaction, hall: int, start: datetime, end: datetime) -> dict[int, Outage]:
    """Return the outages that touch the time from `start` to `end`, and those going on now."""
    over = part_tables.among(tx, hall, OUTAGES, and_(outages.c.end > start, outages.c.start < end))
    running = part_tables.among(tx, hall, OUTAGES, outages.c.end.is_(None))
    return dict(sorted({**over, **running}.items()))


def beat(tx: Transaction, hall: int, key: Key, time: datetime) -> None:
    """Write a station's sign of life, and that of the PC it runs on where PCs share the hall."""
    upsert(tx, beats, {"hall": hall, "device": key[0], "station": key[1], "time": time})
    sharing.saw(tx)


def last_beats(tx: Transaction, hall: int) -> dict[Key, datetime]:
    """Return each station's last sign of life; stations that were ended have none."""
    return {(row.device, row.station): row.time for row in tx.execute(_BEATS, {"hall": hall})}


def last_signs(tx: Transaction, among: Collection[int]) -> dict[int, datetime]:
    """Return the last sign of life of any station for each of these halls; a hall without one is left out."""
    newest = func.max(beats.c.time).label("time")
    rows = tx.execute(select(beats.c.hall, newest).where(beats.c.hall.in_(among)).group_by(beats.c.hall))
    return {row.hall: row.time for row in rows}


def forget_beat(tx: Transaction, hall: int, key: Key) -> None:
    """Expect no more signs of life of a station."""
    tx.execute(beats.delete().where(beats.c.hall == hall, beats.c.device == key[0], beats.c.station == key[1]))
