"""The tickets behind a figure: for a path of a document of figures, exactly what was counted there, by the same
conditions.

A count has as many rows as it says. A share has the rows of its numerator; with ".of" behind the path those of its
denominator, with ".rest" (or ".late") those that it lacks. A figure of minutes has the tickets that make it up, each
with what it adds. Windows that were open, targets, hashes and the like have no tickets behind them. The paths are those
of comparing.py; "services.B" and "services.B.wait" stand for their number, and "heat.3.10:30" for the calls on
Wednesdays from 10:30.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.features import behind_figures
from queuedesk.core.figures.comparing import Parts, parts_of
from queuedesk.core.figures.drilldown import rows
from queuedesk.core.figures.drilldown.rows import Behind, DayBehind, FigureRow, Find, Query
from queuedesk.core.figures.measures import rows as conditions
from queuedesk.core.figures.measures.day import legs_alike
from queuedesk.core.figures.measures.figure import (
    BY_SERVICE,
    BY_STAFF,
    BY_WINDOW,
    MOST,
    N_OF,
    SPREAD,
    Count,
    Figure,
    Number,
    Split,
    Test,
    Time,
)
from queuedesk.core.figures.measures.figures import (
    CALLED_IN_TIME,
    CAME_UNREADY,
    DAY,
    FIGURES,
    FORM_FREE,
    LEFT_OUT,
    OVERTAKEN,
    PROMISE,
    REDIRECTS,
    SATISFACTION,
    SPENT,
    STALLED,
    STEPS,
)
from queuedesk.core.figures.measures.rows import SECOND_US, LegRow, TicketRow, minutes_of_us, share, spread
from queuedesk.core.quality import why
from queuedesk.core.waits.estimates import interval_score

Of = Callable[[Parts], Query | None]


def _share(n: Find, of: Find, parts: Parts) -> Query | None:
    """Return what finds a share's numerator ("n", "rate" or nothing), denominator, or what it lacks."""
    key = ".".join(parts)
    if key in ("", "n", "rate"):
        return Query(n)
    if key in ("rest", "rate.rest"):
        return Query(partial(_rest, n, of))
    return Query(of) if key in ("of", "rate.of") else None


def _rest(n: Find, of: Find, day: DayBehind) -> Iterator[FigureRow]:
    """Yield what is in the denominator and not in the numerator."""
    counted = set(n(day))
    return (one for one in of(day) if one not in counted)


# -- figures by their specifications -----------------------------------------------------------------------------------

_OF_SPREADS = ("n", "mean", "median", "p90", "max")


def of_figure(figure: Figure, parts: Parts) -> Query | None:
    """Return the query for what a Figure counts or measures."""
    for split in figure.splits:
        if not split.key:
            is_row = parts and (not split.order or parts[0] in split.order)
            return _counted(figure, split, parts[0], parts[1:]) if is_row else None
        if parts[:1] == (split.key,):
            is_row = len(parts) == 2 if split.alone else len(parts) > 1
            return _counted(figure, split, parts[1], parts[2:]) if is_row else None
    if not parts and figure.parts and figure.share is None:
        parts = (figure.parts[0],)
    found = _counted(figure, None, "", parts)
    if found is None and parts and parts[0] in (figure.parts or ()) and parts[0] in _BESIDE:
        return _BESIDE[parts[0]](parts[1:])
    return found


def _counted(figure: Figure, split: Split | None, name: str, parts: Parts) -> Query | None:
    among: Test = figure.of
    if split is not None:
        of, name_of, named = figure.of, split.name_of, split.named(name)
        among = lambda rows, one: of(rows, one) and name_of(rows, one) == named  # noqa: E731
    needs = frozenset({rows.WHOLE}) if split is not None and split.whole else frozenset[str]()
    if figure.share is not None and parts in _ENDS:
        parts = ("rate", "of")
    own = {name: count for name, count in figure.numbers.items() if split is None or split.has(name)}
    found, most = None, False
    if figure.share is not None and (figure.share == N_OF or parts in _OF_SHARES):
        n, whole = (_number(figure.numbers.get(one, Count()), among, figure.source) for one in figure.share)
        if n is not None and whole is not None:
            part = _share(n.find, whole.find, parts)
            found = part and replace(part, needs=n.needs | whole.needs)
    if found is None:
        parts = parts or tuple(name for name in list(own)[:1] if "." not in name)
        key = ".".join(parts)
        number = own.get(key) or own.get(f"{key}.n")
        if number is None and parts[1:] and parts[-1] in _OF_SPREADS:
            number, most = own.get(".".join(parts[:-1])), parts[-1] == "max"
            if not isinstance(number, Time) or number.shown != SPREAD:
                return None
        found = None if number is None else _number(number, among, figure.source)
    return found and replace(found, needs=found.needs | needs, most=found.most or most)


