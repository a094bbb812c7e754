"""Declares figures: counting, the document and the tickets behind a figure all follow from its Figure.

A figure's `of` is evaluated on one row per kind (day.py), its counts on each row.

Two more tallies are here. The accuracy of waits quoted at issue, compared with a simple formula: people ahead × usual
minutes ÷ windows.

- n: called tickets with a quoted range, without void ones; their wait is from issue to the first call. A ticket counts
  with the service and the half-hour of its issue.
- late, early: the share called after the range's upper end, or before its lower one. A tenth on either side is what the
  ranges aim at.
- mean_width: minutes between the ends. mae: the mean absolute error of the range's point estimate.
- interval_score: the width, plus ten for each minute outside the range: the cost of an 80 % range; lower is better.
- naive: the same for the simple formula, for tickets with its value at issue. It has no range, so it gets the one that
  fits these tickets best afterwards: a tenth of them beyond either end, in up to six groups by its value. No forecast
  could do that.
- experts: the same by the expert that weighed most in the quote, for tickets where the log has it.

Long pauses, and the longest waits with what explains them.

- pauses: of 20 minutes or more, longest first, at most 20; on the hall's clock. `to` is None while it lasts, and its
  minutes are those until now. A pause that a closing ended lasted until then.
- longest_waits: the five longest of the waits that count, with at most two causes, the first of these that apply; who
  was called at once needs none.
  - free: a window that may serve the line, open and not paused, was free for `minutes` at a stretch in which it could
    have called this ticket, at least 2 and a quarter of the wait; the longest stretch. It needs the log.
  - long_before: the customer before at the window that called was there for `minutes` of handling, at least 15 and more
    than twice the 90th percentile of the date's handling, and went when this one was waiting already.
  - paused: a window that may serve the line was paused for `minutes` of the wait, at least 10; the one that was paused
    longest.
  - overtaken: the ticket was passed `n` times.
  - few_windows: over the wait `n` windows that may serve the line took customers on average, at most half of the most
    that did so at one moment of the date.
  - arrivals: in the half-hour in which the line was joined `n` people came to the hall, at least 90 % of those of its
    busiest half-hour and half again as many as in the mean of the half-hours in which anybody came.
  - ahead, where none of these applies: `n` tickets that joined earlier were called during the wait by windows that may
    serve the line.
  The services of a window are by the current set-up, with the clerk who was there."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from heapq import nlargest, nsmallest
from itertools import chain, compress, islice, pairwise
from math import ceil
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from queuedesk.core.figures.comparing import NOTHING, round_share
from queuedesk.core.figures.measures import day as day_rows
from queuedesk.core.figures.measures import rows as figure_rows
from queuedesk.core.figures.satisfaction import satisfaction_rate
from queuedesk.core.log.ticket_history import merge_overlapping_spans
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.estimates import COVERED, EXPERTS, interval_score

SERVICE, WINDOW, STAFF, ITEM, KIND = "service", "window", "staff", "item", "kind"
"""What names the rows of a split: services, windows, people, (service, item or None), or another kind."""
BY_SERVICE, BY_WINDOW, BY_STAFF = "services", "windows", "staff"
MORE, LESS = "more", "less"
TIMES, MINUTES, MEAN, SPREAD, MOST = "times", "minutes", "mean", "spread", "most"
"""Forms of times in a document: their number, sum, mean, spread (number, mean, median, 90th percentile), or maximum,
not as minutes."""
EACH_TIME_FORMS = frozenset({MEAN, SPREAD, MOST})
"""Forms that need each time, not only their sum."""
N_OF = ("n", "of")
"""The usual share: "n" of all rows of the figure."""
WHOLE = "whole"
Row = Any
"""A row of the source: a TicketRow, a LegRow, a RatingRow …"""
Test = Callable[[day_rows.DayRows, Row], bool]
RowsTest = Callable[[day_rows.DayRows, Sequence[Any]], Sequence[bool]]
"""Says for each of several rows of one kind, in order, whether it fits."""


# -- whose figures they are --------------------------------------------------------------------------------------------


class FigureScope(Struct, frozen=True, kw_only=True):
    """What figures are about: codes in the set-up's order; `hall` is None for several halls together."""

    hall: str | None
    first: date
    last: date
    target_minutes: int | None
    services: Sequence[str] = ()
    windows: Sequence[str] = ()
    staff: Sequence[str] = ()


def hall_figure_scope(setup: Setup, first: date, last: date) -> FigureScope:
    return FigureScope(
        hall=setup.hall.code,
        first=first,
        last=last,
        target_minutes=setup.setting_as_int("wait_target_minutes"),
        services=list(setup.services),
        windows=list(setup.windows),
        staff=list(setup.staff),
    )


def occurring_codes_in_order(set_up: Iterable[str], seen: Collection[str]) -> list[str]:
    """Return the codes that occurred: the set-up's in its order, then those that it no longer has."""
    codes = [code for code in set_up if code in seen]
    return codes + sorted(set(seen) - set(codes))


# -- what a figure is --------------------------------------------------------------------------------------------------


def is_row_always_counted(_rows: day_rows.DayRows, _row: Row) -> bool:
    return True


def _is_always_known(_rows: day_rows.DayRows) -> bool:
    return True


