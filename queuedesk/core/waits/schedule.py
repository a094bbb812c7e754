"""One pass over the hall: each free window takes the next ticket; gives every ticket's turn with its spread."""

from __future__ import annotations

import datetime as clock
import math
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from heapq import heapify, heappop, heappush
from itertools import cycle
from operator import attrgetter

from msgspec.structs import replace

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.dispatch import WindowsForService, call_order_rule_of_setup, count_ahead_all_and_own_service
from queuedesk.core.queue.ticket import LineTicket, TicketId, TicketState
from queuedesk.core.waits.estimates import WAIT_BIN_MIN, Estimates, handling_or_unknown
from queuedesk.core.waits.live import ExpectedCallOfTicket, LiveHall, LiveTicket, LiveWindow, PassForecast
from queuedesk.core.waits.observations import HALF_HOUR_MIN

DRIFT = 0.10
"""Drift of the hall's pace, as a share of the time until a turn."""
ROUGH_MIN = 0.35
NO_SHOW_MIN = 1.0
"""How long an unanswered call occupies a window."""
NEAR_MIN = 60.0
"""Only windows free within this time share the spread of a line."""

_Rank = tuple[float, float, int]
_BY_PLACE = attrgetter("place_min", "turn")
_ROUGH_MIN2 = ROUGH_MIN**2
_NO_RANK: _Rank = (math.inf, math.inf, 0)
_NO_TICKET: TicketId = (clock.date.min, "")
"""For visits sent on by a share and parked ones."""


def forecast_turns(live: LiveHall, lengths: Mapping[str, Sequence[float]] | None = None) -> PassForecast:
    """Return each waiting ticket's probable turn, that of a ticket issued now, and the end of each line. `lengths`, if
    given, are factors of visit length by service, used in the order of calls and then again from the first: one
    scenario of many."""
    return _ForecastPass(live, lengths=lengths).forecast_all()


def expected_call_of_ticket(live: LiveHall, ticket: TicketId) -> ExpectedCallOfTicket | None:
    """Return the turn that forecast_turns() gives to a waiting ticket; None if it is not reached."""
    return _ForecastPass(live, ticket).expected_call_of_wanted_ticket()


def minute_free_after_service(end: float, breaks: list[tuple[float, float]]) -> float:
    """Return when a window that serves until `end` is free again; breaks due by then follow in full and are removed
    from `breaks`."""
    while breaks and breaks[0][0] <= end:
        end += breaks.pop(0)[1]
    return end


def minute_free_after_idling(until: float, breaks: list[tuple[float, float]]) -> float:
    """Return when a window idle until `until` can call; breaks due meanwhile begin on time."""
    while breaks and breaks[0][0] <= until:
        start, length = breaks.pop(0)
        until = max(until, start + length)
    return until


class _TicketLine:
    """The tickets of one service and credit that windows rank alike: their order by key is their order by place.
    `first` is the rank of the next one; `jumpers` are the places of those that passed some."""

    __slots__ = ("at", "credit", "first", "jumpers", "ranks", "service", "tickets")

    def __init__(self, service: str, credit: float, tickets: list[LiveTicket]) -> None:
        self.tickets = sorted(tickets, key=_BY_PLACE)
        self.ranks = [(t.place_min - credit, t.place_min, t.turn) for t in self.tickets]
        self.service, self.credit = service, credit
        self.at = 0
        self.first = self.ranks[0]
        self.jumpers: list[tuple[float, int]] = []


class _PassWindow:
    """A window in the pass. Its `services` are sorted, so that ties fall alike in every process. `lines` are those of
    its services with tickets left, `breaks` are still to come; `takes` caches usual length and variance by service.
    `blurs` are the services whose turns need a standard deviation."""

    __slots__ = ("blurs", "breaks", "closes_min", "lines", "number", "pause_min", "services", "size", "takes", "window")

    def __init__(self, number: int, window: LiveWindow, lines: Mapping[str, list[_TicketLine]]) -> None:
        self.number, self.window, self.size = number, window, len(window.services)
        self.services = sorted(window.services)
        self.blurs: Collection[str] = self.services
        self.breaks = sorted(window.breaks)
        self.pause_min = window.pause_min
        self.closes_min = math.inf if window.closes_min is None else window.closes_min
        self.lines = [line for service in self.services for line in lines.get(service, ())]
        self.takes: dict[str, tuple[float, float]] = {}

    def usual_visit_mean_and_variance(self, learned: Estimates, service: str) -> tuple[float, float]:
        """Return a visit's usual length for `service` at this window, and its variance."""
        handling, factor = handling_or_unknown(learned, service), self.window.factor
        self.takes[service] = mean_and_variance = handling.mean_min * factor, handling.var_min2 * factor**2
        return mean_and_variance


