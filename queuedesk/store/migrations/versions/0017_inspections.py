"""Inspections by score sheets, and what is to be put right."""

from alembic import op

revision = "0017"
down_revision = "0016"

TABLES = (
    """CREATE TABLE IF NOT EXISTS inspections (
    hall {whole} NOT NULL,
    seq {whole} NOT NULL,
    date TEXT NOT NULL,
    channel TEXT NOT NULL,
    sheet TEXT NOT NULL,
    "by" TEXT NOT NULL,
    planned {whole} NOT NULL,
    staff TEXT,
    visitor {whole},
    outsider TEXT,
    version {whole},
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    items TEXT NOT NULL,
    started {whole},
    marks TEXT NOT NULL,
    visit_date TEXT,
    visit TEXT,
    claimed_s {whole},
    signed {whole},
    signed_by TEXT,
    dropped {whole},
    reason TEXT,
    CONSTRAINT pk_inspections PRIMARY KEY (hall, seq),
    CONSTRAINT fk_inspections_hall FOREIGN KEY(hall) REFERENCES halls (id)
)
{strict}""",
    """CREATE TABLE IF NOT EXISTS rectifications (
    hall {whole} NOT NULL,
    seq {whole} NOT NULL,
    date TEXT NOT NULL,
    issue TEXT NOT NULL,
    owner TEXT NOT NULL,
    due TEXT NOT NULL,
    "by" TEXT NOT NULL,
    inspection {whole},
    item {whole},
    proofs TEXT NOT NULL,
    looks TEXT NOT NULL,
    reminded {whole},
    closed {whole},
    CONSTRAINT pk_rectifications PRIMARY KEY (hall, seq),
    CONSTRAINT fk_rectifications_hall FOREIGN KEY(hall) REFERENCES halls (id)
)
{strict}""",
)
INDEXES = (
    "CREATE INDEX IF NOT EXISTS ix_inspections_date ON inspections (hall, date)",
    "CREATE INDEX IF NOT EXISTS ix_inspections_open ON inspections (hall, signed) WHERE signed IS NULL AND dropped IS NULL",
    "CREATE INDEX IF NOT EXISTS ix_rectifications_date ON rectifications (hall, date)",
    "CREATE INDEX IF NOT EXISTS ix_rectifications_open ON rectifications (hall, closed) WHERE closed IS NULL",
)


def upgrade() -> None:
    """Make the tables; no log of an older program has anything for them."""
    connection = op.get_bind()
    is_file = connection.dialect.name == "sqlite"
    words = {"whole": "INTEGER", "strict": " STRICT"} if is_file else {"whole": "BIGINT", "strict": ""}
    for table in TABLES:
        connection.exec_driver_sql(table.format(**words))
    for index in INDEXES:
        connection.exec_driver_sql(index)
