"""Refusals about tickets in one sentence each: none is given now, or its state forbids the act; what to do then."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from queuedesk.i18n.catalogue import ntr, tr
from queuedesk.i18n.moments import date_short, name_in_language

AT_THE_WINDOW = ("add", "park", "stall", "unstall")
"""Steps for a customer who is being served; asked for while the ticket is only called, the start comes first."""

WANTS_SERVICE = ("call", "unpark", "reinstate", "postpone", "defer", "redirect", "transfer")
"""Steps that mean the customer still wants to be served, so the sentence says how that goes on."""


def wrong_state(lang: str, details: Mapping[str, object]) -> str:
    """Return the sentence for `ticket`, `state`, `window` (None where it is at none) and `verb`."""
    ticket, state, verb = details["ticket"], str(details["state"]), details.get("verb")
    if state == "called":
        return _already_called_sentence(lang, ticket, details.get("window"), verb)
    if state == "serving":
        return _being_served_sentence(lang, ticket, details.get("window"), verb)
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


def _already_called_sentence(lang: str, ticket: object, window: object, verb: object) -> str:
    if window is None:
        return tr(lang, "{ticket} has been called.", ticket=ticket)
    if verb in AT_THE_WINDOW:
        return tr(
            lang, "{ticket} is called to window {window}; please start serving first.", ticket=ticket, window=window
        )
    return tr(lang, "{ticket} is called to window {window}.", ticket=ticket, window=window)


def _being_served_sentence(lang: str, ticket: object, window: object, verb: object) -> str:
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
        "parked": tr(lang, "{ticket} is set aside; please continue it at a window first.", ticket=ticket),
        "missed": tr(lang, "{ticket} was missed; please put it back in line first.", ticket=ticket),
        "finished": tr(lang, "{ticket} is finished; for anything more please take a new ticket.", ticket=ticket),
        "left": tr(lang, "{ticket} has left; please take a new ticket.", ticket=ticket),
        "void": tr(lang, "{ticket} is void; please take a new ticket.", ticket=ticket),
    }[state]


# Why a service gives no ticket though it is open, or takes nobody back into line, and what to do instead.


def message_only(lang: str, details: Mapping[str, object]) -> str:
    message = name_in_language(str(details["message"]), str(details.get("message_en") or ""), lang).strip()
    end = "." if lang == "en" else "。"
    message = message if message.endswith((".", "!", "?", "。", "！", "？")) else message + end
    return tr(lang, "{service} gives no tickets: {message}", service=_service_name(lang, details), message=message)


def quota_full(lang: str, details: Mapping[str, object]) -> str:
    n, said = details["n"], _alternative_details(lang, details)
    if "other" in said:
        return tr(
            lang,
            "All {n} of today's tickets for {service} have been taken; tickets are still available for {other}.",
            n=n,
            **said,
        )
    if "opens" not in said:
        return tr(
            lang, "All {n} of today's tickets for {service} have been taken; please ask at the front desk.", n=n, **said
        )
    return tr(
        lang,
        "All {n} of today's tickets for {service} have been taken; please come on {date} from {opens}.",
        n=n,
        **said,
    )


def line_full(lang: str, details: Mapping[str, object]) -> str:
    service, n = _service_name(lang, details), int(str(details["n"]))
    if details.get("other"):
        return ntr(
            lang,
            "{n} person is waiting for {service}, so there are no more tickets for now; tickets are still available for {other}.",
            "{n} people are waiting for {service}, so there are no more tickets for now; tickets are still available for {other}.",
            n,
            service=service,
            other=_service_name(lang, details, "other"),
        )
    return ntr(
        lang,
        "{n} person is waiting for {service}, so there are no more tickets for now; please come back later.",
        "{n} people are waiting for {service}, so there are no more tickets for now; please come back later.",
        n,
        service=service,
    )


def no_more_returns(lang: str, details: Mapping[str, object]) -> str:
    service, n, ticket = _service_name(lang, details), int(str(details["n"])), details["ticket"]
    if n == 0:
        return tr(
            lang,
            "{service} does not take customers back into line after a missed call; please issue a new ticket in place of {ticket}.",
            service=service,
            ticket=ticket,
        )
    return ntr(
        lang,
        "{ticket} was back in line {n} time already, as often as {service} allows; please issue a new ticket.",
        "{ticket} was back in line {n} times already, as often as {service} allows; please issue a new ticket.",
        n,
        service=service,
        ticket=ticket,
    )


def no_time_left(lang: str, details: Mapping[str, object]) -> str:
    closes, said = details["closes"], _alternative_details(lang, details)
    if "other" in said:
        return tr(
            lang,
            "{service}: a ticket taken now would not be called before closing at {closes}; tickets are still available for {other}.",
            closes=closes,
            **said,
        )
    if "opens" not in said:
        return tr(
            lang,
            "{service}: a ticket taken now would not be called before closing at {closes}; please ask at the front desk.",
            closes=closes,
            **said,
        )
    return tr(
        lang,
        "{service}: a ticket taken now would not be called before closing at {closes}; please come on {date} from {opens}.",
        closes=closes,
        **said,
    )


def _alternative_details(lang: str, details: Mapping[str, object]) -> dict[str, Any]:
    """Return the service with where to go instead: another service, or the date and time when it opens again, where one
    is known."""
    said: dict[str, Any] = {"service": _service_name(lang, details)}
    if details.get("other"):
        said["other"] = _service_name(lang, details, "other")
    elif details.get("opens"):
        day = value if isinstance(value := details["date"], date) else date.fromisoformat(str(value))
        said |= {"date": date_short(day, lang), "opens": details["opens"]}
    return said


def _service_name(lang: str, details: Mapping[str, object], key: str = "service") -> str:
    """Return a service's name where the details bring it, else its code."""
    prefix = "" if key == "service" else f"{key}_"
    name = str(details.get(f"{prefix}name") or details[key])
    return name_in_language(name, str(details.get(f"{prefix}name_en") or ""), lang)
