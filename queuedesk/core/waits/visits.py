"""The last calls of today: who came, which tells of today's pace, and who did not."""

from __future__ import annotations

import datetime as clock
from datetime import datetime
from typing import NamedTuple

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.ticket import CallMade, Leg, State, Ticket, TicketId, seconds
from queuedesk.core.waits.absences import NONE, wait_bin
from queuedesk.core.waits.estimates import CALLS_FOR_PACE, STILL_THERE, Taken, micros
from queuedesk.core.waits.live import call_of

_SERVED = frozenset({"finish", "transfer", "redirect"})


_ROOM = 3 * CALLS_FOR_PACE
"""Who looked at so many calls begins anew, with the last ones."""


class LastCalls(NamedTuple):
    """What the last calls of a day say, from the one on since which CALLS_FOR_PACE came: the visits of those who came,
    in order; and by 5 minutes of the wait how many first calls were answered or not, and those at which nobody came."""

    visits: list[Taken]
    answered: list[int]
    absent: list[int]


class _Answer(NamedTuple):
    """What one call says: the visit of who came; how long they had waited whose first call it was, if that is known by
    now, and whether nobody came."""

    visit: Taken | None
    bin: int | None = None
    is_absent: bool = False


class _Known:
    """What the last calls of a day say, each by its place among the calls. Calls and tickets never change, but tickets
    are replaced: `places` are each one's calls."""

    __slots__ = ("answers", "calls", "count", "day", "first", "in_hall", "is_for_now", "last", "places")

    def __init__(self, state: HallState, now: datetime, day: clock.date) -> None:
        self.day, self.calls, self.in_hall = day, state.calls, state.in_hall()
        self.in_hall.changed.clear()
        self.places: dict[TicketId, list[int]] = {}
        self.is_for_now = False
        answers: dict[int, _Answer] = {}
        came = 0
        self.first = len(self.calls)
        while self.first and came < CALLS_FOR_PACE:
            self.first -= 1
            if self.calls[self.first].date == day:
                answers[self.first] = answer = self._look(self.first, now)
                came += answer.visit is not None
        self.answers = dict(reversed(answers.items()))
        self._end()

    def goes_on(self, state: HallState, day: clock.date) -> bool:
        """Whether it is still this day in this hall, to which only calls and tickets were added since."""
        return (
            self.day == day
            and self.calls is state.calls
            and self.in_hall is state.in_hall()
            and len(self.calls) >= self.count
            and (not self.count or self.calls[self.count - 1] is self.last)
            and len(self.answers) < _ROOM
            and not self.is_for_now
        )

    def look_again(self, now: datetime) -> None:
        """Look at the calls that are new, and at those whose tickets changed."""
        for id in self.in_hall.changed:
            for place in self.places.get(id, ()):
                self.answers[place] = self._answer(place, id, now)
        self.in_hall.changed.clear()
        for place in range(self.count, len(self.calls)):
            if self.calls[place].date == self.day:
                self.answers[place] = self._look(place, now)
        self._end()

    def found(self) -> LastCalls:
        """Return what the last of them say; too few visits where others came before those that were looked at."""
        found = LastCalls([], list(NONE), list(NONE))
        visits, answered, absent = found
        for visit, bin, is_absent in reversed(self.answers.values()):
            if visit is not None:
                visits.append(visit)
            if bin is not None:
                answered[bin] += 1
                absent[bin] += is_absent
            if len(visits) == CALLS_FOR_PACE:
                break
        visits.reverse()
        return found

    def _end(self) -> None:
        self.count = len(self.calls)
        self.last = self.calls[-1] if self.calls else None

    def _look(self, place: int, now: datetime) -> _Answer:
        id = (self.day, self.calls[place].label)
        self.places.setdefault(id, []).append(place)
        return self._answer(place, id, now)

    def _answer(self, place: int, id: TicketId, now: datetime) -> _Answer:
        ticket = self.in_hall.tickets.get(id)
        if ticket is None:
            return _Answer(None)
        call = self.calls[place]
        visit = _visit(call, ticket, now)
        if visit is not None and visit.called_us == micros(now):
            self.is_for_now = True  # One whose call has no time began just now, each time.
        return _Answer(visit, *_shown(call, ticket))


def last_calls(state: HallState, now: datetime, day: clock.date) -> LastCalls:
    """Return what the last calls of today say. `state` keeps what was found: only calls and tickets that are new are
    looked at the next time."""
    known: _Known | None = state.visits
    if known is not None and known.goes_on(state, day):
        known.look_again(now)
        found = known.found()
        if len(found.visits) == CALLS_FOR_PACE or not known.first:
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


def _shown(call: CallMade, ticket: Ticket) -> tuple[int | None, bool]:
    """Return how long somebody had waited until this call, their first, if it is known whether they came; and whether
    they did not, also where they were served when called again."""
    first = ticket.legs[0]
    if first.called != call.time or ticket.is_paper or ticket.postponed:
        return None, False
    bin = wait_bin(seconds(first.joined, call.time))
    begun = first.started or first.ended
    if ticket.missed_at is not None and (begun is None or ticket.missed_at <= begun):
        return bin, True
    if len(ticket.legs) > 1 or first.started is not None:
        return bin, False
    return (bin, True) if ticket.state is State.LEFT else (None, False)
