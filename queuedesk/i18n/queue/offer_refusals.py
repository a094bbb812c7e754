"""Why a service gives no ticket though it is open, or takes nobody back into line, and what to do instead."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from queuedesk.i18n.catalogue import ntr, tr
from queuedesk.i18n.moments import date_short
from queuedesk.i18n.words import named


def message_only(lang: str, details: Mapping[str, object]) -> str:
    message = named(str(details["message"]), str(details.get("message_en") or ""), lang).strip()
    end = "." if lang == "en" else "。"
    message = message if message.endswith((".", "!", "?", "。", "！", "？")) else message + end
    return tr(lang, "{service} gives no tickets: {message}", service=_service(lang, details), message=message)


def quota_full(lang: str, details: Mapping[str, object]) -> str:
    n, said = details["n"], _instead(lang, details)
    if "other" in said:
        return tr(lang, "All {n} tickets of today for {service} are given; {other} still gives tickets.", n=n, **said)
    if "opens" not in said:
        return tr(lang, "All {n} tickets of today for {service} are given; please ask at the front desk.", n=n, **said)
    return tr(
        lang, "All {n} tickets of today for {service} are given; please come on {date} from {opens}.", n=n, **said
    )


def line_full(lang: str, details: Mapping[str, object]) -> str:
    service, n = _service(lang, details), int(str(details["n"]))
    if details.get("other"):
        return ntr(
            lang,
            "{n} person is waiting for {service}, no more for now; {other} still gives tickets.",
            "{n} people are waiting for {service}, no more for now; {other} still gives tickets.",
            n,
            service=service,
            other=_service(lang, details, "other"),
        )
    return ntr(
        lang,
        "{n} person is waiting for {service}, no more for now; please come again in a while.",
        "{n} people are waiting for {service}, no more for now; please come again in a while.",
        n,
        service=service,
    )


def no_more_returns(lang: str, details: Mapping[str, object]) -> str:
    service, n, ticket = _service(lang, details), int(str(details["n"])), details["ticket"]
    if n == 0:
        return tr(
            lang,
            "{service} takes nobody back into line after a missed call; please issue a new ticket in place of {ticket}.",
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
    closes, said = details["closes"], _instead(lang, details)
    if "other" in said:
        return tr(
            lang,
            "{service}: a ticket taken now would not be called before closing at {closes}; {other} still gives tickets.",
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


def _instead(lang: str, details: Mapping[str, object]) -> dict[str, Any]:
    """Return the service with where to go instead: another service, or the date and time when it opens again, where one
    is known."""
    said: dict[str, Any] = {"service": _service(lang, details)}
    if details.get("other"):
        said["other"] = _service(lang, details, "other")
    elif details.get("opens"):
        day = value if isinstance(value := details["date"], date) else date.fromisoformat(str(value))
        said |= {"date": date_short(day, lang), "opens": details["opens"]}
    return said


def _service(lang: str, details: Mapping[str, object], key: str = "service") -> str:
    """Return a service's name where the details bring it, else its code."""
    prefix = "" if key == "service" else f"{key}_"
    name = str(details.get(f"{prefix}name") or details[key])
    return named(name, str(details.get(f"{prefix}name_en") or ""), lang)
