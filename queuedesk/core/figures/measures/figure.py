"""What a share is, said once: counting, the document and the tickets behind it all follow from its Figure.

A year has a quarter of a million tickets and legs, but few kinds of them (DayRows.alike, DayRows.tickets_alike): what
a share is `of` is asked of one of a kind for all, and may look at nothing but what makes the kind: a ticket's state,
flags and class; where a leg was and how it ended. What is counted of them is asked of each.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

from queuedesk.core.figures.figure_path import NOTHING
from queuedesk.core.figures.measures.day import DayRows
from queuedesk.core.figures.measures.scope import Scope, in_order
from queuedesk.core.figures.measures.times import Figures, minutes_of_us, share

SERVICE, STAFF, ITEM = "service", "staff", "item"
"""What the rows of a split are: services, people, what was asked for as (service, item or None)."""
MORE, LESS = "more", "less"
Row = Any
"""A TicketRow, or a LegRow where the figure is of legs."""
Test = Callable[[DayRows, Row], bool]


def _always(_rows: DayRows) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Count:
    """Those of a figure's tickets or legs that fit. `known`: whether a date's rows tell; `whole`: it needs more of a
    date than its tickets and legs; `alike`: it is the same for all of one kind, so it is asked once."""

    test: Test
    known: Callable[[DayRows], bool] = _always
    whole: bool = False
    alike: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A list of the document whose rows have the figure's counts. `by` returns what names the row, None for none; the
    rest as in Count."""

    key: str
    names: str
    by: Callable[[DayRows, Row], Hashable]
    known: Callable[[DayRows], bool] = _always
    whole: bool = False
    alike: bool = False

    def named(self, name: str) -> Hashable:
        """Return what `by` returns for the row that a path calls `name`."""
        if self.names != ITEM:
            return name
        service, _slash, item = name.partition("/")
        return service, None if item == NOTHING else item

    def in_order(self, scope: Scope, seen: Iterable[Any]) -> list[Any]:
        """Return the rows' names as the document has them: in the order of the set-up."""
        found = set(seen)
        if self.names == STAFF:
            return in_order(scope.staff, found)
        if self.names == SERVICE:
            return in_order(scope.services, found)
        place = {code: at for at, code in enumerate(scope.services)}
        return sorted(found, key=lambda key: (place.get(key[0], len(place)), key[1] is not None, key[1] or ""))

    def head(self, name: Any) -> Figures:
        """Return what names a row in the document."""
        return {"service": name[0], "item": name[1]} if self.names == ITEM else {"code": name}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A share under "measures": `n` of those that it is `of`, as a whole and by its splits.

    `counts` are "n" and what else is counted of them; `minutes` what each of them took, in microseconds. `parts` are
    the names in the document in their order, also those that somebody else works out, None for the counts alone.
    `better`: whether more or less of it is better, where either is. `compared`: two periods are compared by it;
    `headline`: it is among the few by which the page of figures compares them.
    """

    key: str
    of: Test
    counts: Mapping[str, Count]
    of_legs: bool = False
    minutes: Callable[[DayRows, Row], int] | None = None
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
        """The names of what is counted: in every row, and in the whole unless `parts` says otherwise."""
        beside = [name for name in self.counts if name != "n"]
        return ["n", "of", "rate", *beside, *(["minutes"] if self.minutes else [])]


@dataclass(slots=True)
class FigureTally:
    """One figure, added up. `unknown` are the counts and splits that some date did not tell."""

    whole: Counter[str] = field(default_factory=Counter)
    rows: dict[str, dict[str, Counter[Any]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Counter)))
    """By split and by what is counted."""
    unknown: set[str] = field(default_factory=set)

    def add(self, figure: Figure, rows: DayRows) -> None:
        """Add one business date."""
        known = {name: count for name, count in figure.counts.items() if count.known(rows)}
        splits = [split for split in figure.splits if split.known(rows)]
        self.unknown |= figure.counts.keys() - known.keys()
        self.unknown |= {split.key for split in figure.splits} - {split.key for split in splits}
        for those in _alike(figure, rows):
            if not figure.of(rows, those[0]):
                continue
            fits = {name: _each(count.test, count.alike, rows, those) for name, count in known.items()}
            self.whole["of"] += len(those)
            for name, fit in fits.items():
                self.whole[name] += sum(fit)
            took = [figure.minutes(rows, one) for one in those] if figure.minutes else []
            self.whole["minutes"] += sum(took)
            for split in splits:
                names, own = _each(split.by, split.alike, rows, those), self.rows[split.key]
                own["of"].update(names)
                for name, fit in fits.items():
                    own[name].update(compress(names, fit))
                for by, time in zip(names, took, strict=False):  # each took some time, or nobody asks how much
                    own["minutes"][by] += time

    def merge(self, figure: Figure, other: FigureTally, hall: str, service: Callable[[str], str]) -> None:
        """Add what another hall has come to: people under "HALL/CODE", services under what `service` makes of their
        codes."""
        renamed: dict[str, Callable[[Any], Any]] = {
            SERVICE: service,
            STAFF: lambda code: f"{hall}/{code}",
            ITEM: lambda name: (service(name[0]), name[1]),
        }
        self.whole += other.whole
        self.unknown |= other.unknown
        for split in figure.splits:
            for name, counts in other.rows[split.key].items():
                for by, n in counts.items():
                    self.rows[split.key][name][None if by is None else renamed[split.names](by)] += n

    def document(self, figure: Figure, scope: Scope, besides: Mapping[str, Any]) -> Figures:
        """Return the figure's part of the document; `besides` are the parts that are worked out elsewhere."""
        values = {**besides, **self._counts(figure, self.whole.__getitem__)}
        found = {name: values[name] for name in figure.parts or figure.counted}
        for split in figure.splits:
            own = self.rows[split.key]
            names = [] if split.key in self.unknown else split.in_order(scope, own["of"].keys() - {None})
            rows = [
                split.head(by) | self._counts(figure, {name: counts[by] for name, counts in own.items()}.get)
                for by in names
            ]
            found[split.key] = None if split.key in self.unknown else rows
        return found

    def _counts(self, figure: Figure, told: Callable[[str], int | None]) -> Figures:
        counts: Figures = {name: None if name in self.unknown else told(name) or 0 for name in ("of", *figure.counts)}
        counts["rate"] = None if counts["n"] is None else share(counts["n"], counts["of"])
        counts["minutes"] = minutes_of_us(told("minutes") or 0)
        return {name: counts[name] for name in figure.counted}


def _each(ask: Callable[[DayRows, Row], Any], alike: bool, rows: DayRows, those: Sequence[Row]) -> list[Any]:
    return [ask(rows, those[0])] * len(those) if alike else [ask(rows, one) for one in those]


def _alike(figure: Figure, rows: DayRows) -> Iterator[Sequence[Row]]:
    return (alike.legs for alike in rows.alike) if figure.of_legs else iter(rows.tickets_alike)
