"""One service's line for a customer: who is ahead, and the wait that may be told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from queuedesk.core.queue.dispatch import Rule, call_order, held_elsewhere, is_due
from queuedesk.core.queue.ticket import InLine
from queuedesk.core.queue.waiting import NoWait, Wait
from queuedesk.core.queue.window import Window, WindowState
from queuedesk.core.setup.values import Setup


@dataclass(frozen=True, slots=True)
class Line:
    """The windows that can serve a service now, and every service they may be asked for instead."""

    service: str
    windows: tuple[Window, ...]
    services: frozenset[str]

    @property
    def is_open(self) -> bool:
        return any(w.state is WindowState.OPEN for w in self.windows)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a ticket stands in its line."""

    ahead: int
    wait: Wait | NoWait


def line_of(setup: Setup, windows: Iterable[Window], service: str) -> Line:
    """Return the line of `service`: its windows, open or paused; without any, the service stands for itself."""
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
        and is_due(t, now)
        and not all(held_elsewhere(t, w.code, w.staff, now) for w in line.windows)
    ]


def order_of(
    line: Line, tickets: Iterable[InLine], normal_calls: int | None, rule: Rule, now: datetime
) -> list[InLine]:
    """Return the tickets of the line in the order in which the rule would call them."""
    return call_order(in_line(line, tickets, now), normal_calls, rule)


def ahead_of(
    ticket: InLine,
    line: Line,
    tickets: Sequence[InLine],
    *,
    normal_calls: int | None,
    rule: Rule,
    now: datetime,
) -> int:
    """Return how many of `tickets` (which hold it) the rule would call before `ticket`."""
    # Who is too early to be called stands in line all the same, as if the time had come.
    seen = now if is_due(ticket, now) else ticket.not_before or now
    order = order_of(line, tickets, normal_calls, rule, seen)
    return next((i for i, t in enumerate(order) if t.id == ticket.id), len(order))
