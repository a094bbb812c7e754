"""The rule of who is called next, whom a call overtakes, where late-comers are placed, and the line of one service.

The rule: of the tickets that a window may serve, call the one with the smallest key (place less credit). If that is a
priority ticket and an eligible one without credit came earlier, the call is a jump: allowed only after `jump_every` − 1
normal calls of the hall since its last priority call, and only if it overtakes no ticket that was already overtaken
`guard` times; otherwise the earliest place is called. A priority ticket at its own turn is always called.

A window may prefer some tickets (WindowPreferences): a quick window short matters, and a clerk customers who speak the
clerk's language, once at most `passes` people are ahead of them. If the rule chooses a ticket without priority that is
not preferred, the earliest preferred one is called instead, unless that would overtake a priority ticket or one that
was already overtaken `passes` times."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from heapq import heapify, heappop
from operator import attrgetter
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.ticket import (
    MICROSECOND,
    TURN_STEP,
    LineTicket,
    Ticket,
    TicketId,
    WaitPromise,
    Window,
    WindowCall,
    WindowState,
)
from queuedesk.core.setup.rows import Service, Setup

CREDIT, CREDIT_DOUBLE, PRIORITY_FIRST = "credit", "credit_double", "priority_first"
CAP, GUARD, FAST, LANGUAGE = "cap", "guard", "fast", "language"
ALWAYS_FIRST_S = 24 * 3600
"""The credit for "priority first": longer than any wait, so that only arrival decides among priority tickets."""


class CallOrderRule(Struct, frozen=True):
    """A hall's order of calls: which credit counts, at most one jump in `jump_every` calls, and no jump past a ticket
    that was overtaken `guard` times (0: no limit)."""

    order: str = CREDIT
    jump_every: int = 3
    guard: int = 0

    def credit_s(self, ticket: LineTicket) -> int:
        return self.weighted_credit_s(ticket.credit_s) if ticket.may_jump else 0

    def weighted_credit_s(self, credit_s: int) -> int:
        """Return the head start in seconds that a class's own credit gives in this hall."""
        if not credit_s:
            return 0
        if self.order == PRIORITY_FIRST:
            return ALWAYS_FIRST_S
        return credit_s * 2 if self.order == CREDIT_DOUBLE else credit_s

    def key(self, ticket: LineTicket) -> datetime:
        """Return the place minus the credit: the smallest key is called first."""
        credit_s = self.credit_s(ticket)
        return ticket.place - timedelta(seconds=credit_s) if credit_s else ticket.place

    def ticket_sort_key(self, ticket: LineTicket) -> tuple[datetime, datetime, int]:
        """Return the sort key of tickets: equal keys go by the earlier place, then by the earlier issue."""
        return (self.key(ticket), ticket.place, ticket.turn)

    def is_next_jump_too_soon(self, normal_calls: int | None) -> bool:
        """Whether the hall needs more normal calls before the next jump; `normal_calls` as in choose_next_ticket()."""
        return normal_calls is not None and normal_calls < self.jump_every - 1

    def is_guarded_from_overtaking(self, ticket: LineTicket) -> bool:
        """Whether no priority ticket may overtake this one any more."""
        return self.guard > 0 and not ticket.may_jump and ticket.overtaken >= self.guard


def call_order_rule_of_setup(setup: Setup) -> CallOrderRule:
    return call_rule_from_settings(setup.settings)


def call_rule_from_settings(settings: Mapping[str, int | str]) -> CallOrderRule:
    return CallOrderRule(str(settings["order"]), int(settings["jump_every"]), int(settings["order_guard"]))


