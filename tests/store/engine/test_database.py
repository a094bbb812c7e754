import os
import sqlite3
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.store.engine import database
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.hall_file import move_marker_folder
from queuedesk.store.engine.types import Transaction
from tests.bounded import PATIENCE_S
from tests.processes import Loaded, at_once
from tests.store.engine.writers import ADD, COUNT, add, comes_and_goes, count, writes


def lines(path: Path) -> Database:
    """Make a database with one more table, which asks for nothing else."""
    db = Database.create(path)
    with db.write() as tx:
        tx.execute(text("CREATE TABLE lines (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT"))
    return db


@pytest.fixture
def path(tmp_path):
    sign = "" if sys.platform == "win32" else "?"  # There no file's name may have it.
    return tmp_path / f"营业厅 #1{sign}%20.sqlite"


@pytest.fixture
def db(path) -> Iterator[Database]:
    db = lines(path)
    yield db
    db.dispose()


def child(code: str, *args: object) -> Loaded:
    """Start a process that has `db` open and runs `code`; its further arguments are `args`."""
    start = (
        "import sys; from sqlalchemy import text; from queuedesk.store.engine.database import Database\n"
        "db = Database.open(sys.argv[1]); add = text('INSERT INTO lines (text) VALUES (:text)')\n"
    )
    return Loaded(["-c", start + code, *args], os.environ)


def refusal(db: Database) -> str:
    with pytest.raises(OutsideError) as raised:
        add(db, "never")
    return raised.value.code


def sound(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchone()[0]


def test_connections_are_set_up_for_safety_a_read_sees_one_moment_waits_for_no_writer_and_what_it_writes_is_lost(db):
    with db.write() as tx:
        set_up = [tx.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "foreign_keys")]
    assert set_up == ["wal", 1]
    with db.read() as tx:
        add(db, "written meanwhile")
        assert tx.execute(COUNT).scalar() == 0
    assert count(db) == 1
    with db.write() as tx:
        tx.execute(ADD, {"text": "x"})
        assert count(db) == 1
    with db.read() as tx:
        tx.execute(ADD, {"text": "x"})
    assert count(db) == 2
    with pytest.raises(IntegrityError), db.write() as tx:  # Our own mistakes come out as they are.
        tx.execute(ADD, {"text": None})
    with pytest.raises(OperationalError), db.read() as tx:
        tx.execute(text("SELECT * FROM nowhere"))


def test_threads_share_one_database(db):
    def work() -> None:
        for _ in range(25):
            add(db, "x")
            count(db)

    with ThreadPoolExecutor(4) as threads:
        together = [threads.submit(work) for _ in range(4)]
    assert [one.result() for one in together] == [None] * 4
    assert count(db) == 100


def test_eight_processes_lose_nothing_and_meet_no_lock(db, path):
    assert at_once(writes, [(path, 100)] * 8) == [0] * 8
    assert count(db) == 800


def test_processes_that_come_and_go_meet_no_lock(db, path):
    db.dispose()  # The last to leave locks the file for a moment.
    assert at_once(comes_and_goes, [(path, 40)] * 4) == [0] * 4
    assert count(db) == 160


def test_a_lock_that_is_never_given_back_is_told_and_a_hall_that_is_moving_is_waited_for(db, path, monkeypatch):
    monkeypatch.setattr(database, "LOCK_WAIT_S", 0.05)
    other = Database.open(path)
    with other.write():
        assert refusal(db) == "database_busy"
    move_marker_folder(path).mkdir()
    writing = threading.Thread(target=add, args=(db, "in turn"))
    with other.write():
        writing.start()
        writing.join(0.2)
        assert writing.is_alive(), "it waits on"
    writing.join(PATIENCE_S)
    assert count(db) == 1
    other.dispose()


def test_a_writer_killed_in_the_middle_leaves_the_file_sound(db, path):
    writer = child(
        "with db.write() as tx:\n"
        "  for n in range(20000): tx.execute(add, {'text': 'x' * 500})\n"  # more than its cache, so in the journal
        "  print('ready', flush=True); sys.stdin.read()",
        path,
    )
    assert writer.stdout.readline() == "ready\n"
    writer.kill()
    writer.communicate()
    add(db, "next")
    assert count(db) == 1
    db.dispose()
    assert sound(path) == "ok"


def test_what_a_killed_writer_had_committed_stays(db, path):
    writer = child(
        "for n in range(100000):\n  with db.write() as tx: tx.execute(add, {'text': 'x'})\n  print(n, flush=True)", path
    )
    told = [writer.stdout.readline() for _ in range(50)]
    writer.kill()
    told += writer.stdout.read().splitlines()  # communicate() would forget what was read ahead
    writer.communicate()
    assert count(db) - len(told) in (0, 1)  # One may have been committed and not yet told.
    db.dispose()
    assert sound(path) == "ok"


