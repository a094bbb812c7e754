"""What the measures are read by: tickets taken at a kiosk are flagged, and a date's events are found with their
kinds."""

from alembic import op

revision = "0005"
down_revision = "0004"

REBUILDS = True


def upgrade() -> None:
    op.execute("DROP INDEX IF EXISTS ix_events_date")
    op.execute("CREATE INDEX IF NOT EXISTS ix_events_day ON events (hall, date, ticket, kind, seq)")
