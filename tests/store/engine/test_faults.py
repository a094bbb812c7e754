import errno
import sqlite3
from contextlib import closing

import psycopg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from queuedesk.store.engine.faults import outside_error_of


@pytest.fixture
def file(tmp_path):
    """A database of a few pages."""
    path = tmp_path / "some.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE some (id INTEGER PRIMARY KEY, text TEXT UNIQUE)")
    connection.executemany("INSERT INTO some VALUES (?, ?)", [(n, str(n) * 50) for n in range(500)])
    connection.commit()
    connection.close()
    return path


def failure(address: str, *statements: str) -> sqlite3.Error:
    opened = {"uri": True, "timeout": 0, "isolation_level": None}
    with pytest.raises(sqlite3.Error) as raised, closing(sqlite3.connect(address, **opened)) as connection:
        for statement in statements:
            connection.execute(statement).fetchall()
    return raised.value


def code(error: BaseException) -> str | None:
    trouble = outside_error_of(error)
    return trouble and trouble.code


GROW = "INSERT INTO some (text) SELECT randomblob(3000) FROM some"


@pytest.mark.parametrize(
    ("content", "mode", "statements", "expected"),
    [
        (None, "", ["PRAGMA max_page_count=1", GROW], "database_full"),
        (None, "?mode=ro", ["DELETE FROM some"], "database_readonly"),
        (b"", "?mode=rw", ["SELECT 1"], "database_away"),
        (b"PK" * 5000, "", ["SELECT count(*) FROM some"], "database_damaged"),
        (b"\xff" * 50_000, "", ["SELECT * FROM some"], "database_damaged"),
    ],
    ids=["no room", "only for reading", "no file", "another kind of file", "overwritten pages"],
)
def test_what_keeps_a_file_from_being_used(file, content, mode, statements, expected):
    if content is not None:
        head = file.read_bytes()[:4096] if content.startswith(b"\xff") else b""
        file.write_bytes(head + content)
    if content == b"":
        file.unlink()
    assert code(failure(file.as_uri() + mode, *statements)) == expected


def test_a_lock_of_another_is_busy_our_own_mistakes_are_bugs_and_errors_within_sqlalchemy_s_are_the_same(file):
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert code(failure(file.as_uri(), "BEGIN IMMEDIATE")) == "database_busy"
    for mistake in ("SELEKT 1", "SELECT * FROM nowhere", "INSERT INTO some VALUES (1, 'again')", "SELECT ?"):
        assert outside_error_of(failure(file.as_uri(), mistake)) is None
    engine = create_engine(f"sqlite:///{file}")
    with pytest.raises(DBAPIError) as raised, engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1")
        connection.exec_driver_sql(GROW)
    engine.dispose()
    assert code(raised.value) == "database_full"


def test_the_system_s_errors_have_their_sentences_and_say_where(file):
    known = {errno.ENOSPC: "database_full", errno.EROFS: "database_readonly", errno.EACCES: "database_readonly"}
    known |= {errno.ENOENT: "database_away", errno.EIO: "database_away"}
    for number, expected in known.items():
        trouble = outside_error_of(OSError(number, ""), file)
        assert trouble is not None and (trouble.code, trouble.details) == (expected, {"path": str(file)})
    assert outside_error_of(ValueError()) is None, "anything else is a bug"


def test_what_a_server_refuses(pg_url):
    role = f"{pg_url.rsplit('/', 1)[1]}_role"
    refusals = {
        ("SET transaction_read_only = on", "BEGIN READ ONLY", "DELETE FROM halls"): "database_readonly",
        ("SET statement_timeout = 20", "SELECT pg_sleep(5)"): "database_busy",
        ("SELECT pg_terminate_backend(pg_backend_pid())",): "database_away",
        (f"CREATE ROLE {role}", f"SET ROLE {role}", "DELETE FROM events"): "not_this_pc",
        (
            "REVOKE USAGE ON SCHEMA public FROM PUBLIC",
            f"SET ROLE {role}",
            "SELECT version_num FROM alembic_version",
        ): "not_this_pc",
        ("SELEKT 1",): None,
        ("SELECT * FROM nowhere",): None,
        ("INSERT INTO alembic_version VALUES (NULL)",): None,
    }
    for statements, expected in refusals.items():
        with pytest.raises(psycopg.Error) as raised, psycopg.connect(pg_url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)
        assert code(raised.value) == expected, statements
    psycopg.connect(pg_url, autocommit=True).execute(f"DROP ROLE {role}").connection.close()


def test_what_keeps_a_connection_from_coming_about_and_two_that_wait_for_each_other_are_busy():
    for said, expected in (
        ('FATAL:  role "qd_1" is not permitted to log in', "pc_withdrawn"),
        ('FATAL:  password authentication failed for user "qd_1"', "pc_withdrawn"),
        ('FATAL:  role "qd_1" does not exist', "pc_withdrawn"),
        ('FATAL:  database "queuedesk" does not exist', "database_missing"),
        ("FATAL:  sorry, too many clients already", "database_busy"),
        ("SSL error: certificate verify failed", "wrong_certificate"),
        ('root certificate file "/x.pem" does not exist', "wrong_certificate"),
        ("FATAL:  the database system is starting up", "database_away"),
        ("connection timeout expired", "database_away"),
        ("server closed the connection unexpectedly", "database_away"),
        ("could not translate host name", "database_away"),
    ):
        assert code(psycopg.OperationalError(said)) == expected
        assert code(psycopg.errors.ConnectionTimeout(said)) == expected
    assert code(psycopg.errors.DeadlockDetected()) == code(psycopg.errors.SerializationFailure()) == "database_busy"
    assert code(psycopg.errors.DiskFull()) == "database_full"
    assert code(psycopg.errors.IdleInTransactionSessionTimeout()) == "database_away"
    assert code(psycopg.errors.DataCorrupted()) == "database_damaged"
