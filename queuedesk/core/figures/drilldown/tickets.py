"""Behind counts of tickets, wrong counters, papers, overtakes, promises, and behind what figures leave out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from queuedesk.core.figures.drilldown import rows
from queuedesk.core.figures.drilldown.places import lost_minutes, misdirected
from queuedesk.core.figures.drilldown.rows import DayBehind, Found, Query
from queuedesk.core.figures.figure_path import Parts
from queuedesk.core.figures.measures import conditions
from queuedesk.core.figures.measures.rows import TicketRow

# -- wrong counters, papers, overtakes, promises -------------------------------------------------------------------


def redirects(parts: Parts) -> Query | None:
    key = ".".join(parts)
    if key == "minutes_lost":
        return lost_minutes()
    if key in ("", "n"):
        return Query(rows.legs(misdirected))
    if parts[0] == "by_service" and len(parts) == 2:
        return Query(rows.legs(misdirected, rows.of_service(parts[1])))
    return None


def not_ready(parts: Parts) -> Query | None:
    needs = frozenset({rows.NOT_READY})
    if ".".join(parts) in ("", "n"):
        return Query(lambda day: _without_number(day.more.not_ready), needs)
    if parts[0] == "by_service" and len(parts) == 2:
        return Query(lambda day: _without_number(o for o in day.more.not_ready if o.service == parts[1]), needs)
    return None


def _without_number(who: Iterable[rows.NoTicket]) -> Iterator[Found]:
    return (Found("", at=one.at, service=one.service) for one in who)


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
    """Return what finds every overtaking for a reason."""
    return Query(
        lambda day: (Found(one.label, at=one.at, by=one.by) for one in day.more.passings if one.reason == reason),
        frozenset({rows.PASSINGS}),
    )


def _passed_often(day: DayBehind) -> Iterator[Found]:
    return (Found(t.label, amount=t.overtaken) for t in day.rows.tickets if t.overtaken)


def promise(parts: Parts) -> Query | None:
    key = ".".join(parts)
    if key == "mean_minutes_beyond":
        return Query(_beyond, by_amount=True)
    tests: dict[str, Callable[[int], bool]] = {
        "": lambda _over: True,
        "n": lambda _over: True,
        "within": lambda over: over <= 0,
        "beyond": lambda over: over > 0,
    }
    test = tests.get(key)
    return Query(rows.tickets(partial(_promised, test))) if test else None


def _promised(test: Callable[[int], bool], day: DayBehind, ticket: TicketRow) -> bool:
    over = conditions.beyond_promise_us(ticket, day.rows.called.get(ticket.label))
    return over is not None and test(over)


def _beyond(day: DayBehind) -> Iterator[Found]:
    for ticket in day.rows.tickets:
        over = conditions.beyond_promise_us(ticket, day.rows.called.get(ticket.label))
        if over is not None and over > 0:
            yield Found(ticket.label, amount=over)


# -- left out ------------------------------------------------------------------------------------------------------


def no_number() -> Query:
    return Query(lambda day: _without_number(day.more.opinions), frozenset({rows.OPINIONS}))
