"""A table for contingency cards that were opened."""

from alembic import op
from sqlalchemy import inspect

from queuedesk.store.schema_cards import CARDS

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make what an earlier step did not make already; no log has anything for it yet."""
    connection = op.get_bind()
    there = set(inspect(connection).get_table_names())
    for table in CARDS:
        if table.name not in there:
            table.create(connection)
