"""Words of imported tables: their columns, audits, indicators, other channels."""

from __future__ import annotations

import datetime as clock
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from queuedesk.core.imports.channel import Reporter
from queuedesk.core.imports.indicator import NOT_REPORTED, UNWEIGHTED, Doubt
from queuedesk.i18n.catalogue import current, mark, ntr, tr
from queuedesk.i18n.moments import codes_text, date_long, listing, month_words
from queuedesk.i18n.talk.talk_words import channel

_COLUMNS = {
    "month": mark("month", context="column name"),
    "satisfied": mark("satisfied", context="column name"),
    "dissatisfied": mark("dissatisfied", context="column name"),
    "channel": mark("channel", context="column name"),
    "period": mark("month", context="column name"),
    "service": mark("service", context="column name"),
    "count": mark("count", context="column name"),
    "indicator": mark("indicator", context="column name"),
    "score_2013": mark("score_2013", context="column name"),
}


def column_word(name: str, lang: str) -> str:
    """Return the word for a column that a file needs; other columns' names unchanged."""
    return tr(lang, _COLUMNS[name], context="column name") if name in _COLUMNS else name


# An audited table in words: each finding as one sentence that a manager understands, figures as they stand in
# reports.


# -- figures -----------------------------------------------------------------------------------------------------------


# The words about yearly indicators: a score always with its scale, never as a percentage, and what a reader has to
# know of a year.


def plain(figure: Decimal) -> str:
    """Return a figure without trailing zeros."""
    return f"{figure.normalize():f}"


def score_text(score: Decimal | None, top: Decimal, lang: str | None = None) -> str:
    """Return "85 / 100", or that it was not reported."""
    return not_reported(lang) if score is None else f"{plain(score)} / {plain(top)}"


def change_text(change: Decimal | None) -> str:
    """Return "+3" or "−6.5", "" if unknown."""
    if change is None:
        return ""
    return "0" if change == 0 else f"{'+' if change > 0 else '−'}{plain(abs(change))}"


def not_reported(lang: str | None = None) -> str:
    return tr(lang or current(), "not reported")


def doubt_text(kind: str, year: int | str, names: Sequence[str], lang: str | None = None) -> str:
    """Return the sentence of a Doubt, of one year or of several."""
    lang = lang or current()
    told: dict[str, Any] = {"year": year, "names": listing(names, lang)}
    if kind == NOT_REPORTED:
        return tr(lang, "{year}: {names} was not reported; it stays missing and enters no figure.", **told)
    if kind == UNWEIGHTED:
        return tr(lang, "{year}: {names} is given without the weights of its parts, so it can't be recomputed.", **told)
    return tr(lang, "{year}: the stated change of {names} is not what the scores of both years give.", **told)


def sentences(found: Iterable[Doubt], lang: str | None = None) -> list[str]:
    """Return the sentences of doubts; one that applies to several years appears once."""
    years: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for one in found:
        years.setdefault((one.kind, one.names), []).append(str(one.year))
    return [doubt_text(kind, codes_text(own, lang), names, lang) for (kind, names), own in years.items()]


# The words about other channels' totals: who reported, of which month or date, and what a reader has to know of a
# share.

NAMED = 3
"""So many are named in a sentence, the others counted."""


def period_words(first: clock.date, last: clock.date, lang: str | None = None) -> str:
    """Return a month or a date as people read it."""
    return month_words(first, lang) if first != last else date_long(first, lang)


def reporter_text(who: Reporter, lang: str | None = None) -> str:
    """Return a channel, with its site if it has one."""
    code, site = who
    word = channel(code, lang)
    return tr(lang or current(), "{channel} · {site}", channel=word, site=site) if site else word


def reporters_text(found: Iterable[Reporter], lang: str | None = None) -> str:
    """Return who reported, all by name or the first few and how many more."""
    lang, names = lang or current(), [reporter_text(who, lang) for who in found]
    if len(names) <= NAMED + 1:
        return listing(names, lang)
    return ntr(
        lang, "{names} and {n} more", "{names} and {n} more", len(names) - NAMED, names=listing(names[:NAMED], lang)
    )


def missing_text(month: clock.date, service: str, missing: Iterable[Reporter], lang: str | None = None) -> str:
    """Return who did not report all of a month; `service` is the service's name."""
    return tr(
        lang or current(),
        "{month}, {service}: {missing} did not report all of it, so the hall's share looks larger than it is.",
        month=month_words(month, lang),
        service=service,
        missing=reporters_text(missing, lang),
    )


def twice_text(month: clock.date, code: str, lang: str | None = None) -> str:
    """Return that a channel is listed both as a whole and by its sites."""
    return tr(
        lang or current(),
        "{month}: {channel} is there as a whole and by its sites; please check that nothing is counted twice.",
        month=month_words(month, lang),
        channel=channel(code, lang),
    )


def warning_text(warning: Mapping[str, Any], service: str = "", lang: str | None = None) -> str:
    """Return the sentence of a warning of the ledger's document; `service` is the service's name."""
    month = clock.date.fromisoformat(f"{warning['month']}-01")
    if warning["kind"] == "not_reported":
        missing = [(one["channel"], one["site"] or "") for one in warning["missing"]]
        return missing_text(month, service or warning["service"], missing, lang)
    return twice_text(month, warning["channel"], lang)