class CountMeasure(Struct, frozen=True):
    """The number of a figure's rows that fit. `among` is evaluated once per kind; `which` gets the rows of a kind and
    returns for each whether it fits, or nothing where none does; without it all fit. `known`: whether a date has the
    data; `whole`: it needs more of a date than its tickets and legs; `source`: the source of its rows where not the
    figure's."""

    which: RowsTest | None = None
    known: Callable[[day_rows.DayRows], bool] = _is_always_known
    among: Test = is_row_always_counted
    whole: bool = False
    source: str = ""

    def is_row_counted(self, rows: day_rows.DayRows, row: Row) -> bool:
        return self.among(rows, row) and (self.which is None or any(self.which(rows, [row])))


class TimeMeasure(Struct, frozen=True):
    """How long a figure's rows took, or another quantity of each. `of` returns the times of rows of one kind in
    microseconds: one for each in their order, or nothing; for a number that is not split it may leave out rows without
    any. `known` and `source` as in CountMeasure."""

    of: Callable[[day_rows.DayRows, Any], Sequence[int]]
    shown: str = SPREAD
    source: str = ""
    known: Callable[[day_rows.DayRows], bool] = _is_always_known


Number = CountMeasure | TimeMeasure


class FigureBreakdown(Struct, frozen=True, kw_only=True):
    """A list of the document whose rows have the figure's numbers; without a key the figure itself is that list. `by`
    returns the name of the list's row for each source row, None for no row, or, with `nobody`, for the row of those
    without a name. `numbers` limits the numbers of its rows; `alone` is the one number that the document shows by name,
    as an object in place of a list. Of KIND, `head` is the name's key in the document, and the rows are in `order`, or
    those with most of the number `most` first. `known` and `whole` as in CountMeasure; `alike`: `by` is the same for
    all rows of a kind."""

    key: str = ""
    names: str = KIND
    by: Callable[[day_rows.DayRows, Sequence[Any]], Sequence[Hashable]]
    numbers: Collection[str] = ()
    alone: str = ""
    head: str = "code"
    order: Sequence[str] = ()
    most: str = ""
    nobody: bool = False
    known: Callable[[day_rows.DayRows], bool] = _is_always_known
    whole: bool = False
    alike: bool = False

    def name_of(self, rows: day_rows.DayRows, row: Row) -> Hashable:
        """Return the name of the list's row that a source row belongs to."""
        return self.by(rows, [row])[0]

    def has_number(self, number: str) -> bool:
        if self.alone:
            return number == self.alone
        return not self.numbers or number in self.numbers or number == "of"

    def row_key_of_name(self, name: str) -> Hashable:
        """Return the value of `by` for a row's name in a path."""
        if self.names != ITEM:
            return None if self.nobody and name == NOTHING else name
        service, _slash, item = name.partition("/")
        return service, None if item == NOTHING else item

    def ordered_row_names(self, scope: FigureScope, seen: Iterable[Any], most: Mapping[Any, int]) -> list[Any]:
        """Return the rows' names in document order: the set-up's, or the split's own."""
        names = set(seen) if self.nobody else set(seen) - {None}
        if self.names == ITEM:
            place = {code: at for at, code in enumerate(scope.services)}
            return sorted(names, key=lambda key: (place.get(key[0], len(place)), key[1] is not None, key[1] or ""))
        if self.most:
            return sorted(names, key=lambda name: (-most[name], name is None, name or ""))
        codes = {STAFF: scope.staff, WINDOW: scope.windows, SERVICE: scope.services}
        return occurring_codes_in_order(codes.get(self.names, self.order), names)

    def row_title_fields(self, name: Any) -> figure_rows.Figures:
        return {"service": name[0], "item": name[1]} if self.names == ITEM else {self.head: name}


class FigureDefinition(Struct, frozen=True, kw_only=True, eq=False):
    """A figure: numbers about the rows of its `source` that pass `of`, in all and by its splits. `share` names the
    numerator and denominator of its "rate"; "of" is the number of all its rows. A number "a.b" is "b" in the object "a"
    of the document. `parts` are the names in document order, including those computed elsewhere, None for the numbers
    alone; "low" and "high" are the ends of the rate's 95 % interval. `better`: whether MORE or LESS of it is better,
    None for neither. `compared`: two periods are compared by it; `headline`: it is among the few by which the page of
    figures compares them."""

    key: str
    of: Test = is_row_always_counted
    numbers: Mapping[str, Number]
    source: str = day_rows.TICKETS
    share: tuple[str, str] | None = N_OF
    splits: Sequence[FigureBreakdown] = ()
    parts: Sequence[str] | None = None
    better: str | None = None
    compared: bool = True
    headline: bool = False

    @property
    def rate_path(self) -> str:
        return f"measures.{self.key}.rate"

    @property
    def names_of_numbers_in_rows(self) -> list[str]:
        """The names of its numbers in each row, and in all unless `parts` says otherwise."""
        if self.share != N_OF:
            return list(self.numbers)
        return ["n", "of", "rate", *(name for name in self.numbers if name != "n")]


# -- adding up ---------------------------------------------------------------------------------------------------------


# Cached: a year adds its figures ten thousand times.
@cache
def _parts_some_dates_lack(figure: FigureDefinition) -> tuple[tuple[str, Number | FigureBreakdown], ...]:
    """Return the numbers and splits that some dates may lack, by name."""
    every = (*figure.numbers.items(), *((split.key, split) for split in figure.splits))
    return tuple((name, one) for name, one in every if one.known is not _is_always_known)


