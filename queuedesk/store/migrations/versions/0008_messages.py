"""Messages between stations and calls for help follow from the log."""

revision = "0008"
down_revision = "0007"

REBUILDS = True


def upgrade() -> None:
    """Leave it to the rebuild: nothing beside the log has changed."""
