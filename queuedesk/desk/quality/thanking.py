"""Records thanks to staff, spoken comments, and notes on customers by the hall's reference number.

Thanks are read by the person they are for; managers mark comments as read. Notes on customers need consent, are stored
until a date, and are off unless the hall's rule turns them on.

A note is stored with the contacts: its words, and a salted digest of the number with its last letters instead of name
and contact. It is found by typing the number, which can't be read from it, and is deleted as contacts are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import Event, require_storable
from queuedesk.core.log.state import THANKS
from queuedesk.core.network.roles import Actor, ReadScope
from queuedesk.core.quality.case import CLASSES, id_of_words_entry
from queuedesk.core.quality.thanks import COMMENT, SOURCES, SPOKEN, Thanks, last_clerk_of
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk, Document, HallChange, iso_local, runs_in_transaction
from queuedesk.desk.looking import business_date_of_change
from queuedesk.desk.reading import new_id_and_salt, store_words_and_give_log_reference, stored_words
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events, journal
from queuedesk.store.parts import halls, part_tables
from queuedesk.store.schema import thanks

LONGEST_WORDS = 200
_MONTH = timedelta(days=30)


@runs_in_transaction("thanks")
def record_thanks(
    change: HallChange,
    staff: str | None = None,
    *,
    ticket: str | None = None,
    day: date | None = None,
    words: str = "",
    source: str = SPOKEN,
) -> Document:
    """Record a customer's thanks to `staff`, by default to the clerk who served `ticket` last. Thanks from a comment
    name no ticket, as only managers may see ratings. Raises RuleError "unknown_staff", "unknown_ticket",
    "nobody_served", "own_thanks", "bad_value"."""
    if source not in SOURCES:
        raise RuleError("bad_value", field="source", value=source, why="not_a_choice", limit=list(SOURCES))
    about = change.ticket_by_label(ticket, day) if ticket else None
    code = staff or last_clerk_of(about)
    if code is None:
        raise RuleError("nobody_served", ticket=ticket)
    change.setup.person_by_code(code)
    if code == change.who.name:
        raise RuleError("own_thanks")
    event = change.record(
        "thanks",
        ticket=about.id if about is not None and source != COMMENT else None,
        staff=code,
        source=source,
        words=store_words_and_give_log_reference(
            change, "said", words, longest=LONGEST_WORDS, put=journal.store_words_for_staff
        ),
    )
    return _thanks_document(change, event.seq)


@runs_in_transaction("thanks-seen")
def mark_thanks_read(change: HallChange, seq: int) -> Document:
    """Record that the person has read the thanks; a repeat changes nothing. Raises RuleError "not_there", also for
    thanks to another person."""
    row = change.book.find_record(THANKS, seq)
    if row is None or (change.who.is_staff and change.who.name != row.staff):
        raise RuleError("not_there", kind="thanks", code=str(seq))
    if row.is_unseen:
        change.record("thanks", seen=seq)
    return _thanks_document(change, seq)


def readable_thanks_between(
    desk: Desk,
    who: Actor,
    now: datetime,
    *,
    first: date | None = None,
    last: date | None = None,
    staff: str | None = None,
) -> list[Document]:
    """Return the thanks of the dates from `first` (default: 30 days before) to `last` (default: today), latest first:
    to `staff`, else to all. A person who may not read figures gets only the own ones."""
    if not who.may_read(ReadScope.FIGURES):
        staff = who.name
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        until = last or business_date(setup, now)
        since = first or until - _MONTH
        among = [thanks.c.date.between(since, until), *([thanks.c.staff == staff] if staff else [])]
        return _thanks_documents(
            tx, desk.hall, setup, part_tables.objects_where(tx, desk.hall, THANKS, *among).values()
        )


def _thanks_document(change: HallChange, seq: int) -> Document:
    return _thanks_documents(change.tx, change.book.id, change.setup, [change.book.get_record(THANKS, seq)])[0]


def _thanks_documents(tx: Transaction, hall: int, setup: Setup, rows: Iterable[Thanks]) -> list[Document]:
    rows = sorted(rows, key=lambda row: (row.time, row.seq), reverse=True)
    words = stored_words(tx, hall, [row.words for row in rows], journal.stored_staff_words_by_id)
    return [
        {
            "thanks": row.seq,
            "date": row.date.isoformat(),
            "at": iso_local(setup, row.time),
            "staff": row.staff,
            "ticket": row.ticket,
            "source": row.source,
            "words": words.get(row.words or ""),
            "by": row.by,
            "seen": iso_local(setup, row.seen),
        }
        for row in rows
    ]


@runs_in_transaction("comment")
def record_spoken_comment(
    change: HallChange, text: str, *, klass: str, ticket: str | None = None, day: date | None = None
) -> Document:
    """Record a spoken comment, about a ticket or none. Raises RuleError "bad_value", "unknown_ticket"."""
    if klass not in CLASSES:
        raise RuleError("bad_value", field="class", value=klass, why="not_a_choice", limit=list(CLASSES))
    about = change.ticket_by_label(ticket, day) if ticket is not None else None
    stored = store_words_and_give_log_reference(change, "comment", text)
    if stored is None:
        raise RuleError("bad_value", field="comment", value=None, why="empty")
    # The ticket is only in the data, which is withheld from logins that may not read comments.
    data: dict[str, Any] = {"class": klass, "comment": stored, "salt": change.salts()}
    if about is not None:
        data |= {"about": about.label, "day": about.date.isoformat()}
    change.record("comment", **data)
    return {"comment": id_of_words_entry(stored)}


@runs_in_transaction("comment-read")
def mark_comment_read(change: HallChange, id: str, *, read: bool = True) -> Document:
    """Mark a comment as read, or remove the mark. Raises RuleError "unknown_comment"."""
    if not journal.has_comment(change.tx, change.book.id, id):
        raise RuleError("unknown_comment", comment=id)
    change.record("comment-read", comment=id, read=read)
    return {"comment": id, "read": read}


SHORTEST_NUMBER, LONGEST_NUMBER = 4, 40
USUAL_DAYS, MOST_DAYS = 365, 731
SHOWN = 3
"""The last letters of a number that are shown: too few to guess it, enough to tell two notes apart."""


class CustomerNote(Struct, frozen=True):
    """A stored note on a customer; `tail` are the last letters of the reference number."""

    id: str
    words: str
    tail: str
    until: date


@runs_in_transaction("notes")
def add_customer_note(change: HallChange, ref: str, words: str, *, until: date | None = None) -> Document:
    """Store a note with the customer's consent, by default for a year. Raises RuleError "notes_off", "bad_value"."""
    _require_reference_notes_on(change)
    number, text = _normalised_reference(ref), words.strip()
    if not text or len(text) > LONGEST_WORDS:
        raise RuleError("bad_value", field="words", value=text[:20], why="too_long" if text else "empty")
    require_storable("words", text)
    last = until or change.date + timedelta(days=USUAL_DAYS)
    if not change.date <= last <= change.date + timedelta(days=MOST_DAYS):
        raise RuleError("bad_value", field="until", value=last.isoformat(), why="out_of_range")
    id, salt = new_id_and_salt(change, f"{number} {text}")
    key, tail = _salted_digest(salt, number), number[-SHOWN:]
    journal.store_note_by_reference_number(
        change.tx, change.book.id, id, salt=salt, words=text, found=key, tail=tail, until=last
    )
    digest = hashlib.sha256((salt + text + journal.reference_digest_as_contact(key, tail)).encode()).hexdigest()
    change.record("notes", asked=True, note=f"{id}:{digest}", until=last.isoformat())
    return _customer_note_document(CustomerNote(id, text, tail, last))


