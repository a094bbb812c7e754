"""Behind how good the waits were that tickets were told: each ticket with its range's width, what it cost, how far the figure lay off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from queuedesk.core.figures.drilldown import rows
from queuedesk.core.figures.drilldown.rows import DayBehind, Found, Query
from queuedesk.core.figures.figure_path import Parts
from queuedesk.core.figures.measures import conditions
from queuedesk.core.figures.measures.rows import TicketRow
from queuedesk.core.figures.measures.times import SECOND_US
from queuedesk.core.waits.score import interval_score

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
