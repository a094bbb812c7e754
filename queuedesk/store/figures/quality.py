"""Reads the rows behind the figures of quality as they stood at the end of a time, and those behind a day's ribbon.

Of a day's ribbon only the columns that it needs are read of each ticket and leg, as the driver gives them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Text, and_, func, or_, select, type_coerce

from queuedesk.core.figures.day_ribbon import RibbonCall, RibbonLeg, RibbonTicket
from queuedesk.core.figures.satisfaction import SATISFIED_LEVELS
from queuedesk.core.log import apply_hall
from queuedesk.core.log.apply_quality import OPENS_OR_CHANGES_CASES
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import CASES, FORUMS, INSPECTIONS, READ_COMMENTS, RECTIFICATIONS, SPOKEN_COMMENTS, THANKS
from queuedesk.core.quality import figures as quality_figures
from queuedesk.core.quality.case import id_of_words_entry
from queuedesk.core.quality.inspection import Inspection, month_first_and_last, monthly_inspection_minimums
from queuedesk.core.quality.warnings import people_responsible_for
from queuedesk.core.queue.hallday import begin_of_day, business_date
from queuedesk.core.setup.rows import Setup
from queuedesk.store.engine.types import FixedStatement, Transaction
from queuedesk.store.figures.measured import ASKED
from queuedesk.store.log import events
from queuedesk.store.parts import part_tables
from queuedesk.store.schema import calls, cases, forums, inspections, legs, opinions, ratings, rectifications, tickets

_NO_TAGS = "[]"
_MARGIN = timedelta(days=2)
"""Moments are chosen with this to spare: what counts is the date that the log gives them."""


def quality_rows_of_span(
    tx: Transaction, hall: int, setup: Setup, span: tuple[date, date], now: datetime
) -> quality_figures.QualityRows:
    """Return the rows of the business dates of a span, both ends included; none where the first is still to come."""
    first, last = span
    dates = quality_figures.DateRange(first, last, business_date(setup, now))
    begun = [business_date(setup, event.time) for event in events.events_with_seqs(tx, hall, [1])] or [dates.today]
    rows = quality_figures.QualityRows(
        first=first,
        last=last,
        until=dates.state_date,
        has_begun=first <= dates.today,
        calendar=setup.calendar,
        begun=tuple(begun),
        least=(monthly_inspection_minimums(setup),),
    )
    if not rows.has_begun:
        return replace(rows, covering=((),))
    month = month_first_and_last(first)[0], month_first_and_last(last)[1]
    looked = sorted(
        _inspections_as_of_end(tx, hall, setup, month, dates.state_date), key=lambda one: (one.date, one.seq)
    )
    n, rated = _rating_count_and_low_rows(tx, hall, first, last)
    return replace(
        rows,
        cases=tuple(_case_figure_rows(tx, hall, setup, dates)),
        inspections=tuple(
            quality_figures.inspection_figure_row(inspection)
            for inspection in looked
            if dates.has_date(inspection.date)
        ),
        covering=(tuple(looked),),
        fixes=tuple(_rectification_figure_rows(tx, hall, setup, dates)),
        comments=tuple(_comments_with_is_read(tx, hall, first, last)),
        ratings=n,
        rated=tuple(rated),
        warnings=tuple(_warning_figure_rows(tx, hall, setup, first, last)),
        thanks=tuple(day.seq for day in part_tables.objects_of_days(tx, hall, THANKS, first, last).values()),
        forums=tuple(_forum_figure_rows(tx, hall, first, last)),
    )


class _CaseBoard:
    """A board of cases alone."""

    def __init__(self) -> None:
        self.known: dict[int, Any] = {}

    def get_record(self, _part: object, seq: int) -> Any:
        return self.known[seq]

    def find_record(self, _part: object, seq: int) -> Any:
        return self.known.get(seq)

    def put_record(self, _part: object, case: Any) -> None:
        self.known[case.seq] = case


def _case_figure_rows(
    tx: Transaction, hall: int, setup: Setup, dates: quality_figures.DateRange
) -> Iterator[quality_figures.CaseRowForFigures]:
    """Yield the cases of the time, worked out from their events until its end, in the order of their numbers."""
    since = begin_of_day(setup, dates.first) - _MARGIN
    among = (cases.c.date <= dates.last, or_(cases.c.closed.is_(None), cases.c.closed >= since))
    seqs = [entry.seq for case in part_tables.objects_where(tx, hall, CASES, *among).values() for entry in case.history]
    board, log = _CaseBoard(), dict[int, list[Event]]()
    for event in events.events_with_seqs(tx, hall, seqs):
        if event.kind not in OPENS_OR_CHANGES_CASES or event.date is None or event.date > dates.last:
            continue
        OPENS_OR_CHANGES_CASES[event.kind](event, board)
        log.setdefault(event.data.get("of", event.seq), []).append(event)
    for seq, one in sorted(board.known.items()):
        owner = setup.staff.get(one.owner or "")
        line = quality_figures.case_figure_row_from_events(
            one, log[seq], dates, setup.calendar, (owner.department if owner else "") or None
        )
        if line.opened or line.open or line.closed or line.reopened or line.said or line.reached or line.no_answer:
            yield line


def _inspections_as_of_end(
    tx: Transaction, hall: int, setup: Setup, among: tuple[date, date], end: date
) -> Iterator[Inspection]:
    """Yield the inspections of these dates as they stood at the end: one that was begun later was still planned."""

    def moment_if_within_span(moment: datetime | None) -> datetime | None:
        return moment if moment is not None and business_date(setup, moment) <= end else None

    found = part_tables.objects_where(tx, hall, INSPECTIONS, inspections.c.date >= among[0]).values()
    late = [
        inspection.seq
        for inspection in found
        if inspection.planned and moment_if_within_span(inspection.started) is None
    ]
    plans = {event.seq: event for event in events.events_with_seqs(tx, hall, late)}
    for inspection in found:
        plan = plans.get(inspection.seq)
        started, day = moment_if_within_span(inspection.started), inspection.date
        if started is None:
            if plan is None or plan.date is None or plan.date > end:
                continue
            day = date.fromisoformat(plan.data["day"])
        if among[0] <= day <= among[1]:
            signed, dropped = moment_if_within_span(inspection.signed), moment_if_within_span(inspection.dropped)
            then = replace(inspection, date=day, started=started, signed=signed, dropped=dropped)
            if then.dropped is None:
                yield then


def _rectification_figure_rows(
    tx: Transaction, hall: int, setup: Setup, dates: quality_figures.DateRange
) -> Iterator[quality_figures.RectificationFigureRow]:
    since = begin_of_day(setup, dates.first) - _MARGIN
    table = rectifications.c
    among = (table.date <= dates.last, or_(table.closed.is_(None), table.closed >= since))
    for rectification in part_tables.objects_where(tx, hall, RECTIFICATIONS, *among).values():
        then = replace(
            rectification,
            proofs=tuple(proof for proof in rectification.proofs if business_date(setup, proof.at) <= dates.last),
            looks=tuple(look for look in rectification.looks if business_date(setup, look.at) <= dates.last),
        )
        closed = business_date(setup, then.time_of_closing) if then.time_of_closing else None
        line = quality_figures.rectification_figure_row(then, closed, dates)
        if line.opened or line.open or line.closed:
            yield line


def _comments_with_is_read(tx: Transaction, hall: int, first: date, last: date) -> Iterator[tuple[str, bool]]:
    """Yield the comments by their ids, with whether somebody had read each by then."""
    ids = []
    for table in (ratings, opinions):
        said = select(table.c.comment).where(
            table.c.hall == hall, table.c.date.between(first, last), table.c.comment.is_not(None)
        )
        ids += [id_of_words_entry(comment) for comment in tx.execute(said).scalars()]
    ids += [
        id_of_words_entry(day.comment)
        for day in part_tables.objects_of_days(tx, hall, SPOKEN_COMMENTS, first, last).values()
    ]
    marks = part_tables.objects_of_days(tx, hall, READ_COMMENTS, first)
    read = {id: mark.read for id, mark in marks.items() if mark.date <= last}
    if any(id in marks and id not in read for id in ids):
        # Of each the table has the last mark alone.
        log = events.events_of_dates(tx, hall, first, last, ("comment-read",))
        read = {event.data["comment"]: event.data["read"] for event in log} | read
    for id in sorted(ids):
        yield id, read.get(id, False)


def _rating_count_and_low_rows(
    tx: Transaction, hall: int, first: date, last: date
) -> tuple[int, list[quality_figures.RatingRow]]:
    """Return how many ratings count, and those that were low or have reasons."""
    counts = (ratings.c.hall == hall, ratings.c.date.between(first, last), ratings.c.excluded.is_(False))
    n: int = tx.execute(select(func.count()).where(*counts)).scalar_one()
    says = or_(ratings.c.level < min(SATISFIED_LEVELS), type_coerce(ratings.c.tags, Text) != _NO_TAGS)
    given = select(ratings.c.date, ratings.c.label, ratings.c.level, ratings.c.tags).where(*counts, says)
    found = [
        quality_figures.RatingRow(day, label, level, tuple(tags or ())) for day, label, level, tags in tx.execute(given)
    ]
    return n, sorted(found)


def _warning_figure_rows(
    tx: Transaction, hall: int, setup: Setup, first: date, last: date
) -> Iterator[quality_figures.WarningAcknowledgementRow]:
    if not any(person.warned_of for person in setup.staff.values()):
        return
    log = events.events_of_dates(tx, hall, first, last, ("alarm", "ack"))
    seen = {event.data["alarm"]: event.time for event in reversed(log) if event.kind == "ack"}
    for event in log:
        if (
            event.kind == "alarm"
            and "over" not in event.data
            and people_responsible_for(setup, apply_hall.alarm_from_event(event))
        ):
            yield quality_figures.warning_figure_row(event, seen.get(event.seq))


def _forum_figure_rows(tx: Transaction, hall: int, first: date, last: date) -> Iterator[quality_figures.ForumFigureRow]:
    held = part_tables.objects_where(tx, hall, FORUMS, forums.c.day.between(first, last)).values()
    for one in sorted(held, key=lambda forum: (forum.day, forum.seq)):
        became = tuple(issue.case for issue in one.issues if issue.case is not None)
        yield quality_figures.ForumFigureRow(one.seq, one.attendees, len(one.issues), became)


_TICKETS = FixedStatement(
    select(*(tickets.c[name] for name in ("seq", *RibbonTicket._fields[:-2]))).where(
        tickets.c.hall == ASKED["hall"], tickets.c.date == ASKED["day"]
    )
)
_LEGS = FixedStatement(
    select(*(legs.c[name] for name in ("label", "n", *RibbonLeg._fields))).where(
        legs.c.hall == ASKED["hall"], legs.c.date == ASKED["day"]
    )
)
_CALLS_OF_MISSED = FixedStatement(
    select(calls.c.label, calls.c.time, calls.c.window)
    .join(tickets, and_(*(tickets.c[key] == calls.c[key] for key in ("hall", "date", "label"))))
    .where(calls.c.hall == ASKED["hall"], calls.c.date == ASKED["day"], tickets.c.misses > 0)
)


def ribbon_tickets(tx: Transaction, hall: int, day: date) -> list[RibbonTicket]:
    """Return the tickets of a business date in the order of their issue."""
    asked = {"hall": hall, "day": day}
    by_label: dict[str, list[RibbonLeg]] = {}
    for label, _n, *leg in sorted(_LEGS.fetch_raw_rows(tx, asked), key=itemgetter(1)):
        by_label.setdefault(label, []).append(RibbonLeg(*leg))
    made: dict[str, list[RibbonCall]] = {}
    for label, *call in sorted(_CALLS_OF_MISSED.fetch_raw_rows(tx, asked)):
        made.setdefault(label, []).append(RibbonCall(*call))
    return [
        RibbonTicket._make((label, *rest, by_label[label], made.get(label, ())))
        for _seq, label, *rest in sorted(_TICKETS.fetch_raw_rows(tx, asked))
    ]
