"""The table of improvement projects."""

from __future__ import annotations

from sqlalchemy import Column, Index, Text

from queuedesk.store.engine.types import BigInt, Day, Json, Moment
from queuedesk.store.schema.table import hall_column, only, strict_table

projects = strict_table(
    "projects",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("number", BigInt, nullable=False),
    Column("date", Day, nullable=False),
    Column("title", Text, nullable=False),
    Column("leader", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("finding", Text),
    Column("state", Json, nullable=False),
    Column("target", Json),
    Column("causes", Json, nullable=False),
    Column("measures", Json, nullable=False),
    Column("follows", Json, nullable=False),
    Column("spans", Json),
    Column("next", Text),
    Column("ended", Moment),
    Column("ending", Text),
    Column("words", Text),
    Index("ix_projects_date", "hall", "date"),
    Index("ix_projects_open", "hall", "ended", **only("ended IS NULL")),
)
