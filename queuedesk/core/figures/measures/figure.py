"""Declares figures: counting, the document and the tickets behind a figure all follow from its Figure.

What a figure is `of` is asked of one row of a kind for all of them (sources.py); what is counted of them is asked of
each.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import compress
from typing import Any

from msgspec import Struct, field

from queuedesk.core.figures.figure_path import NOTHING
from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.sources import SOURCES, TICKETS
from queuedesk.core.figures.measures.times import Figures, minutes_of_us, share, spread
from queuedesk.core.figures.satisfaction import rate
from queuedesk.core.setup.rows import Setup

SERVICE, WINDOW, STAFF, ITEM, KIND = "service", "window", "staff", "item", "kind"
"""What the rows of a split are: services, windows, people, what was asked for as (service, item or None), anything
else."""
BY_SERVICE, BY_WINDOW, BY_STAFF = "services", "windows", "staff"
MORE, LESS = "more", "less"
TIMES, MINUTES, MEAN, SPREAD, MOST = "times", "minutes", "mean", "spread", "most"
"""What a document tells of times: how many there are, their sum, their mean, their number, mean, median and 90th
percentile, or the greatest of them as it is."""
EACH = frozenset({MEAN, SPREAD, MOST})
"""What is told of each time, not of a sum of them."""
N_OF = ("n", "of")
"""What a share is of all that its figure is of."""
WHOLE = "whole"
Row = Any
"""A row of the source: a TicketRow, a LegRow, a RatingRow …"""
Test = Callable[[DayRows, Row], bool]
Which = Callable[[DayRows, Sequence[Any]], Sequence[bool]]
"""Which of some rows of one kind fit, in their order."""


# -- whose figures they are --------------------------------------------------------------------------------------------


class Scope(Struct, frozen=True, kw_only=True):
    """What figures are about: codes in the set-up's order (others follow), None for several halls together."""

    hall: str | None
    first: date
    last: date
    target_minutes: int | None
    services: Sequence[str] = ()
    windows: Sequence[str] = ()
    staff: Sequence[str] = ()


def scope_of(setup: Setup, first: date, last: date) -> Scope:
    """Return the scope of one hall."""
    return Scope(
        hall=setup.hall.code,
        first=first,
        last=last,
        target_minutes=setup.number("wait_target_minutes"),
        services=list(setup.services),
        windows=list(setup.windows),
        staff=list(setup.staff),
    )


def in_order(known: Iterable[str], seen: Collection[str]) -> list[str]:
    """Return the codes that occurred: the set-up's in its order, then those that it no longer has."""
    codes = [code for code in known if code in seen]
    return codes + sorted(set(seen) - set(codes))


# -- what a figure is --------------------------------------------------------------------------------------------------


def everything(_rows: DayRows, _row: Row) -> bool:
    return True


def _always(_rows: DayRows) -> bool:
    return True


class Count(Struct, frozen=True):
    """The number of a figure's rows that fit.

    `among` is asked once for each kind, `which` of the rows of each of those kinds, and says of each whether it fits,
    or nothing where none does; None: all of them fit. `known`: whether a date's rows have what it takes; `whole`: it
    needs more of a date than its tickets and legs; `source`: the source of its rows if it is not the figure's.
    """

    which: Which | None = None
    known: Callable[[DayRows], bool] = _always
    among: Test = everything
    whole: bool = False
    source: str = ""

    def fits(self, rows: DayRows, row: Row) -> bool:
        return self.among(rows, row) and (self.which is None or any(self.which(rows, [row])))


class Time(Struct, frozen=True):
    """How long a figure's rows took, or another quantity of each.

    `of` returns the times of some of one kind in microseconds: each one's in their order, or nothing; where nothing is
    split, also only of those that took any. `known` and `source` as in Count.
    """

    of: Callable[[DayRows, Any], Sequence[int]]
    shown: str = SPREAD
    source: str = ""
    known: Callable[[DayRows], bool] = _always


