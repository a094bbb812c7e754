"""One run of a recorded day: its people come again as they came, windows call by the hall's rule, and what the record
leaves open is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from queuedesk.core.queue.dispatch import (
    FirstHere,
    Rule,
    choose_next,
    counted,
    first_here,
    late_place,
    passed,
    rule_of_settings,
)
from queuedesk.core.queue.hallday import hall_moment
from queuedesk.core.queue.ticket import InLine
from queuedesk.features.what_if.rules.day import ASIDE, CLERK_SD, LATE, WALK_UP, Post, RecordedDay, Step

# -- the lines of a hall that is played again: who is in them, and whom the hall's rule gives to a window ------------

_Entry = tuple[datetime, int, str, InLine]


class Lines:
    """Everybody who waits. Tickets of one service, one item and one credit are in one line by place, which is also
    their order by key: so the rule's choice is the first of one of these lines, and only those are given to it."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._overtaken: dict[str, int] = {}
        self._normal_calls: int | None = None
        self._tickets: dict[str, InLine] = {}
        self._lines: dict[str, dict[tuple[str | None, int], list[_Entry]]] = {}

    def join(self, ticket: InLine) -> None:
        """Let a ticket wait that is in no line yet."""
        self._tickets[ticket.label] = ticket
        credit = ticket.credit_s if ticket.has_credit else -1
        line = self._lines.setdefault(ticket.service, {}).setdefault((ticket.item, credit), [])
        heappush(line, (*ticket.by_place, ticket.label, ticket))

    def leave(self, label: str) -> None:
        """Remove a ticket that was not called."""
        del self._tickets[label]

    def waiting(self, services: Iterable[str] | None = None) -> list[InLine]:
        """Return those who wait, for one of `services` if given, by place less credit."""
        wanted = None if services is None else frozenset(services)
        return sorted(
            (t for t in self._tickets.values() if wanted is None or t.service in wanted), key=self._rule.order_of
        )

    def call(self, services: Iterable[str], first: FirstHere | None = None) -> InLine | None:
        """Remove and return the rule's choice for a window with `services` that takes `first` first; None when nobody
        waits for it."""
        # How many stand before somebody of a clerk's language, the heads of the lines alone don't tell.
        able = self.waiting(services) if first is not None and first.languages else self.heads(services)
        choice = choose_next(self._counted(able), self._normal_calls, self._rule, first)
        if choice is None:
            return None
        self._normal_calls = counted(self._normal_calls, choice.ticket)
        del self._tickets[choice.ticket.label]
        if choice.why or (choice.jump and (self._rule.guard or first is not None)):
            for late in passed(self.waiting(services), choice.ticket):
                self._overtaken[late.label] = self._overtaken.get(late.label, 0) + 1
        return choice.ticket

    def _counted(self, heads: list[InLine]) -> list[InLine]:
        """Return them with how often each was overtaken here, where guard or those taken first ask for it."""
        if not (self._rule.guard or self._overtaken):
            return heads
        return [replace(ticket, overtaken=self._overtaken.get(ticket.label, 0)) for ticket in heads]

    def heads(self, services: Iterable[str]) -> list[InLine]:
        """Return the first of every line for `services`."""
        found = []
        for service in services:
            for line in self._lines.get(service, {}).values():
                while line:
                    ticket = line[0][3]
                    if self._tickets.get(ticket.label) is ticket:
                        found.append(ticket)
                        break
                    heappop(line)
        return found


LEFT, UNCALLED = -1.0, -2.0
"""What stands for the wait of who went away, and of who was never called."""
EARLY_BREAK_MIN, EARLY_SHARE = 2.0, 0.25
"""A clerk whose break is that near, in minutes and in its own length, does not call another customer before it."""
LAST_MIN = 36 * 60.0


class Draws(Struct, frozen=True):
    """What the record does not say, drawn once for both variants of a day: by step, and the clerks' paces. `patience`
    are factors with mean 1, `kept`, `gap` and `look` lie in 0..1 and select one of the recorded values."""

    patience: Sequence[float]
    kept: Sequence[float]
    gap: Sequence[float]
    look: Sequence[float]
    paces: dict[str | None, float]


def draws_for(day: RecordedDay, staff: Sequence[str | None], rng: np.random.Generator) -> Draws:
    """Draw one run's random numbers. `staff` are all clerks that either variant of the day may need."""
    n = len(day.steps)
    usual = float(rng.standard_normal())
    paces: dict[str | None, float] = {None: math.exp(CLERK_SD * usual)}
    for code in sorted({one for one in staff if one is not None}):
        own = day.paces.get(code)
        shift = float(rng.standard_normal())
        paces[code] = math.exp(own.mean + own.sd * shift) if own is not None else math.exp(CLERK_SD * shift)
    return Draws(
        patience=rng.exponential(size=n).tolist(),
        kept=rng.random(n).tolist(),
        gap=rng.random(n).tolist(),
        look=rng.random(n).tolist(),
        paces=paces,
    )


