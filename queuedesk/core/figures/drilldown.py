"""The tickets behind a figure: for a path of a document of figures, exactly what was counted there, by the same
conditions.

A count has as many rows as it says. A share has the rows of its numerator; with ".of" behind the path those of its
denominator, with ".rest" (or ".late") those that it lacks. A figure of minutes has the tickets that make it up, each
with what it adds. Windows that were open, targets, hashes and the like have no tickets behind them. The paths are those
of comparing.py; "services.B" and "services.B.wait" mean their number, and "heat.3.10:30" the calls on Wednesdays from
10:30."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.features import figure_row_finder
from queuedesk.core.figures import drilldown_rows
from queuedesk.core.figures.comparing import Parts, split_figure_path
from queuedesk.core.figures.drilldown_rows import Behind, DrilldownDay, FigureRow, Find, RowQuery
from queuedesk.core.figures.measures import figure as definitions
from queuedesk.core.figures.measures import figures as declared_figures
from queuedesk.core.figures.measures import rows as conditions
from queuedesk.core.figures.measures.day import combined_like_legs
from queuedesk.core.quality import figures
from queuedesk.core.waits.estimates import interval_score

QueryOfParts = Callable[[Parts], RowQuery | None]


def _query_of_share(n: Find, of: Find, parts: Parts) -> RowQuery | None:
    """Return the query for a share's numerator ("n", "rate", ""), denominator ("of") or their difference."""
    key = ".".join(parts)
    if key in ("", "n", "rate"):
        return RowQuery(n)
    if key in ("rest", "rate.rest"):
        return RowQuery(partial(_rows_outside_numerator, n, of))
    return RowQuery(of) if key in ("of", "rate.of") else None


def _rows_outside_numerator(n: Find, of: Find, day: DrilldownDay) -> Iterator[FigureRow]:
    counted = set(n(day))
    return (row for row in of(day) if row not in counted)


# -- figures by their specifications -----------------------------------------------------------------------------------

_SPREAD_PARTS = ("n", "mean", "median", "p90", "max")


def query_of_figure(figure: definitions.FigureDefinition, parts: Parts) -> RowQuery | None:
    for split in figure.splits:
        if not split.key:
            is_row = parts and (not split.order or parts[0] in split.order)
            return _row_query_of_figure(figure, split, parts[0], parts[1:]) if is_row else None
        if parts[:1] == (split.key,):
            is_row = len(parts) == 2 if split.alone else len(parts) > 1
            return _row_query_of_figure(figure, split, parts[1], parts[2:]) if is_row else None
    if not parts and figure.parts and figure.share is None:
        parts = (figure.parts[0],)
    row_query = _row_query_of_figure(figure, None, "", parts)
    if row_query is None and parts and parts[0] in (figure.parts or ()) and parts[0] in _QUERIES_OF_OTHER_PARTS:
        return _QUERIES_OF_OTHER_PARTS[parts[0]](parts[1:])
    return row_query


def _row_query_of_figure(
    figure: definitions.FigureDefinition, split: definitions.FigureBreakdown | None, name: str, parts: Parts
) -> RowQuery | None:
    among: definitions.Test = figure.of
    if split is not None:
        of, name_of, row_name = figure.of, split.name_of, split.row_key_of_name(name)
        among = lambda rows, row: of(rows, row) and name_of(rows, row) == row_name  # noqa: E731
    needs = frozenset({drilldown_rows.WHOLE}) if split is not None and split.whole else frozenset[str]()
    if figure.share is not None and parts in _INTERVAL_ENDS:
        parts = ("rate", "of")
    own = {name: count for name, count in figure.numbers.items() if split is None or split.has_number(name)}
    result, most = None, False
    if figure.share is not None and (figure.share == definitions.N_OF or parts in _SHARE_PARTS):
        n, whole = (
            _query_of_number(figure.numbers.get(part, definitions.CountMeasure()), among, figure.source)
            for part in figure.share
        )
        if n is not None and whole is not None:
            part = _query_of_share(n.find, whole.find, parts)
            result = part and replace(part, needs=n.needs | whole.needs)
    if result is None:
        parts = parts or tuple(name for name in list(own)[:1] if "." not in name)
        key = ".".join(parts)
        number = own.get(key) or own.get(f"{key}.n")
        if number is None and parts[1:] and parts[-1] in _SPREAD_PARTS:
            number, most = own.get(".".join(parts[:-1])), parts[-1] == "max"
            if not isinstance(number, definitions.TimeMeasure) or number.shown != definitions.SPREAD:
                return None
        result = None if number is None else _query_of_number(number, among, figure.source)
    return result and replace(result, needs=result.needs | needs, most=result.most or most)


