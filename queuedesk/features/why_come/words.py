"""Words of what people come for and where else they could have gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queuedesk.core.figures.satisfaction import ShareWithInterval
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.sentences import MACHINE, PARTNER, PHONE, Name, Partner
from queuedesk.features.why_come import rules
from queuedesk.i18n import moments
from queuedesk.i18n.catalogue import current_language, mark, ntr, tr
from queuedesk.i18n.figures.figure_titles import DOT
from queuedesk.i18n.names import item_name, percent_text, service_name, whole_number_text

_WAYS = {
    MACHINE: mark("machine", context="way to go"),
    PARTNER: mark("partner’s window", context="way to go"),
    PHONE: mark("phone", context="way to go"),
    rules.UNKNOWN: mark("unknown", context="way to go"),
}


def way_word(way: str, lang: str | None = None) -> str:
    """Return "machine", "partner’s window", "phone" or "unknown"; "here" for what needs a person."""
    lang = lang or current_language()
    return tr(lang, _WAYS[way], context="way to go") if way in _WAYS else tr(lang, "here", context="way to go")


def item_title(setup: Setup, name: Name, lang: str | None = None) -> str:
    """Return "A Pay a bill · Print an invoice", only the service without an item."""
    service, item = name
    said = service_name(setup, service, lang)
    return f"{said}{DOT}{item_name(setup, service, item, lang)}" if item else said


def came_again_text(one: rules.ItemAdvice, lang: str | None = None) -> str:
    """Return how many came again, "14 again, 2.3 %", without a rate of few."""
    lang = lang or current_language()
    n = ntr(lang, "{n} came again", "{n} came again", one.again.n)
    return n if one.again.rate is None else f"{n}, {percent_text(one.again.rate)} %"


def visits_by_way_text(one: rules.ItemAdvice, lang: str | None = None) -> str:
    """Return "428 machine · 122 phone · 62 here", or why nothing could have taken any."""
    lang = lang or current_language()
    parts = [f"{whole_number_text(own.visits)} {way_word(way, lang)}" for way, own in one.ways.items() if own.visits]
    here = sum(one.here.values())
    if parts and here:
        parts.append(f"{whole_number_text(here)} {way_word('here', lang)}")
    if parts and one.unknown:
        parts.append(f"{whole_number_text(one.unknown)} {way_word('unknown', lang)}")
    return DOT.join(parts) if parts else why_person_needed_text(one, lang)


def why_person_needed_text(one: rules.ItemAdvice, lang: str | None = None) -> str:
    """Return why visits need a person."""
    lang = lang or current_language()
    if one.unknown and not one.here:
        return tr(lang, "unknown: nobody noted what for")
    if rules.CLOSED in one.here and rules.NO_PLACE not in one.here:
        return tr(lang, "none: closed when they came")
    return tr(lang, "none: needs a person")


def offer_acceptance_rate_text(one: ShareWithInterval, lang: str | None = None) -> str:
    """Return "18 %, 13–23 %" of a rate; of few that there is none yet."""
    lang = lang or current_language()
    if one.rate is None or one.low is None or one.high is None:
        return tr(lang, "no rate under {n} offers", n=rules.FEWEST)
    return (
        f"{percent_text(one.rate, 0)} %, {moments.figure_range(percent_text(one.low, 0), percent_text(one.high, 0))} %"
    )


def item_verdict_text(one: rules.ItemAdvice, days: int, lang: str | None = None) -> str:
    """Return what to do about an item, in a sentence."""
    lang = lang or current_language()
    saving = one.saving
    if one.verdict is rules.ItemVerdict.SAVES and saving is not None and days:
        a_day = ntr(lang, "{n} minute a day", "{n} minutes a day", round(saving.minutes / days))
        return tr(
            lang,
            "What people accept saves {minutes} ({range}), not {dream}.",
            minutes=a_day,
            range=moments.figure_range(whole_number_text(saving.low / days), whole_number_text(saving.high / days)),
            dream=whole_number_text(one.avoidable_window_minutes / days),
        )
    texts = {
        rules.ItemVerdict.TOO_FEW: tr(lang, "Too few visits to say anything."),
        rules.ItemVerdict.NOTHING: tr(lang, "Nothing to fix here."),
        rules.ItemVerdict.UNNOTED: tr(
            lang, "Nobody noted what these people came for, so where else they could go is unknown."
        ),
        rules.ItemVerdict.REPEATS: tr(lang, "Nothing to send away; fix the repeats instead."),
        rules.ItemVerdict.OFFER: tr(
            lang, "Could go elsewhere; what that saves is known once {n} were offered it.", n=rules.FEWEST
        ),
        rules.ItemVerdict.NOT_TAKEN: tr(lang, "Offered, and never accepted: nothing is saved."),
        rules.ItemVerdict.SAVES: "",
    }
    return texts[one.verdict]


def could_have_gone_text(found: rules.WhereElseAdvice, lang: str | None = None) -> str:
    """Return "2,414 of 4,489 visits could have gone elsewhere"; without a directory that there is none."""
    lang = lang or current_language()
    if not found.places:
        return tr(lang, "The directory of other places is empty: nobody can say where else people could have gone.")
    said = tr(
        lang,
        "{n} of {of} visits could have gone elsewhere",
        n=whole_number_text(found.elsewhere_visit_count),
        of=whole_number_text(found.visit_count),
    )
    if not found.unknown_visit_count:
        return said
    n = ntr(lang, "of {n} nobody noted what for", "of {n} nobody noted what for", found.unknown_visit_count)
    return tr(lang, "; ", context="list").join((said, n))


def place_services_text(setup: Setup, one: Partner, lang: str | None = None) -> str:
    """Return what a place takes, by name."""
    words = []
    for code in one.takes:
        service, _slash, item = code.partition("/")
        spec = setup.services.get(service)
        words.append(item_name(setup, service, item, lang) if item and spec else service_name(setup, service, lang))
    return moments.list_text(words, lang or current_language())


def partner_import_text(told: Mapping[str, int], lang: str | None = None) -> str:
    """Return what a table of places is to the directory: "62 places: 60 new, 1 changed, 1 as they were"."""
    lang = lang or current_language()
    kinds: dict[str, Any] = {key: told[key] for key in ("new", "changed", "same")}
    each = tr(lang, "{new} new, {changed} changed, {same} as they were", **kinds)
    return ntr(lang, "{n} place: {told}", "{n} places: {told}", told["rows"], told=each)
