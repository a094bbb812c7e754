"""What finds the tickets behind a figure, by what its path says below the figure's name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from queuedesk.core.figures.drilldown import rows
from queuedesk.core.figures.drilldown.rows import DayBehind, Find, Found, OfferRow, Query, RatingRow
from queuedesk.core.figures.figure_path import NOTHING, Parts
from queuedesk.core.figures.measures import conditions
from queuedesk.core.figures.measures.day import legs_alike
from queuedesk.core.figures.measures.figure import SPREAD, Figure, Number, Split, Test, Time
from queuedesk.core.figures.measures.figures import (
    BY_SERVICE,
    BY_STAFF,
    BY_WINDOW,
    FIGURES,
    LEFT_OUT,
    STEPS,
)
from queuedesk.core.figures.measures.rows import TicketRow
from queuedesk.core.figures.measures.spans import lost_stays
from queuedesk.core.figures.measures.times import SECOND_US, micros
from queuedesk.core.figures.measures.within_target import CALLED_IN_TIME
from queuedesk.core.figures.satisfaction import SATISFIED_LEVELS
from queuedesk.core.waits.promise_bounds import interval_score

Of = Callable[[Parts], Query | None]


def _share(n: Find, of: Find, parts: Parts) -> Query | None:
    """Return what finds a share's numerator ("n", "rate" or nothing), denominator, or what it lacks."""
    key = ".".join(parts)
    if key in ("", "n", "rate"):
        return Query(n)
    if key in ("rest", "rate.rest"):
        return Query(partial(_rest, n, of))
    return Query(of) if key in ("of", "rate.of") else None


def _rest(n: Find, of: Find, day: DayBehind) -> Iterator[Found]:
    """Yield what is in the denominator and not in the numerator."""
    counted = set(n(day))
    return (one for one in of(day) if one not in counted)


# -- figures by their specifications -----------------------------------------------------------------------------------


def of_figure(figure: Figure, parts: Parts) -> Query | None:
    """Return the query for what a Figure counts or measures."""
    for split in figure.splits:
        if not split.key:
            is_row = parts and (not split.order or parts[0] in split.order)
            return _counted(figure, split, parts[0], parts[1:]) if is_row else None
        if parts[:1] == (split.key,):
            return _counted(figure, split, parts[1], parts[2:]) if len(parts) > 1 else None
    if not parts and figure.parts and not figure.is_share:
        parts = (figure.parts[0],)
    found = _counted(figure, None, "", parts)
    if found is None and parts and parts[0] in (figure.parts or ()) and parts[0] in _BESIDE:
        return _BESIDE[parts[0]](parts[1:])
    return found


def _counted(figure: Figure, split: Split | None, name: str, parts: Parts) -> Query | None:
    among: Test = figure.of
    if split is not None:
        of, by, named = figure.of, split.by, split.named(name)
        among = lambda rows, one: of(rows, one) and by(rows, one) == named  # noqa: E731
    needs = frozenset({rows.WHOLE}) if split is not None and split.whole else frozenset[str]()
    if figure.is_share:
        n = _number(figure.numbers["n"], among, figure.of_legs)
        part = _share(n.find, _fits(among, figure.of_legs), parts)
        if part is not None:
            return replace(part, needs=part.needs | n.needs | needs)
    own = [name for name in figure.numbers if split is None or split.has(name)]
    if not figure.is_share and not parts:
        parts = (own[0],)
    number = figure.numbers[parts[0]] if parts and parts[0] in own else None
    tells_spread = isinstance(number, Time) and number.shown == SPREAD
    if number is None or (
        parts[1:] and not (tells_spread and parts[2:] == () and parts[1] in ("n", "mean", "median", "p90", "max"))
    ):
        return None
    found = _number(number, among, number.legs or figure.of_legs)
    return replace(found, needs=found.needs | needs, most=parts[1:] == ("max",))


