"""Behind what is under "measures" in a document of figures; here those of visits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from queuedesk.core.figures.drilldown import lines, rows
from queuedesk.core.figures.drilldown.places import called_in_time, in_time_or_not, left_early, lost_minutes, spread_of
from queuedesk.core.figures.drilldown.rows import DayBehind, Find, Found, Query, RatingRow, TicketTest
from queuedesk.core.figures.drilldown.tickets import not_ready
from queuedesk.core.figures.figure_path import NOTHING, Parts
from queuedesk.core.figures.measures import conditions
from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.figure import Count, Figure, Split, Test
from queuedesk.core.figures.measures.rows import TicketRow
from queuedesk.core.figures.measures.shares import SHARES
from queuedesk.core.figures.measures.times import SECOND_US
from queuedesk.core.waits.tracker import interval_score

# Behind how good the waits were that tickets were told: each ticket with its range's width, what it cost, how far the
# figure lay off.

Told = tuple[int, int, int, int]
"""Lower and upper end of the range, the single figure, the wait; in microseconds."""
Where = Callable[[DayBehind, TicketRow], bool]


def promise(parts: Parts) -> Query | None:
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
        at = day.half_hours.at(ticket.arrived)
        return day.half_hours.slots[at][1:] == (label, int(nth or 1) - 1)

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
    known, called = conditions.promise_us(ticket), day.called.get(ticket.label)
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


Of = Callable[[Parts], Query | None]


def measures(parts: Parts) -> Query | None:
    """Return what finds the rows behind one of the measures."""
    take = _MEASURES.get(parts[0]) if parts else None
    return take(parts[1:]) if take else None


def _share(n: Find, of: Find, parts: Parts, **others: Query) -> Query | None:
    """Return what finds a share's numerator ("n", "rate" or nothing), denominator, or what it lacks; or another figure
    beside them."""
    key = ".".join(parts)
    if key in ("", "n", "rate"):
        return Query(n)
    if key in ("rest", "rate.rest"):
        return Query(partial(_rest, n, of))
    return Query(of) if key in ("of", "rate.of") else others.get(key)


def _rest(n: Find, of: Find, day: DayBehind) -> Iterator[Found]:
    """Yield what is in the denominator and not in the numerator."""
    counted = set(n(day))
    return (one for one in of(day) if one not in counted)


def _finished(ticket: TicketRow) -> bool:
    return ticket.state == "finished"


def _service_level(parts: Parts) -> Query | None:
    return _share(rows.legs(called_in_time), rows.legs(in_time_or_not), parts, left_early=Query(rows.legs(left_early)))


# -- shares by their specifications ------------------------------------------------------------------------------------


def _of_figure(figure: Figure, parts: Parts) -> Query | None:
    """Return what finds the rows behind a share, as its Figure says it."""
    split = next((one for one in figure.splits if parts[:1] == (one.key,)), None)
    if split is None:
        return _counted(figure, None, "", parts) or (_BESIDE.get(parts[0]) if _has(figure, parts) else None)
    return _counted(figure, split, parts[1], parts[2:]) if len(parts) > 1 else None


def _has(figure: Figure, parts: Parts) -> bool:
    """Whether a part of the figure is worked out elsewhere."""
    return len(parts) == 1 and parts[0] in (figure.parts or ())


def _counted(figure: Figure, split: Split | None, name: str, parts: Parts) -> Query | None:
    among: Test = figure.of
    if split is not None:
        of, by, named = figure.of, split.by, split.named(name)
        among = lambda rows, one: of(rows, one) and by(rows, one) == named  # noqa: E731
    needs = frozenset({rows.WHOLE}) if split is not None and split.whole else frozenset[str]()

    def query(count: Count) -> Query:
        whole = frozenset({rows.WHOLE}) if count.whole else frozenset[str]()
        return Query(_fits(figure, lambda rows, one: among(rows, one) and count.test(rows, one)), needs | whole)

    others = {key: query(count) for key, count in figure.counts.items() if key != "n"}
    if figure.minutes is not None:
        others["minutes"] = Query(partial(_took, figure.minutes, among), needs, by_amount=True)
    n = query(figure.counts["n"])
    found = _share(n.find, _fits(figure, among), parts, **others)
    return replace(found, needs=found.needs | n.needs) if found else None


def _fits(figure: Figure, test: Test) -> Find:
    if figure.of_legs:
        return rows.legs(lambda day, leg: test(day.rows, leg))
    return rows.tickets(lambda day, ticket: test(day.rows, ticket))


def _took(time: Callable[[DayRows, TicketRow], int], test: Test, day: DayBehind) -> Iterator[Found]:
    """Yield the tickets that took any time, each with it."""
    for ticket in day.rows.tickets:
        if test(day.rows, ticket) and (amount := time(day.rows, ticket)):
            yield Found(ticket.label, amount=amount)


def _followed(_day: DayBehind, ticket: TicketRow) -> bool:
    return ticket.state != "void"


def _linked(_day: DayBehind, ticket: TicketRow) -> bool:
    return ticket.state != "void" and ticket.return_of is not None


_BESIDE: dict[str, Query] = {
    "followed": Query(rows.tickets(_followed), looks_on=True),
    "linked": Query(rows.tickets(_linked), looks_on=True),
    "minutes_lost": lost_minutes(),
    "minutes_saved": Query(rows.legs(lambda _day, leg: leg.end == "finish" and leg.form_free)),
}
"""Behind parts of shares that are worked out elsewhere."""


# -- legs that a clerk ended ---------------------------------------------------------------------------------------


def _outcomes(parts: Parts) -> Query | None:
    if not parts or parts[1:] not in ((), ("n",)):
        return None
    code = None if parts[0] == NOTHING else parts[0]
    return Query(rows.legs(lambda _day, leg: leg.end == "finish" and leg.outcome == code))


def _papers(parts: Parts) -> Query | None:
    if parts == ("repeat",):
        return Query(rows.tickets(lambda _day, ticket: "repeat_papers" in ticket.flags))
    return not_ready(()) if parts in ((), ("not_ready",)) else None


# -- people put back, questions, classes ---------------------------------------------------------------------------


def _missed(parts: Parts) -> Query | None:
    if parts in ((), ("n",)):
        return Query(rows.tickets(lambda _day, ticket: ticket.misses > 0))
    return Query(rows.tickets(_reinstated), frozenset({rows.WHOLE})) if parts == ("reinstated",) else None


def _reinstated(day: DayBehind, ticket: TicketRow) -> bool:
    return ticket.misses > 0 and ticket.label in (day.rows.reinstated or ())


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


def _classes(parts: Parts) -> Query | None:
    if not parts:
        return None
    klass, rest = parts[0], parts[1:]
    if rest[:1] == ("wait",):
        found = spread_of(conditions.wait_us, rest[1:])
        return Query(partial(_of_class, klass, found.find), by_amount=True) if found else None
    tests: dict[Parts, TicketTest] = {
        (): lambda _day, ticket: ticket.klass == klass,
        ("issued",): lambda _day, ticket: ticket.klass == klass,
        ("finished",): lambda _day, ticket: ticket.klass == klass and _finished(ticket),
    }
    return Query(rows.tickets(tests[rest])) if rest in tests else None


def _of_class(klass: str, find: Find, day: DayBehind) -> Iterator[Found]:
    return (one for one in find(day) if day.tickets[one.label].klass == klass)


_MEASURES: dict[str, Of] = {
    **{figure.key: partial(_of_figure, figure) for figure in SHARES},
    "service_level": _service_level,
    "outcomes": _outcomes,
    "papers": _papers,
    "missed": _missed,
    "questions": _questions,
    "classes": _classes,
    "system_wait": lines.system_wait,
    "set_aside": lines.set_aside,
    "overtakes": lines.overtakes,
    "counters": lines.counters,
    "longest_waits": lines.longest_waits,
    "diversion": lines.diversion,
    "promise": promise,
}
