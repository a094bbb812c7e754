"""Behind waits, ways, handling times and ratings, of everybody or of a service, a window, a clerk, a half-hour."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from queuedesk.core.figures.drilldown import rows
from queuedesk.core.figures.drilldown.rows import DayBehind, Found, LegTest, Query, Where
from queuedesk.core.figures.figure_path import Parts
from queuedesk.core.figures.measures import conditions
from queuedesk.core.figures.measures.rows import LegRow, TicketRow
from queuedesk.core.figures.measures.spans import lost_stays
from queuedesk.core.figures.measures.times import micros
from queuedesk.core.figures.satisfaction import SATISFIED_LEVELS

SPREAD = frozenset({"", "n", "mean", "median", "p90"})


# -- times ---------------------------------------------------------------------------------------------------------


def spread_of(of: Callable[[LegRow], int | None], parts: Parts, where: Where = rows.everywhere) -> Query | None:
    """Return what finds the legs behind n, mean, median or 90th percentile of a time; behind `max` only the longest."""
    key = ".".join(parts)
    if key == "max":
        return Query(rows.times(of, where), most=True, by_amount=True)
    return Query(rows.times(of, where), by_amount=True) if key in SPREAD else None


def called_in_time(day: DayBehind, leg: LegRow) -> bool:
    wait = conditions.wait_us(leg)
    return wait is not None and wait <= day.rows.target_us


def not_in_time(day: DayBehind, leg: LegRow) -> bool:
    wait = conditions.wait_us(leg)
    return conditions.left_late(leg, day.rows.target_us) or (wait is not None and wait > day.rows.target_us)


def in_time_or_not(day: DayBehind, leg: LegRow) -> bool:
    return called_in_time(day, leg) or not_in_time(day, leg)


def left_early(day: DayBehind, leg: LegRow) -> bool:
    return conditions.left_early(leg, day.rows.target_us)


_WITHIN: dict[Parts, LegTest] = {
    (): called_in_time,
    ("rest",): not_in_time,
    ("late",): not_in_time,
    ("of",): in_time_or_not,
}


def wait(parts: Parts, where: Where = rows.everywhere) -> Query | None:
    if parts[:1] == ("within_target",):
        test = _WITHIN.get(parts[1:])
        return Query(rows.legs(test, where)) if test else None
    return spread_of(conditions.wait_us, parts, where)


def way(parts: Parts) -> Query | None:
    return spread_of(conditions.way_us, parts)


def handling(parts: Parts, where: Where = rows.everywhere) -> Query | None:
    return spread_of(conditions.handling_us, parts, where)


# -- services, windows, clerks, half-hours -------------------------------------------------------------------------


def _finished(_day: DayBehind, leg: LegRow) -> bool:
    return conditions.is_finished(leg)


def _left(_day: DayBehind, leg: LegRow) -> bool:
    return conditions.has_left(leg)


def misdirected(_day: DayBehind, leg: LegRow) -> bool:
    return conditions.is_misdirected(leg)


def _rightly_there(_day: DayBehind, leg: LegRow) -> bool:
    return not conditions.is_misdirected(leg)


_OF_SERVICE: dict[str, LegTest] = {
    "": _rightly_there,
    "issued": _rightly_there,
    "finished": _finished,
    "left": _left,
    "redirected_away": misdirected,
}


def services(parts: Parts) -> Query | None:
    if not parts:
        return None
    where, rest = rows.of_service(parts[0]), parts[1:]
    if rest[:1] == ("wait",):
        return wait(rest[1:], where)
    if rest[:1] == ("handling",):
        return handling(rest[1:], where)
    test = _OF_SERVICE.get(".".join(rest))
    return Query(rows.legs(test, where)) if test else None


def windows(parts: Parts) -> Query | None:
    if not parts:
        return None
    code, key = parts[0], ".".join(parts[1:])
    if key in ("", "finished"):
        return Query(rows.legs(_finished, rows.of_window(code)))
    if key == "serving_minutes":
        return Query(partial(_served_at, code), frozenset({rows.STAYS, rows.WHOLE}), by_amount=True)
    return None


def _served_at(window: str, day: DayBehind) -> Iterator[Found]:
    for stay in day.more.stays:
        if stay.window == window and stay.served is not None:
            end = day.rows.until if stay.end is None else micros(stay.end)
            yield Found(stay.label, stay.leg, end - micros(stay.served))


def staff(parts: Parts) -> Query | None:
    if not parts:
        return None
    code, rest = parts[0], parts[1:]
    key = ".".join(rest)
    if key in ("", "finished"):
        return Query(rows.legs(_finished, rows.of_staff(code)))
    if rest[:1] == ("handling",):
        return handling(rest[1:], rows.of_staff(code))
    if key == "redirect_minutes":
        return lost_minutes(code)
    return ratings(rest[1:], code) if rest[:1] == ("ratings",) else None


def lost_minutes(staff: str | None = None) -> Query:
    """Return what finds the visits that were at a window for the wrong line, of a clerk or of all, each with the time
    lost."""
    return Query(partial(_lost, staff), frozenset({rows.LOST_STAYS}), by_amount=True)


def _lost(staff: str | None, day: DayBehind) -> Iterator[Found]:
    for stay, lost in lost_stays(day.more.stays):
        if staff is None or stay.staff == staff:
            yield Found(stay.label, stay.leg, lost)


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
    """Return what finds the calls of a weekday (1 Monday … 7 Sunday) and half-hour, "3.10:30", that are in its mean
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


# -- ratings -------------------------------------------------------------------------------------------------------


def ratings(parts: Parts, staff: str | None = None) -> Query | None:
    """Return what finds ratings, of one clerk or of all; behind the rate those that are satisfied."""
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


# Behind counts of tickets, wrong counters, papers, overtakes, promises, and behind what figures leave out.

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
