"""Sheets and training: reading sheets (a manager all, everybody the own one), disputing their rows, closing a month;
what rows ask to be trained, who is named for it, sessions and what came of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import dropwhile
from typing import Any

from msgspec.structs import replace

from queuedesk.core import appraisal as appraisals
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.figures.comparing import NumeratorAndDenominator, SpanDatesAndBusyDates, choose_equal_weekdays
from queuedesk.core.figures.periods import MONTH, dates_between, period_span_containing
from queuedesk.core.log.state import CLOSINGS, DISPUTES, NAMED_NEEDS, RECTIFICATIONS, SHIFTS, THANKS, TICKETS, TRAININGS
from queuedesk.core.network.roles import Actor, ReadScope, Role
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.setup.field_kinds import read_row
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import appraisal
from queuedesk.desk.appraisal import AnsweredTrainingNeed, readable_trainings_between, training_sessions_between
from queuedesk.desk.change import Ask, Desk, Document, HallChange, iso_local, runs_in_transaction
from queuedesk.desk.reading import require_right_to_read, require_right_to_verb, store_required_words, stored_words
from queuedesk.features.staff.rules import person_sheet, training
from queuedesk.features.staff.rules.own_work import (
    MONTHS_BEFORE,
    OwnWork,
    month_sheets_to_last_whole_day,
    own_month_change,
    own_running_day,
)
from queuedesk.features.staff.tables import month_rows, planned_shifts, training_need_rows, unnamed_month_events
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures.measured import HallReader
from queuedesk.store.log import journal
from queuedesk.store.log.log_dates import SetUpVersions
from queuedesk.store.parts import halls, part_tables, tickets
from queuedesk.store.parts.tickets import case_with_number
from queuedesk.store.rights.withheld_ratings import may_read_ratings
from queuedesk.store.schema import closings, disputes, named_needs

LONGEST_NOTE = 300


@runs_in_transaction("sheet-dispute")
def dispute_sheet_row(
    change: HallChange, staff: str, item: str, row: str, note: str, *, month: date | None = None
) -> Document:
    """Ask to exclude a row of an item of somebody's sheet: a visit as "2026-11-19 A012", a case by its number, a shift
    by its date, praise or a fault by its number in the log. Without `month` that of the row's date, else this one.

    Who reads no figures asks about the own sheet. Which visits were rated is told to nobody: of satisfaction any own
    visit can be named. Raises RuleError "not_for_you", "pin_needed", "unknown_staff", "not_there", "row_disputed",
    "row_excluded", "bad_value"."""
    who = change.who
    if who.unproven:  # It may be anybody who types the name.
        raise RuleError("pin_needed", staff=who.name)
    if who.is_staff and staff != who.name:
        who.require_read_right(ReadScope.FIGURES)
    change.setup.person_by_code(staff)
    if item not in appraisals.DISPUTED:
        raise RuleError("bad_value", field="item", value=item[:40], why="not_a_choice", limit=list(appraisals.DISPUTED))
    row = " ".join(row.split())
    first = (month or _month_of_row(row) or change.date).replace(day=1)
    if not _has_sheet_row(change, staff, item, row, first):
        raise RuleError("not_there", kind="row", code=row[:40])
    for one in part_tables.objects_where(change.tx, change.book.id, DISPUTES, disputes.c.month == first).values():
        if one.key == (staff, item, row) and (one.is_open or one.excluded):
            raise RuleError("row_disputed" if one.is_open else "row_excluded")
    named = {"rated": row, "salt": change.salts()} if appraisals.is_item_read_by_managers_only(item) else {"row": row}
    event = change.record(
        "sheet-dispute",
        staff=staff,
        month=first.isoformat(),
        item=item,
        words=_store_dispute_note(change, note, item, told=who.name == staff),
        **named,
    )
    return _dispute_document(change, event.seq)


@runs_in_transaction("sheet-decide")
def decide_dispute(change: HallChange, seq: int, note: str, *, exclude: bool) -> Document:
    """Decide about a disputed row: it leaves the figure, or stays.

    Raises RuleError "not_there", "dispute_decided", "own_dispute" for who asked and for whose sheet it is,
    "who_are_you" for somebody who gives no name, "bad_value"."""
    found = change.book.find_record(DISPUTES, seq)
    if found is None:
        raise RuleError("not_there", kind="dispute", code=str(seq))
    found.require_may_decide_dispute(change.who.name, is_person=change.who.is_staff)
    words = _store_dispute_note(change, note, found.item, told=found.by == found.staff)
    change.record("sheet-decide", of=seq, excluded=exclude, words=words)
    return _dispute_document(change, seq)


def dispute_documents(
    desk: Desk, who: Actor, now: datetime, *, month: date | None = None, staff: str | None = None
) -> list[Document]:
    """Return what waits for a decision and the disputes of a month's sheets, else of this one's, the latest first. Who
    reads no figures reads those of the own sheet. Raises RuleError "pin_needed"."""
    if not who.may_read(ReadScope.FIGURES):
        if who.unproven:
            raise RuleError("pin_needed", staff=who.name)
        staff = who.name
    own = staff if not who.may_read(ReadScope.FIGURES) else ""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        first, _last = period_span_containing(MONTH, month or business_date(setup, now))
        found = dict(part_tables.objects_still_open(tx, desk.hall, DISPUTES))
        found |= part_tables.objects_where(tx, desk.hall, DISPUTES, disputes.c.month == first)
        asked = [one for one in found.values() if not staff or one.staff == staff]
        asked.sort(key=lambda one: (one.is_open, one.seq), reverse=True)
        return [
            dispute_as_document(setup, one, dispute_note_text_by_logged_id(tx, desk.hall, asked), own=own or "")
            for one in asked
        ]


def dispute_note_text_by_logged_id(
    tx: Transaction, hall: int, asked: Iterable[appraisals.SheetDispute]
) -> dict[str, str]:
    """Return the notes that are still there, by what the log holds of them."""
    kept = [words for one in asked for words in (one.words, one.answer)]
    found = stored_words(tx, hall, kept, journal.stored_staff_words_by_id)
    if may_read_ratings(tx):  # Others' notes about ratings stand with the comments, which managers alone read.
        found |= stored_words(tx, hall, [one for one in kept if one not in found])
    return found


def dispute_as_document(
    setup: Setup, one: appraisals.SheetDispute, words: Mapping[str, str], *, own: str = ""
) -> Document:
    """Return a dispute as commands print it, for all or for the `own` reader alone."""
    told = one.may_know_row(own)
    return {
        "dispute": one.seq,
        "state": one.decision_state,
        "staff": one.staff,
        "month": f"{one.month:%Y-%m}",
        "item": one.item,
        "row": (one.disputed_row_name or None) if told else None,
        "at": iso_local(setup, one.time),
        "by": one.by,
        "words": words.get(one.words) if told else None,
        "decided": iso_local(setup, one.decided),
        "decided_by": one.decided_by,
        "answer": words.get(one.answer or "") if told else None,
    }


def _store_dispute_note(change: HallChange, note: str, item: str, *, told: bool) -> str:
    """Put a note beside the log; about a rating that the person did not name itself, where managers alone read it."""
    put: Callable[..., None] = (
        journal.store_words_for_staff
        if told or not appraisals.is_item_read_by_managers_only(item)
        else journal.store_comment
    )
    return store_required_words(change, "note", note, longest=LONGEST_NOTE, put=put)


def _has_sheet_row(change: HallChange, staff: str, item: str, row: str, month: date) -> bool:
    """Whether there is such a row: for a visit, whether that person had the customer."""
    if _has_item_ticket_rows(item):
        if _month_of_row(row) != month:
            return False
        ticket = change.book.find_record(TICKETS, (date.fromisoformat(row[:10]), row[11:]))
        return ticket is not None and any(leg.staff == staff for leg in ticket.legs)
    if item == appraisals.CASES:
        return case_with_number(change.tx, change.book.id, row) is not None
    if item in (appraisals.PRAISE, appraisals.FAULTS):
        if not (row.isascii() and row.isdecimal() and len(row) < 16):
            return False
        if item == appraisals.PRAISE:
            thanked = change.book.find_record(THANKS, int(row))
            return thanked is not None and thanked.staff == staff
        fix = change.book.find_record(RECTIFICATIONS, int(row))
        return fix is not None and fix.owner == staff
    return _month_of_row(row) == month and len(row) == 10 and date.fromisoformat(row) <= change.date


def _dispute_document(change: HallChange, seq: int) -> Document:
    found = change.book.get_record(DISPUTES, seq)
    own = "" if change.who.may_read(ReadScope.FIGURES) else change.who.name
    return dispute_as_document(
        change.setup, found, dispute_note_text_by_logged_id(change.tx, change.book.id, [found]), own=own
    )


MONTHS = 4
"""So many months stand side by side."""
LONGEST_AFTER, HISTORY = timedelta(days=91), timedelta(days=182)
"""How far a training's effect is looked for, and how far back the longer history goes (our figures)."""
_DAY = timedelta(days=1)

