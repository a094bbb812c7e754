"""The tables of disputed rows of the person's sheets, of months closed, of training sessions and of who was named for
training."""

from __future__ import annotations

from sqlalchemy import Column, Index, Text

from queuedesk.store.engine.types import BigInt, Day, Flag, Json, Moment
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

trainings = strict_table(
    "trainings",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("day", Day, nullable=False),
    Column("minutes", BigInt, nullable=False),
    Column("attended", Json, nullable=False),
    Column("words", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("led", Text),
    Column("need", Text),
    Column("service", Text),
    Column("limit_min", BigInt),
    Column("need_from", Day),
    Column("need_to", Day),
    Column("dropped", Moment),
    Index("ix_trainings_date", "hall", "date"),
    Index("ix_trainings_day", "hall", "day"),
)

named_needs = strict_table(
    "named_needs",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("time", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("staff", Text, nullable=False),
    Column("need", Text, nullable=False),
    Column("service", Text),
    Column("reason", Text, nullable=False),
    Column("first", Day, nullable=False),
    Column("last", Day, nullable=False),
    Column("n", BigInt, nullable=False),
    Column("of", BigInt, nullable=False),
    Column("seen", Moment),
    Index("ix_named_needs_date", "hall", "date"),
    Index("ix_named_needs_unseen", "hall", "seen", **only("seen IS NULL")),
)

closings = strict_table(
    "closings",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("time", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("month", Day, nullable=False),
    Column("version", BigInt, nullable=False),
    Column("rows", Text, nullable=False),
    Column("told", Text, nullable=False),
    Index("ix_closings_date", "hall", "date"),
    Index("ix_closings_month", "hall", "month"),
)
