"""A table for what other channels served, and a way to the reports of indicators that does not walk through the log."""

from alembic import op
from sqlalchemy import inspect

from queuedesk.store.schema import channel_totals, events

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table, unless an earlier step made it already; no log has anything for it yet."""
    connection = op.get_bind()
    there = inspect(connection)
    if channel_totals.name not in there.get_table_names():
        channel_totals.create(connection)
    known = {index["name"] for index in there.get_indexes(events.name)}
    for index in events.indexes:
        if index.name not in known:
            index.create(connection)
