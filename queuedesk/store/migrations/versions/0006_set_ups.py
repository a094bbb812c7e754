"""A way to the changes of the set-up that does not walk through the log: reports tell targets and rules of their time
by them."""

from alembic import op

revision = "0006"
down_revision = "0005"

REBUILDS = True


def upgrade() -> None:
    op.execute("CREATE INDEX IF NOT EXISTS ix_events_set_up ON events (hall, kind, seq) WHERE kind = 'set-up'")