_OF_SHARES: tuple[Parts, ...] = ((), ("rate",), ("rate", "of"), ("rate", "rest"))
"""What is asked of a share of one number in another."""
_ENDS: tuple[Parts, ...] = (("low",), ("high",))
"""The ends of a share's interval, which all rows make."""


def _number(number: Number, among: Test, source: str) -> Query | None:
    """Return what finds the rows `among` which a number counts, or whose times it tells; None where no tickets can
    stand behind them."""
    if (number.source or source) not in rows.BEHIND:
        return None
    needs, found = rows.BEHIND[number.source or source]
    if isinstance(number, Time):
        is_most = number.shown == MOST
        return Query(partial(_took, number, among, found), needs, most=is_most, by_amount=not is_most)
    if number.whole:
        needs |= {rows.WHOLE}
    return Query(partial(_fits, number, among, found), needs)


def _fits(number: Count, among: Test, found: Behind, day: DayBehind) -> Iterator[FigureRow]:
    return (there for one, there in found(day) if among(day.rows, one) and number.fits(day.rows, one))


def _took(number: Time, among: Test, found: Behind, day: DayBehind) -> Iterator[FigureRow]:
    """Yield the rows with such a time, each with it; of a sum those that add to it. Where the number has a source of
    its own, all of its rows have one."""
    for one, there in found(day):
        if among(day.rows, one):
            for amount in number.of(day.rows, legs_alike([one]) if isinstance(one, LegRow) else [one]):
                if amount or number.source or number.shown == SPREAD:
                    yield there._replace(amount=amount)


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
    return of_figure(SPENT if parts[1:] == ("serving_minutes",) else STEPS, (BY_WINDOW, *parts))


def staff(parts: Parts) -> Query | None:
    if parts[1:2] == ("ratings",):
        return of_figure(SATISFACTION, (BY_STAFF, parts[0], *(parts[2:] or ("n",))))
    return of_figure(SPENT if parts[1:] == ("redirect_minutes",) else STEPS, (BY_STAFF, *parts))


def ratings(parts: Parts) -> Query | None:
    return of_figure(SATISFACTION, parts or ("n",))


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


def _on_weekday(weekday: int, label: str, day: DayBehind) -> Iterator[FigureRow]:
    if day.day.isoweekday() != weekday:
        return
    for leg in day.rows.legs:
        wait = conditions.wait_us(leg)
        if leg.called is not None and wait is not None:
            at = day.rows.half_hours.at(leg.called)
            if 0 <= at < len(day.rows.half_hours.slots) and day.rows.half_hours.slots[at][1] == label:
                yield FigureRow(leg.label, leg.n, wait)


def _in_slot(day: DayBehind, slot: tuple[str, int], moment: int) -> bool:
    at = day.rows.half_hours.at(moment)
    return 0 <= at < len(day.rows.half_hours.slots) and day.rows.half_hours.slots[at][1:] == slot


def _arrived(slot: tuple[str, int], day: DayBehind) -> Iterator[FigureRow]:
    return (FigureRow(ticket.label) for ticket in day.rows.tickets if _in_slot(day, slot, ticket.arrived))


def _called(slot: tuple[str, int], counting: bool, day: DayBehind) -> Iterator[FigureRow]:
    for leg in day.rows.legs:
        wait = conditions.wait_us(leg)
        if leg.called is not None and (wait is not None or not counting) and _in_slot(day, slot, leg.called):
            yield FigureRow(leg.label, leg.n, wait if counting else None)


# -- the longest waits -------------------------------------------------------------------------------------------------


def _longest_waits(parts: Parts) -> Query | None:
    """Return what finds the ticket that a row of the longest waits names, "2026-11-19/A031"."""
    if not parts or parts[1:] not in ((), ("minutes",)):
        return None
    named = parts[0].partition("#")[0]
    return Query(partial(_waited, named), most=True, by_amount=True)


def _waited(named: str, day: DayBehind) -> Iterator[FigureRow]:
    date, _slash, label = named.partition("/")
    if day.day.isoformat() == date:
        for leg in day.legs.get(label, ()):
            if (wait := conditions.wait_us(leg)) is not None:
                yield FigureRow(label, leg.n, wait)


# -- how good the waits were that tickets were told --------------------------------------------------------------------

Told = tuple[int, int, int, int]
"""Lower and upper end of the range, the single figure, the wait; in microseconds."""
Where = Callable[[DayBehind, TicketRow], bool]


