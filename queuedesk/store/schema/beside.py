"""The tables outside every log: rows that can be deleted, and what concerns a database itself."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Text, UniqueConstraint

from queuedesk.store.engine.types import BigInt, Day, Moment
from queuedesk.store.schema.table import hall_column, strict_table

pins = strict_table(
    "pins",
    hall_column(),
    Column("staff", Text, primary_key=True),
    Column("hash", Text, nullable=False),
)

comments = strict_table(
    "comments",
    hall_column(),
    Column("id", Text, primary_key=True),
    Column("salt", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("written", Moment, nullable=False),
)

# What customers said in thanks, and what briefings say: apart from comments, since those who work here read it.
thanks_words = strict_table(
    "thanks_words",
    hall_column(),
    Column("id", Text, primary_key=True),
    Column("salt", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("written", Moment, nullable=False),
)

contacts = strict_table(
    "contacts",
    hall_column(),
    Column("id", Text, primary_key=True),
    Column("salt", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("until", Day, nullable=False),
)

access = strict_table(
    "access",
    Column("id", BigInt, primary_key=True, autoincrement=True),
    Column("hall", BigInt, ForeignKey("halls.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("code", Text, nullable=False),
)

# In no backup either: what somebody still owes here for wrong PINs, in microseconds, and the clock by which that was
# so.
pin_tries = strict_table(
    "pin_tries",
    hall_column(),
    Column("person", Text, primary_key=True),
    Column("owed", BigInt, nullable=False),
    Column("clock", BigInt, nullable=False),
)

announcements = strict_table(
    "announcements",
    hall_column(),
    Column("seq", BigInt, primary_key=True, autoincrement=False),
    Column("station", Text, primary_key=True),
    Column("shown", Moment),
    Column("spoken", Moment),
    Column("link", Text),
    Column("text", Text),
    Column("sound_ms", BigInt),
    Column("delay_ms", BigInt),
    Column("cause", Text),
    UniqueConstraint("hall", "seq", "station"),
)

BESIDE = (pins, comments, thanks_words, contacts, access, announcements)


# -- tables about a database itself: epoch, joined PCs, codes, backups; in no log and no backup ----------------------

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
