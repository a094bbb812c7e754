"""The tables of what people of the hall say to each other: messages between stations, calls for help."""

from __future__ import annotations

from sqlalchemy import Column, Index, Text

from queuedesk.store.engine.types import BigInt, Day, Json, Moment
from queuedesk.store.schema.table import hall_column, only, strict_table

messages = strict_table(
    "messages",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("time", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("to", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_en", Text, nullable=False),
    Column("seen", Json, nullable=False),
    Column("waits_for", Text),
    Index("ix_messages_date", "hall", "date"),
)
Index("ix_messages_open", messages.c.hall, messages.c.waits_for, **only("waits_for IS NOT NULL"))

help_calls = strict_table(
    "help_calls",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("place", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("about_en", Text, nullable=False),
    Column("pressed", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("acknowledged", Moment),
    Column("helper", Text),
    Column("ended", Moment),
    Column("end", Text),
    Column("ended_by", Text),
    Column("reason", Text),
    Index("ix_help_calls_date", "hall", "date"),
    Index("ix_help_calls_open", "hall", "ended", **only("ended IS NULL")),
)
