"""The last visits that were called today and came: what they tell of today's pace."""

from __future__ import annotations

import datetime as clock
from datetime import datetime
from typing import NamedTuple

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.ticket import CallMade, Leg, State, Ticket
from queuedesk.core.waits.estimates import CALLS_FOR_PACE, Taken
from queuedesk.core.waits.live import call_of

_SERVED = frozenset({"finish", "transfer", "redirect"})


class _Known(NamedTuple):
    """What a call and its ticket, neither of which ever changes, say of a visit; None where nobody came."""

    call: CallMade
    ticket: Ticket
    visit: Taken | None


def last_visits(state: HallState, now: datetime, day: clock.date) -> list[Taken]:
    """Return the last visits called today that came, in order of their calls. `state` keeps what was found: only calls
    and tickets that are new or other ones are looked at the next time."""
    before: dict[int, _Known] = state.visits or {}
    known: dict[int, _Known] = {}
    found: list[Taken] = []
    tickets = state.tickets
    for call in reversed(state.calls):
        ticket = tickets.get((day, call.label)) if call.date == day else None
        if ticket is None:
            continue
        one = before.get(call.seq)
        if one is None or one[1] is not ticket or one[0] is not call:
            one = _Known(call, ticket, _visit(call, ticket, now))
        visit = one[2]
        if visit is None or visit.called != now:  # One whose call has no time began just now, each time.
            known[call.seq] = one
        if visit is not None:
            found.append(visit)
            if len(found) == CALLS_FOR_PACE:
                break
    state.visits = known
    return found[::-1]


def _visit(call: CallMade, ticket: Ticket, now: datetime) -> Taken | None:
    for leg in ticket.legs:
        if leg.window == call.window and leg.service == call.service and leg.called is not None:
            return _taken(ticket, leg, now) if _came(ticket, leg) else None
    return None


def _came(ticket: Ticket, leg: Leg) -> bool:
    """Whether this leg keeps, or kept, its window as its service does: not those who never came."""
    if leg.inaccurate or ticket.is_paper:
        return False
    if leg.end is not None or ticket.leg is not leg:
        return leg.end in _SERVED
    return ticket.state in (State.SERVING, State.CALLED)


def _taken(ticket: Ticket, leg: Leg, now: datetime) -> Taken:
    begun = call_of(ticket, leg) or now
    held_min = leg.held_s / 60
    kept = None if leg.ended is None else max(0.0, (leg.ended - begun).total_seconds() / 60 - held_min)
    return Taken(leg.service, leg.staff, begun, held_min, kept)
