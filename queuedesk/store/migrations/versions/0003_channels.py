"""What other channels served follows from the log too; reports of indicators are found without walking through it."""

from alembic import op

revision = "0003"
down_revision = "0002"

REBUILDS = True


def upgrade() -> None:
    op.execute("CREATE INDEX IF NOT EXISTS ix_events_indicators ON events (hall, kind, seq) WHERE kind = 'indicators'")
