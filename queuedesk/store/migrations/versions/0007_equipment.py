"""When, where and how a pushed notice is shown and said, and what the voice said of each call."""

from alembic import op
from sqlalchemy import inspect

revision = "0007"
down_revision = "0006"

COLUMNS = {
    "pushed_notices": {
        "begins": "INTEGER",
        "display": "TEXT",
        "spoken": "INTEGER NOT NULL DEFAULT 0",
        "emergency": "INTEGER NOT NULL DEFAULT 0",
    },
    "announcements": {"text": "TEXT", "sound_ms": "INTEGER", "delay_ms": "INTEGER", "cause": "TEXT"},
}


def upgrade() -> None:
    """Add the columns that an earlier step did not make already; no log has anything for them yet."""
    connection = op.get_bind()
    for table, columns in COLUMNS.items():
        known = {column["name"] for column in inspect(connection).get_columns(table)}
        for name, kind in columns.items():
            if name not in known:
                connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
