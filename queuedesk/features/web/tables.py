"""Reads and writes what the web stores beside the log, and finds the tickets of links."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec.structs import asdict
from sqlalchemy import bindparam, delete, insert, select

from queuedesk.features.web.rules import SECRETS, SERVING, WebServing
from queuedesk.store.engine.types import Transaction
from queuedesk.store.schema import FEATURE_TABLES, tickets, upsert

_secrets = FEATURE_TABLES[SECRETS.name]
_serving = FEATURE_TABLES[SERVING.name]
_SECRET = select(_secrets.c.secret).where(_secrets.c.hall == bindparam("of"))
_TICKETS = (
    select(tickets.c.date, tickets.c.label, tickets.c.token)
    .where(tickets.c.hall == bindparam("of"), tickets.c.date.between(bindparam("first"), bindparam("last")))
    .order_by(tickets.c.date.desc())
)


def link_secret(tx: Transaction, hall: int) -> bytes | None:
    """Return the hall's secret, None before there is one."""
    stored = tx.execute(_SECRET, {"of": hall}).scalar_one_or_none()
    return None if stored is None else bytes.fromhex(stored)


def store_link_secret(tx: Transaction, hall: int, secret: bytes) -> None:
    """Store the secret of a hall that has none."""
    tx.execute(insert(_secrets), {"hall": hall, "secret": secret.hex()})


def delete_link_secret(tx: Transaction, hall: int) -> None:
    tx.execute(delete(_secrets).where(_secrets.c.hall == hall))


def store_serving(tx: Transaction, hall: int, row: WebServing) -> None:
    """Store what a process says of itself, in place of what it or one before it said."""
    upsert(tx, _serving, {"hall": hall, **asdict(row)})


def delete_serving(tx: Transaction, hall: int, station: str) -> None:
    tx.execute(delete(_serving).where(_serving.c.hall == hall, _serving.c.station == station))


def serving_processes(tx: Transaction, hall: int) -> list[WebServing]:
    rows = tx.execute(select(_serving).where(_serving.c.hall == hall).order_by(_serving.c.station)).mappings()
    return [WebServing(**{key: row[key] for key in WebServing.__struct_fields__}) for row in rows]


def tickets_between(tx: Transaction, hall: int, first: date, last: date) -> Iterator[tuple[date, str, str]]:
    """Yield date, number and letters of the tickets of these dates, the latest date first."""
    yield from (tuple(row) for row in tx.execute(_TICKETS, {"of": hall, "first": first, "last": last}))