def _number(number: Number, among: Test, of_legs: bool) -> Query:
    """Return what finds the tickets or legs `among` which a number counts, or whose times it tells."""
    if isinstance(number, Time):
        return Query(partial(_took, number, among, of_legs), by_amount=True)
    fits = number.fits
    needs = frozenset({rows.WHOLE}) if number.whole else frozenset[str]()
    return Query(_fits(lambda rows, one: among(rows, one) and fits(rows, one), of_legs), needs)


def _fits(test: Test, of_legs: bool) -> Find:
    if of_legs:
        return rows.legs(lambda day, leg: test(day.rows, leg))
    return rows.tickets(lambda day, ticket: test(day.rows, ticket))


def _took(number: Time, among: Test, of_legs: bool, day: DayBehind) -> Iterator[Found]:
    """Yield the tickets or legs that took such a time, each with it; of a sum those that add to it."""
    those: Sequence[Any] = day.rows.legs if of_legs else day.rows.tickets
    for one in those:
        if among(day.rows, one):
            for amount in number.of(day.rows, legs_alike([one]) if of_legs else [one]):
                if amount or number.shown == SPREAD:
                    yield Found(one.label, one.n if of_legs else None, amount)


# -- steps at windows, by service, window and clerk --------------------------------------------------------------------

_TIME_PATHS: Mapping[Parts, Parts] = {(): (), ("rest",): ("rest",), ("late",): ("rest",), ("of",): ("of",)}
"""What may stand behind "within_target"."""


def of_all(name: str, parts: Parts) -> Query | None:
    """Return the query for the steps in wait, way or handling of all of them."""
    return _steps((), (name, *parts))


def of_service(parts: Parts) -> Query | None:
    return _steps((BY_SERVICE, parts[0]), parts[1:]) if parts else None


def _steps(where: Parts, parts: Parts) -> Query | None:
    if parts[:2] != ("wait", "within_target"):
        return of_figure(STEPS, (*where, *parts))
    shown = _TIME_PATHS.get(parts[2:])
    return None if shown is None else _called_in_time(shown, where)


def _called_in_time(parts: Parts, where: Parts = ()) -> Query | None:
    in_time, called, late = (
        query.find
        for name in ("in_time", "called", "left_late")
        if (query := of_figure(CALLED_IN_TIME, (*where, name)))
    )
    return _share(in_time, lambda day: chain(called(day), late(day)), parts)


def _service_level(parts: Parts) -> Query | None:
    return of_figure(LEFT_OUT, parts) if parts == ("left_early",) else _called_in_time(parts)


def windows(parts: Parts) -> Query | None:
    if parts[1:] == ("serving_minutes",):
        return Query(partial(_served_at, parts[0]), frozenset({rows.STAYS, rows.WHOLE}), by_amount=True)
    return of_figure(STEPS, (BY_WINDOW, *parts))


def _served_at(window: str, day: DayBehind) -> Iterator[Found]:
    for stay in day.more.stays:
        if stay.window == window and stay.served is not None:
            end = day.rows.until if stay.end is None else micros(stay.end)
            yield Found(stay.label, stay.leg, end - micros(stay.served))


def staff(parts: Parts) -> Query | None:
    if parts[1:] == ("redirect_minutes",):
        return _lost_minutes(parts[0])
    return ratings(parts[2:], parts[0]) if parts[1:2] == ("ratings",) else of_figure(STEPS, (BY_STAFF, *parts))


def redirects(parts: Parts) -> Query | None:
    if parts == ("minutes_lost",):
        return _lost_minutes()
    if parts in ((), ("n",)):
        return of_figure(STEPS, ("redirected_away",))
    is_row = parts[0] == "by_service" and len(parts) == 2
    return of_figure(STEPS, (BY_SERVICE, parts[1], "redirected_away")) if is_row else None


def _lost_minutes(staff: str | None = None) -> Query:
    """Return what finds the visits that were at a window for the wrong line, of a clerk or of all, each with the time
    lost."""
    return Query(partial(_lost, staff), frozenset({rows.LOST_STAYS}), by_amount=True)