_SHARE_PARTS: tuple[Parts, ...] = ((), ("rate",), ("rate", "of"), ("rate", "rest"))
"""Paths within a share of one number in another."""
_INTERVAL_ENDS: tuple[Parts, ...] = (("low",), ("high",))
"""The ends of a share's interval, which all rows make."""


def _query_of_number(number: definitions.Number, among: definitions.Test, source: str) -> RowQuery | None:
    """Return the query for the rows `among` that a number counts or times; None where its source has no tickets."""
    if (number.source or source) not in drilldown_rows.BEHIND:
        return None
    needs, find_rows = drilldown_rows.BEHIND[number.source or source]
    if isinstance(number, definitions.TimeMeasure):
        is_most = number.shown == definitions.MOST
        return RowQuery(
            partial(_one_row_per_measured_time, number, among, find_rows), needs, most=is_most, by_amount=not is_most
        )
    if number.whole:
        needs |= {drilldown_rows.WHOLE}
    return RowQuery(partial(_counted_figure_rows, number, among, find_rows), needs)


def _counted_figure_rows(
    number: definitions.CountMeasure, among: definitions.Test, find_rows: Behind, day: DrilldownDay
) -> Iterator[FigureRow]:
    return (row for item, row in find_rows(day) if among(day.rows, item) and number.is_row_counted(day.rows, item))


def _one_row_per_measured_time(
    number: definitions.TimeMeasure, among: definitions.Test, find_rows: Behind, day: DrilldownDay
) -> Iterator[FigureRow]:
    """Yield a row for each time, with the time as its amount. Zeros are left out of sums, unless the number has a
    source of its own."""
    for item, row in find_rows(day):
        if among(day.rows, item):
            for amount in number.of(
                day.rows, combined_like_legs([item]) if isinstance(item, conditions.LegRow) else [item]
            ):
                if amount or number.source or number.shown == definitions.SPREAD:
                    yield row._replace(amount=amount)


# -- steps at windows, by service, window and clerk --------------------------------------------------------------------

_TIME_PATHS: Mapping[Parts, Parts] = {(): (), ("rest",): ("rest",), ("late",): ("rest",), ("of",): ("of",)}
"""Paths after "within_target", as paths of a share."""


def query_of_all_steps(name: str, parts: Parts) -> RowQuery | None:
    """Return the query for the wait, way or handling of all steps."""
    return _row_query_of_steps_figure((), (name, *parts))


def query_of_service(parts: Parts) -> RowQuery | None:
    return _row_query_of_steps_figure((definitions.BY_SERVICE, parts[0]), parts[1:]) if parts else None


def _row_query_of_steps_figure(where: Parts, parts: Parts) -> RowQuery | None:
    if parts[:2] != ("wait", "within_target"):
        return query_of_figure(declared_figures.STEPS, (*where, *parts))
    shown = _TIME_PATHS.get(parts[2:])
    return None if shown is None else _query_of_calls_in_time(shown, where)


def _query_of_calls_in_time(parts: Parts, where: Parts = ()) -> RowQuery | None:
    in_time, called, late = (
        query.find
        for name in ("in_time", "called", "left_late")
        if (query := query_of_figure(declared_figures.CALLED_IN_TIME, (*where, name)))
    )
    return _query_of_share(in_time, lambda day: chain(called(day), late(day)), parts)


