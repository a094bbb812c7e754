"""Who is called next, who was passed by it, where late-comers are put, and a line as its customers see it.

The rule goes by arrival less the class's credit, with a limit on jumps.

Rule and golden order: the smallest key (place less credit) among the tickets a window may serve. If that is a priority
ticket and an eligible one without credit came earlier, the call is a jump: allowed only after `jump_every` − 1 normal
calls of the hall since its last priority call, and past nobody who was overtaken `guard` times; otherwise the earliest
place is called. A priority ticket at its own turn is always called.

A window may take some people first (FirstHere): a quick one short matters, and one whose clerk speaks a customer's
language that customer, once no more than `passes` people stand before them. Where the rule names somebody without
priority who is none of these, the earliest of them without priority is called instead, unless that would pass somebody
with priority or somebody who was overtaken `passes` times.
"""

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
    CallMade,
    InLine,
    Promise,
    Ticket,
    TicketId,
    Window,
    WindowState,
)
from queuedesk.core.setup.rows import Service, Setup

CREDIT, CREDIT_DOUBLE, PRIORITY_FIRST = "credit", "credit_double", "priority_first"
CAP, GUARD, FAST, LANGUAGE = "cap", "guard", "fast", "language"
ALWAYS_FIRST_S = 24 * 3600
"""The credit that stands for "priority first": longer than anybody waits, so that among those with priority arrival
alone decides."""


class Rule(Struct, frozen=True):
    """How a hall orders its calls: which credit counts, one jump in so many calls, and how often somebody may be
    overtaken before jumps stop (0: no limit)."""

    order: str = CREDIT
    jump_every: int = 3
    guard: int = 0

    def credit_s(self, ticket: InLine) -> int:
        """Return the seconds of head start that the ticket gets."""
        return self.weighed_s(ticket.credit_s) if ticket.jumps else 0

    def weighed_s(self, credit_s: int) -> int:
        """Return the head start of a class in this hall, in seconds."""
        if not credit_s:
            return 0
        if self.order == PRIORITY_FIRST:
            return ALWAYS_FIRST_S
        return credit_s * 2 if self.order == CREDIT_DOUBLE else credit_s

    def key(self, ticket: InLine) -> datetime:
        """Return the place minus the credit: the smallest key is called first."""
        credit_s = self.credit_s(ticket)
        return ticket.place - timedelta(seconds=credit_s) if credit_s else ticket.place

    def order_of(self, ticket: InLine) -> tuple[datetime, datetime, int]:
        """Return the sort key of tickets: equal keys go by the earlier place, then by the earlier issue."""
        return (self.key(ticket), ticket.place, ticket.turn)

    def is_capped(self, normal_calls: int | None) -> bool:
        """Whether a jump has to wait for more normal calls; `normal_calls` as in choose_next()."""
        return normal_calls is not None and normal_calls < self.jump_every - 1

    def is_guarded(self, ticket: InLine) -> bool:
        """Whether nobody with priority may pass this ticket any more."""
        return self.guard > 0 and not ticket.jumps and ticket.overtaken >= self.guard


def rule_of(setup: Setup) -> Rule:
    """Return the rule by which a hall calls."""
    return rule_of_settings(setup.settings)


def rule_of_settings(settings: Mapping[str, int | str]) -> Rule:
    return Rule(str(settings["order"]), int(settings["jump_every"]), int(settings["order_guard"]))