class WindowPreferences(Struct, frozen=True):
    """The tickets that a window prefers: matters of up to `minutes` (0: none), and customers who speak one of
    `languages` (in lower case) once at most `passes` are ahead. None overtakes a ticket overtaken `passes` times. The
    length of a matter is that of its item in the set-up, else of its service, so that anybody can look it up."""

    minutes: int
    passes: int
    services: Mapping[str, Service]
    languages: frozenset[str] = frozenset()

    def is_short_matter(self, ticket: LineTicket) -> bool:
        service = self.services.get(ticket.service)
        if service is None or not self.minutes:
            return False
        usual = next((item.minutes for item in service.items if item.code == ticket.item), None)
        usual = usual or service.handling_target
        return usual is not None and usual <= self.minutes

    def is_language_spoken(self, ticket: LineTicket) -> bool:
        """Whether the clerk here speaks the customer's language."""
        return bool(self.languages) and ticket.spoken_language.casefold() in self.languages

    def preference_reason(self, ticket: LineTicket) -> str:
        """Return why the ticket may go first here, FAST or LANGUAGE; "" if it may not, or has priority (own rule)."""
        if ticket.may_jump:
            return ""
        return FAST if self.is_short_matter(ticket) else LANGUAGE if self.is_language_spoken(ticket) else ""

    def may_go_first(self, why: str, ahead: int) -> bool:
        """Whether a ticket preferred for `why` may go first with `ahead` people before it."""
        return why == FAST or (why == LANGUAGE and ahead <= self.passes)


def window_preferences_at(setup: Setup, window: str, staff: str | None, now: datetime) -> WindowPreferences | None:
    """Return the tickets that a window prefers at `now` with the clerk `staff`; None if it prefers none."""
    minutes = setup.setting_as_int("fast_minutes") if _is_quick_window_now(setup, window, now) else 0
    languages = _clerk_languages_if_language_first(setup, staff)
    if not minutes and not languages:
        return None
    return WindowPreferences(minutes, setup.setting_as_int("fast_passes"), setup.services, languages)


def _is_quick_window_now(setup: Setup, window: str, now: datetime) -> bool:
    spec = setup.windows.get(window)
    if spec is None or not spec.quick:
        return False
    local = setup.to_hall_time(now)
    at = local.hour * 60 + local.minute
    hours = spec.quick_hours
    return not hours or any(local.isoweekday() in hour.days and hour.start <= at < hour.end for hour in hours)


def _clerk_languages_if_language_first(setup: Setup, staff: str | None) -> frozenset[str]:
    person = setup.staff.get(staff) if staff and setup.settings["language_first"] == "on" else None
    return frozenset(language.casefold() for language in person.languages) if person is not None else frozenset()


def short_matter_ticket_ids(setup: Setup, tickets: Iterable[LineTicket]) -> frozenset[TicketId]:
    """Return the tickets that a quick window may take first; none in a hall without a quick window."""
    if not any(window.quick for window in setup.windows.values()):
        return frozenset()
    quick = WindowPreferences(setup.setting_as_int("fast_minutes"), setup.setting_as_int("fast_passes"), setup.services)
    return frozenset(t.id for t in tickets if quick.preference_reason(t))


class CallChoice(Struct, frozen=True):
    """The ticket to call, and whether calling it is a jump. `why` is FAST or LANGUAGE if the window preferred it.
    `held_back` would have been called if a limit did not forbid it; `held_by` is that limit: CAP, GUARD, FAST or
    LANGUAGE."""

    ticket: LineTicket
    jump: bool
    held_back: LineTicket | None = None
    held_by: str = ""
    why: str = ""


def eligible_tickets(
    tickets: Iterable[LineTicket], services: frozenset[str], window: str | None, staff: str | None, now: datetime
) -> list[LineTicket]:
    """Return the tickets that a window with `services` may call now: not those reserved for another window or clerk,
    nor those whose time has not come."""
    return [
        t
        for t in tickets
        if t.service in services and not is_reserved_elsewhere(t, window, staff, now) and is_due(t, now)
    ]


def is_due(ticket: LineTicket, now: datetime) -> bool:
    """Whether the ticket may be called yet: a customer who comes early waits for the time of the appointment."""
    return ticket.not_before is None or now >= ticket.not_before


def is_reserved(ticket: LineTicket, now: datetime) -> bool:
    """Whether a transfer still reserves the ticket for one window or clerk."""
    if ticket.held_until is None or now >= ticket.held_until:
        return False
    return ticket.to_window is not None or ticket.to_staff is not None


def is_reserved_elsewhere(ticket: LineTicket, window: str | None, staff: str | None, now: datetime) -> bool:
    """Whether a transfer still reserves the ticket for another window or clerk."""
    if ticket.held_until is None or not is_reserved(ticket, now):  # The first test avoids a call in a hot loop.
        return False
    return ticket.to_window != window if ticket.to_window is not None else ticket.to_staff != staff


