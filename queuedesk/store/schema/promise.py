"""The tables of wait promises: the bounds in use, which follow from the log, and what dates taught, which is made from
the tables again when it is not there."""

from __future__ import annotations

from sqlalchemy import Column, Text

from queuedesk.store.engine.types import BigInt, Day, Json, Moment, Real
from queuedesk.store.schema.table import hall_column, strict_table

tracker = strict_table(
    "tracker",
    hall_column(),
    Column("low", Real, nullable=False),
    Column("high", Real, nullable=False),
    Column("upto", BigInt, nullable=False),
    Column("at", Moment, nullable=False),
    Column("date", Day, nullable=False),
)

learned_days = strict_table(
    "learned_days",
    hall_column(),
    Column("date", Day, primary_key=True),
    Column("version", BigInt, nullable=False),
    Column("taught", Json, nullable=False),
)

learned = strict_table(
    "learned",
    hall_column(),
    Column("date", Day, primary_key=True),
    Column("setup_hash", Text, nullable=False),
    Column("learned", Json, nullable=False),
)

LEARNED = (learned_days, learned)
"""Neither in the log nor in a backup: only kept to spare the work."""