class FirstHere(Struct, frozen=True):
    """Whom a window takes first, past nobody who was overtaken `passes` times: matters of up to `minutes` (0: none),
    and who speaks one of `languages`, in lower case, once no more than `passes` people stand before them.

    How long a matter takes is what the set-up says of its item, else of its service: everybody can look it up.
    """

    minutes: int
    passes: int
    services: Mapping[str, Service]
    languages: frozenset[str] = frozenset()

    def is_short(self, ticket: InLine) -> bool:
        service = self.services.get(ticket.service)
        if service is None or not self.minutes:
            return False
        usual = next((item.minutes for item in service.items if item.code == ticket.item), None)
        usual = usual or service.handling_target
        return usual is not None and usual <= self.minutes

    def is_spoken(self, ticket: InLine) -> bool:
        """Whether the clerk here speaks the customer's language."""
        return bool(self.languages) and ticket.speaks.casefold() in self.languages

    def why(self, ticket: InLine) -> str:
        """Return why it may go first here, FAST or LANGUAGE; "" where it may not, and for priority, which has its own
        rule."""
        if ticket.jumps:
            return ""
        return FAST if self.is_short(ticket) else LANGUAGE if self.is_spoken(ticket) else ""

    def takes(self, why: str, ahead: int) -> bool:
        """Whether somebody is near enough to be taken first for `why`, with so many `ahead` of them."""
        return why == FAST or (why == LANGUAGE and ahead <= self.passes)


def first_here(setup: Setup, window: str, staff: str | None, now: datetime) -> FirstHere | None:
    """Return whom a window takes first at `now` while `staff` sits there; None for one that goes by the order alone."""
    minutes = setup.number("fast_minutes") if _is_quick(setup, window, now) else 0
    languages = _languages(setup, staff)
    if not minutes and not languages:
        return None
    return FirstHere(minutes, setup.number("fast_passes"), setup.services, languages)


def _is_quick(setup: Setup, window: str, now: datetime) -> bool:
    spec = setup.windows.get(window)
    if spec is None or not spec.quick:
        return False
    local = setup.local(now)
    at = local.hour * 60 + local.minute
    hours = spec.quick_hours
    return not hours or any(local.isoweekday() in hour.days and hour.start <= at < hour.end for hour in hours)


def _languages(setup: Setup, staff: str | None) -> frozenset[str]:
    person = setup.staff.get(staff) if staff and setup.settings["language_first"] == "on" else None
    return frozenset(language.casefold() for language in person.languages) if person is not None else frozenset()


def short_matters(setup: Setup, tickets: Iterable[InLine]) -> frozenset[TicketId]:
    """Return those of `tickets` that a quick window may take first; none in a hall without one."""
    if not any(window.quick for window in setup.windows.values()):
        return frozenset()
    quick = FirstHere(setup.number("fast_minutes"), setup.number("fast_passes"), setup.services)
    return frozenset(t.id for t in tickets if quick.why(t))


class Choice(Struct, frozen=True):
    """The ticket to call and whether calling it is a jump; `why`: it was taken first as FAST or LANGUAGE, before an
    earlier place.

    `held_back` would have gone first but for the `cap`, the `guard` or, as FAST or LANGUAGE, the limit of those
    (`held_by`).
    """

    ticket: InLine
    jump: bool
    held_back: InLine | None = None
    held_by: str = ""
    why: str = ""


def eligible(
    tickets: Iterable[InLine], services: frozenset[str], window: str | None, staff: str | None, now: datetime
) -> list[InLine]:
    """Return the waiting tickets that a window with `services` may call now; not those held for another window or
    clerk, or too early."""
    return [
        t for t in tickets if t.service in services and not held_elsewhere(t, window, staff, now) and is_due(t, now)
    ]


def is_due(ticket: InLine, now: datetime) -> bool:
    """Whether its time has come: somebody who comes early to an appointment waits for it."""
    return ticket.not_before is None or now >= ticket.not_before


def is_held(ticket: InLine, now: datetime) -> bool:
    """Whether a transfer still keeps the ticket for one window or clerk."""
    if ticket.held_until is None or now >= ticket.held_until:
        return False
    return ticket.to_window is not None or ticket.to_staff is not None


def held_elsewhere(ticket: InLine, window: str | None, staff: str | None, now: datetime) -> bool:
    """Whether a transfer still keeps the ticket for another window or clerk."""
    if ticket.held_until is None or not is_held(ticket, now):  # Asked of each who waits, at each ticket.
        return False
    return ticket.to_window != window if ticket.to_window is not None else ticket.to_staff != staff


