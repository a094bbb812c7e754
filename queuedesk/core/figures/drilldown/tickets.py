"""Behind counts of tickets, wrong counters, papers, overtakes, promises, and behind what figures leave out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from queuedesk.core.figures.drilldown import rows
from queuedesk.core.figures.drilldown.places import is_unrated, left_early, lost_minutes, misdirected
from queuedesk.core.figures.drilldown.rows import DayBehind, Found, Query, TicketTest
from queuedesk.core.figures.figure_path import Parts
from queuedesk.core.figures.measures import conditions
from queuedesk.core.figures.measures.rows import LegRow, TicketRow
from queuedesk.core.figures.measures.times import SECOND_US

# -- tickets -------------------------------------------------------------------------------------------------------


def _is(state: str) -> TicketTest:
    return lambda _day, ticket: ticket.state == state


def _flagged(flag: str) -> TicketTest:
    return lambda _day, ticket: flag in ticket.flags


def _was_called(day: DayBehind, ticket: TicketRow) -> bool:
    return ticket.label in day.called


def _waited_at_end(day: DayBehind, ticket: TicketRow) -> bool:
    return conditions.waited_at_end(ticket, day.last(ticket.label))


def _issued(_day: DayBehind, _ticket: TicketRow) -> bool:
    return True


TICKETS: dict[str, TicketTest] = {
    "issued": _issued,
    "called": _was_called,
    "finished": _is("finished"),
    "missed": lambda _day, ticket: ticket.misses > 0,
    "left": _is("left"),
    "no_show": lambda _day, ticket: conditions.is_no_show(ticket),
    "void": _is("void"),
    "waiting_at_end": _waited_at_end,
}


def alone(test: TicketTest, parts: Parts) -> Query | None:
    return Query(rows.tickets(test)) if not parts else None


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
    over = conditions.beyond_promise_us(ticket, day.called.get(ticket.label))
    return over is not None and test(over)


def _beyond(day: DayBehind) -> Iterator[Found]:
    for ticket in day.rows.tickets:
        over = conditions.beyond_promise_us(ticket, day.called.get(ticket.label))
        if over is not None and over > 0:
            yield Found(ticket.label, amount=over)


# -- left out ------------------------------------------------------------------------------------------------------


def _late(day: DayBehind, ticket: TicketRow) -> bool:
    return day.half_hours.at(ticket.arrived) >= len(day.half_hours.slots)


def _set_aside_us(leg: LegRow) -> int | None:
    return _of_handling(leg, leg.held_s)


def _stalled_us(leg: LegRow) -> int | None:
    return _of_handling(leg, leg.stalled_s)


def _of_handling(leg: LegRow, seconds: int) -> int | None:
    return seconds * SECOND_US if seconds and conditions.handling_us(leg) is not None else None


def _start_assumed(_day: DayBehind, leg: LegRow) -> bool:
    return leg.start_assumed and conditions.counts(leg)


_LEFT_OUT: dict[str, Query] = {
    "void": Query(rows.tickets(_is("void"))),
    "inaccurate": Query(rows.legs(lambda _day, leg: leg.inaccurate)),
    "redirected": Query(rows.legs(misdirected)),
    "left_uncalled": Query(rows.legs(lambda _day, leg: conditions.left_uncalled(leg))),
    "left_early": Query(rows.legs(left_early)),
    "start_assumed": Query(rows.legs(_start_assumed)),
    "held_minutes": Query(rows.times(_set_aside_us), by_amount=True),
    "stalled_minutes": Query(rows.times(_stalled_us), by_amount=True),
    "paper_unpromised": Query(rows.tickets(_flagged("paper"))),
    "promised_uncalled": Query(
        rows.tickets(lambda day, ticket: conditions.promised_in_vain(ticket, day.called.get(ticket.label)))
    ),
    "unrated": Query(rows.tickets(partial(is_unrated, None))),
    "no_number": Query(lambda day: _without_number(day.more.opinions), frozenset({rows.OPINIONS})),
    "excluded": Query(rows.tickets(_flagged("rating_excluded"))),
    "corrected_alone": Query(rows.tickets(_flagged("corrected_alone"))),
    "late_arrivals": Query(rows.tickets(_late)),
    "open": Query(rows.tickets(lambda _day, ticket: conditions.is_open(ticket))),
}


def left_out(parts: Parts) -> Query | None:
    return _LEFT_OUT.get(parts[0]) if parts and parts[1:] in ((), ("n",)) else None
