"""What customers say and what the hall does about it follow from the log; words of thanks stand beside it."""

from alembic import op

revision = "0015"
down_revision = "0014"

REBUILDS = True

THANKS_WORDS = """CREATE TABLE IF NOT EXISTS thanks_words (
    hall {whole} NOT NULL,
    id TEXT NOT NULL,
    salt TEXT NOT NULL,
    text TEXT NOT NULL,
    written {whole} NOT NULL,
    CONSTRAINT pk_thanks_words PRIMARY KEY (hall, id),
    CONSTRAINT fk_thanks_words_hall FOREIGN KEY(hall) REFERENCES halls (id)
){strict}"""


def upgrade() -> None:
    """Make the table beside the log, and leave the others to the rebuild."""
    connection = op.get_bind()
    is_file = connection.dialect.name == "sqlite"
    words = {"whole": "INTEGER", "strict": " STRICT"} if is_file else {"whole": "BIGINT", "strict": ""}
    connection.exec_driver_sql(THANKS_WORDS.format(**words))
