"""What customers ask of a window on their own page."""

from __future__ import annotations

from collections.abc import Iterable

from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.queue.ticket import State, Ticket
from queuedesk.core.talk.messages import Message, place_of_window


def has_asked_for_minutes(ticket: Ticket, messages: Iterable[Message]) -> bool:
    """Whether the holder of `ticket` has asked the window that called it for more time, since that call."""
    if ticket.state is not State.CALLED or ticket.window is None or ticket.since is None:
        return False
    place, since = place_of_window(ticket.window), ticket.since
    return any(
        message.to == place
        and message.by == CUSTOMER.name
        and message.time >= since
        and message.text.startswith(ticket.label)
        for message in messages
    )