# -- needs -------------------------------------------------------------------------------------------------------------


def training_needs_of_month(desk: Desk, who: Actor, month: date, now: datetime) -> training.TrainingNeeds:
    """Return what the rows of the month that contains `month` ask for, today's left out, for who reads figures.

    Raises RuleError "not_for_you" (the access journal keeps it), "pin_needed"."""
    require_right_to_read(desk, who, ReadScope.FIGURES, now)
    return _read_needs_of_month(desk, month, now)


def _read_needs_of_month(desk: Desk, month: date, now: datetime) -> training.TrainingNeeds:
    first, last = period_span_containing(MONTH, month)
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        last = min(last, business_date(setup, now) - _DAY)
        return training.training_needs(
            first, last, training_need_rows(HallReader(tx, desk.hall, setup, now), dates_between(first, last))
        )


def reveal_need_staff(desk: Desk, ask: Ask, need: tuple[str, str], month: date, *, reason: str) -> Document:
    """Say whom a need, given as kind and service ("": all), is about, for one of REASONS: who it is gets told of that.

    Raises RuleError "not_your_role", "pin_needed", "bad_value", "not_there", "not_certain" where chance may have made
    the need, "names_both" where so few do this work that to name one tells of the other."""
    require_right_to_verb(desk, ask.who, "training-name", ask.now)
    return record_staff_of_revealed_need(desk, ask, _read_needs_of_month(desk, month, ask.now), need, reason=reason)


