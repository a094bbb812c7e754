"""Why a ticket has not been called yet, in one sentence."""

from __future__ import annotations

from queuedesk.core.appointment import clock_text_of
from queuedesk.core.overview import Why
from queuedesk.core.setup import Setup
from queuedesk.core.ticket import Ticket
from queuedesk.i18n import _, codes_text, listing, n_, named, ticket_state
from queuedesk.i18n.reasons import reason_words

MOST_NAMED = 5


def why_text(setup: Setup, ticket: Ticket, why: Why) -> str:
    """Return why `ticket` still waits, or what became of it; and who passed it and for what reason."""
    return " ".join(part for part in (_now(setup, ticket, why), _passed(why)) if part)


def _now(setup: Setup, ticket: Ticket, why: Why) -> str:
    label = ticket.label
    if why.code in ("called", "ended"):
        if ticket.window is not None:
            return _("{ticket} has been called to window {window}.", ticket=label, window=ticket.window)
        return _("{ticket} is no longer waiting: {state}.", ticket=label, state=ticket_state(str(ticket.state)))
    if why.code == "early" and why.at is not None:
        time = clock_text_of(setup, why.at)
        return _("{ticket} came early to an appointment and can be called from {time}.", ticket=label, time=time)
    spec = setup.services.get(ticket.service)
    service = named(spec.name, spec.name_en) if spec else ticket.service
    if why.code == "no_window":
        return _("{ticket} is waiting because no window is open for {service}.", ticket=label, service=service)
    windows = codes_text(why.windows)
    if why.code == "ahead":
        return n_(
            "{ticket} is waiting because {n} ticket is to be called before it (windows {windows}).",
            "{ticket} is waiting because {n} tickets are to be called before it (windows {windows}).",
            why.ahead,
            ticket=label,
            windows=windows,
        )
    if why.code == "all_busy":
        return _(
            "{ticket} is next; every window for it has a customer (windows {windows}).", ticket=label, windows=windows
        )
    return _("{ticket} is next: window {windows} can call it now.", ticket=label, windows=windows)


def _passed(why: Why) -> str:
    if not why.passed_by:
        return ""
    words = {
        "priority": _("priority"),
        "no_ticket": _("served without a ticket"),
        "chosen": _("chosen"),
        "recorded": _("as recorded"),
    }
    shown = []
    for one in why.passed_by[-MOST_NAMED:]:
        reason = reason_words(one.text) if one.text else words.get(one.reason, one.reason)
        shown.append(_("{ticket} ({reason})", ticket=one.by, reason=reason))
    return _("Called before it though they came later: {tickets}.", tickets=listing(shown))
