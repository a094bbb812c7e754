"""Shows where a customer's ticket stands in line, and prints its slip again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.ticket import State, Ticket
from queuedesk.core.setup.values import Setup
from queuedesk.printing.qr import read_ticket_text
from queuedesk.stations.kiosk.taking import Taking
from queuedesk.stations.models import typed_number
from queuedesk.stations.models.typed_number import digits_missing
from queuedesk.stations.window.context import StationContext

# Finds the ticket that a customer asks about, typed or scanned.


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


class PlaceAsked(QObject):
    """`number` is what was typed so far; `changed` with every key, `refused` with why a code or a slip is of no use."""

    changed = Signal()
    refused = Signal(object)

    def __init__(self, context: StationContext, taking: Taking, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._taking = context, taking
        self.number, self.is_reprinted = "", False

    @property
    def _setup(self) -> Setup:
        return self._context.feed.setup

    @property
    def _today(self) -> date:
        return self._context.feed.day

    def forget(self) -> None:
        """Begin anew, for another customer."""
        self.number, self.is_reprinted = "", False

    def press(self, key: str) -> None:
        """Add a letter or digit to the number asked about."""
        self._put(typed_number.typed(self._setup, self.number, key))

    def delete(self) -> None:
        self._put(self.number[:-1])

    def clear(self) -> None:
        self._put("")

    def _put(self, number: str) -> None:
        self.number, self.is_reprinted = number, False
        self.changed.emit()

    def found(self) -> Found:
        """Return the ticket of the number as typed."""
        return find(self._context.feed.state, self._setup, self._today, self.number)

    def read_code(self, text: str) -> str:
        """Return the number of a ticket's code; "" for anything else, and `refused` where it is of no use here."""
        number = scanned(self._setup, self._today, text)
        if isinstance(number, QueueDeskError):
            self.refused.emit(number)
            return ""
        return number or ""

    def show(self, number: str) -> None:
        """Ask about this number."""
        self._put(number)

    def reprint(self) -> None:
        """Print the ticket that was asked about, while it waits; once each time it is asked about."""
        ticket = self.found().ticket
        if ticket is None or ticket.state is not State.WAITING or self.is_reprinted:
            return
        self.is_reprinted = True
        self._taking.print_ticket(ticket.label, ticket.date, reprint=True, said=self._printed)
        self.changed.emit()

    def _printed(self, trouble: QueueDeskError | None) -> None:
        if trouble is not None:
            self.refused.emit(trouble)
