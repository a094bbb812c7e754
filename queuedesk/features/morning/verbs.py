"""The morning: the briefing is written and read, the hall signed open and closed, and who was there when is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import BRIEFINGS, CHECKS, DEVICES, OPENINGS
from queuedesk.core.quality import inspection as inspections
from queuedesk.core.quality.sheet import ScoreSheet, sheet_item_rows
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.file import score_sheets_of_hall
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.device import is_opening_check_required_in_hall, unmet_device_checks
from queuedesk.desk.change import Desk, Document, HallChange, iso_local, required_check_document, runs_in_transaction
from queuedesk.desk.quality import inspecting
from queuedesk.desk.reading import store_words_and_give_log_reference, stored_words
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import journal
from queuedesk.store.parts import halls, part_tables
from queuedesk.store.schema import openings

LONGEST_REASON = 100
STOCK_DAYS, MOST_IN_STOCK = 30, 20
"""Points of earlier briefings are offered again for so long."""


@runs_in_transaction("briefing")
def write_briefing_version(change: HallChange, points: Sequence[str], points_en: Sequence[str] = ()) -> Document:
    """Write today's briefing; where there is one already, this is its next version, to be read anew.

    Raises RuleError "bad_value"; in a second language there are as many points as in the first, or none."""
    return inspecting.briefing_document_after_change(
        change, inspecting.record_todays_briefing(change, points, points_en)
    )


def last_briefing_document(desk: Desk, day: date | None, now: datetime) -> Document:
    """Return the last version of a date's briefing (else today's), with who read it and who still has to: {"date",
    "briefing"}, null where there is none."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        at = day or business_date(setup, now)
        last = inspections.last_briefing_of_date(inspecting.briefings_between(tx, desk.hall, at), at)
        return {
            "date": at.isoformat(),
            "briefing": inspecting.briefing_documents(tx, desk.hall, setup, [last])[0] if last else None,
        }


def briefing_version_documents_between(
    desk: Desk, first: date | None, last: date | None, now: datetime
) -> list[Document]:
    """Return every version of the dates from `first`, by default 30 days before `last`, to `last`, by default today,
    the latest first."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        until = last or business_date(setup, now)
        found = inspecting.briefings_between(tx, desk.hall, first or until - timedelta(days=STOCK_DAYS), until)
        return inspecting.briefing_documents(tx, desk.hall, setup, sorted(found, key=lambda one: one.seq, reverse=True))


def reusable_briefing_points(desk: Desk, now: datetime) -> list[dict[str, str]]:
    """Return points of the last briefings, the latest first and each once, to be said again."""
    found: dict[str, dict[str, str]] = {}
    for one in briefing_version_documents_between(desk, None, None, now):
        in_english = one["points_en"] or [""] * len(one["points"])
        for text, text_en in zip(one["points"], in_english, strict=False):
            found.setdefault(text, {"text": text, "text_en": text_en})
    return list(found.values())[:MOST_IN_STOCK]


def signed_opening_and_closing_document(desk: Desk, day: date | None, now: datetime) -> Document:
    """Return how the hall was signed open and closed on a date, else today: {"date", "opening", "closing", "sheets",
    "checks"}, of each the last, null where nobody signed; `sheets` are what they go by now, `checks` how many checks of
    equipment are missing where the hall asks for them."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        at = day or business_date(setup, now)
        last = {one.what: one for one in part_tables.objects_of_days(tx, desk.hall, OPENINGS, at, at).values()}
        documents = {
            what: signed_opening_or_closing_document(tx, desk.hall, setup, last[what]) if what in last else None
            for what in inspections.SHEETS
        }
        known = score_sheets_of_hall(setup)
        devices = part_tables.objects_of_days(tx, desk.hall, DEVICES)
        done = part_tables.objects_of_days(tx, desk.hall, CHECKS, at, at)
    is_wanted = is_opening_check_required_in_hall(setup) and at == business_date(setup, now)
    lack = unmet_device_checks(setup, devices, done.values(), now) if is_wanted else []
    sheets = {
        what: _sheet_document(known[code]) if code in known else None for what, code in inspections.SHEETS.items()
    }
    checks = {
        "asked": is_opening_check_required_in_hall(setup),
        "missing": [required_check_document(one) for one in lack],
    }
    return {"date": at.isoformat(), **documents, "sheets": sheets, "checks": checks}


def _sheet_document(spec: ScoreSheet) -> Document:
    return {"code": spec.code, "name": spec.name, "name_en": spec.name_en, "items": sheet_item_rows(spec.items)}


