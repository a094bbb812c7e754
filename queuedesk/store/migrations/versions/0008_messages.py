"""Tables for messages between stations and calls for help."""

from alembic import op
from sqlalchemy import inspect

from queuedesk.store.schema_messages import TALK

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make what an earlier step did not make already; no log has anything for it yet."""
    connection = op.get_bind()
    there = set(inspect(connection).get_table_names())
    for table in TALK:
        if table.name not in there:
            table.create(connection)
