"""The hall's equipment follows from the log; its signs of life stand beside it."""

from alembic import op

revision = "0004"
down_revision = "0003"

REBUILDS = True


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE IF NOT EXISTS beats (
            hall INTEGER NOT NULL,
            device TEXT NOT NULL,
            station TEXT NOT NULL,
            time INTEGER NOT NULL,
            CONSTRAINT pk_beats PRIMARY KEY (hall, device, station),
            CONSTRAINT fk_beats_hall FOREIGN KEY(hall) REFERENCES halls (id)
        ) STRICT
        """
    )
