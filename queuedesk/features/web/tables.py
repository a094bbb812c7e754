"""Reads and writes what the web stores beside the log, and finds the tickets of links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import bindparam, delete, func, insert, select, update

from queuedesk.features.web import rules
from queuedesk.store.engine.types import Transaction
from queuedesk.store.schema import table_named, tickets, upsert_rows

_secrets = table_named(rules.SECRETS.name)
_serving = table_named(rules.SERVING.name)
_bookings, _progress = table_named(rules.BOOKINGS.name), table_named(rules.PROGRESS.name)
_english_progress = table_named(rules.ENGLISH_PROGRESS.name)
SIGNS_BETWEEN = "-/._"
_keys, _hooks, _positions = (table_named(table.name) for table in (rules.KEYS, rules.HOOKS, rules.HOOK_POSITIONS))
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


def delete_link_secret_of_hall(tx: Transaction, hall: int) -> None:
    tx.execute(delete(_secrets).where(_secrets.c.hall == hall))


def store_web_serving(tx: Transaction, hall: int, row: rules.WebServing) -> None:
    """Store what a process says of itself, in place of what it or one before it said."""
    upsert_rows(tx, _serving, {"hall": hall, **asdict(row)})


def mark_process_to_end_if_stored(tx: Transaction, hall: int, station: str) -> bool:
    """Store that a process is wanted to end; return whether there is such a row."""
    of = (_serving.c.hall == hall, _serving.c.station == station)
    return tx.execute(update(_serving).where(*of).values(ending=True)).rowcount > 0


def delete_web_serving(tx: Transaction, hall: int, station: str) -> None:
    tx.execute(delete(_serving).where(_serving.c.hall == hall, _serving.c.station == station))


def serving_processes(tx: Transaction, hall: int) -> list[rules.WebServing]:
    rows = tx.execute(select(_serving).where(_serving.c.hall == hall).order_by(_serving.c.station)).mappings()
    return [rules.WebServing(**{key: row[key] for key in rules.WebServing.__struct_fields__}) for row in rows]


def dates_labels_tokens_of_tickets(
    tx: Transaction, hall: int, first: date, last: date
) -> Iterator[tuple[date, str, str]]:
    """Yield date, number and letters of the tickets of these dates, the latest date first."""
    yield from (tuple(row) for row in tx.execute(_TICKETS, {"of": hall, "first": first, "last": last}))


def add_booking(tx: Transaction, hall: int, number: int, *, code: str, contact: str, until: date) -> None:
    """Store the digests of an appointment's code and contact."""
    row = {"hall": hall, "number": number, "code": code, "contact": contact, "until": until}
    tx.execute(insert(_bookings), row)


def booked_number_and_contact_digest(tx: Transaction, hall: int, code: str) -> tuple[int, str] | None:
    """Return the number of the appointment with this digest of a code, and the digest of its contact."""
    found = tx.execute(
        select(_bookings.c.number, _bookings.c.contact).where(_bookings.c.hall == hall, _bookings.c.code == code)
    ).one_or_none()
    return None if found is None else (found.number, found.contact)


def booked_numbers_of_contact(tx: Transaction, hall: int, contact: str) -> list[int]:
    query = select(_bookings.c.number).where(_bookings.c.hall == hall, _bookings.c.contact == contact)
    return list(tx.execute(query).scalars())


def delete_booking(tx: Transaction, hall: int, number: int) -> None:
    tx.execute(delete(_bookings).where(_bookings.c.hall == hall, _bookings.c.number == number))


def delete_bookings_before(tx: Transaction, hall: int, day: date) -> None:
    tx.execute(delete(_bookings).where(_bookings.c.hall == hall, _bookings.c.until < day))


