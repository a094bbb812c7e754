"""Which PCs may open a shared hall, the codes by which they join, and where a hall went that was shared.

With this revision halls first stood on servers: none there is older, and what comes before is written for files alone.
"""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the tables, which no log knows of."""
    op.execute(
        """
        CREATE TABLE IF NOT EXISTS pcs (
            role TEXT NOT NULL,
            hall INTEGER NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            made INTEGER NOT NULL,
            made_by TEXT NOT NULL,
            seen INTEGER,
            withdrawn INTEGER,
            CONSTRAINT pk_pcs PRIMARY KEY (role),
            CONSTRAINT fk_pcs_hall FOREIGN KEY(hall) REFERENCES halls (id)
        ) STRICT
        """
    )
    op.execute(
        """
        CREATE TABLE IF NOT EXISTS joins (
            id TEXT NOT NULL,
            hall INTEGER NOT NULL,
            kind TEXT NOT NULL,
            salt TEXT NOT NULL,
            "key" TEXT NOT NULL,
            made INTEGER NOT NULL,
            made_by TEXT NOT NULL,
            expires INTEGER NOT NULL,
            tries_left INTEGER NOT NULL,
            used INTEGER,
            CONSTRAINT pk_joins PRIMARY KEY (id),
            CONSTRAINT fk_joins_hall FOREIGN KEY(hall) REFERENCES halls (id)
        ) STRICT
        """
    )
    op.execute("ALTER TABLE database ADD COLUMN moved_to TEXT")