@runs_in_transaction("notes")
def record_customer_declined_note(change: HallChange) -> Document:
    """Record that a customer was asked and declined; nothing is stored. Raises RuleError "notes_off"."""
    _require_reference_notes_on(change)
    change.record("notes", asked=True)
    return {"asked": True, "note": None}


@runs_in_transaction("notes")
def delete_note_about_customer(change: HallChange, note: str) -> Document:
    """Delete a note at once. Raises RuleError "not_there"."""
    if not journal.delete_reference_note_if_there(change.tx, change.book.id, note):
        raise RuleError("not_there", kind="reference_note", code=note)
    change.record("notes", ended=note)
    return {"note": note, "ended": True}


def customer_notes_for_reference(desk: Desk, ask: Ask, ref: str) -> list[Document]:
    """Return the notes for a reference number, those that expire first first, without expired ones. Raises RuleError
    "bad_value", "notes_off"."""
    number, day = _normalised_reference(ref), business_date_of_change(desk, ask.now)
    with desk.db.read() as tx:
        if not halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall)).is_rule_on("reference_notes"):
            raise RuleError("notes_off")
        rows = journal.reference_notes(tx, desk.hall, day)
    return [
        _customer_note_document(CustomerNote(id, words, tail, until))
        for id, salt, words, key, tail, until in rows
        if _salted_digest(salt, number) == key
    ]


def all_notes_about_customers(desk: Desk, ask: Ask) -> Document:
    """Return all stored notes with author and time, and their completeness: the share of the customers asked in the
    last year whose note is still stored. Raises RuleError "not_for_you"."""
    ask.who.require_read_right(ReadScope.LOG)
    day = business_date_of_change(desk, ask.now)
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        rows = journal.reference_notes(tx, desk.hall, day)
        log = events.events_of_dates(tx, desk.hall, day - timedelta(days=MOST_DAYS), day, ("notes",))
    by_id: dict[str, Event] = {str(event.data.get("note")).partition(":")[0]: event for event in log}
    year = (day - timedelta(days=USUAL_DAYS)).isoformat()
    asked = [event for event in log if event.data.get("asked") and event.data["date"] >= year]
    stored = {row[0] for row in rows}
    valid = sum(str(event.data.get("note")).partition(":")[0] in stored for event in asked)
    notes = []
    for id, _salt, words, _key, tail, until in rows:
        event = by_id.get(id)
        by = {"by": event.actor if event else None, "at": iso_local(setup, event.time) if event else None}
        notes.append({**_customer_note_document(CustomerNote(id, words, tail, until)), **by})
    return {"notes": notes, "asked": len(asked), "valid": valid, "share": valid / len(asked) if asked else None}


def _customer_note_document(note: CustomerNote) -> Document:
    return {"note": note.id, "reference": f"••• {note.tail}", "words": note.words, "until": note.until.isoformat()}


def _require_reference_notes_on(change: HallChange) -> None:
    if not change.setup.is_rule_on("reference_notes"):
        raise RuleError("notes_off")


def _normalised_reference(ref: str) -> str:
    """Return a reference number for comparison: letters and digits only, in capitals. Raises RuleError "bad_value"."""
    number = "".join(letter for letter in ref.upper() if letter.isalnum())
    if not SHORTEST_NUMBER <= len(number) <= LONGEST_NUMBER:
        raise RuleError("bad_value", field="ref", value=None, why="out_of_range")
    return number


def _salted_digest(salt: str, number: str) -> str:
    return hashlib.sha256(f"{salt} {number}".encode()).hexdigest()
