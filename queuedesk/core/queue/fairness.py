"""Places and overtakes: who was passed, where a late-comer is put, who lets somebody go first."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.dispatch import Rule
from queuedesk.core.queue.ticket import TURN_STEP, CallMade, InLine, Ticket

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtake:
    """`label` was passed by `by` at the event `seq`; `reason` is priority, chosen, no_ticket or recorded, `text` what
    was said."""

    seq: int
    date: date
    label: str
    by: str
    time: datetime
    reason: str
    text: str = ""


def passed(tickets: Iterable[InLine], called: InLine | None) -> list[InLine]:
    """Return those of `tickets` (eligible at the calling window) with an earlier place than `called`; all for a
    customer without a ticket."""
    if called is None:
        return list(tickets)
    return [t for t in tickets if t.id != called.id and t.by_place < called.by_place]


def by_skill(ticket: Ticket, calls: Sequence[CallMade], tickets: Mapping[str, Ticket], passed_at: set[int]) -> int:
    """Return how many later arrivals were called for other services while `ticket` waited: windows that could not have
    served it.

    `calls` are its date's in order of time, `tickets` that date's by label, `passed_at` the calls (seq) that did pass
    it.
    """
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

    `others` are further waiting tickets of the same windows; `turn` is that of a new arrival, used where nothing stands
    behind.
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