def _query_of_service_level(parts: Parts) -> RowQuery | None:
    return (
        query_of_figure(declared_figures.LEFT_OUT, parts)
        if parts == ("left_early",)
        else _query_of_calls_in_time(parts)
    )


def window_row_query(parts: Parts) -> RowQuery | None:
    return query_of_figure(
        declared_figures.SPENT if parts[1:] == ("serving_minutes",) else declared_figures.STEPS,
        (definitions.BY_WINDOW, *parts),
    )


def staff_row_query(parts: Parts) -> RowQuery | None:
    if parts[1:2] == ("ratings",):
        return query_of_figure(declared_figures.SATISFACTION, (definitions.BY_STAFF, parts[0], *(parts[2:] or ("n",))))
    return query_of_figure(
        declared_figures.SPENT if parts[1:] == ("redirect_minutes",) else declared_figures.STEPS,
        (definitions.BY_STAFF, *parts),
    )


def rating_row_query(parts: Parts) -> RowQuery | None:
    return query_of_figure(declared_figures.SATISFACTION, parts or ("n",))


# -- half-hours --------------------------------------------------------------------------------------------------------


def half_hour_row_query(parts: Parts) -> RowQuery | None:
    if not parts:
        return None
    label, _mark, nth = parts[0].partition("#")
    slot = (label, int(nth) - 1 if nth.isdecimal() else 0)
    finds: dict[str, RowQuery] = {
        "arrivals": RowQuery(partial(_arrivals_in_slot, slot)),
        "calls": RowQuery(partial(_calls_in_slot, slot, False)),
        "mean_wait": RowQuery(partial(_calls_in_slot, slot, True), by_amount=True),
    }
    return finds.get(".".join(parts[1:]) or "arrivals")


def row_query_of_weekday_half_hour(parts: Parts) -> RowQuery | None:
    """Return the query for the calls in the mean wait of an ISO weekday and half-hour, such as "3.10:30"."""
    if len(parts) != 2 or not parts[0].isdecimal():
        return None
    return RowQuery(partial(_calls_in_weekday_half_hour, int(parts[0]), parts[1]), by_amount=True)


def _calls_in_weekday_half_hour(weekday: int, label: str, day: DrilldownDay) -> Iterator[FigureRow]:
    if day.day.isoweekday() != weekday:
        return
    for leg in day.rows.legs:
        wait = conditions.counted_wait_us(leg)
        if leg.called is not None and wait is not None:
            at = day.rows.half_hours.index_at(leg.called)
            if 0 <= at < len(day.rows.half_hours.slots) and day.rows.half_hours.slots[at][1] == label:
                yield FigureRow(leg.label, leg.n, wait)


def _is_moment_in_slot(day: DrilldownDay, slot: tuple[str, int], moment: int) -> bool:
    at = day.rows.half_hours.index_at(moment)
    return 0 <= at < len(day.rows.half_hours.slots) and day.rows.half_hours.slots[at][1:] == slot


def _arrivals_in_slot(slot: tuple[str, int], day: DrilldownDay) -> Iterator[FigureRow]:
    return (FigureRow(ticket.label) for ticket in day.rows.tickets if _is_moment_in_slot(day, slot, ticket.arrived))


def _calls_in_slot(slot: tuple[str, int], counting: bool, day: DrilldownDay) -> Iterator[FigureRow]:
    for leg in day.rows.legs:
        wait = conditions.counted_wait_us(leg)
        if leg.called is not None and (wait is not None or not counting) and _is_moment_in_slot(day, slot, leg.called):
            yield FigureRow(leg.label, leg.n, wait if counting else None)


# -- the longest waits -------------------------------------------------------------------------------------------------


