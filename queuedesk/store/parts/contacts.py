"""Names and contacts of appointments: beside the log, until their date has passed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert, select

from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.schema.beside import contacts


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