def attendance_document(desk: Desk, day: date | None, now: datetime) -> Document:
    """Return who was to be there on a date, else today, and when the program first knew of each: {"date",
    "early_minutes", "attendance"}."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        at = day or business_date(setup, now)
        rows = inspecting.attendance_on(tx, desk.hall, setup, at)
    return {
        "date": at.isoformat(),
        "early_minutes": setup.setting_as_int("early_minutes") or None,
        "attendance": [
            {
                "staff": one.staff,
                "from": iso_local(setup, one.start),
                "due": iso_local(setup, one.due),
                "here": iso_local(setup, one.here),
                "late": one.staff_late_minutes,
                "missing": one.is_missing(now),
            }
            for one in rows
        ],
    }


@runs_in_transaction("briefing-read")
def mark_briefing_read(change: HallChange, seq: int) -> Document:
    """Record that the actor has read today's briefing; a repeat changes nothing. Raises RuleError "not_there", also for
    one with a later version, "who_are_you" without a person."""
    briefing = change.book.find_record(BRIEFINGS, seq)
    last = inspections.last_briefing_of_date(
        inspecting.briefings_between(change.tx, change.book.id, change.date), change.date
    )
    if briefing is None or last is None or last.seq != seq:
        raise RuleError("not_there", kind="briefing", code=str(seq))
    if not change.who.is_staff:
        raise RuleError("who_are_you")
    if briefing.receipt_of_person(change.who.name) is None:
        change.record("briefing", read=seq)
    return inspecting.briefing_document_after_change(change, seq)


@runs_in_transaction("opening")
def sign_opening_or_closing(
    change: HallChange,
    what: str,
    marks: Iterable[Mapping[str, Any]],
    *,
    temperature: int | None = None,
    humidity: int | None = None,
) -> Document:
    """Sign the hall's opening or closing (`what`) by the current version of its sheet. Each of `marks` has `item`, from
    1, and `state`: "good", "not_applicable", or "lacking" with `why` (positions in the item's reasons) or `words`.
    Raises RuleError "bad_value", "not_there" if the hall has no such sheet, "sheet_not_done" with items that are not
    marked or lack a reason, "who_are_you" without a person."""
    if what not in inspections.SHEETS:
        raise RuleError("bad_value", field="what", value=what, why="not_a_choice", limit=list(inspections.SHEETS))
    for name, value, allowed in (
        ("temperature", temperature, inspections.TEMPERATURES),
        ("humidity", humidity, inspections.HUMIDITIES),
    ):
        if value is not None and value not in allowed:
            limit = f"{allowed[0]}–{allowed[-1]}"
            raise RuleError("bad_value", field=name, value=value, why="out_of_range", limit=limit)
    if not change.who.is_staff:
        raise RuleError("who_are_you")
    spec = _opening_or_closing_sheet(change.setup, what)
    checked = [_validated_item_mark(change, spec, mark) for mark in marks]
    if missing := inspections.unfinished_item_numbers(spec.items, checked):
        raise RuleError("sheet_not_done", items=missing)
    earlier = part_tables.objects_where(change.tx, change.book.id, OPENINGS, openings.c.sheet == spec.code).values()
    event = change.record(
        "opening",
        what=what,
        sheet=spec.code,
        version=inspections.sheet_version_for_items(spec.items, earlier),
        name=spec.name,
        name_en=spec.name_en,
        items=sheet_item_rows(spec.items),
        marks=[_item_mark_row(mark) for mark in sorted(checked, key=lambda mark: mark.item)],
        temperature=temperature,
        humidity=humidity,
    )
    return signed_opening_or_closing_document(
        change.tx, change.book.id, change.setup, change.book.get_record(OPENINGS, event.seq)
    )


def _opening_or_closing_sheet(setup: Setup, what: str) -> ScoreSheet:
    sheet = score_sheets_of_hall(setup).get(inspections.SHEETS[what])
    if sheet is None:
        raise RuleError("not_there", kind="sheets", code=inspections.SHEETS[what])
    return sheet


def _validated_item_mark(
    change: HallChange, spec: ScoreSheet, given: Mapping[str, Any]
) -> inspections.InspectionItemResult:
    number, state = int(given["item"]), given["state"]
    if not 1 <= number <= len(spec.items):
        raise RuleError("not_there", kind="items", code=str(number))
    item = spec.items[number - 1]
    if state != "lacking":
        return inspections.InspectionItemResult(item=number, taken=0 if state == "good" else None)
    words = store_words_and_give_log_reference(
        change, "words", given.get("words"), longest=LONGEST_REASON, put=journal.store_words_for_staff
    )
    mark = inspections.InspectionItemResult(
        item=number, taken=item.weight, reasons=tuple(sorted(set(given.get("why") or ()))), words=words
    )
    try:
        inspections.require_valid_mark(spec.items, mark)
    except ValueError:
        limit = f"1–{len(item.reasons)}"
        raise RuleError("bad_value", field="reason", value=mark.reasons[-1], why="out_of_range", limit=limit) from None
    return mark


def _item_mark_row(mark: inspections.InspectionItemResult) -> dict[str, Any]:
    row = {"item": mark.item, "taken": mark.taken, "why": list(mark.reasons) or None, "words": mark.words}
    return {key: value for key, value in row.items() if value is not None}


def signed_opening_or_closing_document(
    tx: Transaction, hall: int, setup: Setup, opening: inspections.SignedOpeningOrClosing
) -> Document:
    """Return a signed opening or closing with the result of each item."""
    words = stored_words(tx, hall, [mark.words for mark in opening.marks], journal.stored_staff_words_by_id)
    marks = {mark.item: mark for mark in opening.marks}
    rows = []
    for number, item in enumerate(opening.items, start=1):
        mark = marks[number]
        rows.append(
            {
                **sheet_item_rows([item])[0],
                "n": number,
                "state": "not_applicable" if mark.taken is None else "lacking" if mark.taken else "good",
                "why": list(mark.reasons),
                "words": words.get(mark.words or ""),
            }
        )
    return {
        "at": iso_local(setup, opening.time),
        "by": opening.by,
        "sheet": opening.sheet,
        "version": opening.version,
        "name": opening.name,
        "name_en": opening.name_en,
        "items": rows,
        "lacking": len(opening.marks_with_deduction),
        "points": opening.score.points,
        "of": opening.score.of,
        "temperature": opening.temperature,
        "humidity": opening.humidity,
    }
