"""Checks the rights of all reads, with an access journal of refusals; stores and finds words outside the log.

Words that a person wrote, names and contacts are stored outside the log, which has an "id:digest" of each."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import require_storable
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Actor, ReadScope, RefusalForLackOfRights, Role
from queuedesk.core.network.sharing import may_person_view_hall
from queuedesk.core.quality.case import normalized_contact
from queuedesk.desk.change import Desk, Document, HallChange
from queuedesk.desk.queue import opening
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import journal
from queuedesk.store.parts import halls


def authorized_reader(
    desk: Desk,
    staff: str | None,
    read: ReadScope,
    *,
    pin: str | None,
    now: datetime,
    proven: opening.Proven | None = None,
) -> Actor:
    """Return the reader, after a check of the right `read`. While nobody has a PIN, the console may read everything;
    what the hall's screens show, anybody may always read. Raises RuleError "not_for_you", "pin_needed", and as
    sign_in_and_pins.require_and_get_proven_actor(); all are journalled."""
    who = opening.require_and_get_proven_actor(desk, staff, pin=pin, now=now, proven=proven)
    require_right_to_read(desk, who, read, now)
    return who


def require_right_to_read(desk: Desk, who: Actor, read: ReadScope, now: datetime) -> None:
    """Check that `who` has the right `read`. Raises RuleError "not_for_you", "pin_needed", which go into the access
    journal."""
    with _record_refusals_in_journal(desk, who, f"read-{read}", now):
        who.require_read_right(read)


def require_right_to_verb(desk: Desk, who: Actor, verb: str, now: datetime) -> None:
    """Check that `who` may use a verb that reads the whole hall. Raises RuleError "not_your_role", "pin_needed", which
    go into the access journal."""
    with _record_refusals_in_journal(desk, who, verb, now):
        who.require_may(verb)


@contextmanager
def _record_refusals_in_journal(desk: Desk, who: Actor, verb: str, now: datetime) -> Iterator[None]:
    """Record refusals raised within the block in the access journal."""
    try:
        yield
    except RuleError as error:
        with desk.db.write(desk.hall) as tx:
            journal.write_refusal(tx, desk.hall, at=now, actor=who.name, verb=verb, code=error.code)
        raise


def latest_refusals_for_lack_of_rights(
    desk: Desk, first: date | None = None, last: date | None = None, most: int | None = None
) -> list[RefusalForLackOfRights]:
    """Return the latest `most` refusals for lack of rights from `first` to `last` (dates of the hall's clock), oldest
    first."""
    with desk.db.read() as tx:
        zone = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall)).time_zone
        since, until = (
            datetime.combine(day, time(), zone) if day else None
            for day in (first, last + timedelta(days=1) if last else None)
        )
        return [RefusalForLackOfRights(*row) for row in journal.refusals_in_journal(tx, desk.hall, since, until, most)]


def require_right_to_all_halls(desk: Desk, who: Actor) -> None:
    """Check that `who`, of the desk's hall, may read all halls of the database. Raises RuleError "not_for_you" if a
    hall does not list the person, and as require_known_reader()."""
    require_known_reader(desk.db, who)
    with desk.db.read() as tx:
        codes = dict(halls.hall_ids_and_codes(tx))
        for hall, code in codes.items():
            if not may_person_view_hall(
                who, codes[desk.hall], halls.setup_of_hall_row(tx, halls.load_hall_row(tx, hall))
            ):
                raise RuleError("not_for_you", read=str(ReadScope.FIGURES), role=str(who.role), hall=code)


def require_known_reader(db: Database, who: Actor) -> None:
    """Check that an unnamed reader may read all halls of the database. Raises RuleError "who_are_you" if anybody in
    them has a PIN."""
    if who.role is Role.CONSOLE:
        with db.read() as tx:
            if any(journal.pin_salts(tx, hall) for hall, _code in halls.hall_ids_and_codes(tx)):
                raise RuleError("who_are_you")


def strip_ratings_from_state(state: HallState) -> HallState:
    """Remove the ratings, opinions and comments from `state`, and return it, for readers who may not see them."""
    state.tickets = {id: replace(ticket, rating=None) for id, ticket in state.tickets.items()}
    state.ratings, state.opinions, state.spoken_comments = {}, {}, []
    return state


def document_without_rating(document: Document) -> Document:
    """Return a ticket's document without its rating, for readers who may not see ratings."""
    return {name: value for name, value in document.items() if name != "rating"}


LONGEST, LONGEST_NAME = 1000, 40
LONGEST_CITED = 100_000
"""In characters: about those of a table of five hundred clerks."""


def store_words_and_give_log_reference(
    change: HallChange,
    field: str,
    text: str | None,
    *,
    longest: int = LONGEST,
    put: Callable[..., None] = journal.store_comment,
) -> str | None:
    """Store words outside the log by `put` (default: with the comments), and return their "id:digest" for the log, None
    for empty ones. Raises RuleError "bad_value"."""
    text = (text or "").strip()
    if not text:
        return None
    if len(text) > longest:
        raise RuleError("bad_value", field=field, value=text[:20], why="too_long")
    require_storable(field, text)
    id, salt = new_id_and_salt(change, f"{field} {text}")
    put(change.tx, change.book.id, id, salt=salt, text=text, written=change.now)
    return f"{id}:{hashlib.sha256((salt + text).encode()).hexdigest()}"


def store_required_words(
    change: HallChange,
    field: str,
    text: str | None,
    *,
    longest: int = LONGEST,
    put: Callable[..., None] = journal.store_comment,
) -> str:
    """Store words as store_words_and_give_log_reference(); empty ones raise RuleError "bad_value"."""
    stored = store_words_and_give_log_reference(change, field, text, longest=longest, put=put)
    if stored is None:
        raise RuleError("bad_value", field=field, value=None, why="empty")
    return stored


def new_id_and_salt(change: HallChange, text: str) -> tuple[str, str]:
    """Return a random id and salt; in a simulated hall, which is reproducible, derived from `text` and the log."""
    if change.salts() is not None:
        return secrets.token_hex(8), secrets.token_hex(16)
    digest = hashlib.sha256(f"{change.book.hall_counters().hash} {len(change.appended)} {text}".encode()).hexdigest()
    return digest[:16], digest[16:48]


def stored_words(
    tx: Transaction,
    hall: int,
    kept: Iterable[str | None],
    find: Callable[[Transaction, int, Collection[str]], dict[str, str]] = journal.stored_comments_by_id,
) -> dict[str, str]:
    """Return the words that are not deleted, by their "id:digest"."""
    by_id = {stored.partition(":")[0]: stored for stored in kept if stored}
    texts = find(tx, hall, by_id) if by_id else {}
    return {by_id[id]: text for id, text in texts.items()}


def store_person_outside_log(change: HallChange, name: str, contact: str, until: date) -> str | None:
    """Store a name and contact outside the log until a date, and return their "id:digest" for the log, None if both are
    empty. Raises RuleError "bad_contact", "bad_value"."""
    reach, who = normalized_contact(contact) if contact.strip() else "", " ".join(name.split())
    if not reach and not who:
        return None
    if len(who) > LONGEST_NAME:
        raise RuleError("bad_value", field="name", value=who[:20], why="too_long")
    require_storable("name", who)
    id, salt = new_id_and_salt(change, reach or who)
    journal.store_appointment_contact(change.tx, change.book.id, id, salt=salt, name=who, contact=reach, until=until)
    return f"{id}:{hashlib.sha256((salt + who + reach).encode()).hexdigest()}"


def delete_stored_person(change: HallChange, kept: str | None) -> None:
    """Delete the name and contact with the "id:digest" `kept`."""
    if kept is not None:
        journal.delete_stored_contact(change.tx, change.book.id, kept.partition(":")[0])


def stored_people_by_id(tx: Transaction, hall: int, kept: Iterable[str | None]) -> dict[str | None, tuple[str, str]]:
    """Return the names and contacts that are not deleted, by their "id:digest"."""
    by_id = {stored.partition(":")[0]: stored for stored in kept if stored}
    return {by_id[id]: person for id, person in journal.stored_contacts_by_id(tx, hall, list(by_id)).items()}
