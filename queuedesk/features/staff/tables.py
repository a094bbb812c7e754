"""Reads the rows of the person's sheets and of needs of training: of everybody, from tables and the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from queuedesk.core.appraisal import KINDS, LONG, RECALLS, TRANSFERS, WRONG_COUNTER
from queuedesk.core.figures.measures import rows
from queuedesk.core.figures.measures.rows import MINUTE_US, LegRow
from queuedesk.core.figures.satisfaction import SATISFIED_LEVELS
from queuedesk.core.log.event import Event, are_event_data_readable
from queuedesk.core.log.state import CASES, DISPUTES, RATINGS, RECTIFICATIONS, SHIFTS, THANKS
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.quality.case import REACHED, CaseStep
from queuedesk.core.queue.hallday import business_date, utc_moment_of_hall_minute
from queuedesk.core.queue.ticket import TicketState
from queuedesk.core.setup.field_kinds import read_row
from queuedesk.core.setup.rows import Setup
from queuedesk.core.staffing.roster import RosterRow, start_minute_by_person
from queuedesk.features.staff.rules.person_sheet import (
    DueCaseAnswer,
    HandledStep,
    RedirectedCustomer,
    RosterShift,
    SheetCall,
    SheetRating,
    TeamMonthRecords,
    ThanksOrFault,
)
from queuedesk.features.staff.rules.training import RowCountedForTrainingNeed
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures.measured import HallReader
from queuedesk.store.log import events
from queuedesk.store.log.events import time_is_right_condition
from queuedesk.store.log.log_dates import SetUpVersions
from queuedesk.store.parts import part_tables
from queuedesk.store.rights.withheld_ratings import may_read_ratings
from queuedesk.store.schema import cases, disputes, rectifications, tickets
from queuedesk.store.schema import events as log

_LONGEST_CASE = timedelta(days=800)
"""A case that is due in a month was opened at most so long before it: the longest deadline of a set-up and some."""


def month_rows(tx: Transaction, hall: int, setup: Setup, month: tuple[date, date], now: datetime) -> TeamMonthRecords:
    """Return the rows of the month's dates up to today, as they stood at the end of the last."""
    first, last = month
    today = business_date(setup, now)
    until = last if today < first else min(last, today)
    told = may_read_ratings(tx)
    finished = list(_finished_or_redirected_legs(HallReader(tx, hall, setup, now), first, until))
    return TeamMonthRecords(
        first=first,
        last=until,
        handled=[one for one in finished if isinstance(one, HandledStep)],
        redirected=[one for one in finished if isinstance(one, RedirectedCustomer)],
        ratings=sorted(_sheet_ratings(tx, hall, first, until)) if told else (),
        reads_ratings=told,
        calls=list(_calls_for_staff_sheets(tx, hall, first, until)),
        cases=sorted(_due_case_answers(tx, hall, month, today)),
        shifts=list(planned_shifts(tx, hall, setup, (first, until), today)),
        thanks=[
            ThanksOrFault(one.seq, one.staff, one.date)
            for one in sorted(
                part_tables.objects_of_days(tx, hall, THANKS, first, until).values(), key=lambda one: one.seq
            )
        ],
        faults=sorted(_missed_rectifications(tx, hall, setup, month, today)),
        disputes=tuple(part_tables.objects_where(tx, hall, DISPUTES, disputes.c.month == first).values()),
    )


def unnamed_month_events(tx: Transaction, hall: int, month: tuple[date, date]) -> list[tuple[int, datetime, str]]:
    """Return the events of a month that name nobody: number, time and kind of what the command line did without a
    person. What customers, stations and the hall do by themselves names those."""
    statement = (
        select(log.c.seq, log.c.time, log.c.kind)
        .where(log.c.hall == hall, log.c.date.between(*month), log.c.actor == CONSOLE.name)
        .order_by(log.c.seq)
    )
    return [(seq, time, kind) for seq, time, kind in tx.execute(statement)]


def _finished_or_redirected_legs(
    reader: HallReader, first: date, last: date
) -> Iterator[HandledStep | RedirectedCustomer]:
    """Yield the steps that somebody finished, and those at the wrong window, by date and number."""
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        for leg in sorted(reader.read_legs(day), key=lambda one: (one.label, one.n)):
            if leg.staff is None:
                continue
            if rows.is_leg_misdirected(leg):
                yield RedirectedCustomer(day, leg.label, leg.staff)
            elif rows.is_finished(leg):
                time = rows.counted_handling_us(leg)
                minutes = None if time is None else time / MINUTE_US
                held, stalled = leg.held_us / MINUTE_US, leg.stalled_us / MINUTE_US
                yield HandledStep(day, leg.label, leg.staff, leg.service, leg.item or "", minutes, held, stalled)


