"""Appointments' names and contacts beside the log; what follows from it also knows offers, notices, notes, opinions,
alarms."""

from alembic import op

revision = "0002"
down_revision = "0001"

REBUILDS = True


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE IF NOT EXISTS contacts (
            hall INTEGER NOT NULL,
            id TEXT NOT NULL,
            salt TEXT NOT NULL,
            name TEXT NOT NULL,
            contact TEXT NOT NULL,
            until TEXT NOT NULL,
            CONSTRAINT pk_contacts PRIMARY KEY (hall, id),
            CONSTRAINT fk_contacts_hall FOREIGN KEY(hall) REFERENCES halls (id)
        ) STRICT
        """
    )
