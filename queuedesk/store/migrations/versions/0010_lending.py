"""Services lent to windows follow from the log, and moves that were suggested and taken or turned down."""

revision = "0010"
down_revision = "0009"

REBUILDS = True


def upgrade() -> None:
    """Leave it to the rebuild: nothing beside the log has changed."""
