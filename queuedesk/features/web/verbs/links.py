"""Makes the links to visits, finds the ticket of a scanned one, and withdraws them all."""

from __future__ import annotations

import hmac
import secrets
from datetime import date, datetime, timedelta

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import Ticket, TicketId
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import looking
from queuedesk.desk.change import Desk, Document, HallChange, runs_in_transaction
from queuedesk.features.web import tables
from queuedesk.features.web.rules import LINKS_RENEWED, token_in_scanned_text, visit_link, visit_token
from queuedesk.store.parts import halls

SECRET_BYTES = 32
LONGEST_AFTER = timedelta(days=14)
"""How long after its date a slip is still recognised: for an early place on the next open day, and for a rating."""


def visit_secret(desk: Desk) -> bytes:
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
    if not setup.hall.web_address or not setup.uses("web"):
        return None
    return visit_link(setup.hall.web_address, visit_token(visit_secret(desk), ticket.date, ticket.label, ticket.token))


def link_document(desk: Desk, ticket: str, now: datetime, day: date | None = None) -> Document:
    """Return a ticket's link, the text of its code; `day` is by default that of `now`. Raises RuleError
    "unknown_ticket", "no_web_address"."""
    setup = looking.setup_of(desk)
    link = link_of_ticket(desk, setup, looking.find_ticket(desk, day or business_date(setup, now), ticket))
    if link is None:
        raise RuleError("no_web_address")
    return {"ticket": ticket, "link": link}


@runs_in_transaction("web-links")
def renew_links(change: HallChange) -> Document:
    """Withdraw all links: those of slips already printed open nothing from now on."""
    tables.delete_link_secret(change.tx, change.book.id)
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
            found = tables.tickets_between(tx, desk.hall, today - LONGEST_AFTER, today + timedelta(days=1))
            for day, label, epoch in found:
                if hmac.compare_digest(visit_token(secret, day, label, epoch), token):
                    return day, label
    raise RuleError("unknown_link")
