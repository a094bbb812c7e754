"""What a promise is made of beside every ticket, the bounds in use, and what past dates taught."""

from alembic import op

revision = "0012"
down_revision = "0011"

REBUILDS = True


def upgrade() -> None:
    """Make the tables of what past dates taught, which the first change fills."""
    op.execute(
        """
        CREATE TABLE IF NOT EXISTS learned_days (
            hall INTEGER NOT NULL,
            date TEXT NOT NULL,
            version INTEGER NOT NULL,
            taught TEXT NOT NULL,
            CONSTRAINT pk_learned_days PRIMARY KEY (hall, date),
            CONSTRAINT fk_learned_days_hall FOREIGN KEY(hall) REFERENCES halls (id)
        ) STRICT
        """
    )
    op.execute(
        """
        CREATE TABLE IF NOT EXISTS learned (
            hall INTEGER NOT NULL,
            date TEXT NOT NULL,
            setup_hash TEXT NOT NULL,
            learned TEXT NOT NULL,
            CONSTRAINT pk_learned PRIMARY KEY (hall, date),
            CONSTRAINT fk_learned_hall FOREIGN KEY(hall) REFERENCES halls (id)
        ) STRICT
        """
    )