def choose_next(
    tickets: Sequence[InLine], normal_calls: int | None, rule: Rule, first: FirstHere | None = None
) -> Choice | None:
    """Return who is called next among `tickets`, all of them eligible, by a window that takes `first` first.

    `normal_calls`: calls of normal tickets in the hall on this date since its last priority call; None while there was
    none, when the first jump is free.
    """
    if not tickets:
        return None
    by_rule = _by_rule(tickets, normal_calls, rule)
    if first is None or by_rule.ticket.jumps or first.why(by_rule.ticket):
        return by_rule
    taken = _taken_first(tickets, first)
    if taken is None:
        return by_rule
    before = [t for t in tickets if t.by_place < taken.by_place]
    if any(t.jumps for t in before):
        return by_rule
    why = first.why(taken)
    if any(t.overtaken >= first.passes for t in before):
        return replace(by_rule, held_back=by_rule.held_back or taken, held_by=by_rule.held_by or why)
    return replace(by_rule, ticket=taken, jump=False, why=why)


def _taken_first(tickets: Sequence[InLine], first: FirstHere) -> InLine | None:
    """Return the earliest of those who may go first: of a language only one whose turn is near."""
    for ahead, ticket in enumerate(sorted(tickets, key=_place)):
        if first.takes(first.why(ticket), ahead):
            return ticket
    return None


def _by_rule(tickets: Sequence[InLine], normal_calls: int | None, rule: Rule) -> Choice:
    first = min(tickets, key=rule.order_of)
    if not is_jump(first, tickets):
        return Choice(first, jump=False)
    held_by = CAP if rule.is_capped(normal_calls) else GUARD if _is_guarded(first, tickets, rule) else ""
    if not held_by:
        return Choice(first, jump=True)
    return Choice(min(tickets, key=_place), jump=False, held_back=first, held_by=held_by)


def _is_guarded(first: InLine, tickets: Iterable[InLine], rule: Rule) -> bool:
    return rule.guard > 0 and any(rule.is_guarded(t) and t.by_place < first.by_place for t in tickets)


def is_jump(ticket: InLine, tickets: Iterable[InLine]) -> bool:
    """Whether calling `ticket` puts its credit before an earlier place among `tickets`."""
    return ticket.jumps and any(not t.jumps and t.by_place < ticket.by_place for t in tickets)


def counted(normal_calls: int | None, ticket: InLine) -> int | None:
    """Return the count of normal calls after `ticket` was called: any priority call, jump or not, resets it to 0."""
    if ticket.credit_s > 0:
        return 0
    return None if normal_calls is None else normal_calls + 1


_by_place = attrgetter("place", "turn")


def call_order(
    tickets: Sequence[InLine], normal_calls: int | None, rule: Rule, first: FirstHere | None = None
) -> list[InLine]:
    """Return `tickets` in the order in which one window that may serve them all, and takes `first` first, would call
    them."""
    if first is None and not any(t.jumps for t in tickets if t.credit_s):
        return sorted(tickets, key=_by_place)  # As without a head start the key is the place.
    by_key: list[Any] = [(rule.order_of(t), i) for i, t in enumerate(tickets)]
    by_place: list[Any] = [(t.by_place, i) for i, t in enumerate(tickets)]
    unjumping: list[Any] = [(t.by_place, i) for i, t in enumerate(tickets) if not t.jumps]
    for heap in (by_key, by_place, unjumping):
        heapify(heap)
    passable = _Passable(tickets, rule, first)
    gone = [False] * len(tickets)
    order: list[InLine] = []
    while len(order) < len(tickets):
        for heap in (by_key, by_place, unjumping):
            while heap and gone[heap[0][1]]:
                heappop(heap)
        index = by_key[0][1]
        by_rule = tickets[index]
        if by_rule.jumps and unjumping and unjumping[0][0] < by_rule.by_place:
            if rule.is_capped(normal_calls) or not passable.may_pass(by_rule, gone):
                index = by_place[0][1]
            else:
                passable.passed_by(by_rule, gone)
        taken = passable.taken_before(index, gone) if first is not None else None
        if taken is not None:
            index = taken
            passable.passed_by(tickets[index], gone)
        gone[index] = True
        order.append(tickets[index])
        normal_calls = counted(normal_calls, tickets[index])
    return order


