"""Describes a part of the hall: one kind of thing that events leave behind, as every board must know it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast

from msgspec import Struct

K = TypeVar("K")
T = TypeVar("T", bound=Struct)


def _never(_one: Any) -> bool:
    return False


class Part(Struct, Generic[K, T], frozen=True, eq=False, dict=True):
    """Objects of the class `kind`, in HallState by their `name`: a list that only grows, or a dictionary by key.

    `key` are the identifying fields: the key is their value, or the tuple of their values. `day` is the field with
    the business date; None where objects belong to no date and stay until they are dropped. One that is open is
    kept in memory when its date is over: so long as its field `open_while` is empty, or as `is_open` says. `goes`:
    objects made by a clock that was ahead are removed when the time is set right; their first key is then the seq
    of the event that made them.
    """

    name: str
    kind: type[T]
    key: tuple[str, ...] = ("seq",)
    day: str | None = "date"
    is_open: Callable[[T], bool] = _never
    open_while: str = ""
    is_list: bool = False
    goes: bool = True

    @cached_property
    def key_of(self) -> Callable[[T], K]:
        return cast(Callable[[T], K], attrgetter(*self.key))

    def by_key(self, found: Iterable[T]) -> dict[K, T]:
        return {self.key_of(one): one for one in found}

    def held(self, found: Iterable[T]) -> Any:
        """Return this part's objects as HallState holds them."""
        return list(found) if self.is_list else self.by_key(found)

    def lasts(self, day: date, one: T) -> bool:
        """Whether an object is still held in memory on the business date `day`."""
        return self.day is None or getattr(one, self.day) >= day or self.holds_open(one)

    def holds_open(self, one: T) -> bool:
        """Whether an object is open."""
        return getattr(one, self.open_while) is None if self.open_while else self.is_open(one)
