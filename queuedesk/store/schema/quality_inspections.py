"""The tables of inspections, of what is to be put right, and of the morning: briefings, openings and closings."""

from __future__ import annotations

from sqlalchemy import Column, Index, Text

from queuedesk.core.quality.inspection import Briefing, Opening
from queuedesk.store.engine.types import BigInt, Day, Flag, Json, Moment
from queuedesk.store.schema.table import hall_column, only, record_table, strict_table

inspections = strict_table(
    "inspections",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("channel", Text, nullable=False),
    Column("sheet", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("planned", Flag, nullable=False),
    Column("staff", Text),
    Column("visitor", BigInt),
    Column("outsider", Text),
    Column("version", BigInt),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("items", Json, nullable=False),
    Column("started", Moment),
    Column("marks", Json, nullable=False),
    Column("visit_date", Day),
    Column("visit", Text),
    Column("claimed_s", BigInt),
    Column("signed", Moment),
    Column("signed_by", Text),
    Column("dropped", Moment),
    Column("reason", Text),
    Index("ix_inspections_date", "hall", "date"),
    Index("ix_inspections_open", "hall", "signed", **only("signed IS NULL AND dropped IS NULL")),
)

rectifications = strict_table(
    "rectifications",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("issue", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("due", Day, nullable=False),
    Column("by", Text, nullable=False),
    Column("inspection", BigInt),
    Column("item", BigInt),
    Column("proofs", Json, nullable=False),
    Column("looks", Json, nullable=False),
    Column("reminded", Moment),
    Column("closed", Moment),
    Index("ix_rectifications_date", "hall", "date"),
    Index("ix_rectifications_open", "hall", "closed", **only("closed IS NULL")),
)

briefings = record_table(
    "briefings",
    Briefing,
    Index("ix_briefings_date", "hall", "date"),
)

openings = record_table(
    "openings",
    Opening,
    Index("ix_openings_date", "hall", "date"),
)
