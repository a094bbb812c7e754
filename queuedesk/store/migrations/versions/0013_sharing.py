"""Which PCs may open a shared hall, the codes by which they join, and where a hall went that was shared."""

from alembic import op
from sqlalchemy import inspect

from queuedesk.store.schema_sharing import joins, pcs

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make what an earlier step did not make already."""
    connection = op.get_bind()
    there = set(inspect(connection).get_table_names())
    for table in (pcs, joins):
        if table.name not in there:
            table.create(connection)
    if "moved_to" not in {column["name"] for column in inspect(connection).get_columns("database")}:
        connection.exec_driver_sql("ALTER TABLE database ADD COLUMN moved_to TEXT")