@cache
def _numbers_and_splits_by_source(
    figure: FigureDefinition, lacking: frozenset[str]
) -> tuple[tuple[str, Mapping[str, Number], Sequence[FigureBreakdown]], ...]:
    """Return the numbers that a date has, by the source of their rows, each with the splits of these numbers."""
    by_source: dict[str, dict[str, Number]] = {figure.source: {"of": CountMeasure()}}
    for name, number in figure.numbers.items():
        if name not in lacking:
            by_source.setdefault(number.source or figure.source, {})[name] = number
    splits = [split for split in figure.splits if split.key not in lacking]
    return tuple(
        (source, own, [one for one in splits if any(map(one.has_number, own))]) for source, own in by_source.items()
    )


SplitRows = tuple[str, Hashable, Sequence[Hashable] | None]
"""A split's key, and the row for all of a kind, or, where they differ, the row of each."""


class FigureTally(Struct):
    """One figure, added up by list, number and row: counts and sums of microseconds, or single `times`. `unknown` are
    the numbers and splits for which some date has no data."""

    counts: dict[tuple[str, str], Counter[Any]] = field(default_factory=lambda: defaultdict(Counter))
    times: dict[tuple[str, str], dict[Any, list[int]]] = field(default_factory=lambda: defaultdict(_new_lists_by_row))
    unknown: set[str] = field(default_factory=set)

    def times_of_breakdown_row(self, key: str, number: str, row: str | None = None) -> list[int]:
        lists = self.times[key, number]
        return [time for times in lists.values() for time in times] if row is None else lists[row]

    def total_count(self, number: str) -> int:
        return self.counts[WHOLE, number][None]

    def add_day(self, figure: FigureDefinition, rows: day_rows.DayRows) -> None:
        lacking = frozenset(name for name, count in _parts_some_dates_lack(figure) if not count.known(rows))
        self.unknown |= lacking
        for source, numbers, splits in _numbers_and_splits_by_source(figure, lacking):
            self._add_rows_of_source(figure, rows, (source, numbers), splits)

    def _add_rows_of_source(
        self,
        figure: FigureDefinition,
        rows: day_rows.DayRows,
        counted: tuple[str, Mapping[str, Number]],
        splits: Sequence[FigureBreakdown],
    ) -> None:
        source, numbers = counted
        kinds = [
            pair
            for pair in day_rows.SOURCES[source](rows)
            if figure.of is is_row_always_counted or figure.of(rows, pair[0][0])
        ]
        if not kinds:
            return
        counts, times = [], []
        for name, count in numbers.items():
            having = [at for at, split in enumerate(splits) if split.has_number(name)]
            if isinstance(count, TimeMeasure):
                times.append((name, count, having))
            else:
                among = None if count.among is is_row_always_counted else count.among
                sums = [(at, self.counts[splits[at].key, name]) for at in having]
                counts.append((self.counts[WHOLE, name], among, count.which, sums))
        for those, alike in kinds:
            where: list[SplitRows] = []
            for whole, among, which, sums in counts:
                if among is not None and not among(rows, those[0]):
                    continue
                fits = None if which is None else which(rows, those)
                if not (n := len(those) if fits is None else fits.count(True)):
                    continue
                whole[None] += n
                if sums and not where:
                    where = _breakdown_rows(splits, rows, those, is_own=source == figure.source)
                for at, sum_ in sums:
                    _key, row, each = where[at]
                    if each is None:
                        sum_[row] += n
                    else:
                        sum_.update(each if fits is None else compress(each, fits))
            for name, number, having in times:
                if us := number.of(rows, alike):
                    if having and not where:
                        where = _breakdown_rows(splits, rows, those, is_own=source == figure.source)
                    self.counts[WHOLE, name][None] += self._add_times(name, number, us, [where[at] for at in having])

    def _add_times(self, name: str, number: TimeMeasure, us: Sequence[int], where: Sequence[SplitRows]) -> int:
        """Add times to the rows; return what they add to the total (0 where each time is kept)."""
        if number.shown in EACH_TIME_FORMS:
            if not where:
                self.times[WHOLE, name][None] += us
            for key, row, hashables in where:
                lists = self.times[key, name]
                if hashables is None:
                    lists[row] += us
                else:
                    for by, time in zip(hashables, us, strict=True):
                        lists[by].append(time)
            return 0
        for key, row, hashables in where:
            sums = self.counts[key, name]
            if hashables is None:
                sums[row] += sum(us)
            else:
                for by, time in zip(hashables, us, strict=True):
                    sums[by] += time
        return len(us) if number.shown == TIMES else sum(us)

    def extend(self, other: FigureTally) -> None:
        """Add other dates of the same hall."""
        self.unknown |= other.unknown
        for key, counts in other.counts.items():
            ours = self.counts[key]
            for row, n in counts.items():
                ours[row] += n
        for key, lists in other.times.items():
            our_lists = self.times[key]
            for row, times in lists.items():
                our_lists[row] += times

    def merge(self, figure: FigureDefinition, other: FigureTally, hall: str, service: Callable[[str], str]) -> None:
        """Add another hall's sums: people as "HALL/CODE"; `service` translates the codes of its services."""
        renamed: dict[str, Callable[[Any], Any]] = {
            SERVICE: service,
            STAFF: lambda code: f"{hall}/{code}",
            WINDOW: lambda code: f"{hall}/{code}",
            ITEM: lambda name: (service(name[0]), name[1]),
        }
        names = {split.key: renamed[split.names] for split in figure.splits if split.names in renamed}
        self.unknown |= other.unknown
        for key, counts in other.counts.items():
            for row, n in counts.items():
                self.counts[key][_renamed_row_key(row, names.get(key[0]))] += n
        for key, lists in other.times.items():
            for row, times in lists.items():
                self.times[key][_renamed_row_key(row, names.get(key[0]))] += times

    def figure_document(self, figure: FigureDefinition, scope: FigureScope, besides: Mapping[str, Any]) -> Any:
        """Return the figure's part of the document; `besides` are the parts computed elsewhere."""
        lists = {split.key: self._breakdown_document(figure, split, scope) for split in figure.splits}
        if "" in lists:
            return lists[""]
        names = figure.parts or figure.names_of_numbers_in_rows
        further = [key for key in lists if key not in names]
        return self.row_values(figure, WHOLE, None, (*names, *further), {**besides, **lists})

    def _breakdown_document(self, figure: FigureDefinition, split: FigureBreakdown, scope: FigureScope) -> Any:
        if split.key in self.unknown:
            return None
        if split.alone:
            counts = self.counts[split.key, split.alone]
            return {name: counts[name] for name in sorted(counts)}
        places = split.ordered_row_names(scope, self.counts[split.key, "of"], self.counts[split.key, split.most])
        names = [name for name in figure.names_of_numbers_in_rows if split.has_number(name)]
        return [split.row_title_fields(name) | self.row_values(figure, split.key, name, names) for name in places]

    def row_values(
        self,
        figure: FigureDefinition,
        key: str,
        row: Hashable,
        names: Iterable[str],
        besides: Mapping[str, Any] | None = None,
    ) -> figure_rows.Figures:
        """Return some numbers of a row in the document's form."""
        document: figure_rows.Figures = {}
        for name in names:
            *groups, last = name.split(".")
            place = document
            for group in groups:
                place = place.setdefault(group, {})
            place[last] = besides[name] if besides and name in besides else self._document_value(figure, key, row, name)
        return document

    def _document_value(self, figure: FigureDefinition, key: str, row: Hashable, name: str) -> Any:
        if name in ("rate", "low", "high") and figure.share is not None:
            if self.unknown & set(figure.share):
                return None
            n, of = (self.counts[key, part][row] for part in figure.share)
            return (
                figure_rows.rounded_share(n, of)
                if name == "rate"
                else round_share(getattr(satisfaction_rate(n, of - n), name))
            )
        if name in self.unknown:
            return None
        number = CountMeasure() if name == "of" else figure.numbers[name]
        if isinstance(number, TimeMeasure) and number.shown in EACH_TIME_FORMS:
            times = self.times[key, name][row]
            if number.shown == MOST:
                return max(times, default=0)
            figures = figure_rows.duration_statistics_minutes(times)
            return figures["mean"] if number.shown == MEAN else figures
        value = self.counts[key, name][row]
        return (
            figure_rows.rounded_minutes_from_us(value)
            if isinstance(number, TimeMeasure) and number.shown == MINUTES
            else value
        )


