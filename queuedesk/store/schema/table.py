"""What all our tables share: strict types, names of constraints, the hall's column, upserts."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, MetaData, Table, UniqueConstraint, text
from sqlalchemy.dialects.sqlite import insert as upsert_sqlite

from queuedesk.store.engine.statement import Statement
from queuedesk.store.engine.types import BigInt, Transaction

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