class _Passable:
    """How often each ticket without credit will have been overtaken, for the guard and for whom a window takes first
    alone."""

    def __init__(self, tickets: Sequence[InLine], rule: Rule, first: FirstHere | None) -> None:
        self._guard = rule.guard
        self._tickets, self._first = tickets, first
        self._overtaken = (
            {(t.by_place, i): t.overtaken for i, t in enumerate(tickets) if not t.jumps} if rule.guard or first else {}
        )
        self._whys = [first.why(t) if first is not None else "" for t in tickets]
        self._by_place = sorted(range(len(tickets)), key=lambda i: tickets[i].by_place) if first else []

    def taken_before(self, chosen: int, gone: Sequence[bool]) -> int | None:
        """Return whom the window takes before the rule's choice, if anybody; as choose_next()."""
        first = self._first
        if first is None or self._tickets[chosen].jumps or self._whys[chosen]:
            return None
        ahead = 0
        for i in self._by_place:
            if gone[i]:
                continue
            if first.takes(self._whys[i], ahead):
                return i
            ticket = self._tickets[i]
            if ticket.jumps or self._overtaken[(ticket.by_place, i)] >= first.passes:
                return None
            ahead += 1
        return None

    def may_pass(self, first: InLine, gone: Sequence[bool]) -> bool:
        return not self._guard or all(
            count < self._guard
            for (place, i), count in self._overtaken.items()
            if place < first.by_place and not gone[i]
        )

    def passed_by(self, first: InLine, gone: Sequence[bool]) -> None:
        for place, i in self._overtaken:
            if place < first.by_place and not gone[i]:
                self._overtaken[(place, i)] += 1


def _place(ticket: InLine) -> tuple[datetime, int]:
    return ticket.by_place


# -- places and overtakes --------------------------------------------------------------------------------------------


class Overtake(Struct, frozen=True, kw_only=True):
    """`label` was passed by `by` at the event `seq`; `reason` is priority, fast, language, chosen, no_ticket or
    recorded, `text` what was said."""

    seq: int
    date: date
    label: str
    by: str
    time: datetime
    reason: str
    text: str = ""


def passed(tickets: Iterable[InLine], called: InLine | None) -> list[InLine]:
    """Return those of `tickets` (eligible at the calling window) with an earlier place than `called`; all of them for a
    customer without a ticket."""
    if called is None:
        return list(tickets)
    return [t for t in tickets if t.id != called.id and t.by_place < called.by_place]


def by_skill(ticket: Ticket, calls: Sequence[CallMade], tickets: Mapping[str, Ticket], passed_at: set[int]) -> int:
    """Return how many later arrivals were called for other services while `ticket` waited, by windows that could not
    have served it. `calls` are its date's in order of time, `tickets` that date's by label, `passed_at` the calls (seq)
    that did pass it."""
    times = [call.time for call in calls]
    own, found = (ticket.arrived, ticket.seq), 0
    for leg in ticket.legs:
        until = leg.called or leg.ended
        start = max(leg.joined, ticket.not_before or leg.joined)
        for call in calls[bisect_right(times, start) : len(times) if until is None else bisect_left(times, until)]:
            other = tickets.get(call.label)
            is_later = other is not None and (other.arrived, other.seq) > own
            found += is_later and call.service != leg.service and call.seq not in passed_at
    return found


