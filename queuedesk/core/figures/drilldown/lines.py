"""Behind the measures of what made people wait, and of other channels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from queuedesk.core.figures.drilldown import rows
from queuedesk.core.figures.drilldown.rows import DayBehind, Found, OfferRow, Query
from queuedesk.core.figures.drilldown.tickets import passings
from queuedesk.core.figures.figure_path import NOTHING, Parts
from queuedesk.core.figures.measures import conditions


def stalls(parts: Parts) -> Query | None:
    """Return what finds waits for other systems of a reason, whatever became of the ticket."""
    if len(parts) != 1 and parts[1:] != ("n",):
        return None
    reason = None if parts[0] == NOTHING else parts[0]
    return Query(partial(_stalls, reason), frozenset({rows.STALLS}))


def _stalls(reason: str | None, day: DayBehind) -> Iterator[Found]:
    return (Found(one.label, at=one.at) for one in day.more.stalls if one.reason == reason)


# -- overtakings ---------------------------------------------------------------------------------------------------


def overtakes(parts: Parts) -> Query | None:
    if not parts:
        return None
    reason, rest = parts[0], parts[1:]
    if rest in ((), ("n",)):
        return passings(reason)
    needs = frozenset({rows.PASSINGS})
    finds: dict[Parts, Query] = {
        ("tickets",): Query(partial(_passed, reason), needs),
        ("most",): Query(partial(_passed, reason), needs, most=True),
    }
    return finds.get(rest)


def _passed(reason: str, day: DayBehind) -> Iterator[Found]:
    """Yield the tickets that were passed for a reason, each with how often."""
    times: dict[str, int] = {}
    for one in day.more.passings:
        if one.reason == reason:
            times[one.label] = times.get(one.label, 0) + 1
    return (Found(label, amount=n) for label, n in times.items())


# -- the longest waits ---------------------------------------------------------------------------------------------


def longest_waits(parts: Parts) -> Query | None:
    """Return what finds the ticket that a row of the longest waits names, "2026-11-19/A031"."""
    if not parts or parts[1:] not in ((), ("minutes",)):
        return None
    named = parts[0].partition("#")[0]
    return Query(partial(_waited, named), most=True, by_amount=True)


def _waited(named: str, day: DayBehind) -> Iterator[Found]:
    date, _slash, label = named.partition("/")
    if day.day.isoformat() == date:
        for leg in day.legs.get(label, ()):
            if (wait := conditions.wait_us(leg)) is not None:
                yield Found(label, leg.n, wait)


# -- other channels ------------------------------------------------------------------------------------------------


def diversion(parts: Parts) -> Query | None:
    """Return what finds offers of another way; what those channels served themselves has no tickets here."""
    channel = None
    rest = parts
    if parts[:1] == ("by_channel",) and len(parts) > 1:
        channel, rest = parts[1], parts[2:]
    tests: dict[Parts, Callable[[OfferRow], bool]] = {
        (): lambda one: one.accepted,
        ("rate",): lambda one: one.accepted,
        ("accepted",): lambda one: one.accepted,
        ("declined",): lambda one: not one.accepted,
        ("offered",): lambda _one: True,
        ("rate", "of"): lambda _one: True,
        ("rate", "rest"): lambda one: not one.accepted,
    }
    test = tests.get(rest)
    return Query(partial(_offers, channel, test), frozenset({rows.OFFERS})) if test else None


def _offers(channel: str | None, test: Callable[[OfferRow], bool], day: DayBehind) -> Iterator[Found]:
    for one in day.more.offers:
        if test(one) and channel in (None, one.to):
            yield Found(one.label if one.label in day.tickets else "", at=one.at, service=one.service)
