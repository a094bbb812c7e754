"""The tables of the hall's equipment: what follows from the log, and the signs of life beside it."""

from __future__ import annotations

from sqlalchemy import Column, Index, Text

from queuedesk.store.engine.types import BigInt, Moment
from queuedesk.store.schema.table import hall_column, strict_table

devices = strict_table(
    "devices",
    hall_column(),
    Column("device", Text, primary_key=True),
    Column("station", Text, primary_key=True),
    Column("known", Moment, nullable=False),
    Column("since", Moment, nullable=False),
    Column("outage", BigInt),
    Column("cause", Text),
)

outages = strict_table(
    "outages",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("device", Text, nullable=False),
    Column("station", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("start", Moment, nullable=False),
    Column("end", Moment),
    Index("ix_outages_end", "hall", "end"),
)

beats = strict_table(
    "beats",
    hall_column(),
    Column("device", Text, primary_key=True),
    Column("station", Text, primary_key=True),
    Column("time", Moment, nullable=False),
)
"""The last sign of life of each station: of this moment and this PC, so that no copy of a hall takes it along."""
