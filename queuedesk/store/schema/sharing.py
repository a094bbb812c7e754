"""Tables about a database itself: epoch, joined PCs, codes, backups; in no log and no backup."""

from __future__ import annotations

from sqlalchemy import Column, Text

from queuedesk.store.engine.types import BigInt, Moment
from queuedesk.store.schema.table import hall_column, strict_table

database = strict_table(
    "database",
    Column("id", BigInt, primary_key=True, autoincrement=False),
    Column("epoch", Text, nullable=False),
    Column("moved_to", Text),
)

pcs = strict_table(
    "pcs",
    Column("role", Text, primary_key=True),
    hall_column(primary=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("made", Moment, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("seen", Moment),
    Column("withdrawn", Moment),
)

joins = strict_table(
    "joins",
    Column("id", Text, primary_key=True),
    hall_column(primary=False),
    Column("kind", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("made", Moment, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("tries_left", BigInt, nullable=False),
    Column("used", Moment),
)

backups = strict_table(
    "backups",
    hall_column(),
    Column("made", Moment),
    Column("proven", Moment),
    Column("seq", BigInt),
    Column("hash", Text),
    Column("place", Text, nullable=False),
    Column("pc", Text, nullable=False),
    Column("same_disk", BigInt, nullable=False),
    Column("tried", Moment),
    Column("code", Text),
)

OWN = (database, pcs, joins, backups)