def _sheet_ratings(tx: Transaction, hall: int, first: date, last: date) -> Iterator[SheetRating]:
    # A ticket's item is that of its last step, which the rating is credited to.
    chosen = select(tickets.c.date, tickets.c.label, tickets.c.item).where(
        tickets.c.hall == hall, tickets.c.date.between(first, last), tickets.c.item.is_not(None)
    )
    items = {(day, label): item for day, label, item in tx.execute(chosen)}
    for one in part_tables.objects_of_days(tx, hall, RATINGS, first, last).values():
        if one.staff is not None:
            is_good, item = one.level in SATISFIED_LEVELS, items.get((one.date, one.label), "")
            yield SheetRating(one.date, one.label, one.staff, one.service, is_good, not one.excluded, item)


def _calls_for_staff_sheets(tx: Transaction, hall: int, first: date, last: date) -> Iterator[SheetCall]:
    """Yield the calls that a rule or a person made; what was written down on paper says nothing of an order."""
    right = time_is_right_condition(tx, hall)
    statement = (
        select(log.c.date, log.c.ticket, log.c.staff, log.c.kind, log.c.data)
        .where(log.c.hall == hall, log.c.date.between(first, last), log.c.kind.in_(("call", "serve")), right)
        .order_by(log.c.seq)
    )
    for day, label, staff, kind, data in tx.execute(statement):
        if staff and are_event_data_readable(kind, data) and not data.get("paper") and data.get("why") != "recorded":
            chosen = data.get("why") in ("chosen", "no_ticket")
            yield SheetCall(day, label, staff, bool(chosen and data.get("passed") and not data.get("reason")))


# -- what was due ------------------------------------------------------------------------------------------------------


def _due_case_answers(tx: Transaction, hall: int, month: tuple[date, date], today: date) -> Iterator[DueCaseAnswer]:
    """Yield the answers that were due in the month and were given, or whose day is over."""
    first, last = month
    opened = cases.c.date.between(first - _LONGEST_CASE, last)
    found = part_tables.objects_where(tx, hall, CASES, opened).values()
    history: dict[int, list[Event]] = {}
    for event in events.events_with_seqs(tx, hall, [entry.seq for one in found for entry in one.history]):
        history.setdefault(event.data.get("of", event.seq), []).append(event)
    for one in found:
        for due in _answers_of_case(one.number, history.get(one.seq, ()), last):
            if first <= due.due <= last and (due.in_time or due.due < today):
                yield due


def _answers_of_case(number: str, own: Sequence[Event], until: date) -> Iterator[DueCaseAnswer]:
    """Yield an answer for each time the case was opened: by whom, until when, and whether it was in time."""
    owner, due, answered = "", date.max, None
    for event in own:
        if event.date is None or event.date > until:
            continue
        data, step = event.data, event.data.get("step")
        if event.kind in ("case-open", "rate"):
            opened = data.get("case", data)
            owner, due = opened.get("owner") or "", date.fromisoformat(opened["answer_due"])
        elif event.kind == "case-owner" and answered is None and event.date <= due:
            owner = data.get("owner") or ""
        elif event.kind == "case-step":
            is_answer = step == CaseStep.CLOSE or (step == CaseStep.CALL_BACK and data.get("result") == REACHED)
            if is_answer and answered is None:
                answered = event.date
            if data.get("answer_due"):
                yield DueCaseAnswer(number, owner, due, answered is not None and answered <= due)
                due, answered = date.fromisoformat(data["answer_due"]), None
    if owner:
        yield DueCaseAnswer(number, owner, due, answered is not None and answered <= due)


def _missed_rectifications(
    tx: Transaction, hall: int, setup: Setup, month: tuple[date, date], today: date
) -> Iterator[ThanksOrFault]:
    """Yield what somebody had to put right by a day of the month that is over, and had not shown to be by then."""
    wanted = rectifications.c.due.between(*month)
    for one in part_tables.objects_where(tx, hall, RECTIFICATIONS, wanted).values():
        shown = any(business_date(setup, proof.at) <= one.due for proof in one.proofs)
        if not shown and one.due < today:
            yield ThanksOrFault(one.seq, one.owner, one.due)


# -- the roster --------------------------------------------------------------------------------------------------------


