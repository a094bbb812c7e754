"""Tables of suggested moves: taken or turned down, with what was expected of them."""

from __future__ import annotations

from sqlalchemy import Column, Index, Text

from queuedesk.store.engine.types import BigInt, Day, Flag, Json, Moment
from queuedesk.store.schema.table import hall_column, strict_table

moves = strict_table(
    "moves",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("time", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("taken", Flag, nullable=False),
    Column("window", Text),
    Column("staff", Text),
    Column("service", Text),
    Column("to", Text),
    Column("minutes", BigInt),
    Column("services", Json, nullable=False),
    Column("effect", Json),
    Column("base", Json, nullable=False),
    Index("ix_moves_date", "hall", "date"),
)