def place_behind(
    ahead: Sequence[InLine], others: Iterable[InLine], now: datetime, turn: int, rule: Rule
) -> tuple[datetime, int]:
    """Return the place and turn of a ticket without credit that goes just behind all of `ahead` in the order of keys.

    `others` are further waiting tickets of the same windows; `turn` is a new arrival's, used where nobody is behind.
    """
    last = max(ahead, key=rule.order_of)
    behind = [t for t in others if rule.order_of(t) > rule.order_of(last)]
    last_key = rule.key(last)
    if not behind:
        return max(now, last_key + MICROSECOND), turn
    following = min(behind, key=rule.order_of)
    following_key = rule.key(following)
    place = last_key + MICROSECOND
    if (place, place) < (following_key, following.place):
        return place, turn
    if (place, place) == (following_key, following.place):
        return place, following.turn - TURN_STEP
    if last.place == last_key and following.place == following_key:
        return last_key, (last.turn + following.turn) // 2
    return place, turn


def late_place(order: Sequence[InLine], now: datetime, turn: int, rule: Rule) -> tuple[datetime, int]:
    """Return the place of a late-comer: just behind the second ticket of `order` (call order); with fewer, at the
    end."""
    if len(order) < 2:
        return end_place(order, now, turn)
    return place_behind(order[:2], order[2:], now, turn, rule)


def end_place(order: Sequence[InLine], now: datetime, turn: int) -> tuple[datetime, int]:
    """Return the place behind everybody of `order`."""
    return max([now, *(t.place for t in order)]), turn


def front_place(order: Sequence[InLine], now: datetime, rule: Rule) -> tuple[datetime, int]:
    """Return the place before everybody of `order`."""
    if not order:
        return now, 0
    first = min(order, key=rule.order_of)
    return min(rule.key(first), *(t.place for t in order)) - MICROSECOND, first.turn


def postponed_place(
    ticket: InLine, order: Sequence[InLine], now: datetime, turn: int, rule: Rule
) -> tuple[datetime, int]:
    """Return the place just behind the one that would be called right after `ticket`. Raises RuleError
    "nobody_behind"."""
    ids = [t.id for t in order]
    position = ids.index(ticket.id)
    if position + 1 >= len(order):
        raise RuleError("nobody_behind", ticket=ticket.label)
    before = [t for t in order[: position + 2] if t.id != ticket.id]
    return place_behind(before, order[position + 2 :], now, turn, rule)


# -- how many people are ahead of a ticket, and the wait that may be told --------------------------------------------

LADDER: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 7, *range(10, 60, 5), *range(60, 121, 10), 150, 180, 240)


class Wait(Struct, frozen=True):
    """A wait in minutes: the printed range and the point it stands for. `high` is None above the ladder's end, where
    only "more than `low` minutes" can be said."""

    low: int
    high: int | None
    point_s: int = 0

    @property
    def point(self) -> float:
        return round(self.point_s / 60, 1)

    def may_pass(self, minutes: float) -> bool:
        """Whether the wait may take longer than `minutes`."""
        return self.high is None or self.high > minutes


class NoWait(Struct, frozen=True):
    """Why no honest wait can be given.

    `not_waiting`; `no_window_open`: none is open, and nobody can say when one will be; `not_reached`: the windows at
    work today close before its turn; `no_figures`: somebody ahead needs a service of unknown length.
    """

    reason: str


NO_WINDOW_OPEN, NOT_REACHED, NO_FIGURES = (NoWait(r) for r in ("no_window_open", "not_reached", "no_figures"))
OVER_4_HOURS = "over_4_hours"
"""The reason of a wait without an upper end."""


def promised_wait(promise: Promise) -> Wait | NoWait:
    """Return the wait that a ticket was issued with."""
    if promise.low is None:
        return NoWait(promise.reason or "")
    return Wait(promise.low, promise.high, promise.point_s or 0)


def wait_in(document: Mapping[str, Any]) -> Wait | NoWait:
    """Return the wait in the document of a ticket or of a service."""
    wait = document.get("wait")
    if wait is None:
        return NoWait(str(document.get("wait_reason") or ""))
    return Wait(wait["low"], wait["high"], round(wait["point"] * 60))


