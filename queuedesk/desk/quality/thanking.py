"""Notes what customers say: thanks to people who work here, spoken comments, notes by the hall's reference number.

Thanks are read by whom they are for; a manager marks comments as read. Notes on customers are kept with consent, until
a date, and are off unless the rule says so.

A note stands among the contacts, in place of a name and a contact its words and a salted digest of the number with its
last letters: whoever types the number finds it, nobody reads the number from it, and it is deleted as contacts are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import Event, must_be_storable
from queuedesk.core.log.state import THANKS
from queuedesk.core.network.roles import Actor, ReadScope
from queuedesk.core.quality.case import CLASSES, id_of
from queuedesk.core.quality.thanks import COMMENT, SOURCES, SPOKEN, Thanks, served_by
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Change, Desk, Document, changes, iso
from queuedesk.desk.looking import today
from queuedesk.desk.reading import chance, keep, words_of
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events, journal
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
    if not who.may_read(ReadScope.FIGURES):
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
    said = words_of(tx, hall, [row.words for row in rows], journal.kept_for_staff)
    return [
        {
            "thanks": row.seq,
            "date": row.date.isoformat(),
            "at": iso(setup, row.time),
            "staff": row.staff,
            "ticket": row.ticket,
            "source": row.source,
            "words": said.get(row.words or ""),
            "by": row.by,
            "seen": iso(setup, row.seen),
        }
        for row in rows
    ]


@changes("comment")
def note(change: Change, text: str, *, klass: str, ticket: str | None = None, day: date | None = None) -> Document:
    """Note a customer's words, about a ticket or about none. Raises RuleError "bad_value", "unknown_ticket"."""
    if klass not in CLASSES:
        raise RuleError("bad_value", field="class", value=klass, why="not_a_choice", limit=list(CLASSES))
    about = change.ticket(ticket, day) if ticket is not None else None
    kept = keep(change, "comment", text)
    if kept is None:
        raise RuleError("bad_value", field="comment", value=None, why="empty")
    # Which ticket it is about stands in the data alone: who may not read what customers say sees nothing of it.
    data: dict[str, Any] = {"class": klass, "comment": kept, "salt": change.salts()}
    if about is not None:
        data |= {"about": about.label, "day": about.date.isoformat()}
    change.record("comment", **data)
    return {"comment": id_of(kept)}


@changes("comment-read")
def mark_read(change: Change, id: str, *, read: bool = True) -> Document:
    """Mark a comment as read, or take the mark back. Raises RuleError "unknown_comment"."""
    if not journal.has_comment(change.tx, change.book.id, id):
        raise RuleError("unknown_comment", comment=id)
    change.record("comment-read", comment=id, read=read)
    return {"comment": id, "read": read}


SHORTEST_NUMBER, LONGEST_NUMBER = 4, 40
USUAL_DAYS, MOST_DAYS = 365, 731
SHOWN = 3
"""So many letters of a number are shown: too few to find it, enough to tell two apart."""


class Written(Struct, frozen=True):
    """A note that is still kept: `tail` are the last letters of its number."""

    id: str
    words: str
    tail: str
    until: date


@changes("notes")
def add(change: Change, ref: str, words: str, *, until: date | None = None) -> Document:
    """Keep a note to which the customer agreed, by default for a year. Raises RuleError "notes_off", "bad_value"."""
    _must_be_on(change)
    number, text = _number(ref), words.strip()
    if not text or len(text) > LONGEST_WORDS:
        raise RuleError("bad_value", field="words", value=text[:20], why="too_long" if text else "empty")
    must_be_storable("words", text)
    last = until or change.date + timedelta(days=USUAL_DAYS)
    if not change.date <= last <= change.date + timedelta(days=MOST_DAYS):
        raise RuleError("bad_value", field="until", value=last.isoformat(), why="out_of_range")
    id, salt = chance(change, f"{number} {text}")
    found = _digest(salt, number)
    tail = number[-SHOWN:]
    journal.keep_reference_note(
        change.tx, change.book.id, id, salt=salt, words=text, found=found, tail=tail, until=last
    )
    kept = hashlib.sha256((salt + text + journal.reference_of(found, tail)).encode()).hexdigest()
    change.record("notes", asked=True, note=f"{id}:{kept}", until=last.isoformat())
    return _document(Written(id, text, tail, last))


@changes("notes")
def decline(change: Change) -> Document:
    """Note that a customer was asked and does not want a note: nothing is kept. Raises RuleError "notes_off"."""
    _must_be_on(change)
    change.record("notes", asked=True)
    return {"asked": True, "note": None}


@changes("notes")
def end(change: Change, note: str) -> Document:
    """Delete a note at once. Raises RuleError "not_there"."""
    if not journal.drop_reference_note(change.tx, change.book.id, note):
        raise RuleError("not_there", kind="reference_note", code=note)
    change.record("notes", ended=note)
    return {"note": note, "ended": True}


def notes_for(desk: Desk, ask: Ask, ref: str) -> list[Document]:
    """Return the notes on who has this number, those that end first first; none whose date has come. Raises RuleError
    "bad_value", "notes_off"."""
    number, day = _number(ref), today(desk, ask.now)
    with desk.db.read() as tx:
        if not halls.setup(tx, halls.load(tx, desk.hall)).is_on("reference_notes"):
            raise RuleError("notes_off")
        rows = journal.reference_notes(tx, desk.hall, day)
    return [
        _document(Written(id, words, tail, until))
        for id, salt, words, found, tail, until in rows
        if _digest(salt, number) == found
    ]


def notes_of(desk: Desk, ask: Ask) -> Document:
    """Return every note that is kept, with who wrote it when, and how complete they are: of the customers who were
    asked in the last year, the share whose note is there still. Raises RuleError "not_for_you" for who may not read
    the log."""
    ask.who.must_read(ReadScope.LOG)
    day = today(desk, ask.now)
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        rows = journal.reference_notes(tx, desk.hall, day)
        log = events.of_dates(tx, desk.hall, day - timedelta(days=MOST_DAYS), day, ("notes",))
    known: dict[str, Event] = {str(event.data.get("note")).partition(":")[0]: event for event in log}
    year = (day - timedelta(days=USUAL_DAYS)).isoformat()
    asked = [event for event in log if event.data.get("asked") and event.data["date"] >= year]
    there = {row[0] for row in rows}
    valid = sum(str(event.data.get("note")).partition(":")[0] in there for event in asked)
    notes = []
    for id, _salt, words, _found, tail, until in rows:
        event = known.get(id)
        by = {"by": event.actor if event else None, "at": iso(setup, event.time) if event else None}
        notes.append({**_document(Written(id, words, tail, until)), **by})
    return {"notes": notes, "asked": len(asked), "valid": valid, "share": valid / len(asked) if asked else None}


def _document(one: Written) -> Document:
    return {"note": one.id, "reference": f"••• {one.tail}", "words": one.words, "until": one.until.isoformat()}


def _must_be_on(change: Change) -> None:
    if not change.setup.is_on("reference_notes"):
        raise RuleError("notes_off")


def _number(ref: str) -> str:
    """Return a number as it is compared: without blanks and dashes, in capitals."""
    number = "".join(letter for letter in ref.upper() if letter.isalnum())
    if not SHORTEST_NUMBER <= len(number) <= LONGEST_NUMBER:
        raise RuleError("bad_value", field="ref", value=None, why="out_of_range")
    return number


def _digest(salt: str, number: str) -> str:
    return hashlib.sha256(f"{salt} {number}".encode()).hexdigest()
