"""What a customer asks of the window on the page of a visit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import MESSAGES
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.queue.ticket import Ticket, TicketState
from queuedesk.core.talk.messages import PHONE, Message, place_of_window
from queuedesk.desk.change import Document, HallChange, runs_in_transaction
from queuedesk.store.parts import part_tables


@runs_in_transaction("web-later")
def ask_for_minutes(
    change: HallChange, ticket: str, *, text: str, text_en: str = "", day: date | None = None
) -> Document:
    """Tell the window that called `ticket` that its customer needs a little longer, once for each call to a window. The
    message `text` begins with the number. Raises RuleError "web_minutes_asked", "wrong_state", "unknown_ticket"."""
    called = change.ticket(ticket, day)
    if called.state is not TicketState.CALLED or called.window is None:
        raise RuleError("wrong_state", ticket=ticket, state=str(called.state), window=called.window, verb="web-later")
    messages = part_tables.objects_of_days(change.tx, change.book.id, MESSAGES, change.date, change.date)
    if has_asked_for_minutes(called, messages.values()):
        raise RuleError("web_minutes_asked", ticket=ticket)
    return {"seq": _tell_window(change, called.window, text, text_en).seq, "ticket": ticket}


@runs_in_transaction("web-leave")
def give_up(change: HallChange, ticket: str, *, text: str, text_en: str = "", day: date | None = None) -> Document:
    """End a visit whose customer gives up the place. The window that called it is told by the message `text`. Raises
    RuleError as calling.leave()."""
    gone = change.ticket(ticket, day)
    gone.require_may("leave")
    change.who.require_right_to_end(str(gone.state))
    event = change.record("leave", ticket=gone, window=gone.window, staff=gone.leg.staff if gone.window else None)
    if gone.state is TicketState.CALLED and gone.window is not None:
        event = _tell_window(change, gone.window, text, text_en)
    return {"seq": event.seq, "ticket": ticket}


def _tell_window(change: HallChange, window: str, text: str, text_en: str) -> Event:
    return change.record("message", origin=PHONE, to=place_of_window(window), text=text, text_en=text_en or None)


def has_asked_for_minutes(ticket: Ticket, messages: Iterable[Message]) -> bool:
    """Whether the holder of `ticket` has asked the window that called it for more time, since that call."""
    if ticket.state is not TicketState.CALLED or ticket.window is None or ticket.since is None:
        return False
    place, since = place_of_window(ticket.window), ticket.since
    return any(
        message.to == place
        and message.by == CUSTOMER.name
        and message.time >= since
        and message.text.startswith(ticket.label)
        for message in messages
    )
