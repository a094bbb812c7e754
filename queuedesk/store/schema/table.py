"""What all our tables share: strict types, names of constraints, the hall's column, upserts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from types import NoneType
from typing import Any, get_args

from msgspec import Struct
from msgspec.structs import FieldInfo, fields
from sqlalchemy import Column, ForeignKey, Index, MetaData, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.sqlite import insert as upsert_sqlite

from queuedesk.store.engine.statement import Statement
from queuedesk.store.engine.types import BigInt, Day, Flag, Json, Moment, Real, Transaction

COLUMNS: dict[type, Any] = {int: BigInt, float: Real, bool: Flag, datetime: Moment, date: Day}
"""Column types by those of a record's fields; text in any form is text, all else JSON."""
_UPSERTS: dict[tuple[str, str], Statement] = {}
metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def strict_table(name: str, *columns: Column[Any] | Index | UniqueConstraint) -> Table:
    return Table(name, metadata, *columns, sqlite_strict=True)


def record_table(
    name: str,
    record: type[Struct],
    *indexes: Index | UniqueConstraint,
    key: Collection[str] = ("seq",),
    later: Collection[str] = (),
) -> Table:
    """Make the table of a hall's records: a column for each field, in their order, of the type that its annotation
    says. The hall and `key` are the primary key; of rows older than the switches `later` these are off."""
    columns = [_column(one, is_key=one.name in key, is_later=one.name in later) for one in fields(record)]
    return strict_table(name, hall_column(), *columns, *indexes)


def _column(field: FieldInfo, *, is_key: bool, is_later: bool) -> Column[Any]:
    kinds = [one for one in get_args(field.type) if one is not NoneType]
    is_optional = NoneType in get_args(field.type)
    kind = kinds[0] if is_optional and len(kinds) == 1 else field.type
    of = Text if isinstance(kind, type) and issubclass(kind, str) else COLUMNS.get(kind, Json)
    if is_key:
        return Column(field.name, of, primary_key=True, autoincrement=False)
    return Column(field.name, of, nullable=is_optional, server_default="0" if is_later else None)


def only(condition: str) -> dict[str, Any]:
    """Limit an index to the rows that meet `condition`, which migrate.build also tells PostgreSQL. Naming that engine
    here would load its whole dialect, 40 ms of every start."""
    return {"sqlite_where": text(condition), "info": {"only": condition}}


def hall_column(*, primary: bool = True) -> Column[int]:
    return Column("hall", BigInt, ForeignKey("halls.id"), primary_key=primary, autoincrement=False, nullable=False)


def upsert(
    tx: Transaction,
    table: Table,
    values: dict[str, Any] | list[dict[str, Any]],
    changing: Collection[str] | None = None,
) -> None:
    """Write one row or several by the primary key, whether it is there or not. Of a row that is there only the columns
    `changing` are written, without them all; they are the same for a table each time."""
    engine = tx.dialect.name
    statement = _UPSERTS.get((engine, table.name))
    if statement is None:
        fresh: Any = upsert_sqlite(table)
        if engine != "sqlite":
            from sqlalchemy.dialects.postgresql import insert as upsert_postgresql

            fresh = upsert_postgresql(table)
        key = [c.name for c in table.primary_key]
        names = [c.name for c in table.c if c.name not in key and (changing is None or c.name in changing)]
        rest = {name: fresh.excluded[name] for name in names}
        changed = fresh.on_conflict_do_update(index_elements=key, set_=rest) if rest else fresh
        statement = Statement(changed)
        _UPSERTS[(engine, table.name)] = statement
    for one in values if isinstance(values, list) else (values,):
        statement.send(tx, one)