def _query_of_longest_wait(parts: Parts) -> RowQuery | None:
    """Return the query for the ticket that a row of the longest waits names, "2026-11-19/A031"."""
    if not parts or parts[1:] not in ((), ("minutes",)):
        return None
    name = parts[0].partition("#")[0]
    return RowQuery(partial(_waits_of_ticket, name), most=True, by_amount=True)


def _waits_of_ticket(name: str, day: DrilldownDay) -> Iterator[FigureRow]:
    date, _slash, label = name.partition("/")
    if day.day.isoformat() == date:
        for leg in day.legs_by_label.get(label, ()):
            if (wait := conditions.counted_wait_us(leg)) is not None:
                yield FigureRow(label, leg.n, wait)


# -- accuracy of quoted waits ------------------------------------------------------------------------------------------

WaitWithQuote = tuple[int, int, int, int]
"""Lower and upper end of the range, the single figure, the wait; in microseconds."""
TicketTest = Callable[[DrilldownDay, conditions.TicketRow], bool]


def _query_of_promise(parts: Parts) -> RowQuery | None:
    """Return the query for a path within "promise" of the measures."""
    where: TicketTest = lambda _day, _ticket: True  # noqa: E731
    if parts and parts[0] in _PROMISE_GROUPS:
        if len(parts) < 2:
            return None
        where, parts = _PROMISE_GROUPS[parts[0]](parts[1]), parts[2:]
    key = ".".join(parts)
    amounts = {"mean_width": _range_width_us, "interval_score": _interval_score_us, "mae": _point_error_us}
    if key in amounts:
        return RowQuery(partial(_amounts_of_quotes, where, amounts[key]), by_amount=True)
    if key == "naive.mae":
        return RowQuery(partial(_errors_of_naive_quotes, where), by_amount=True)
    if key == "naive.n":
        return RowQuery(
            _finder_of_matching_ticket_rows(
                lambda day, ticket: where(day, ticket) and _naive_quote_error_us(day, ticket) is not None
            )
        )
    share = key.removesuffix(".of").removesuffix(".rest")
    if share in _OUTSIDE_TESTS:
        test = _OUTSIDE_TESTS[share]
        if key.endswith(".rest"):
            test = partial(_is_condition_false_for_quote, test)
        elif key.endswith(".of"):
            test = _accept_any_quote
        return RowQuery(partial(_rows_of_tickets_by_quote_test, where, test))
    return RowQuery(partial(_rows_of_tickets_by_quote_test, where, _accept_any_quote)) if key in ("", "n") else None


def _service_predicate(code: str) -> TicketTest:
    return lambda day, ticket: day.legs_by_label[ticket.label][0].service == code


def _half_hour_predicate(name: str) -> TicketTest:
    label, _mark, nth = name.partition("#")

    def is_in_half_hour(day: DrilldownDay, ticket: conditions.TicketRow) -> bool:
        at = day.rows.half_hours.index_at(ticket.arrived)
        return day.rows.half_hours.slots[at][1:] == (label, int(nth or 1) - 1)

    return is_in_half_hour


def _promise_expert_predicate(code: str) -> TicketTest:
    return lambda _day, ticket: ticket.promise_leads == code


_PROMISE_GROUPS: dict[str, Callable[[str], TicketTest]] = {
    "services": _service_predicate,
    "half_hours": _half_hour_predicate,
    "experts": _promise_expert_predicate,
}


def _accept_any_quote(_quote: WaitWithQuote) -> bool:
    return True


def _is_condition_false_for_quote(test: Callable[[WaitWithQuote], bool], quote: WaitWithQuote) -> bool:
    return not test(quote)


_OUTSIDE_TESTS: dict[str, Callable[[WaitWithQuote], bool]] = {
    "late": lambda quote: quote[3] > quote[1],
    "early": lambda quote: quote[3] < quote[0],
}


