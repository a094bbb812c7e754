"""The morning's briefings, and the openings and closings of the hall, follow from the log."""

revision = "0016"
down_revision = "0015"

REBUILDS = True


def upgrade() -> None:
    """Leave it to the rebuild: nothing beside the log has changed."""
