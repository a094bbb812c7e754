"""Whether other logins than managers' are told of a case."""

from alembic import op

revision = "0020"
down_revision = "0019"

REBUILDS = True

COLUMN = "withheld BIGINT NOT NULL DEFAULT 0"


def upgrade() -> None:
    """Make room: of the cases of an earlier program every login has been told. Where there is no such table yet, the
    rebuild makes it; it also reads set-ups again, whose built-in words are others now."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"ALTER TABLE IF EXISTS cases ADD COLUMN IF NOT EXISTS {COLUMN}")
        return
    there = {row[1] for row in connection.exec_driver_sql("PRAGMA table_info(cases)")}
    if there and "withheld" not in there:
        connection.exec_driver_sql(f"ALTER TABLE cases ADD COLUMN {COLUMN.replace('BIGINT', 'INTEGER')}")
