import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from sqlalchemy import text

from queuedesk.core.errors import OutsideError
from queuedesk.core.log.event import Event
from queuedesk.feed import follower as follower_module
from queuedesk.feed.follower import LogFollower
from queuedesk.store.engine import wakeups
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.types import Transaction
from tests.bounded import PATIENCE_S, Stopwatch
from tests.feed.following import Told, follower_of, next_of, numbered
from tests.processes import at_once

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
ADD = "INSERT INTO log (seq, hash) SELECT coalesce(max(seq), 0) + 1, '{}' FROM log"
AWAY_WITHIN_S = 3.0


@pytest.fixture
def path(tmp_path):
    return tmp_path / "hall.sqlite"


@pytest.fixture
def db(path) -> Iterator[Database]:
    db = new_log(path, "first")
    yield db
    db.dispose()


def new_log(path: Path, epoch: str) -> Database:
    """Make a database with the shortest log there can be."""
    db = Database.create(path)
    with db.write() as tx:
        tx.execute(text("CREATE TABLE log (seq INTEGER PRIMARY KEY, hash TEXT) STRICT"))
        tx.execute(text("CREATE TABLE born (epoch TEXT) STRICT"))
        tx.execute(text("INSERT INTO born VALUES (:epoch)"), {"epoch": epoch})
    return db


def append(db: Database, *marks: str) -> None:
    for mark in marks:
        with db.write() as tx:
            tx.execute(text(ADD.format(mark)))


def adds(path: Path, times: int) -> None:
    db = Database.open(path)
    append(db, *["x"] * times)
    db.dispose()


def read_epoch(tx: Transaction) -> str:
    return str(tx.execute(text("SELECT epoch FROM born")).scalar_one())


def read_two(tx: Transaction, hall: int, seq: int) -> list[Event]:
    rows = tx.execute(text("SELECT seq, hash FROM log WHERE seq > :seq ORDER BY seq LIMIT 2"), {"seq": seq})
    return [Event(seq=row.seq, at=NINE, time=NINE, kind="call", actor="hall", hash=row.hash) for row in rows]


def made(db: Database, told: "Queue[Told]", since: int = 0, **reads: Any) -> LogFollower:
    """Return a follower of this log; `reads` of it are others."""
    own = {"read_epoch": read_epoch, "read_events": read_two, **reads}
    last = text("SELECT coalesce(max(seq), 0) FROM log")
    return follower_of(db, told, since, "first", last=lambda tx: int(tx.execute(last).scalar_one()), **own)


@pytest.fixture
def follow(db) -> Iterator[Callable[..., "Queue[Told]"]]:
    """Follow from a seq on until the test ends."""
    followers = []

    def started(since: int, **reads: Any) -> "Queue[Told]":
        told: Queue[Told] = Queue()
        followers.append(made(db, told, since, **reads))
        followers[-1].start()
        return told

    yield started
    for follower in followers:
        follower.stop()


@pytest.fixture
def impatient(monkeypatch):
    """Look after the file more often than a station does."""
    monkeypatch.setattr(wakeups, "CHECK_S", 0.05)
    monkeypatch.setattr(follower_module, "RETRY_S", 0.05)


def test_events_past_the_snapshot_come_in_order_and_an_epoch_that_changes_in_place_asks_for_a_fresh_one(db, follow):
    append(db, *"abcdefg")
    told = follow(2)
    assert next_of(told, 5) == numbered(*range(3, 8))
    db.dispose()  # also once the file was closed and opened
    append(db, "h")
    assert next_of(told, 1) == numbered(8)
    with db.write() as tx:
        tx.execute(text("DELETE FROM log WHERE seq > 1"))
        tx.execute(text("UPDATE born SET epoch = 'restored'"))
    assert next_of(told, 1) == [("reset", "restored")]
    append(db, "d")
    assert next_of(told, 1) == numbered(2)


