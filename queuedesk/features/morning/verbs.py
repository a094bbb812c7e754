"""The morning: the briefing is written, how the hall was signed open and closed is told, and who was there when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from queuedesk.core.log.state import CHECKS, DEVICES, OPENINGS
from queuedesk.core.quality.inspection import SHEETS, last_briefing_version
from queuedesk.core.quality.sheet import ScoreSheet, item_rows
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.file import sheets_of
from queuedesk.core.talk.opening_checks import requires_opening_checks, unmet_device_checks
from queuedesk.desk.change import Desk, Document, HallChange, iso_local, required_check_document, runs_in_transaction
from queuedesk.desk.quality.inspecting import (
    attendance_on,
    briefing_answer,
    briefing_documents,
    briefings_between,
    record_todays_briefing,
    signed_opening_document,
)
from queuedesk.store.parts import halls, part_tables

STOCK_DAYS, MOST_IN_STOCK = 30, 20
"""Points of earlier briefings are offered again for so long."""


@runs_in_transaction("briefing")
def write_briefing_version(change: HallChange, points: Sequence[str], points_en: Sequence[str] = ()) -> Document:
    """Write today's briefing; where there is one already, this is its next version, to be read anew.

    Raises RuleError "bad_value"; in a second language there are as many points as in the first, or none.
    """
    return briefing_answer(change, record_todays_briefing(change, points, points_en))


def last_briefing_document(desk: Desk, day: date | None, now: datetime) -> Document:
    """Return the last version of a date's briefing (else today's), with who read it and who still has to: {"date",
    "briefing"}, null where there is none."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        at = day or business_date(setup, now)
        last = last_briefing_version(briefings_between(tx, desk.hall, at), at)
        return {
            "date": at.isoformat(),
            "briefing": briefing_documents(tx, desk.hall, setup, [last])[0] if last else None,
        }


def briefing_version_documents(desk: Desk, first: date | None, last: date | None, now: datetime) -> list[Document]:
    """Return every version of the dates from `first`, by default 30 days before `last`, to `last`, by default today,
    the latest first."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        until = last or business_date(setup, now)
        found = briefings_between(tx, desk.hall, first or until - timedelta(days=STOCK_DAYS), until)
        return briefing_documents(tx, desk.hall, setup, sorted(found, key=lambda one: one.seq, reverse=True))


def reusable_briefing_points(desk: Desk, now: datetime) -> list[dict[str, str]]:
    """Return points of the last briefings, the latest first and each once, to be said again."""
    found: dict[str, dict[str, str]] = {}
    for one in briefing_version_documents(desk, None, None, now):
        in_english = one["points_en"] or [""] * len(one["points"])
        for text, text_en in zip(one["points"], in_english, strict=False):
            found.setdefault(text, {"text": text, "text_en": text_en})
    return list(found.values())[:MOST_IN_STOCK]


def opening_and_closing_document(desk: Desk, day: date | None, now: datetime) -> Document:
    """Return how the hall was signed open and closed on a date, else today: {"date", "opening", "closing", "sheets",
    "checks"}, of each the last, null where nobody signed; `sheets` are what they go by now, `checks` how many checks of
    equipment are missing where the hall asks for them."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        at = day or business_date(setup, now)
        last = {one.what: one for one in part_tables.of_days(tx, desk.hall, OPENINGS, at, at).values()}
        documents = {
            what: signed_opening_document(tx, desk.hall, setup, last[what]) if what in last else None for what in SHEETS
        }
        known = sheets_of(setup)
        devices = part_tables.of_days(tx, desk.hall, DEVICES)
        done = part_tables.of_days(tx, desk.hall, CHECKS, at, at)
    is_wanted = requires_opening_checks(setup) and at == business_date(setup, now)
    lack = unmet_device_checks(setup, devices, done.values(), now) if is_wanted else []
    sheets = {what: _sheet_document(known[code]) if code in known else None for what, code in SHEETS.items()}
    checks = {"asked": requires_opening_checks(setup), "missing": [required_check_document(one) for one in lack]}
    return {"date": at.isoformat(), **documents, "sheets": sheets, "checks": checks}


def _sheet_document(spec: ScoreSheet) -> Document:
    return {"code": spec.code, "name": spec.name, "name_en": spec.name_en, "items": item_rows(spec.items)}


def attendance_document(desk: Desk, day: date | None, now: datetime) -> Document:
    """Return who was to be there on a date, else today, and when the program first knew of each: {"date",
    "early_minutes", "attendance"}."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        at = day or business_date(setup, now)
        rows = attendance_on(tx, desk.hall, setup, at)
    return {
        "date": at.isoformat(),
        "early_minutes": setup.number("early_minutes") or None,
        "attendance": [
            {
                "staff": one.staff,
                "from": iso_local(setup, one.start),
                "due": iso_local(setup, one.due),
                "here": iso_local(setup, one.here),
                "late": one.minutes_after_due,
                "missing": one.is_missing(now),
            }
            for one in rows
        ],
    }