def _new_lists_by_row() -> dict[Any, list[int]]:
    return defaultdict(list)


def _renamed_row_key(row: Any, renamed: Callable[[Any], Any] | None) -> Any:
    return row if row is None or renamed is None else renamed(row)


def _breakdown_rows(
    splits: Iterable[FigureBreakdown], rows: day_rows.DayRows, those: Sequence[Row], *, is_own: bool
) -> list[SplitRows]:
    # Rows of one kind of another source may be of several kinds of the figure's own.
    return [
        (split.key, split.by(rows, those[:1])[0], None)
        if split.alike and is_own
        else (split.key, None, split.by(rows, those))
        for split in splits
    ]


MOST_GROUPS = 6
LEAST_IN_GROUP = 20
PromiseKey = tuple[str, day_rows.Slot]
"""Service and half-hour of the issue."""
QuotedAndActual = tuple[int, int]
"""Quoted and actual wait, in microseconds."""
QuoteOutcome = tuple[int, int, int, int]
"""Lower and upper end of a quote, its point estimate, and the actual wait, in microseconds."""


class QuotedWaitTotals(Struct):
    """Quoted ranges and their outcomes, added up; times in microseconds."""

    n: int = 0
    late: int = 0
    early: int = 0
    width_us: int = 0
    outside_us: int = 0
    off_us: int = 0

    def add_quotes(self, quotes: Iterable[QuoteOutcome]) -> None:
        # Local variables for speed: a year has half a million tickets.
        n = late = early = width = outside = off = 0
        for low, high, point, wait in quotes:
            n += 1
            width += high - low
            off += wait - point if wait > point else point - wait
            if wait > high:
                late += 1
                outside += wait - high
            elif wait < low:
                early += 1
                outside += low - wait
        self.add_sums(QuotedWaitTotals(n, late, early, width, outside, off))

    def add_sums(self, other: QuotedWaitTotals) -> None:
        self.n += other.n
        self.late += other.late
        self.early += other.early
        self.width_us += other.width_us
        self.outside_us += other.outside_us
        self.off_us += other.off_us

    def quote_figures(self) -> figure_rows.Figures:
        """Return the figures, null without tickets."""
        if not self.n:
            return {"n": 0, **dict.fromkeys(("late", "early", "mean_width", "interval_score", "mae"))}
        score = interval_score(0, self.width_us, self.width_us + self.outside_us)
        return {
            "n": self.n,
            "late": figure_rows.rounded_share(self.late, self.n),
            "early": figure_rows.rounded_share(self.early, self.n),
            "mean_width": figure_rows.rounded_minutes_from_us(self.width_us / self.n),
            "interval_score": figure_rows.rounded_minutes_from_us(score / self.n),
            "mae": figure_rows.rounded_minutes_from_us(self.off_us / self.n),
        }


