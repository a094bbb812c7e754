"""Which ticket a customer asks about: typed on the pad, or read from the code on the slip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from queuedesk.core.errors import RuleError
from queuedesk.core.setup import Setup
from queuedesk.core.state import HallState
from queuedesk.core.ticket import Ticket
from queuedesk.printing.qr import read_ticket_text

FEWEST_DIGITS, MOST_DIGITS = 3, 4


@dataclass(frozen=True, slots=True)
class Found:
    """The ticket of what was typed so far, or why there is none; both None while more is to be typed."""

    ticket: Ticket | None = None
    trouble: RuleError | None = None


def prefixes(setup: Setup) -> tuple[str, ...]:
    """Return the letters in use, each once, in the order of the set-up."""
    return tuple(dict.fromkeys(service.prefix for service in setup.services.values()))


def typed(setup: Setup, before: str, key: str) -> str:
    """Return the number after one more key: a prefix begins anew, further digits are left out once it is whole."""
    if key in prefixes(setup):
        return key
    prefix = before.rstrip("0123456789")
    if not prefix:
        known = prefixes(setup)
        prefix = before = known[0] if len(known) == 1 else ""
    return before + key if prefix and len(before) - len(prefix) < MOST_DIGITS else before


def find(state: HallState, setup: Setup, today: date, number: str) -> Found:
    """Return today's ticket of that number."""
    prefix = number.rstrip("0123456789")
    if not prefix or len(number) - len(prefix) < FEWEST_DIGITS:
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