def choose_next_ticket(
    tickets: Sequence[LineTicket], normal_calls: int | None, rule: CallOrderRule, first: WindowPreferences | None = None
) -> CallChoice | None:
    """Choose the ticket that a window with the preferences `first` calls next; all of `tickets` are eligible there.
    `normal_calls` counts the hall's calls of normal tickets on this date since its last priority call; None if there
    was no priority call yet: the first jump is free."""
    if not tickets:
        return None
    by_rule = _choice_by_rule(tickets, normal_calls, rule)
    if first is None or by_rule.ticket.may_jump or first.preference_reason(by_rule.ticket):
        return by_rule
    preferred = _earliest_preferred_ticket(tickets, first)
    if preferred is None:
        return by_rule
    before = [t for t in tickets if t.place_and_turn < preferred.place_and_turn]
    if any(t.may_jump for t in before):
        return by_rule
    why = first.preference_reason(preferred)
    if any(t.overtaken >= first.passes for t in before):
        return replace(by_rule, held_back=by_rule.held_back or preferred, held_by=by_rule.held_by or why)
    return replace(by_rule, ticket=preferred, jump=False, why=why)


def _earliest_preferred_ticket(tickets: Sequence[LineTicket], first: WindowPreferences) -> LineTicket | None:
    """Return the earliest ticket that may go first; one preferred for its language only when its turn is near."""
    for ahead, ticket in enumerate(sorted(tickets, key=_by_place)):
        if first.may_go_first(first.preference_reason(ticket), ahead):
            return ticket
    return None


def _choice_by_rule(tickets: Sequence[LineTicket], normal_calls: int | None, rule: CallOrderRule) -> CallChoice:
    first = min(tickets, key=rule.ticket_sort_key)
    if not is_credit_jump(first, tickets):
        return CallChoice(first, jump=False)
    held_by = (
        CAP
        if rule.is_next_jump_too_soon(normal_calls)
        else GUARD
        if _is_jump_forbidden_by_guard(first, tickets, rule)
        else ""
    )
    if not held_by:
        return CallChoice(first, jump=True)
    return CallChoice(min(tickets, key=_by_place), jump=False, held_back=first, held_by=held_by)


def _is_jump_forbidden_by_guard(first: LineTicket, tickets: Iterable[LineTicket], rule: CallOrderRule) -> bool:
    return rule.guard > 0 and any(
        rule.is_guarded_from_overtaking(t) and t.place_and_turn < first.place_and_turn for t in tickets
    )


def is_credit_jump(ticket: LineTicket, tickets: Iterable[LineTicket]) -> bool:
    """Whether the credit of `ticket` would put it before a ticket without credit that has an earlier place."""
    return ticket.may_jump and any(not t.may_jump and t.place_and_turn < ticket.place_and_turn for t in tickets)


def normal_calls_after_call(normal_calls: int | None, ticket: LineTicket) -> int | None:
    """Return the count of normal calls after a call of `ticket`: any ticket with a credit resets it, even without a
    jump or after a new place has taken its right to jump."""
    if ticket.credit_s > 0:
        return 0
    return None if normal_calls is None else normal_calls + 1


_by_place = attrgetter("place", "turn")


def tickets_in_call_order(
    tickets: Sequence[LineTicket], normal_calls: int | None, rule: CallOrderRule, first: WindowPreferences | None = None
) -> list[LineTicket]:
    """Return `tickets` in the order in which one window that may serve all of them, with the preferences `first`,
    would call them."""
    if first is None and not any(t.may_jump for t in tickets if t.credit_s):
        return sorted(tickets, key=_by_place)  # Without a credit the key is the place.
    by_key: list[Any] = [(rule.ticket_sort_key(t), i) for i, t in enumerate(tickets)]
    by_place: list[Any] = [(t.place_and_turn, i) for i, t in enumerate(tickets)]
    unjumping: list[Any] = [(t.place_and_turn, i) for i, t in enumerate(tickets) if not t.may_jump]
    for heap in (by_key, by_place, unjumping):
        heapify(heap)
    overtakes = _OvertakeCounts(tickets, rule, first)
    gone = [False] * len(tickets)
    order: list[LineTicket] = []
    while len(order) < len(tickets):
        for heap in (by_key, by_place, unjumping):
            while heap and gone[heap[0][1]]:
                heappop(heap)
        index = by_key[0][1]
        by_rule = tickets[index]
        if by_rule.may_jump and unjumping and unjumping[0][0] < by_rule.place_and_turn:
            if rule.is_next_jump_too_soon(normal_calls) or not overtakes.is_overtaking_allowed(by_rule, gone):
                index = by_place[0][1]
            else:
                overtakes.add_overtakes_by(by_rule, gone)
        preferred = overtakes.index_preferred_to_rule_choice(index, gone) if first is not None else None
        if preferred is not None:
            index = preferred
            overtakes.add_overtakes_by(tickets[index], gone)
        gone[index] = True
        order.append(tickets[index])
        normal_calls = normal_calls_after_call(normal_calls, tickets[index])
    return order


