"""The table of cases."""

from __future__ import annotations

from sqlalchemy import Column, Index, Text

from queuedesk.store.engine.types import BigInt, Day, Flag, Json, Moment
from queuedesk.store.schema.table import hall_column, only, strict_table

cases = strict_table(
    "cases",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("number", Text, nullable=False),
    Column("date", Day, nullable=False),
    Column("opened", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("klass", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("owner", Text),
    Column("state", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("contact_due", Day, nullable=False),
    Column("act_due", Day, nullable=False),
    Column("answer_due", Day, nullable=False),
    Column("limit", Day, nullable=False),
    Column("source", Text, nullable=False),
    Column("ref", Text),
    Column("about", Text),
    Column("about_date", Day),
    Column("concerns", Json, nullable=False),
    Column("words", Text),
    Column("contact", Text),
    Column("contact_until", Day),
    Column("asked", Flag, nullable=False),
    Column("withheld", Flag, nullable=False, server_default="0"),
    Column("tries", BigInt, nullable=False),
    Column("verdict", Text),
    Column("reopened", BigInt, nullable=False),
    Column("closed", Moment),
    Column("outcome", Text),
    Column("history", Json, nullable=False),
    Index("ix_cases_number", "hall", "number"),
    Index("ix_cases_date", "hall", "date"),
    Index("ix_cases_open", "hall", "closed", **only("closed IS NULL")),
)
