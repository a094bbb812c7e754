"""The public order list: for each service the numbers at a window, and those that are called next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from queuedesk.core.log.state import HallState
from queuedesk.core.queue import dispatch
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.ticket import LineTicket, Ticket, TicketState, WindowState


class UpcomingNumber(Struct, frozen=True):
    """A number in line, and why it may be called before an earlier one: `priority`, a `short` matter, or a clerk who
    speaks the customer's `language`. `moved` is Ticket.is_moved."""

    label: str
    priority: bool
    short: bool = False
    language: bool = False
    moved: bool = False


class PublicLineOrder(Struct, frozen=True, kw_only=True):
    """A service's numbers: `called` are at a window now, newest last; `next` are waiting, in the order of calls.
    `windows` are the open ones that can serve it; if there is none, the order is that of the service alone."""

    service: str
    windows: tuple[str, ...]
    called: tuple[str, ...]
    next: tuple[UpcomingNumber, ...]


def public_line_orders(
    state: HallState, now: datetime, services: frozenset[str] | None = None
) -> list[PublicLineOrder]:
    """Return the lines of all services, or of `services`, in the set-up's order: numbers, no personal data."""
    setup = set_up(state)
    rule = dispatch.call_order_rule_of_setup(setup)
    waiting: list[LineTicket] = list(state.waiting_tickets())
    day = state.now.date
    normal_calls = state.now.normal_calls_since_priority_call(day) if day else None
    at_windows = sorted(
        (
            t
            for t in state.tickets.values()
            if t.window is not None and t.state in (TicketState.CALLED, TicketState.SERVING)
        ),
        key=lambda t: (t.current_leg.last_called or t.arrived, t.seq),
    )
    first = preferences_by_window(state, now)
    lines = []
    for code in setup.services:
        if services is not None and code not in services:
            continue
        line = dispatch.windows_for_service(setup, state.windows.values(), code)
        order = dispatch.line_tickets_in_call_order(line, waiting, normal_calls, rule, now)
        own = [first[w.code] for w in line.windows if w.code in first]
        lines.append(
            PublicLineOrder(
                service=code,
                windows=tuple(w.code for w in line.windows if w.state is WindowState.OPEN),
                called=tuple(t.label for t in at_windows if t.service == code),
                next=tuple(_next_up_entry(t, own) for t in order if t.service == code),
            )
        )
    return lines


def _next_up_entry(ticket: LineTicket, windows: Iterable[dispatch.WindowPreferences]) -> UpcomingNumber:
    whys = {window.preference_reason(ticket) for window in windows}
    is_short = dispatch.FAST in whys
    is_moved = isinstance(ticket, Ticket) and ticket.is_moved
    return UpcomingNumber(ticket.label, ticket.may_jump, is_short, dispatch.LANGUAGE in whys and not is_short, is_moved)


def preferences_by_window(state: HallState, now: datetime) -> dict[str, dispatch.WindowPreferences]:
    """Return the preferences of the open windows by code; windows without preferences are left out."""
    setup = set_up(state)
    is_open = [window for window in state.windows.values() if window.state is WindowState.OPEN]
    by_code = {window.code: dispatch.window_preferences_at(setup, window.code, window.staff, now) for window in is_open}
    return {code: first for code, first in by_code.items() if first is not None}


def current_call_rule(state: HallState) -> dispatch.CallOrderRule:
    return dispatch.call_order_rule_of_setup(set_up(state))
