"""The table of contingency cards that were opened."""

from __future__ import annotations

from sqlalchemy import Column, Index, Text

from queuedesk.store.engine.types import BigInt, Day, Json, Moment
from queuedesk.store.schema.table import hall_column, only, strict_table

card_runs = strict_table(
    "card_runs",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("card", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("steps", Json, nullable=False),
    Column("started", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("ticks", Json, nullable=False),
    Column("ended", Moment),
    Column("end", Text),
    Column("ended_by", Text),
    Column("note", Text, nullable=False),
    Index("ix_card_runs_date", "hall", "date"),
    Index("ix_card_runs_open", "hall", "ended", **only("ended IS NULL")),
)
