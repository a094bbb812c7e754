"""Tables for what is checked before the hall opens, and for windows opened without."""

from alembic import op
from sqlalchemy import inspect

from queuedesk.store.schema_checks import CHECKS

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make what an earlier step did not make already; no log has anything for it yet."""
    connection = op.get_bind()
    there = set(inspect(connection).get_table_names())
    for table in CHECKS:
        if table.name not in there:
            table.create(connection)
