"""Contingency cards that were opened follow from the log; a move names its services in another way."""

revision = "0011"
down_revision = "0010"

REBUILDS = True


def upgrade() -> None:
    """Leave it to the rebuild: nothing beside the log has changed."""