@runs_in_transaction("training-name")
def record_staff_of_revealed_need(
    change: HallChange, found: training.TrainingNeeds, need: tuple[str, str], *, reason: str
) -> Document:
    """Note who one of the needs that were found is about, each in an event of their own. Raises as
    reveal_need_staff()."""
    if reason not in appraisals.REASONS:
        raise RuleError("bad_value", field="reason", value=reason, why="not_a_choice", limit=list(appraisals.REASONS))
    seen = found.find_need(*need)
    if seen is None:
        raise RuleError("not_there", kind="need", code=":".join(filter(None, need)))
    if not seen.can_be_named:
        raise RuleError("names_both" if seen.is_worth_training else "not_certain")
    dates: dict[str, Any] = {"from": found.first.isoformat(), "to": found.last.isoformat()}
    said = [
        change.record(
            "training-name",
            staff=staff,
            service=seen.service or None,
            need=seen.kind,
            reason=reason,
            n=sum(row.staff == staff for row in seen.rows),
            all=seen.of_each[staff],
            **dates,
        )
        for staff in seen.staff
    ]
    return {"named": [event.seq for event in said], "staff": list(seen.staff)}


# -- sessions ----------------------------------------------------------------------------------------------------------


def add_training(
    desk: Desk,
    ask: Ask,
    topic: str,
    minutes: int,
    attended: Sequence[str],
    *,
    day: date | None = None,
    led: str | None = None,
    need: tuple[str, str] | None = None,
    seen: tuple[date, date] | None = None,
) -> Document:
    """Note a session that was held on `day`, else today. `need` is the kind and the service ("": all) that it answers,
    `seen` the dates in which that was seen, else the session's month until then.

    Raises RuleError "not_your_role", "pin_needed", "bad_value", "unknown_staff", "unknown_service"."""
    require_right_to_verb(desk, ask.who, "training", ask.now)
    about = AnsweredTrainingNeed(*need, *(seen or (None, None))) if need is not None else None
    if about is not None:
        about = _need_with_dates_and_limit(desk, about, day, ask.now)
    return appraisal.add_training(desk, ask, topic, minutes, attended, day=day, led=led, about=about)


