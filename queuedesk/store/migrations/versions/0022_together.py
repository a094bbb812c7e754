"""The oldest revision whose programs may go on with these tables, and the program's version on each PC."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Add both columns, empty. Programs before this revision open no newer tables, so it does not say ADDS."""
    op.execute("ALTER TABLE database ADD COLUMN oldest TEXT")
    op.execute("ALTER TABLE pcs ADD COLUMN version TEXT")
