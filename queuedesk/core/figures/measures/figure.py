"""Declares figures: counting, the document and the tickets behind a figure all follow from its Figure.

A year has a quarter of a million tickets and legs, but few kinds of them (DayRows.alike, DayRows.tickets_alike): what
a figure is `of` is asked of one of a kind for all, and may look at nothing but what makes the kind: a ticket's state,
flags and class; where a leg was and how it ended. What is counted of them is asked of each.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import compress, repeat
from typing import Any

from queuedesk.core.figures.figure_path import NOTHING
from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.times import Figures, minutes_of_us, share, spread
from queuedesk.core.setup.rows import Setup

SERVICE, WINDOW, STAFF, ITEM, KIND = "service", "window", "staff", "item", "kind"
"""What the rows of a split are: services, windows, people, what was asked for as (service, item or None), anything
else."""
MORE, LESS = "more", "less"
TIMES, MINUTES, MEAN, SPREAD = "times", "minutes", "mean", "spread"
"""What a document tells of times: how many there are, their sum, their mean, or their number, mean, median and 90th
percentile."""
EACH = frozenset({MEAN, SPREAD})
"""What is told of each time, not of a sum of them."""
WHOLE = "whole"
Row = Any
"""A TicketRow, or a LegRow where the figure is of legs."""
Test = Callable[[DayRows, Row], bool]
Which = Callable[[DayRows, Sequence[Any]], Sequence[bool]]
"""Which of some tickets or legs of one kind fit, in their order."""


# -- whose figures they are --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
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


@dataclass(frozen=True, slots=True)
class Count:
    """The number of a figure's tickets or legs that fit.

    `among` is asked once for each kind, `which` of each ticket or leg of those kinds; None: all of them fit. `known`:
    whether a date's rows have the data; `whole`: it needs more of a date than its tickets and legs; `legs`: it counts
    legs although the figure counts tickets.
    """

    which: Which | None = None
    known: Callable[[DayRows], bool] = _always
    among: Test = everything
    whole: bool = False
    legs: bool = False

    def fits(self, rows: DayRows, row: Row) -> bool:
        return self.among(rows, row) and (self.which is None or self.which(rows, [row])[0])


@dataclass(frozen=True, slots=True)
class Time:
    """How long a figure's tickets or legs took.

    `of` returns the times of some of one kind in microseconds: each one's in their order, or nothing; where nothing is
    split, also only of those that took any. `legs` as in Count.
    """

    of: Callable[[DayRows, Any], Sequence[int]]
    shown: str = SPREAD
    legs: bool = False


Number = Count | Time


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A list of the document whose rows have the figure's numbers; without a key the figure itself is that list.

    `by` returns what names the row, None for none, or, with `nobody`, for the row of those without. `numbers` are those
    that its rows have, where not all. Of KIND, `head` is what the name is called in the document, and the rows stand as
    in `order`, or those first that have most of the number `most`. `known` and `whole` as in Count; `alike`: `by` is
    the same for all of one kind of what the figure is of.
    """

    key: str = ""
    names: str = KIND
    by: Callable[[DayRows, Row], Hashable]
    numbers: Collection[str] = ()
    head: str = "code"
    order: Sequence[str] = ()
    most: str = ""
    nobody: bool = False
    known: Callable[[DayRows], bool] = _always
    whole: bool = False
    alike: bool = False

    def has(self, number: str) -> bool:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure under "measures": numbers about the tickets or legs that it is `of`, as a whole and by its splits.

    A share is its number "n" divided by all of these. `parts` are the names in the document in order, including those
    computed elsewhere, None for the numbers alone. `better`: whether more or less of it is better, where either is.
    `compared`: two periods are compared by it; `headline`: it is among the few by which the page of figures compares
    them.
    """

    key: str
    of: Test = everything
    numbers: Mapping[str, Number]
    of_legs: bool = False
    is_share: bool = True
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
        if not self.is_share:
            return list(self.numbers)
        return ["n", "of", "rate", *(name for name in self.numbers if name != "n")]


# -- adding up ---------------------------------------------------------------------------------------------------------

Alike = tuple[Sequence[Row], Any]
"""Tickets or legs of one kind, and the same as a Time takes them."""
Named = tuple[str, Hashable, Sequence[Hashable] | None]
"""The rows of a split: the one for all of a kind, or, where there are several, each one's."""


