"""One sentence for each thing that somebody should look at."""

from queuedesk.core.overview import Alert
from queuedesk.core.setup import Setup
from queuedesk.i18n.catalogue import current, ntr, tr
from queuedesk.i18n.words import named


def alert_text(setup: Setup, alert: Alert, lang: str | None = None) -> str:
    """Return what is to be looked at: the fact and its figure."""
    lang = lang or current()
    if alert.kind == "long_wait":
        return ntr(
            lang,
            "{service}: the longest wait is {n} minute ({ticket}).",
            "{service}: the longest wait is {n} minutes ({ticket}).",
            alert.minutes,
            service=_service(setup, alert.service, lang),
            ticket=alert.ticket,
        )
    if alert.kind == "crowd":
        return ntr(lang, "{n} person is waiting in the hall.", "{n} people are waiting in the hall.", alert.minutes)
    if alert.kind == "no_call":
        return ntr(
            lang,
            "Window {window} has called nobody for {n} minute.",
            "Window {window} has called nobody for {n} minutes.",
            alert.minutes,
            window=alert.window,
        )
    if alert.kind == "long_serving":
        return ntr(
            lang,
            "Window {window} has been serving {ticket} for {n} minute.",
            "Window {window} has been serving {ticket} for {n} minutes.",
            alert.minutes,
            window=alert.window,
            ticket=alert.ticket,
        )
    if alert.kind == "late_back":
        return ntr(
            lang,
            "Window {window} should have been back {n} minute ago.",
            "Window {window} should have been back {n} minutes ago.",
            alert.minutes,
            window=alert.window,
        )
    if alert.kind == "series_ending":
        return ntr(
            lang,
            "{service} has {n} number left today.",
            "{service} has {n} numbers left today.",
            alert.minutes,
            service=_service(setup, alert.service, lang),
        )
    return tr(lang, "Please look at {kind}.", kind=alert.kind)


def _service(setup: Setup, code: str | None, lang: str) -> str:
    """Return a service's name, or the code of one that is no longer there."""
    spec = setup.services.get(code or "")
    return named(spec.name, spec.name_en, lang) if spec else str(code)