def _need_with_dates_and_limit(
    desk: Desk, about: AnsweredTrainingNeed, day: date | None, now: datetime
) -> AnsweredTrainingNeed:
    """Return it with its dates and minutes."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        today = business_date(setup, now)
        _require_known_need(setup, about.kind, about.service)
        first, last = about.first or (day or today).replace(day=1), min(about.last or day or today, today)
        limits = {}
        if about.kind == appraisals.LONG:
            limits = training.long_handling_limit_by_service(
                training_need_rows(
                    HallReader(tx, desk.hall, setup, now), dates_between(first, last), (appraisals.LONG,)
                )
            )
    return about._replace(first=first, last=last, limit_min=limits.get(about.service))


def _require_known_need(setup: Setup, kind: str, service: str) -> None:
    if kind not in appraisals.KINDS or (kind in training.OF_A_SERVICE) != bool(service):
        raise RuleError(
            "bad_value", field="need", value=f"{kind} {service}".strip(), why="not_a_choice", limit=appraisals.KINDS
        )
    if service:
        setup.service_by_code(service)


# -- minutes, and who was there ----------------------------------------------------------------------------------------


def training_figures_of_recent_months(desk: Desk, who: Actor, month: date, now: datetime) -> training.TrainingMonths:
    """Return the minutes and shifts of the month that contains `month` and of those before it: of everybody for who
    reads figures, else of `who` alone.

    Raises RuleError "not_for_you" for who is nobody of the hall, "pin_needed"."""
    own = "" if who.may_read(ReadScope.FIGURES) else who.name
    if own and (not who.is_staff or who.unproven):
        require_right_to_read(desk, who, ReadScope.FIGURES, now)
    last_month = period_span_containing(MONTH, month)
    months = [last_month[0]]
    while len(months) < MONTHS:
        months.append((months[-1] - _DAY).replace(day=1))
    months.reverse()
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        today = business_date(setup, now)
        minutes: Counter[tuple[str, date]] = Counter()
        for one in training_sessions_between(tx, desk.hall, months[0], last_month[1]):
            for staff in one.attended:
                minutes[staff, one.day.replace(day=1)] += one.minutes
        kept = training.shift_records_by_person(planned_shifts(tx, desk.hall, setup, last_month, today))
        opened = part_tables.objects_of_days(tx, desk.hall, SHIFTS, *last_month).values()
        days = Counter(staff for _day, staff in {(one.date, one.staff) for one in opened if one.date < today})
    at_work = [code for code, person in setup.staff.items() if person.role in (Role.CLERK, Role.GUIDE)]
    known = dict.fromkeys([*at_work, *sorted({*kept, *(staff for staff, _month in minutes)})])
    people = [
        training.PersonTrainingMonths(
            staff=staff, minutes=tuple(minutes[staff, one] for one in months), shifts=kept.get(staff), days=days[staff]
        )
        for staff in known
        if not own or staff == own
    ]
    target = setup.setting_as_int("training_minutes")
    return training.TrainingMonths(
        months=tuple(months), target=target, people=tuple(people), has_roster=bool(kept), own=own
    )


# -- what came of it ---------------------------------------------------------------------------------------------------


def before_after_effect(
    desk: Desk, who: Actor, seq: int, now: datetime
) -> tuple[appraisals.TrainingSession, training.TrainingEffect | None]:
    """Return a session and what its need shows of those who attended, before and after; None where it answers none.

    Raises RuleError "not_there", and as training_needs_of_month()."""
    require_right_to_read(desk, who, ReadScope.FIGURES, now)
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        found = part_tables.find_object(tx, desk.hall, TRAININGS, seq)
        if found is None or found.dropped is not None:
            raise RuleError("not_there", kind="training", code=str(seq))
        if found.need is None:
            return found, None
        end = min(business_date(setup, now) - _DAY, found.day + LONGEST_AFTER)
        after, before = (
            dates_between(found.day + _DAY, end),
            dates_between(found.day - (end - found.day), found.day - _DAY),
        )
        seen = found.need_from or found.day
        busy = tickets.dates_with_tickets(tx, desk.hall, seen - HISTORY, end)
        chosen = choose_equal_weekdays(
            *(SpanDatesAndBusyDates(days, busy, calendar=setup.calendar) for days in (before, after))
        )
        history = [one for one in sorted(busy) if one < min(seen, found.day)]
        spans = (chosen[0].days, chosen[1].days, history)
        reader = HallReader(tx, desk.hall, setup, now)
        parts = [_need_row_count_and_total(found, training_need_rows(reader, days, (found.need,))) for days in spans]
    return found, training.training_effect(*parts, days=len(chosen[1].days))


def _need_row_count_and_total(
    found: appraisals.TrainingSession, acts: Iterable[training.RowCountedForTrainingNeed]
) -> NumeratorAndDenominator:
    """Return how many of the rows of those who attended show the need, and how many there are."""
    limits = {found.service or "": found.limit_min or 0}
    own = [
        one for one in acts if one.staff in found.attended and one.kind_and_service == (found.need, found.service or "")
    ]
    return NumeratorAndDenominator(sum(training.shows_need(one, limits) for one in own), len(own))


# -- documents ---------------------------------------------------------------------------------------------------------


def needs_document(found: training.TrainingNeeds) -> Document:
    """Return the needs as commands print them: whom they are about in numbers alone."""
    return {
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "days": found.days,
        "compared": found.compared,
        "few": found.few,
        "needs": [_need_document(one) for one in found.needs],
    }


def _need_document(need: training.ServiceTrainingNeed) -> Document:
    one = need.found
    return {
        "need": need.kind,
        "service": need.service or None,
        "limit": need.limit,
        "n": one.n,
        "of": one.of,
        "share": round(one.own_share, 6),
        "others": {"n": one.others_n, "of": one.others_of, "share": round(one.others, 6)},
        "difference": {"value": round(one.share_difference, 6), "low": round(one.low, 6), "high": round(one.high, 6)},
        "verdict": need.verdict,
        "about": len(need.staff),
        "people": need.people,
        "can_be_named": need.can_be_named,
        "rows": [{"date": row.day.isoformat(), "ticket": row.label} for row in need.rows],
    }


def training_months_document(found: training.TrainingMonths) -> Document:
    """Return minutes and shifts as commands print them."""
    return {
        "months": [one.isoformat()[:7] for one in found.months],
        "target": found.target or None,
        "has_roster": found.has_roster,
        "people": [
            {
                "staff": one.staff,
                "minutes": list(one.minutes),
                "days": one.days,
                "planned": one.shifts.planned if one.shifts else None,
                "opened": one.shifts.opened if one.shifts else None,
                "absent": one.shifts.absent_count if one.shifts else None,
                "kept": one.shifts.kept if one.shifts else None,
                "late_minutes": one.shifts.late_minutes if one.shifts else None,
            }
            for one in found.people
        ],
    }


def effect_document(found: training.TrainingEffect | None) -> Document | None:
    """Return what came of a session as commands print it."""
    if found is None:
        return None
    return {
        "days": found.days,
        **{name: {"n": part.n, "of": part.of} for name, part in (("before", found.before), ("after", found.after))},
        "history": {"n": found.history.n, "of": found.history.of},
        "low": None if found.low is None else round(found.low, 6),
        "high": None if found.high is None else round(found.high, 6),
        "verdict": found.verdict,
    }


def month_sheets(
    desk: Desk, who: Actor, month: date, now: datetime, *, staff: str = "", version: int | None = None
) -> person_sheet.MonthSheets:
    """Return everybody's sheets of the month that contains `month`, for who reads figures. With `staff` that person's
    is among them whether there is anything to count or not, and a person may ask for the own one: nobody else's then
    is to be shown. A closed month is as it was closed last, or in another `version`; 0 is as it stands now.

    Raises RuleError "not_for_you" (the access journal keeps it), "pin_needed", "unknown_staff", "not_there" without
    such a version, "closed_gone" where its text was deleted."""
    own = ""
    if not who.may_read(ReadScope.FIGURES):
        if not staff or staff != who.name:
            require_right_to_read(desk, who, ReadScope.FIGURES, now)
        if who.unproven:  # It may be anybody who types the name.
            raise RuleError("pin_needed", staff=staff)
        own = staff
    first, last = period_span_containing(MONTH, month)
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        if staff and staff not in setup.staff:
            raise RuleError("unknown_staff", staff=staff)
        closed = part_tables.objects_where(tx, desk.hall, CLOSINGS, closings.c.month == first)
        versions = {one.version: one for one in closed.values()}
        wanted = max(versions, default=0) if version is None else version
        if wanted and wanted not in versions:
            raise RuleError("not_there", kind="version", code=str(wanted))
        if wanted:
            found = _sheets_as_closed(tx, desk.hall, versions[wanted])
        else:
            found = month_sheets_as_they_stand(tx, desk.hall, setup, (first, last), now, staff=staff, own=bool(own))
        nameless = 0 if own else len(unnamed_month_events(tx, desk.hall, (first, last)))
        asked = (*found.rows.disputes, *found.later)
        notes = dispute_note_text_by_logged_id(tx, desk.hall, [one for one in asked if not own or one.staff == own])
    if (
        found.version
        and staff
        and (staff not in found.team.sheets or (own and found.team.sheets[staff].ratings < person_sheet.FEWEST_TOLD))
    ):
        found = replace(found, team=person_sheet.team_sheets(found.rows, found.stood.scheme, also=staff, own=bool(own)))
    return replace(found, own=own, notes=notes, versions=len(versions), unnamed=nameless)


def events_naming_no_person(desk: Desk, who: Actor, month: date, now: datetime) -> list[Document]:
    """Return the events of a month that name no person. Raises RuleError "not_for_you", "pin_needed"."""
    require_right_to_read(desk, who, ReadScope.FIGURES, now)
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        found = unnamed_month_events(tx, desk.hall, period_span_containing(MONTH, month))
    return [{"seq": seq, "at": iso_local(setup, at), "kind": kind} for seq, at, kind in found]


def month_sheets_as_they_stand(
    tx: Transaction,
    hall: int,
    setup: Setup,
    month: tuple[date, date],
    now: datetime,
    *,
    staff: str = "",
    own: bool = False,
    unrated: bool = False,
) -> person_sheet.MonthSheets:
    """Return a month's sheets as they stand, closed or not; `unrated` as if this PC were told of no rating. Who reads
    the `own` one is told of today's ratings from tomorrow on, and while the month runs of everybody's in fives: one
    after the other they would say who was not content."""
    first, last = month
    stood = _scheme_on_day(tx, hall, setup, last)
    rows = month_rows(tx, hall, setup, month, now)
    if unrated:
        untold = tuple(replace(one, rated="") if one.rated else one for one in rows.disputes)
        rows = replace(rows, ratings=(), reads_ratings=False, disputes=untold)
    today = business_date(setup, now)
    if own:
        is_over = last + timedelta(days=setup.setting_as_int("rating_days")) < today
        rows = replace(rows, ratings=person_sheet.disclosable_ratings(rows.ratings, today=today, is_over=is_over))
    return person_sheet.MonthSheets(
        first=first,
        last=rows.last,
        is_over=last < today,
        stood=stood,
        rows=rows,
        team=person_sheet.team_sheets(rows, stood.scheme, also=staff, own=own),
    )


def _sheets_as_closed(tx: Transaction, hall: int, one: appraisals.AppraisalMonthClosing) -> person_sheet.MonthSheets:
    """Return a month as it was closed, with what was asked about its rows since; without ratings where this PC is told
    of none."""
    if not may_read_ratings(tx):
        text = stored_words(tx, hall, [one.told], journal.stored_staff_words_by_id).get(one.told)
    else:
        text = stored_text_of_closed_month(tx, hall, one.rows)
    if text is None:
        raise RuleError("closed_gone", version=one.version)
    now = part_tables.objects_where(tx, hall, DISPUTES, disputes.c.month == one.month).values()
    return replace(
        person_sheet.with_later_disputes(person_sheet.month_sheets_from_text(text), now),
        version=one.version,
        closed=one.time,
        closed_by=one.by,
    )


def stored_text_of_closed_month(tx: Transaction, hall: int, kept: str) -> str | None:
    """Return the text of a closed month by what the log holds of it, None if it is gone."""
    return stored_words(tx, hall, [kept]).get(kept)


def current_scheme(desk: Desk, now: datetime) -> person_sheet.SchemeInForce:
    """Return the scheme that stands today."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        return _scheme_on_day(tx, desk.hall, setup, business_date(setup, now))


