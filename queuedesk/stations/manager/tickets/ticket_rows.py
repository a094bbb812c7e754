"""The tickets of a date as rows of a list."""

from __future__ import annotations

from datetime import datetime

from queuedesk.core.queue.overview import joined, wait_level
from queuedesk.core.queue.ticket import State, Ticket, seconds
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, minutes_text, n_, ticket_state
from queuedesk.i18n.names import service_name
from queuedesk.i18n.queue.reasons import reason_short, reason_words
from queuedesk.stations.widgets.lists.lists import TicketRow
from queuedesk.stations.window.theme import TICKET_MARKS


def rows(setup: Setup, tickets: list[Ticket], now: datetime) -> list[TicketRow]:
    """Return a row for each ticket: number, state with its mark, and what matters most of it at the right."""
    return [_row(setup, ticket, now) for ticket in tickets]


def _row(setup: Setup, ticket: Ticket, now: datetime) -> TicketRow:
    mark = TICKET_MARKS[ticket.state]
    minutes = seconds(joined(ticket), now) // 60
    level = wait_level(setup, minutes) if ticket.state is State.WAITING else ""
    return TicketRow(
        id=ticket.label,
        number=ticket.label,
        service=ticket_state(ticket.state),
        icon=mark.icon,
        token="primary" if mark.token == "on_soft" else mark.token,
        wait=_right(ticket, minutes),
        level=level,
        spoken=" ".join((ticket.label, service_name(setup, ticket.service), ticket_state(ticket.state))),
    )


def _right(ticket: Ticket, minutes: int) -> str:
    leg = ticket.leg
    if ticket.state is State.WAITING:
        return minutes_text(minutes)
    if ticket.state is State.MISSED:
        return n_("called once", "called {n} times", leg.calls)
    if ticket.state is State.VOID:
        return reason_words(ticket.reason or "")
    if ticket.state is State.PARKED:
        return reason_short(ticket.reason or "")
    if ticket.state is State.LEFT:
        if "no_show" in ticket.flags:
            return _("did not come")
        return _("after {minutes} min", minutes=seconds(ticket.arrived, leg.ended) // 60)
    return _("No. {window}", context="row", window=leg.window) if leg.window else ""
