"""Checks who may read what, for every command and window that only looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Actor, Read, Refusal, Role
from queuedesk.core.network.sharing import may_see
from queuedesk.desk.change import Desk, Document
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.store.engine.database import Database
from queuedesk.store.log import journal
from queuedesk.store.parts import halls


def reader(
    desk: Desk,
    staff: str | None,
    read: Read,
    *,
    pin: str | None,
    now: datetime,
    proven: sign_in_and_pins.Proven | None = None,
) -> Actor:
    """Return the person who reads. While nobody has a PIN the console may read everything; what the hall's screens
    show, everybody may always read.

    Raises RuleError "not_for_you", "pin_needed", and as sign_in_and_pins.who_acts(); the access journal keeps them.
    """
    who = sign_in_and_pins.who_acts(desk, staff, pin=pin, now=now, proven=proven)
    must_read(desk, who, read, now)
    return who


def must_read(desk: Desk, who: Actor, read: Read, now: datetime) -> None:
    """Check that `who` may read that. Raises RuleError "not_for_you", "pin_needed", which the access journal
    records."""
    with _noted(desk, who, f"read-{read}", now):
        who.must_read(read)


def must(desk: Desk, who: Actor, verb: str, now: datetime) -> None:
    """Check that `who` may do what reads the whole hall. Raises RuleError "not_your_role", "pin_needed", which the
    access journal records."""
    with _noted(desk, who, verb, now):
        who.must(verb)


@contextmanager
def _noted(desk: Desk, who: Actor, verb: str, now: datetime) -> Iterator[None]:
    """Keep in the access journal what is refused within."""
    try:
        yield
    except RuleError as error:
        with desk.db.write(desk.hall) as tx:
            journal.keep(tx, desk.hall, at=now, actor=who.name, verb=verb, code=error.code)
        raise


def refusals(desk: Desk, first: date | None = None, last: date | None = None, most: int | None = None) -> list[Refusal]:
    """Return the refusals for lack of rights between two dates of the hall's clock, oldest first; the latest `most` of
    them."""
    with desk.db.read() as tx:
        zone = halls.setup(tx, halls.load(tx, desk.hall)).zone
        since, until = (
            datetime.combine(day, time(), zone) if day else None
            for day in (first, last + timedelta(days=1) if last else None)
        )
        return [Refusal(*row) for row in journal.refusals(tx, desk.hall, since, until, most)]


def must_see_all(desk: Desk, who: Actor) -> None:
    """Check that `who`, of the desk's hall, may read every hall of the database.

    Raises RuleError "not_for_you" for a person whom a hall does not name, and as must_be_open().
    """
    must_be_open(desk.db, who)
    with desk.db.read() as tx:
        known = dict(halls.listed(tx))
        for hall, code in known.items():
            if not may_see(who, known[desk.hall], halls.setup(tx, halls.load(tx, hall))):
                raise RuleError("not_for_you", read=str(Read.FIGURES), role=str(who.role), hall=code)


def must_be_open(db: Database, who: Actor) -> None:
    """Check that an unnamed reader may read all halls of the database. Raises RuleError "who_are_you" where people of
    any have PINs."""
    if who.role is Role.CONSOLE:
        with db.read() as tx:
            if any(journal.pin_salts(tx, hall) for hall, _code in halls.listed(tx)):
                raise RuleError("who_are_you")


def without_ratings(state: HallState) -> HallState:
    """Return the hall as people who may not read ratings see it."""
    state.tickets = {id: replace(ticket, rating=None) for id, ticket in state.tickets.items()}
    state.ratings, state.opinions, state.spoken_comments = {}, {}, []
    return state


def without_rating(document: Document) -> Document:
    """Return a ticket's document as people who may not read ratings see it."""
    return {name: value for name, value in document.items() if name != "rating"}
