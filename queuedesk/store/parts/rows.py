"""How the objects of a part are stored: a feature's tables are a tuple of these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic

from msgspec import Struct
from sqlalchemy import ColumnElement, Index, Row, Table

from queuedesk.core.log.state import K, Part, T
from queuedesk.core.network.roles import UNTOLD
from queuedesk.store.engine.types import UNREADABLE
from queuedesk.store.schema.table import only, record_table

Values = Mapping[str, Any]


def _nothing(_one: Any) -> Values:
    return {}


class Rows(Struct, Generic[K, T], frozen=True, eq=False, dict=True):
    """How a part of the hall is stored in `table`: each field in the column of its name. `to_row` and `of_row` convert
    the columns and fields for which that does not hold. `said` are the columns, by their values, that a login may
    overwrite although it may not read the rest (store/rights/withheld_ratings.py); a row that came so withheld has the
    value `untold` in that column. `is_open` is the part's `is_open` as a
    condition; `order` are the sort fields of parts with dates, if not their key."""

    part: Part[K, T]
    table: Table
    is_open: ColumnElement[bool] | None = None
    to_row: Callable[[T], Values] = _nothing
    of_row: Callable[[Row[Any]], Values] = _nothing
    order: tuple[str, ...] = ()
    said: Callable[[Values], Sequence[str]] | None = None
    untold: tuple[str, object] = ("level", UNTOLD)

    @cached_property
    def open_now(self) -> ColumnElement[bool] | None:
        """The condition of what is open, None where nothing ever is."""
        return self.table.c[self.part.open_while].is_(None) if self.part.open_while else self.is_open

    @cached_property
    def plain(self) -> list[tuple[str, int]]:
        """The fields with a column of their name, each with its index in a row."""
        places = {column.name: place for place, column in enumerate(self.table.c)}
        return [(name, places[name]) for name in self.part.kind.__struct_fields__ if name in places]

    def values(self, hall: int, one: T) -> dict[str, Any]:
        return {"hall": hall, **{name: getattr(one, name) for name, _place in self.plain}, **self.to_row(one)}

    def thing(self, row: Row[Any]) -> T:
        return self.part.kind(**{**{name: row[place] for name, place in self.plain}, **self.of_row(row)})

    def things(self, rows: Iterable[Row[Any]]) -> Iterator[T]:
        """Yield the objects of rows; one that holds what no reader can take is set aside, and doctor names it."""
        for row in rows:
            try:
                yield self.thing(row)
            except UNREADABLE:
                continue


def stored(part: Part[Any, Any]) -> Rows[Any, Any]:
    """Return how a feature's part is stored: in a table of its name, with a column for each field and indexes of its
    dates and of what is open."""
    name = part.name.replace(".", "_")
    indexes = [Index(f"ix_{name}_{part.day}", "hall", part.day)] if part.day is not None else []
    if part.open_while:
        indexes.append(Index(f"ix_{name}_open", "hall", **only(f"{part.open_while} IS NULL")))
    return Rows(part, record_table(name, part.kind, *indexes, key=part.key))
