"""Improvement projects, closed sheets, training and what else a hall judges itself by follow from the log."""

revision = "0017"
down_revision = "0016"

REBUILDS = True


def upgrade() -> None:
    """Leave it to the rebuild: nothing beside the log has changed."""
