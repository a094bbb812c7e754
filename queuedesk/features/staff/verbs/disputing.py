"""Disputed rows of the person's sheets: anybody asks with a note, a second person decides with another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from queuedesk.core.appraisal import CASES, DISPUTED, FAULTS, PRAISE, Dispute, is_ticket_row, is_untold, month_of_row
from queuedesk.core.errors import RuleError
from queuedesk.core.figures.periods import MONTH, span_of
from queuedesk.core.log.state import DISPUTES, RECTIFICATIONS, THANKS, TICKETS
from queuedesk.core.network.roles import Actor, Read
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Change, Desk, Document, changes, iso
from queuedesk.desk.reading import needed, words_of
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import journal
from queuedesk.store.parts import halls, part_tables
from queuedesk.store.parts.tickets import by_number
from queuedesk.store.rights.withheld_ratings import reads_ratings
from queuedesk.store.schema import disputes

LONGEST_NOTE = 300


@changes("sheet-dispute")
def dispute(change: Change, staff: str, item: str, row: str, note: str, *, month: date | None = None) -> Document:
    """Ask to exclude a row of an item of somebody's sheet: a visit as "2026-11-19 A012", a case by its number, a shift
    by its date, praise or a fault by its number in the log. Without `month` that of the row's date, else this one.

    Who reads no figures asks about the own sheet. Which visits were rated is told to nobody: of satisfaction any own
    visit can be named. Raises RuleError "not_for_you", "pin_needed", "unknown_staff", "not_there", "row_disputed",
    "row_excluded", "bad_value".
    """
    who = change.who
    if who.unproven:  # It may be anybody who types the name.
        raise RuleError("pin_needed", staff=who.name)
    if who.is_staff and staff != who.name:
        who.must_read(Read.FIGURES)
    change.setup.person(staff)
    if item not in DISPUTED:
        raise RuleError("bad_value", field="item", value=item[:40], why="not_a_choice", limit=list(DISPUTED))
    row = " ".join(row.split())
    first = (month or month_of_row(row) or change.date).replace(day=1)
    if not _is_there(change, staff, item, row, first):
        raise RuleError("not_there", kind="row", code=row[:40])
    for one in part_tables.among(change.tx, change.book.id, DISPUTES, disputes.c.month == first).values():
        if one.key == (staff, item, row) and (one.is_open or one.excluded):
            raise RuleError("row_disputed" if one.is_open else "row_excluded")
    named = {"rated": row, "salt": change.salts()} if is_untold(item) else {"row": row}
    event = change.record(
        "sheet-dispute",
        staff=staff,
        month=first.isoformat(),
        item=item,
        words=_kept(change, note, item, told=who.name == staff),
        **named,
    )
    return _answer(change, event.seq)


@changes("sheet-decide")
def decide(change: Change, seq: int, note: str, *, exclude: bool) -> Document:
    """Decide about a disputed row: it leaves the figure, or stays.

    Raises RuleError "not_there", "dispute_decided", "own_dispute" for who asked and for whose sheet it is,
    "who_are_you" for somebody who gives no name, "bad_value".
    """
    found = change.book.find(DISPUTES, seq)
    if found is None:
        raise RuleError("not_there", kind="dispute", code=str(seq))
    found.must_let_decide(change.who.name, is_person=change.who.is_staff)
    words = _kept(change, note, found.item, told=found.by == found.staff)
    change.record("sheet-decide", of=seq, excluded=exclude, words=words)
    return _answer(change, seq)


def disputes_of(
    desk: Desk, who: Actor, now: datetime, *, month: date | None = None, staff: str | None = None
) -> list[Document]:
    """Return what waits for a decision and the disputes of a month's sheets, else of this one's, the latest first. Who
    reads no figures reads those of the own sheet. Raises RuleError "pin_needed"."""
    if not who.may_read(Read.FIGURES):
        if who.unproven:
            raise RuleError("pin_needed", staff=who.name)
        staff = who.name
    own = staff if not who.may_read(Read.FIGURES) else ""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        first, _last = span_of(MONTH, month or business_date(setup, now))
        found = dict(part_tables.still_open(tx, desk.hall, DISPUTES))
        found |= part_tables.among(tx, desk.hall, DISPUTES, disputes.c.month == first)
        asked = [one for one in found.values() if not staff or one.staff == staff]
        asked.sort(key=lambda one: (one.is_open, one.seq), reverse=True)
        return [document_of(setup, one, words_about(tx, desk.hall, asked), own=own or "") for one in asked]


def words_about(tx: Transaction, hall: int, asked: Iterable[Dispute]) -> dict[str, str]:
    """Return the notes that are still there, by what the log holds of them."""
    kept = [words for one in asked for words in (one.words, one.answer)]
    found = words_of(tx, hall, kept, journal.kept_for_staff)
    if reads_ratings(tx):  # Others' notes about ratings stand with the comments, which managers alone read.
        found |= words_of(tx, hall, [one for one in kept if one not in found])
    return found


def document_of(setup: Setup, one: Dispute, words: Mapping[str, str], *, own: str = "") -> Document:
    """Return a dispute as commands print it, for all or for the `own` reader alone."""
    told = one.is_told(own)
    return {
        "dispute": one.seq,
        "state": one.state,
        "staff": one.staff,
        "month": f"{one.month:%Y-%m}",
        "item": one.item,
        "row": (one.name or None) if told else None,
        "at": iso(setup, one.time),
        "by": one.by,
        "words": words.get(one.words) if told else None,
        "decided": iso(setup, one.decided),
        "decided_by": one.decided_by,
        "answer": words.get(one.answer or "") if told else None,
    }


def _kept(change: Change, note: str, item: str, *, told: bool) -> str:
    """Put a note beside the log; about a rating that the person did not name itself, where managers alone read it."""
    put: Callable[..., None] = journal.keep_for_staff if told or not is_untold(item) else journal.keep_comment
    return needed(change, "note", note, longest=LONGEST_NOTE, put=put)


def _is_there(change: Change, staff: str, item: str, row: str, month: date) -> bool:
    """Whether there is such a row: for a visit, whether that person had the customer."""
    if is_ticket_row(item):
        if month_of_row(row) != month:
            return False
        ticket = change.book.find(TICKETS, (date.fromisoformat(row[:10]), row[11:]))
        return ticket is not None and any(leg.staff == staff for leg in ticket.legs)
    if item == CASES:
        return by_number(change.tx, change.book.id, row) is not None
    if item in (PRAISE, FAULTS):
        if not (row.isascii() and row.isdecimal() and len(row) < 16):
            return False
        if item == PRAISE:
            thanked = change.book.find(THANKS, int(row))
            return thanked is not None and thanked.staff == staff
        fix = change.book.find(RECTIFICATIONS, int(row))
        return fix is not None and fix.owner == staff
    return month_of_row(row) == month and len(row) == 10 and date.fromisoformat(row) <= change.date


def _answer(change: Change, seq: int) -> Document:
    found = change.book.get(DISPUTES, seq)
    own = "" if change.who.may_read(Read.FIGURES) else change.who.name
    return document_of(change.setup, found, words_about(change.tx, change.book.id, [found]), own=own)