def count_joining_ahead(
    state: HallState,
    turn: ExpectedCallOfTicket | None,
    ticket: LineTicket,
    line: WindowsForService,
    waiting: Sequence[LineTicket],
    *,
    ahead: int,
    now: datetime,
) -> int:
    """Return how many people now busy with another service will be called before `ticket`, besides those `ahead` of it.
    In the pass of `turn` they are done with that service by then, and the rule calls them first, as they keep their
    place. People waiting in this line already are not counted twice; `waiting` includes `ticket`."""
    setup = state.setup_now
    if setup is None or turn is None or not turn.after:
        return 0
    coming: list[LineTicket] = []
    for id, service in dict(turn.after).items():
        other = state.tickets.get(id)
        if other is None or (other.state is TicketState.WAITING and other.service in line.services):
            continue
        credit_s = setup.credit_s(other.klass, service)
        coming.append(replace(other, service=service, credit_s=credit_s, held_until=None, not_before=None))
    if not coming:
        return 0
    before, _own = count_ahead_all_and_own_service(
        ticket,
        line,
        [*waiting, *coming],
        normal_calls=state.now.normal_calls_since_priority_call(ticket.date),
        rule=call_order_rule_of_setup(setup),
        now=now,
    )
    return min(max(0, before - ahead), len(coming))


