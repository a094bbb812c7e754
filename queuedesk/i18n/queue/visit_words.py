"""A visit of several services in words: the wait told is that of the first one, and what comes after it is named."""

from __future__ import annotations

from collections.abc import Sequence

from queuedesk.core.setup.rows import Setup
from queuedesk.i18n.catalogue import current, tr
from queuedesk.i18n.names import service_name, windows_words


def wait_word(several: bool, lang: str | None = None) -> str:
    """Return what a wait is called beside "up to 30 min" or "no wait" on paper and at the kiosk."""
    lang = lang or current()
    return tr(lang, "First wait") if several else tr(lang, "Wait", context="ticket")


def about_word(several: bool, lang: str | None = None) -> str:
    """Return what a wait is called beside "10–15 min"."""
    lang = lang or current()
    return tr(lang, "First wait about") if several else tr(lang, "Wait about")


def then_words(service: str, lang: str | None = None) -> str:
    """Return a further service, by its name."""
    return tr(lang or current(), "Then {service}", service=service)


def step_words(setup: Setup, service: str, windows: Sequence[str], lang: str | None = None) -> str:
    """Return a service with its windows, where any serves it."""
    name, where = service_name(setup, service, lang), windows_words(setup, windows, lang)
    if where is None:
        return name
    return tr(lang or current(), "{service}, {windows}", service=name, windows=where.called)