def _scheme_on_day(tx: Transaction, hall: int, setup: Setup, day: date) -> person_sheet.SchemeInForce:
    """Return the scheme at a date's end. What changes nothing is no new one."""
    set_ups = SetUpVersions(tx, hall, (appraisals.PART,))
    at = set_ups.version_index_at_end_of_date(day)
    known: list[tuple[appraisals.AppraisalScheme, date | None]] = []
    for n in range(at + 1):
        then = set_ups.set_up_version_at_index(n)
        scheme = read_row(
            appraisals.AppraisalScheme, (setup.document if then is None else then).get(appraisals.PART, {})
        )
        if not known or known[-1][0] != scheme:
            known.append((scheme, set_ups.date_of_version(n) if known else None))
    scheme, since = known[-1]
    return person_sheet.SchemeInForce(scheme=scheme, number=len(known), since=since)


# -- documents ---------------------------------------------------------------------------------------------------------


def scheme_document(stood: person_sheet.SchemeInForce) -> Document:
    """Return a scheme as commands print it."""
    row = person_sheet.scheme_setup_row(stood.scheme)
    return {
        **_scheme_number_and_since(stood),
        "items": [{"code": code, **row[code]} for code in appraisals.ITEMS],
        **{key: value for key, value in row.items() if key not in appraisals.ITEMS},
    }


