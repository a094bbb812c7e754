"""Acts on tickets shared by guide and manager: words, the question before, the message after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, n_
from queuedesk.i18n.names import lettered
from queuedesk.i18n.queue.reasons import REASONS, reason_words
from queuedesk.stations.widgets.questions.dialogs import Answer, ConfirmDialog, PickDialog, ReasonDialog
from queuedesk.stations.window.style import Look

ICONS = {"reinstate": "undo", "redirect": "redirect", "postpone": "arrow-down", "leave": "leave", "void": "void"}
"""The icon of every act, in the order in which they are offered."""


def act_word(verb: str) -> str:
    return {
        "reinstate": _("Back in line"),
        "redirect": _("Wrong counter"),
        "postpone": _("Let one go first"),
        "leave": _("Customer left"),
        "void": _("Void this ticket"),
    }[verb]


def redirect_question(
    page: QWidget, look: Look, ticket: Ticket, answers: Sequence[Answer], *, in_column: bool = False
) -> PickDialog:
    """Ask which line is the right one for a ticket; an answer's key is the service. It is said that a window loses its
    customer."""
    effect = _("It keeps the time at which the customer arrived.")
    if ticket.window:
        effect = _(
            "It leaves window {window} at once and keeps the time at which the customer arrived.",
            window=ticket.window,
        )
    return PickDialog(
        page,
        look,
        title=_("Which line is right for {ticket}?", ticket=ticket.label),
        effect=effect,
        answers=answers,
        no=_("Leave it there"),
        in_column=in_column,
    )


def leave_question(page: QWidget, look: Look, label: str) -> ConfirmDialog:
    """Ask whether a customer has left."""
    return ConfirmDialog(
        page,
        look,
        title=_("Has the customer of {ticket} left?", ticket=label),
        effect=_("The ticket leaves the line and is not called any more."),
        safe=_("No, still here"),
        act=_("Customer left"),
    )


def void_question(page: QWidget, look: Look, label: str) -> ReasonDialog:
    """Ask why a ticket is to be void."""
    return ReasonDialog(
        page,
        look,
        title=_("Why void {ticket}?", ticket=label),
        effect=_("The ticket is not called any more; its number is not used again."),
        reasons=[(code, reason_words(code)) for code in REASONS["void"]],
        missing=_("Choose a reason first"),
        no=_("Don't void"),
        yes=_("Void {ticket}", ticket=label),
    )


def moved_text(setup: Setup, verb: str, document: Mapping[str, Any]) -> str:
    """Return what was done, from the act's document."""
    label, ahead = document["ticket"], int(document["ahead"] or 0)
    if verb == "reinstate":
        return n_("{ticket} is back in line, {n} ahead", "{ticket} is back in line, {n} ahead", ahead, ticket=label)
    if verb == "redirect":
        return n_(
            "{ticket} now waits for {service}, {n} ahead",
            "{ticket} now waits for {service}, {n} ahead",
            ahead,
            ticket=label,
            service=lettered(setup, document["service"]),
        )
    if verb == "postpone":
        return n_("{ticket} lets one go first, {n} ahead", "{ticket} lets one go first, {n} ahead", ahead, ticket=label)
    if verb == "leave":
        return _("{ticket}: customer left, noted", ticket=label)
    return _("{ticket} is void now", ticket=label)
