"""Tables for the hall's equipment, and what an alarm about it names."""

from alembic import op
from sqlalchemy import inspect

from queuedesk.store.schema import alarms
from queuedesk.store.schema_devices import EQUIPMENT, beats

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make what an earlier step did not make already; no log has anything for it yet."""
    connection = op.get_bind()
    there = set(inspect(connection).get_table_names())
    for table in (*EQUIPMENT, beats):
        if table.name not in there:
            table.create(connection)
    known = {column["name"] for column in inspect(connection).get_columns(alarms.name)}
    for name in ("device", "station"):
        if name not in known:
            connection.exec_driver_sql(f"ALTER TABLE {alarms.name} ADD COLUMN {name} TEXT")
