"""The tables as first released; a new database gets them from schema.metadata, so that nothing is left to do."""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Mark where later revisions start."""
