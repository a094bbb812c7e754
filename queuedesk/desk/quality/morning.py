"""The morning at every station: the briefing is read there, the hall signed open and closed, and what a project made
standard becomes a point of the briefing. How it is written and told is the feature's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import BRIEFINGS, CHECKS, OPENINGS, SHIFTS
from queuedesk.core.network.roles import Role
from queuedesk.core.quality.inspection import (
    HUMIDITIES,
    SHEETS,
    TEMPERATURES,
    Attendance,
    Briefing,
    Mark,
    Opening,
    attendance,
    current,
    left,
    must_have,
    version_of,
)
from queuedesk.core.quality.sheet import Sheet, item_rows
from queuedesk.core.queue.hallday import hall_moment
from queuedesk.core.setup.file import sheets_of
from queuedesk.core.setup.rows import Setup
from queuedesk.core.staffing.roster import starts_on
from queuedesk.desk.change import Change, Document, changes, iso
from queuedesk.desk.reading import keep, words_of
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events, journal
from queuedesk.store.parts import part_tables
from queuedesk.store.schema import openings

LONGEST_POINT, MOST_POINTS = 100, 8
LONGEST_REASON = 100

# -- the briefing ------------------------------------------------------------------------------------------------------


def add_point(change: Change, point: str, point_en: str = "") -> int:
    """Add a point to today's briefing as part of another change; where it has a second language and the point does not,
    the point stands in both. Return the briefing's seq. Raises as write_points."""
    last = current(briefings_between(change.tx, change.book.id, change.date), change.date)
    found = briefing_documents(change.tx, change.book.id, change.setup, [last])[0] if last else None
    points, points_en = (found["points"], found["points_en"]) if found else ([], [])
    in_both = points_en or (not points and point_en)
    return write_points(change, [*points, point], [*points_en, point_en or point] if in_both else ())


def write_points(change: Change, points: Sequence[str], points_en: Sequence[str]) -> int:
    """Write today's briefing as part of a change, and return its seq. Raises RuleError "bad_value"."""
    text, text_en = _lines("points", points), _lines("points_en", points_en)
    if not text:
        raise RuleError("bad_value", field="points", value=None, why="empty")
    if text_en and len(text_en) != len(text):
        raise RuleError("bad_value", field="points_en", value=len(text_en), why="out_of_range", limit=str(len(text)))
    before = current(briefings_between(change.tx, change.book.id, change.date), change.date)
    kept = [
        keep(change, name, "\n".join(lines), put=journal.keep_for_staff)
        for name, lines in (("points", text), ("points_en", text_en))
    ]
    event = change.record("briefing", version=before.version + 1 if before else 1, text=kept[0], text_en=kept[1])
    return event.seq


@changes("briefing-read")
def mark_read(change: Change, seq: int) -> Document:
    """Note that somebody has read today's briefing; a second reading is not noted. Raises RuleError "not_there", for
    one that has a later version too, "who_are_you" for somebody who gives no name."""
    found = change.book.find(BRIEFINGS, seq)
    last = current(briefings_between(change.tx, change.book.id, change.date), change.date)
    if found is None or last is None or last.seq != seq:
        raise RuleError("not_there", kind="briefing", code=str(seq))
    if not change.who.is_staff:
        raise RuleError("who_are_you")
    if found.receipt(change.who.name) is None:
        change.record("briefing", read=seq)
    return briefing_answer(change, seq)


def _lines(field: str, points: Sequence[str]) -> list[str]:
    lines = [text for point in points if (text := " ".join(point.split()))]
    if len(lines) > MOST_POINTS or any(len(line) > LONGEST_POINT for line in lines):
        raise RuleError("bad_value", field=field, value=max(lines, key=len)[:20], why="too_long")
    return lines


def briefings_between(tx: Transaction, hall: int, first: date, last: date | None = None) -> list[Briefing]:
    """Return every version of the dates from `first` to `last`, by default of the first alone."""
    return list(part_tables.of_days(tx, hall, BRIEFINGS, first, last or first).values())


def briefing_answer(change: Change, seq: int) -> Document:
    """Return a briefing as it is after a change."""
    one = change.book.get(BRIEFINGS, seq)
    return briefing_documents(change.tx, change.book.id, change.setup, [one])[0]


def briefing_documents(tx: Transaction, hall: int, setup: Setup, found: Sequence[Briefing]) -> list[Document]:
    """Return briefings with their words, who read each and who still has to."""
    said = words_of(tx, hall, [id for one in found for id in (one.text, one.text_en)], journal.kept_for_staff)
    return [
        {
            "briefing": one.seq,
            "date": one.date.isoformat(),
            "version": one.version,
            "at": iso(setup, one.time),
            "by": one.by,
            "points": said.get(one.text, "").split("\n"),
            "points_en": said[one.text_en].split("\n") if one.text_en in said else [],
            "read": [{"staff": receipt.by, "at": iso(setup, receipt.at)} for receipt in one.receipts],
            "unread": _still_to_read(tx, hall, setup, one),
        }
        for one in found
    ]


def _still_to_read(tx: Transaction, hall: int, setup: Setup, one: Briefing) -> list[str]:
    """Return who was to be there or was, has not read it and did not write it; where no roster says who is to be
    there, all guides and clerks are."""
    people = [row.staff for row in people_on(tx, hall, setup, one.date)]
    if not _starts(setup, one.date):
        people += [code for code, person in setup.staff.items() if person.role in (Role.GUIDE, Role.CLERK)]
    return [code for code in dict.fromkeys(people) if code != one.by and one.receipt(code) is None]


# -- opening and closing -----------------------------------------------------------------------------------------------