def replace_case_progress(
    tx: Transaction, hall: int, rows: Iterable[rules.CaseProgress], in_english: Iterable[rules.EnglishCaseProgress]
) -> None:
    """Store these states in place of all that were there."""
    for table, records in ((_progress, rows), (_english_progress, in_english)):
        tx.execute(delete(table).where(table.c.hall == hall))
        given = [{"hall": hall, **asdict(record)} for record in records]
        if given:
            tx.execute(insert(table), given)


def case_progress_by_reference(tx: Transaction, hall: int, reference: str) -> rules.CaseProgress | None:
    """Return the state of a case. A reference typed without its signs between the letters is found if one case has
    it."""
    exact = select(_progress).where(_progress.c.hall == hall, _progress.c.reference == reference)
    found = tx.execute(exact).one_or_none()
    if found is None:
        bare: Any = _progress.c.reference
        for sign in SIGNS_BETWEEN:
            bare = func.replace(bare, sign, "")
        plain = reference.translate(dict.fromkeys(map(ord, SIGNS_BETWEEN)))
        rows = tx.execute(select(_progress).where(_progress.c.hall == hall, bare == plain).limit(2)).all()
        found = rows[0] if len(rows) == 1 and plain else None
    return None if found is None else rules.CaseProgress(found.reference, found.state, found.since, found.note)


def case_progress_in_english(tx: Transaction, hall: int, reference: str) -> rules.EnglishCaseProgress | None:
    of = (_english_progress.c.hall == hall, _english_progress.c.reference == reference)
    found = tx.execute(select(_english_progress).where(*of)).one_or_none()
    return None if found is None else rules.EnglishCaseProgress(found.reference, found.state, found.note)


def has_progress(tx: Transaction, hall: int) -> bool:
    return tx.execute(select(_progress.c.reference).where(_progress.c.hall == hall).limit(1)).first() is not None


# -- keys of other programs, and addresses that events are sent to -----------------------------------------------------


def program_api_keys(tx: Transaction, hall: int) -> list[rules.ProgramKey]:
    """Return the keys by name."""
    rows = tx.execute(select(_keys).where(_keys.c.hall == hall).order_by(_keys.c.name))
    return [rules.ProgramKey(name=row.name, digest=row.digest, scopes=tuple(row.scopes), made=row.made) for row in rows]


def store_program_key(tx: Transaction, hall: int, key: rules.ProgramKey) -> None:
    tx.execute(insert(_keys), {"hall": hall, **asdict(key), "scopes": list(key.scopes)})


def delete_key_and_tell_if_existed(tx: Transaction, hall: int, name: str) -> bool:
    """Delete a key; return whether there was one."""
    return tx.execute(delete(_keys).where(_keys.c.hall == hall, _keys.c.name == name)).rowcount > 0


def web_hooks(tx: Transaction, hall: int) -> list[rules.WebHook]:
    """Return the addresses that events are sent to, by number."""
    rows = tx.execute(select(_hooks).where(_hooks.c.hall == hall).order_by(_hooks.c.number))
    return [rules.WebHook(number=row.number, address=row.address, secret=row.secret, after=row.after) for row in rows]


def store_hook(tx: Transaction, hall: int, hook: rules.WebHook) -> None:
    tx.execute(insert(_hooks), {"hall": hall, **asdict(hook)})


def delete_hook_and_tell_if_there(tx: Transaction, hall: int, number: int) -> bool:
    """Delete an address; return whether there was one."""
    for table in (_positions, _hooks):
        gone = tx.execute(delete(table).where(table.c.hall == hall, table.c.number == number))
    return gone.rowcount > 0


def hook_positions(tx: Transaction, hall: int) -> dict[int, int]:
    """Return the last event that each address took, by the address's number."""
    rows = tx.execute(select(_positions).where(_positions.c.hall == hall))
    return {row.number: row.seq for row in rows}


def store_hook_position(tx: Transaction, hall: int, position: rules.LastEventTakenByHook) -> None:
    upsert_rows(tx, _positions, {"hall": hall, **asdict(position)})