@dataclass(slots=True)
class FigureTally:
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
        numbers = {name: one for name, one in figure.numbers.items() if isinstance(one, Time) or one.known(rows)}
        splits = [split for split in figure.splits if split.known(rows)]
        self.unknown |= figure.numbers.keys() - numbers.keys()
        self.unknown |= {split.key for split in figure.splits} - {split.key for split in splits}
        if not rows.tickets:
            return
        for of_legs in (False, True):
            some = {name: one for name, one in numbers.items() if (one.legs or figure.of_legs) == of_legs}
            if figure.of_legs == of_legs:
                some["of"] = Count()
            if not some:
                continue
            own: Iterable[Alike] = (
                ((one.legs, one) for one in rows.alike) if of_legs else ((one, one) for one in rows.tickets_alike)
            )
            kinds = [(those, alike) for those, alike in own if figure.of(rows, those[0])]
            where: Iterable[Sequence[Named]] = repeat(())
            if splits:
                # Legs of one kind are of tickets of several.
                asks_one = figure.of_legs == of_legs
                where = [[_named(split, rows, those, asks_one) for split in splits] for those, _alike in kinds]
            filtered: dict[tuple[bool, ...], Iterable[Sequence[Named]]] = {}
            for name, number in some.items():
                has = tuple(split.has(name) for split in splits)
                if has not in filtered:
                    filtered[has] = where if all(has) else [list(compress(each, has)) for each in where]
                self._add(name, number, rows, zip(kinds, filtered[has], strict=False))

    def _add(self, name: str, number: Number, rows: DayRows, kinds: Iterable[tuple[Alike, Sequence[Named]]]) -> None:
        whole = 0
        for (those, alike), where in kinds:
            if isinstance(number, Time):
                whole += self._add_times(name, number, number.of(rows, alike), where)
            elif number.among is everything or number.among(rows, those[0]):
                fits = None if number.which is None else number.which(rows, those)
                n = len(those) if fits is None else sum(fits)
                if not n:
                    continue
                whole += n
                for key, row, each in where:
                    if each is None:
                        self.counts[key, name][row] += n
                    else:
                        self.counts[key, name].update(each if fits is None else compress(each, fits))
        self.counts[WHOLE, name][None] += whole

    def _add_times(self, name: str, number: Time, found: Sequence[int], where: Sequence[Named]) -> int:
        """Return what the times add to a sum or a number."""
        if not found:
            return 0
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
        values = {**besides, **self.shown(figure, WHOLE, None, figure.counted)}
        found: Figures = {name: values[name] for name in figure.parts or figure.counted}
        for split in figure.splits:
            if split.key in self.unknown:
                found[split.key] = None
                continue
            places = split.in_order(scope, self.counts[split.key, "of"], self.counts[split.key, split.most])
            rows = [split.titled(name) | self.shown(figure, split.key, name, figure.counted) for name in places]
            if not split.key:
                return rows
            found[split.key] = rows
        return found

    def shown(self, figure: Figure, key: str, row: Hashable, names: Iterable[str]) -> Figures:
        """Return some numbers of a row as the document tells them."""
        return {name: self._shown(figure, key, row, name) for name in names}

    def _shown(self, figure: Figure, key: str, row: Hashable, name: str) -> Any:
        if name in self.unknown or (name == "rate" and "n" in self.unknown):
            return None
        if name == "rate":
            return share(self.counts[key, "n"][row], self.counts[key, "of"][row])
        number = figure.numbers.get(name)
        if isinstance(number, Time) and number.shown in EACH:
            told = spread(self.times[key, name][row])
            return told["mean"] if number.shown == MEAN else told
        value = self.counts[key, name][row]
        return minutes_of_us(value) if isinstance(number, Time) and number.shown == MINUTES else value


def _lists() -> dict[Any, list[int]]:
    return defaultdict(list)


def _called(row: Any, renamed: Callable[[Any], Any] | None) -> Any:
    return row if row is None or renamed is None else renamed(row)


def _named(split: Split, rows: DayRows, those: Sequence[Row], asks_one: bool) -> Named:
    if split.alike and asks_one:
        return split.key, split.by(rows, those[0]), None
    return split.key, None, [split.by(rows, one) for one in those]
