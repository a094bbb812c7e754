"""The tables of thanks and of forums."""

from __future__ import annotations

from sqlalchemy import Column, Index, Text

from queuedesk.store.engine.types import BigInt, Day, Json, Moment
from queuedesk.store.schema.table import hall_column, only, strict_table

thanks = strict_table(
    "thanks",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("time", Moment, nullable=False),
    Column("staff", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("ticket", Text),
    Column("words", Text),
    Column("by", Text, nullable=False),
    Column("seen", Moment),
    Index("ix_thanks_date", "hall", "date"),
    Index("ix_thanks_unseen", "hall", "seen", **only("seen IS NULL")),
)

forums = strict_table(
    "forums",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("day", Day, nullable=False),
    Column("attendees", BigInt, nullable=False),
    Column("about", Text),
    Column("by", Text, nullable=False),
    Column("issues", Json, nullable=False),
    Index("ix_forums_date", "hall", "date"),
)
