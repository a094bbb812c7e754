"""Words that a person wrote: they stand beside the log, which holds their id and a salted digest."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterable
from datetime import date

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import must_be_storable
from queuedesk.core.quality.contact import checked
from queuedesk.desk.change import Change
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import journal

LONGEST, LONGEST_NAME = 1000, 40
LONGEST_CITED = 100_000
"""Letters; a table of five hundred clerks has about so many."""


def keep(
    change: Change,
    field: str,
    text: str | None,
    *,
    longest: int = LONGEST,
    put: Callable[..., None] = journal.keep_comment,
) -> str | None:
    """Put words beside the log, with the comments unless others read them; return what the log holds of them, None
    where there are none. Raises RuleError "bad_value"."""
    text = (text or "").strip()
    if not text:
        return None
    if len(text) > longest:
        raise RuleError("bad_value", field=field, value=text[:20], why="too_long")
    must_be_storable(field, text)
    id, salt = chance(change, f"{field} {text}")
    put(change.tx, change.book.id, id, salt=salt, text=text, written=change.now)
    return f"{id}:{hashlib.sha256((salt + text).encode()).hexdigest()}"


def needed(
    change: Change,
    field: str,
    text: str | None,
    *,
    longest: int = LONGEST,
    put: Callable[..., None] = journal.keep_comment,
) -> str:
    """Put words beside the log that must be there. Raises RuleError "bad_value"."""
    kept = keep(change, field, text, longest=longest, put=put)
    if kept is None:
        raise RuleError("bad_value", field=field, value=None, why="empty")
    return kept


def chance(change: Change, text: str) -> tuple[str, str]:
    """Return an id and a salt that nobody can guess; in a simulated hall, where nothing is secret, the same each
    time."""
    if change.salts() is not None:
        return secrets.token_hex(8), secrets.token_hex(16)
    digest = hashlib.sha256(f"{change.book.hall().hash} {len(change.appended)} {text}".encode()).hexdigest()
    return digest[:16], digest[16:48]


def words_of(
    tx: Transaction,
    hall: int,
    kept: Iterable[str | None],
    find: Callable[[Transaction, int, Collection[str]], dict[str, str]] = journal.comments_among,
) -> dict[str, str]:
    """Return the words that are still there, by what the log holds of them."""
    asked = {one.partition(":")[0]: one for one in kept if one}
    found = find(tx, hall, asked) if asked else {}
    return {asked[id]: text for id, text in found.items()}


def keep_person(change: Change, name: str, contact: str, until: date) -> str | None:
    """Put somebody's name and contact beside the log until a date; return what the log holds of them, None where there
    are none. Raises RuleError "bad_contact", "bad_value"."""
    reach, who = checked(contact) if contact.strip() else "", " ".join(name.split())
    if not reach and not who:
        return None
    if len(who) > LONGEST_NAME:
        raise RuleError("bad_value", field="name", value=who[:20], why="too_long")
    must_be_storable("name", who)
    id, salt = chance(change, reach or who)
    journal.keep_contact(change.tx, change.book.id, id, salt=salt, name=who, contact=reach, until=until)
    return f"{id}:{hashlib.sha256((salt + who + reach).encode()).hexdigest()}"


def drop_person(change: Change, kept: str | None) -> None:
    """Delete somebody's name and contact, of which the log holds `kept`."""
    if kept is not None:
        journal.drop_contact(change.tx, change.book.id, kept.partition(":")[0])


def people_of(tx: Transaction, hall: int, kept: Iterable[str | None]) -> dict[str | None, tuple[str, str]]:
    """Return the names and contacts that are still there, by what the log holds of them."""
    asked = {one.partition(":")[0]: one for one in kept if one}
    return {asked[id]: person for id, person in journal.contacts_of(tx, hall, list(asked)).items()}
