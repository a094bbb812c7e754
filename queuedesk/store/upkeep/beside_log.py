"""Compares what stands beside the log with what the log says of it.

The log holds none of these. Where it holds a digest, or notes that something was done, what stands here must follow
from it; the rest must at least be something that the program could have written.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import exists, func, select

from queuedesk.core.log.event import Event
from queuedesk.core.setup.values import Setup
from queuedesk.store.engine.server import is_server
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.engine.values import unreadable
from queuedesk.store.log import events as log
from queuedesk.store.log.journal import CALLS, KEPT, NOTICE
from queuedesk.store.schema.beside import access, announcements, comments, contacts, pin_tries, pins
from queuedesk.store.schema.devices import beats
from queuedesk.store.schema.promise import LEARNED, learned, learned_days
from queuedesk.store.schema.sharing import OWN, database
from queuedesk.store.schema.tables import OUTSIDE, commands, events

_HASH = re.compile(r"[0-9a-f]{32}:[0-9a-f]{128}(:[0-9a-f]{32})?")
_NAMED = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
_COMMENTED = ("rate", "reasons", "opinion")
_CLOSE = timedelta(days=1)
_LONGEST_PAUSE_US = 24 * 3_600_000_000


def faults(tx: Transaction, hall: int, setup: Setup) -> Iterator[str]:
    """Yield what stands beside the log of a hall and can't be so, each as table or table.column with its key."""
    wrong = unreadable(tx, hall, (*OUTSIDE, *LEARNED, pin_tries, beats, *OWN))
    yield from wrong
    spoilt = {name.partition(".")[0] for name in wrong}
    for table, look in (
        (pins, _pins),
        (comments, _comments),
        (contacts, _contacts),
        (announcements, _announcements),
        (access, _refusals),
        (commands, _answers),
        (pin_tries, _tries),
        (database, _database),
        (learned, _learned),
    ):
        if table.name not in spoilt:
            yield from (f"{table.name} {key}".strip() for key in look(tx, hall, setup))


def digest_of_pin(hash: str) -> str:
    """Return what the log keeps of a PIN's hash: enough to see that it was exchanged, nothing to try PINs on."""
    return hashlib.sha256(hash.encode()).hexdigest()


def lost_pins(tx: Transaction, hall: int, setup: Setup) -> list[str]:
    """Return who had a PIN by the log and has none here: so it is in a hall that was merged, or put back from a backup
    without PINs."""
    there = {row.staff for row in tx.execute(select(pins.c.staff).where(pins.c.hall == hall))}
    return sorted(
        staff
        for staff, event in _pin_events(tx, hall).items()
        if _is_set(event) and staff in setup.staff and staff not in there
    )


def _pins(tx: Transaction, hall: int, setup: Setup) -> Iterator[str]:
    known = _pin_events(tx, hall)
    # A server's hall that was put back keeps the PINs that are there where the backup had none.
    may_differ = tx.dialect.name != "sqlite" and any(log.of_kinds(tx, hall, ("restore",)))
    for row in tx.execute(select(pins).where(pins.c.hall == hall)):
        event = known.get(row.staff)
        is_told = event is not None and _is_set(event) and event.data.get("kept") in (None, digest_of_pin(row.hash))
        is_told = is_told or may_differ
        if row.staff not in setup.staff or not _HASH.fullmatch(row.hash) or not is_told:
            yield row.staff


def _pin_events(tx: Transaction, hall: int) -> dict[str, Event]:
    """Return by staff code the last event that says of a person's PIN that it was set or taken away."""
    found = {}
    for event in log.of_kinds(tx, hall, ("set-up",)):
        if event.data.get("op") == "pin" and event.data.get("part") == "staff":
            found[str(event.data.get("code"))] = event
    return found


def _is_set(event: Event) -> bool:
    return event.data.get("set") is True


