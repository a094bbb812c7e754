"""The two doors on PostgreSQL: what is seen, who waits for whom, and what happens when the server goes away."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from queuedesk import paths
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.store.engine import server_link
from queuedesk.store.engine.database import Database
from queuedesk.store.parts import halls
from tests.bounded import PATIENCE_S, Stopwatch, until
from tests.postgres import server_url
from tests.relay import relay

COUNT = text("SELECT count(*) FROM lines")
ADD = text("INSERT INTO lines (text) VALUES (:text)")


@pytest.fixture
def db(pg_url: str) -> Iterator[Database]:
    db = Database.open(pg_url)
    with db.write() as tx:
        tx.execute(text("CREATE TABLE lines (id BIGINT GENERATED ALWAYS AS IDENTITY, text TEXT NOT NULL)"))
        halls.create(tx, 1, "A")
        halls.create(tx, 2, "B")
    yield db
    db.dispose()


def add(db: Database, *texts: str, hall: int | None = None) -> None:
    with db.write(hall) as tx:
        for line in texts:
            tx.execute(ADD, {"text": line})


def count(db: Database) -> int:
    with db.read() as tx:
        return int(tx.execute(COUNT).scalar_one())


def end_all(url: str) -> None:
    """Let the server end every connection to this database, as when it is started again."""
    with psycopg.connect(server_url(), autocommit=True) as console:
        console.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (urlsplit(url).path[1:],)
        )


@contextmanager
def expected(code: str) -> Iterator[None]:
    with pytest.raises(OutsideError) as raised:
        yield
    assert raised.value.code == code, raised.value


def test_a_read_sees_the_moment_at_which_it_began_waits_for_no_writer_and_writes_nothing(db: Database) -> None:
    with db.read() as tx:
        add(db, "written meanwhile")
        assert tx.execute(COUNT).scalar() == 0
    with db.write(1) as tx:
        tx.execute(ADD, {"text": "x"})
        assert count(db) == 1
    with expected("database_readonly"), db.read() as tx:
        tx.execute(ADD, {"text": "x"})
    assert count(db) == 2


def test_writers_of_one_hall_come_one_after_the_other(db: Database) -> None:
    def work() -> None:
        for _ in range(10):
            with db.write(1) as tx:
                tx.execute(ADD, {"text": str(tx.execute(COUNT).scalar_one())})

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as tx:
        assert [int(row.text) for row in tx.execute(text("SELECT text FROM lines ORDER BY id"))] == list(range(40))


def test_a_hall_does_not_wait_for_another(db: Database) -> None:
    with db.write(1) as tx:
        tx.execute(ADD, {"text": "x"})
        with Stopwatch() as took:
            add(db, "y", hall=2)
        assert took.s < 1
    assert count(db) == 2


def test_whoever_waits_too_long_is_told_that_it_is_busy(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_link, "LOCK_WAIT_MS", 50)
    with db.write(1), expected("database_busy"):
        add(db, "never", hall=1)
    add(db, "now", hall=1)


def test_a_pc_that_falls_asleep_with_the_lock_loses_it(db: Database) -> None:
    with expected("database_away"), db.write(1) as tx:
        tx.execute(ADD, {"text": "never"})
        limit = tx.execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one()
        assert limit == f"{server_link.IDLE_MS // 1000}s"
        # Sooner, and for the sleeper alone: on a busy machine the next one too may pause between two statements.
        tx.execute(text("SET LOCAL idle_in_transaction_session_timeout = 50"))
        add(db, "the next one", hall=1)  # waits for the lock, and gets it
        tx.execute(ADD, {"text": "never"})
    assert count(db) == 1


def test_our_own_mistakes_come_out_as_they_are(db: Database) -> None:
    with pytest.raises(ProgrammingError), db.read() as tx:
        tx.execute(text("SELECT * FROM nowhere"))


def test_connections_that_the_server_ended_are_replaced_without_a_word(db: Database, pg_url: str) -> None:
    with db.read(), db.read():
        pass  # two in the pool
    end_all(pg_url)

    add(db, "x", hall=1)
    end_all(pg_url)
    assert count(db) == 1


def test_what_was_begun_when_the_server_went_is_lost_and_told(db: Database, pg_url: str) -> None:
    with expected("database_away"), db.write(1) as tx:
        tx.execute(ADD, {"text": "never"})
        end_all(pg_url)
        tx.execute(ADD, {"text": "never"})
    assert count(db) == 0


def test_an_interrupt_ends_what_waits_for_the_server(db: Database) -> None:
    waiting = threading.Event()
    codes: list[str] = []

    def wait() -> None:
        try:
            with db.read() as tx:
                waiting.set()
                tx.execute(text("SELECT pg_sleep(30)"))
        except OutsideError as error:
            codes.append(error.code)

    thread = threading.Thread(target=wait)
    thread.start()
    waiting.wait()
    with Stopwatch() as took:
        while thread.is_alive():
            db.interrupt()
            thread.join(0.05)

    assert codes == ["database_away"]
    assert took.s < 2
    assert count(db) == 0


def test_reading_leaves_the_prepared_statements_in_place(db: Database) -> None:
    for _ in range(8):
        count(db)
    with db.read() as tx:
        prepared = tx.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar_one()

    assert prepared >= 1


@pytest.mark.parametrize("before", [0, 8], ids=["at once", "when much is prepared"])
def test_the_next_change_begins_like_any_other_after_one_that_was_undone(db: Database, before: int) -> None:
    for _ in range(before):
        add(db, "line", hall=1)
    with pytest.raises(RuleError), db.write(1):
        raise RuleError("unknown_hall", hall=1)
    add(db, "after what was refused", hall=1)
    with db.write(1) as tx:
        tx.execute(text("ALTER TABLE lines ADD COLUMN more TEXT"))
    add(db, "after a change of the tables", hall=1)

    assert count(db) == before + 2


def test_a_server_that_is_not_there_is_away(free_port: int) -> None:
    with Stopwatch() as took, expected("database_away"):
        Database.open(f"postgresql://someone:secret@127.0.0.1:{free_port}/hall")
    assert took.s < 3


@pytest.fixture
def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def test_what_cannot_be_opened_is_named(pg_url: str) -> None:
    parts = urlsplit(pg_url)
    for who in ("nobody:x", f"{parts.username}:wrong"):
        with expected("pc_withdrawn"):
            Database.open(f"postgresql://{who}@{parts.hostname}:{parts.port}{parts.path}")
    with expected("database_missing"):
        Database.open(pg_url + "_not")
    with expected("bad_url"):
        Database.open("postgresql://someone:secret@host:port:7/hall?what=ever")
    with pytest.raises(RuleError, match="exists"):
        Database.create(pg_url)


def test_a_database_without_tables_or_with_another_program_s_has_no_hall(empty_pg_url: str) -> None:
    with expected("database_missing"):
        Database.open(empty_pg_url)
    with psycopg.connect(empty_pg_url) as console:
        console.execute("CREATE TABLE alembic_version (version_num varchar(32))")
        console.execute("INSERT INTO alembic_version VALUES ('ae1027a6acf')")
    with expected("wrong_kind"):
        Database.open(empty_pg_url)


def test_the_place_says_no_password(db: Database, pg_url: str) -> None:
    password = str(urlsplit(pg_url).password)

    assert db.is_shared
    assert password not in db.place
    assert db.place == pg_url.replace(f":{password}@", "@")


def test_a_password_stands_in_this_pc_s_passfile(pg_url: str) -> None:
    parts = urlsplit(pg_url)
    file = paths.passfile()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(f"{parts.hostname}:{parts.port}:*:{parts.username}:{parts.password}\n", encoding="utf-8")
    try:
        db = Database.open(f"postgresql://{parts.username}@{parts.hostname}:{parts.port}{parts.path}")
        db.dispose()
    finally:
        file.unlink()


def test_a_connection_in_use_is_closed_after_its_database_was_let_go(db: Database, pg_url: str) -> None:
    with db.read():
        db.dispose()
        assert open_to(pg_url)
    until(lambda: not open_to(pg_url))


@pytest.mark.parametrize("is_interrupted", [False, True])
def test_a_transaction_after_the_end_leaves_no_connection(db: Database, pg_url: str, *, is_interrupted: bool) -> None:
    """As a lane's last work may begin one when its station has been closed."""
    db.dispose()
    if is_interrupted:
        db.interrupt()
    add(db, "late", hall=1)

    assert count(db) == 1
    until(lambda: not open_to(pg_url))


