"""What stands in the fields of a correction, and what was changed there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from queuedesk.core.log.correction import EXCLUDED, LEADING, may_agree
from queuedesk.core.network.people import Role
from queuedesk.core.queue.ticket import Leg, Rating, Ticket
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, rating_level, time_hms
from queuedesk.i18n.names import item_name, staff_name

TIMES = ("started", "finished")
TEXTS = ("outcome", "note", "delivered", *TIMES)
_TIME = re.compile(r"^(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?$")
_BETWEEN = re.compile(r"[,，、\s]+")


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a field: its value as it is sent, its word."""

    value: Any
    word: str


def texts_of(setup: Setup, leg: Leg) -> dict[str, str]:
    """Return what the typed fields say of a leg as it stands."""
    times = {name: getattr(leg, name) for name in TIMES}
    return {
        "outcome": leg.outcome or "",
        "note": leg.note or "",
        "delivered": ", ".join(leg.delivered),
        **{name: time_hms(setup.local(moment)) if moment else "" for name, moment in times.items()},
    }


def clerks(setup: Setup, leg: Leg) -> list[Option]:
    """Return who may have served a leg, who is noted there included."""
    people = [p.code for p in setup.staff.values() if p.role is not Role.GUIDE]
    if leg.staff and leg.staff not in people:
        people.insert(0, leg.staff)
    return [Option(code, staff_name(setup, code)) for code in people]


def items(setup: Setup, ticket: Ticket) -> list[Option]:
    """Return the items of the ticket's service; none first."""
    service = setup.services.get(ticket.service)
    known = [one.code for one in service.items] if service else []
    if ticket.item and ticket.item not in known:
        known.insert(0, ticket.item)
    named = [Option(code, item_name(setup, ticket.service, code)) for code in known]
    return [Option(None, _("none", context="item")), *named]


def ratings(rating: Rating | None) -> list[Option]:
    """Return the levels and "not counted"; nothing where nobody rated."""
    if rating is None:
        return []
    levels = [Option(level, rating_level(level)) for level in range(5, 0, -1)]
    return [*levels, Option(EXCLUDED, _("not counted", context="rating"))]


def rating_value(rating: Rating | None) -> Any:
    """Return the rating as a correction would name it."""
    return None if rating is None else EXCLUDED if rating.excluded else rating.level


def seconds_partners(setup: Setup, who: str, leg: Leg, staff: str | None) -> list[Option]:
    """Return who may agree to a correction of `who` after which `staff` is said to have served `leg`; nobody where
    nobody can."""
    return [Option(code, staff_name(setup, code)) for code in may_agree(setup, who, {leg.staff, staff})]


def second_hint(setup: Setup, people: Sequence[Option]) -> str:
    """Return what a second person is for, and where no other manager is there, what a colleague does instead."""
    if any(setup.staff[option.value].role not in LEADING for option in people):
        return _("no other manager: a colleague is the witness")
    return _("times, people and ratings take two")


def changed_texts(
    setup: Setup, ticket: Ticket, leg: Leg, typed: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what the typed fields change, as a correction takes it, and what is wrong with a field."""
    before = texts_of(setup, leg)
    changes: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, text in typed.items():
        if text.strip() == before[name]:
            continue
        if name in TIMES:
            moment = _moment(setup, ticket, getattr(leg, name), text.strip())
            if moment is None:
                wrong[name] = _("a time such as 9:05:30")
            else:
                changes[name] = moment
        elif name == "delivered":
            changes[name] = [code for code in _BETWEEN.split(text.strip()) if code]
        else:
            changes[name] = text.strip()
    return changes, wrong


def _moment(setup: Setup, ticket: Ticket, was: datetime | None, text: str) -> datetime | None:
    found = _TIME.match(text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        return None
    day = setup.local(was).date() if was else ticket.date
    clock = time(int(found[1]), int(found[2]), int(found[3] or 0), tzinfo=setup.zone)
    return datetime.combine(day, clock).astimezone(UTC)
