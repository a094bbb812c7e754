"""The tables of what was checked before the hall opened, and of windows that were opened without."""

from __future__ import annotations

from sqlalchemy import Column, Index, Text

from queuedesk.store.engine.types import BigInt, Day, Flag, Json, Moment
from queuedesk.store.schema.table import hall_column, strict_table

checks = strict_table(
    "checks",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("time", Moment, nullable=False),
    Column("device", Text, nullable=False),
    Column("station", Text, nullable=False),
    Column("passed", Flag, nullable=False),
    Column("cause", Text),
    Column("by", Text, nullable=False),
    Index("ix_checks_date", "hall", "date"),
)

waivers = strict_table(
    "waivers",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("time", Moment, nullable=False),
    Column("window", Text, nullable=False),
    Column("staff", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("missing", Json, nullable=False),
    Column("by", Text, nullable=False),
    Index("ix_waivers_date", "hall", "date"),
)
