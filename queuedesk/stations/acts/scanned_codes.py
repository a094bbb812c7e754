"""Reads the code of a ticket that a customer holds up to a scanner, in each form in which the hall prints it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import import_reference, installed_features
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.printing.qr import TicketCodeContent, parse_ticket_code
from queuedesk.stations.window.context import StationContext


def read_ticket_code(
    context: StationContext,
    text: str,
    done: Callable[[TicketCodeContent | None], None],
    failed: Callable[[QueueDeskError], None],
) -> None:
    """Call `done` with the content of a ticket's code, None for any other text: at once for the plain code, and when
    the database has answered for a feature's. `failed` is called with the refusal of a code that is not valid."""
    code = parse_ticket_code(text)
    readers = [owner.scanned_link for owner in installed_features() if owner.scanned_link]
    if code is not None or not readers:
        done(code)
        return
    hall, now = context.feed.setup.hall.code, context.clock()
    context.tasks.run(lambda: _content_of_link(context.desk, hall, readers, text, now), done, failed)


def _content_of_link(desk: Desk, hall: str, readers: list[str], text: str, now: datetime) -> TicketCodeContent | None:
    for reader in readers:
        found = import_reference(reader)(desk, text, now)
        if found is not None:
            ticket = looking.find_ticket(desk, *found)
            return TicketCodeContent(hall, ticket.date, ticket.label, ticket.token)
    return None
