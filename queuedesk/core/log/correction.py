"""What a correction changes on a ticket: notes, times and clerk of a leg, the item, the rating."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from queuedesk.core.log.event import Event
from queuedesk.core.log.state import RATINGS, TICKETS, Board
from queuedesk.core.network.roles import Role
from queuedesk.core.queue.ticket import Leg, Rating, Ticket
from queuedesk.core.setup.rows import Setup

ALONE = ("outcome", "note", "form_free", "delivered", "item")
"""What one person may correct."""
WITH_SECOND = ("started", "finished", "staff", "rating")
"""What times, pay and people hang on: a second person has to agree, so that nobody makes figures look better unseen."""
LEADING = (Role.MANAGER, Role.ADMIN)
EXCLUDED = "excluded"
"""The value of a rating that a correction takes out of the figures."""
CORRECTED, RATING_EXCLUDED, CORRECTED_ALONE = "corrected", "rating_excluded", "corrected_alone"
"""The flags of a ticket that was corrected, of one whose rating does not count, and of one where nobody else could
agree to what takes two."""


def may_agree(setup: Setup, who: str, concerned: Collection[str | None]) -> list[str]:
    """Return who may be the second person to a correction by `who`, in the set-up's order.

    Every other manager and admin. In a hall without another one any other member of staff may be a witness, except
    those the correction concerns. With an empty list there is nobody, and `who` corrects alone.
    """
    others = [person for person in setup.staff.values() if person.code != who]
    leading = [person.code for person in others if person.role in LEADING]
    return leading or [person.code for person in others if person.code not in concerned]


def old_value(leg: Leg, rating: Rating | None, name: str) -> object:
    """Return the current value in the log's form."""
    if name == "rating":
        if rating is None:
            return None
        return EXCLUDED if rating.excluded else rating.level
    value = getattr(leg, name)
    return list(value) if isinstance(value, tuple) else value


def in_order(leg: Leg, following: Leg | None) -> bool:
    """Return whether a leg's times are possible: called, started, finished, with room for what was set aside, then the
    next call."""
    times = [leg.called, leg.started, leg.finished, following.called if following else None]
    known = [time for time in times if time is not None]
    if known != sorted(known):
        return False
    if leg.started is None or leg.finished is None:
        return True
    return leg.finished - leg.started >= leg.aside


def corrected_leg(leg: Leg, new: Mapping[str, Any]) -> Leg:
    """Return the leg with the values of `new`, times as `datetime`; a time that somebody gave is no longer assumed."""
    changes: dict[str, Any] = {
        name: new[name] for name in ("staff", "item", "outcome", "note", "form_free") if name in new
    }
    if "delivered" in new:
        changes["delivered"] = tuple(new["delivered"])
    if "started" in new:
        changes |= {"started": new["started"], "start_assumed": False}
    if "finished" in new:
        ended = new["finished"] if leg.ended == leg.finished else leg.ended
        changes |= {"finished": new["finished"], "ended": ended, "inaccurate": False}
    return replace(leg, **changes)


def corrected(ticket: Ticket, n: int, new: Mapping[str, Any], *, alone: bool = False) -> Ticket:
    """Return the ticket with leg `n` corrected and flagged; flags that depended on the old times are removed. An item
    is that of all legs of its service."""
    service = ticket.legs[n - 1].service
    of_service = {"item": new["item"]} if "item" in new else {}
    legs = tuple(
        corrected_leg(leg, new if leg.n == n else of_service) if leg.n == n or leg.service == service else leg
        for leg in ticket.legs
    )
    gone = {name for name in ("start_assumed", "inaccurate") if not any(getattr(leg, name) for leg in legs)}
    rating, flags = new.get("rating"), {CORRECTED, CORRECTED_ALONE} if alone else {CORRECTED}
    if rating == EXCLUDED:
        flags.add(RATING_EXCLUDED)
    elif rating is not None:
        gone.add(RATING_EXCLUDED)
    return replace(
        ticket,
        legs=legs,
        item=legs[-1].item,
        rating=rating if isinstance(rating, int) else ticket.rating,
        flags=(ticket.flags - gone) | flags,
    )


def correct(event: Event, board: Board) -> None:
    """Change the board by a correction."""
    new = dict(event.data["new"])
    for name in ("started", "finished"):
        if name in new:
            new[name] = datetime.fromisoformat(new[name])
    id = (event.date or event.time.date(), event.ticket or "")
    ticket = corrected(board.get(TICKETS, id), event.data["leg"], new, alone=event.data.get("alone", False))
    board.put(TICKETS, ticket)
    if ticket.rating is None:
        return
    rating = board.get(RATINGS, id)
    if "rating" in new:
        is_out = new["rating"] == EXCLUDED
        rating = replace(rating, excluded=is_out, level=rating.level if is_out else new["rating"])
    if ticket.leg.staff != rating.staff:
        rating = replace(rating, staff=ticket.leg.staff)
    board.put(RATINGS, rating)


_ENDS_LEG = frozenset({"finish", "transfer", "redirect", "day-end"})


def told_as_corrected(events: Sequence[Event]) -> list[Event]:
    """Return a ticket's events with the starts and ends that corrections gave; a start that was skipped is added if one
    was given."""
    given: dict[int, dict[str, datetime]] = {}
    for event in events:
        if event.kind == "correct":
            new = event.data["new"]
            times = {name: datetime.fromisoformat(new[name]) for name in ("started", "finished") if name in new}
            given.setdefault(event.data["leg"], {}).update(times)
    if not any(given.values()):
        return list(events)
    legs = _legs_of(events)
    ends = {leg: event.seq for event, leg in zip(events, legs, strict=True) if event.kind in _ENDS_LEG}
    told: list[Event] = []
    for event, leg in zip(events, legs, strict=True):
        times = given.get(leg, {})
        if event.kind == "start":
            told.append(replace(event, time=times.get("started", event.time)))
        elif ends.get(leg) != event.seq:
            told.append(event)
        else:
            end = replace(event, time=times.get("finished", event.time))
            if event.data.get("start_assumed") and "started" in times:
                told.append(replace(event, kind="start", time=times["started"], data={}))
                end = replace(end, data={})
            told.append(end)
    return told


def _legs_of(events: Sequence[Event]) -> list[int]:
    """Return the number of the leg that each event belongs to; one that ends a leg belongs to it."""
    legs, leg = [], 1
    steps = list(events[0].data.get("steps") or ())
    for event in events:
        legs.append(leg)
        if event.kind == "add":
            steps.insert(0, event.data["added"])
        elif event.kind in ("transfer", "redirect"):
            leg += 1
        elif event.kind == "finish" and steps:
            steps.pop(0)
            leg += 1
    return legs
