"""The hall's equipment: rows to core objects and back, and the signs of life of its stations."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, select

from queuedesk.core.device import Device, Key, Outage
from queuedesk.store import schema_devices as schema
from queuedesk.store import sharing
from queuedesk.store.counters import upsert
from queuedesk.store.schema_devices import beats, outages
from queuedesk.store.transaction import Transaction

_ALL = select(schema.devices).where(schema.devices.c.hall == bindparam("hall"))
_ONE = _ALL.where(schema.devices.c.device == bindparam("device"), schema.devices.c.station == bindparam("station"))
_BEATS = select(beats).where(beats.c.hall == bindparam("hall"))


def devices(tx: Transaction, hall: int) -> dict[Key, Device]:
    """Return every device that ever reported."""
    found = [Device(**_own(row)) for row in tx.execute(_ALL, {"hall": hall})]
    return {one.key: one for one in sorted(found, key=attrgetter("key"))}


def find(tx: Transaction, hall: int, key: Key) -> Device | None:
    """Return a device as it stands, None when it never reported."""
    row = tx.execute(_ONE, {"hall": hall, "device": key[0], "station": key[1]}).first()
    return Device(**_own(row)) if row else None


def save(tx: Transaction, hall: int, one: Device) -> None:
    upsert(tx, schema.devices, asdict(one) | {"hall": hall})


def outage(tx: Transaction, hall: int, seq: int) -> Outage:
    """Return the outage that the event `seq` began."""
    (found,) = _outages(tx, hall, outages.c.seq == seq)
    return found


def all_outages(tx: Transaction, hall: int) -> dict[int, Outage]:
    """Return every outage of the hall by the seq of the event that began it."""
    return {one.seq: one for one in _outages(tx, hall)}


def outages_between(tx: Transaction, hall: int, start: datetime, end: datetime) -> dict[int, Outage]:
    """Return the outages that lasted at any time from `start` to `end`, and those that go on now."""
    over = _outages(tx, hall, and_(outages.c.end > start, outages.c.start < end))
    running = _outages(tx, hall, outages.c.end.is_(None))
    return {one.seq: one for one in sorted([*over, *running], key=attrgetter("seq"))}


def save_outage(tx: Transaction, hall: int, one: Outage) -> None:
    upsert(tx, outages, asdict(one) | {"hall": hall})


def beat(tx: Transaction, hall: int, key: Key, time: datetime) -> None:
    """Write a station's sign of life, and that of the PC it runs on where PCs share the hall."""
    upsert(tx, beats, {"hall": hall, "device": key[0], "station": key[1], "time": time})
    sharing.saw(tx)


def last_beats(tx: Transaction, hall: int) -> dict[Key, datetime]:
    """Return when each station gave its last sign of life; those that ended have none."""
    return {(row.device, row.station): row.time for row in tx.execute(_BEATS, {"hall": hall})}


def last_signs(tx: Transaction, among: Collection[int]) -> dict[int, datetime]:
    """Return when any station of each of these halls gave its last sign of life; a hall without one is not there."""
    newest = func.max(beats.c.time).label("time")
    rows = tx.execute(select(beats.c.hall, newest).where(beats.c.hall.in_(among)).group_by(beats.c.hall))
    return {row.hall: row.time for row in rows}


def forget_beat(tx: Transaction, hall: int, key: Key) -> None:
    """Expect no more signs of life of a station."""
    tx.execute(beats.delete().where(beats.c.hall == hall, beats.c.device == key[0], beats.c.station == key[1]))


def _outages(tx: Transaction, hall: int, *conditions: ColumnElement[bool]) -> list[Outage]:
    rows = tx.execute(select(outages).where(outages.c.hall == hall, *conditions))
    return sorted((Outage(**_own(row)) for row in rows), key=attrgetter("seq"))


def _own(row: Row[Any]) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name != "hall"}
