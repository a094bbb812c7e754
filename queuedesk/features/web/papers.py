"""The link to a visit as the code on its printed slip, and what such a code stands for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import looking
from queuedesk.desk.change import Desk, Document
from queuedesk.features.web.rules import FRONT_DESK, KIOSK, PHONE
from queuedesk.features.web.verbs import enquiry_count_rows_by_date, link_of_ticket, ticket_of_scanned_link
from queuedesk.i18n import tr
from queuedesk.i18n.catalogue import ntr
from queuedesk.printing.qr import TicketCodeContent, TicketCodeTextAndAdvice


def ticket_page_code(desk: Desk, setup: Setup, ticket: Ticket) -> TicketCodeTextAndAdvice | None:
    """Return a slip's code that opens the ticket's page, with what its holder should know; None where the hall has no
    such pages."""
    link = link_of_ticket(desk, setup, ticket)
    return None if link is None else TicketCodeTextAndAdvice(text=link, advice=_ticket_advice)


def _ticket_advice(lang: str) -> tuple[str, ...]:
    return (
        tr(lang, "Scan for your place in line. Keep the page open; we also call on the display and aloud."),
        tr(lang, "Stay connected, even without internet."),
    )


def ticket_code_of_scanned_link(desk: Desk, text: str, now: datetime) -> TicketCodeContent | None:
    """Return what the plain code of the ticket would hold whose link was scanned, None for a text that is no link.
    Raises RuleError "unknown_link"."""
    found = ticket_of_scanned_link(desk, text, now)
    if found is None:
        return None
    ticket = looking.find_ticket(desk, *found)
    return TicketCodeContent(looking.setup_of_hall(desk).hall.code, ticket.date, ticket.label, ticket.token)


def avoided_visits_lines(desk: Desk, day: date) -> list[Callable[[str], str]]:
    """Return how many were told on a date how far a case is and took no number; nothing where nobody was."""
    return [partial(_visits_saved_by_enquiries_text, told) for told in enquiry_count_rows_by_date(desk, day, day)]


def _visits_saved_by_enquiries_text(told: Document, lang: str) -> str:
    return ntr(
        lang,
        "Visits saved: {n} person asked about a case and took no ticket (phone {phone}, kiosk {kiosk}, front desk {desk}).",
        "Visits saved: {n} people asked about a case and took no ticket (phone {phone}, kiosk {kiosk}, front desk {desk}).",
        told["all"],
        phone=told[PHONE],
        kiosk=told[KIOSK],
        desk=told[FRONT_DESK],
    )
