"""Who is called next: by arrival less the class's credit, with jumps capped.

Rule and golden order: the smallest key (place less credit) among the tickets a window may serve. If that is a priority ticket
and an eligible one without credit came earlier, the call is a jump: allowed only after `jump_every` − 1 normal calls of the hall since its
last priority call; otherwise the earliest place is called. A priority ticket at its own turn is always called.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import heapify, heappop
from typing import Any

from queuedesk.core.ticket import InLine


@dataclass(frozen=True, slots=True)
class Choice:
    """The ticket to call and whether calling it is a jump."""

    ticket: InLine
    jump: bool


def eligible(
    tickets: Iterable[InLine], services: frozenset[str], window: str | None, staff: str | None, now: datetime
) -> list[InLine]:
    """Return the waiting tickets that a window with `services` may call now; those held for another window or clerk, or too early, are not."""
    return [
        t for t in tickets if t.service in services and not held_elsewhere(t, window, staff, now) and is_due(t, now)
    ]


def is_due(ticket: InLine, now: datetime) -> bool:
    """Whether its time has come: who comes early to an appointment waits for it."""
    return ticket.not_before is None or now >= ticket.not_before


def held_elsewhere(ticket: InLine, window: str | None, staff: str | None, now: datetime) -> bool:
    """Whether a transfer still keeps the ticket for another window or clerk."""
    if ticket.held_until is None or now >= ticket.held_until:
        return False
    if ticket.to_window is not None:
        return ticket.to_window != window
    return ticket.to_staff is not None and ticket.to_staff != staff


def choose_next(tickets: Sequence[InLine], normal_calls: int | None, jump_every: int) -> Choice | None:
    """Return who is called next among `tickets`, all of them eligible.

    `normal_calls`: calls of normal tickets in the hall on this date since its last priority call; None while there was none,
    when the first jump is free.
    """
    if not tickets:
        return None
    first = min(tickets, key=_order)
    if not is_jump(first, tickets):
        return Choice(first, jump=False)
    if normal_calls is None or normal_calls >= jump_every - 1:
        return Choice(first, jump=True)
    return Choice(min(tickets, key=_place), jump=False)


def is_jump(ticket: InLine, tickets: Iterable[InLine]) -> bool:
    """Whether calling `ticket` puts its credit before an earlier place among `tickets`."""
    return ticket.jumps and any(not t.jumps and t.by_place < ticket.by_place for t in tickets)


def counted(normal_calls: int | None, ticket: InLine) -> int | None:
    """Return the count of normal calls after `ticket` was called: any priority call, jump or not, sets it to 0."""
    if ticket.credit_s > 0:
        return 0
    return None if normal_calls is None else normal_calls + 1


def call_order(tickets: Sequence[InLine], normal_calls: int | None, jump_every: int) -> list[InLine]:
    """Return `tickets` as one window that may serve them all would call them."""
    if not any(t.jumps for t in tickets):
        return sorted(tickets, key=_order)
    by_key: list[Any] = [(t.order, i) for i, t in enumerate(tickets)]
    by_place: list[Any] = [(t.by_place, i) for i, t in enumerate(tickets)]
    unjumping: list[Any] = [(t.by_place, i) for i, t in enumerate(tickets) if not t.jumps]
    for heap in (by_key, by_place, unjumping):
        heapify(heap)
    gone = [False] * len(tickets)
    order: list[InLine] = []
    while len(order) < len(tickets):
        for heap in (by_key, by_place, unjumping):
            while heap and gone[heap[0][1]]:
                heappop(heap)
        index = by_key[0][1]
        first = tickets[index]
        is_a_jump = first.jumps and bool(unjumping) and unjumping[0][0] < first.by_place
        if is_a_jump and normal_calls is not None and normal_calls < jump_every - 1:
            index = by_place[0][1]
        gone[index] = True
        order.append(tickets[index])
        normal_calls = counted(normal_calls, tickets[index])
    return order


def _order(ticket: InLine) -> tuple[datetime, datetime, int]:
    return ticket.order


def _place(ticket: InLine) -> tuple[datetime, int]:
    return ticket.by_place
