"""Comments that were spoken, and those that were read, follow from the log."""

revision = "0015"
down_revision = "0014"

REBUILDS = True


def upgrade() -> None:
    """Leave it to the rebuild: nothing beside the log has changed."""
