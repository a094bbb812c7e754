"""Statements of commands, written out once and then handed to the driver itself."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from sqlalchemy import Select
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import UpdateBase

from queuedesk.store.engine.types import Transaction

_Into = Callable[[Any], Any]
_WAYS = "queuedesk ways"


class Statement:
    """One statement of a fixed shape, each of its values named by a parameter.

    SQLAlchemy writes it out once for an engine. Each time it is sent it goes past SQLAlchemy, which takes ten times as
    long as a file's driver. Raises DBAPIError as SQLAlchemy does.
    """

    def __init__(self, made: Select[Any] | UpdateBase) -> None:
        self.made: Any = made
        self._written: dict[str, _Written] = {}

    def rows(self, tx: Transaction, values: Mapping[str, Any]) -> list[Any]:
        """Return what a SELECT finds; each row has its columns by place and by name."""
        if _is_heard(tx):
            return list(tx.execute(self.made, values))
        return self.read(tx, self._sent(tx, self._for(tx), values).fetchall())

    def raw(self, tx: Transaction, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return what a SELECT finds as the driver gives it: for rows by the hundred thousand, of columns that are
        plain whole numbers and texts there."""
        if _is_heard(tx):
            cursor = tx.execute(self.made, values).cursor
            assert cursor is not None
            return list(cursor.fetchall())
        found: list[tuple[Any, ...]] = self._sent(tx, self._for(tx), values).fetchall()
        return found

    def read(self, tx: Transaction, found: list[tuple[Any, ...]]) -> list[Any]:
        """Return rows of these columns as rows() does, from what the driver gave."""
        return self._for(tx).read(found)

    def send(self, tx: Transaction, values: Mapping[str, Any]) -> None:
        """Write."""
        if _is_heard(tx):
            tx.execute(self.made, values)
        else:
            self._sent(tx, self._for(tx), values)

    def _for(self, tx: Transaction) -> _Written:
        engine = tx.dialect.name
        written = self._written.get(engine)
        if written is None:
            written = self._written[engine] = _Written(self.made, tx.dialect)
        return written

    def _sent(self, tx: Transaction, written: _Written, values: Mapping[str, Any]) -> Any:
        try:
            return _way(tx, written)(written.text, written.parameters(values))
        except tx.dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(
                written.text, dict(values), error, tx.dialect.loaded_dbapi.Error, dialect=tx.dialect
            ) from error


def _way(tx: Transaction, written: _Written) -> Callable[..., Any]:
    """Return what sends a statement on this connection: to a server always the same cursor, as a new one finds out
    anew how each value goes in and out."""
    driver: Any = tx.connection.dbapi_connection
    if tx.dialect.name == "sqlite":
        execute: Callable[..., Any] = driver.execute
        return execute
    ways: dict[_Written, Callable[..., Any]] = tx.info.setdefault(_WAYS, {})
    if written not in ways:
        ways[written] = driver.cursor().execute
    return ways[written]


def _named(columns: list[str]) -> Callable[[list[Any]], Any]:
    named: Any = namedtuple
    make: Callable[[list[Any]], Any] = named("Found", columns, rename=True)._make
    return make


def _is_heard(tx: Transaction) -> bool:
    """Whether somebody listens to what is sent: they hear what goes through SQLAlchemy."""
    return tx.engine._has_events and bool(tx.dispatch.before_cursor_execute)


class _Written:
    """A statement as text for one engine, and how its values go in and out."""

    def __init__(self, made: Select[Any] | UpdateBase, dialect: Dialect) -> None:
        compiled = made.compile(dialect=dialect)
        assert not compiled.post_compile_params, "a value that is written into the text each time"
        self.text = str(compiled)
        names = compiled.positiontup or list(compiled.binds)
        self._is_positional = compiled.positiontup is not None
        kinds = [compiled.binds[name] for name in names]
        inward = [bind.type.dialect_impl(dialect).bind_processor(dialect) for bind in kinds]
        fixed = {name: bind.effective_value for name, bind in zip(names, kinds, strict=True) if not bind.required}
        self._fixed, self._names = fixed, names
        self._values_of = itemgetter(*names) if len(names) > 1 else lambda values: [values[name] for name in names]
        self._inward = [(place, into) for place, into in enumerate(inward) if into is not None]
        if isinstance(made, Select):
            columns = list(made.selected_columns)
            outward = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
            self._outward = [(place, out) for place, out in enumerate(outward) if out is not None]
            self._make = _named([column.name for column in columns])

    def parameters(self, values: Mapping[str, Any]) -> list[Any] | dict[str, Any]:
        """Return the values as the driver takes them."""
        if self._fixed:
            values = {**self._fixed, **values}
        given = list(self._values_of(values))
        for place, into in self._inward:
            if (value := given[place]) is not None:  # None is NULL in every column.
                given[place] = into(value)
        return given if self._is_positional else dict(zip(self._names, given, strict=True))

    def read(self, found: list[tuple[Any, ...]]) -> list[Any]:
        rows = []
        for row in found:
            values = list(row)
            for place, out in self._outward:
                values[place] = out(values[place])
            rows.append(self._make(values))
        return rows
