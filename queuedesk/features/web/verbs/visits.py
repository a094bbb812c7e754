"""The links to visits: made, found by a scanned one, withdrawn; and what a customer asks of the window on the page of
a visit."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import MESSAGES
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import Ticket, TicketId, TicketState
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.messages import PHONE, Message, place_of_window
from queuedesk.desk import looking
from queuedesk.desk.change import Desk, Document, HallChange, runs_in_transaction
from queuedesk.features.web import tables
from queuedesk.features.web.rules import LINKS_RENEWED, token_in_scanned_text, visit_link, visit_token
from queuedesk.store.parts import halls, part_tables

SECRET_BYTES = 32
LONGEST_AFTER = timedelta(days=14)
"""How long after its date a slip is still recognised: for an early place on the next open day, and for a rating."""


def visit_link_secret(desk: Desk) -> bytes:
    """Return what the hall's links are computed with. It is made on first need and stored beside the log: in no log,
    backup or export, so that a restored hall has another one."""
    with desk.db.read() as tx:
        secret = tables.link_secret(tx, desk.hall)
    if secret is not None:
        return secret
    with desk.db.write(desk.hall) as tx:
        secret = tables.link_secret(tx, desk.hall)  # Another PC may have made it in the meantime.
        if secret is None:
            secret = secrets.token_bytes(SECRET_BYTES)
            tables.store_link_secret(tx, desk.hall, secret)
    return secret


def link_of_ticket(desk: Desk, setup: Setup, ticket: Ticket) -> str | None:
    """Return the link to a ticket's page; None where the hall has no web address or does not use the web."""
    if not setup.hall.web_address or not setup.has_feature("web"):
        return None
    return visit_link(
        setup.hall.web_address, visit_token(visit_link_secret(desk), ticket.date, ticket.label, ticket.token)
    )


def link_document(desk: Desk, ticket: str, now: datetime, day: date | None = None) -> Document:
    """Return a ticket's link, the text of its code; `day` is by default that of `now`. Raises RuleError
    "unknown_ticket", "no_web_address"."""
    setup = looking.setup_of_hall(desk)
    link = link_of_ticket(desk, setup, looking.find_ticket(desk, day or business_date(setup, now), ticket))
    if link is None:
        raise RuleError("no_web_address")
    return {"ticket": ticket, "link": link}


@runs_in_transaction("web-links")
def withdraw_all_visit_links(change: HallChange) -> Document:
    """Withdraw all links: those of slips already printed open nothing from now on."""
    tables.delete_link_secret_of_hall(change.tx, change.book.id)
    tables.store_link_secret(change.tx, change.book.id, secrets.token_bytes(SECRET_BYTES))
    return {"seq": change.record(LINKS_RENEWED).seq}


def ticket_of_scanned_link(desk: Desk, text: str, now: datetime) -> TicketId | None:
    """Return the ticket whose link was scanned, also some days later, when the link opens no page any more; None for a
    text that is no link. Raises RuleError "unknown_link"."""
    token = token_in_scanned_text(text)
    if token is None:
        return None
    with desk.db.read() as tx:
        secret = tables.link_secret(tx, desk.hall)
        today = business_date(halls.setup_of_hall_row(tx, halls.load_hall_row(tx, desk.hall)), now)
        if secret is not None:
            # A day more, as the hall's date may be ahead of this PC's clock.
            found = tables.dates_labels_tokens_of_tickets(
                tx, desk.hall, today - LONGEST_AFTER, today + timedelta(days=1)
            )
            for day, label, epoch in found:
                if hmac.compare_digest(visit_token(secret, day, label, epoch), token):
                    return day, label
    raise RuleError("unknown_link")


# -- what a customer asks of the window --------------------------------------------------------------------------------


@runs_in_transaction("web-later")
def tell_window_customer_needs_time(
    change: HallChange, ticket: str, *, text: str, text_en: str = "", day: date | None = None
) -> Document:
    """Tell the window that called `ticket` that its customer needs a little longer, once for each call to a window. The
    message `text` begins with the number. Raises RuleError "web_minutes_asked", "wrong_state", "unknown_ticket"."""
    called = change.ticket_by_label(ticket, day)
    if called.state is not TicketState.CALLED or called.window is None:
        raise RuleError("wrong_state", ticket=ticket, state=str(called.state), window=called.window, verb="web-later")
    messages = part_tables.objects_of_days(change.tx, change.book.id, MESSAGES, change.date, change.date)
    if has_asked_for_more_time(called, messages.values()):
        raise RuleError("web_minutes_asked", ticket=ticket)
    return {"seq": _record_message_to_window(change, called.window, text, text_en).seq, "ticket": ticket}


@runs_in_transaction("web-leave")
def give_up_place(
    change: HallChange, ticket: str, *, text: str, text_en: str = "", day: date | None = None
) -> Document:
    """End a visit whose customer gives up the place. The window that called it is told by the message `text`. Raises
    RuleError as calling.record_customer_left()."""
    gone = change.ticket_by_label(ticket, day)
    gone.require_may("leave")
    change.who.require_right_to_end_ticket(str(gone.state))
    event = change.record(
        "leave", ticket=gone, window=gone.window, staff=gone.current_leg.staff if gone.window else None
    )
    if gone.state is TicketState.CALLED and gone.window is not None:
        event = _record_message_to_window(change, gone.window, text, text_en)
    return {"seq": event.seq, "ticket": ticket}


def _record_message_to_window(change: HallChange, window: str, text: str, text_en: str) -> Event:
    return change.record("message", origin=PHONE, to=place_of_window(window), text=text, text_en=text_en or None)


def has_asked_for_more_time(ticket: Ticket, messages: Iterable[Message]) -> bool:
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
