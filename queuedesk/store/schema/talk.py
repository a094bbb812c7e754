"""The tables of notices, messages, calls for help, contingency cards, equipment and its checks."""

from __future__ import annotations

from sqlalchemy import Column, Index, Text

from queuedesk.store.engine.types import BigInt, Day, Flag, Json, Moment
from queuedesk.store.schema.table import hall_column, only, strict_table

# The tables of what people of the hall say to each other: messages between stations, calls for help.

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


# The table of contingency cards that were opened.

card_runs = strict_table(
    "card_runs",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("card", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("steps", Json, nullable=False),
    Column("started", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("ticks", Json, nullable=False),
    Column("ended", Moment),
    Column("end", Text),
    Column("ended_by", Text),
    Column("note", Text, nullable=False),
    Index("ix_card_runs_date", "hall", "date"),
    Index("ix_card_runs_open", "hall", "ended", **only("ended IS NULL")),
)


# The tables of what was checked before the hall opened, and of windows that were opened without.

checks = strict_table(
    "checks",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("time", Moment, nullable=False),
    Column("device", Text, nullable=False),
    Column("station", Text, nullable=False),
    Column("passed", Flag, nullable=False),
    Column("cause", Text),
    Column("by", Text, nullable=False),
    Index("ix_checks_date", "hall", "date"),
)

waivers = strict_table(
    "waivers",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("date", Day, nullable=False),
    Column("time", Moment, nullable=False),
    Column("window", Text, nullable=False),
    Column("staff", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("missing", Json, nullable=False),
    Column("by", Text, nullable=False),
    Index("ix_waivers_date", "hall", "date"),
)


# The tables of the hall's equipment: what follows from the log, and the signs of life beside it.

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
