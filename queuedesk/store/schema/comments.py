"""The tables of comments that were spoken, and of those that were read; their words stand beside the log."""

from sqlalchemy import Column, Index, Text

from queuedesk.store.engine.types import BigInt, Day, Flag, Moment
from queuedesk.store.schema.table import hall_column, strict_table

spoken_comments = strict_table(
    "spoken_comments",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("time", Moment, nullable=False),
    Column("klass", Text, nullable=False),
    Column("day", Day),
    Column("ticket", Text),
    Column("comment", Text, nullable=False),
    Column("by", Text, nullable=False),
    Index("ix_spoken_comments_date", "hall", "date"),
)

read_comments = strict_table(
    "read_comments",
    hall_column(),
    Column("id", Text, primary_key=True),
    Column("date", Day, nullable=False),
    Column("time", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("read", Flag, nullable=False),
    Index("ix_read_comments_date", "hall", "date"),
)
