"""Thanks to somebody who works in the hall, and what customers said in them."""

from alembic import op

revision = "0018"
down_revision = "0017"

STATEMENTS = (
    """CREATE TABLE IF NOT EXISTS thanks (
    hall {whole} NOT NULL,
    seq {whole} NOT NULL,
    date TEXT NOT NULL,
    time {whole} NOT NULL,
    staff TEXT NOT NULL,
    source TEXT NOT NULL,
    ticket TEXT,
    words TEXT,
    "by" TEXT NOT NULL,
    seen {whole},
    CONSTRAINT pk_thanks PRIMARY KEY (hall, seq),
    CONSTRAINT fk_thanks_hall FOREIGN KEY(hall) REFERENCES halls (id)
){strict}""",
    """CREATE TABLE IF NOT EXISTS thanks_words (
    hall {whole} NOT NULL,
    id TEXT NOT NULL,
    salt TEXT NOT NULL,
    text TEXT NOT NULL,
    written {whole} NOT NULL,
    CONSTRAINT pk_thanks_words PRIMARY KEY (hall, id),
    CONSTRAINT fk_thanks_words_hall FOREIGN KEY(hall) REFERENCES halls (id)
){strict}""",
    "CREATE INDEX IF NOT EXISTS ix_thanks_date ON thanks (hall, date)",
    "CREATE INDEX IF NOT EXISTS ix_thanks_unseen ON thanks (hall, seen) WHERE seen IS NULL",
)


def upgrade() -> None:
    """Make the tables; no log of an older program has anything for them."""
    connection = op.get_bind()
    is_file = connection.dialect.name == "sqlite"
    words = {"whole": "INTEGER", "strict": " STRICT"} if is_file else {"whole": "BIGINT", "strict": ""}
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement.format(**words))