class _OvertakeCounts:
    """How often each ticket without credit is overtaken in a simulated order of calls; kept only where the guard or a
    window's preferences need it."""

    def __init__(self, tickets: Sequence[LineTicket], rule: CallOrderRule, first: WindowPreferences | None) -> None:
        self._guard = rule.guard
        self._tickets, self._first = tickets, first
        self._overtaken = (
            {(t.place_and_turn, i): t.overtaken for i, t in enumerate(tickets) if not t.may_jump}
            if rule.guard or first
            else {}
        )
        self._whys = [first.preference_reason(t) if first is not None else "" for t in tickets]
        self._by_place = sorted(range(len(tickets)), key=lambda i: tickets[i].place_and_turn) if first else []

    def index_preferred_to_rule_choice(self, chosen: int, gone: Sequence[bool]) -> int | None:
        """Return the index of the ticket that the window prefers to the rule's choice, as in choose_next_ticket()."""
        first = self._first
        if first is None or self._tickets[chosen].may_jump or self._whys[chosen]:
            return None
        ahead = 0
        for i in self._by_place:
            if gone[i]:
                continue
            if first.may_go_first(self._whys[i], ahead):
                return i
            ticket = self._tickets[i]
            if ticket.may_jump or self._overtaken[(ticket.place_and_turn, i)] >= first.passes:
                return None
            ahead += 1
        return None

    def is_overtaking_allowed(self, first: LineTicket, gone: Sequence[bool]) -> bool:
        return not self._guard or all(
            count < self._guard
            for (place, i), count in self._overtaken.items()
            if place < first.place_and_turn and not gone[i]
        )

    def add_overtakes_by(self, first: LineTicket, gone: Sequence[bool]) -> None:
        for place, i in self._overtaken:
            if place < first.place_and_turn and not gone[i]:
                self._overtaken[(place, i)] += 1


# -- places and overtakes --------------------------------------------------------------------------------------------


class Overtake(Struct, frozen=True, kw_only=True):
    """Ticket `label` was overtaken by ticket `by` at the event `seq`. `reason` is priority, fast, language, chosen,
    no_ticket or recorded; `text` is the clerk's own reason."""

    seq: int
    date: date
    label: str
    by: str
    time: datetime
    reason: str
    text: str = ""


def tickets_overtaken_by(tickets: Iterable[LineTicket], called: LineTicket | None) -> list[LineTicket]:
    """Return the tickets that a call of `called` overtakes: those with an earlier place, of `tickets` eligible at the
    calling window; all of them for a customer without a ticket."""
    if called is None:
        return list(tickets)
    return [t for t in tickets if t.id != called.id and t.place_and_turn < called.place_and_turn]


def count_later_called_elsewhere(
    ticket: Ticket, calls: Sequence[WindowCall], tickets: Mapping[str, Ticket], passed_at: set[int]
) -> int:
    """Count the later arrivals called for other services while `ticket` waited, by windows that could not serve it.
    `calls` are all of its date in order of time, `tickets` those of the date by label; `passed_at` are the seqs of the
    calls that overtook it, which do not count."""
    times = [call.time for call in calls]
    own, count = (ticket.arrived, ticket.seq), 0
    for leg in ticket.legs:
        until = leg.called or leg.ended
        start = max(leg.joined, ticket.not_before or leg.joined)
        for call in calls[bisect_right(times, start) : len(times) if until is None else bisect_left(times, until)]:
            other = tickets.get(call.label)
            is_later = other is not None and (other.arrived, other.seq) > own
            count += is_later and call.service != leg.service and call.seq not in passed_at
    return count