def sheet_document(setup: Setup, found: person_sheet.MonthSheets, staff: str) -> Document:
    """Return a person's sheet as commands print it: of the own one neither the hall's figures nor rows of ratings."""
    one = found.team.sheets[staff]
    own = bool(found.own)
    return {
        "staff": staff,
        **_month_document(found),
        "items": [_item_document(item, own=own) for item in one.items],
        "known_weight": one.known_weight,
        "by_weight": _rounded_if_judged(one, one.by_weight),
        "praise": {"n": len(one.praise), "points": _rounded_or_none(one.praise_points, 2), "rows": list(one.praise)},
        "faults": {
            "n": len(one.faults),
            "points": _rounded_or_none(0.0 - one.fault_points, 2),
            "rows": list(one.faults),
        },
        "total": _rounded_if_judged(one, one.total),
        "deposit": _rounded_or_none(one.deposit, 2),
        "ratings": one.ratings,
        "redirects": {"n": len(one.redirects), "rows": list(one.redirects)},
        "stalled_minutes": _rounded_or_none(one.stalled, 2),
        **_total_comparison_document(found, one),
        "disputes": [
            {**dispute_as_document(setup, each, found.notes, own=found.own), "since_closed": each in found.later}
            for each in (*found.rows.disputes, *found.later)
            if each.staff == staff
        ],
    }


