"""A line as its customers see it: who is ahead, and the wait that may be told."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from queuedesk.core.queue.dispatch import Rule, call_order, held_elsewhere, is_due
from queuedesk.core.queue.ticket import InLine, Promise
from queuedesk.core.queue.window import Window, WindowState
from queuedesk.core.setup.rows import Setup

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
