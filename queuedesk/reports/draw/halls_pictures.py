"""Halls in a period as a funnel, on screen and on paper."""

from __future__ import annotations

from queuedesk.core.charts.funnel import Funnel, FunnelPoint, Sign
from queuedesk.core.figures.halls_compared import ABOVE, BELOW, ComparedHall, HallsOfPeriod
from queuedesk.i18n import tr
from queuedesk.i18n.figures.halls_words import hall_name, points
from queuedesk.i18n.numerals import percent

TOKENS = {ABOVE: "primary", BELOW: "amber"}
SIGNS = {ABOVE: Sign("triangle", "primary", 8.0), BELOW: Sign("down", "amber", 8.0)}
RING, OWN = Sign("ring", "ink2", 4.6), Sign("own", "primary", 7.0)


def halls_funnel(of: HallsOfPeriod, lang: str) -> Funnel | None:
    """Return the picture of the halls that are compared, None where none are."""
    found = of.found
    if found.all.rate is None or not found.compared:
        return None
    target = (of.target, tr(lang, "target {share}", share=percent(of.target))) if of.target is not None else None
    return Funnel(
        points=[_point(one, of.own, lang) for one in found.compared],
        centre=found.all.rate,
        centre_name=tr(lang, "all {share}", share=percent(found.all.rate), context="funnel"),
        count_title=tr(lang, "ratings in the period"),
        target=target,
        is_filled=False,
    )


def _point(one: ComparedHall, own: str, lang: str) -> FunnelPoint:
    assert one.alike is not None
    name, is_own = hall_name(one.counts, lang), one.code == own
    named = f"{name} {points(one.alike)}" if one.is_beyond else name if is_own else ""
    sign = SIGNS.get(one.verdict, OWN if is_own else RING)
    return FunnelPoint(one.n, one.alike, named, sign, TOKENS.get(one.verdict, "primary"), bold=True)
