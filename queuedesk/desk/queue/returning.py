"""Customers who come back: finds their earlier ticket, and keeps the early place of a deferred one."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.hallday import business_date, hours_on
from queuedesk.core.queue.ticket import Ticket, visit_name
from queuedesk.core.setup.values import Setup
from queuedesk.desk.change import Desk, Document
from queuedesk.desk.documents import iso
from queuedesk.store.parts import halls, tickets

OPENING_LOOKED_FOR_DAYS = 15


def early_place(setup: Setup, before: Ticket, today: date, *, used: bool) -> datetime | None:
    """Return the place in line of somebody who comes back for `before` today, None for an ordinary one.

    An early one is had once, on the next open day after a ticket that was deferred; `used` says that it was.
    """
    if used or "deferred" not in before.flags or _next_open_day(setup, before) != today:
        return None
    return before.arrived


def earlier_visit(desk: Desk, label: str, day: date, now: datetime, *, token: str | None = None) -> Document:
    """Return what an earlier ticket was for, and the place that somebody who comes back for it has now (null: an
    ordinary one).

    `token` are the letters of a scanned code, which have to be the ticket's own. Raises RuleError
    "return_ticket_unknown".
    """
    with desk.db.read() as tx:
        setup = halls.setup(tx, halls.load(tx, desk.hall))
        before = tickets.find(tx, desk.hall, (day, label))
        if before is None or (token is not None and token != before.token):
            raise RuleError("return_ticket_unknown", ticket=label)
        today = business_date(setup, now)
        used = bool(tickets.returns_of(tx, desk.hall, today, visit_name(label, day)))
    place = early_place(setup, before, today, used=used)
    return {
        "ticket": label,
        "date": day.isoformat(),
        "service": before.service,
        "item": before.item,
        "state": str(before.state),
        "early_place": iso(setup, place),
    }


def _next_open_day(setup: Setup, ticket: Ticket) -> date | None:
    service = setup.services.get(ticket.service)
    if service is None:
        return None  # taken out of the set-up since
    days = (ticket.date + timedelta(days=n) for n in range(1, OPENING_LOOKED_FOR_DAYS))
    return next((day for day in days if hours_on(setup, service, day)), None)
