"""Inspections and the morning routine, as far as the core has them.

Reads inspections and rectifications, and records proofs of rectifications, which their owners give at any station.
Planning, filling in, signing and reading items are in the feature.

Of the morning routine it has the briefing, to which a project's standard adds points, and attendance; the rest is in
the feature."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import BRIEFINGS, CHECKS, INSPECTIONS, OPENINGS, RECTIFICATIONS, SHIFTS
from queuedesk.core.network.roles import Role
from queuedesk.core.quality.case import Rectification
from queuedesk.core.quality.inspection import (
    Briefing,
    ChannelCoverage,
    Inspection,
    StaffAttendanceOnDate,
    attendance_rows,
    channel_coverage,
    inspection_warning_start,
    last_briefing_of_date,
    month_first_and_last,
    monthly_inspection_minimums,
)
from queuedesk.core.queue.hallday import business_date, utc_moment_of_hall_minute
from queuedesk.core.setup.file import score_sheets_of_hall
from queuedesk.core.setup.rows import Setup
from queuedesk.core.staffing.roster import start_minute_by_person
from queuedesk.desk.change import Desk, Document, HallChange, iso_local, runs_in_transaction
from queuedesk.desk.reading import store_required_words, store_words_and_give_log_reference, stored_words
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events, journal
from queuedesk.store.parts import halls, part_tables
from queuedesk.store.rights.withheld_ratings import may_read_ratings
from queuedesk.store.schema import inspections, rectifications

LONGEST_PROOF = 400


def signed_mystery_visit_seq(desk: Desk, day: date, ticket: str) -> int | None:
    """Return the seq of the signed mystery visit with this ticket, None if there is none: an unsigned one must not be
    recognised."""
    with desk.db.read() as tx:
        own = (inspections.c.visit_date == day, inspections.c.visit == ticket, inspections.c.signed.is_not(None))
        return max(part_tables.objects_where(tx, desk.hall, INSPECTIONS, *own), default=None)


def inspections_of_month(desk: Desk, day: date | None, now: datetime) -> Document:
    """Return inspections of the month of `day` (default: today) by date, without items, and coverage by channel."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        first, last = month_first_and_last(day or business_date(setup, now))
        rows = list(part_tables.objects_of_days(tx, desk.hall, INSPECTIONS, first, last).values())
        names = stored_words(tx, desk.hall, [row.outsider for row in rows])
        rows.sort(key=lambda row: (row.date, row.seq))
        return {
            "from": first.isoformat(),
            "to": last.isoformat(),
            "inspections": [inspection_head_document(setup, row, names) for row in rows],
            "warns_from": inspection_warning_start(setup, last).isoformat(),
            "coverage": [
                _channel_coverage_document(row) for row in channel_coverage(rows, monthly_inspection_minimums(setup))
            ],
        }


