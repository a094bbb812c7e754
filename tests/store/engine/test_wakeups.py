import ctypes  # noqa: F401 - loaded before no more files can be opened
import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from queuedesk.store.engine import wakeups
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.wakeups import CommitWaiter
from tests.bounded import PATIENCE_S, Stopwatch


@pytest.fixture
def path(tmp_path):
    return tmp_path / "hall.sqlite"


@pytest.fixture
def db(path) -> Iterator[Database]:
    db = Database.create(path)
    commit(db, "CREATE TABLE lines (id INTEGER PRIMARY KEY) STRICT")
    yield db
    db.dispose()


@pytest.fixture
def waker(db):
    waker = CommitWaiter(db, 1)
    assert waker.wait_for_commit(0)
    return waker


def commit(db: Database, statement: str = "INSERT INTO lines DEFAULT VALUES") -> None:
    with db.write() as tx:
        tx.execute(text(statement))


def test_the_program_s_own_commit_wakes_all_who_wait_reading_and_undoing_nobody(db, waker):
    second = CommitWaiter(db, 1)
    second.wait_for_commit(0)
    commit(db)
    assert [waker.wait_for_commit(0), second.wait_for_commit(0), waker.wait_for_commit(0)] == [True, True, False]
    with pytest.raises(ZeroDivisionError), db.write() as tx:
        tx.execute(text("INSERT INTO lines DEFAULT VALUES"))
        tx.execute(text("SELECT * FROM lines")).all()
        raise ZeroDivisionError
    assert not waker.wait_for_commit(0)


def test_without_news_the_time_passes_and_a_nudge_ends_the_wait(waker):
    start = time.monotonic()
    assert not waker.wait_for_commit(0.05)
    assert time.monotonic() - start >= 0.05
    waker.nudge()
    with Stopwatch() as took:
        assert not waker.wait_for_commit(PATIENCE_S)
    assert took.s < 5


def test_linux_tells_of_a_commit_long_before_the_next_look_and_without_it_looks_are_enough(db, path, monkeypatch):
    other = Database.open(path)
    db.data_version()
    monkeypatch.setattr(wakeups, "POLL_S", 10)
    monkeypatch.setattr(wakeups, "WRITING_S", PATIENCE_S)  # A busy disk may take longer than usual to have it.
    told, untold = CommitWaiter(db, 1), CommitWaiter(db, 1)
    assert told.wait_for_commit(0)
    import resource  # Windows has none

    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
    try:
        assert untold.wait_for_commit(0)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    for _again in range(2):
        later = threading.Timer(0.05, commit, [other])
        later.start()
        with Stopwatch() as took:
            assert told.wait_for_commit(PATIENCE_S)
        assert took.s < 5
        later.join()
        path.with_name("another file").write_text("not the journal")
    monkeypatch.setattr(wakeups, "POLL_S", 0.015)
    assert untold.wait_for_commit(PATIENCE_S) and not untold.wait_for_commit(0)
    commit(other)
    assert untold.wait_for_commit(PATIENCE_S)
    other.dispose()