Number = Count | Time


class Split(Struct, frozen=True, kw_only=True):
    """A list of the document whose rows have the figure's numbers; without a key the figure itself is that list.

    `by` returns what names the row of each of some of one kind, None for none, or, with `nobody`, for the row of those
    without. `numbers` are those that its rows have, where not all; `alone` is the one that an object of the document
    has by name in place of a list of rows. Of KIND, `head` is what the name is called in the document, and the rows
    stand as in `order`, or those first that have most of the number `most`. `known` and `whole` as in Count; `alike`:
    `by` is the same for all of one kind of what the figure is of.
    """

    key: str = ""
    names: str = KIND
    by: Callable[[DayRows, Sequence[Any]], Sequence[Hashable]]
    numbers: Collection[str] = ()
    alone: str = ""
    head: str = "code"
    order: Sequence[str] = ()
    most: str = ""
    nobody: bool = False
    known: Callable[[DayRows], bool] = _always
    whole: bool = False
    alike: bool = False

    def name_of(self, rows: DayRows, row: Row) -> Hashable:
        """Return what names the row of one."""
        return self.by(rows, [row])[0]

    def has(self, number: str) -> bool:
        if self.alone:
            return number == self.alone
        return not self.numbers or number in self.numbers or number == "of"

    def named(self, name: str) -> Hashable:
        """Return the value of `by` for the row that a path calls `name`."""
        if self.names != ITEM:
            return None if self.nobody and name == NOTHING else name
        service, _slash, item = name.partition("/")
        return service, None if item == NOTHING else item

    def in_order(self, scope: Scope, seen: Iterable[Any], most: Mapping[Any, int]) -> list[Any]:
        """Return the rows' names in the document's order: the set-up's, or the split's own."""
        found = set(seen) if self.nobody else set(seen) - {None}
        if self.names == ITEM:
            place = {code: at for at, code in enumerate(scope.services)}
            return sorted(found, key=lambda key: (place.get(key[0], len(place)), key[1] is not None, key[1] or ""))
        if self.most:
            return sorted(found, key=lambda name: (-most[name], name is None, name or ""))
        known = {STAFF: scope.staff, WINDOW: scope.windows, SERVICE: scope.services}
        return in_order(known.get(self.names, self.order), found)

    def titled(self, name: Any) -> Figures:
        """Return the row's name in the document."""
        return {"service": name[0], "item": name[1]} if self.names == ITEM else {self.head: name}


class Figure(Struct, frozen=True, kw_only=True, eq=False):
    """A figure: numbers about those rows of its `source` that it is `of`, as a whole and by its splits.

    `share` names the numerator and denominator of its "rate"; "of" is the number of all its rows. A number "a.b" is
    "b" in the object "a" of the document. `parts` are the names in the document in order, including those computed
    elsewhere, None for the numbers alone; "low" and "high" are the ends of the rate's 95 % interval. `better`: whether
    more or less of it is better, where either is. `compared`: two periods are compared by it; `headline`: it is among
    the few by which the page of figures compares them.
    """

    key: str
    of: Test = everything
    numbers: Mapping[str, Number]
    source: str = TICKETS
    share: tuple[str, str] | None = N_OF
    splits: Sequence[Split] = ()
    parts: Sequence[str] | None = None
    better: str | None = None
    compared: bool = True
    headline: bool = False

    @property
    def rate_path(self) -> str:
        return f"measures.{self.key}.rate"

    @property
    def counted(self) -> list[str]:
        """The names of its numbers: in every row, and in the whole unless `parts` says otherwise."""
        if self.share != N_OF:
            return list(self.numbers)
        return ["n", "of", "rate", *(name for name in self.numbers if name != "n")]


# -- adding up ---------------------------------------------------------------------------------------------------------


# A year adds its figures ten thousand times.
@cache
def _not_always_known(figure: Figure) -> tuple[tuple[str, Number | Split], ...]:
    """Return the numbers and splits that some dates lack, by name."""
    every = (*figure.numbers.items(), *((split.key, split) for split in figure.splits))
    return tuple((name, one) for name, one in every if one.known is not _always)


