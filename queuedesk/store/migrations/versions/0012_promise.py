"""What a promise is made of beside every ticket, the bounds in use, and what past dates taught."""

from alembic import op
from sqlalchemy import inspect

from queuedesk.store.schema_promise import LEARNED, tracker

revision = "0012"
down_revision = "0011"

COLUMNS = {"promise_sd_s": "INTEGER", "promise_naive_s": "INTEGER", "promise_bounds": "TEXT"}


def upgrade() -> None:
    """Make what an earlier step did not make already; no promise in a log has any of it yet."""
    connection = op.get_bind()
    there = set(inspect(connection).get_table_names())
    for table in (tracker, *LEARNED):
        if table.name not in there:
            table.create(connection)
    known = {column["name"] for column in inspect(connection).get_columns("tickets")}
    for column, kind in COLUMNS.items():
        if column not in known:
            connection.exec_driver_sql(f"ALTER TABLE tickets ADD COLUMN {column} {kind}")