@changes("opening")
def sign(
    change: Change,
    what: str,
    marks: Iterable[Mapping[str, Any]],
    *,
    temperature: int | None = None,
    humidity: int | None = None,
) -> Document:
    """Sign the hall open, or closed, by its sheet as it stands now. Each of `marks` has `item`, counted from 1, and
    `state`: "good", "lacking" with `why`, places in the item's list of reasons, or `words`, or "not_applicable".

    Raises RuleError "bad_value", "not_there" where the hall has no such sheet, "sheet_not_done" with the items that
    nobody looked at or that lack a reason, "who_are_you" for somebody who gives no name.
    """
    if what not in SHEETS:
        raise RuleError("bad_value", field="what", value=what, why="not_a_choice", limit=list(SHEETS))
    for name, value, allowed in (("temperature", temperature, TEMPERATURES), ("humidity", humidity, HUMIDITIES)):
        if value is not None and value not in allowed:
            limit = f"{allowed[0]}–{allowed[-1]}"
            raise RuleError("bad_value", field=name, value=value, why="out_of_range", limit=limit)
    if not change.who.is_staff:
        raise RuleError("who_are_you")
    spec = _sheet(change.setup, what)
    found = [_mark(change, spec, mark) for mark in marks]
    if missing := left(spec.items, found):
        raise RuleError("sheet_not_done", items=missing)
    earlier = part_tables.among(change.tx, change.book.id, OPENINGS, openings.c.sheet == spec.code).values()
    event = change.record(
        "opening",
        what=what,
        sheet=spec.code,
        version=version_of(spec.items, earlier),
        name=spec.name,
        name_en=spec.name_en,
        items=item_rows(spec.items),
        marks=[_mark_row(one) for one in sorted(found, key=lambda one: one.item)],
        temperature=temperature,
        humidity=humidity,
    )
    return opening_document(change.tx, change.book.id, change.setup, change.book.get(OPENINGS, event.seq))


def people_on(tx: Transaction, hall: int, setup: Setup, day: date) -> list[Attendance]:
    """Return who was to be there and who was: a window opened, a station signed in to, a briefing read or written, a
    device checked, the hall signed open."""
    seen = [(of_day.staff, of_day.opened) for of_day in part_tables.of_days(tx, hall, SHIFTS, day, day).values()]
    seen += [(event.staff, event.time) for event in events.of_kind(tx, hall, day, "sign-in") if event.staff]
    for told in briefings_between(tx, hall, day):
        seen += [(told.by, told.time), *((receipt.by, receipt.at) for receipt in told.receipts)]
    seen += [(of_day.by, of_day.time) for of_day in part_tables.of_days(tx, hall, CHECKS, day, day).values()]
    seen += [(of_day.by, of_day.time) for of_day in part_tables.of_days(tx, hall, OPENINGS, day, day).values()]
    early = setup.number("early_minutes")
    known = [(staff, at) for staff, at in seen if staff in setup.staff]
    return attendance(_starts(setup, day), known, timedelta(minutes=early) if early else None)


def _starts(setup: Setup, day: date) -> dict[str, datetime]:
    starts = starts_on(setup.roster, day, setup.calendar)
    return {staff: hall_moment(setup, day, minute) for staff, minute in starts.items()}


def _sheet(setup: Setup, what: str) -> Sheet:
    sheet = sheets_of(setup).get(SHEETS[what])
    if sheet is None:
        raise RuleError("not_there", kind="sheets", code=SHEETS[what])
    return sheet


def _mark(change: Change, spec: Sheet, said: Mapping[str, Any]) -> Mark:
    number, state = int(said["item"]), said["state"]
    if not 1 <= number <= len(spec.items):
        raise RuleError("not_there", kind="items", code=str(number))
    item = spec.items[number - 1]
    if state != "lacking":
        return Mark(item=number, taken=0 if state == "good" else None)
    words = keep(change, "words", said.get("words"), longest=LONGEST_REASON, put=journal.keep_for_staff)
    mark = Mark(item=number, taken=item.weight, reasons=tuple(sorted(set(said.get("why") or ()))), words=words)
    try:
        must_have(spec.items, mark)
    except ValueError:
        limit = f"1–{len(item.reasons)}"
        raise RuleError("bad_value", field="reason", value=mark.reasons[-1], why="out_of_range", limit=limit) from None
    return mark


def _mark_row(mark: Mark) -> dict[str, Any]:
    row = {"item": mark.item, "taken": mark.taken, "why": list(mark.reasons) or None, "words": mark.words}
    return {key: value for key, value in row.items() if value is not None}


def opening_document(tx: Transaction, hall: int, setup: Setup, one: Opening) -> Document:
    """Return how the hall was signed, with what was found of each item."""
    said = words_of(tx, hall, [mark.words for mark in one.marks], journal.kept_for_staff)
    marks = {mark.item: mark for mark in one.marks}
    rows = []
    for number, item in enumerate(one.items, start=1):
        mark = marks[number]
        rows.append(
            {
                **item_rows([item])[0],
                "n": number,
                "state": "not_applicable" if mark.taken is None else "lacking" if mark.taken else "good",
                "why": list(mark.reasons),
                "words": said.get(mark.words or ""),
            }
        )
    return {
        "at": iso(setup, one.time),
        "by": one.by,
        "sheet": one.sheet,
        "version": one.version,
        "name": one.name,
        "name_en": one.name_en,
        "items": rows,
        "lacking": len(one.lacking),
        "points": one.score.points,
        "of": one.score.of,
        "temperature": one.temperature,
        "humidity": one.humidity,
    }
