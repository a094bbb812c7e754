"""Inspections: planned, begun, filled in touch by touch, tied to a visitor's ticket, signed; and what they found, until
somebody else has looked again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import INSPECTIONS
from queuedesk.core.quality.inspection import (
    CHANNELS,
    MYSTERY,
    OPEN,
    RUNNING,
    SUPERVISOR,
    Inspection,
    Mark,
    version_of,
)
from queuedesk.core.quality.sheet import Sheet, item_rows
from queuedesk.core.queue.ticket import Ticket, seconds
from queuedesk.core.setup.file import sheets_of
from queuedesk.core.setup.hall import add_working_days
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Change, Desk, Document, changes, iso_local
from queuedesk.desk.quality.inspecting import head_document, not_there, rectification_document, require_rectification
from queuedesk.desk.reading import keep, needed, words_of
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import journal
from queuedesk.store.parts import halls, part_tables, tickets
from queuedesk.store.schema import inspections

LONGEST_WORDS, LONGEST_PATH, LONGEST_NAME = 200, 400, 60
MOST_PHOTOS = 6
MOST_VISITORS = 999
LONGEST_WAIT_S = 24 * 3600
LONGEST_ISSUE = 120


@changes("inspect")
def plan(
    change: Change,
    day: date,
    sheet: str,
    channel: str,
    *,
    staff: str | None = None,
    visitor: int | None = None,
    outsider: str | None = None,
) -> Document:
    """Plan an inspection: by a person of the hall, a mystery visitor by number, or a named supervisor from outside.

    Raises RuleError "not_there" for a sheet that the hall lacks, "bad_value", "unknown_staff".
    """
    _sheet(change.setup, sheet)
    if day < change.date:
        raise RuleError("bad_value", field="day", value=day.isoformat(), why="is_over")
    looker = _looker(change, channel, staff=staff, visitor=visitor, outsider=outsider)
    event = _record(change, "inspect-plan", day=day.isoformat(), sheet=sheet, channel=channel, **looker)
    return _answer(change, event.seq)


@changes("inspect")
def drop(change: Change, seq: int, *, reason: str = "") -> Document:
    """Give up an inspection that is not signed. Raises RuleError "not_there", "sheet_signed", "reason_needed"."""
    found = _open(change, seq)
    _record(change, "inspect-plan", of=found.seq, dropped=True, reason=change.reason(reason))
    return _answer(change, seq)


@changes("inspect")
def start(
    change: Change,
    seq: int | None = None,
    *,
    sheet: str | None = None,
    channel: str | None = None,
    staff: str | None = None,
    visitor: int | None = None,
    outsider: str | None = None,
) -> Document:
    """Begin a planned inspection, or one that nobody planned; it is filled in by its sheet as it stands now.

    Raises RuleError "not_there", "sheet_begun", "sheet_signed", "bad_value", "unknown_staff".
    """
    who: dict[str, Any] = {}
    if seq is not None:
        found = _open(change, seq)
        if found.state == RUNNING:
            raise RuleError("sheet_begun", inspection=seq)
        spec = _sheet(change.setup, found.sheet)
        who = {"of": seq}
    else:
        spec = _sheet(change.setup, sheet or next(iter(sheets_of(change.setup)), ""))
        channel = channel or OPEN
        who = {"channel": channel, **_looker(change, channel, staff=staff, visitor=visitor, outsider=outsider)}
    version = version_of(spec.items, filled(change.tx, change.book.id, spec.code))
    event = _record(
        change,
        "inspect-start",
        sheet=spec.code,
        name=spec.name,
        name_en=spec.name_en,
        version=version,
        items=item_rows(spec.items),
        **who,
    )
    return _answer(change, event.seq if seq is None else seq)


@changes("inspect")
def score(
    change: Change,
    seq: int,
    item: int,
    taken: int | None,
    *,
    reasons: Sequence[int] = (),
    words: str | None = None,
    photo: str | None = None,
) -> Document:
    """Note what was found of an item, counted from 1, in place of what was noted before: the points `taken`, None where
    it does not apply.

    `reasons` are places in the item's list, `words` a reason of one's own; a photo's path is added to those there are.
    Raises RuleError "not_there", "sheet_not_begun", "sheet_signed", "bad_value".
    """
    found = _running(change, seq)
    if not 1 <= item <= len(found.items):
        raise RuleError("not_there", kind="items", code=str(item))
    spec = found.items[item - 1]
    if taken is not None and not 0 <= taken <= spec.weight:
        raise RuleError("bad_value", field="taken", value=taken, why="out_of_range", limit=f"0–{spec.weight}")
    for reason in reasons:
        if not 1 <= reason <= len(spec.reasons):
            raise RuleError(
                "bad_value", field="reason", value=reason, why="out_of_range", limit=f"1–{len(spec.reasons)}"
            )
    before = found.mark(item)
    photos = list(before.photos) if before else []
    if photo is not None:
        if len(photos) >= MOST_PHOTOS:
            raise RuleError("bad_value", field="photo", value=photo[-20:], why="too_long", limit=MOST_PHOTOS)
        photos.append(needed(change, "photo", photo, longest=LONGEST_PATH))
    kept = before.words if before and taken and words is None else keep(change, "words", words, longest=LONGEST_WORDS)
    _record(
        change,
        "inspect-score",
        of=seq,
        item=item,
        taken=taken,
        why=sorted(set(reasons)) if taken and reasons else None,
        words=kept,
        photos=photos or None,
    )
    return _answer(change, seq)


@changes("inspect")
def tie(
    change: Change, seq: int, ticket: str | None, *, day: date | None = None, claimed_s: int | None = None
) -> Document:
    """Tie a mystery visit to its real ticket, of the inspection's date unless another is named, and note the wait in
    seconds that the visitor wrote down. Without a ticket the tie is undone.

    Raises RuleError "not_there", "sheet_not_begun", "not_mystery", "unknown_ticket", "bad_value".
    """
    found = change.book.find(INSPECTIONS, seq)
    if found is None or found.dropped is not None:
        raise not_there(seq)
    if found.started is None:
        raise RuleError("sheet_not_begun", inspection=seq)
    if found.channel != MYSTERY:
        raise RuleError("not_mystery", inspection=seq)
    if claimed_s is not None and not 0 <= claimed_s < LONGEST_WAIT_S:
        raise RuleError("bad_value", field="claimed", value=claimed_s, why="out_of_range")
    of = change.ticket(ticket, day or found.date) if ticket else None
    visit: dict[str, Any] = {"day": of.date.isoformat(), "label": of.label} if of else {}
    _record(change, "inspect-tie", of=seq, claimed_s=found.claimed_s if claimed_s is None else claimed_s, **visit)
    return _answer(change, seq)


@changes("inspect")
def sign(change: Change, seq: int) -> Document:
    """Sign a sheet: nothing of it changes any more.

    Raises RuleError "not_there", "sheet_not_begun", "sheet_signed", "sheet_not_done" with the items that nobody looked
    at or whose deduction lacks a reason.
    """
    found = _running(change, seq)
    if found.left:
        raise RuleError("sheet_not_done", items=found.left)
    _record(change, "inspect-sign", of=seq, points=found.score.points, possible=found.score.of)
    return _answer(change, seq)


# -- what is to be put right: noted with owner and date, proven, looked at again by somebody else ---------------------


@changes("inspect")
def add_fix(
    change: Change,
    issue: str,
    owner: str,
    *,
    due: date | None = None,
    inspection: int | None = None,
    item: int | None = None,
) -> Document:
    """Note what somebody has to put right, by default in the hall's usual number of working days; `item` is that of the
    inspection it was found in.

    Raises RuleError "unknown_staff", "not_there", "bad_value".
    """
    change.setup.person(owner)
    if inspection is not None:
        found = change.book.find(INSPECTIONS, inspection)
        if found is None or found.started is None:
            raise RuleError("not_there", kind="inspection", code=str(inspection))
        if item is not None and not 1 <= item <= len(found.items):
            raise RuleError("not_there", kind="items", code=str(item))
    elif item is not None:
        raise RuleError("bad_value", field="item", value=item, why="not_a_choice")
    if due is not None and due < change.date:
        raise RuleError("bad_value", field="due", value=due.isoformat(), why="is_over")
    event = _record(
        change,
        "inspect-fix",
        issue=needed(change, "issue", issue.strip(), longest=LONGEST_ISSUE, put=journal.keep_for_staff),
        owner=owner,
        due=(due or usual_due(change.setup, change.date)).isoformat(),
        inspection=inspection,
        item=item,
    )
    return rectification_document(change, event.seq)


@changes("inspect")
def look_at_fix(change: Change, seq: int, *, good: bool) -> Document:
    """Note a second look: `good` closes it, else it needs new proof.

    Raises RuleError "not_there", "fix_closed", "no_proof", "own_fix" for its owner, "who_are_you" for somebody who
    gives no name.
    """
    require_rectification(change, seq).must_let_look(change.who.name, is_person=change.who.is_staff)
    _record(change, "inspect-fix", of=seq, good=good)
    return rectification_document(change, seq)


@changes("inspect")
def remind_of_fix(change: Change, seq: int) -> Document:
    """Note that its owner was reminded. Raises RuleError "not_there", "fix_closed"."""
    require_rectification(change, seq).must_be_open()
    _record(change, "inspect-fix", of=seq, reminded=True)
    return rectification_document(change, seq)


def usual_due(setup: Setup, day: date) -> date:
    """Return by when something that is found on `day` is to be put right."""
    return add_working_days(setup.calendar, day, setup.number("fix_days"))


# -- what is asked of a change ---------------------------------------------------------------------------------------


def _record(change: Change, kind: str, **data: Any) -> Event:
    """Append an event; its salt keeps those who may not read it from trying what it says on its hash."""
    return change.record(kind, salt=change.salts(), **data)


def _answer(change: Change, seq: int) -> Document:
    return document_of(change.tx, change.book.id, change.setup, change.book.get(INSPECTIONS, seq))


def _sheet(setup: Setup, code: str) -> Sheet:
    found = sheets_of(setup).get(code)
    if found is None:
        raise RuleError("not_there", kind="sheets", code=code)
    return found


def _looker(
    change: Change, channel: str, *, staff: str | None, visitor: int | None, outsider: str | None
) -> dict[str, Any]:
    """Return who looks: a mystery visitor has a number and never a name."""
    if channel not in CHANNELS:
        raise RuleError("bad_value", field="channel", value=channel, why="not_a_choice", limit=list(CHANNELS))
    if channel == MYSTERY:
        if visitor is None or not 1 <= visitor <= MOST_VISITORS:
            limit = f"1–{MOST_VISITORS}"
            raise RuleError("bad_value", field="visitor", value=visitor, why="out_of_range", limit=limit)
        return {"visitor": visitor}
    if channel == SUPERVISOR:
        return {"outsider": keep(change, "outsider", outsider, longest=LONGEST_NAME)}
    if staff is None and change.who.is_staff:
        staff = change.who.name
    if staff is not None:
        change.setup.person(staff)
    return {"who": staff}


def _open(change: Change, seq: int) -> Inspection:
    found = change.book.find(INSPECTIONS, seq)
    if found is None or found.dropped is not None:
        raise not_there(seq)
    if found.signed is not None:
        raise RuleError("sheet_signed", inspection=seq, staff=found.signed_by)
    return found


def _running(change: Change, seq: int) -> Inspection:
    found = _open(change, seq)
    if found.started is None:
        raise RuleError("sheet_not_begun", inspection=seq)
    return found


# -- an inspection as a document ---------------------------------------------------------------------------------------


def inspection_of(desk: Desk, seq: int) -> Document:
    """Return an inspection with its items. Raises RuleError "not_there"."""
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        found = part_tables.find(tx, desk.hall, INSPECTIONS, seq)
        if found is None:
            raise not_there(seq)
        return document_of(tx, desk.hall, setup, found)


def document_of(tx: Transaction, hall: int, setup: Setup, one: Inspection) -> Document:
    """Return an inspection with its items, what was found of each, and the visitor's own ticket."""
    marks = {mark.item: mark for mark in one.marks}
    kept = [one.outsider, *(id for mark in one.marks for id in (mark.words, *mark.photos))]
    words = words_of(tx, hall, kept)
    rows = []
    for number, item in enumerate(one.items, start=1):
        rows.append({**item_rows([item])[0], **_mark_document(number, marks.get(number), words)})
    more = {"items": rows, "left": one.left, "before": _before(tx, hall, one), "visit": _visit(tx, hall, setup, one)}
    return {**head_document(setup, one, words), **more}