def _quote_and_actual_wait(day: DrilldownDay, ticket: conditions.TicketRow) -> WaitWithQuote | None:
    promise, called = conditions.quoted_low_high_point_us(ticket), day.rows.first_call_by_ticket.get(ticket.label)
    return None if promise is None or called is None else (*promise, called - ticket.arrived)


def _rows_of_tickets_by_quote_test(
    where: TicketTest, test: Callable[[WaitWithQuote], bool], day: DrilldownDay
) -> Iterator[FigureRow]:
    for ticket in day.rows.tickets:
        quote = _quote_and_actual_wait(day, ticket)
        if quote is not None and test(quote) and where(day, ticket):
            yield FigureRow(ticket.label)


def _amounts_of_quotes(
    where: TicketTest, amount: Callable[[WaitWithQuote], float], day: DrilldownDay
) -> Iterator[FigureRow]:
    for ticket in day.rows.tickets:
        quote = _quote_and_actual_wait(day, ticket)
        if quote is not None and where(day, ticket):
            yield FigureRow(ticket.label, amount=round(amount(quote)))


def _errors_of_naive_quotes(where: TicketTest, day: DrilldownDay) -> Iterator[FigureRow]:
    for ticket in day.rows.tickets:
        error = _naive_quote_error_us(day, ticket)
        if error is not None and where(day, ticket):
            yield FigureRow(ticket.label, amount=error)


def _naive_quote_error_us(day: DrilldownDay, ticket: conditions.TicketRow) -> int | None:
    quote = _quote_and_actual_wait(day, ticket)
    if quote is None or ticket.promise_naive_s is None:
        return None
    return abs(quote[3] - ticket.promise_naive_s * conditions.SECOND_US)


def _range_width_us(quote: WaitWithQuote) -> float:
    return quote[1] - quote[0]


def _interval_score_us(quote: WaitWithQuote) -> float:
    return interval_score(quote[0], quote[1], quote[3])


def _point_error_us(quote: WaitWithQuote) -> float:
    return abs(quote[3] - quote[2])


# -- the measures ------------------------------------------------------------------------------------------------------


def _query_only_for_empty_path(query: RowQuery) -> QueryOfParts:
    return lambda parts: None if parts else query


def _finder_of_matching_ticket_rows(test: TicketTest) -> Find:
    return lambda day: (FigureRow(ticket.label) for ticket in day.rows.tickets if test(day, ticket))


def _is_not_void(_day: DrilldownDay, ticket: conditions.TicketRow) -> bool:
    return ticket.state != "void"


def _is_return_visit(_day: DrilldownDay, ticket: conditions.TicketRow) -> bool:
    return ticket.state != "void" and ticket.return_of is not None


_QUERIES_OF_OTHER_PARTS: dict[str, QueryOfParts] = {
    "followed": _query_only_for_empty_path(RowQuery(_finder_of_matching_ticket_rows(_is_not_void), looks_on=True)),
    "linked": _query_only_for_empty_path(RowQuery(_finder_of_matching_ticket_rows(_is_return_visit), looks_on=True)),
    "minutes_lost": lambda parts: query_of_figure(declared_figures.REDIRECTS, ("minutes_lost", *parts)),
    "minutes_saved": lambda parts: None if parts else query_of_figure(declared_figures.FORM_FREE, ("n",)),
    "by_reason": partial(query_of_figure, declared_figures.STALLED),
}
"""Queries for parts of figures that are computed outside their Figure."""

_MEASURE_QUERIES: dict[str, QueryOfParts] = {
    **{figure.key: partial(query_of_figure, figure) for figure in declared_figures.FIGURES},
    "service_level": _query_of_service_level,
    "longest_waits": _query_of_longest_wait,
    "promise": _query_of_promise,
}


def measure_row_query(parts: Parts) -> RowQuery | None:
    """Return the query for a path within the measures."""
    take = _MEASURE_QUERIES.get(parts[0]) if parts else None
    return take(parts[1:]) if take else None