class QuotedWaitTally(Struct):
    """Quoted waits by service and half-hour, and in `led` by the expert that weighed most; `naive` has the simple
    formula's quotes with the actual waits."""

    told: dict[PromiseKey, QuotedWaitTotals] = field(default_factory=lambda: defaultdict(QuotedWaitTotals))
    naive: dict[PromiseKey, list[QuotedAndActual]] = field(default_factory=lambda: defaultdict(list))
    led: dict[str, QuotedWaitTotals] = field(default_factory=lambda: defaultdict(QuotedWaitTotals))

    def add_day(self, rows: day_rows.DayRows) -> None:
        beyond = rows.us_beyond_quote_by_ticket
        if not beyond:
            return
        start, slots, services = rows.half_hours.start, rows.half_hours.slots, rows.first_service_by_ticket
        # One list for each place and expert, so that each ticket is added up once for both.
        places: dict[tuple[str, int, str | None], tuple[list[QuoteOutcome], list[QuotedAndActual]]] = {}
        for ticket in rows.tickets:
            label, naive_s = ticket.label, ticket.promise_naive_s
            if label not in beyond or (quoted := figure_rows.quoted_low_high_point_us(ticket)) is None:
                continue
            place = (services[label], (ticket.arrived - start) // day_rows.HALF_HOUR_US, ticket.promise_leads)
            if place[1] >= len(slots):
                continue  # Called before it came: a damaged row.
            if place not in places:
                places[place] = ([], self.naive[place[0], slots[place[1]]])
            quotes, naive = places[place]
            wait = quoted[1] + beyond[label]
            quotes.append((*quoted, wait))
            if naive_s is not None:
                naive.append((naive_s * figure_rows.SECOND_US, wait))
        for (service, half, leads), (quotes, _naive) in places.items():
            outcomes = QuotedWaitTotals()
            outcomes.add_quotes(quotes)
            self.told[service, slots[half]].add_sums(outcomes)
            if leads is not None:
                self.led[leads].add_sums(outcomes)

    def merge(self, other: QuotedWaitTally, service: Callable[[str], str]) -> None:
        """Add the sums of other dates or halls; `service` translates the codes of services."""
        for (code, slot), totals in other.told.items():
            self.told[service(code), slot].add_sums(totals)
        for (code, slot), pairs in other.naive.items():
            self.naive[service(code), slot].extend(pairs)
        for expert, promised in other.led.items():
            self.led[expert].add_sums(promised)

    def promise_measures(self, scope: FigureScope) -> figure_rows.Figures:
        """Return "promise" of the measures: in all, by service, by half-hour of the issue."""
        fitted = _BestQuoteRange([pair for pairs in self.naive.values() for pair in pairs])
        naive = {key: fitted.totals_of_quotes(pairs) for key, pairs in self.naive.items()}
        told_for = {code for code, _slot in self.told}
        codes = [code for code in scope.services if code in told_for]
        slots = day_rows.sort_half_hours_by_time({slot for _code, slot in self.told})
        return {
            **self._summed_quote_figures_of_keys(naive, self.told),
            "services": [
                {
                    "code": code,
                    **self._summed_quote_figures_of_keys(naive, [key for key in self.told if key[0] == code]),
                }
                for code in codes + sorted(told_for - set(codes))
            ],
            "half_hours": [
                {
                    "from": slot[1],
                    **self._summed_quote_figures_of_keys(naive, [key for key in self.told if key[1] == slot]),
                }
                for slot in slots
            ],
            "experts": [{"code": code, **self.led[code].quote_figures()} for code in EXPERTS if code in self.led],
        }

    def _summed_quote_figures_of_keys(
        self, naive: Mapping[PromiseKey, QuotedWaitTotals], keys: Iterable[PromiseKey]
    ) -> figure_rows.Figures:
        quoted, simple = QuotedWaitTotals(), QuotedWaitTotals()
        for key in keys:
            quoted.add_sums(self.told[key])
            if key in naive:
                simple.add_sums(naive[key])
        return {**quoted.quote_figures(), "naive": simple.quote_figures()}


class _BestQuoteRange:
    """The best possible range around a point estimate, found afterwards: a tenth of errors beyond either end, by size
    groups."""

    def __init__(self, pairs: Sequence[QuotedAndActual]) -> None:
        ordered = sorted(pairs)
        groups = max(1, min(MOST_GROUPS, len(ordered) // LEAST_IN_GROUP))
        cuts = [len(ordered) * n // groups for n in range(groups + 1)]
        self._group_starts = [ordered[cut][0] for cut in cuts[1:-1]]
        self._errors = [_error_deciles([wait - quoted for quoted, wait in ordered[a:b]]) for a, b in pairwise(cuts)]

    def totals_of_quotes(self, pairs: Sequence[QuotedAndActual]) -> QuotedWaitTotals:
        """Return the totals of quotes and actual waits with these ranges."""
        totals = QuotedWaitTotals()
        # The formula gives whole seconds, so many quotes are equal.
        ranges = {quoted: self._range_around_quote(quoted) for quoted in {quoted for quoted, _wait in pairs}}
        totals.add_quotes([(*ranges[quoted], quoted, wait) for quoted, wait in pairs])
        return totals

    def _range_around_quote(self, quoted: int) -> tuple[int, int]:
        """Return the range, which never begins below 0."""
        below, above = self._errors[bisect_right(self._group_starts, quoted)]
        return max(0, quoted + below), max(0, quoted + above)


def _error_deciles(errors: list[int]) -> tuple[int, int]:
    """Return limits of errors that leave a tenth on either side."""
    if not errors:
        return 0, 0
    errors.sort()
    rank = min(len(errors), ceil((1 + COVERED) / 2 * (len(errors) + 1)))
    return errors[len(errors) - rank], errors[rank - 1]


LONG_PAUSE_US = 20 * figure_rows.MINUTE_US
PAUSES_SHOWN = 20
WAITS_SHOWN = 5

# -- what explains a long wait -----------------------------------------------------------------------------------------

CAUSES_NAMED = 2
LONG_CUSTOMER_US = 15 * figure_rows.MINUTE_US
LONG_VISIT_TIMES_P90 = 2
LEAST_PAUSE_US = 10 * figure_rows.MINUTE_US
FEW_WINDOWS_SHARE = 0.5
RUSH_SHARE_OF_BUSIEST = 0.9
RUSH_TIMES_MEAN = 1.5
LEAST_FREE_US = 2 * figure_rows.MINUTE_US
LEAST_FREE_SHARE = 0.25


class WaitCause(Struct, frozen=True, kw_only=True):
    """One cause of a wait: `us` and `window` where the kind has them; `n` is a count, for few_windows a mean with one
    decimal."""

    kind: str
    window: str | None = None
    us: int | None = None
    n: int | float | None = None

    def with_hall_code(self, hall: str) -> WaitCause:
        return self if self.window is None else replace(self, window=f"{hall}/{self.window}")

    def document_row(self) -> figure_rows.Figures:
        minutes = None if self.us is None else figure_rows.rounded_minutes_from_us(self.us)
        return {"kind": self.kind, "window": self.window, "minutes": minutes, "n": self.n}


def causes_of_wait(rows: day_rows.DayRows, leg: figure_rows.LegRow) -> tuple[WaitCause, ...]:
    """Return up to two causes of the wait of a called leg; none of one of no length, or where the day has no data."""
    ((joined, called),) = _wait_spans(leg)
    if joined == called:
        return ()
    all_causes = (
        cause
        for explain in (
            _free_window_cause,
            _wait_cause_of_long_visit_before,
            _window_pause_as_wait_cause,
            _overtakes_as_wait_cause,
            _few_windows_cause,
            _arrivals_rush_cause,
        )
        if (cause := explain(rows, leg)) is not None
    )
    first = tuple(islice(all_causes, CAUSES_NAMED))
    if first:
        return first
    ahead = _people_ahead_cause(rows, leg)
    return () if ahead is None else (ahead,)


def _free_window_cause(rows: day_rows.DayRows, leg: figure_rows.LegRow) -> WaitCause | None:
    if rows.spans is None:
        return None
    wait = _wait_spans(leg)
    since = _first_callable_at_us(rows, leg)
    held = next((other for other in rows.spans.held if (other.service, other.end) == (leg.service, leg.called)), None)
    longest, window = 0, ""
    for shift, free in rows.free_spans_of_shifts:
        serving = day_rows.offering_spans_of_shift_us(rows.setup, shift, leg.service, rows.until)
        first = since if held is None else max(since, day_rows.callable_start_and_end_us(held, shift)[0])
        callable_spans = day_rows.common_spans([(first, max(first, wait[0][1]))], merge_overlapping_spans(serving))
        at = max(0, bisect_right(free, (first, first)) - 1)  # most of a date's free spans ended before
        us = max((end - start for start, end in day_rows.common_spans(free[at:], callable_spans)), default=0)
        if us > longest:
            longest, window = us, shift.window
    is_long = longest >= LEAST_FREE_US and longest >= LEAST_FREE_SHARE * day_rows.covered_microseconds(wait)
    return WaitCause(kind="free", window=window, us=longest) if is_long else None


def _first_callable_at_us(rows: day_rows.DayRows, leg: figure_rows.LegRow) -> int:
    """Return when windows of the line could first call the leg: after the leg before (a redirect keeps the arrival as
    it was), and not before an appointment's time."""
    if leg.n == 1:
        return max(leg.joined, rows.not_before_by_ticket.get(leg.label, leg.joined))
    earlier = [rows.first_leg_by_ticket.get(leg.label), *rows.legs_after_first]
    before = (other.ended for other in earlier if other and other.label == leg.label and other.n == leg.n - 1)
    return max(moment for moment in (leg.joined, *before) if moment is not None)


def _wait_cause_of_long_visit_before(rows: day_rows.DayRows, leg: figure_rows.LegRow) -> WaitCause | None:
    called = leg.called or leg.joined
    before: figure_rows.LegRow | None = None
    for other in _legs_finished_at_window(rows, leg.window):
        if other.finished is None or other.finished > called or other is leg:
            continue
        if before is None or (other.finished, other.label) > (before.finished or 0, before.label):
            before = other
    if before is None or (before.finished or 0) <= leg.joined:
        return None
    took = figure_rows.counted_handling_us(before)
    if took is None or took < LONG_CUSTOMER_US:
        return None
    times = sorted(time for alike in rows.legs_combined_by_kind for time in alike.handling)
    if took <= LONG_VISIT_TIMES_P90 * figure_rows.percentile(times, 90):
        return None
    return WaitCause(kind="long_before", window=leg.window, us=took)


def _legs_finished_at_window(rows: day_rows.DayRows, window: str | None) -> Iterator[figure_rows.LegRow]:
    for alike in rows.legs_combined_by_kind:
        if alike.legs[0].window == window and alike.legs[0].finished is not None:
            yield from alike.legs


def _window_pause_as_wait_cause(rows: day_rows.DayRows, leg: figure_rows.LegRow) -> WaitCause | None:
    paused: dict[str, list[day_rows.Span]] = defaultdict(list)
    for shift in rows.shifts:
        if serving := day_rows.offering_spans_of_shift_us(rows.setup, shift, leg.service, rows.until):
            paused[shift.window] += _parts_within_serving_spans(day_rows.pause_spans_us(shift, rows.until), serving)
    meant = [
        (day_rows.overlap_microseconds(merge_overlapping_spans(spans), _wait_spans(leg)), window)
        for window, spans in sorted(paused.items())
    ]
    longest, window = max(meant, key=lambda item: item[0], default=(0, ""))
    return WaitCause(kind="paused", window=window, us=longest) if longest >= LEAST_PAUSE_US else None


def _overtakes_as_wait_cause(rows: day_rows.DayRows, leg: figure_rows.LegRow) -> WaitCause | None:
    n = rows.overtaken_count_by_ticket.get(leg.label, 0)
    return WaitCause(kind="overtaken", n=n) if n else None


def _few_windows_cause(rows: day_rows.DayRows, leg: figure_rows.LegRow) -> WaitCause | None:
    taking: dict[str, list[day_rows.Span]] = defaultdict(list)
    for shift in rows.shifts:
        if serving := day_rows.offering_spans_of_shift_us(rows.setup, shift, leg.service, rows.until):
            taking[shift.window] += _parts_within_serving_spans(day_rows.unpaused_spans_us(shift, rows.until), serving)
    spans = [merge_overlapping_spans(window_spans) for window_spans in taking.values()]
    most = max(
        (_count_windows_taking_at(start, spans) for window_spans in spans for start, _ in window_spans), default=0
    )
    wait = _wait_spans(leg)
    if not most or not day_rows.covered_microseconds(wait):
        return None
    mean = sum(
        day_rows.overlap_microseconds(window_spans, wait) for window_spans in spans
    ) / day_rows.covered_microseconds(wait)
    return WaitCause(kind="few_windows", n=round(mean, 1)) if mean <= FEW_WINDOWS_SHARE * most else None


def _count_windows_taking_at(moment: int, spans: Sequence[Sequence[day_rows.Span]]) -> int:
    return sum(any(start <= moment < end for start, end in own) for own in spans)


def _arrivals_rush_cause(rows: day_rows.DayRows, leg: figure_rows.LegRow) -> WaitCause | None:
    n = rows.arrivals_by_half_hour[rows.half_hours.index_at(leg.joined)]
    is_rush = (
        n >= RUSH_SHARE_OF_BUSIEST * rows.most_half_hour_arrivals
        and n * len(rows.arrivals_by_half_hour) >= RUSH_TIMES_MEAN * rows.arrivals_by_half_hour.total()
    )
    return WaitCause(kind="arrivals", n=n) if n and is_rush else None


def _people_ahead_cause(rows: day_rows.DayRows, leg: figure_rows.LegRow) -> WaitCause | None:
    able = {s.window for s in rows.shifts if leg.service in rows.setup.services_served_in_shift(s)}
    joined, called = leg.joined, leg.called or leg.joined
    n = sum(
        other.called is not None and other.joined < joined <= other.called <= called
        for alike in rows.legs_combined_by_kind
        if alike.legs[0].called is not None and alike.legs[0].window in able
        for other in alike.legs
    )
    return WaitCause(kind="ahead", n=n) if n else None


def _parts_within_serving_spans(spans: list[day_rows.Span], serving: list[day_rows.Span]) -> list[day_rows.Span]:
    """Return the parts of `spans` in which the window could serve the line."""
    return day_rows.common_spans(merge_overlapping_spans(spans), merge_overlapping_spans(serving))


def _wait_spans(leg: figure_rows.LegRow) -> list[day_rows.Span]:
    return [(leg.joined, max(leg.joined, leg.called or leg.joined))]


# -- adding up ---------------------------------------------------------------------------------------------------------


class LongPause(Struct, frozen=True, kw_only=True):
    """A pause; `start` and `end` are times on the hall's clock, "12:05", `end` None while it lasts."""

    day: date
    window: str
    staff: str
    start: str
    end: str | None
    us: int
    reason: str

    def document_row(self) -> figure_rows.Figures:
        return {
            "date": self.day.isoformat(),
            "window": self.window,
            "staff": self.staff,
            "from": self.start,
            "to": self.end,
            "minutes": figure_rows.rounded_minutes_from_us(self.us),
            "reason": self.reason,
        }


class LongWait(Struct, frozen=True, kw_only=True):
    """A wait; `arrived` is when the ticket joined the line, on the hall's clock."""

    day: date
    ticket: str
    leg: int
    service: str
    us: int
    arrived: str
    causes: tuple[WaitCause, ...] = ()

    def document_row(self) -> figure_rows.Figures:
        return {
            "date": self.day.isoformat(),
            "ticket": self.ticket,
            "service": self.service,
            "minutes": figure_rows.rounded_minutes_from_us(self.us),
            "arrived": self.arrived,
            "causes": [cause.document_row() for cause in self.causes],
        }


class LongestPausesAndWaits(Struct):
    pauses: list[LongPause] = field(default_factory=list)
    longest: list[LongWait] = field(default_factory=list)

    def add_day(self, rows: day_rows.DayRows) -> None:
        self._add_longest_waits(rows)
        self._add_long_pauses(rows)

    def _add_longest_waits(self, rows: day_rows.DayRows) -> None:
        least = self.longest[-1].us if len(self.longest) == WAITS_SHOWN else 0
        most = nlargest(WAITS_SHOWN, chain.from_iterable(alike.waits for alike in rows.legs_combined_by_kind))
        least = max(least, most[-1]) if len(most) == WAITS_SHOWN else least
        legs: dict[tuple[str, int], tuple[int, figure_rows.LegRow]] = {}
        for alike in rows.legs_combined_by_kind:
            if alike.waits and max(alike.waits) >= least:  # of equal ones the date or the number decides
                for us, leg in zip(alike.waits, alike.legs, strict=True):
                    if us >= least:
                        legs[leg.label, leg.n] = (us, leg)
        new = [
            LongWait(
                day=rows.day,
                ticket=leg.label,
                leg=leg.n,
                service=leg.service,
                us=us,
                arrived=figure_rows.hall_clock_text(rows.setup, leg.joined),
            )
            for us, leg in nsmallest(WAITS_SHOWN, legs.values(), key=lambda item: (-item[0], item[1].label, item[1].n))
        ]
        longest = sorted([*self.longest, *new], key=_longest_first_key)[:WAITS_SHOWN]
        # Only the longest are explained: each explanation reads the whole date.
        self.longest = [
            replace(w, causes=causes_of_wait(rows, legs[(w.ticket, w.leg)][1])) if w in new else w for w in longest
        ]

    def _add_long_pauses(self, rows: day_rows.DayRows) -> None:
        for shift in rows.shifts:
            for pause, (start, end) in zip(shift.pauses, day_rows.pause_spans_us(shift, rows.until), strict=True):
                if end - start >= LONG_PAUSE_US:
                    long_pause = LongPause(
                        day=rows.day,
                        window=shift.window,
                        staff=shift.staff,
                        start=figure_rows.hall_clock_text(rows.setup, start),
                        end=None if pause.end is None else figure_rows.hall_clock_text(rows.setup, end),
                        us=end - start,
                        reason=pause.reason,
                    )
                    self.pauses.append(long_pause)
        self.pauses = sorted(self.pauses, key=_longest_first_key)[:PAUSES_SHOWN]

    def extend(self, other: LongestPausesAndWaits) -> None:
        """Add other dates of the same hall."""
        self.pauses = sorted([*self.pauses, *other.pauses], key=_longest_first_key)[:PAUSES_SHOWN]
        self.longest = sorted([*self.longest, *other.longest], key=_longest_first_key)[:WAITS_SHOWN]

    def merge(self, other: LongestPausesAndWaits, hall: str, service: Callable[[str], str]) -> None:
        """Add another hall's sums: windows, people and tickets as "HALL/CODE"; `service` translates the codes of its
        services."""
        pauses = [replace(p, window=f"{hall}/{p.window}", staff=f"{hall}/{p.staff}") for p in other.pauses]
        waits = [
            replace(
                wait,
                ticket=f"{hall}/{wait.ticket}",
                service=service(wait.service),
                causes=tuple(cause.with_hall_code(hall) for cause in wait.causes),
            )
            for wait in other.longest
        ]
        self.extend(LongestPausesAndWaits(pauses, waits))

    def pause_and_wait_rows(self) -> figure_rows.Figures:
        return {
            "pauses": [pause.document_row() for pause in self.pauses],
            "longest_waits": [w.document_row() for w in self.longest],
        }


def _longest_first_key(item: LongPause | LongWait) -> tuple[int, date, str, str, int]:
    """Sort key: longest first; of equal ones the earliest date, then by name."""
    if isinstance(item, LongPause):
        return (-item.us, item.day, item.start, item.window, 0)
    return (-item.us, item.day, item.ticket, "", item.leg)