def _lost(staff: str | None, day: DayBehind) -> Iterator[Found]:
    for stay, lost in lost_stays(day.more.stays):
        if staff is None or stay.staff == staff:
            yield Found(stay.label, stay.leg, lost)


# -- half-hours --------------------------------------------------------------------------------------------------------


def hours(parts: Parts) -> Query | None:
    if not parts:
        return None
    label, _mark, nth = parts[0].partition("#")
    slot = (label, int(nth) - 1 if nth.isdecimal() else 0)
    finds: dict[str, Query] = {
        "arrivals": Query(partial(_arrived, slot)),
        "calls": Query(partial(_called, slot, False)),
        "mean_wait": Query(partial(_called, slot, True), by_amount=True),
    }
    return finds.get(".".join(parts[1:]) or "arrivals")


def heat(parts: Parts) -> Query | None:
    """Return the query for the calls of a weekday (1 Monday … 7 Sunday) and half-hour, "3.10:30", that are in its mean
    wait."""
    if len(parts) != 2 or not parts[0].isdecimal():
        return None
    return Query(partial(_on_weekday, int(parts[0]), parts[1]), by_amount=True)


def _on_weekday(weekday: int, label: str, day: DayBehind) -> Iterator[Found]:
    if day.day.isoweekday() != weekday:
        return
    for leg in day.rows.legs:
        wait = conditions.wait_us(leg)
        if leg.called is not None and wait is not None:
            at = day.rows.half_hours.at(leg.called)
            if 0 <= at < len(day.rows.half_hours.slots) and day.rows.half_hours.slots[at][1] == label:
                yield Found(leg.label, leg.n, wait)


def _in_slot(day: DayBehind, slot: tuple[str, int], moment: int) -> bool:
    at = day.rows.half_hours.at(moment)
    return 0 <= at < len(day.rows.half_hours.slots) and day.rows.half_hours.slots[at][1:] == slot


def _arrived(slot: tuple[str, int], day: DayBehind) -> Iterator[Found]:
    return (Found(ticket.label) for ticket in day.rows.tickets if _in_slot(day, slot, ticket.arrived))


def _called(slot: tuple[str, int], counting: bool, day: DayBehind) -> Iterator[Found]:
    for leg in day.rows.legs:
        wait = conditions.wait_us(leg)
        if leg.called is not None and (wait is not None or not counting) and _in_slot(day, slot, leg.called):
            yield Found(leg.label, leg.n, wait if counting else None)


# -- ratings and further questions -------------------------------------------------------------------------------------


def ratings(parts: Parts, staff: str | None = None) -> Query | None:
    """Return the query for ratings, of one clerk or of all; for the rate, the satisfied ones."""
    key, needs = ".".join(parts), frozenset({rows.RATINGS})
    if key == "unrated":
        return Query(rows.tickets(partial(is_unrated, staff)))
    wanted: frozenset[int] | None = None
    if key in ("satisfied", "rate"):
        wanted = frozenset(SATISFIED_LEVELS)
    elif key in ("dissatisfied", "rate.rest"):
        wanted = frozenset(range(1, 6)) - frozenset(SATISFIED_LEVELS)
    elif parts[:1] == ("levels",) and len(parts) == 2 and parts[1].isdecimal():
        wanted = frozenset({int(parts[1])})
    elif key not in ("", "n", "rate.of", "low", "high"):
        return None
    find = rows.rated(lambda one: (staff is None or one.staff == staff) and (wanted is None or one.level in wanted))
    return Query(find, needs)


def is_unrated(staff: str | None, day: DayBehind, ticket: TicketRow) -> bool:
    return conditions.is_unrated(ticket) and (staff is None or day.rows.last_legs[ticket.label].staff == staff)


_ANSWERS: dict[str, Callable[[RatingRow], int | None]] = {
    "attitude": lambda one: one.attitude,
    "competence": lambda one: one.competence,
}