def before_in(document: Mapping[str, Any]) -> int:
    """Return how many will be called before somebody, from the document of their ticket or of a service."""
    return int(document["ahead"] or 0) + int(document.get("coming") or 0)


def printed_range(low: float, high: float, point: float = 0.0) -> tuple[int, int | None]:
    """Return the range as printed, in minutes: low is the ladder's step below, high the nearest step, at least one step
    apart. A `point` beyond the ladder's last step has that step as its low end, and no high one."""
    if point > LADDER[-1]:
        return LADDER[-1], None
    below = _step_below(low)
    above = bisect_left(LADDER, high)
    if above >= len(LADDER):
        above = len(LADDER) - 1
    elif above > 0 and high - LADDER[above - 1] < LADDER[above] - high:
        above -= 1
    below = min(below, len(LADDER) - 2)
    return LADDER[below], LADDER[max(above, below + 1)]


def limited_end(low: int, high: int | None, least: float, most: float, point: float) -> int | None:
    """Return the printed `high` end, or the last step up to `most` minutes where that is lower, or the first step from
    `least` on where that is higher; always above `low` and not below `point`."""
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


def _step_below(minutes: float) -> int:
    index = bisect_left(LADDER, minutes)
    return index if index < len(LADDER) and LADDER[index] == minutes else max(0, index - 1)


class Line(Struct, frozen=True):
    """The windows that can serve a service now, and every service that people may ask these windows for."""

    service: str
    windows: tuple[Window, ...]
    services: frozenset[str]

    @property
    def is_open(self) -> bool:
        return any(w.state is WindowState.OPEN for w in self.windows)


class Standing(Struct, frozen=True):
    """The position of a ticket in its line: how many who wait are `ahead`, and how many are still `coming` from another
    service of their visit and will be called before it."""

    ahead: int
    wait: Wait | NoWait
    coming: int = 0

    @property
    def before(self) -> int:
        """All who will be called before it, as customers are told."""
        return self.ahead + self.coming


def line_of(setup: Setup, windows: Iterable[Window], service: str) -> Line:
    """Return the line of `service`: its windows, open or paused; without any, the service alone."""
    able = []
    services: set[str] = {service}
    for window in windows:
        if window.state is WindowState.CLOSED:
            continue
        serves = setup.served_by(window)
        if service in serves:
            able.append(window)
            services |= serves
    return Line(service, tuple(able), frozenset(services))


def in_line(line: Line, tickets: Iterable[InLine], now: datetime) -> list[InLine]:
    """Return those of `tickets` that a window of the line could call now; without a window, those of the service."""
    if not line.windows:
        return [t for t in tickets if t.service == line.service and is_due(t, now)]
    return [
        t
        for t in tickets
        if t.service in line.services
        and (t.not_before is None or is_due(t, now))  # Asked of each who waits, at each ticket.
        and (t.held_until is None or not all(held_elsewhere(t, w.code, w.staff, now) for w in line.windows))
    ]


def order_of(
    line: Line, tickets: Iterable[InLine], normal_calls: int | None, rule: Rule, now: datetime
) -> list[InLine]:
    """Return the tickets of the line in calling order."""
    return call_order(in_line(line, tickets, now), normal_calls, rule)


def ahead_of(
    ticket: InLine,
    line: Line,
    tickets: Sequence[InLine],
    *,
    normal_calls: int | None,
    rule: Rule,
    now: datetime,
) -> tuple[int, int]:
    """Return how many of `tickets` (which include it) would be called before `ticket`, and how many of them are in line
    for its own service."""
    # Who is too early to be called stands in line all the same, as if the time had come.
    seen = now if is_due(ticket, now) else ticket.not_before or now
    order = order_of(line, tickets, normal_calls, rule, seen)
    own, label, day = 0, ticket.label, ticket.date
    for ahead, one in enumerate(order):
        if one.label == label and one.date == day:
            return ahead, own
        own += one.service == ticket.service
    return len(order), own
