"""Services lent to windows, and the table of moves that were suggested and taken or turned down."""

from alembic import op
from sqlalchemy import inspect

from queuedesk.store.schema_moves import MOVES

revision = "0010"
down_revision = "0009"

COLUMNS = {"windows": {"extra": "TEXT"}, "shifts": {"lent": "TEXT"}}


def upgrade() -> None:
    """Make what an earlier step did not make already; no log has anything for it yet."""
    connection = op.get_bind()
    there = set(inspect(connection).get_table_names())
    for table in MOVES:
        if table.name not in there:
            table.create(connection)
    for name, columns in COLUMNS.items():
        known = {column["name"] for column in inspect(connection).get_columns(name)}
        for column, kind in columns.items():
            if column not in known:
                connection.exec_driver_sql(f"ALTER TABLE {name} ADD COLUMN {column} {kind}")
