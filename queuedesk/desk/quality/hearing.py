"""Reads customers' comments, and the figures of the reasons in their ratings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.figures.drilldown_rows import RATINGS, SHIFTS
from queuedesk.core.log import state
from queuedesk.core.network.roles import CUSTOMER, ReadScope
from queuedesk.core.quality import case as cases
from queuedesk.core.quality.figures import QualityRows, RatedVisit, counted_rated_visits, rating_counts_of_view
from queuedesk.core.queue.hallday import begin_of_day, business_date, end_of_day
from queuedesk.core.queue.ticket import Rating, Ticket
from queuedesk.core.talk.remarks import TicketlessOpinion
from queuedesk.desk.change import Desk, Document, iso_local
from queuedesk.store.engine.types import Transaction
from queuedesk.store.figures import measured
from queuedesk.store.figures.measured import HallReader
from queuedesk.store.figures.quality import quality_rows_of_span
from queuedesk.store.log import journal
from queuedesk.store.parts import halls, part_tables, tickets
from queuedesk.store.rights.withheld_ratings import may_read_ratings


def rated_visits(desk: Desk, first: date, last: date, now: datetime) -> list[RatedVisit]:
    """Return the ratings of the business dates from `first` to `last` that count. Raises RuleError "not_for_you" if
    this PC's login may not read them."""
    with desk.db.read() as tx:
        _require_rating_access(tx)
        reader = HallReader(tx, desk.hall, halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall)), now)
        days = reader.logged_dates_between(first, last)
        behind = measured.query_days_with_parts(reader, days, frozenset({RATINGS, SHIFTS}))
        return [visit for day in behind for visit in counted_rated_visits(day)]


def reasons_view_of_ratings(
    desk: Desk, path: str, dates: tuple[date, date], now: datetime, *, as_of: date | None = None
) -> cases.CitedFigures:
    """Return the reasons and answers of the ratings of `dates`, up to `as_of` (default: today); `path` is one of
    why.is_view_path(). Raises RuleError "not_for_you" if this PC's login may not read them."""
    first, last = dates
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        until = as_of or business_date(setup, now)
    rated = rated_visits(desk, first, min(last, until), now)
    return cases.CitedFigures(
        period="", as_of=until, was_running=last >= until, figures=rating_counts_of_view(rated, path)
    )


def comments_between(desk: Desk, first: date, last: date) -> list[cases.CustomerComment]:
    """Return the comments of the business dates from `first` to `last` whose words are not deleted, newest first.
    Raises RuleError "not_for_you" if this PC's login may not read them."""
    with desk.db.read() as tx:
        _require_rating_access(tx)
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        since, until = begin_of_day(setup, first), end_of_day(setup, last)
        # A ticket's rating may be given some days after its date.
        texts = journal.comments_written_between(
            tx, desk.hall, since, until + timedelta(days=setup.setting_as_int("rating_days") + 1)
        )
        if not texts:
            return []
        comments = list(_comments_with_words(tx, desk.hall, first, last, texts))
    return sorted(comments, key=lambda comment: (comment.time, comment.id), reverse=True)


def _comments_with_words(
    tx: Transaction, hall: int, first: date, last: date, texts: dict[str, str]
) -> Iterator[cases.CustomerComment]:
    read = part_tables.objects_of_days(tx, hall, state.READ_COMMENTS, first)
    ratings = [row for row in part_tables.objects_of_days(tx, hall, state.RATINGS, first, last).values() if row.comment]
    spoken = part_tables.objects_of_days(tx, hall, state.SPOKEN_COMMENTS, first, last).values()
    labels: dict[date, set[str]] = defaultdict(set)
    for rating in ratings:
        labels[rating.date].add(rating.label)
    for comment in spoken:
        if comment.day is not None and comment.ticket is not None:
            labels[comment.day].add(comment.ticket)
    about: dict[date, dict[str, Ticket]] = {
        day: measured.tickets_of_date_by_label(tx, hall, day, own) for day, own in labels.items()
    }
    opinions = part_tables.objects_of_days(tx, hall, state.OPINIONS, first, last).values()
    by_words, by_ticket = tickets.case_numbers_by_words_and_ticket(tx, hall, first)
    typed: list[tuple[str, Rating | TicketlessOpinion, Ticket | None]] = [
        *((cases.COMMENT_RATING, rating, about[rating.date].get(rating.label)) for rating in ratings),
        *((cases.OPINION, opinion, None) for opinion in opinions),
    ]
    for source, answer, ticket in typed:
        id = cases.id_of_words_entry(answer.comment or "")
        if id in texts:
            yield cases.CustomerComment(
                id=id,
                kept=answer.comment or "",
                source=source,
                date=answer.date,
                time=answer.time,
                text=texts[id],
                level=answer.level,
                tags=answer.tags,
                ticket=ticket,
                read=read.get(id),
                case=by_words.get(answer.comment or "") or (by_ticket.get(ticket.id) if ticket is not None else None),
            )
    for comment in spoken:
        id = cases.id_of_words_entry(comment.comment)
        if id in texts:
            is_typed, day = comment.by == CUSTOMER.name, comment.day
            ticket = about[day].get(comment.ticket) if day is not None and comment.ticket is not None else None
            yield cases.CustomerComment(
                id=id,
                kept=comment.comment,
                source=cases.TYPED if is_typed else cases.COMMENT_SPOKEN,
                date=comment.date,
                time=comment.time,
                text=texts[id],
                klass="" if is_typed else comment.klass,
                ticket=ticket,
                level=ticket.rating if ticket is not None else None,
                by=None if is_typed else comment.by,
                read=read.get(id),
                case=by_words.get(comment.comment),
            )


def quality_rows_between(desk: Desk, first: date, last: date, now: datetime) -> QualityRows:
    """Return the rows behind the quality figures of the business dates from `first` to `last`, in their state at the
    end of `last`, at most now. Raises RuleError "not_for_you" if this PC's login may not read them."""
    with desk.db.read() as tx:
        _require_rating_access(tx)
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
        return quality_rows_of_span(tx, desk.hall, setup, (first, last), now)


def _require_rating_access(tx: Transaction) -> None:
    if not may_read_ratings(tx):
        raise RuleError("not_for_you", read=str(ReadScope.FIGURES), role="")


# -- as documents ------------------------------------------------------------------------------------------------------


def comment_rows(desk: Desk, comments: list[cases.CustomerComment]) -> list[Document]:
    with desk.db.read() as tx:
        setup = halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall))
    return [
        {
            "id": comment.id,
            "source": comment.source,
            "date": comment.date.isoformat(),
            "at": iso_local(setup, comment.time),
            "text": comment.text,
            "class": comment.klass or None,
            "level": comment.level,
            "tags": list(comment.tags),
            "ticket": comment.ticket.label if comment.ticket else None,
            "ticket_date": comment.ticket.date.isoformat() if comment.ticket else None,
            "service": comment.ticket.service if comment.ticket else None,
            "by": comment.by,
            "read": comment.is_read,
            "case": comment.case,
            "read_by": comment.read.by if comment.read is not None and comment.read.read else None,
        }
        for comment in comments
    ]