@pytest.mark.parametrize(("version", "code"), [("9999", "database_newer"), ("0001", "database_away")])
def test_a_connection_that_finds_other_tables_is_closed(db: Database, pg_url: str, version: str, code: str) -> None:
    with psycopg.connect(pg_url) as owner:
        owner.execute("UPDATE alembic_version SET version_num = %s", [version])
    if code == "database_newer":
        db.dispose()
    with pytest.raises(OutsideError, match=code), db.read():
        pass
    until(lambda: not open_to(pg_url))


def test_a_connection_that_waits_in_vain_is_closed_after_its_database_was_let_go(
    db: Database, pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_link, "LOCK_WAIT_MS", 500)
    refused: list[OutsideError] = []  # The error holds what its transaction had, so that nothing is cleared away.

    def wait() -> None:
        try:
            add(db, "never", hall=1)
        except OutsideError as error:
            refused.append(error)

    lane = threading.Thread(target=wait)
    with db.write(1):
        lane.start()
        until(lambda: "Lock" in open_to(pg_url))
        db.dispose()
        lane.join()
    until(lambda: not open_to(pg_url))

    assert [one.code for one in refused] == ["database_busy"]


def open_to(url: str) -> list[str | None]:
    """Return what each connection to this database waits for."""
    asked = "SELECT wait_event_type FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = %s"
    with psycopg.connect(server_url(), autocommit=True) as console:
        return [one for (one,) in console.execute(asked, (urlsplit(url).path[1:],))]


