"""What else was done for the customer at the window, until the ticket is finished."""

from __future__ import annotations

from collections.abc import Mapping

from queuedesk.core.queue.ticket import Ticket, TicketId


class Delivered:
    """Counts by service for one ticket at a time."""

    def __init__(self) -> None:
        self._ticket: TicketId | None = None
        self._counts: dict[str, int] = {}

    def note(self, ticket: Ticket, counts: Mapping[str, int]) -> None:
        """Keep how many of each service were delivered to the customer of `ticket`."""
        self._ticket, self._counts = ticket.id, {code: n for code, n in counts.items() if n > 0}

    def counts(self, ticket: Ticket | None) -> dict[str, int]:
        """Return what is kept for `ticket`."""
        return dict(self._counts) if ticket is not None and ticket.id == self._ticket else {}

    def of(self, ticket: Ticket | None) -> list[str]:
        """Return the same as finishing takes it: "A" for one, "A:2" for two."""
        return [code if n == 1 else f"{code}:{n}" for code, n in self.counts(ticket).items()]
