"""Forums with customers."""

from alembic import op

revision = "0019"
down_revision = "0018"

TABLE = """CREATE TABLE IF NOT EXISTS forums (
    hall {whole} NOT NULL,
    seq {whole} NOT NULL,
    date TEXT NOT NULL,
    day TEXT NOT NULL,
    attendees {whole} NOT NULL,
    about TEXT,
    "by" TEXT NOT NULL,
    issues TEXT NOT NULL,
    CONSTRAINT pk_forums PRIMARY KEY (hall, seq),
    CONSTRAINT fk_forums_hall FOREIGN KEY(hall) REFERENCES halls (id)
){strict}"""


def upgrade() -> None:
    """Make the table; no log of an older program has anything for it."""
    connection = op.get_bind()
    is_file = connection.dialect.name == "sqlite"
    words = {"whole": "INTEGER", "strict": " STRICT"} if is_file else {"whole": "BIGINT", "strict": ""}
    connection.exec_driver_sql(TABLE.format(**words))
    connection.exec_driver_sql("CREATE INDEX IF NOT EXISTS ix_forums_date ON forums (hall, date)")
