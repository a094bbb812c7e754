"""What each business date has, read a month at a time where many dates are asked for one after the other: a year would
need thousands of statements, each of which a server's PC waits for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from queuedesk.core.imports.channel import month_of

T = TypeVar("T")


@dataclass(slots=True)
class ByDate(Generic[T]):
    """`read` returns what each of some dates has, from the first to the last, those left out `nothing`. Without `span`,
    the first and the last date that will be asked for, each is read alone."""

    read: Callable[[date, date], Mapping[date, T]]
    nothing: T
    span: tuple[date, date] | None = None
    _months: dict[date, Mapping[date, T]] = field(default_factory=dict, init=False)

    def on(self, day: date) -> T:
        """Return what a business date has."""
        first, last = day, day
        if self.span is not None and self.span[0] <= day <= self.span[1]:
            begins, ends = month_of(day)
            first, last = max(begins, self.span[0]), min(ends, self.span[1])
        if first not in self._months:
            self._months[first] = self.read(first, last)
        return self._months[first].get(day, self.nothing)
