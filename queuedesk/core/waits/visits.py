"""The last visits that were called today and came: what they tell of today's pace."""

from __future__ import annotations

import datetime as clock
from datetime import datetime
from itertools import islice

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.ticket import CallMade, Leg, State, Ticket, TicketId
from queuedesk.core.waits.estimates import CALLS_FOR_PACE, STILL_THERE, Taken, micros
from queuedesk.core.waits.live import call_of

_SERVED = frozenset({"finish", "transfer", "redirect"})


_ROOM = 3 * CALLS_FOR_PACE
"""Who looked at so many calls begins anew, with the last ones."""


class _Known:
    """What the last calls of a day say, each by its place among the calls: None where nobody came. Calls and tickets
    never change, but tickets are replaced: `places` are each one's calls."""

    __slots__ = ("calls", "count", "day", "first", "in_hall", "is_for_now", "last", "places", "visits")

    def __init__(self, state: HallState, now: datetime, day: clock.date) -> None:
        self.day, self.calls, self.in_hall = day, state.calls, state.in_hall()
        self.in_hall.changed.clear()
        self.places: dict[TicketId, list[int]] = {}
        self.is_for_now = False
        visits: dict[int, Taken | None] = {}
        came = 0
        self.first = len(self.calls)
        while self.first and came < CALLS_FOR_PACE:
            self.first -= 1
            if self.calls[self.first].date == day:
                visits[self.first] = visit = self._look(self.first, now)
                came += visit is not None
        self.visits = dict(reversed(visits.items()))
        self._end()

    def goes_on(self, state: HallState, day: clock.date) -> bool:
        """Whether it is still this day in this hall, to which only calls and tickets were added since."""
        return (
            self.day == day
            and self.calls is state.calls
            and self.in_hall is state.in_hall()
            and len(self.calls) >= self.count
            and (not self.count or self.calls[self.count - 1] is self.last)
            and len(self.visits) < _ROOM
            and not self.is_for_now
        )

    def look_again(self, now: datetime) -> None:
        """Look at the calls that are new, and at those whose tickets changed."""
        for id in self.in_hall.changed:
            for place in self.places.get(id, ()):
                self.visits[place] = self._visit(place, id, now)
        self.in_hall.changed.clear()
        for place in range(self.count, len(self.calls)):
            if self.calls[place].date == self.day:
                self.visits[place] = self._look(place, now)
        self._end()

    def found(self) -> list[Taken]:
        """Return the last of them that came; too few where others came before those that were looked at."""
        last = list(islice(filter(None, reversed(self.visits.values())), CALLS_FOR_PACE))
        last.reverse()
        return last

    def _end(self) -> None:
        self.count = len(self.calls)
        self.last = self.calls[-1] if self.calls else None

    def _look(self, place: int, now: datetime) -> Taken | None:
        id = (self.day, self.calls[place].label)
        self.places.setdefault(id, []).append(place)
        return self._visit(place, id, now)

    def _visit(self, place: int, id: TicketId, now: datetime) -> Taken | None:
        ticket = self.in_hall.tickets.get(id)
        visit = None if ticket is None else _visit(self.calls[place], ticket, now)
        if visit is not None and visit.called_us == micros(now):
            self.is_for_now = True  # One whose call has no time began just now, each time.
        return visit


def last_visits(state: HallState, now: datetime, day: clock.date) -> list[Taken]:
    """Return the last visits called today that came, in order of their calls. `state` keeps what was found: only calls
    and tickets that are new are looked at the next time."""
    known: _Known | None = state.visits
    if known is not None and known.goes_on(state, day):
        known.look_again(now)
        found = known.found()
        if len(found) == CALLS_FOR_PACE or not known.first:
            return found
    state.visits = known = _Known(state, now, day)
    return known.found()


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
    kept = STILL_THERE if leg.ended is None else max(0.0, (leg.ended - begun).total_seconds() / 60 - held_min)
    return Taken((leg.service, leg.staff), micros(begun), held_min, kept)