def test_what_processes_write_meanwhile_comes_in_order_once_each(path, follow):
    told = follow(0)
    assert at_once(adds, [(path, 50)] * 3) == [0, 0, 0]
    assert next_of(told, 150) == numbered(*range(1, 151))
    assert told.empty()


def test_after_the_database_was_away_it_goes_on(db, path, follow):
    append(db, "a")
    told = follow(0)
    next_of(told, 1)
    elsewhere = path.with_name("elsewhere")
    path.rename(elsewhere)
    with Stopwatch() as took:
        assert told.get(timeout=PATIENCE_S) == ("away", "database_away")
    assert took.s < AWAY_WITHIN_S
    elsewhere.rename(path)
    assert next_of(told, 1) == [("back", None)]
    append(db, "b")
    assert next_of(told, 1) == numbered(2)


def test_trouble_at_a_look_is_over_without_a_further_commit(db, follow):
    append(db, "a")
    troubles = [OutsideError("database_away")]

    def read_epoch_at_the_second_look(tx: Transaction) -> str:
        if troubles:
            raise troubles.pop()
        return read_epoch(tx)

    told = follow(0, read_epoch=read_epoch_at_the_second_look)
    assert next_of(told, 3) == [("away", "database_away"), ("back", None), ("event", 1)]


@pytest.mark.parametrize("bug", [ZeroDivisionError, SystemExit])
def test_a_bug_at_a_look_is_told_shown_and_followed_by_a_fresh_snapshot(db, monkeypatch, bug):
    """An exit is no trouble that a window could show."""
    append(db, "a")
    told: Queue[Told] = Queue()
    met: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda came: met.append(came.exc_type))
    fails = [True]

    def read_but_once(tx: Transaction, hall: int, since: int) -> list[Event]:
        if fails:
            fails.pop()
            raise bug
        return read_two(tx, hall, since)

    follower = follower_of(db, told, 0, "first", last=lambda _tx: 0, read_epoch=read_epoch, read_events=read_but_once)
    follower.start()
    shown = {("away", "cannot_follow"), ("back", None)} if bug is ZeroDivisionError else set()
    try:
        heard = next_of(told, 2 + len(shown))
    finally:
        follower.stop()
    assert met == [bug]
    assert set(heard) == {("reset", "first"), ("event", 1), *shown}


@pytest.mark.usefixtures("impatient")
def test_a_database_begun_anew_asks_for_a_fresh_snapshot(db, path, follow):
    append(db, *"abc")
    told = follow(3)
    new = new_log(path.with_name("new"), "second")
    append(new, *"xy")
    new.dispose()
    path.with_name("new").replace(path)
    with Stopwatch() as took:
        assert told.get(timeout=PATIENCE_S) == ("away", "database_away")
    assert took.s < AWAY_WITHIN_S
    assert next_of(told, 2) == [("back", None), ("reset", "second")]
    append(db, "z")
    assert next_of(told, 1) == [("event", 3)]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("since_the_copy", [[], ["other"]], ids=["shorter", "with other events"])
def test_a_copy_put_back_by_hand_asks_for_a_fresh_snapshot(db, path, follow, since_the_copy):
    append(db, *"abc")
    copy = path.with_name("copy")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    old = Database.open(copy)
    append(old, *since_the_copy)
    old.dispose()
    append(db, "d")
    told = follow(0)
    next_of(told, 4)
    copy.replace(path)
    assert next_of(told, 3) == [("away", "database_away"), ("back", None), ("reset", "first")]
    append(db, "e")
    assert next_of(told, 1) == [("event", 4 + len(since_the_copy))]


@pytest.mark.parametrize("begins", [True, False])
def test_once_stopped_it_tells_nothing_and_one_that_never_started_can_be_stopped(db, begins):
    told: Queue[Told] = Queue()
    follower = made(db, told)
    if begins:
        follower.start()
    follower.stop()
    append(db, "a")
    assert told.empty()