def test_what_is_sent_together_fails_together(db: Database) -> None:
    with pytest.raises(IntegrityError), db.write(1) as tx, server_link.together(tx):
        tx.execute(ADD, {"text": "never"})
        tx.execute(ADD, {"text": None})
        tx.execute(ADD, {"text": "never"})
    assert count(db) == 0

    with db.write(1) as tx, server_link.together(tx):
        tx.execute(ADD, {"text": "x"})
        tx.execute(ADD, [{"text": "y"}, {"text": "z"}])
    assert count(db) == 3


def test_a_server_that_goes_while_much_is_sent_is_away(db: Database, pg_url: str) -> None:
    with expected("database_away"), db.write(1) as tx, server_link.together(tx):
        tx.execute(ADD, {"text": "never"})
        end_all(pg_url)
        tx.execute(ADD, {"text": "never"})
    assert count(db) == 0


def test_a_connection_that_ends_just_before_it_is_shut_is_no_trouble(pg_url: str) -> None:
    driver = psycopg.connect(pg_url)
    driver.close()

    server_link.shut(driver)


def test_taking_back_what_was_refused_is_interrupted_too(pg_url: str) -> None:
    with relay(pg_url) as way:
        db = Database.open(way.url)
        refused: list[BaseException] = []

        def refuse() -> None:
            try:
                with db.write():
                    way.silent = True
                    raise RuleError("not_your_role")
            except QueueDeskError as error:
                refused.append(error)

        lane = threading.Thread(target=refuse)
        lane.start()
        until = time.monotonic() + PATIENCE_S
        while lane.is_alive() and time.monotonic() < until:
            if way.silent:
                db.interrupt()
            lane.join(0.05)

        assert [type(one) for one in refused] == [RuleError]
        db.dispose()
