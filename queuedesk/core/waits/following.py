"""What the experts know now: what past dates taught, and the last calls of today."""

from __future__ import annotations

import datetime as clock
from collections import deque
from collections.abc import Callable, Sequence

from msgspec import Struct

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.ticket import CallMade, Ticket, TicketId
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.experts import (
    MOST_PER_PLACE_MIN,
    PLACE_BINS,
    TODAY_NEEDED,
    TODAY_WAITS,
    WAITED_MIN,
    TodaysWaits,
    pass_ratio,
    place_bin,
    points,
)
from queuedesk.core.waits.live import Turn
from queuedesk.core.waits.observations import actual_wait_min, minute_of, told_wait
from queuedesk.core.waits.past_waits import PASS, PastWaits, ToldWait
from queuedesk.core.waits.weighing import (
    NOTHING,
    Mixture,
    Weights,
    added,
    ends_of,
    lessons_of,
    mean_of,
    mixed,
    taken_out,
    weights,
)

FOLLOWED = 300
"""So many of the day's last calls are followed, whatever a process has seen of the day."""
Change = Callable[[Sequence[int], Sequence[int]], tuple[int, ...]]


Told = tuple[tuple[float | None, ...], Mixture]


class _Seen(Struct):
    """A call that was looked at, at a minute of the day; `sign` is what a change of its ticket would change. `wait` is
    None where it was not somebody's first."""

    id: TicketId
    minute: float
    sign: tuple[object, ...]
    wait: ToldWait | None
    lessons: tuple[int, ...] = ()