@cache
def _by_source(
    figure: Figure, lacking: frozenset[str]
) -> tuple[tuple[str, Mapping[str, Number], Sequence[Split]], ...]:
    """Return the numbers that a date has, by the source of their rows, each with the splits of these numbers."""
    by_source: dict[str, dict[str, Number]] = {figure.source: {"of": Count()}}
    for name, number in figure.numbers.items():
        if name not in lacking:
            by_source.setdefault(number.source or figure.source, {})[name] = number
    splits = [split for split in figure.splits if split.key not in lacking]
    return tuple((source, own, [one for one in splits if any(map(one.has, own))]) for source, own in by_source.items())


Named = tuple[str, Hashable, Sequence[Hashable] | None]
"""The rows of a split: the one for all of a kind, or, where there are several, each one's."""


class FigureTally(Struct):
    """One figure, added up by list, number and row: counts and sums of microseconds, or single `times`. `unknown` are
    the numbers and splits for which some date has no data."""

    counts: dict[tuple[str, str], Counter[Any]] = field(default_factory=lambda: defaultdict(Counter))
    times: dict[tuple[str, str], dict[Any, list[int]]] = field(default_factory=lambda: defaultdict(_lists))
    unknown: set[str] = field(default_factory=set)

    def times_of(self, key: str, number: str, row: str | None = None) -> list[int]:
        """Return the times in one row of a split, or in all of them."""
        lists = self.times[key, number]
        return [time for times in lists.values() for time in times] if row is None else lists[row]

    def n(self, number: str) -> int:
        """Return the total of a count."""
        return self.counts[WHOLE, number][None]

    def add(self, figure: Figure, rows: DayRows) -> None:
        """Add one business date."""
        lacking = frozenset(name for name, one in _not_always_known(figure) if not one.known(rows))
        self.unknown |= lacking
        for source, numbers, splits in _by_source(figure, lacking):
            self._add(figure, rows, (source, numbers), splits)

    def _add(
        self, figure: Figure, rows: DayRows, counted: tuple[str, Mapping[str, Number]], splits: Sequence[Split]
    ) -> None:
        source, numbers = counted
        kinds = [one for one in SOURCES[source](rows) if figure.of is everything or figure.of(rows, one[0][0])]
        if not kinds:
            return
        counts, times = [], []
        for name, one in numbers.items():
            having = [at for at, split in enumerate(splits) if split.has(name)]
            if isinstance(one, Time):
                times.append((name, one, having))
            else:
                among = None if one.among is everything else one.among
                sums = [(at, self.counts[splits[at].key, name]) for at in having]
                counts.append((self.counts[WHOLE, name], among, one.which, sums))
        for those, alike in kinds:
            where: list[Named] = []
            for whole, among, which, sums in counts:
                if among is not None and not among(rows, those[0]):
                    continue
                fits = None if which is None else which(rows, those)
                if not (n := len(those) if fits is None else fits.count(True)):
                    continue
                whole[None] += n
                if sums and not where:
                    where = _named(splits, rows, those, is_own=source == figure.source)
                for at, sum_ in sums:
                    _key, row, each = where[at]
                    if each is None:
                        sum_[row] += n
                    else:
                        sum_.update(each if fits is None else compress(each, fits))
            for name, number, having in times:
                if found := number.of(rows, alike):
                    if having and not where:
                        where = _named(splits, rows, those, is_own=source == figure.source)
                    self.counts[WHOLE, name][None] += self._add_times(name, number, found, [where[at] for at in having])

    def _add_times(self, name: str, number: Time, found: Sequence[int], where: Sequence[Named]) -> int:
        """Return what the times add to a sum or a number."""
        if number.shown in EACH:
            if not where:
                self.times[WHOLE, name][None] += found
            for key, row, each in where:
                lists = self.times[key, name]
                if each is None:
                    lists[row] += found
                else:
                    for by, time in zip(each, found, strict=True):
                        lists[by].append(time)
            return 0
        for key, row, each in where:
            sums = self.counts[key, name]
            if each is None:
                sums[row] += sum(found)
            else:
                for by, time in zip(each, found, strict=True):
                    sums[by] += time
        return len(found) if number.shown == TIMES else sum(found)

    def extend(self, other: FigureTally) -> None:
        """Add other dates of the same hall."""
        self.unknown |= other.unknown
        for key, counts in other.counts.items():
            mine = self.counts[key]
            for row, n in counts.items():
                mine[row] += n
        for key, lists in other.times.items():
            own = self.times[key]
            for row, times in lists.items():
                own[row] += times

    def merge(self, figure: Figure, other: FigureTally, hall: str, service: Callable[[str], str]) -> None:
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
                self.counts[key][_called(row, names.get(key[0]))] += n
        for key, lists in other.times.items():
            for row, times in lists.items():
                self.times[key][_called(row, names.get(key[0]))] += times

    def document(self, figure: Figure, scope: Scope, besides: Mapping[str, Any]) -> Any:
        """Return the figure's part of the document; `besides` are the parts computed elsewhere."""
        lists = {split.key: self._split(figure, split, scope) for split in figure.splits}
        if "" in lists:
            return lists[""]
        names = figure.parts or figure.counted
        further = [key for key in lists if key not in names]
        return self.shown(figure, WHOLE, None, (*names, *further), {**besides, **lists})

    def _split(self, figure: Figure, split: Split, scope: Scope) -> Any:
        if split.key in self.unknown:
            return None
        if split.alone:
            counts = self.counts[split.key, split.alone]
            return {name: counts[name] for name in sorted(counts)}
        places = split.in_order(scope, self.counts[split.key, "of"], self.counts[split.key, split.most])
        names = [name for name in figure.counted if split.has(name)]
        return [split.titled(name) | self.shown(figure, split.key, name, names) for name in places]

    def shown(
        self,
        figure: Figure,
        key: str,
        row: Hashable,
        names: Iterable[str],
        besides: Mapping[str, Any] | None = None,
    ) -> Figures:
        """Return some numbers of a row as the document tells them."""
        found: Figures = {}
        for name in names:
            *groups, last = name.split(".")
            place = found
            for group in groups:
                place = place.setdefault(group, {})
            place[last] = besides[name] if besides and name in besides else self._shown(figure, key, row, name)
        return found

    def _shown(self, figure: Figure, key: str, row: Hashable, name: str) -> Any:
        if name in ("rate", "low", "high") and figure.share is not None:
            if self.unknown & set(figure.share):
                return None
            n, of = (self.counts[key, one][row] for one in figure.share)
            return share(n, of) if name == "rate" else _six(getattr(rate(n, of - n), name))
        if name in self.unknown:
            return None
        number = Count() if name == "of" else figure.numbers[name]
        if isinstance(number, Time) and number.shown in EACH:
            times = self.times[key, name][row]
            if number.shown == MOST:
                return max(times, default=0)
            told = spread(times)
            return told["mean"] if number.shown == MEAN else told
        value = self.counts[key, name][row]
        return minutes_of_us(value) if isinstance(number, Time) and number.shown == MINUTES else value


def _six(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _lists() -> dict[Any, list[int]]:
    return defaultdict(list)


def _called(row: Any, renamed: Callable[[Any], Any] | None) -> Any:
    return row if row is None or renamed is None else renamed(row)


def _named(splits: Iterable[Split], rows: DayRows, those: Sequence[Row], *, is_own: bool) -> list[Named]:
    # Rows of one kind of another source may be of several kinds of the figure's own.
    return [
        (split.key, split.by(rows, those[:1])[0], None)
        if split.alike and is_own
        else (split.key, None, split.by(rows, those))
        for split in splits
    ]