_MEANS = frozenset({"mean", "mean_wait", "mean_minutes_beyond", "mean_width", "interval_score", "mae"})
_NOT_FROM_ROWS_ALONE = frozenset({"low", "high", "minutes_saved"})
"""Figures that need more than their rows."""


class RowsBehindFigure(Struct, frozen=True):
    """The rows behind a figure: their number, those to be shown, each with its date, and the figure's value, rounded as
    in documents; None where the rows are not enough."""

    total: int
    rows: tuple[tuple[date, FigureRow], ...]
    value: float | None = None


def row_query_of_path(path: str) -> RowQuery | None:
    """Return the query for a figure's path; None where it does not exist or is not made of tickets."""
    parts = split_figure_path(path)
    take = _GROUP_QUERIES.get(parts[0]) or figure_row_finder(parts[0])
    return take(parts[1:]) if take else None


def paths_of_share_rest_and_whole(path: str) -> tuple[str, str, str] | None:
    """Return the paths of a share's numerator, its complement and its denominator; None for other figures."""
    base = path
    for end in (".rest", "" if _is_promise_path(path) else ".late", ".of"):
        base = base.removesuffix(end)
    paths = (base, f"{base}.rest", f"{base}.of")
    return paths if all(row_query_of_path(part) is not None for part in paths) else None


def rows_behind_figure(path: str, days: Iterable[DrilldownDay], most: int | None = None) -> RowsBehindFigure:
    """Return the rows behind a figure of `days`, of which at most `most` are shown: the first, or those with the
    greatest amounts. Raises ValueError where a figure is not made of rows."""
    row_query = row_query_of_path(path)
    if row_query is None:
        raise ValueError(path)
    share = _OtherShareSideCounter(path)
    every = (
        (day.day, row) for day in share.count_while_yielding(days) for row in _rows_by_arrival(day, row_query.find(day))
    )
    counted = _CountingRowIterator(iter(_rows_with_greatest_amount(every)) if row_query.most else every)
    if row_query.by_amount:
        shown = (
            heapq.nlargest(most, counted, key=_row_amount_or_zero)
            if most is not None
            else sorted(counted, key=_minus_amount)
        )
    else:
        shown = [row for n, row in enumerate(counted) if most is None or n < most]
    value = share.share_value(counted.n) if share.is_share else _figure_from_rows(path, row_query, counted)
    return RowsBehindFigure(counted.n, tuple(shown), value)


class _CountingRowIterator:
    """Counts what passes, and keeps what each adds."""

    def __init__(self, rows: Iterator[tuple[date, FigureRow]]) -> None:
        self._found, self.n = rows, 0
        self.amounts: list[int] = []

    def __iter__(self) -> Iterator[tuple[date, FigureRow]]:
        for row in self._found:
            self.n += 1
            if row[1].amount is not None:
                self.amounts.append(row[1].amount)
            yield row


class _OtherShareSideCounter:
    """Counts the other side of a share while its days pass: the denominator, or with the denominator shown the
    numerator."""

    def __init__(self, path: str) -> None:
        paths = paths_of_share_rest_and_whole(path)
        self.is_share = paths is not None and _is_share_path(paths[0])
        self._other_count, self._part = 0, ""
        self._other_query: RowQuery | None = None
        if paths is not None and self.is_share:
            self._part = "of" if path == paths[2] else "n" if path == paths[0] else "rest"
            self._other_query = row_query_of_path(paths[0] if self._part == "of" else paths[2])

    def count_while_yielding(self, days: Iterable[DrilldownDay]) -> Iterator[DrilldownDay]:
        for day in days:
            if self._other_query is not None:
                self._other_count += sum(1 for _row in self._other_query.find(day))
            yield day

    def share_value(self, total: int) -> float | None:
        """Return the share; `total` is the number of rows of the path itself."""
        n, of = (self._other_count, total) if self._part == "of" else (total, self._other_count)
        return conditions.rounded_share(of - n if self._part == "rest" else n, of)