def line_place_behind(
    ahead: Sequence[LineTicket], others: Iterable[LineTicket], now: datetime, turn: int, rule: CallOrderRule
) -> tuple[datetime, int]:
    """Return the place and turn that put a ticket without credit just behind all of `ahead` in the order of keys.
    `others` are the other waiting tickets of the same windows, `turn` is that of a new arrival."""
    last = max(ahead, key=rule.ticket_sort_key)
    behind = [t for t in others if rule.ticket_sort_key(t) > rule.ticket_sort_key(last)]
    last_key = rule.key(last)
    if not behind:
        return max(now, last_key + MICROSECOND), turn
    following = min(behind, key=rule.ticket_sort_key)
    following_key = rule.key(following)
    place = last_key + MICROSECOND
    if (place, place) < (following_key, following.place):
        return place, turn
    if (place, place) == (following_key, following.place):
        return place, following.turn - TURN_STEP
    if last.place == last_key and following.place == following_key:
        return last_key, (last.turn + following.turn) // 2
    return place, turn


def late_comer_place(
    order: Sequence[LineTicket], now: datetime, turn: int, rule: CallOrderRule
) -> tuple[datetime, int]:
    """Return the place of a late-comer who came back soon enough (desk/queue/calling.py says when): just behind the
    second ticket of `order` (call order), or at the end of a shorter line."""
    if len(order) < 2:
        return line_end_place(order, now, turn)
    return line_place_behind(order[:2], order[2:], now, turn, rule)


def line_end_place(order: Sequence[LineTicket], now: datetime, turn: int) -> tuple[datetime, int]:
    return max([now, *(t.place for t in order)]), turn


def line_front_place(order: Sequence[LineTicket], now: datetime, rule: CallOrderRule) -> tuple[datetime, int]:
    if not order:
        return now, 0
    first = min(order, key=rule.ticket_sort_key)
    return min(rule.key(first), *(t.place for t in order)) - MICROSECOND, first.turn


def postponed_place(
    ticket: LineTicket, order: Sequence[LineTicket], now: datetime, turn: int, rule: CallOrderRule
) -> tuple[datetime, int]:
    """Return the place just behind the ticket that follows `ticket`. Raises RuleError "nobody_behind"."""
    ids = [t.id for t in order]
    position = ids.index(ticket.id)
    if position + 1 >= len(order):
        raise RuleError("nobody_behind", ticket=ticket.label)
    before = [t for t in order[: position + 2] if t.id != ticket.id]
    return line_place_behind(before, order[position + 2 :], now, turn, rule)


# -- how many people are ahead of a ticket, and the wait that may be quoted ------------------------------------------

LADDER: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 7, *range(10, 60, 5), *range(60, 121, 10), 150, 180, 240)
"""The minutes that a printed range may begin or end with."""


class QuotedWait(Struct, frozen=True):
    """A wait as printed, a range in minutes, with its expected value `point_s` in seconds. `high` is None above the
    ladder's end: "more than `low` minutes"."""

    low: int
    high: int | None
    point_s: int = 0

    @property
    def point_minutes(self) -> float:
        return round(self.point_s / 60, 1)

    def may_exceed(self, minutes: float) -> bool:
        """Whether the wait may take longer than `minutes`."""
        return self.high is None or self.high > minutes


class NoQuoteReason(Struct, frozen=True):
    """Why no wait can be quoted. `not_waiting`; `no_window_open`: and it is not known when one will open;
    `not_reached`: today's windows close before its turn; `no_figures`: a ticket ahead needs a service of unknown
    length."""

    reason: str


NO_WINDOW_OPEN, NOT_REACHED, NO_FIGURES = (NoQuoteReason(r) for r in ("no_window_open", "not_reached", "no_figures"))
OVER_4_HOURS = "over_4_hours"
"""The reason of a wait without an upper end."""


def quoted_wait_at_issue(promise: WaitPromise) -> QuotedWait | NoQuoteReason:
    if promise.low is None:
        return NoQuoteReason(promise.reason or "")
    return QuotedWait(promise.low, promise.high, promise.point_s or 0)


def wait_from_document(document: Mapping[str, Any]) -> QuotedWait | NoQuoteReason:
    wait = document.get("wait")
    if wait is None:
        return NoQuoteReason(str(document.get("wait_reason") or ""))
    return QuotedWait(wait["low"], wait["high"], round(wait["point"] * 60))


def people_ahead_in_document(document: Mapping[str, Any]) -> int:
    return int(document["ahead"] or 0) + int(document.get("coming") or 0)