def inspections_by_seqs(desk: Desk, seqs: Sequence[int]) -> list[Document]:
    """Return the inspections with these seqs by date, without items."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        rows = part_tables.objects_where(tx, desk.hall, INSPECTIONS, inspections.c.seq.in_(seqs)).values()
        names = stored_words(tx, desk.hall, [row.outsider for row in rows])
        return [
            inspection_head_document(setup, row, names) for row in sorted(rows, key=lambda row: (row.date, row.seq))
        ]


def inspection_head_document(setup: Setup, one: Inspection, words: dict[str, str]) -> Document:
    """Return an inspection without its items; `words` are its texts by their "id:digest" in the log."""
    spec = None if one.version else score_sheets_of_hall(setup).get(one.sheet)
    return {
        "inspection": one.seq,
        "date": one.date.isoformat(),
        "sheet": one.sheet,
        "version": one.version,
        "name": spec.name if spec else one.name or one.sheet,
        "name_en": spec.name_en if spec else one.name_en,
        "channel": one.channel,
        "state": one.state,
        "planned": one.planned,
        "staff": one.staff,
        "visitor": one.visitor,
        "outsider": words.get(one.outsider or ""),
        "started": iso_local(setup, one.started),
        "points": one.score.points,
        "of": one.score.of,
        "score": one.score.points_per_hundred,
        "looked_at": len(one.items) - len(one.unfinished_items),
        "count": len(one.items),
        "signed": iso_local(setup, one.signed),
        "signed_by": one.signed_by,
        "reason": one.reason,
    }


def _channel_coverage_document(one: ChannelCoverage) -> Document:
    return {"channel": one.channel, "done": one.done, "planned": one.planned, "least": one.least, "short": one.is_short}


def inspection_not_there_error(seq: int) -> RuleError:
    return RuleError("not_there", kind="inspection", code=str(seq))


# -- rectifications -------------------------------------------------------------------------------------------------


@runs_in_transaction("fix-proof")
def record_rectification_proof(change: HallChange, seq: int, proof: str) -> Document:
    """Record the proof of a rectification: words, or a photo's path. A person without the right to inspect may do so
    only for the own ones. Raises RuleError "not_there" (also for others' ones), "fix_closed", "bad_value"."""
    rectification = require_rectification(change, seq)
    if not change.who.may("inspect") and change.who.name != rectification.owner:
        raise RuleError("not_there", kind="rectification", code=str(seq))
    rectification.require_open()
    stored = store_required_words(
        change, "proof", proof.strip(), longest=LONGEST_PROOF, put=journal.store_words_for_staff
    )
    change.record("fix-proof", of=seq, proof=stored)
    return rectification_document(change, seq)


def open_and_month_rectifications(desk: Desk, day: date | None, now: datetime) -> list[Document]:
    """Return the open rectifications, most urgent first, then those closed in the month of `day` (default: today)."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        today = business_date(setup, now)
        first, last = month_first_and_last(day or today)
        still_open = part_tables.objects_still_open(tx, desk.hall, RECTIFICATIONS).values()
        closed = part_tables.objects_where(tx, desk.hall, RECTIFICATIONS, rectifications.c.closed.is_not(None)).values()
        of_month = [
            fix for fix in closed if fix.time_of_closing and first <= business_date(setup, fix.time_of_closing) <= last
        ]
        rows = sorted(still_open, key=lambda fix: (fix.due, fix.seq))
        rows += sorted(of_month, key=lambda fix: (fix.time_of_closing or now, fix.seq))
        return _rectification_documents(tx, desk.hall, setup, rows, today)


def rectifications_with_seqs(desk: Desk, seqs: Sequence[int], now: datetime) -> list[Document]:
    """Return the rectifications with these seqs, as open_and_month_rectifications() does."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        rows = list(part_tables.objects_where(tx, desk.hall, RECTIFICATIONS, rectifications.c.seq.in_(seqs)).values())
        return _rectification_documents(tx, desk.hall, setup, rows, business_date(setup, now))


def _rectification_documents(
    tx: Transaction, hall: int, setup: Setup, rows: list[Rectification], today: date
) -> list[Document]:
    stored = [id for row in rows for id in (row.issue, *(proof.words for proof in row.proofs))]
    words = stored_words(tx, hall, stored, journal.stored_staff_words_by_id)
    if may_read_ratings(tx):  # An earlier program stored them with the comments, which only managers may read.
        words |= stored_words(tx, hall, [id for id in stored if id not in words])
    asked = inspections.c.seq.in_({row.inspection for row in rows if row.inspection is not None})
    sources = part_tables.objects_where(tx, hall, INSPECTIONS, asked)
    return [_document_of_rectification(setup, row, sources.get(row.inspection or 0), words, today) for row in rows]


_SOURCE_FIELDS = ("inspection", "channel", "item", "item_en")


def _document_of_rectification(
    setup: Setup, one: Rectification, source: Inspection | None, words: dict[str, str], today: date
) -> Document:
    item = source.items[one.item - 1] if source and one.item else None
    return {
        "rectification": one.seq,
        "date": one.date.isoformat(),
        "state": one.proven_open_or_closed_state,
        "issue": words.get(one.issue) or (item.text if item else ""),
        "inspection": one.inspection,
        "channel": source.channel if source else None,
        "found": source.date.isoformat() if source else one.date.isoformat(),
        "item": item.text if item else None,
        "item_en": item.text_en if item else None,
        "owner": one.owner,
        "due": one.due.isoformat(),
        "late": one.is_late(today),
        "proofs": [
            {"at": iso_local(setup, proof.at), "by": proof.by, "proof": words.get(proof.words, "")}
            for proof in one.proofs
        ],
        "looks": [{"at": iso_local(setup, look.at), "by": look.by, "good": look.good} for look in one.looks],
        "reminded": iso_local(setup, one.reminded),
        "closed": iso_local(setup, one.time_of_closing),
    }


def rectification_document(change: HallChange, seq: int) -> Document:
    """Return a rectification as far as the actor of the change may read it."""
    rectification = change.book.get_record(RECTIFICATIONS, seq)
    document = _rectification_documents(change.tx, change.book.id, change.setup, [rectification], change.date)[0]
    # Its source is only for people who may inspect.
    return document if change.who.may("inspect") else {**document, **dict.fromkeys(_SOURCE_FIELDS)}


def require_rectification(change: HallChange, seq: int) -> Rectification:
    """Return a rectification. Raises RuleError "not_there"."""
    rectification = change.book.find_record(RECTIFICATIONS, seq)
    if rectification is None:
        raise RuleError("not_there", kind="rectification", code=str(seq))
    return rectification


LONGEST_POINT, MOST_POINTS = 100, 8
# -- the briefing ------------------------------------------------------------------------------------------------------


def record_todays_briefing(change: HallChange, points: Sequence[str], points_en: Sequence[str]) -> int:
    """Record today's briefing as part of a change, and return its seq. Raises RuleError "bad_value"."""
    text, text_en = _checked_briefing_points("points", points), _checked_briefing_points("points_en", points_en)
    if not text:
        raise RuleError("bad_value", field="points", value=None, why="empty")
    if text_en and len(text_en) != len(text):
        raise RuleError("bad_value", field="points_en", value=len(text_en), why="out_of_range", limit=str(len(text)))
    before = last_briefing_of_date(briefings_between(change.tx, change.book.id, change.date), change.date)
    stored = [
        store_words_and_give_log_reference(change, name, "\n".join(lines), put=journal.store_words_for_staff)
        for name, lines in (("points", text), ("points_en", text_en))
    ]
    event = change.record("briefing", version=before.version + 1 if before else 1, text=stored[0], text_en=stored[1])
    return event.seq


def _checked_briefing_points(field: str, points: Sequence[str]) -> list[str]:
    lines = [text for point in points if (text := " ".join(point.split()))]
    if len(lines) > MOST_POINTS or any(len(line) > LONGEST_POINT for line in lines):
        raise RuleError("bad_value", field=field, value=max(lines, key=len)[:20], why="too_long")
    return lines


def briefings_between(tx: Transaction, hall: int, first: date, last: date | None = None) -> list[Briefing]:
    """Return all versions of the briefings of the dates from `first` to `last` (default: only `first`)."""
    return list(part_tables.objects_of_days(tx, hall, BRIEFINGS, first, last or first).values())


def briefing_document_after_change(change: HallChange, seq: int) -> Document:
    return briefing_documents(change.tx, change.book.id, change.setup, [change.book.get_record(BRIEFINGS, seq)])[0]


def briefing_documents(tx: Transaction, hall: int, setup: Setup, briefings: Sequence[Briefing]) -> list[Document]:
    """Return briefings with their words, the people who have read each, and those who still have to."""
    words = stored_words(
        tx, hall, [id for row in briefings for id in (row.text, row.text_en)], journal.stored_staff_words_by_id
    )
    return [
        {
            "briefing": row.seq,
            "date": row.date.isoformat(),
            "version": row.version,
            "at": iso_local(setup, row.time),
            "by": row.by,
            "points": words.get(row.text, "").split("\n"),
            "points_en": words[row.text_en].split("\n") if row.text_en in words else [],
            "read": [{"staff": receipt.by, "at": iso_local(setup, receipt.at)} for receipt in row.receipts],
            "unread": _staff_yet_to_read_briefing(tx, hall, setup, row),
        }
        for row in briefings
    ]


def _staff_yet_to_read_briefing(tx: Transaction, hall: int, setup: Setup, briefing: Briefing) -> list[str]:
    """Return the codes of people on the roster or present, except the author, who have not read a briefing; without a
    roster all guides and clerks count."""
    people = [row.staff for row in attendance_on(tx, hall, setup, briefing.date)]
    if not _rostered_start_times(setup, briefing.date):
        people += [code for code, person in setup.staff.items() if person.role in (Role.GUIDE, Role.CLERK)]
    return [code for code in dict.fromkeys(people) if code != briefing.by and briefing.receipt_of_person(code) is None]


# -- attendance --------------------------------------------------------------------------------------------------------


def attendance_on(tx: Transaction, hall: int, setup: Setup, day: date) -> list[StaffAttendanceOnDate]:
    """Return the attendance of a date. A person is present who opened a window, signed in, read or wrote a briefing,
    checked a device, or signed the opening."""
    seen = [
        (of_day.staff, of_day.opened) for of_day in part_tables.objects_of_days(tx, hall, SHIFTS, day, day).values()
    ]
    seen += [
        (event.staff, event.time) for event in events.events_of_kind_on_date(tx, hall, day, "sign-in") if event.staff
    ]
    for briefing in briefings_between(tx, hall, day):
        seen += [(briefing.by, briefing.time), *((receipt.by, receipt.at) for receipt in briefing.receipts)]
    seen += [(of_day.by, of_day.time) for of_day in part_tables.objects_of_days(tx, hall, CHECKS, day, day).values()]
    seen += [(of_day.by, of_day.time) for of_day in part_tables.objects_of_days(tx, hall, OPENINGS, day, day).values()]
    early = setup.setting_as_int("early_minutes")
    of_staff = [(staff, at) for staff, at in seen if staff in setup.staff]
    return attendance_rows(_rostered_start_times(setup, day), of_staff, timedelta(minutes=early) if early else None)


def _rostered_start_times(setup: Setup, day: date) -> dict[str, datetime]:
    starts = start_minute_by_person(setup.roster, day, setup.calendar)
    return {staff: utc_moment_of_hall_minute(setup, day, minute) for staff, minute in starts.items()}
