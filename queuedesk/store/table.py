"""What every table of ours has in common: strict types, names of constraints, the hall's column."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Index, MetaData, Table, UniqueConstraint, text

from queuedesk.store.types import BigInt

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
    """Make an index one of the rows that meet `condition`, which migrate.build also tells PostgreSQL.

    Naming that engine here would load its whole dialect, 40 ms of every start.
    """
    return {"sqlite_where": text(condition), "info": {"only": condition}}


def hall_column(*, primary: bool = True) -> Column[int]:
    return Column("hall", BigInt, ForeignKey("halls.id"), primary_key=primary, autoincrement=False, nullable=False)