def _is_share_path(path: str) -> bool:
    return split_figure_path(path)[-1] in (
        "rate",
        "within_target",
        *(("late", "early") if _is_promise_path(path) else ()),
    )


def _is_promise_path(path: str) -> bool:
    """Whether "late" at the path's end is a figure of its own, not a part of a share."""
    return split_figure_path(path)[:2] == ("measures", "promise")


def _figure_from_rows(path: str, row_query: RowQuery, counted: _CountingRowIterator) -> float | None:
    """Return the figure that the rows make up; None where they are not enough."""
    parts, amounts = split_figure_path(path), counted.amounts
    key = parts[-2] if parts[0] == "left_out" and len(parts) > 1 and parts[-1] == "n" else parts[-1]
    if key == "most" or path == "overtakes.max":
        return max(amounts, default=0)
    if key in _MEANS or parts[0] == "heat":
        return conditions.rounded_minutes_from_us(sum(amounts) / len(amounts)) if amounts else None
    if key in ("median", "p90", "max"):
        values: dict[str, float | None] = {
            **conditions.duration_statistics_minutes(amounts),
            "max": conditions.rounded_minutes_from_us(max(amounts)) if amounts else None,
        }
        return values[key]
    if row_query.by_amount and (key.endswith("minutes") or key == "minutes_lost"):
        return conditions.rounded_minutes_from_us(sum(amounts))
    return None if key in _NOT_FROM_ROWS_ALONE else counted.n


def _row_amount_or_zero(row: tuple[date, FigureRow]) -> int:
    return row[1].amount or 0


def _minus_amount(row: tuple[date, FigureRow]) -> int:
    return -_row_amount_or_zero(row)


def _rows_by_arrival(day: DrilldownDay, unordered: Iterable[FigureRow]) -> list[FigureRow]:
    """Return a date's rows by the ticket's arrival; rows without a ticket by their own time."""

    def arrival_sort_key(row: FigureRow) -> tuple[int, str, int]:
        ticket = day.tickets_by_label.get(row.label)
        return (ticket.arrived if ticket else row.at or 0, row.label, row.leg or 0)

    return sorted(unordered, key=arrival_sort_key)


def _rows_with_greatest_amount(dated: Iterable[tuple[date, FigureRow]]) -> list[tuple[date, FigureRow]]:
    best: list[tuple[date, FigureRow]] = []
    for row in dated:
        if best and _row_amount_or_zero(row) > _row_amount_or_zero(best[0]):
            best = []
        if not best or _row_amount_or_zero(row) == _row_amount_or_zero(best[0]):
            best.append(row)
    return best


def _query_of_day_count(name: str, parts: Parts) -> RowQuery | None:
    return None if parts else query_of_figure(declared_figures.DAY, (name,))


def _left_out_rows_query(parts: Parts) -> RowQuery | None:
    if not parts or parts[1:] not in ((), ("n",)):
        return None
    return query_of_figure(declared_figures.LEFT_OUT, parts[:1])


_GROUP_QUERIES: dict[str, Callable[[Parts], RowQuery | None]] = {
    **{name: partial(_query_of_day_count, name) for name in declared_figures.DAY.numbers},
    "wait": partial(query_of_all_steps, "wait"),
    "way": partial(query_of_all_steps, "way"),
    "handling": partial(query_of_all_steps, "handling"),
    "services": query_of_service,
    "windows": window_row_query,
    "staff": staff_row_query,
    "hours": half_hour_row_query,
    "heat": row_query_of_weekday_half_hour,
    "ratings": rating_row_query,
    "redirects": partial(query_of_figure, declared_figures.REDIRECTS),
    "not_ready": partial(query_of_figure, declared_figures.CAME_UNREADY),
    "overtakes": partial(query_of_figure, declared_figures.OVERTAKEN),
    "promise": partial(query_of_figure, declared_figures.PROMISE),
    "left_out": _left_out_rows_query,
    "measures": measure_row_query,
    "why": figures.rated_tickets_query,
}