def _comments(tx: Transaction, hall: int, _setup: Setup) -> Iterator[str]:
    told = {str(event.data.get("comment")): event.at for event in log.of_kinds(tx, hall, _COMMENTED)}
    for row in tx.execute(select(comments).where(comments.c.hall == hall)):
        written = told.get(f"{row.id}:{hashlib.sha256((row.salt + row.text).encode()).hexdigest()}")
        if written is None or abs(row.written - written) > _CLOSE:
            yield row.id


def _contacts(tx: Transaction, hall: int, _setup: Setup) -> Iterator[str]:
    told = {
        str(value)
        for event in log.of_kinds(tx, hall, ("book",))
        for value in event.data.values()
        if isinstance(value, str)
    }
    for row in tx.execute(select(contacts).where(contacts.c.hall == hall)):
        digest = hashlib.sha256((row.salt + row.name + row.contact).encode()).hexdigest()
        if f"{row.id}:{digest}" not in told:
            yield row.id


def _announcements(tx: Transaction, hall: int, _setup: Setup) -> Iterator[str]:
    spoken = exists().where(
        events.c.hall == announcements.c.hall, events.c.seq == announcements.c.seq, events.c.kind.in_((*CALLS, NOTICE))
    )
    for row in tx.execute(select(announcements).where(announcements.c.hall == hall)):
        lengths = [value for value in (row.sound_ms, row.delay_ms) if value is not None]
        if not _NAMED.fullmatch(row.station) or any(not 0 <= value < 2**31 for value in lengths):
            yield str(row.seq)
    lost = select(announcements.c.seq).where(announcements.c.hall == hall, ~spoken).distinct()
    yield from (str(seq) for (seq,) in tx.execute(lost))


def _refusals(tx: Transaction, hall: int, _setup: Setup) -> Iterator[str]:
    """Yield the refusals that nobody can have met, and in a file, which counts without gaps, those that are gone."""
    for row in tx.execute(select(access).where(access.c.hall == hall)):
        if row.code not in KEPT or not _NAMED.fullmatch(row.actor) or not _NAMED.fullmatch(row.verb):
            yield str(row.id)
    if tx.dialect.name == "sqlite":
        first, last, count = tx.execute(
            select(func.min(access.c.id), func.max(access.c.id), func.count(access.c.id))
        ).one()
        if count and (first, last) != (1, count):
            yield f"1-{last}"


def _answers(tx: Transaction, hall: int, _setup: Setup) -> Iterator[str]:
    end = select(func.max(events.c.seq)).where(events.c.hall == hall).scalar_subquery()
    for row in tx.execute(
        select(commands.c.command, commands.c.answer, (commands.c.seq.between(0, end)).label("is_there")).where(
            commands.c.hall == hall
        )
    ):
        if not row.is_there or not isinstance(row.answer, dict):
            yield row.command


def _tries(tx: Transaction, hall: int, _setup: Setup) -> Iterator[str]:
    for row in tx.execute(select(pin_tries).where(pin_tries.c.hall == hall)):
        if not 0 <= row.owed <= _LONGEST_PAUSE_US or not _NAMED.fullmatch(row.person):
            yield row.person


def _database(tx: Transaction, _hall: int, _setup: Setup) -> Iterator[str]:
    """Look at the one row of what the database is; one whose halls went to a server says so by its address."""
    rows = tx.execute(select(database)).all()
    if len(rows) != 1 or rows[0].id != 1 or not re.fullmatch(r"[0-9a-f]{16}", rows[0].epoch):
        yield ""
    elif rows[0].moved_to is not None and not is_server(rows[0].moved_to):
        yield "moved_to"


def _learned(tx: Transaction, hall: int, _setup: Setup) -> Iterator[str]:
    for row in tx.execute(select(learned).where(learned.c.hall == hall)):
        if not isinstance(row.learned, dict):
            yield str(row.date)
    for row in tx.execute(select(learned_days).where(learned_days.c.hall == hall)):
        if not isinstance(row.taught, dict) or not 0 < row.version < 1000:
            yield str(row.date)
