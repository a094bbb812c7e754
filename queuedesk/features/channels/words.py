"""The words about other channels' totals: who reported, of which month or date, and what a reader has to know of a
share."""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterable, Mapping
from typing import Any

from queuedesk.core.imports import Reporter
from queuedesk.i18n import talk
from queuedesk.i18n.catalogue import current_language, ntr, tr
from queuedesk.i18n.moments import date_long, list_text, month_and_year

NAMED = 3
"""So many are named in a sentence, the others counted."""


def month_or_date_text(first: clock.date, last: clock.date, lang: str | None = None) -> str:
    """Return a month or a date as people read it."""
    return month_and_year(first, lang) if first != last else date_long(first, lang)


def channel_and_site_text(who: Reporter, lang: str | None = None) -> str:
    """Return a channel, with its site if it has one."""
    code, site = who
    word = talk.offered_channel_word(code, lang)
    return tr(lang or current_language(), "{channel} · {site}", channel=word, site=site) if site else word


def reporters_text(found: Iterable[Reporter], lang: str | None = None) -> str:
    """Return who reported, all by name or the first few and how many more."""
    lang, names = lang or current_language(), [channel_and_site_text(who, lang) for who in found]
    if len(names) <= NAMED + 1:
        return list_text(names, lang)
    return ntr(
        lang, "{names} and {n} more", "{names} and {n} more", len(names) - NAMED, names=list_text(names[:NAMED], lang)
    )


def missing_reporters_text(
    month: clock.date, service: str, missing: Iterable[Reporter], lang: str | None = None
) -> str:
    """Return who did not report all of a month; `service` is the service's name."""
    return tr(
        lang or current_language(),
        "{month}, {service}: {missing} did not report all of it, so the hall's share looks larger than it is.",
        month=month_and_year(month, lang),
        service=service,
        missing=reporters_text(missing, lang),
    )


def counted_twice_text(month: clock.date, code: str, lang: str | None = None) -> str:
    """Return that a channel is listed both as a whole and by its sites."""
    return tr(
        lang or current_language(),
        "{month}: {channel} is there as a whole and by its sites; please check that nothing is counted twice.",
        month=month_and_year(month, lang),
        channel=talk.offered_channel_word(code, lang),
    )


def warning_text(warning: Mapping[str, Any], service: str = "", lang: str | None = None) -> str:
    """Return the sentence of a warning of the ledger's document; `service` is the service's name."""
    month = clock.date.fromisoformat(f"{warning['month']}-01")
    if warning["kind"] == "not_reported":
        missing = [(one["channel"], one["site"] or "") for one in warning["missing"]]
        return missing_reporters_text(month, service or warning["service"], missing, lang)
    return counted_twice_text(month, warning["channel"], lang)
