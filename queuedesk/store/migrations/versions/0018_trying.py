"""Which tickets judge a trial of words, and whatever else was added to improving, follows from the log."""

revision = "0018"
down_revision = "0017"

REBUILDS = True


def upgrade() -> None:
    """Leave it to the rebuild: nothing beside the log has changed."""
