"""A target in words: what it measures, its figure with the unit, and the result; other places that take a matter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from queuedesk.core.figures.targets import (
    FIRST_VISIT,
    MEAN_WAIT,
    MEDIAN_WAIT,
    P90_WAIT,
    SATISFACTION,
    SERVED,
    WAITS,
    WITHIN_TARGET,
    Verdict,
    measure_of,
)
from queuedesk.core.setup.rows import Setup
from queuedesk.core.setup.sentences import Name, Partner, takers_of
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.i18n.catalogue import current, mark, ntr, tr
from queuedesk.i18n.moments import named
from queuedesk.i18n.names import item_name
from queuedesk.i18n.numerals import whole

_MEASURES = {
    SATISFACTION: mark("Satisfaction rate", context="measure"),
    WITHIN_TARGET: mark("Called within the target", context="measure"),
    SERVED: mark("Served rate", context="measure"),
    FIRST_VISIT: mark("Settled at the first visit", context="measure"),
    MEAN_WAIT: mark("Mean wait", context="measure"),
    MEDIAN_WAIT: mark("Median wait", context="measure"),
    P90_WAIT: mark("Wait of nine in ten", context="measure"),
}
_MEANINGS = {
    SATISFACTION: mark("satisfied ÷ all ratings; who did not rate counts in neither", context="measure"),
    WITHIN_TARGET: mark("called within the waiting target ÷ (called + left uncalled after longer)", context="measure"),
    SERVED: mark("finished ÷ (issued − void)", context="measure"),
    FIRST_VISIT: mark("finished without a transfer and without coming again ÷ finished", context="measure"),
    MEAN_WAIT: mark("to the first call, on average", context="measure"),
    MEDIAN_WAIT: mark("to the first call; half of them wait no longer", context="measure"),
    P90_WAIT: mark("to the first call; nine of ten wait no longer", context="measure"),
}
_VERDICTS = {
    Verdict.MET: mark("met", context="target"),
    Verdict.NOT_MET: mark("not met", context="target"),
    Verdict.CANNOT_TELL: mark("can't tell", context="target"),
}


def measure_word(text: object, lang: str | None = None) -> str:
    """Return the name of a measure; an old one that was free text unchanged."""
    measure = measure_of(text)
    return str(text) if measure is None else tr(lang or current(), _MEASURES[measure], context="measure")


def measure_meaning(measure: str, lang: str | None = None) -> str:
    """Return which numbers a measure divides, or when its minutes end."""
    return tr(lang or current(), _MEANINGS[measure], context="measure")


def goal_text(measure: str, figure: str, lang: str | None = None) -> str:
    """Return "at least 98 %" or "at most 15 min"; `figure` is a share in percent, or minutes."""
    if measure_of(measure) in WAITS:
        return tr(lang or current(), "at most {figure} min", context="target", figure=figure)
    return tr(lang or current(), "at least {figure} %", context="target", figure=figure)


def with_unit(measure: str, figure: str, lang: str | None = None) -> str:
    """Return "98 %" or "15 min"."""
    if measure_of(measure) in WAITS:
        return tr(lang or current(), "{minutes} min", minutes=figure)
    return f"{figure} %"


def goal_figure(measure: str, value: float) -> str:
    """Return a target's figure as it is written: a share of 0.985 is "98.5", whole figures have no decimals."""
    shown = value if measure_of(measure) in WAITS else value * 100
    return f"{round(shown, 4):g}"


def verdict_word(verdict: Verdict, lang: str | None = None) -> str:
    """Return the word for whether a target is met."""
    return tr(lang or current(), _VERDICTS[verdict], context="target")


DOT = " · "


def lettered_item(setup: Setup, name: Name, lang: str | None = None) -> str:
    """Return "A · Print an invoice" for a list: the service's letter with the item, or with its own name."""
    service, item = name
    spec = setup.services.get(service)
    own = item_name(setup, service, item, lang) if item else named(spec.name, spec.name_en, lang) if spec else service
    return f"{spec.prefix if spec else service}{DOT}{own}"


def distance_text(one: Partner, lang: str | None = None) -> str:
    """Return "350 m", "in the hall", "" where nobody said."""
    if one.distance_m is None:
        return ""
    return tr(lang or current(), "in the hall") if not one.distance_m else f"{whole(one.distance_m)} m"


def offers_of(setup: Setup, name: Name, local: datetime, lang: str | None = None) -> list[tuple[str, str]]:
    """Return the channels to offer for an item, those that the hall wants offered first, each with the nearest place of
    the directory that takes it and is open now, "" without one."""
    service = setup.services.get(name[0])
    wanted = service.elsewhere if service else ()
    takers = [one for own in takers_of(setup.partners.values(), name).values() for one in own if one.is_open(local)]
    nearest = {one.kind: one for one in reversed(takers)}
    return [
        (code, _place_text(nearest[code], lang) if code in nearest else "")
        for code in (*wanted, *(one for one in CHANNELS if one not in wanted))
    ]


def _place_text(one: Partner, lang: str | None) -> str:
    return DOT.join(filter(None, (named(one.name, one.name_en, lang), distance_text(one, lang))))


def partners_text(told: Mapping[str, int], lang: str | None = None) -> str:
    """Return what a table of places is to the directory: "62 places: 60 new, 1 changed, 1 as they were"."""
    lang = lang or current()
    kinds: dict[str, Any] = {key: told[key] for key in ("new", "changed", "same")}
    each = tr(lang, "{new} new, {changed} changed, {same} as they were", **kinds)
    return ntr(lang, "{n} place: {told}", "{n} places: {told}", told["rows"], told=each)
