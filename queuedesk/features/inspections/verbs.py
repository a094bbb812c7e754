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
    InspectionItemResult,
    sheet_version_for_items,
)
from queuedesk.core.quality.sheet import ScoreSheet, sheet_item_rows
from queuedesk.core.queue.ticket import Ticket, whole_seconds_between
from queuedesk.core.setup.file import score_sheets_of_hall
from queuedesk.core.setup.hall import add_working_days
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Desk, Document, HallChange, iso_local, runs_in_transaction
from queuedesk.desk.quality import inspecting
from queuedesk.desk.reading import store_required_words, store_words_and_give_log_reference, stored_words
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import journal
from queuedesk.store.parts import halls, part_tables, tickets
from queuedesk.store.schema import inspections

LONGEST_WORDS, LONGEST_PATH, LONGEST_NAME = 200, 400, 60
MOST_PHOTOS = 6
MOST_VISITORS = 999
LONGEST_WAIT_S = 24 * 3600
LONGEST_ISSUE = 120


@runs_in_transaction("inspect")
def plan_inspection(
    change: HallChange,
    day: date,
    sheet: str,
    channel: str,
    *,
    staff: str | None = None,
    visitor: int | None = None,
    outsider: str | None = None,
) -> Document:
    """Plan an inspection: by a person of the hall, a mystery visitor by number, or a named supervisor from outside.

    Raises RuleError "not_there" for a sheet that the hall lacks, "bad_value", "unknown_staff"."""
    _require_sheet(change.setup, sheet)
    if day < change.date:
        raise RuleError("bad_value", field="day", value=day.isoformat(), why="is_over")
    looker = _inspector_name_fields(change, channel, staff=staff, visitor=visitor, outsider=outsider)
    event = _record_salted_event(change, "inspect-plan", day=day.isoformat(), sheet=sheet, channel=channel, **looker)
    return _inspection_answer(change, event.seq)


@runs_in_transaction("inspect")
def drop_inspection(change: HallChange, seq: int, *, reason: str = "") -> Document:
    """Give up an inspection that is not signed. Raises RuleError "not_there", "sheet_signed", "reason_needed"."""
    found = _require_unsigned_inspection(change, seq)
    _record_salted_event(change, "inspect-plan", of=found.seq, dropped=True, reason=change.required_reason(reason))
    return _inspection_answer(change, seq)


@runs_in_transaction("inspect")
def start_inspection(
    change: HallChange,
    seq: int | None = None,
    *,
    sheet: str | None = None,
    channel: str | None = None,
    staff: str | None = None,
    visitor: int | None = None,
    outsider: str | None = None,
) -> Document:
    """Begin a planned inspection, or one that nobody planned; it is filled in by its sheet as it stands now.

    Raises RuleError "not_there", "sheet_begun", "sheet_signed", "bad_value", "unknown_staff"."""
    who: dict[str, Any] = {}
    if seq is not None:
        found = _require_unsigned_inspection(change, seq)
        if found.state == RUNNING:
            raise RuleError("sheet_begun", inspection=seq)
        spec = _require_sheet(change.setup, found.sheet)
        who = {"of": seq}
    else:
        spec = _require_sheet(change.setup, sheet or next(iter(score_sheets_of_hall(change.setup)), ""))
        channel = channel or OPEN
        who = {
            "channel": channel,
            **_inspector_name_fields(change, channel, staff=staff, visitor=visitor, outsider=outsider),
        }
    version = sheet_version_for_items(spec.items, begun_inspections_of_sheet(change.tx, change.book.id, spec.code))
    event = _record_salted_event(
        change,
        "inspect-start",
        sheet=spec.code,
        name=spec.name,
        name_en=spec.name_en,
        version=version,
        items=sheet_item_rows(spec.items),
        **who,
    )
    return _inspection_answer(change, event.seq if seq is None else seq)