def _before(tx: Transaction, hall: int, one: Inspection) -> Document | None:
    """Return what the last signed sheet of the same version deducted, by item, None where there is none."""
    earlier = [
        other
        for other in filled(tx, hall, one.sheet)
        if other.signed and other.version == one.version and other.seq != one.seq and other.date <= one.date
    ]
    last = max(earlier, key=lambda other: (other.date, other.seq), default=None)
    if last is None:
        return None
    taken = [mark.taken if (mark := last.mark(n)) else None for n in range(1, len(last.items) + 1)]
    return {"date": last.date.isoformat(), "taken": taken}


def _mark_document(number: int, mark: Mark | None, words: dict[str, str]) -> Document:
    return {
        "n": number,
        "state": "open" if mark is None else "not_applicable" if mark.taken is None else "marked",
        "taken": mark.taken if mark else None,
        "why": list(mark.reasons) if mark else [],
        "words": words.get(mark.words or "") if mark else None,
        "photos": [words.get(id, "") for id in mark.photos] if mark else [],
    }


def _visit(tx: Transaction, hall: int, setup: Setup, one: Inspection) -> Document | None:
    """Return the visitor's ticket with the wait that the log knows beside the one that was written down; minutes."""
    if one.channel != MYSTERY:
        return None
    ticket = tickets.find(tx, hall, one.visit) if one.visit else None
    first = ticket.legs[0] if ticket else None
    logged_s = round(seconds(first.joined, first.called)) if first and first.called else None
    told = _told(ticket)
    return {
        "ticket": one.visit[1] if one.visit else None,
        "date": one.visit[0].isoformat() if one.visit else None,
        "claimed": _minutes(one.claimed_s),
        "logged": _minutes(logged_s),
        "difference": None if one.claimed_s is None or logged_s is None else _minutes(one.claimed_s - logged_s),
        "low": told[0] if told else None,
        "high": told[1] if told else None,
        "arrived": iso_local(setup, ticket.arrived) if ticket else None,
        "called": iso_local(setup, first.called) if first else None,
        "window": first.window if first else None,
    }


def _told(ticket: Ticket | None) -> tuple[int, int | None] | None:
    promise = ticket.promise if ticket else None
    return None if promise is None or promise.low is None else (promise.low, promise.high)


def _minutes(value_s: int | None) -> float | None:
    return None if value_s is None else round(value_s / 60, 1)


def filled(tx: Transaction, hall: int, sheet: str) -> Iterable[Inspection]:
    """Return the inspections that were begun by a sheet."""
    begun = inspections.c.started.is_not(None)
    return part_tables.among(tx, hall, INSPECTIONS, inspections.c.sheet == sheet, begun).values()
