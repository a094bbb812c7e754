"""What keeps a hall safe over the years. Each part below is one step and makes what is not there yet."""

from alembic import op

revision = "0014"
down_revision = "0013"

PIN_TRIES = """CREATE TABLE IF NOT EXISTS pin_tries (
    hall {whole} NOT NULL,
    person TEXT NOT NULL,
    owed {whole} NOT NULL,
    clock {whole} NOT NULL,
    CONSTRAINT pk_pin_tries PRIMARY KEY (hall, person),
    CONSTRAINT fk_pin_tries_hall FOREIGN KEY(hall) REFERENCES halls (id)
){strict}"""

BACKUPS = """CREATE TABLE IF NOT EXISTS backups (
    hall {whole} NOT NULL,
    made {whole},
    proven {whole},
    seq {whole},
    hash TEXT,
    place TEXT NOT NULL,
    pc TEXT NOT NULL,
    same_disk {whole} NOT NULL,
    tried {whole},
    code TEXT,
    CONSTRAINT pk_backups PRIMARY KEY (hall),
    CONSTRAINT fk_backups_hall FOREIGN KEY(hall) REFERENCES halls (id)
){strict}"""

SET_RIGHT = "CREATE INDEX IF NOT EXISTS ix_events_set_right ON events (hall, kind, seq) WHERE kind = 'set-right'"


def upgrade() -> None:
    for table in (PIN_TRIES, BACKUPS):
        _execute_create_table(table)
    op.execute(SET_RIGHT)


def _execute_create_table(table: str) -> None:
    connection = op.get_bind()
    is_file = connection.dialect.name == "sqlite"
    words = {"whole": "INTEGER", "strict": " STRICT"} if is_file else {"whole": "BIGINT", "strict": ""}
    connection.exec_driver_sql(table.format(**words))