def _questions(parts: Parts) -> Query | None:
    answer = _ANSWERS.get(parts[0]) if parts else None
    if answer is None:
        return None
    rest, needs = parts[1:], frozenset({rows.RATINGS})
    if rest in ((), ("n",)):
        return Query(rows.rated(lambda one: answer(one) is not None), needs)
    if rest[:1] == ("levels",) and len(rest) == 2 and rest[1].isdecimal():
        level = int(rest[1])
        return Query(rows.rated(lambda one: answer(one) == level), needs)
    return None


# -- people without a number -------------------------------------------------------------------------------------------


def not_ready(parts: Parts) -> Query | None:
    needs = frozenset({rows.NOT_READY})
    if ".".join(parts) in ("", "n"):
        return Query(lambda day: _without_number(day.more.not_ready), needs)
    if parts[0] == "by_service" and len(parts) == 2:
        return Query(lambda day: _without_number(o for o in day.more.not_ready if o.service == parts[1]), needs)
    return None


def _without_number(who: Iterable[rows.NoTicket]) -> Iterator[Found]:
    return (Found("", at=one.at, service=one.service) for one in who)


def no_number() -> Query:
    return Query(lambda day: _without_number(day.more.opinions), frozenset({rows.OPINIONS}))


# -- overtakings, the longest waits, waits for other systems -----------------------------------------------------------


def overtakes(parts: Parts) -> Query | None:
    key = ".".join(parts)
    if key == "max":
        return Query(_passed_often, most=True)
    if key in ("", "tickets"):
        return Query(rows.tickets(lambda _day, ticket: ticket.overtaken > 0))
    if parts[0] == "by_reason" and len(parts) == 2:
        return passings(parts[1])
    return None


def passings(reason: str) -> Query:
    """Return the query for every overtaking for a reason."""
    return Query(
        lambda day: (Found(one.label, at=one.at, by=one.by) for one in day.more.passings if one.reason == reason),
        frozenset({rows.PASSINGS}),
    )


def _passed_often(day: DayBehind) -> Iterator[Found]:
    return (Found(t.label, amount=t.overtaken) for t in day.rows.tickets if t.overtaken)


def _overtakes(parts: Parts) -> Query | None:
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


def _longest_waits(parts: Parts) -> Query | None:
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


def _stalls(parts: Parts) -> Query | None:
    """Return what finds waits for other systems of a reason, whatever became of the ticket."""
    if len(parts) != 1 and parts[1:] != ("n",):
        return None
    reason = None if parts[0] == NOTHING else parts[0]
    return Query(partial(_stalled, reason), frozenset({rows.STALLS}))


def _stalled(reason: str | None, day: DayBehind) -> Iterator[Found]:
    return (Found(one.label, at=one.at) for one in day.more.stalls if one.reason == reason)


# -- other channels ----------------------------------------------------------------------------------------------------


def _diversion(parts: Parts) -> Query | None:
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


# -- how good the waits were that tickets were told --------------------------------------------------------------------

Told = tuple[int, int, int, int]
"""Lower and upper end of the range, the single figure, the wait; in microseconds."""
Where = Callable[[DayBehind, TicketRow], bool]


def _promise(parts: Parts) -> Query | None:
    """Return what finds the rows behind a figure of "promise" of the measures."""
    where: Where = lambda _day, _ticket: True  # noqa: E731
    if parts[:1] in (("services",), ("half_hours",)):
        if len(parts) < 2:
            return None
        where, parts = (_of_service if parts[0] == "services" else _of_half_hour)(parts[1]), parts[2:]
    key = ".".join(parts)
    amounts = {"mean_width": _width, "interval_score": _score, "mae": _off}
    if key in amounts:
        return Query(partial(_each, where, amounts[key]), by_amount=True)
    if key == "naive.mae":
        return Query(partial(_naive, where), by_amount=True)
    if key == "naive.n":
        return Query(rows.tickets(lambda day, ticket: where(day, ticket) and _naive_off(day, ticket) is not None))
    share = key.removesuffix(".of").removesuffix(".rest")
    if share in _OUTSIDE:
        test = _OUTSIDE[share]
        if key.endswith(".rest"):
            test = partial(_inside, test)
        elif key.endswith(".of"):
            test = _any
        return Query(partial(_fitting, where, test))
    return Query(partial(_fitting, where, _any)) if key in ("", "n") else None


