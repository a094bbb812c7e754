"""Column types that mean the same on SQLite's STRICT tables and on PostgreSQL, and the type of an open transaction."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, ClassVar, cast

import msgspec
from sqlalchemy import REAL, BigInteger, ColumnElement, Connection, Double, Integer, MetaData, Text, TypeDecorator
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeEngine

from queuedesk.core.log.event import EARLIEST, LATEST, quick_text

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

    A time that no datetime can hold is already given as that number.
    """
    if moment is None or isinstance(moment, int):
        return moment
    return (moment - EPOCH) // MICROSECOND


_FIRST_US, _END_US = (EARLIEST - EPOCH) // MICROSECOND, (LATEST - EPOCH) // MICROSECOND
# The calendar repeats itself after so many years and days.
_CYCLE_YEARS, _CYCLE_US = 400, 146_097 * 86_400_000_000


def to_moment(microseconds: int | None) -> datetime | None:
    """Return the UTC datetime of microseconds since 1970; for values outside datetime's years LATEST, a time that no
    hall has.

    So a forged number stops no reader, and no sum of such times leaves the calendar.
    """
    if microseconds is None:
        return None
    return EPOCH + timedelta(microseconds=microseconds) if _FIRST_US <= microseconds < _END_US else LATEST


def text_of(microseconds: int) -> str:
    """Return microseconds since 1970 as the log prints a time, also for years that no datetime has; as a server does
    (qd_stamp)."""
    cycles, rest = divmod(microseconds - _FIRST_US, _CYCLE_US)
    moment = EARLIEST + timedelta(microseconds=rest)
    year = moment.year + cycles * _CYCLE_YEARS
    return f"{year if year > 0 else 1 - year:04d}{moment.isoformat(timespec='microseconds')[4:]}"


def from_text(text: str) -> int:
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


class JsonText(str):
    """The text of a JSON value, given in the place of the value."""

    __slots__ = ()


def to_json(value: object) -> str | None:
    """Return the one text of a JSON value: sorted keys, no spaces, non-ASCII kept; None is no value at all.

    Raises ValueError for what JSON can't express (NaN, infinity), TypeError for foreign objects.
    """
    if value is None:
        return None
    if type(value) is JsonText:
        return str(value)
    quick = quick_text(value)
    return _json_text(value) if quick is None else quick


def _json_value(text: str) -> Any:
    try:
        return _quickly(text)
    except (ValueError, RecursionError):
        # It refuses more than is no JSON: half a pair of surrogates, numbers beyond all floats.
        return _patiently(text)


def to_value(text: str | None) -> Any:
    """Return the value of a JSON text."""
    if text == "[]":  # four of five lists of a ticket are empty
        return []
    return None if text is None else _json_value(text)


def to_data(text: str) -> Any:
    """Return the value of an event's JSON text; the text itself if it is no JSON."""
    try:
        return _json_value(text)
    except (ValueError, RecursionError):
        return text


def _to_iso(day: date | None) -> str | None:
    if day is None:
        return None
    if type(day) is not date:  # a datetime is a date too, and its text would not fit
        raise TypeError(day)
    return day.isoformat()


def _to_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _log_day_in(day: date | str | None) -> str | None:
    return day if isinstance(day, str) else _to_iso(day)


def _log_day_out(text: str | None) -> date | None:
    try:
        return _to_day(text)
    except ValueError:
        return None


def _to_bit(flag: bool | None) -> int | None:
    if flag is None:
        return None
    if flag is not True and flag is not False:
        raise TypeError(flag)
    return int(flag)


def _to_flag(bit: int | None) -> bool | None:
    return None if bit is None else bit == 1


class _Own(TypeDecorator[Any]):
    """A type whose values pass through one plain function each way.

    The functions are handed to the driver layer as they are, past TypeDecorator's own wrappers: commands of a few
    rows feel those.
    """

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = Text
    cache_ok = True

    @abstractmethod
    def _functions(self) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
        """Return the way in and the way out."""

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        return self._functions()[0]

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        return self._functions()[1]

    def literal_processor(self, dialect: Dialect) -> Callable[[Any], str]:
        """Serve the conditions of partial indexes, which hold their values in the text."""
        inward = self._functions()[0]
        literal = self.load_dialect_impl(dialect).dialect_impl(dialect).literal_processor(dialect)
        assert literal is not None
        return lambda value: "NULL" if value is None else literal(inward(value))


class _OwnInteger(_Own):
    impl = BigInteger

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())


class Moment(_OwnInteger):
    """An aware datetime, stored as UTC microseconds since 1970; comes back in UTC.

    The difference of two columns is a plain number of microseconds.
    """

    cache_ok = True

    def _functions(self) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
        return to_microseconds, to_moment


class Flag(_OwnInteger):
    """True or False, stored as 1 or 0; query it with `flag.is_(True)`."""

    cache_ok = True

    class comparator_factory(TypeDecorator.Comparator[Any]):  # noqa: N801 - SQLAlchemy's name
        def is_(self, other: Any) -> ColumnElement[bool]:  # PostgreSQL's IS takes no numbers.
            return cast(ColumnElement[bool], super().is_(None) if other is None else self == other)

    def _functions(self) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
        return _to_bit, _to_flag


class Day(_Own):
    """A date, stored as its ISO text, so that order and equality hold in SQL too."""

    cache_ok = True

    def _functions(self) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
        return _to_iso, _to_day


class LogDay(_Own):
    """The date of an event as its data have it; anything but a date reads as None, and an event that can't be read
    keeps its text."""

    cache_ok = True

    def _functions(self) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
        return _log_day_in, _log_day_out


class Json(_Own):
    """A JSON value as its one text; SQL's NULL is None, and two equal values are equal texts."""

    cache_ok = True

    def _functions(self) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
        return to_json, to_value


class LogData(_Own):
    """An event's data, as Json does; a text that is no JSON reads as that text."""

    cache_ok = True

    def _functions(self) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
        return to_json, to_data


class Words(_Own):
    """A member of `words`, stored as its value; the plain text of a StrEnum's member will do too.

    Any other value is refused with KeyError, on the way in and on the way out.
    """

    cache_ok = True
    _ways: ClassVar[dict[type[Enum], tuple[Callable[[Any], Any], Callable[[Any], Any]]]] = {}

    def __init__(self, words: type[Enum]) -> None:
        super().__init__()
        self.words = words
        if words not in self._ways:
            inward: dict[Any, Any] = {None: None} | {word: word.value for word in words}
            outward: dict[Any, Any] = {None: None} | {word.value: word for word in words}
            self._ways[words] = (inward.__getitem__, outward.__getitem__)

    def _functions(self) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
        return self._ways[self.words]


def strict(metadata: MetaData) -> MetaData:
    """Make every table of `metadata` STRICT on SQLite and return it.

    Raises TypeError, naming the column, for a type that a STRICT table does not have (String(n), DateTime, Boolean,
    Numeric, Enum, JSON, a bare BigInteger …).
    """
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