def planned_shifts(
    tx: Transaction, hall: int, setup: Setup, dates: tuple[date, date], today: date
) -> Iterator[RosterShift]:
    """Yield each person's shifts by the roster as it stood at each date's end, on dates that are over; changes of one
    date count whenever they were made, for who is ill is noted afterwards. Of those whom the roster first planned on
    that very date nothing is told: they may not have known."""
    first, last = dates
    set_ups = SetUpVersions(tx, hall, ("roster",))
    opened: dict[tuple[date, str], list[datetime]] = {}
    for shift in part_tables.objects_of_days(tx, hall, SHIFTS, first, last).values():
        opened.setdefault((shift.date, shift.staff), []).append(shift.opened)
    began = set_ups.date_of_version(0)
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        if day >= today:
            return
        if began is None or day < began:
            continue
        stood = set_ups.versions_on(day) or [{}]
        known, starts = (
            start_minute_by_person(_roster_of_day(one, setup, day), day, setup.calendar)
            for one in (stood[0], stood[-1])
        )
        for staff, minute in sorted(starts.items()):
            if staff not in known:
                continue
            start = utc_moment_of_hall_minute(setup, day, minute)
            times = opened.get((day, staff))
            yield RosterShift(day, staff, int((min(times) - start).total_seconds() // 60) if times else None)


def _roster_of_day(then: Mapping[str, Any], setup: Setup, day: date) -> list[RosterRow]:
    known = [read_row(RosterRow, row) for row in then.get("roster", ())]
    dated = [row for row in setup.roster if row.date == day]
    return [*(row for row in known if row.date is None), *(dated or [row for row in known if row.date == day])]


# -- what needs of training are made of -------------------------------------------------------------------------------

RECORDED = "recorded"
"""The rule of a call that only a record tells of."""


def training_need_rows(
    reader: HallReader, days: Iterable[date], kinds: Collection[str] = KINDS
) -> list[RowCountedForTrainingNeed]:
    """Return the rows of some dates, in order; of `kinds` alone where not all are asked for."""
    return [one for day in days for one in _need_rows_of_day(reader, day, kinds) if one.kind in kinds]


def _need_rows_of_day(reader: HallReader, day: date, kinds: Collection[str]) -> Iterator[RowCountedForTrainingNeed]:
    if RECALLS in kinds:
        yield from _calls_with_repeat_counts(reader, day)
    if set(kinds) <= {RECALLS}:
        return
    by_ticket: dict[str, list[LegRow]] = defaultdict(list)
    for leg in sorted(reader.read_legs(day), key=lambda one: (one.label, one.n)):
        by_ticket[leg.label].append(leg)
    for legs in by_ticket.values():
        for leg in legs:
            yield from _training_need_rows_of_leg(day, leg)
    if WRONG_COUNTER in kinds:
        yield from _guide_issued_rows(reader, day, by_ticket)


def _training_need_rows_of_leg(day: date, leg: LegRow) -> Iterator[RowCountedForTrainingNeed]:
    """Yield what a step counts for; one at the wrong window for nothing."""
    is_finished, is_sent = rows.is_finished(leg), leg.end == "transfer"
    if leg.staff is None or leg.called is None or not (is_finished or is_sent):
        return
    item = leg.item or ""
    yield RowCountedForTrainingNeed(TRANSFERS, day, leg.label, leg.staff, leg.service, item, int(is_sent))
    took = rows.counted_handling_us(leg) if is_finished else None
    if took is not None:
        yield RowCountedForTrainingNeed(LONG, day, leg.label, leg.staff, leg.service, item, took / MINUTE_US)


def _guide_issued_rows(
    reader: HallReader, day: date, legs: dict[str, list[LegRow]]
) -> Iterator[RowCountedForTrainingNeed]:
    """Yield the tickets that guides issued, each for the service that was right."""
    chosen = select(tickets.c.label, tickets.c.guide).where(
        tickets.c.hall == reader.hall,
        tickets.c.date == day,
        tickets.c.guide.is_not(None),
        tickets.c.state != str(TicketState.VOID),
    )
    for label, guide in sorted((label, guide) for label, guide in reader.tx.execute(chosen)):
        own = legs.get(label, [])
        right = next((leg for leg in own if not rows.is_leg_misdirected(leg)), None)
        if right is not None:
            wrong = int(rows.is_leg_misdirected(own[0]))
            yield RowCountedForTrainingNeed(WRONG_COUNTER, day, label, guide, right.service, "", wrong)


def _calls_with_repeat_counts(reader: HallReader, day: date) -> Iterator[RowCountedForTrainingNeed]:
    """Yield the calls with how often each was made in a row; of one written down on paper nobody knows."""
    last: dict[str, RowCountedForTrainingNeed] = {}
    for label, kind, staff, service, data in _ticket_events_of_kinds(reader, day, ("call", "recall")):
        if kind == "call":
            if label in last:
                yield last.pop(label)
            if staff and service and not data.get("paper") and data.get("rule") != RECORDED:
                last[label] = RowCountedForTrainingNeed(RECALLS, day, label, staff, service, "", 1)
        elif label in last:
            last[label] = last[label]._replace(amount=last[label].amount + 1)
    yield from last.values()


def _ticket_events_of_kinds(
    reader: HallReader, day: date, kinds: Sequence[str]
) -> Iterator[tuple[str, str, str | None, str | None, Mapping[str, Any]]]:
    """Yield the events of these kinds about tickets, in order."""
    statement = (
        select(log.c.ticket, log.c.kind, log.c.staff, log.c.service, log.c.data)
        .where(log.c.hall == reader.hall, log.c.date == day, log.c.kind.in_(kinds))
        .where(time_is_right_condition(reader.tx, reader.hall))
        .order_by(log.c.seq)
    )
    for label, kind, staff, service, data in reader.tx.execute(statement):
        if label and are_event_data_readable(kind, data):
            yield label, kind, staff, service, data
