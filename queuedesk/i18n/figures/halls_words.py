"""What is said of halls side by side in a period."""

from __future__ import annotations

from queuedesk.core.figures.halls_compared import (
    ABOVE,
    AFTER_BEST,
    AFTER_WORST,
    BELOW,
    INSIDE,
    ONE_DAY,
    TOO_FEW,
    ComparedHall,
    HallCounts,
    HallsCompared,
    Remark,
)
from queuedesk.core.figures.satisfaction import FEWEST_RANKED, Difference, Rate
from queuedesk.i18n import _, date_short, n_, named
from queuedesk.i18n.numerals import UNKNOWN, percent, whole


def hall_name(one: HallCounts) -> str:
    return named(one.name, one.name_en)


def service_name(key: str) -> str:
    """Return "A Pay a bill" for a service's key."""
    code, *names = key.split("\n")
    return f"{code} {named(*names)}" if len(names) == 2 else code


def lies_word(verdict: str) -> str:
    """Return where a hall lies; nothing is said between the lines but that it lies there."""
    return {
        ABOVE: _("above", context="halls"),
        BELOW: _("below", context="halls"),
        INSIDE: _("inside", context="halls"),
        TOO_FEW: _("too few", context="halls"),
    }.get(verdict, _("nothing alike", context="halls"))


def points(share: float | None) -> str:
    """Return a share in percent with one decimal, without its sign."""
    return percent(share)


def pct(share: float | None) -> str:
    """Return a share with its sign."""
    return UNKNOWN if share is None else f"{percent(share)} %"


def mix_line(found: HallsCompared) -> str:
    """Return what like for like does to the order, in halls."""
    if not found.services:
        return _("No service has enough ratings in several halls to compare them like for like.")
    n, of = len(found.moved), len(found.compared)
    if not n:
        return _("As counted, every hall would stand on the same side.")
    return n_(
        "As counted, {n} of {of} halls would stand elsewhere: on another side of the line of all or of chance.",
        "As counted, {n} of {of} halls would stand elsewhere: on another side of the line of all or of chance.",
        n,
        of=of,
    )


def all_line(found: HallsCompared) -> str:
    """Return the rate of all halls together."""
    ratings = n_("{n} rating", "{n} ratings", found.all.n)
    return _("All {n} halls: {share}, {ratings}", n=len(found.halls), share=pct(found.all.rate), ratings=ratings)


def hall_line(one: ComparedHall) -> str:
    """Return a hall in a line."""
    parts = [one.code, hall_name(one.counts), n_("{n} rating", "{n} ratings", one.found.n)]
    if one.found.n:
        parts.append(_("counted {share}", share=pct(one.found.rate)))
    if one.alike is not None:
        parts.append(_("like for like {share}", share=pct(one.alike)))
    parts.append(lies_word(one.verdict))
    if one.before.n:
        parts.append(_("before {share}", share=pct(one.before.rate), context="halls"))
    return "  ".join(parts)


def spoken(one: ComparedHall) -> str:
    """Return a point of the funnel as it is read out: "Old Town, 2,210 ratings, 93.9, below"."""
    ratings = n_("{number} rating", "{number} ratings", one.n, number=whole(one.n))
    return ", ".join([hall_name(one.counts), ratings, points(one.alike), lies_word(one.verdict)])


def remark(found: HallsCompared, one: Remark) -> tuple[str, str]:
    """Return a remark's heading and what is to be known."""
    hall = found.hall(one.code)
    name = hall_name(hall.counts) if hall is not None else one.code
    if one.kind == ONE_DAY and one.day is not None and one.then is not None and one.rest is not None:
        return _one_day(name, hall, one)
    if one.kind in (AFTER_BEST, AFTER_WORST) and one.change is not None and one.own is not None:
        return _returned(name, one)
    heading = _("{hall}: {n} ratings are too few", hall=name, n=one.now.n)
    return heading, _(
        "{n} of {n} alike say little: the rate of all its customers may be {low} to {high}. It is compared from {least} on.",
        n=one.now.n,
        low=pct(one.now.low),
        high=pct(one.now.high),
        least=FEWEST_RANKED,
    )


def _one_day(name: str, hall: ComparedHall | None, one: Remark) -> tuple[str, str]:
    assert one.day is not None and one.then is not None and one.rest is not None
    heading = _("{hall}: one extraordinary day, {date}", hall=name, date=date_short(one.day))
    facts = _(
        "That day {share} of {n}; without it {rest} instead of {now} as counted.",
        share=pct(one.then.rate),
        n=one.then.n,
        rest=pct(one.rest.rate),
        now=pct(one.now.rate),
    )
    if hall is None or hall.verdict == one.rest_verdict:
        word = _("It lies where it lay without that day too.")
    else:
        word = _("Without it the hall lies {lies}: look at the day first.", lies=lies_word(one.rest_verdict))
    return heading, f"{facts} {word}"


def _returned(name: str, one: Remark) -> tuple[str, str]:
    assert one.change is not None and one.own is not None and one.then is not None
    far = percent(abs(one.change.difference or 0.0))
    then, own = pct(one.then.rate), pct(one.own.rate)
    if one.kind == AFTER_BEST:
        heading = _("{hall} fell {points} points after its best time", hall=name, points=far)
        why = _(
            "Part of a fall after a best time is chance coming back: {then} was above its own {own}.",
            then=then,
            own=own,
        )
    else:
        heading = _("{hall} rose {points} points after its worst time", hall=name, points=far)
        why = _(
            "Part of a rise after a worst time is chance coming back: {then} was below its own {own}. It proves no mending.",
            then=then,
            own=own,
        )
    return heading, f"{why} {_against_own(one.now, one.from_own)}"


def _against_own(now: Rate, from_own: Difference | None) -> str:
    if from_own is None or from_own.low is None or from_own.high is None or from_own.difference is None:
        return ""
    if from_own.low <= 0 <= from_own.high:
        return _("Against its own earlier times: can't tell.")
    far = percent(abs(from_own.difference))
    if from_own.difference < 0:
        return _("It is {points} points below its own earlier times too, more than chance.", points=far)
    return _("It is {points} points above its own earlier times too, more than chance.", points=far)
