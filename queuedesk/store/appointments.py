"""Appointments, and beside the log who they are for: rows to core objects and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, insert, select

from queuedesk.core.appointment import Appointment, Booked
from queuedesk.store.counters import upsert
from queuedesk.store.schema import appointments
from queuedesk.store.schema_beside import contacts
from queuedesk.store.transaction import Transaction


def find(tx: Transaction, hall: int, seq: int) -> Appointment | None:
    """Return the appointment, None when there is none of that number."""
    row = tx.execute(select(appointments).where(appointments.c.hall == hall, appointments.c.seq == seq)).first()
    return _appointment(row) if row else None


def of_days(tx: Transaction, hall: int, first: date | None = None, last: date | None = None) -> list[Appointment]:
    """Return the appointments from `first` to `last`, both included, by their time."""
    wanted = [
        *([appointments.c.date >= first] if first else []),
        *([appointments.c.date <= last] if last else []),
    ]
    rows = tx.execute(select(appointments).where(appointments.c.hall == hall, *wanted))
    return sorted((_appointment(row) for row in rows), key=lambda one: (one.at, one.seq))


def kept(tx: Transaction, hall: int) -> list[Appointment]:
    """Return those for whom a time is still kept, of any date."""
    still = and_(appointments.c.hall == hall, appointments.c.state == Booked.BOOKED.value)
    return sorted((_appointment(row) for row in tx.execute(select(appointments).where(still))), key=lambda one: one.seq)


def save(tx: Transaction, hall: int, one: Appointment) -> None:
    upsert(tx, appointments, asdict(one) | {"hall": hall, "state": one.state.value})


def keep_contact(tx: Transaction, hall: int, id: str, *, salt: str, name: str, contact: str, until: date) -> None:
    """Write who an appointment is for; the log holds the id and a salted digest only."""
    tx.execute(insert(contacts).values(hall=hall, id=id, salt=salt, name=name, contact=contact, until=until))


def contacts_of(tx: Transaction, hall: int, ids: list[str]) -> dict[str, tuple[str, str]]:
    """Return name and contact of those that are still kept, by id."""
    rows = tx.execute(select(contacts).where(contacts.c.hall == hall, contacts.c.id.in_(ids)))
    return {row.id: (row.name, row.contact) for row in rows}


def forget_contacts(tx: Transaction, hall: int, today: date) -> None:
    """Delete the contacts whose date has come."""
    tx.execute(contacts.delete().where(contacts.c.hall == hall, contacts.c.until < today))


def has_old_contacts(tx: Transaction, hall: int, today: date) -> bool:
    old = select(contacts.c.id).where(contacts.c.hall == hall, contacts.c.until < today).limit(1)
    return tx.execute(old).first() is not None


def _appointment(row: Row[Any]) -> Appointment:
    found = {name: value for name, value in row._mapping.items() if name != "hall"}
    return Appointment(**(found | {"state": Booked(found["state"])}))
