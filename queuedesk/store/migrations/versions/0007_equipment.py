"""When, where and how a pushed notice is shown and said, and what the voice said of each call."""

from alembic import op

revision = "0007"
down_revision = "0006"

REBUILDS = True

COLUMNS = {"text": "TEXT", "sound_ms": "INTEGER", "delay_ms": "INTEGER", "cause": "TEXT"}


def upgrade() -> None:
    """Add the columns of the announcements, which stand beside the log."""
    for name, kind in COLUMNS.items():
        op.execute(f"ALTER TABLE announcements ADD COLUMN {name} {kind}")
