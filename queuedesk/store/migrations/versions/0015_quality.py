"""What customers say and what the hall does about it: cases, inspections, thanks and forums with what is kept of each.
Comments that were spoken, and those that were read, follow from the log, which has none of the others yet."""

from alembic import op

revision = "0015"
down_revision = "0014"

REBUILDS = True

TABLES = (
    """CREATE TABLE IF NOT EXISTS cases (
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
){strict}""",
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
){strict}""",
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
){strict}""",
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
    """CREATE TABLE IF NOT EXISTS forums (
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
){strict}""",
)
INDEXES = (
    "CREATE INDEX IF NOT EXISTS ix_cases_number ON cases (hall, number)",
    "CREATE INDEX IF NOT EXISTS ix_cases_date ON cases (hall, date)",
    "CREATE INDEX IF NOT EXISTS ix_cases_open ON cases (hall, closed) WHERE closed IS NULL",
    "CREATE INDEX IF NOT EXISTS ix_inspections_date ON inspections (hall, date)",
    "CREATE INDEX IF NOT EXISTS ix_inspections_open ON inspections (hall, signed) WHERE signed IS NULL AND dropped IS NULL",
    "CREATE INDEX IF NOT EXISTS ix_rectifications_date ON rectifications (hall, date)",
    "CREATE INDEX IF NOT EXISTS ix_rectifications_open ON rectifications (hall, closed) WHERE closed IS NULL",
    "CREATE INDEX IF NOT EXISTS ix_thanks_date ON thanks (hall, date)",
    "CREATE INDEX IF NOT EXISTS ix_thanks_unseen ON thanks (hall, seen) WHERE seen IS NULL",
    "CREATE INDEX IF NOT EXISTS ix_forums_date ON forums (hall, date)",
)


def upgrade() -> None:
    """Make the tables, and leave the rest to the rebuild."""
    connection = op.get_bind()
    is_file = connection.dialect.name == "sqlite"
    words = {"whole": "INTEGER", "strict": " STRICT"} if is_file else {"whole": "BIGINT", "strict": ""}
    for table in TABLES:
        connection.exec_driver_sql(table.format(**words))
    for index in INDEXES:
        connection.exec_driver_sql(index)
