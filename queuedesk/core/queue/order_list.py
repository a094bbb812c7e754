"""The public order list: for each service who is at a window and who is next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.dispatch import Rule, rule_of
from queuedesk.core.queue.line import line_of, order_of
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import InLine, State
from queuedesk.core.queue.window import WindowState
from queuedesk.core.setup.values import Setup


@dataclass(frozen=True, slots=True)
class NextUp:
    """A number in line, and whether priority may put it before an earlier one."""

    label: str
    priority: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """A service's numbers: `called` are at a window now, newest last, `next` wait in the order in which they will be
    called.

    `windows` are the open ones that can serve it; without any, those that wait stand as the service alone would call
    them.
    """

    service: str
    windows: tuple[str, ...]
    called: tuple[str, ...]
    next: tuple[NextUp, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRead:
    """The public list as it stood at `now`."""

    setup: Setup
    lines: list[OrderLine]
    rule: Rule
    now: datetime


def order_lines(state: HallState, now: datetime, services: frozenset[str] | None = None) -> list[OrderLine]:
    """Return the list of every service, or of `services`, in the order of the set-up. It holds numbers and nothing of
    anybody."""
    setup = set_up(state)
    rule = rule_of(setup)
    waiting: list[InLine] = list(state.waiting())
    day = state.now.date
    normal_calls = state.now.normal_calls_on(day) if day else None
    at_windows = sorted(
        (t for t in state.tickets.values() if t.window is not None and t.state in (State.CALLED, State.SERVING)),
        key=lambda t: (t.leg.last_called or t.arrived, t.seq),
    )
    lines = []
    for code in setup.services:
        if services is not None and code not in services:
            continue
        line = line_of(setup, state.windows.values(), code)
        order = order_of(line, waiting, normal_calls, rule, now)
        lines.append(
            OrderLine(
                service=code,
                windows=tuple(w.code for w in line.windows if w.state is WindowState.OPEN),
                called=tuple(t.label for t in at_windows if t.service == code),
                next=tuple(NextUp(t.label, t.jumps) for t in order if t.service == code),
            )
        )
    return lines


def rule_now(state: HallState) -> Rule:
    """Return the rule by which the hall calls."""
    return rule_of(set_up(state))