@pytest.mark.parametrize("door", [Database.read, Database.write])
def test_a_renamed_file_is_away_until_it_is_back(db, path, door):
    add(db, "before")
    elsewhere = path.with_name("elsewhere")
    path.rename(elsewhere)
    for _ in range(2):
        with pytest.raises(OutsideError, match="database_away") as raised, door(db):
            raise AssertionError
    assert raised.value.details == {"path": str(path)}
    db.dispose()
    assert refusal(db) == "database_away"
    assert not path.exists(), "nothing new is made there"
    elsewhere.rename(path)
    add(db, "after")
    assert count(db) == 2


def test_another_file_in_its_place_is_told_once_and_then_used(db, path):
    other = lines(path.with_name("other"))
    add(other, "theirs")
    other.dispose()
    add(db, "ours", "ours")
    path.with_name("other").replace(path)
    assert refusal(db) == "database_away"
    assert count(db) == 1
    add(db, "theirs too")
    assert count(db) == 2


def test_a_copy_put_back_under_running_stations_is_not_mixed_with_what_it_replaced(db, path):
    stations = [Database.open(path) for _ in range(2)]
    add(db, *["kept"] * 10)
    copy = path.with_name("copy")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    add(db, *["x" * 300] * 2000)
    copy.replace(path)
    assert [refusal(station) for station in (db, *stations)] == ["database_away"] * 3
    for station in (db, *stations):
        add(station, "new")
    assert [count(station) for station in (db, *stations)] == [13] * 3
    for station in (db, *stations):
        station.dispose()
    assert sound(path) == "ok"


def test_every_commit_changes_the_data_version(db, path):
    other = Database.open(path)
    marks = [db.data_version(), db.data_version()]
    add(db, "own")
    marks.append(db.data_version())
    add(other, "another's")
    marks.append(db.data_version())
    other.dispose()
    db.dispose()  # A file that is opened anew has another one.
    marks.append(db.data_version())
    assert marks[0] == marks[1]
    assert len(set(marks)) == 4


def test_create_never_touches_an_existing_file_and_leaves_nothing_behind_where_it_fails(tmp_path, path):
    tmp_path.joinpath("file").touch()
    for folder in ("file", "no folder"):
        with pytest.raises(OutsideError, match="cannot_write"):
            Database.create(tmp_path / folder / "hall.sqlite")
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
    path.write_text("mine")
    with pytest.raises(RuleError, match="exists") as raised:
        Database.create(path)
    assert raised.value.details == {"path": str(path)}
    assert path.read_text() == "mine"


def test_create_is_not_fooled_by_the_journal_of_a_lost_file(db, path):
    writer = child("print('ready', flush=True); sys.stdin.read()", path)
    writer.stdout.readline()
    add(db, "lost")
    db.dispose()
    writer.kill()  # Its journal stays.
    writer.communicate()
    path.unlink()
    new = lines(path)
    assert count(new) == 0
    new.dispose()
    assert sound(path) == "ok"


@pytest.mark.parametrize("kept", ["file", "folder"])
def test_a_file_that_may_not_be_read_is_not_missing(tmp_path, kept):
    folder = tmp_path / "data"
    folder.mkdir()
    file = folder / "hall.sqlite"
    lines(file).dispose()
    (file if kept == "file" else folder).chmod(0)
    me = os.geteuid()
    if me == 0:  # whom no rights keep out
        os.seteuid(65534)
    try:
        with pytest.raises(OutsideError, match="database_unreadable"):
            Database.open(file)
    finally:
        os.seteuid(me)


def test_what_is_missing_or_no_hall_is_refused_as_it_is(path):
    with pytest.raises(OutsideError, match="database_missing"):
        Database.open(path)
    assert not path.exists()
    for content in (b"", b"no database at all" * 500):
        path.write_bytes(content)
        with pytest.raises(OutsideError, match="database_damaged"):
            Database.open(path)
        assert path.read_bytes() == content
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (id)")
    with pytest.raises(OutsideError, match="wrong_kind"):
        Database.open(path)


def test_a_full_disk_is_told_and_changes_nothing(db):
    def fill(tx: Transaction) -> None:
        pages = tx.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.exec_driver_sql(f"PRAGMA max_page_count={pages + 5}")
        for _ in range(1000):
            tx.execute(ADD, {"text": "x" * 1000})

    with pytest.raises(OutsideError, match="database_full"), db.write() as tx:
        fill(tx)
    db.dispose()
    assert count(db) == 0
    add(db, "x")
    assert count(db) == 1