class _ForecastPass:
    """A pass for all tickets, or for `wanted` alone: then other turns, and what only they need, are not computed."""

    def __init__(
        self, live: LiveHall, wanted: TicketId | None = None, lengths: Mapping[str, Sequence[float]] | None = None
    ) -> None:
        self.live, self.is_for_all = live, wanted is None
        # Searched from the end: mostly the ticket just issued.
        self.wanted = None if wanted is None else next((t for t in reversed(live.tickets) if t.id == wanted), None)
        self.lengths = None if lengths is None else {service: cycle(factors) for service, factors in lengths.items()}
        self.learned = live.learned
        self.normal_calls = live.normal_calls
        self.turns: dict[TicketId, ExpectedCallOfTicket] = {}
        self.newcomers: dict[str, ExpectedCallOfTicket] = {}
        self.clear: dict[str, float] = {}
        self.special: list[LiveTicket] = []
        self.lines: dict[str, list[_TicketLine]] = {}
        self.ready: dict[str, list[tuple[float, tuple[str, ...], bool, TicketId]]] = {}
        self.taken_up: list[tuple[frozenset[str], TicketId, str]] = []
        self.onward_sums: dict[str, dict[str, float]] = {}
        self.counters: list[_PassWindow] = []
        self.heap: list[tuple[float, int, int]] = []
        self.asleep: dict[int, float] = {}
        self.spread: dict[str, float] = {}
        self.near2: dict[str, int] = {}
        self.sent_from = math.inf
        self.no_show_chances, self.stays = live.no_show, self.learned.stays
        self.some_go_on = bool(self.learned.redirects or live.follow_ups)
        self.drift = math.hypot(DRIFT, live.doubt)
        for service, at in live.returning:
            self._add_ready_follow_up(service, (), _NO_TICKET, at)
        self._group_tickets_into_lines()
        self._set_up_pass_windows()

    def forecast_all(self) -> PassForecast:
        heap = self.heap
        while heap:
            at, _, number = heappop(heap)
            self._simulate_next_call(number, at)
        left = {t.service for t in self.live.tickets if t.id not in self.turns}
        clear = {code: end for code, end in self.clear.items() if code not in left}
        return PassForecast(turns=self.turns, newcomers=self.newcomers, clear_min=clear)

    def expected_call_of_wanted_ticket(self) -> ExpectedCallOfTicket | None:
        heap, turns = self.heap, self.turns
        while heap and not turns:
            at, _, number = heappop(heap)
            self._simulate_next_call(number, at)
        return next(iter(turns.values()), None)

    # -- the hall before the pass ------------------------------------------------------------------------------------

    def _group_tickets_into_lines(self) -> None:
        grouped: dict[tuple[str, float, bool, str], list[LiveTicket]] = {}
        for ticket in (*self.live.tickets, *self.live.arrivals):
            has_own_rule = ticket.only is not None or ticket.not_before_min > 0
            if (has_own_rule or ticket.place_min > 0) and not ticket.expected:
                self.special.append(ticket)
                continue
            alike = (ticket.service, ticket.credit_min, ticket.short, ticket.speaks)
            if alike in grouped:
                grouped[alike].append(ticket)
            else:
                grouped[alike] = [ticket]
        for (service, credit, *_first), tickets in sorted(grouped.items()):
            self.lines.setdefault(service, []).append(_TicketLine(service, credit, tickets))

    def _set_up_pass_windows(self) -> None:
        near: dict[str, int] = {}
        windows = [window for window in self.live.windows if window.services]
        self.counters = [_PassWindow(number, window, self.lines) for number, window in enumerate(windows)]
        for counter in self.counters:
            window, breaks = counter.window, counter.breaks
            idle = window.free_min <= 0 and window.now_serving is None
            at = (
                minute_free_after_idling(0.0, breaks)
                if idle
                else minute_free_after_service(max(0.0, window.free_min), breaks)
            )
            if window.now_serving is not None:
                self.clear[window.now_serving] = max(self.clear.get(window.now_serving, 0.0), window.free_min)
            for service in window.services:
                self.spread[service] = self.spread.get(service, 0.0) + window.free_var
                near[service] = near.get(service, 0) + (at <= NEAR_MIN)
            if at < counter.closes_min:
                self.heap.append((at, counter.size, counter.number))
        self.near2 = {service: max(1, n) ** 2 for service, n in near.items()}
        heapify(self.heap)
        for window in windows:
            if window.now_serving is not None:
                self._send_customer_to_next_service(
                    window.now_serving, self._planned_follow_up_services(window.now_id), window.now_id, window.free_min
                )
        if self.wanted is not None:
            service = self.wanted.service
            for counter in self.counters:
                counter.blurs = (service,) if service in counter.window.services else ()

    # -- one step ----------------------------------------------------------------------------------------------------

    def _simulate_next_call(self, number: int, at: float) -> None:
        counter = self.counters[number]
        window = counter.window
        follow_up = self._pop_next_follow_up(counter, at) if at >= self.sent_from else None
        if follow_up is not None:
            service, steps, was_sent, id = follow_up
            if id is not _NO_TICKET:
                self.taken_up.append((window.services, id, service))
            end = self._occupy_window_and_return_end(counter, service, at, no_show=0.0, is_there=1.0)
            self.clear[service] = max(self.clear.get(service, 0.0), end)
            if not was_sent:
                self._send_customer_to_next_service(service, steps, id, end)
            return
        line, ticket = self._next_ticket_by_rule(counter, at)
        if window.passes and ticket is not None and not ticket.credit_min:
            line, ticket = self._preferred_out_of_order(counter, at) or (line, ticket)
        if ticket is None:
            self._set_expected_newcomer_calls(window, at)
            self._idle_until_next_ticket(counter, at)
            return
        if line is None:
            self.special.remove(ticket)
        else:
            self._drop_next_ticket_and_empty_line(line)
        service = ticket.service
        if ticket.expected:
            may_jump = self.normal_calls is None or self.normal_calls >= self.live.jump_every - 1
            if ticket.place_min >= ticket.credit_min or not may_jump:
                self._set_expected_newcomer_calls(window, at)
        if ticket.credit_min > 0:
            self.normal_calls = 0
        elif self.normal_calls is not None:
            self.normal_calls += 1
        if ticket.id is not None and (self.is_for_all or self.wanted is ticket):
            self.turns[ticket.id] = ExpectedCallOfTicket(
                at, self._call_time_sd_min(service, at), window.code, self._follow_ups_at_windows_of_service(service)
            )
        no_show, is_there = 0.0, 1.0
        if not ticket.redirected:
            waited = at - ticket.place_min
            if self.no_show_chances:
                no_show = self._no_show_chance(waited)
            if self.stays:  # The chance of still waiting then, given that they wait now.
                is_there = self._share_staying_after_wait(waited) / self._share_staying_after_wait(-ticket.place_min)
        end = self._occupy_window_and_return_end(counter, service, at, no_show, is_there)
        if self.is_for_all and not ticket.expected and end > self.clear.get(service, 0.0):
            self.clear[service] = end
        if self.some_go_on:
            self._send_customer_to_next_service(
                service, self._planned_follow_up_services(ticket.id), ticket.id, end, is_there * (1 - no_show)
            )

    def _drop_next_ticket_and_empty_line(self, line: _TicketLine) -> None:
        """Remove the next ticket from `line`, and an empty line from all windows."""
        line.at += 1
        if line.at < len(line.ranks):
            line.first = line.ranks[line.at]
            return
        for counter in self.counters:
            if line.service in counter.window.services:
                counter.lines.remove(line)

    def _next_ticket_by_rule(self, counter: _PassWindow, at: float) -> tuple[_TicketLine | None, LiveTicket | None]:
        """Return the ticket that the rule gives to a window at `at`, with its line (None for a special ticket)."""
        first: _Rank = _NO_RANK
        first_line: _TicketLine | None = None
        first_ticket: LiveTicket | None = None
        for line in counter.lines:
            rank = line.first
            if rank < first and rank[1] <= at:
                first, first_line = rank, line
        if self.special:
            for ticket in self._callable_tickets_with_own_rule(counter, at):
                rank = (ticket.place_min - ticket.credit_min, ticket.place_min, ticket.turn)
                if rank < first:
                    first, first_line, first_ticket = rank, None, ticket
        if first is _NO_RANK:
            return None, None
        if first[0] < first[1] and self._call_passes_ticket_without_credit(counter, at, first[1:]):
            if self.normal_calls is not None and self.normal_calls < self.live.jump_every - 1:
                return self._ticket_with_earliest_place(counter, at)
            if self.live.guard and not self._overtake_if_allowed(counter, at, first[1:], self.live.guard):
                return self._ticket_with_earliest_place(counter, at)
        return first_line, first_ticket if first_line is None else first_line.tickets[first_line.at]

    def _call_passes_ticket_without_credit(self, counter: _PassWindow, at: float, place: tuple[float, int]) -> bool:
        """Whether a call from `place` passes a ticket without credit."""
        at_place = (place[0], *place)  # A rank without credit.
        for line in counter.lines:
            if line.first < at_place and not line.credit:
                return True
        if not self.special:
            return False
        return any(
            not t.credit_min and (t.place_min, t.turn) < place
            for t in self._callable_tickets_with_own_rule(counter, at)
        )

    def _ticket_with_earliest_place(
        self, counter: _PassWindow, at: float
    ) -> tuple[_TicketLine | None, LiveTicket | None]:
        """Return the ticket with the earliest place that a window may call at `at`, with its line."""
        early: tuple[float, int] | None = None
        early_line: _TicketLine | None = None
        early_ticket: LiveTicket | None = None
        for line in counter.lines:
            place = line.first[1:]
            if place[0] <= at and (early is None or place < early):
                early, early_line = place, line
        for ticket in self._callable_tickets_with_own_rule(counter, at):
            place = (ticket.place_min, ticket.turn)
            if early is None or place < early:
                early, early_line, early_ticket = place, None, ticket
        return early_line, early_ticket if early_line is None else early_line.tickets[early_line.at]

    def _callable_tickets_with_own_rule(self, counter: _PassWindow, at: float) -> list[LiveTicket]:
        """Return the special tickets (with a rule or a time of their own) that a window may call at `at`."""
        window = counter.window
        return [t for t in self.special if t.service in window.services and self._earliest_call_min(t, window) <= at]

    def _preferred_out_of_order(self, counter: _PassWindow, at: float) -> tuple[_TicketLine | None, LiveTicket] | None:
        """Return the ticket that the window takes first as a short matter or for its language, with its line; None if
        there is none, it may pass nobody or it is next anyway."""
        window = counter.window
        heads: list[tuple[tuple[float, int], _TicketLine | None, LiveTicket]] = [
            (line.first[1:], line, line.tickets[line.at]) for line in counter.lines if line.first[1] <= at
        ]
        heads += [
            ((ticket.place_min, ticket.turn), None, ticket)
            for ticket in self._callable_tickets_with_own_rule(counter, at)
        ]
        heads.sort(key=lambda head: head[0])
        for n, (place, line, ticket) in enumerate(heads):
            if ticket.credit_min:
                return None
            is_short = window.takes_short and ticket.short
            if is_short or (
                ticket.speaks in window.languages
                and self._count_tickets_before_place(counter, at, place) <= window.passes
            ):
                return (line, ticket) if n and self._overtake_if_allowed(counter, at, place, window.passes) else None
        return None

    def _count_tickets_before_place(self, counter: _PassWindow, at: float, place: tuple[float, int]) -> int:
        """Count the tickets before `place` that the window may call by `at`."""
        in_lines = sum(
            bisect_left(line.ranks, (place[0] - line.credit, *place), line.at) - line.at for line in counter.lines
        )
        return in_lines + sum((t.place_min, t.turn) < place for t in self._callable_tickets_with_own_rule(counter, at))

    def _overtake_if_allowed(self, counter: _PassWindow, at: float, place: tuple[float, int], most: int) -> bool:
        """Whether a call from `place` may pass others, because none of them was overtaken `most` times; if so, count it
        against them."""
        lines = [line for line in counter.lines if not line.credit]
        for line in lines:
            if line.first[1] <= at and line.first[1:] < place:
                times = sum(jumper > line.first[1:] for jumper in line.jumpers)
                if line.tickets[line.at].overtaken + times >= most:
                    return False
        for ticket in self._callable_tickets_with_own_rule(counter, at):
            is_passed = not ticket.credit_min and (ticket.place_min, ticket.turn) < place
            if is_passed and ticket.overtaken >= most:
                return False
        for line in lines:
            line.jumpers.append(place)
        return True

    def _pop_next_follow_up(
        self, counter: _PassWindow, at: float
    ) -> tuple[str, tuple[str, ...], bool, TicketId] | None:
        best: str | None = None
        for service in counter.services:
            queue = self.ready.get(service)
            if queue and queue[0][0] <= at and (best is None or queue[0] < self.ready[best][0]):
                best = service
        if best is None:
            return None
        _, steps, by_share, id = heappop(self.ready[best])
        self.sent_from = min([queue[0][0] for queue in self.ready.values() if queue], default=math.inf)
        return best, steps, by_share, id

    def _occupy_window_and_return_end(
        self, counter: _PassWindow, service: str, at: float, no_show: float, is_there: float
    ) -> float:
        """Return until when a ticket called at `at` occupies the window; add its variance to the spread, and schedule
        the window's next call. `is_there`: the chance that the customer did not leave before."""
        usual, variance = counter.takes.get(service) or counter.usual_visit_mean_and_variance(self.learned, service)
        if self.learned.by_half_hour:
            usual *= self._later_to_now_visit_length_ratio(service, at)
        absent, comes = is_there * no_show, is_there * (1 - no_show)
        if self.lengths is not None and service in self.lengths:
            end = at + absent * NO_SHOW_MIN + comes * usual * next(self.lengths[service])
        else:
            end = at + absent * NO_SHOW_MIN + comes * usual
            spread, spreads = comes * (variance + (1 - comes) * usual**2), self.spread
            for other in counter.blurs:
                spreads[other] += spread
        free = end + is_there * counter.pause_min
        if counter.breaks:
            free = minute_free_after_service(free, counter.breaks)
        self._push_window_free_minute(counter, free)
        return end

    def _later_to_now_visit_length_ratio(self, service: str, at: float) -> float:
        """Return the factor of visits called at `at` over those called now, which today's pace includes."""
        by_half_hour = self.learned.by_half_hour.get(service)
        if by_half_hour is None:
            return 1.0
        now, then = (int((self.live.minute + minutes) // HALF_HOUR_MIN) for minutes in (0.0, at))
        last = len(by_half_hour) - 1
        return by_half_hour[min(last, max(0, then))] / by_half_hour[min(last, max(0, now))]

    def _push_window_free_minute(self, counter: _PassWindow, at: float) -> None:
        if at < counter.closes_min:
            heappush(self.heap, (at, counter.size, counter.number))

    def _idle_until_next_ticket(self, counter: _PassWindow, at: float) -> None:
        """Let a window without tickets rest until one may come for it, or else until one is sent on to it."""
        window = counter.window
        coming = [self._earliest_call_min(t, window) for t in self.special if t.service in window.services]
        coming += [line.first[1] for line in counter.lines]
        coming += [self.ready[service][0][0] for service in window.services if self.ready.get(service)]
        self.asleep.pop(counter.number, None)
        if coming:
            self._push_window_free_minute(counter, minute_free_after_idling(max(at, min(coming)), counter.breaks))
        else:
            self.asleep[counter.number] = at

    def _follow_ups_at_windows_of_service(self, service: str) -> tuple[tuple[TicketId, str], ...]:
        """Return the further services, with their tickets, taken up so far by windows that serve `service`."""
        return tuple((id, to) for services, id, to in self.taken_up if service in services) if self.taken_up else ()

    def _set_expected_newcomer_calls(self, window: LiveWindow, at: float) -> None:
        if not self.is_for_all:
            return
        for service in window.services:
            if service not in self.newcomers:
                self.newcomers[service] = ExpectedCallOfTicket(
                    at,
                    self._call_time_sd_min(service, at),
                    window.code,
                    self._follow_ups_at_windows_of_service(service),
                )

    # -- follow-ups and chances --------------------------------------------------------------------------------------

    def _send_customer_to_next_service(
        self, service: str, steps: tuple[str, ...], id: TicketId | None, end: float, comes: float = 1.0
    ) -> None:
        """Send a customer done with `service` at `end` to the next: by known steps, else by the share of visits that go
        on. Visits sent on by a share go no further: where all of A go on to B and all of B to A, the pass would not
        end."""
        if steps:
            self._add_ready_follow_up(steps[0], steps[1:], id or _NO_TICKET, end)
            return
        shares = self.learned.redirects.get(service)
        if not shares:
            return
        totals = self.onward_sums.get(service)
        if totals is None:
            totals = self.onward_sums[service] = dict.fromkeys(shares, 0.5)
        for to, share in shares.items():
            total = totals[to] + share * comes
            if total >= 1:
                total -= 1
                self._add_ready_follow_up(to, (), _NO_TICKET, end, by_share=True)
            totals[to] = total

    def _planned_follow_up_services(self, ticket: TicketId | None) -> tuple[str, ...]:
        follow_ups = self.live.follow_ups
        return follow_ups.get(ticket, ()) if follow_ups and ticket is not None else ()

    def _add_ready_follow_up(
        self, service: str, steps: tuple[str, ...], id: TicketId, at: float, *, by_share: bool = False
    ) -> None:
        heappush(self.ready.setdefault(service, []), (at, steps, by_share, id))
        self.sent_from = min(self.sent_from, at)
        for number in [n for n in self.asleep if service in self.counters[n].window.services]:
            since, counter = self.asleep.pop(number), self.counters[number]
            self._push_window_free_minute(counter, minute_free_after_idling(max(since, at), counter.breaks))

    def _no_show_chance(self, waited: float) -> float:
        no_show_chances, bin = self.no_show_chances, int(waited / WAIT_BIN_MIN)
        if bin >= len(no_show_chances):
            return no_show_chances[-1]
        return no_show_chances[bin] if bin > 0 else no_show_chances[0]

    def _share_staying_after_wait(self, waited: float) -> float:
        """Return the share of people still waiting after `waited` minutes, if nobody is called."""
        stays, at = self.stays, waited / WAIT_BIN_MIN if waited > 0 else 0.0
        bin = int(at)
        if bin >= len(stays) - 1:
            return stays[-1]
        return stays[bin] + (at - bin) * (stays[bin + 1] - stays[bin])

    def _call_time_sd_min(self, service: str, at: float) -> float:
        if at <= 0:
            return ROUGH_MIN  # A free window: no other visit's length matters.
        variance = self.spread[service] / self.near2[service] + (self.drift * at) ** 2 + _ROUGH_MIN2
        sd: float = variance**0.5
        return sd

    @staticmethod
    def _earliest_call_min(ticket: LiveTicket, window: LiveWindow) -> float:
        is_kept = ticket.only is not None and window.code not in ticket.only
        return max(ticket.not_before_min, ticket.held_min if is_kept else 0.0)
