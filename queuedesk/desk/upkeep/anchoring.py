"""Judges whether a hall's log is still the one that a sheet was printed from."""

from __future__ import annotations

from collections.abc import Sequence

from queuedesk.core.errors import RuleError
from queuedesk.core.upkeep.check_code import (
    OTHER,
    UNKNOWN,
    Anchor,
    Claim,
    Held,
    LogSeen,
    Standing,
    judged,
    looked_through,
)
from queuedesk.desk.change import Desk
from queuedesk.desk.upkeep.examining import UNREADABLE, unreadable_at
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.log import events, log_dates
from queuedesk.store.parts import halls
from queuedesk.store.rights import withheld_ratings


def anchor(desk: Desk, seq: int) -> Anchor | None:
    """Return the end of the hall's log at event `seq`."""
    with desk.db.read() as tx:
        return log_dates.anchor(tx, desk.hall, seq)


def hold(db: Database, claims: Sequence[Claim], hall: str | None = None) -> list[Held]:
    """Hold what a sheet says against every hall of the database, or the one named, and return what became of each.

    Each log is read as a whole and its chain worked out anew: a second for thirty thousand events. Raises RuleError
    "unknown_hall".
    """
    found: list[list[Held]] = [[] for _claim in claims]
    with db.read() as tx:
        for id, code in halls.listed(tx):
            if hall in (None, code):
                local, seen = halls.setup(tx, halls.load(tx, id)).local, _looked_through(tx, id, claims)
                for claim, halls_of_it in zip(claims, found, strict=True):
                    halls_of_it.append(Held(code, judged(claim, seen), local))
    if not all(found):
        raise RuleError("unknown_hall", hall=hall)
    # What each is about; where no hall says so, the first.
    return [min(several, key=_place) for several in found]


def held_in(desk: Desk, claims: Sequence[Claim]) -> list[Standing]:
    """Return what became of each claim in this hall, as hold() does."""
    with desk.db.read() as tx:
        log = _looked_through(tx, desk.hall, claims)
    return [judged(claim, log) for claim in claims]


def _looked_through(tx: Transaction, hall: int, claims: Sequence[Claim]) -> LogSeen:
    try:
        return looked_through(events.all_of(tx, hall), claims, reads_ratings=withheld_ratings.reads_ratings(tx))
    except UNREADABLE:  # What is no event any more breaks the log there.
        return LogSeen(last=halls.load(tx, hall).now.seq, broken=unreadable_at(tx, hall))


def _place(held: Held) -> tuple[bool, bool]:
    return not held.standing.holds, held.standing.word in (UNKNOWN, OTHER)


def stand(desk: Desk, claims: Sequence[Claim]) -> list[Standing]:
    """Return the same by what the hall's log says of itself: at once, but only worth something where its chain is
    whole."""
    with desk.db.read() as tx:
        log = log_dates.log_seen(tx, desk.hall, [claim.seq for claim in claims if claim.seq is not None])
        if not all(judged(claim, log).holds for claim in claims):
            log.put_back += log_dates.put_back(tx, desk.hall)
    return [judged(claim, log) for claim in claims]
