"""Stores customers' ratings of visits (once, never by default), opinions, and floods of presses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import OPINIONS, RATINGS
from queuedesk.core.network.roles import UNTOLD
from queuedesk.core.queue.ticket import Ticket, TicketState
from queuedesk.desk.change import Document, HallChange, runs_in_transaction, ticket_document_after_change
from queuedesk.desk.quality import casework
from queuedesk.desk.reading import store_words_and_give_log_reference

LEVELS = (1, 2, 3, 4, 5)
REASONS_WITHIN = timedelta(minutes=5)
LONGEST_TAG = 60


@runs_in_transaction("rate")
def rate_visit(
    change: HallChange,
    ticket: str,
    level: int,
    *,
    day: date | None = None,
    tags: Sequence[str] = (),
    comment: str | None = None,
    attitude: int | None = None,
    competence: int | None = None,
) -> Document:
    """Rate a finished visit from 1 (very dissatisfied) to 5. `tags` are those of core.rating_tags or the caller's own.
    Raises RuleError "bad_level", "bad_value", "already_rated", "visit_not_ended", "rating_over"."""
    _require_levels(level, attitude, competence)
    _require_valid_tag_texts(tags)
    rated = _ticket_to_rate(change, ticket, day)
    if rated.rating is not None:
        raise RuleError("already_rated", ticket=ticket)
    stored = store_words_and_give_log_reference(change, "comment", comment)
    change.record(
        "rate",
        ticket=rated,
        window=rated.current_leg.window,
        staff=rated.current_leg.staff,
        level=level,
        tags=list(tags) or None,
        comment=stored,
        attitude=attitude,
        competence=competence,
        case=casework.case_data_of_low_rating(change, rated, level),
        salt=change.salts(),
    )
    return ticket_document_after_change(change, rated)


@runs_in_transaction("reasons")
def add_rating_reasons(
    change: HallChange,
    ticket: str,
    *,
    day: date | None = None,
    tags: Sequence[str] = (),
    comment: str | None = None,
    attitude: int | None = None,
    competence: int | None = None,
) -> Document:
    """Add reasons, a comment, and the answers to two more questions (1 to 5) to a rating, once, within five minutes;
    that there is nothing to add may be recorded later. Raises RuleError "bad_value", "bad_level", "not_rated",
    "reasons_given", "reasons_late"."""
    _require_levels(attitude, competence)
    _require_valid_tag_texts(tags)
    rated = _ticket_to_rate(change, ticket, day)
    if rated.rating is None:
        raise RuleError("not_rated", ticket=ticket)
    given = change.book.get_record(RATINGS, rated.id)
    if given.reasons:
        raise RuleError("reasons_given", ticket=ticket)
    if change.now - given.time > REASONS_WITHIN and any((tags, comment, attitude, competence)):
        raise RuleError("reasons_late", ticket=ticket)
    change.record(
        "reasons",
        ticket=rated,
        window=rated.current_leg.window,
        staff=rated.current_leg.staff,
        tags=list(tags) or None,
        comment=store_words_and_give_log_reference(change, "comment", comment),
        attitude=attitude,
        competence=competence,
        salt=change.salts(),
    )
    return ticket_document_after_change(change, rated)


@runs_in_transaction("opinion")
def record_opinion_without_ticket(
    change: HallChange, level: int, *, tags: Sequence[str] = (), comment: str | None = None
) -> Document:
    """Store the opinion of a customer without a ticket number, which no satisfaction rate counts. Raises RuleError
    "bad_level", "bad_value"."""
    _require_levels(level)
    _require_valid_tag_texts(tags)
    stored = store_words_and_give_log_reference(change, "comment", comment)
    event = change.record("opinion", level=level, tags=list(tags) or None, comment=stored, salt=change.salts())
    return {"opinion": event.seq, "level": level}


@runs_in_transaction("opinion")
def add_reasons_to_opinion(
    change: HallChange, opinion: int, *, tags: Sequence[str] = (), comment: str | None = None
) -> Document:
    """Add reasons to an opinion, once, within five minutes. Raises RuleError "not_rated", "reasons_given",
    "reasons_late"."""
    _require_valid_tag_texts(tags)
    given = change.book.find_record(OPINIONS, opinion)
    if given is None:
        raise RuleError("not_rated", ticket=str(opinion))
    if given.explained:
        raise RuleError("reasons_given", ticket=str(opinion))
    if change.now - given.time > REASONS_WITHIN:
        raise RuleError("reasons_late", ticket=str(opinion))
    stored = store_words_and_give_log_reference(change, "comment", comment)
    change.record("opinion", of=opinion, tags=list(tags) or None, comment=stored, salt=change.salts())
    return {"opinion": opinion, **({} if given.level == UNTOLD else {"level": given.level})}


def _require_levels(*values: int | None) -> None:
    for value in values:
        if value is not None and value not in LEVELS:
            raise RuleError("bad_level", value=value)


def _require_valid_tag_texts(tags: Sequence[str]) -> None:
    # Not only those of core.rating_tags, which screens show: other software may have reasons of its own.
    for tag in tags:
        if not tag.strip():
            raise RuleError("bad_value", field="tag", value=None, why="empty")
        if len(tag) > LONGEST_TAG:
            raise RuleError("bad_value", field="tag", value=tag[:20], why="too_long")


def _ticket_to_rate(change: HallChange, label: str, day: date | None) -> Ticket:
    ticket = change.ticket_by_label(label, day)
    if (change.date - ticket.date).days > change.setup.setting_as_int("rating_days"):
        raise RuleError("rating_over", ticket=label, date=ticket.date)
    if ticket.state is not TicketState.FINISHED:
        if ticket.is_open:
            raise RuleError("visit_not_ended", ticket=label)
        ticket.require_may("rate")
    return ticket


# -- floods of presses on a screen for customers, which gave no ticket and no rating -----------------------------------

MOST = 100_000


@runs_in_transaction("drumming")
def record_ineffective_presses(change: HallChange, station: str, presses: int, seconds: int) -> Document:
    """Record that `presses` in `seconds` at a station had no effect; each at most MOST."""
    event = change.record("drumming", station=station, presses=min(presses, MOST), seconds=min(seconds, MOST))
    return {"seq": event.seq, "station": station}