def _promise(parts: Parts) -> Query | None:
    """Return what finds the rows behind a figure of "promise" of the measures."""
    where: Where = lambda _day, _ticket: True  # noqa: E731
    if parts and parts[0] in _FINDER_GROUPS:
        if len(parts) < 2:
            return None
        where, parts = _FINDER_GROUPS[parts[0]](parts[1]), parts[2:]
    key = ".".join(parts)
    amounts = {"mean_width": _width, "interval_score": _score, "mae": _off}
    if key in amounts:
        return Query(partial(_each, where, amounts[key]), by_amount=True)
    if key == "naive.mae":
        return Query(partial(_naive, where), by_amount=True)
    if key == "naive.n":
        return Query(_tickets(lambda day, ticket: where(day, ticket) and _naive_off(day, ticket) is not None))
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


def _of_expert(code: str) -> Where:
    return lambda _day, ticket: ticket.promise_leads == code


_FINDER_GROUPS: dict[str, Callable[[str], Where]] = {
    "services": _of_service,
    "half_hours": _of_half_hour,
    "experts": _of_expert,
}


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


def _fitting(where: Where, test: Callable[[Told], bool], day: DayBehind) -> Iterator[FigureRow]:
    for ticket in day.rows.tickets:
        told = _told(day, ticket)
        if told is not None and test(told) and where(day, ticket):
            yield FigureRow(ticket.label)


def _each(where: Where, amount: Callable[[Told], float], day: DayBehind) -> Iterator[FigureRow]:
    for ticket in day.rows.tickets:
        told = _told(day, ticket)
        if told is not None and where(day, ticket):
            yield FigureRow(ticket.label, amount=round(amount(told)))


def _naive(where: Where, day: DayBehind) -> Iterator[FigureRow]:
    for ticket in day.rows.tickets:
        off = _naive_off(day, ticket)
        if off is not None and where(day, ticket):
            yield FigureRow(ticket.label, amount=off)


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


def _tickets(test: Where) -> Find:
    return lambda day: (FigureRow(ticket.label) for ticket in day.rows.tickets if test(day, ticket))


def _followed(_day: DayBehind, ticket: TicketRow) -> bool:
    return ticket.state != "void"


def _linked(_day: DayBehind, ticket: TicketRow) -> bool:
    return ticket.state != "void" and ticket.return_of is not None


_BESIDE: dict[str, Of] = {
    "followed": _alone(Query(_tickets(_followed), looks_on=True)),
    "linked": _alone(Query(_tickets(_linked), looks_on=True)),
    "minutes_lost": lambda parts: of_figure(REDIRECTS, ("minutes_lost", *parts)),
    "minutes_saved": lambda parts: None if parts else of_figure(FORM_FREE, ("n",)),
    "by_reason": partial(of_figure, STALLED),
}
"""Behind parts of figures that are worked out elsewhere."""


_MEASURES: dict[str, Of] = {
    **{figure.key: partial(of_figure, figure) for figure in FIGURES},
    "service_level": _service_level,
    "longest_waits": _longest_waits,
    "promise": _promise,
}


def measures(parts: Parts) -> Query | None:
    """Return the query for the rows that make up one of the measures."""
    take = _MEASURES.get(parts[0]) if parts else None
    return take(parts[1:]) if take else None


_MEANS = frozenset({"mean", "mean_wait", "mean_minutes_beyond", "mean_width", "interval_score", "mae"})
_UNTOLD = frozenset({"low", "high", "minutes_saved"})
"""What follows from the rows and from more than them."""


class FindBehind(Struct, frozen=True):
    """The rows that make up a figure: their number, those to be shown, each with its date, and the figure's value,
    rounded as in documents; None where the rows do not give it."""

    total: int
    rows: tuple[tuple[date, FigureRow], ...]
    value: float | None = None


def query(path: str) -> Query | None:
    """Return the query for the rows that make up the figure; None where the figure does not exist or is not made of
    tickets."""
    parts = parts_of(path)
    take = _GROUPS.get(parts[0]) or behind_figures(parts[0])
    return take(parts[1:]) if take else None


def share_paths(path: str) -> tuple[str, str, str] | None:
    """Return the paths of a share's numerator, of its complement, and of its denominator; None for what is no share."""
    base = path
    for end in (".rest", "" if _is_of_promise(path) else ".late", ".of"):
        base = base.removesuffix(end)
    paths = (base, f"{base}.rest", f"{base}.of")
    return paths if all(query(one) is not None for one in paths) else None


def behind(path: str, days: Iterable[DayBehind], most: int | None = None) -> FindBehind:
    """Return the rows that make up a figure of `days`; at most `most` are to be shown: the first, or those with the
    greatest amount. Raises ValueError where a figure is not made of rows."""
    wanted = query(path)
    if wanted is None:
        raise ValueError(path)
    beside = _Beside(path)
    every = ((day.day, one) for day in beside.watched(days) for one in _in_order(day, wanted.find(day)))
    counted = _RowCounter(iter(_greatest(every)) if wanted.most else every)
    if wanted.by_amount:
        shown = heapq.nlargest(most, counted, key=_amount) if most is not None else sorted(counted, key=_least)
    else:
        shown = [one for n, one in enumerate(counted) if most is None or n < most]
    value = beside.share(counted.n) if beside.is_share else _value(path, wanted, counted)
    return FindBehind(counted.n, tuple(shown), value)


