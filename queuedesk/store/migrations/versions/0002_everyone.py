"""Tables for what came after the first: offers, notices, notes, opinions, appointments, alarms, excluded ratings.

Everything that follows from the log is made anew and worked out from it, so that no column has to be carried over.
"""

from alembic import op
from sqlalchemy import inspect

from queuedesk.store import halls, snapshot
from queuedesk.store.schema import FOLLOWING
from queuedesk.store.schema_beside import contacts

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables that follow from the log as they are now, and fill them from it."""
    connection = op.get_bind()
    there = set(inspect(connection).get_table_names())
    for table in FOLLOWING:
        if table.name in there:
            table.drop(connection)
    for table in FOLLOWING:
        table.create(connection)
    if contacts.name not in there:
        contacts.create(connection)
    for hall, _code in halls.listed(connection):
        snapshot.rebuild(connection, hall)