class Outcome(Struct, frozen=True):
    """What became of every step: minutes waited, LEFT or UNCALLED; and when the last one was called."""

    waits: NDArray[np.float64]
    last_call_min: float


def run(day: RecordedDay, draws: Draws) -> Outcome:
    """Return what becomes of `day` with `draws`. The same day and draws give the same outcome."""
    return _Run(day, draws).go()


_FREE, _CALLING, _IDLE, _BUSY, _AWAY, _GONE = range(6)
_ARRIVES, _LOOKS, _DONE, _BACK, _BREAK, _LEAVES, _READY, _OPENS, _ENDS = range(9)


class _Desk:
    """A post as it stands in a run."""

    __slots__ = ("breaks", "post", "rank", "since", "state")

    def __init__(self, post: Post) -> None:
        self.post = post
        self.state = _GONE
        self.since = 0.0
        self.breaks = list(post.breaks)
        self.rank = len(post.services)


class _Run:
    def __init__(self, day: RecordedDay, draws: Draws) -> None:
        self.day, self.draws = day, draws
        self.visits = day.visits
        self.first: list[int] = []
        total = 0
        for visit in day.visits:
            self.first.append(total)
            total += len(visit.steps)
        self.waits = np.full(total, UNCALLED)
        self.joined = [0.0] * total
        self.events: list[tuple[float, int, int, int, int]] = []
        self.count = 0
        self.rule = rule_of_settings(day.settings)
        self.lines = Lines(self.rule)
        self.has_firsts = bool(day.setup.spoken) or any(one.quick for one in day.setup.windows.values())
        self.waiting: dict[str, tuple[int, int]] = {}
        self.asides: list[tuple[float, int, int]] = []
        self.desks = [_Desk(post) for post in day.posts]
        self.windows = {post.window for post in day.posts}
        self.mean_patience = day.patience_min
        self.last_call = 0.0
        self.midnight = hall_moment(day.setup, day.day, 0)

    def go(self) -> Outcome:
        for i, visit in enumerate(self.visits):
            self._put(visit.arrived_min, _ARRIVES, i, 0)
        for n, desk in enumerate(self.desks):
            self._put(desk.post.start_min, _OPENS, n, 0)
        events = self.events
        while events:
            now, _, kind, a, b = heappop(events)
            if now > LAST_MIN:
                break
            self._happens(now, kind, a, b)
        return Outcome(self.waits, self.last_call)

    def _put(self, at: float, kind: int, a: int, b: int) -> None:
        self.count += 1
        heappush(self.events, (at, self.count, kind, a, b))

    def _happens(self, now: float, kind: int, a: int, b: int) -> None:
        if kind == _ARRIVES:
            self._arrive(now, a, b)
        elif kind == _LOOKS:
            self._look(now, a)
        elif kind == _DONE:
            self._done(now, a, b)
        elif kind == _LEAVES:
            self._leave(a, b)
        elif kind == _READY:
            self.asides.append((now, a, b))
            self._wake(now, self.visits[a].steps[b].service, self.first[a] + b)
        else:
            self._desk_event(now, kind, a)

    def _desk_event(self, now: float, kind: int, n: int) -> None:
        desk = self.desks[n]
        if kind == _OPENS:
            for start, _length in desk.breaks:
                self._put(max(start, now), _BREAK, n, 0)
            if not desk.post.stays:
                self._put(desk.post.end_min, _ENDS, n, 0)
            self._free(now, n, 0.0)
        elif kind == _BACK and desk.state == _AWAY:
            self._free(now, n, 0.0)
        elif kind == _BREAK and desk.state in (_IDLE, _CALLING):
            was_called = desk.state == _CALLING
            self._rest(now, n)
            if was_called:
                self._wake_all(now)
        elif kind == _ENDS and desk.state in (_IDLE, _CALLING):
            was_called = desk.state == _CALLING
            desk.state = _GONE
            if was_called:
                self._wake_all(now)

    # -- people ---------------------------------------------------------------------------------------------------

    def _arrive(self, now: float, i: int, j: int) -> None:
        """Let visit `i` come to its step `j`."""
        visit = self.visits[i]
        if j >= len(visit.steps):
            return
        step, at = visit.steps[j], self.first[i] + j
        if step.way in (WALK_UP, ASIDE):
            self._put(now + step.delay_min, _READY, i, j) if step.delay_min > 0 else self._happens(now, _READY, i, j)
            return
        if step.way == LATE and self.joined[at] == 0.0:
            self.joined[at] = now + step.delay_min
            self._put(now + step.delay_min, _ARRIVES, i, j)
            return
        if now < visit.due_min:
            self._put(visit.due_min, _ARRIVES, i, j)
            return
        self.joined[at] = visit.arrived_min if step.from_arrival else now
        ticket = visit.lines[step.service]
        if step.way == LATE:
            ticket = self._late(ticket, now)
        self.waiting[ticket.label] = (i, j)
        self.lines.join(ticket)
        patience = self._patience(step, at)
        if patience is not None:
            self._put(now + patience, _LEAVES, i, j)
        self._wake(now, step.service, at)

    def _patience(self, step: Step, at: int) -> float | None:
        if step.patience_min is not None:
            return step.patience_min
        return None if self.mean_patience is None else step.seen_min + self.mean_patience * self.draws.patience[at]

    def _late(self, ticket: InLine, now: float) -> InLine:
        """Return the ticket at the place of a late-comer: behind the second whom a window for its service could
        call."""
        able: set[str] = {ticket.service}
        for desk in self.desks:
            if ticket.service in desk.post.services and desk.state != _GONE:
                able |= desk.post.services
        place, turn = late_place(
            self.lines.waiting(able), self.midnight + timedelta(minutes=now), ticket.turn, self.rule
        )
        return replace(ticket, place=place, turn=turn, has_credit=False)

    def _leave(self, i: int, j: int) -> None:
        label = self.visits[i].label
        if self.waiting.get(label) == (i, j):
            del self.waiting[label]
            self.lines.leave(label)
            self.waits[self.first[i] + j] = LEFT

    # -- windows --------------------------------------------------------------------------------------------------

    def _wake(self, now: float, service: str, at: int) -> None:
        """Somebody waits for `service`: the idle window with the fewest services sees it, of those the longest idle."""
        best = -1
        rank = (0, 0.0)
        for n, desk in enumerate(self.desks):
            if desk.state == _IDLE and service in desk.post.services:
                own = (desk.rank, desk.since)
                if best < 0 or own < rank:
                    best, rank = n, own
        if best >= 0:
            self.desks[best].state = _CALLING
            self._put(now + _of(self.day.looks_min, self.draws.look[at]), _LOOKS, best, 0)

    def _wake_all(self, now: float) -> None:
        for i, j in list(self.waiting.values()):
            self._wake(now, self.visits[i].steps[j].service, self.first[i] + j)

    def _free(self, now: float, n: int, gap: float) -> None:
        """The window has no customer any more: a break that is due, the end of its shift, or the next call."""
        desk = self.desks[n]
        if desk.breaks and _is_due(desk.breaks[0], now):
            self._rest(now, n)
        elif not desk.post.stays and now >= desk.post.end_min:
            desk.state = _GONE
        else:
            desk.state = _CALLING
            self._put(now + gap, _LOOKS, n, 0)

    def _rest(self, now: float, n: int) -> None:
        desk = self.desks[n]
        length = 0.0
        while desk.breaks and _is_due(desk.breaks[0], now):
            length += desk.breaks.pop(0)[1]
        if length:
            desk.state = _AWAY
            self._put(now + length, _BACK, n, 0)
        elif desk.state == _CALLING:
            self._look(now, n)

    def _look(self, now: float, n: int) -> None:
        desk = self.desks[n]
        if desk.state != _CALLING:
            return
        if self.asides and (found := self._aside(desk)) is not None:
            self._serve(now, n, *found)
            return
        first = None
        if self.has_firsts:
            moment = self.midnight + timedelta(minutes=now)
            first = first_here(self.day.setup, desk.post.window, desk.post.staff, moment)
        ticket = self.lines.call(desk.post.services, first)
        if ticket is None:
            desk.state, desk.since = _IDLE, now
            return
        i, j = self.waiting.pop(ticket.label)
        at = self.first[i] + j
        self.waits[at] = now - self.joined[at]
        self.last_call = max(self.last_call, now)
        self._serve(now, n, i, j)

    def _aside(self, desk: _Desk) -> tuple[int, int] | None:
        """Return who comes back to this window, or to any where the own one is not there this time."""
        for k, (_ready, i, j) in enumerate(self.asides):
            step = self.visits[i].steps[j]
            own = step.window if step.window in self.windows else None
            if own == desk.post.window or (own is None and step.service in desk.post.services):
                del self.asides[k]
                return i, j
        return None

    def _serve(self, now: float, n: int, i: int, j: int) -> None:
        desk = self.desks[n]
        desk.state = _BUSY
        step, at = self.visits[i].steps[j], self.first[i] + j
        pace = self.draws.paces
        if step.kept_min is None:
            table = self.day.kept_min.get(step.service) or self.day.kept_min[""]
            kept = _of(table, self.draws.kept[at]) * pace[desk.post.staff]
        elif step.staff == desk.post.staff:
            kept = step.kept_min
        else:
            kept = step.kept_min * pace[desk.post.staff] / pace.get(step.staff, 1.0)
        self._put(now + kept, _DONE, n, at)
        self._put(now + kept, _ARRIVES, i, j + 1)

    def _done(self, now: float, n: int, at: int) -> None:
        gaps = self.day.gaps_min
        table = gaps.get(self.desks[n].post.window) or gaps[""]
        self._free(now, n, _of(table, self.draws.gap[at]))


def _of(table: Sequence[float], u: float) -> float:
    return table[min(len(table) - 1, int(u * len(table)))]


def _is_due(away: tuple[float, float], now: float) -> bool:
    start, length = away
    return start <= now + min(EARLY_BREAK_MIN, EARLY_SHARE * length)