@runs_in_transaction("inspect")
def score_item(
    change: HallChange,
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
    Raises RuleError "not_there", "sheet_not_begun", "sheet_signed", "bad_value"."""
    found = _require_running_inspection(change, seq)
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
    before = found.mark_of_item(item)
    photos = list(before.photos) if before else []
    if photo is not None:
        if len(photos) >= MOST_PHOTOS:
            raise RuleError("bad_value", field="photo", value=photo[-20:], why="too_long", limit=MOST_PHOTOS)
        photos.append(store_required_words(change, "photo", photo, longest=LONGEST_PATH))
    kept = (
        before.words
        if before and taken and words is None
        else store_words_and_give_log_reference(change, "words", words, longest=LONGEST_WORDS)
    )
    _record_salted_event(
        change,
        "inspect-score",
        of=seq,
        item=item,
        taken=taken,
        why=sorted(set(reasons)) if taken and reasons else None,
        words=kept,
        photos=photos or None,
    )
    return _inspection_answer(change, seq)


@runs_in_transaction("inspect")
def tie_to_ticket(
    change: HallChange, seq: int, ticket: str | None, *, day: date | None = None, claimed_s: int | None = None
) -> Document:
    """Tie a mystery visit to its real ticket, of the inspection's date unless another is named, and note the wait in
    seconds that the visitor wrote down. Without a ticket the tie is undone.

    Raises RuleError "not_there", "sheet_not_begun", "not_mystery", "unknown_ticket", "bad_value"."""
    found = change.book.find_record(INSPECTIONS, seq)
    if found is None or found.dropped is not None:
        raise inspecting.inspection_not_there_error(seq)
    if found.started is None:
        raise RuleError("sheet_not_begun", inspection=seq)
    if found.channel != MYSTERY:
        raise RuleError("not_mystery", inspection=seq)
    if claimed_s is not None and not 0 <= claimed_s < LONGEST_WAIT_S:
        raise RuleError("bad_value", field="claimed", value=claimed_s, why="out_of_range")
    of = change.ticket_by_label(ticket, day or found.date) if ticket else None
    visit: dict[str, Any] = {"day": of.date.isoformat(), "label": of.label} if of else {}
    _record_salted_event(
        change, "inspect-tie", of=seq, claimed_s=found.claimed_s if claimed_s is None else claimed_s, **visit
    )
    return _inspection_answer(change, seq)


@runs_in_transaction("inspect")
def sign_inspection(change: HallChange, seq: int) -> Document:
    """Sign a sheet: nothing of it changes any more.

    Raises RuleError "not_there", "sheet_not_begun", "sheet_signed", "sheet_not_done" with the items that nobody looked
    at or whose deduction lacks a reason."""
    found = _require_running_inspection(change, seq)
    if found.unfinished_items:
        raise RuleError("sheet_not_done", items=found.unfinished_items)
    _record_salted_event(change, "inspect-sign", of=seq, points=found.score.points, possible=found.score.of)
    return _inspection_answer(change, seq)


# -- what is to be put right: noted with owner and date, proven, looked at again by somebody else ---------------------


@runs_in_transaction("inspect")
def add_rectification(
    change: HallChange,
    issue: str,
    owner: str,
    *,
    due: date | None = None,
    inspection: int | None = None,
    item: int | None = None,
) -> Document:
    """Note what somebody has to put right, by default in the hall's usual number of working days; `item` is that of the
    inspection it was found in.

    Raises RuleError "unknown_staff", "not_there", "bad_value"."""
    change.setup.person_by_code(owner)
    if inspection is not None:
        found = change.book.find_record(INSPECTIONS, inspection)
        if found is None or found.started is None:
            raise RuleError("not_there", kind="inspection", code=str(inspection))
        if item is not None and not 1 <= item <= len(found.items):
            raise RuleError("not_there", kind="items", code=str(item))
    elif item is not None:
        raise RuleError("bad_value", field="item", value=item, why="not_a_choice")
    if due is not None and due < change.date:
        raise RuleError("bad_value", field="due", value=due.isoformat(), why="is_over")
    event = _record_salted_event(
        change,
        "inspect-fix",
        issue=store_required_words(
            change, "issue", issue.strip(), longest=LONGEST_ISSUE, put=journal.store_words_for_staff
        ),
        owner=owner,
        due=(due or default_rectification_due_date(change.setup, change.date)).isoformat(),
        inspection=inspection,
        item=item,
    )
    return inspecting.rectification_document(change, event.seq)


@runs_in_transaction("inspect")
def record_rectification_check(change: HallChange, seq: int, *, good: bool) -> Document:
    """Note a second look: `good` closes it, else it needs new proof.

    Raises RuleError "not_there", "fix_closed", "no_proof", "own_fix" for its owner, "who_are_you" for somebody who
    gives no name."""
    inspecting.require_rectification(change, seq).require_reviewable_by(change.who.name, is_person=change.who.is_staff)
    _record_salted_event(change, "inspect-fix", of=seq, good=good)
    return inspecting.rectification_document(change, seq)


@runs_in_transaction("inspect")
def record_rectification_reminder(change: HallChange, seq: int) -> Document:
    """Note that its owner was reminded. Raises RuleError "not_there", "fix_closed"."""
    inspecting.require_rectification(change, seq).require_open()
    _record_salted_event(change, "inspect-fix", of=seq, reminded=True)
    return inspecting.rectification_document(change, seq)


def default_rectification_due_date(setup: Setup, day: date) -> date:
    """Return by when something that is found on `day` is to be put right."""
    return add_working_days(setup.calendar, day, setup.setting_as_int("fix_days"))


# -- what is asked of a change ---------------------------------------------------------------------------------------


def _record_salted_event(change: HallChange, kind: str, **data: Any) -> Event:
    """Append an event; its salt keeps those who may not read it from trying what it says on its hash."""
    return change.record(kind, salt=change.salts(), **data)


def _inspection_answer(change: HallChange, seq: int) -> Document:
    return document_from_inspection(change.tx, change.book.id, change.setup, change.book.get_record(INSPECTIONS, seq))


def _require_sheet(setup: Setup, code: str) -> ScoreSheet:
    found = score_sheets_of_hall(setup).get(code)
    if found is None:
        raise RuleError("not_there", kind="sheets", code=code)
    return found


def _inspector_name_fields(
    change: HallChange, channel: str, *, staff: str | None, visitor: int | None, outsider: str | None
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
        return {"outsider": store_words_and_give_log_reference(change, "outsider", outsider, longest=LONGEST_NAME)}
    if staff is None and change.who.is_staff:
        staff = change.who.name
    if staff is not None:
        change.setup.person_by_code(staff)
    return {"who": staff}


def _require_unsigned_inspection(change: HallChange, seq: int) -> Inspection:
    found = change.book.find_record(INSPECTIONS, seq)
    if found is None or found.dropped is not None:
        raise inspecting.inspection_not_there_error(seq)
    if found.signed is not None:
        raise RuleError("sheet_signed", inspection=seq, staff=found.signed_by)
    return found


def _require_running_inspection(change: HallChange, seq: int) -> Inspection:
    found = _require_unsigned_inspection(change, seq)
    if found.started is None:
        raise RuleError("sheet_not_begun", inspection=seq)
    return found


# -- an inspection as a document ---------------------------------------------------------------------------------------


def inspection_document(desk: Desk, seq: int) -> Document:
    """Return an inspection with its items. Raises RuleError "not_there"."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        found = part_tables.find_object(tx, desk.hall, INSPECTIONS, seq)
        if found is None:
            raise inspecting.inspection_not_there_error(seq)
        return document_from_inspection(tx, desk.hall, setup, found)


def document_from_inspection(tx: Transaction, hall: int, setup: Setup, one: Inspection) -> Document:
    """Return an inspection with its items, what was found of each, and the visitor's own ticket."""
    marks = {mark.item: mark for mark in one.marks}
    kept = [one.outsider, *(id for mark in one.marks for id in (mark.words, *mark.photos))]
    words = stored_words(tx, hall, kept)
    rows = []
    for number, item in enumerate(one.items, start=1):
        rows.append({**sheet_item_rows([item])[0], **_item_mark_document(number, marks.get(number), words)})
    more = {
        "items": rows,
        "left": one.unfinished_items,
        "before": _last_deductions_by_item(tx, hall, one),
        "visit": _mystery_visit_ticket_document(tx, hall, setup, one),
    }
    return {**inspecting.inspection_head_document(setup, one, words), **more}


def _last_deductions_by_item(tx: Transaction, hall: int, one: Inspection) -> Document | None:
    """Return what the last signed sheet of the same version deducted, by item, None where there is none."""
    earlier = [
        other
        for other in begun_inspections_of_sheet(tx, hall, one.sheet)
        if other.signed and other.version == one.version and other.seq != one.seq and other.date <= one.date
    ]
    last = max(earlier, key=lambda other: (other.date, other.seq), default=None)
    if last is None:
        return None
    taken = [mark.taken if (mark := last.mark_of_item(n)) else None for n in range(1, len(last.items) + 1)]
    return {"date": last.date.isoformat(), "taken": taken}


def _item_mark_document(number: int, mark: InspectionItemResult | None, words: dict[str, str]) -> Document:
    return {
        "n": number,
        "state": "open" if mark is None else "not_applicable" if mark.taken is None else "marked",
        "taken": mark.taken if mark else None,
        "why": list(mark.reasons) if mark else [],
        "words": words.get(mark.words or "") if mark else None,
        "photos": [words.get(id, "") for id in mark.photos] if mark else [],
    }


def _mystery_visit_ticket_document(tx: Transaction, hall: int, setup: Setup, one: Inspection) -> Document | None:
    """Return the visitor's ticket with the wait that the log knows beside the one that was written down; minutes."""
    if one.channel != MYSTERY:
        return None
    ticket = tickets.find_ticket(tx, hall, one.visit) if one.visit else None
    first = ticket.legs[0] if ticket else None
    logged_s = round(whole_seconds_between(first.joined, first.called)) if first and first.called else None
    told = _promised_wait_bounds(ticket)
    return {
        "ticket": one.visit[1] if one.visit else None,
        "date": one.visit[0].isoformat() if one.visit else None,
        "claimed": _seconds_to_minutes(one.claimed_s),
        "logged": _seconds_to_minutes(logged_s),
        "difference": None
        if one.claimed_s is None or logged_s is None
        else _seconds_to_minutes(one.claimed_s - logged_s),
        "low": told[0] if told else None,
        "high": told[1] if told else None,
        "arrived": iso_local(setup, ticket.arrived) if ticket else None,
        "called": iso_local(setup, first.called) if first else None,
        "window": first.window if first else None,
    }


def _promised_wait_bounds(ticket: Ticket | None) -> tuple[int, int | None] | None:
    promise = ticket.promise if ticket else None
    return None if promise is None or promise.low is None else (promise.low, promise.high)


def _seconds_to_minutes(value_s: int | None) -> float | None:
    return None if value_s is None else round(value_s / 60, 1)


def begun_inspections_of_sheet(tx: Transaction, hall: int, sheet: str) -> Iterable[Inspection]:
    """Return the inspections that were begun by a sheet."""
    begun = inspections.c.started.is_not(None)
    return part_tables.objects_where(tx, hall, INSPECTIONS, inspections.c.sheet == sheet, begun).values()