def _of_service(code: str) -> Where:
    return lambda day, ticket: day.legs[ticket.label][0].service == code


def _of_half_hour(name: str) -> Where:
    label, _mark, nth = name.partition("#")

    def test(day: DayBehind, ticket: TicketRow) -> bool:
        at = day.rows.half_hours.at(ticket.arrived)
        return day.rows.half_hours.slots[at][1:] == (label, int(nth or 1) - 1)

    return test


def _any(_told: Told) -> bool:
    return True


def _inside(test: Callable[[Told], bool], told: Told) -> bool:
    return not test(told)


_OUTSIDE: dict[str, Callable[[Told], bool]] = {
    "late": lambda told: told[3] > told[1],
    "early": lambda told: told[3] < told[0],
}


def _told(day: DayBehind, ticket: TicketRow) -> Told | None:
    known, called = conditions.promise_us(ticket), day.rows.called.get(ticket.label)
    return None if known is None or called is None else (*known, called - ticket.arrived)


def _fitting(where: Where, test: Callable[[Told], bool], day: DayBehind) -> Iterator[Found]:
    for ticket in day.rows.tickets:
        told = _told(day, ticket)
        if told is not None and test(told) and where(day, ticket):
            yield Found(ticket.label)


def _each(where: Where, amount: Callable[[Told], float], day: DayBehind) -> Iterator[Found]:
    for ticket in day.rows.tickets:
        told = _told(day, ticket)
        if told is not None and where(day, ticket):
            yield Found(ticket.label, amount=round(amount(told)))


def _naive(where: Where, day: DayBehind) -> Iterator[Found]:
    for ticket in day.rows.tickets:
        off = _naive_off(day, ticket)
        if off is not None and where(day, ticket):
            yield Found(ticket.label, amount=off)


def _naive_off(day: DayBehind, ticket: TicketRow) -> int | None:
    told = _told(day, ticket)
    if told is None or ticket.promise_naive_s is None:
        return None
    return abs(told[3] - ticket.promise_naive_s * SECOND_US)


def _width(told: Told) -> float:
    return told[1] - told[0]


def _score(told: Told) -> float:
    return interval_score(told[0], told[1], told[3])


def _off(told: Told) -> float:
    return abs(told[3] - told[2])


# -- the measures ------------------------------------------------------------------------------------------------------


def _alone(query: Query) -> Of:
    return lambda parts: None if parts else query


def _followed(_day: DayBehind, ticket: TicketRow) -> bool:
    return ticket.state != "void"


def _linked(_day: DayBehind, ticket: TicketRow) -> bool:
    return ticket.state != "void" and ticket.return_of is not None


_BESIDE: dict[str, Of] = {
    "followed": _alone(Query(rows.tickets(_followed), looks_on=True)),
    "linked": _alone(Query(rows.tickets(_linked), looks_on=True)),
    "minutes_lost": _alone(_lost_minutes()),
    "minutes_saved": _alone(Query(rows.legs(lambda _day, leg: leg.end == "finish" and leg.form_free))),
    "not_ready": lambda parts: not_ready(()) if not parts else None,
    "by_reason": _stalls,
}
"""Behind parts of figures that are worked out elsewhere."""


_MEASURES: dict[str, Of] = {
    **{figure.key: partial(of_figure, figure) for figure in FIGURES},
    "service_level": _service_level,
    "questions": _questions,
    "overtakes": _overtakes,
    "longest_waits": _longest_waits,
    "diversion": _diversion,
    "promise": _promise,
}


def measures(parts: Parts) -> Query | None:
    """Return the query for the rows that make up one of the measures."""
    take = _MEASURES.get(parts[0]) if parts else None
    return take(parts[1:]) if take else None
