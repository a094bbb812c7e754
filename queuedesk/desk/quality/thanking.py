"""Customers' thanks to people who work here: noted by whoever hears them, read by whom they are for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import THANKS
from queuedesk.core.network.roles import Actor, Read
from queuedesk.core.quality.thanks import COMMENT, SOURCES, SPOKEN, Thanks, served_by
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Change, Desk, Document, changes
from queuedesk.desk.documents import iso
from queuedesk.desk.kept_words import keep, words_of
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import journal
from queuedesk.store.parts import halls, part_tables
from queuedesk.store.schema import thanks

LONGEST_WORDS = 200
_MONTH = timedelta(days=30)


@changes("thanks")
def thank(
    change: Change,
    staff: str | None = None,
    *,
    ticket: str | None = None,
    day: date | None = None,
    words: str = "",
    source: str = SPOKEN,
) -> Document:
    """Note a customer's thanks to somebody, or to who served `ticket` last.

    From a comment no ticket is named: which rating it came with stays with managers. Raises RuleError "unknown_staff",
    "unknown_ticket", "nobody_served", "own_thanks", "bad_value".
    """
    if source not in SOURCES:
        raise RuleError("bad_value", field="source", value=source, why="not_a_choice", limit=list(SOURCES))
    about = change.ticket(ticket, day) if ticket else None
    code = staff or served_by(about)
    if code is None:
        raise RuleError("nobody_served", ticket=ticket)
    change.setup.person(code)
    if code == change.who.name:
        raise RuleError("own_thanks")
    event = change.record(
        "thanks",
        ticket=about.id if about is not None and source != COMMENT else None,
        staff=code,
        source=source,
        words=keep(change, "said", words, longest=LONGEST_WORDS, put=journal.keep_for_staff),
    )
    return _answer(change, event.seq)


@changes("thanks-seen")
def mark_seen(change: Change, seq: int) -> Document:
    """Note that somebody has read the thanks to them; a second reading is not noted. Raises RuleError "not_there", for
    thanks to somebody else too."""
    found = change.book.find(THANKS, seq)
    if found is None or (change.who.is_staff and change.who.name != found.staff):
        raise RuleError("not_there", kind="thanks", code=str(seq))
    if found.is_unseen:
        change.record("thanks", seen=seq)
    return _answer(change, seq)


def thanks_of(
    desk: Desk,
    who: Actor,
    now: datetime,
    *,
    first: date | None = None,
    last: date | None = None,
    staff: str | None = None,
) -> list[Document]:
    """Return the thanks of the dates from `first`, by default 30 before `last`, to `last`, by default today, the latest
    first: to `staff`, else to everybody. Who may not read figures reads the own ones."""
    if not who.may_read(Read.FIGURES):
        staff = who.name
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        until = last or business_date(setup, now)
        since = first or until - _MONTH
        among = [thanks.c.date.between(since, until), *([thanks.c.staff == staff] if staff else [])]
        found = part_tables.among(tx, desk.hall, THANKS, *among).values()
        return _documents(tx, desk.hall, setup, found)


def _answer(change: Change, seq: int) -> Document:
    return _documents(change.tx, change.book.id, change.setup, [change.book.get(THANKS, seq)])[0]


def _documents(tx: Transaction, hall: int, setup: Setup, found: Iterable[Thanks]) -> list[Document]:
    rows = sorted(found, key=lambda one: (one.time, one.seq), reverse=True)
    said = words_of(tx, hall, [one.words for one in rows], journal.kept_for_staff)
    return [
        {
            "thanks": one.seq,
            "date": one.date.isoformat(),
            "at": iso(setup, one.time),
            "staff": one.staff,
            "ticket": one.ticket,
            "source": one.source,
            "words": said.get(one.words or ""),
            "by": one.by,
            "seen": iso(setup, one.seen),
        }
        for one in rows
    ]
