"""Column types that mean the same on SQLite's STRICT tables and on PostgreSQL, and statements sent past SQLAlchemy."""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from typing import Any, ClassVar, cast

import msgspec
from sqlalchemy import (
    REAL,
    BigInteger,
    ColumnElement,
    Connection,
    Double,
    Integer,
    MetaData,
    Select,
    Text,
    TypeDecorator,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.types import TypeEngine

from queuedesk.core.log.event import EARLIEST, LATEST, fast_canonical_json

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

_STRICT_NAMES = {"INTEGER", "REAL", "TEXT", "BLOB"}
_json_text = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
_quickly, _patiently = msgspec.json.Decoder().decode, json.JSONDecoder().decode

BigInt = BigInteger().with_variant(Integer(), "sqlite")
"""A whole number of 64 bits; as a primary key on SQLite it is the rowid."""

Real: TypeEngine[float] = Double().with_variant(REAL(), "sqlite")
"""A floating-point number of 64 bits."""


def to_microseconds(moment: datetime | int | None) -> int | None:
    """Return UTC microseconds since 1970, exactly. Raises TypeError for a datetime without a zone.

    A time that no datetime can hold is already given as that number."""
    if moment is None or isinstance(moment, int):
        return moment
    return (moment - EPOCH) // MICROSECOND


_FIRST_US, _END_US = (EARLIEST - EPOCH) // MICROSECOND, (LATEST - EPOCH) // MICROSECOND
# The calendar repeats itself after so many years and days.
_CYCLE_YEARS, _CYCLE_US = 400, 146_097 * 86_400_000_000


def moment_from_microseconds(microseconds: int | None) -> datetime | None:
    """Return the UTC datetime of microseconds since 1970; for values outside datetime's years LATEST, a time that no
    hall has.

    So a forged number stops no reader, and no sum of such times leaves the calendar."""
    if microseconds is None:
        return None
    return EPOCH + timedelta(microseconds=microseconds) if _FIRST_US <= microseconds < _END_US else LATEST


def log_time_text(microseconds: int) -> str:
    """Return microseconds since 1970 as the log prints a time, also for years that no datetime has; as a server does
    (qd_stamp)."""
    cycles, rest = divmod(microseconds - _FIRST_US, _CYCLE_US)
    moment = EARLIEST + timedelta(microseconds=rest)
    year = moment.year + cycles * _CYCLE_YEARS
    return f"{year if year > 0 else 1 - year:04d}{moment.isoformat(timespec='microseconds')[4:]}"


def microseconds_from_log_time(text: str) -> int:
    """Return the microseconds since 1970 of a time printed by the log. Raises ValueError."""
    years, dash, rest = text.partition("-")
    if not (dash and years.isdecimal() and len(years) < 7):
        raise ValueError(text)
    cycles, year = divmod(int(years) - EARLIEST.year, _CYCLE_YEARS)
    moment = datetime.fromisoformat(f"{EARLIEST.year + year:04d}-{rest}")
    if moment.tzinfo is None:
        raise ValueError(text)
    return (moment - EPOCH) // MICROSECOND + cycles * _CYCLE_US


MOST = 10**8
"""More calls, misses or seconds than anything in a hall can have. What is read above it was never counted: the row is
set aside, long before one more could no longer be written (store/rights/tables.py)."""
UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What comes of a row that holds something else than it may: it is set aside, and the others are read."""


class TextOfJsonValue(str):
    """The text of a JSON value, given in the place of the value."""

    __slots__ = ()


def to_json(value: object) -> str | None:
    """Return the one text of a JSON value: sorted keys, no spaces, non-ASCII kept; None is no value at all. Raises
    ValueError for what JSON can't express (NaN, infinity), TypeError for foreign objects."""
    if value is None:
        return None
    if type(value) is TextOfJsonValue:
        return str(value)
    quick = fast_canonical_json(value)
    return _json_text(value) if quick is None else quick


def _json_value(text: str) -> Any:
    try:
        return _quickly(text)
    except (ValueError, RecursionError):
        # It refuses more than is no JSON: half a pair of surrogates, numbers beyond all floats.
        return _patiently(text)


def value_from_json(text: str | None) -> Any:
    if text == "[]":  # four of five lists of a ticket are empty
        return []
    return None if text is None else _json_value(text)


def event_data_from_json(text: str) -> Any:
    """Return the value of an event's JSON text; the text itself if it is no JSON."""
    try:
        return _json_value(text)
    except (ValueError, RecursionError):
        return text


def _date_to_iso(day: date | None) -> str | None:
    if day is None:
        return None
    if type(day) is not date:  # a datetime is a date too, and its text would not fit
        raise TypeError(day)
    return day.isoformat()


def _date_from_iso(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _log_date_to_column(day: date | str | None) -> str | None:
    return day if isinstance(day, str) else _date_to_iso(day)


def _log_date_from_column(text: str | None) -> date | None:
    try:
        return _date_from_iso(text)
    except ValueError:
        return None


def _flag_to_bit(flag: bool | None) -> int | None:
    if flag is None:
        return None
    if flag is not True and flag is not False:
        raise TypeError(flag)
    return int(flag)


def _bit_to_flag(bit: int | None) -> bool | None:
    return None if bit is None else bit == 1


class _ConvertedColumnType(TypeDecorator[Any]):
    """A type whose values pass through one plain function each way. The functions are handed to the driver layer as
    they are, past TypeDecorator's own wrappers: commands of a few rows feel those."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = Text
    cache_ok = True
    _converters: ClassVar[tuple[Callable[[Any], Any], Callable[[Any], Any]]]
    """The way into the database, and the way back."""

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        return self._converters[0]

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        return self._converters[1]

    def literal_processor(self, dialect: Dialect) -> Callable[[Any], str]:
        """Serve the conditions of partial indexes, which hold their values in the text."""
        inward = self._converters[0]
        literal = self.load_dialect_impl(dialect).dialect_impl(dialect).literal_processor(dialect)
        assert literal is not None
        return lambda value: "NULL" if value is None else literal(inward(value))


class _ConvertedIntegerType(_ConvertedColumnType):
    impl = BigInteger

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())


class UtcMomentColumn(_ConvertedIntegerType):
    """An aware datetime, stored as UTC microseconds since 1970; comes back in UTC.

    The difference of two columns is a plain number of microseconds."""

    cache_ok = True
    _converters = to_microseconds, moment_from_microseconds


class FlagColumn(_ConvertedIntegerType):
    """True or False, stored as 1 or 0; query it with `flag.is_(True)`."""

    cache_ok = True

    class comparator_factory(TypeDecorator.Comparator[Any]):  # noqa: N801 - SQLAlchemy's name
        def is_(self, other: Any) -> ColumnElement[bool]:  # PostgreSQL's IS takes no numbers.
            return cast(ColumnElement[bool], super().is_(None) if other is None else self == other)

    _converters = _flag_to_bit, _bit_to_flag


class IsoDateColumn(_ConvertedColumnType):
    """A date, stored as its ISO text, so that order and equality hold in SQL too."""

    cache_ok = True
    _converters = _date_to_iso, _date_from_iso


class EventDateColumn(_ConvertedColumnType):
    """The date of an event as its data have it; anything but a date reads as None, and an event that can't be read
    keeps its text."""

    cache_ok = True
    _converters = _log_date_to_column, _log_date_from_column


class JsonColumn(_ConvertedColumnType):
    """A JSON value as its one text; SQL's NULL is None, and two equal values are equal texts."""

    cache_ok = True
    _converters = to_json, value_from_json


class EventDataColumn(_ConvertedColumnType):
    """An event's data, as JsonColumn does; a text that is no JSON reads as that text."""

    cache_ok = True
    _converters = to_json, event_data_from_json


def make_tables_strict(metadata: MetaData) -> MetaData:
    """Make every table of `metadata` STRICT on SQLite and return it. Raises TypeError, naming the column, for a type
    that a STRICT table does not have (String(n), DateTime, Boolean, Numeric, Enum, JSON, a bare BigInteger …)."""
    dialect = sqlite.dialect()
    for table in metadata.tables.values():
        table.dialect_kwargs["sqlite_strict"] = True
        for column in table.columns:
            name = column.type.compile(dialect)
            if name not in _STRICT_NAMES:
                raise TypeError(f"{table.name}.{column.name}: {name}")
    return metadata


Transaction = Connection
"""What Database.read() and Database.write() give."""

_WAYS = "queuedesk ways"


class FixedStatement:
    """One statement of a fixed shape, each of its values named by a parameter. SQLAlchemy writes it out once for an
    engine. Each time it is sent it goes past SQLAlchemy, which takes ten times as long as a file's driver. Raises
    DBAPIError as SQLAlchemy does."""

    def __init__(self, made: Select[Any] | UpdateBase) -> None:
        self.made: Any = made
        self._written: dict[str, _CompiledStatement] = {}

    def fetch_rows(self, tx: Transaction, values: Mapping[str, Any]) -> list[Any]:
        """Return what a SELECT finds; each row has its columns by place and by name."""
        if _has_execute_listeners(tx):
            return list(tx.execute(self.made, values))
        return self.read(tx, self._execute(tx, self._compiled_for(tx), values).fetchall())

    def fetch_raw_rows(self, tx: Transaction, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return what a SELECT finds as the driver gives it: for rows by the hundred thousand, of columns that are
        plain whole numbers and texts there."""
        if _has_execute_listeners(tx):
            cursor = tx.execute(self.made, values).cursor
            assert cursor is not None
            return list(cursor.fetchall())
        found: list[tuple[Any, ...]] = self._execute(tx, self._compiled_for(tx), values).fetchall()
        return found

    def read(self, tx: Transaction, found: list[tuple[Any, ...]]) -> list[Any]:
        """Return rows of these columns as fetch_rows() does, from what the driver gave."""
        return self._compiled_for(tx).read(found)

    def execute(self, tx: Transaction, values: Mapping[str, Any]) -> None:
        if _has_execute_listeners(tx):
            tx.execute(self.made, values)
        else:
            self._execute(tx, self._compiled_for(tx), values)

    def _compiled_for(self, tx: Transaction) -> _CompiledStatement:
        engine = tx.dialect.name
        written = self._written.get(engine)
        if written is None:
            written = self._written[engine] = _CompiledStatement(self.made, tx.dialect)
        return written

    def _execute(self, tx: Transaction, written: _CompiledStatement, values: Mapping[str, Any]) -> Any:
        try:
            return _function_sending_statement(tx, written)(written.text, written.parameters(values))
        except tx.dialect.loaded_dbapi.Error as error:
            base = tx.dialect.loaded_dbapi.Error
            raise DBAPIError.instance(written.text, None, error, base, dialect=tx.dialect) from error


def _function_sending_statement(tx: Transaction, written: _CompiledStatement) -> Callable[..., Any]:
    """Return what sends a statement on this connection: to a server always the same cursor, as a new one finds out
    anew how each value goes in and out."""
    driver: Any = tx.connection.dbapi_connection
    if tx.dialect.name == "sqlite":
        execute: Callable[..., Any] = driver.execute
        return execute
    ways: dict[_CompiledStatement, Callable[..., Any]] = tx.info.setdefault(_WAYS, {})
    if written not in ways:
        ways[written] = driver.cursor().execute
    return ways[written]


def _row_maker(columns: list[str]) -> Callable[[list[Any]], Any]:
    named: Any = namedtuple
    make: Callable[[list[Any]], Any] = named("Found", columns, rename=True)._make
    return make


def _has_execute_listeners(tx: Transaction) -> bool:
    """Whether somebody listens to what is sent: they hear what goes through SQLAlchemy."""
    return tx.engine._has_events and bool(tx.dispatch.before_cursor_execute)


class _CompiledStatement:
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
            self._make = _row_maker([column.name for column in columns])

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
