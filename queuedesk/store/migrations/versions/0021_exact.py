"""Time set aside in microseconds, and the item of each step."""

revision = "0021"
down_revision = "0020"

REBUILDS = True


def upgrade() -> None:
    """Leave the columns to the rebuild: the log has them of every ticket."""
