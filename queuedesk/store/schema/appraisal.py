"""The table of disputed rows of the person's sheets."""

from __future__ import annotations

from sqlalchemy import Column, Index, Text

from queuedesk.store.engine.types import BigInt, Day, Flag, Moment
from queuedesk.store.schema.table import hall_column, only, strict_table

disputes = strict_table(
    "disputes",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("time", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("staff", Text, nullable=False),
    Column("month", Day, nullable=False),
    Column("item", Text, nullable=False),
    Column("row", Text),
    Column("rated", Text),
    Column("words", Text, nullable=False),
    Column("decided", Moment),
    Column("decided_by", Text),
    Column("excluded", Flag),
    Column("answer", Text),
    Index("ix_disputes_date", "hall", "date"),
    Index("ix_disputes_month", "hall", "month"),
    Index("ix_disputes_open", "hall", "decided", **only("decided IS NULL")),
)
