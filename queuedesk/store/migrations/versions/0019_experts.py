"""What each expert said of a ticket's wait stands beside its promise."""

from alembic import op

revision = "0019"
down_revision = "0018"

COLUMNS = {"promise_made_of": "TEXT", "promise_leads": "TEXT"}


def upgrade() -> None:
    """Make room for it: no ticket of an earlier program says anything of it, so that nothing has to be worked out
    anew."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        for name, kind in COLUMNS.items():
            connection.exec_driver_sql(f"ALTER TABLE tickets ADD COLUMN IF NOT EXISTS {name} {kind}")
        return
    there = {row[1] for row in connection.exec_driver_sql("PRAGMA table_info(tickets)")}
    for name, kind in COLUMNS.items():
        if name not in there:
            connection.exec_driver_sql(f"ALTER TABLE tickets ADD COLUMN {name} {kind}")
