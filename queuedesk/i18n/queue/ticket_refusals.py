"""Sentences that say what a ticket is doing now, where its state does not allow an act."""

from collections.abc import Mapping

from queuedesk.i18n.catalogue import tr

AT_THE_WINDOW = ("add", "park", "stall", "unstall")
"""Steps for a customer who is being served; asked for while the ticket is only called, the start comes first."""

WANTS_SERVICE = ("call", "unpark", "reinstate", "postpone", "defer", "redirect", "transfer")
"""Steps that mean the customer still wants to be served, so the sentence says how that goes on."""


def wrong_state(lang: str, details: Mapping[str, object]) -> str:
    """Return the sentence for `ticket`, `state`, `window` (None where it is at none) and `verb`."""
    ticket, state, verb = details["ticket"], str(details["state"]), details.get("verb")
    if state == "called":
        return _called(lang, ticket, details.get("window"), verb)
    if state == "serving":
        return _serving(lang, ticket, details.get("window"), verb)
    if verb in WANTS_SERVICE:
        return _next_step(lang, ticket, state, verb)
    return {
        "waiting": tr(lang, "{ticket} is waiting in line.", ticket=ticket),
        "parked": tr(lang, "{ticket} is set aside.", ticket=ticket),
        "missed": tr(lang, "{ticket} was missed.", ticket=ticket),
        "finished": tr(lang, "{ticket} is finished.", ticket=ticket),
        "left": tr(lang, "{ticket} has left.", ticket=ticket),
        "void": tr(lang, "{ticket} is void.", ticket=ticket),
    }[state]


def _called(lang: str, ticket: object, window: object, verb: object) -> str:
    if window is None:
        return tr(lang, "{ticket} has been called.", ticket=ticket)
    if verb in AT_THE_WINDOW:
        return tr(
            lang, "{ticket} is called to window {window}; please start serving first.", ticket=ticket, window=window
        )
    return tr(lang, "{ticket} is called to window {window}.", ticket=ticket, window=window)


def _serving(lang: str, ticket: object, window: object, verb: object) -> str:
    if window is None:
        return tr(lang, "{ticket} is being served.", ticket=ticket)
    if verb == "call":
        # The same English words; Chinese adds that it can't be called again.
        return tr(lang, "{ticket} is being served at window {window}.", context="call", ticket=ticket, window=window)
    return tr(lang, "{ticket} is being served at window {window}.", ticket=ticket, window=window)


def _next_step(lang: str, ticket: object, state: str, verb: object) -> str:
    if state == "waiting" and verb == "unpark":
        return tr(lang, "{ticket} is waiting in line; please call it.", ticket=ticket)
    return {
        "waiting": tr(lang, "{ticket} is waiting in line.", ticket=ticket),
        "parked": tr(lang, "{ticket} is set aside; please take it back at a window first.", ticket=ticket),
        "missed": tr(lang, "{ticket} was missed; please put it back in line first.", ticket=ticket),
        "finished": tr(lang, "{ticket} is finished; for anything more please take a new ticket.", ticket=ticket),
        "left": tr(lang, "{ticket} has left; please take a new ticket.", ticket=ticket),
        "void": tr(lang, "{ticket} is void; please take a new ticket.", ticket=ticket),
    }[state]