class _RowCounter:
    """Counts what passes, and keeps what each adds."""

    def __init__(self, found: Iterator[tuple[date, FigureRow]]) -> None:
        self._found, self.n = found, 0
        self.amounts: list[int] = []

    def __iter__(self) -> Iterator[tuple[date, FigureRow]]:
        for one in self._found:
            self.n += 1
            if one[1].amount is not None:
                self.amounts.append(one[1].amount)
            yield one


class _Beside:
    """Counts the other part of a share while its dates pass: what it is of, or of all what it counts."""

    def __init__(self, path: str) -> None:
        paths = share_paths(path)
        self.is_share = paths is not None and _is_rate(paths[0])
        self._n, self._part = 0, ""
        self._other: Query | None = None
        if paths is not None and self.is_share:
            self._part = "of" if path == paths[2] else "n" if path == paths[0] else "rest"
            self._other = query(paths[0] if self._part == "of" else paths[2])

    def watched(self, days: Iterable[DayBehind]) -> Iterator[DayBehind]:
        for day in days:
            if self._other is not None:
                self._n += sum(1 for _one in self._other.find(day))
            yield day

    def share(self, total: int) -> float | None:
        """Return the share; `total` is the number of rows found."""
        n, of = (self._n, total) if self._part == "of" else (total, self._n)
        return share(of - n if self._part == "rest" else n, of)


def _is_rate(path: str) -> bool:
    return parts_of(path)[-1] in ("rate", "within_target", *(("late", "early") if _is_of_promise(path) else ()))


def _is_of_promise(path: str) -> bool:
    """Whether "late" at its end is a figure and not a part of one."""
    return parts_of(path)[:2] == ("measures", "promise")


def _value(path: str, wanted: Query, counted: _RowCounter) -> float | None:
    """Return a figure as its rows make it."""
    parts, amounts = parts_of(path), counted.amounts
    key = parts[-2] if parts[0] == "left_out" and len(parts) > 1 and parts[-1] == "n" else parts[-1]
    if key == "most" or path == "overtakes.max":
        return max(amounts, default=0)
    if key in _MEANS or parts[0] == "heat":
        return minutes_of_us(sum(amounts) / len(amounts)) if amounts else None
    if key in ("median", "p90", "max"):
        found: dict[str, float | None] = {**spread(amounts), "max": minutes_of_us(max(amounts)) if amounts else None}
        return found[key]
    if wanted.by_amount and (key.endswith("minutes") or key == "minutes_lost"):
        return minutes_of_us(sum(amounts))
    return None if key in _UNTOLD else counted.n


def _amount(one: tuple[date, FigureRow]) -> int:
    return one[1].amount or 0


def _least(one: tuple[date, FigureRow]) -> int:
    return -_amount(one)


def _in_order(day: DayBehind, found: Iterable[FigureRow]) -> list[FigureRow]:
    """Return a date's rows as the tickets arrived, those without a number by their own time."""

    def moment(one: FigureRow) -> tuple[int, str, int]:
        own = day.tickets.get(one.label)
        return (own.arrived if own else one.at or 0, one.label, one.leg or 0)

    return sorted(found, key=moment)


def _greatest(found: Iterable[tuple[date, FigureRow]]) -> list[tuple[date, FigureRow]]:
    best: list[tuple[date, FigureRow]] = []
    for one in found:
        if best and _amount(one) > _amount(best[0]):
            best = []
        if not best or _amount(one) == _amount(best[0]):
            best.append(one)
    return best


def _day(name: str, parts: Parts) -> Query | None:
    return None if parts else of_figure(DAY, (name,))


def _left_out(parts: Parts) -> Query | None:
    if not parts or parts[1:] not in ((), ("n",)):
        return None
    return of_figure(LEFT_OUT, parts[:1])


_GROUPS: dict[str, Callable[[Parts], Query | None]] = {
    **{name: partial(_day, name) for name in DAY.numbers},
    "wait": partial(of_all, "wait"),
    "way": partial(of_all, "way"),
    "handling": partial(of_all, "handling"),
    "services": of_service,
    "windows": windows,
    "staff": staff,
    "hours": hours,
    "heat": heat,
    "ratings": ratings,
    "redirects": partial(of_figure, REDIRECTS),
    "not_ready": partial(of_figure, CAME_UNREADY),
    "overtakes": partial(of_figure, OVERTAKEN),
    "promise": partial(of_figure, PROMISE),
    "left_out": _left_out,
    "measures": measures,
    "why": why.query,
}
