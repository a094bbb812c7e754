"""The tables of improvement projects and of trials of words."""

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

wordings = strict_table(
    "wordings",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("by", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("services", Json, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("label_en", Text, nullable=False),
    Column("first", Day, nullable=False),
    Column("weeks", BigInt, nullable=False),
    Column("ended", Day),
    Column("end", Text),
    Index("ix_wordings_date", "hall", "date"),
    Index("ix_wordings_open", "hall", "ended", **only("ended IS NULL")),
)
