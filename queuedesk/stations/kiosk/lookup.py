"""Finds the ticket that a customer asks about, typed or scanned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from queuedesk.core.errors import RuleError
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.setup.values import Setup
from queuedesk.printing.qr import read_ticket_text
from queuedesk.stations.models.typed_number import digits_missing


@dataclass(frozen=True, slots=True)
class Found:
    """The ticket of what was typed so far, or why there is none; both None while more is to be typed."""

    ticket: Ticket | None = None
    trouble: RuleError | None = None


def find(state: HallState, setup: Setup, today: date, number: str) -> Found:
    """Return today's ticket of that number."""
    if digits_missing(number):
        return Found()
    ticket = state.tickets.get((today, number))
    if ticket is not None:
        return Found(ticket)
    return Found(trouble=RuleError("unknown_ticket", ticket=number, date=today))


def scanned(setup: Setup, today: date, text: str) -> str | RuleError | None:
    """Return the number that a slip's code names, why it is of no use here, or None where it is no ticket's code."""
    code = read_ticket_text(text)
    if code is None:
        return None
    if code.hall != setup.hall.code:
        return RuleError("unknown_ticket", ticket=code.label, date=code.date)
    if code.date != today:
        return RuleError("old_ticket", ticket=code.label, date=code.date, days=(today - code.date).days)
    return code.label
