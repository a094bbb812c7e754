"""A correction in words: each field with its old and new value."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from queuedesk.core.log.correction import EXCLUDED
from queuedesk.core.queue.ticket import Ticket
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import names
from queuedesk.i18n.catalogue import tr
from queuedesk.i18n.moments import listing, time_hm, time_hms
from queuedesk.i18n.value_refusals import field_word
from queuedesk.i18n.words import rating_level

NOTHING = "–"
SHOWN = ("started", "finished", "staff", "item", "outcome", "delivered", "form_free", "note", "rating")
TYPED = ("outcome", "note")
"""What somebody wrote freely: it may name a customer."""


def corrected_words(
    setup: Setup, ticket: Ticket, data: Mapping[str, Any], lang: str, *, typed: bool = True
) -> list[str]:
    """Return a part for each field of a `correct` event's data; without `typed`, of free words only that they
    changed."""
    parts = []
    for name in (name for name in SHOWN if name in data["new"]):
        field = field_word(name, lang)
        if name in TYPED and not typed:
            parts.append(tr(lang, "{field}: changed", field=field))
            continue
        old = correction_value(setup, ticket, name, data["old"].get(name), lang)
        now = correction_value(setup, ticket, name, data["new"][name], lang)
        parts.append(tr(lang, "{field}: {old}, now {new}", field=field, old=old, new=now))
    return parts


def correction_value(setup: Setup, ticket: Ticket, name: str, value: Any, lang: str) -> str:
    """Return a value of a correction as people read it; one that is not there as a dash."""
    if value is None or value in ("", []):
        return NOTHING
    words: dict[str, Callable[[], str]] = {
        "started": lambda: _clock(setup, value, ticket.date),
        "finished": lambda: _clock(setup, value, ticket.date),
        "staff": lambda: names.staff_name(setup, value, lang),
        "item": lambda: names.item_name(setup, ticket.service, value, lang) or str(value),
        "form_free": lambda: tr(lang, "yes") if value else tr(lang, "no"),
        "delivered": lambda: listing(value, lang),
        "rating": lambda: tr(lang, "left out") if value == EXCLUDED else rating_level(int(value), lang),
    }
    return words[name]() if name in words else str(value)


def _clock(setup: Setup, text: str, day: date) -> str:
    local = setup.local(datetime.fromisoformat(text))
    return time_hms(local) if local.date() == day else time_hm(local)