class Following:
    """The experts of one day in one hall. Calls never change, but tickets are replaced."""

    def __init__(self, state: HallState, day: clock.date) -> None:
        self.day, self.calls, self.in_hall, self.learned = day, state.calls, state.in_hall(), state.learned
        self.past: PastWaits = state.learned.waits
        self.in_hall.moved.clear()
        self._setup = _setup_of(state)
        self._seen: deque[_Seen] = deque()
        self._of: dict[TicketId, list[_Seen]] = {}
        self._lines: dict[str, TodaysWaits] = {}
        self._by_line = dict(self.past.sums_by_line)
        self._by_place = list(self.past.sums_by_place or (NOTHING,) * PLACE_BINS)
        self._weights: dict[tuple[str, int, tuple[int, ...]], Weights] = {}
        self._factors: dict[tuple[str, int], tuple[tuple[float, float], ...]] = {}
        first = len(self.calls)
        found = 0
        while first and found < FOLLOWED:
            first -= 1
            found += self.calls[first].date == day
        self._look(first)

    def goes_on(self, state: HallState, day: clock.date) -> bool:
        """Whether it is still this day in this hall, to which only calls and tickets were added since."""
        return (
            self.day == day
            and self.learned is state.learned
            and self._setup is state.setup_now
            and self.calls is state.calls
            and self.in_hall is state.in_hall()
            and len(self.calls) >= self.count
            and (not self.count or self.calls[self.count - 1] is self.last)
            and not self._has_changed()
        )

    def look_again(self) -> None:
        """Look at the calls that are new."""
        self._look(self.count)

    def mixture(self, line: str, place: int, minute: float, turn: Turn | None) -> Told | None:
        """Return what may be told somebody at `place` of `line` at this minute of the hall's day, and what each expert
        said; None while none can say anything. `turn` is the pass's."""
        pass_min, sd = (None, None) if turn is None else (turn.at_min, turn.sd_min)
        said = points(self.past, self._lines.get(line), line, place=place, minute=minute, pass_min=pass_min)
        able = tuple([k for k, one in enumerate(said) if one is not None])
        if not able or (pass_min is None and self.past.usual is None and not self._may_say(line)):
            return None
        bin = place_bin(place)
        is_untried = self._by_line.get(line, NOTHING) == self._by_place[bin] == NOTHING
        if pass_min is not None and is_untried:
            able = (PASS,)  # Nothing came true yet: the others have nothing to go by.
        return said, mixed(ends_of(said, self._factors_of(line, bin), sd), self._weights_of(line, bin, able))

    def _may_say(self, line: str) -> bool:
        """Whether enough of today's last calls of a line were of people who had to wait: who is called at once says
        nothing about a wait behind somebody. In a replayed record nobody is misled, and early quotes teach."""
        if self._setup.hall.replayed:
            return True
        today = self._lines.get(line)
        last = today.per_place[-TODAY_WAITS:] if today is not None else []
        waited = sum(one >= WAITED_MIN for one in last)
        return waited >= TODAY_NEEDED and 2 * waited > len(last)

    def _weights_of(self, line: str, bin: int, able: tuple[int, ...]) -> Weights:
        key = line, bin, able
        found = self._weights.get(key)
        if found is None:
            in_line, at_place = self._by_line.get(line, NOTHING), self._by_place[bin]
            found = self._weights[key] = mean_of(weights(in_line, able), weights(at_place, able))
        return found

    def _factors_of(self, line: str, bin: int) -> tuple[tuple[float, float], ...]:
        found = self._factors.get((line, bin))
        if found is None:
            found = self._factors[line, bin] = self.past.factors(line, bin)
        return found

    def _has_changed(self) -> bool:
        """Whether a call that was looked at is no longer somebody's first, or a first one after all."""
        moved, tickets = self.in_hall.moved, self.in_hall.tickets
        changed = any(seen.sign != _sign(tickets.get(id)) for id in moved for seen in self._of.get(id, ()))
        moved.clear()
        return changed

    def _look(self, first: int) -> None:
        for at in range(first, len(self.calls)):
            if self.calls[at].date == self.day:
                self._take(self.calls[at])
        self.count = len(self.calls)
        self.last = self.calls[-1] if self.calls else None

    def _take(self, call: CallMade) -> None:
        id = (self.day, call.label)
        ticket = self.in_hall.tickets.get(id)
        seen = _Seen(id, minute_of(self._setup, self.day, call.time), _sign(ticket), self._first_wait(ticket, call))
        if (wait := seen.wait) is not None:
            if wait.points_s:
                seen.lessons = lessons_of(wait, self._factors_of(wait.line, place_bin(wait.place)))
                self._learn(wait, seen.lessons, added)
            self._follow(wait, seen.minute)
        self._seen.append(seen)
        self._of.setdefault(id, []).append(seen)
        if len(self._seen) > FOLLOWED:
            self._forget(self._seen.popleft())

    def _first_wait(self, ticket: Ticket | None, call: CallMade) -> ToldWait | None:
        if ticket is None or ticket.legs[0].called != call.time or ticket.is_paper:
            return None
        minutes, issued = actual_wait_min(ticket), minute_of(self._setup, self.day, ticket.arrived)
        return None if minutes is None else told_wait(ticket, issued, minutes, (ticket.promise.ahead or 0) + 1)

    def _follow(self, wait: ToldWait, called: float) -> None:
        today = self._lines.setdefault(wait.line, TodaysWaits())
        today.called.append(called)
        today.per_place.append(min(MOST_PER_PLACE_MIN, wait.minutes / wait.place))
        today.last = wait.minutes, wait.place
        if (ratio := pass_ratio(wait)) is not None:
            today.ratios.append(ratio)

    def _learn(self, wait: ToldWait, lessons: Sequence[int], change: Change) -> None:
        bin = place_bin(wait.place)
        self._by_line[wait.line] = change(self._by_line.get(wait.line, NOTHING), lessons)
        self._by_place[bin] = change(self._by_place[bin], lessons)
        for key in [key for key in self._weights if key[0] == wait.line or key[1] == bin]:
            del self._weights[key]

    def _forget(self, seen: _Seen) -> None:
        self._of[seen.id].remove(seen)
        if not self._of[seen.id]:
            del self._of[seen.id]
        if (wait := seen.wait) is None:
            return
        if seen.lessons:
            self._learn(wait, seen.lessons, taken_out)
        today = self._lines[wait.line]
        del today.called[0], today.per_place[0]
        if pass_ratio(wait) is not None:
            del today.ratios[0]
        if not today.called:
            del self._lines[wait.line]


def _sign(ticket: Ticket | None) -> tuple[object, ...]:
    if ticket is None:
        return ()
    return ticket.legs[0].called, ticket.legs[0].service, ticket.postponed, ticket.is_paper


def _setup_of(state: HallState) -> Setup:
    if state.setup_now is None:
        raise ValueError("a hall without a set-up")
    return state.setup_now


def experts_now(state: HallState, day: clock.date) -> Following:
    """Return what the experts know now. `state` keeps it: only calls that are new are looked at the next time."""
    known: Following | None = state.experts
    if known is not None and known.goes_on(state, day):
        known.look_again()
        return known
    state.experts = known = Following(state, day)
    return known