def team_month_totals_document(found: person_sheet.MonthSheets) -> Document:
    """Return everybody's total of a month, by name and not by place."""
    return {
        **_month_document(found),
        "median": _rounded_or_none(found.team.shown_median, 2),
        "compared": len(found.team.compared),
        "fewest": person_sheet.FEWEST,
        "team": [
            {
                "staff": code,
                "total": _rounded_if_judged(one, one.total),
                "by_weight": _rounded_if_judged(one, one.by_weight),
                "known_weight": one.known_weight,
                "deposit": _rounded_or_none(one.deposit, 2),
                "ratings": one.ratings,
                **_total_comparison_document(found, one),
            }
            for code, one in found.team.sheets.items()
        ],
    }


def _month_document(found: person_sheet.MonthSheets) -> Document:
    """Return which month it is, by which scheme."""
    dates = {"from": found.first.isoformat(), "to": found.last.isoformat(), "is_over": found.is_over}
    closed = {
        "version": found.version,
        "of": found.versions,
        "by": found.closed_by or None,
        "excluded_since": len(found.later_exclusions(found.own)) if found.own else len(found.later),
    }
    return {**dates, "scheme": _scheme_number_and_since(found.stood), "closed": closed if found.versions else None}


def _scheme_number_and_since(stood: person_sheet.SchemeInForce) -> Document:
    return {"scheme": stood.number, "since": stood.since.isoformat() if stood.since else None}


def _rounded_if_judged(one: person_sheet.PersonSheet, value: float | None) -> float | None:
    return _rounded_or_none(value if one.is_judged else None, 2)


def _total_comparison_document(found: person_sheet.MonthSheets, one: person_sheet.PersonSheet) -> Document:
    """Return what is said of a total: only `n` where too little was judged for one, unless ratings are too few."""
    return {
        "team": {"median": _rounded_if_judged(one, found.team.median), "n": len(found.team.compared)},
        "chance": {"low": _rounded_if_judged(one, one.low), "high": _rounded_if_judged(one, one.high)},
        "verdict": one.verdict if one.is_judged or one.verdict == person_sheet.TOO_FEW else None,
    }


def _item_document(item: person_sheet.SheetItemResult, *, own: bool) -> Document:
    digits = 6 if item.code != appraisals.HANDLING else 4
    document: Document = {
        "path": f"items.{item.code}",
        "code": item.code,
        "weight": item.weight,
        "value": _rounded_or_none(item.value, digits),
        "n": item.n,
        "of": item.of,
        "low": _rounded_or_none(item.low, digits),
        "high": _rounded_or_none(item.high, digits),
        "median": _rounded_or_none(item.median, digits),
        "verdict": item.verdict,
        "points": _rounded_or_none(item.points, 2),
        "why": item.why,
    }
    if not own:
        document |= {
            "hall": _rounded_or_none(item.hall, digits),
            "hall_n": item.hall_n,
            "difference": {
                "value": _rounded_or_none(item.difference, digits),
                "low": _rounded_or_none(item.difference_low, digits),
                "high": _rounded_or_none(item.difference_high, digits),
            },
        }
    if not own or item.code != appraisals.SATISFACTION:
        document |= {"rows": list(item.rows), "apart": list(item.apart)}
    return document


