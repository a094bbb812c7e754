"""Corrects a ticket's history by a new event; the old value stays in the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from queuedesk.core.errors import RuleError
from queuedesk.core.log.apply import (
    ALONE,
    EXCLUDED,
    LEADING,
    WITH_SECOND,
    corrected_leg,
    current_value_for_correction,
    has_consistent_times,
    possible_correction_witnesses,
)
from queuedesk.core.log.event import utc_stamp
from queuedesk.core.log.state import RATINGS, TICKETS
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import Leg, Ticket
from queuedesk.desk.change import LONGEST_TEXT, Document, HallChange, runs_in_transaction, ticket_answer_document
from queuedesk.desk.queue.calling import require_valid_delivered_services

LEVELS = range(1, 6)
MOST_DAYS_APART = timedelta(days=2)  # time zone and late day-end are within it; dates near the limits have no hall time


@runs_in_transaction("correct")
def correct_leg_or_rating(
    change: HallChange,
    label: str,
    *,
    leg: int | None = None,
    changes: Mapping[str, Any],
    reason: str,
    second: str | None = None,
    alone: bool = False,
    day: date | None = None,
) -> Document:
    """Correct one leg of a ticket (counted from 1, else the last one) or its rating. `changes` may have outcome, note,
    form_free, delivered, item; with a `second` person whose PIN the caller has checked as for a sign-in, also started,
    finished (`datetime`), staff and rating (1 to 5, or "excluded" from the figures). core.log.apply.may_agree says who
    may be second; where nobody may, the actor sets `alone`, which log, history and report show. Raises RuleError
    "unknown_ticket", "wrong_state" (void), "bad_value", "leg_not_finished", "not_rated", "bad_level", "unknown_item",
    "unknown_service", "unknown_staff", "not_a_clerk", "times_order", "nothing_to_correct", "reason_needed",
    "second_needed", "same_person", "not_a_second", "nobody_else", "not_alone"."""
    ticket = change.ticket(label, day)
    ticket.must("correct")
    part = _find_leg(ticket, leg)
    rating = change.book.find(RATINGS, ticket.id)
    new: dict[str, Any] = {}
    old: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in (*ALONE, *WITH_SECOND):
            raise RuleError("bad_value", field="value", value=name, why="not_a_choice", limit=[*ALONE, *WITH_SECOND])
        if name == "rating" and rating is None:
            raise RuleError("not_rated", ticket=label)
        if name not in ("item", "rating") and part.finished is None:
            raise RuleError("leg_not_finished", ticket=label, leg=part.n)
        after, before = (
            _checked_correction_value(change, part, name, value),
            current_value_for_correction(part, rating, name),
        )
        if after != before:
            new[name], old[name] = after, before
    if not new:
        raise RuleError("nothing_to_correct", ticket=label)
    _require_possible_times(change, ticket, part, new)
    change.reason(reason)
    able = possible_correction_witnesses(change.setup, change.who.name, {part.staff, new.get("staff")})
    is_alone = _is_corrected_by_one_person(
        change, second, able, [name for name in new if name in WITH_SECOND], alone=alone
    )
    data: dict[str, Any] = {
        "leg": part.n,
        "old": _values_as_logged(old),
        "new": _values_as_logged(new),
        "second": second,
    }
    if is_alone:
        data["alone"] = True
    elif second is not None and change.setup.person(second).role not in LEADING:
        data["witness"] = True
    if "rating" in new:
        data["salt"] = change.salts()
    change.record(
        "correct", ticket=ticket.id, service=part.service, window=part.window, staff=part.staff, reason=reason, **data
    )
    return {**ticket_answer_document(change, ticket), "flags": sorted(change.book.get(TICKETS, ticket.id).public_flags)}


def _find_leg(ticket: Ticket, n: int | None) -> Leg:
    if n is None:
        return ticket.leg
    if not 1 <= n <= len(ticket.legs):
        raise RuleError("bad_value", field="leg", value=n, why="out_of_range")
    return ticket.legs[n - 1]


def _checked_correction_value(change: HallChange, leg: Leg, name: str, value: Any) -> Any:
    """Return a new value as stored. Raises RuleError for one that does not fit."""
    if name in ("started", "finished"):
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise RuleError("bad_value", field=name, value=value, why="not_a_time")
        return value
    if name == "rating":
        if value != EXCLUDED and (isinstance(value, bool) or not isinstance(value, int) or value not in LEVELS):
            raise RuleError("bad_level", value=value)
        return value
    if name == "staff":
        person = change.setup.person(str(value))
        if person.role is Role.GUIDE:
            raise RuleError("not_a_clerk", staff=person.code)
        return person.code
    if name == "form_free":
        if not isinstance(value, bool):
            raise RuleError("bad_value", field=name, value=value, why="not_a_choice", limit=["on", "off"])
        return value
    if name == "delivered":
        require_valid_delivered_services(change, value)
        return list(value)
    return _checked_text(change, leg, name, str(value or "").strip() or None)


def _checked_text(change: HallChange, leg: Leg, name: str, text: str | None) -> str | None:
    if text is not None and len(text) > LONGEST_TEXT:
        raise RuleError("bad_value", field=name, value=text[:20], why="too_long")
    if name == "item" and text is not None:
        change.setup.service(leg.service).item(text)
    if name == "outcome" and text is None and change.setup.settings["outcome_required"] == "on":
        raise RuleError("bad_value", field="outcome", value=None, why="empty")
    return text


def _require_possible_times(change: HallChange, ticket: Ticket, leg: Leg, new: Mapping[str, Any]) -> None:
    times = [new[name] for name in ("started", "finished") if name in new]
    if not times:
        return
    following = ticket.legs[leg.n] if leg.n < len(ticket.legs) else None
    is_on_day = all(
        abs(time.date() - ticket.date) <= MOST_DAYS_APART
        and time <= change.now
        and business_date(change.setup, time) == ticket.date
        for time in times
    )
    if not (is_on_day and has_consistent_times(corrected_leg(leg, new), following)):
        raise RuleError("times_order", ticket=ticket.label, date=ticket.date)


def _is_corrected_by_one_person(
    change: HallChange, second: str | None, able: Sequence[str], names: Sequence[str], *, alone: bool
) -> bool:
    """Whether fields that need two people are corrected by one alone; `able` may be the second person, `names` are
    the fields that need one."""
    if second is not None:
        if second == change.who.name:
            raise RuleError("same_person", staff=second)
        if change.setup.person(second).code not in able:
            raise (RuleError("not_a_second", staff=second, people=list(able)) if able else RuleError("nobody_else"))
        return False
    if not names:
        return False
    if able:
        raise RuleError("not_alone" if alone else "second_needed", people=list(able))
    if not alone:
        raise RuleError("nobody_else")
    return True


def _values_as_logged(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: utc_stamp(value) if isinstance(value, datetime) else value for name, value in values.items()}