def printed_wait_range(low: float, high: float, point: float = 0.0) -> tuple[int, int | None]:
    """Round a range of minutes to steps of the ladder: low down, high to the nearest, at least one step apart. If
    `point` is beyond the last step, low is that step and high None."""
    if point > LADDER[-1]:
        return LADDER[-1], None
    below = _ladder_index_at_or_below(low)
    above = bisect_left(LADDER, high)
    if above >= len(LADDER):
        above = len(LADDER) - 1
    elif above > 0 and high - LADDER[above - 1] < LADDER[above] - high:
        above -= 1
    below = min(below, len(LADDER) - 2)
    return LADDER[below], LADDER[max(above, below + 1)]


def printed_wait_range_high_end(low: int, high: int | None, least: float, most: float, point: float) -> int | None:
    """Return the printed `high` end moved to a step between `least` and `most` minutes; always above `low` and not
    below `point`."""
    if high is None:
        return None
    if high < least:
        return LADDER[min(bisect_left(LADDER, least), len(LADDER) - 1)]
    if high <= most:
        return high
    lowest = bisect_right(LADDER, low)
    while LADDER[lowest] < point:
        lowest += 1
    return LADDER[max(lowest, bisect_right(LADDER, most) - 1)]


def _ladder_index_at_or_below(minutes: float) -> int:
    index = bisect_left(LADDER, minutes)
    return index if index < len(LADDER) and LADDER[index] == minutes else max(0, index - 1)


class WindowsForService(Struct, frozen=True):
    """The line of a service: the windows, open or paused, that can serve it now, and all services of these windows."""

    service: str
    windows: tuple[Window, ...]
    services: frozenset[str]

    @property
    def is_open(self) -> bool:
        return any(w.state is WindowState.OPEN for w in self.windows)


class LinePosition(Struct, frozen=True):
    """A ticket's position: how many waiting tickets are `ahead`, and how many are still at another service of their
    visit and `coming` in time to be called before it."""

    ahead: int
    wait: QuotedWait | NoQuoteReason
    coming: int = 0

    @property
    def ahead_and_coming_count(self) -> int:
        return self.ahead + self.coming


def windows_for_service(setup: Setup, windows: Iterable[Window], service: str) -> WindowsForService:
    """Return the line of `service`; without a window at work, the service alone."""
    able = []
    services: set[str] = {service}
    for window in windows:
        if window.state is WindowState.CLOSED:
            continue
        serves = setup.services_served_by_window(window)
        if service in serves:
            able.append(window)
            services |= serves
    return WindowsForService(service, tuple(able), frozenset(services))


def tickets_callable_in_line(line: WindowsForService, tickets: Iterable[LineTicket], now: datetime) -> list[LineTicket]:
    """Return the tickets that a window of the line could call now; without a window, those of the service."""
    if not line.windows:
        return [t for t in tickets if t.service == line.service and is_due(t, now)]
    return [
        t
        for t in tickets
        if t.service in line.services
        and (t.not_before is None or is_due(t, now))  # The first tests avoid calls in a hot loop.
        and (t.held_until is None or not all(is_reserved_elsewhere(t, w.code, w.staff, now) for w in line.windows))
    ]


def line_tickets_in_call_order(
    line: WindowsForService, tickets: Iterable[LineTicket], normal_calls: int | None, rule: CallOrderRule, now: datetime
) -> list[LineTicket]:
    return tickets_in_call_order(tickets_callable_in_line(line, tickets, now), normal_calls, rule)


def count_ahead_all_and_own_service(
    ticket: LineTicket,
    line: WindowsForService,
    tickets: Sequence[LineTicket],
    *,
    normal_calls: int | None,
    rule: CallOrderRule,
    now: datetime,
) -> tuple[int, int]:
    """Return how many of `tickets` (including `ticket`) are called before `ticket`, and how many of these wait for its
    own service."""
    # The position of a ticket that may not be called yet is its position at the time when it may.
    moment = now if is_due(ticket, now) else ticket.not_before or now
    order = line_tickets_in_call_order(line, tickets, normal_calls, rule, moment)
    of_service, label, day = 0, ticket.label, ticket.date
    for ahead, other in enumerate(order):
        if other.label == label and other.date == day:
            return ahead, of_service
        of_service += other.service == ticket.service
    return len(order), of_service