def _rounded_or_none(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


LONGEST = 20_000_000


@runs_in_transaction("sheet-close")
def close_month(change: HallChange, month: date | None = None) -> Document:
    """Close a month, the last one unless `month` lies in another: its sheets stay as they are now. Closed again after a
    correction it has one more version; each is kept.

    Raises RuleError "month_runs" while it is not over, "disputes_wait" while rows wait for a decision, "month_closed"
    where nothing has changed since, "who_are_you" for somebody who gives no name, OutsideError "not_this_pc"."""
    if not change.who.is_staff:
        raise RuleError("who_are_you")
    first, last = period_span_containing(MONTH, month or change.date.replace(day=1) - timedelta(days=1))
    if last >= change.date:
        raise RuleError("month_runs", month=f"{first:%Y-%m}")
    if not may_read_ratings(change.tx):
        raise OutsideError("not_this_pc")
    hall = change.book.id
    found = month_sheets_as_they_stand(change.tx, hall, change.setup, (first, last), change.now)
    if waiting := sum(one.is_open for one in found.rows.disputes):
        raise RuleError("disputes_wait", n=waiting)
    before = part_tables.objects_where(change.tx, hall, CLOSINGS, closings.c.month == first).values()
    latest = max(before, key=lambda one: one.version, default=None)
    text = person_sheet.month_sheets_to_text(found)
    if latest is not None and stored_text_of_closed_month(change.tx, hall, latest.rows) == text:
        raise RuleError("month_closed", month=f"{first:%Y-%m}", version=latest.version)
    unrated = month_sheets_as_they_stand(change.tx, hall, change.setup, (first, last), change.now, unrated=True)
    event = change.record(
        "sheet-close",
        month=first.isoformat(),
        version=latest.version + 1 if latest is not None else 1,
        rows=store_required_words(change, "rows", text, longest=LONGEST),
        told=store_required_words(
            change,
            "told",
            person_sheet.month_sheets_to_text(unrated),
            longest=LONGEST,
            put=journal.store_words_for_staff,
        ),
    )
    return {
        "month": f"{first:%Y-%m}",
        "version": event.data["version"],
        "people": len(found.team.sheets),
        "at": iso_local(change.setup, event.time),
    }


def own_work(desk: Desk, who: Actor, month: date, now: datetime) -> OwnWork:
    """Return the own work of `who` in the month that `month` lies in, with the five months before; one of those whose
    text was deleted is left out. Raises what `month_sheets` raises."""
    staff = who.name
    whole = month_sheets(desk, who, month, now, staff=staff)
    months = [*_sheets_of_months_before(desk, who, whole.first, now), month_sheets_to_last_whole_day(whole, staff)]
    first, last = period_span_containing(MONTH, month)
    named = [one for one in training_needs_named_for(desk, who) if first.isoformat() <= one["date"] <= last.isoformat()]
    sessions = readable_trainings_between(desk, who, first, last, staff=staff)
    with desk.db.read() as tx:
        wanted = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall)).setting_as_int("training_minutes")
    return OwnWork(
        staff=staff,
        months=tuple(months),
        whole=whole,
        day=own_running_day(whole, staff),
        change=own_month_change(months, staff, appraisals.HANDLING),
        named=tuple(named),
        sessions=tuple(sessions),
        minutes=sum(one["minutes"] for one in sessions),
        wanted=wanted,
    )


def _sheets_of_months_before(desk: Desk, who: Actor, first: date, now: datetime) -> list[person_sheet.MonthSheets]:
    """Return the months before, oldest first, from the first in which the hall served anybody."""
    found = []
    for _n in range(MONTHS_BEFORE):
        first = (first - timedelta(days=1)).replace(day=1)
        try:
            found.append(month_sheets(desk, who, first, now, staff=who.name))
        except RuleError as refused:
            if refused.code != "closed_gone":
                raise
    return [*dropwhile(_is_empty_month, found[::-1])]


def _is_empty_month(one: person_sheet.MonthSheets) -> bool:
    return not (one.rows.handled or one.rows.ratings or one.version)


def _month_of_row(row: str) -> date | None:
    """Return the first day of the month that a row's own date lies in, None where its name has none."""
    try:
        day = date.fromisoformat(row[:10])
    except ValueError:
        return None
    return day.replace(day=1) if day.isoformat() == row[:10] and row[10:11] in ("", " ") else None


def _has_item_ticket_rows(item: str) -> bool:
    """Whether rows of the item are visits, "2026-11-19 A012"."""
    return item in appraisals.ITEMS[: appraisals.ITEMS.index(appraisals.CASES)]


# -- people named for training -----------------------------------------------------------------------------------------


@runs_in_transaction("training-seen")
def mark_named_need_seen(change: HallChange, seq: int) -> Document:
    """Record that the person named for training has read it; a repeat changes nothing. Raises RuleError "not_there",
    also for another person's."""
    named = change.book.find_record(NAMED_NEEDS, seq)
    if named is None or change.who.name != named.staff:
        raise RuleError("not_there", kind="need", code=str(seq))
    if named.is_unseen:
        change.record("training-seen", seen=seq)
    return _named_need_document(change.setup, change.book.get_record(NAMED_NEEDS, seq))


def training_needs_named_for(desk: Desk, who: Actor) -> list[Document]:
    """Return the training needs that `who` was named for, latest first."""
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        rows = part_tables.objects_where(tx, desk.hall, NAMED_NEEDS, named_needs.c.staff == who.name).values()
        return [_named_need_document(setup, row) for row in sorted(rows, key=lambda row: row.seq, reverse=True)]


def _named_need_document(setup: Setup, named: appraisals.PersonBehindNeedRequest) -> Document:
    return {
        "named": named.seq,
        "date": named.date.isoformat(),
        "at": iso_local(setup, named.time),
        "by": named.by,
        "need": named.need,
        "service": named.service,
        "reason": named.reason,
        "from": named.first.isoformat(),
        "to": named.last.isoformat(),
        "n": named.n,
        "of": named.of,
        "seen": iso_local(setup, named.seen),
    }
