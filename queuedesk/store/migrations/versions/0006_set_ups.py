"""A way to the changes of the set-up that does not walk through the log: reports tell targets and rules of their time by them."""

from alembic import op
from sqlalchemy import inspect

from queuedesk.store.schema import SET_UP_INDEX, events

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the index, unless an earlier step made it already."""
    connection = op.get_bind()
    if SET_UP_INDEX.name not in {index["name"] for index in inspect(connection).get_indexes(events.name)}:
        SET_UP_INDEX.create(connection)
