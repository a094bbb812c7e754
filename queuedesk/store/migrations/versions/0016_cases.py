"""Cases, which follow from the log. No older log has one: the table begins empty."""

from alembic import op

revision = "0016"
down_revision = "0015"

CASES = """CREATE TABLE IF NOT EXISTS cases (
    hall {whole} NOT NULL,
    seq {whole} NOT NULL,
    number TEXT NOT NULL,
    date TEXT NOT NULL,
    opened {whole} NOT NULL,
    "by" TEXT NOT NULL,
    klass TEXT NOT NULL,
    title TEXT NOT NULL,
    owner TEXT,
    state TEXT NOT NULL,
    since {whole} NOT NULL,
    contact_due TEXT NOT NULL,
    act_due TEXT NOT NULL,
    answer_due TEXT NOT NULL,
    "limit" TEXT NOT NULL,
    source TEXT NOT NULL,
    ref TEXT,
    about TEXT,
    about_date TEXT,
    concerns TEXT NOT NULL,
    words TEXT,
    contact TEXT,
    contact_until TEXT,
    asked {whole} NOT NULL,
    tries {whole} NOT NULL,
    verdict TEXT,
    reopened {whole} NOT NULL,
    closed {whole},
    outcome TEXT,
    history TEXT NOT NULL,
    CONSTRAINT pk_cases PRIMARY KEY (hall, seq),
    CONSTRAINT fk_cases_hall FOREIGN KEY(hall) REFERENCES halls (id)
){strict}"""
INDEXES = (
    "CREATE INDEX IF NOT EXISTS ix_cases_number ON cases (hall, number)",
    "CREATE INDEX IF NOT EXISTS ix_cases_date ON cases (hall, date)",
    "CREATE INDEX IF NOT EXISTS ix_cases_open ON cases (hall, closed) WHERE closed IS NULL",
)


def upgrade() -> None:
    """Make the table."""
    connection = op.get_bind()
    is_file = connection.dialect.name == "sqlite"
    words = {"whole": "INTEGER", "strict": " STRICT"} if is_file else {"whole": "BIGINT", "strict": ""}
    connection.exec_driver_sql(CASES.format(**words))
    for index in INDEXES:
        op.execute(index)
