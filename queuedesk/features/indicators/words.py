"""The words about yearly indicators: a score always with its scale, never as a percentage, and what a reader has to
know of a year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from queuedesk.features.indicators.rules import NOT_REPORTED, UNWEIGHTED, IndicatorCaution
from queuedesk.i18n.catalogue import current_language, tr
from queuedesk.i18n.moments import codes_text, list_text


def figure_without_trailing_zeros(figure: Decimal) -> str:
    return f"{figure.normalize():f}"


def score_text(score: Decimal | None, top: Decimal, lang: str | None = None) -> str:
    """Return "85 / 100", or that it was not reported."""
    return (
        not_reported_word(lang)
        if score is None
        else f"{figure_without_trailing_zeros(score)} / {figure_without_trailing_zeros(top)}"
    )


def signed_change_text(change: Decimal | None) -> str:
    """Return "+3" or "−6.5", "" if unknown."""
    if change is None:
        return ""
    return "0" if change == 0 else f"{'+' if change > 0 else '−'}{figure_without_trailing_zeros(abs(change))}"


def not_reported_word(lang: str | None = None) -> str:
    return tr(lang or current_language(), "not reported")


def indicator_caution_sentence(kind: str, year: int | str, names: Sequence[str], lang: str | None = None) -> str:
    """Return the sentence of a Doubt, of one year or of several."""
    lang = lang or current_language()
    told: dict[str, Any] = {"year": year, "names": list_text(names, lang)}
    if kind == NOT_REPORTED:
        return tr(lang, "{year}: {names} not reported. What is missing stays missing and enters no figure.", **told)
    if kind == UNWEIGHTED:
        return tr(lang, "{year}: {names} can't be recomputed: the weights of the parts are not given.", **told)
    return tr(lang, "{year}: the stated change of {names} is not what the scores of both years give.", **told)


def caution_sentences(found: Iterable[IndicatorCaution], lang: str | None = None) -> list[str]:
    """Return the sentences of doubts; one that applies to several years appears once."""
    years: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for one in found:
        years.setdefault((one.kind, one.names), []).append(str(one.year))
    return [
        indicator_caution_sentence(kind, codes_text(own, lang), names, lang) for (kind, names), own in years.items()
    ]
