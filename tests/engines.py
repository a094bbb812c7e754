"""Which engine a test's halls stand on, and databases of the server, lent to tests and emptied between them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import psycopg

from queuedesk.store.engine.database import Database
from queuedesk.store.parts.part_tables import FOLLOWING
from queuedesk.store.schema import metadata_of_all_tables
from tests.postgres import new_database

SQLITE, POSTGRESQL = "sqlite", "postgresql"
_TABLES = [table for table in metadata_of_all_tables().sorted_tables if table.name != "database"]
_SEEN = ["halls", "events", *FOLLOWING]
VACUUM_AFTER = 40
_chosen = [SQLITE]
_free: list[Lent] = []
_lent: list[Lent] = []
_files: list[Database] = []
_digests: WeakKeyDictionary[Database, tuple[object, object]] = WeakKeyDictionary()
"""Of each file what digest() found last, and which commit it was after."""


class Lent(Database):
    """A database of the server, lent to a test, with time for a server on a busy PC; dispose() gives it back, its
    connections stay for the next."""

    def __init__(self, target: str | Path, *, is_draft: bool = False) -> None:
        super().__init__(target, is_draft=is_draft, is_patient=True)
        self.address = str(target)
        self.console = psycopg.connect(self.address, autocommit=True)
        # No triggers: neither those that check each row's hall nor those that let nobody change a log.
        self.console.execute("SET session_replication_role = replica; SET lock_timeout = '10s'; CREATE SCHEMA tests")
        self._function("empty", "void", "; ".join(f"DELETE FROM {table.name}" for table in _TABLES))
        self._function("digest", "text", f"RETURN concat({', '.join(_digest(name) for name in _SEEN)})")
        self._known: dict[bytes, str] = {}
        self._emptied = 0

    def dispose(self) -> None:
        self.followed.clear()
        if self in _lent:
            _lent.remove(self)
            _free.append(self)

    def close(self) -> None:
        """Let go of it for good."""
        self.console.close()
        super().dispose()

    def empty(self) -> None:
        """Leave the tables as in a new database."""
        epoch = "UPDATE database SET epoch = substr(md5(random()::text), 1, 16), moved_to = NULL"
        self.console.execute(f"{epoch}; SELECT tests.empty()".encode())
        self._emptied += 1
        if self._emptied % VACUUM_AFTER == 0:
            self.console.execute("VACUUM")

    def fill(self, path: Path) -> None:
        """Write what the file at `path` holds into the empty tables; the second time from a copy here."""
        mark = sha256(path.read_bytes()).digest()
        if mark in self._known:
            self.console.execute(f"SELECT tests.{self._known[mark]}()".encode())
            return
        filled = []
        with closing(sqlite3.connect(path)) as file:
            for table in _TABLES:
                names = ", ".join(f'"{column.name}"' for column in table.c)
                rows = file.execute(f"SELECT {names} FROM {table.name}").fetchall()
                if rows:
                    filled.append(table.name)
                    self._copy(table.name, names, rows)
        name = self._known[mark] = f"fill_{len(self._known)}"
        for each in filled:
            self.console.execute(f"CREATE TABLE tests.{name}_{each} AS SELECT * FROM {each}".encode())
        body = "; ".join(f"INSERT INTO {each} SELECT * FROM tests.{name}_{each}" for each in filled)
        self._function(name, "void", body)

    def digest(self) -> str:
        """Return a mark that differs when anything in the hall's tables does; who was refused in vain is not among
        it."""
        row = self.console.execute("SELECT tests.digest()").fetchone()
        assert row is not None
        return str(row[0])

    def _function(self, name: str, gives: str, body: str) -> None:
        """Make a function of the database: the server plans its statements once, not each time."""
        makes = f"CREATE FUNCTION tests.{name}() RETURNS {gives} LANGUAGE plpgsql"
        self.console.execute(f"{makes} AS $$ BEGIN {body}; END $$".encode())

    def _copy(self, table: str, names: str, rows: list[tuple[Any, ...]]) -> None:
        with self.console.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)


def _digest(table: str) -> str:
    return f"(SELECT md5(string_agg(one::text, '' ORDER BY one::text)) FROM {table} one)"


@contextmanager
def halls_on(engine: str) -> Iterator[None]:
    """Let halls stand on `engine` until the end of the block."""
    _chosen.append(engine)
    try:
        yield
    finally:
        _chosen.pop()


@contextmanager
def given_back() -> Iterator[None]:
    """Take back, at the end of the block, what was lent within it."""
    before = list(_lent)
    yield
    for one in [one for one in _lent if one not in before]:
        one.dispose()


def of_this_test(db: Database) -> None:
    """Let a file's connections end with the test that runs."""
    _files.append(db)


@contextmanager
def closed_after() -> Iterator[None]:
    """Close, at the end, what of_this_test() was told of; Python would only when it clears away circles."""
    yield
    while _files:
        _files.pop().dispose()


def is_on_server() -> bool:
    return _chosen[-1] == POSTGRESQL


def open_or_create_empty_database(path: Path) -> Database:
    if is_on_server():
        return _borrowed()
    created = Database.create(path)
    of_this_test(created)
    return created


def opened(path: Path) -> Database:
    """Return a database that holds what the file at `path` does: the file itself, or a copy on the server."""
    if not is_on_server():
        db = Database.open(path)
        of_this_test(db)
        return db
    lent = _borrowed()
    lent.fill(path)
    return lent


def again(db: Database) -> Database:
    """Open the same database once more, as another process would."""
    return Database.open(db.address if isinstance(db, Lent) else db.place, is_patient=True)


def digest(db: Database) -> object:
    """Return a mark of all in the hall's tables: equal to another when no row changed between them."""
    if isinstance(db, Lent):
        return db.digest()
    last_commit = db.data_version()
    if _digests.get(db, (None, None))[0] != last_commit:
        _digests[db] = last_commit, _rows(db)
    return _digests[db][1]


def _rows(db: Database) -> dict[str, list[Any]]:
    """Rows as the file has them: reading a hall as the program does takes three times as long and more, and a
    connection that does not know the tables yet four times."""
    with db.read() as tx:
        file = tx.connection.dbapi_connection
        assert isinstance(file, sqlite3.Connection)
        return {name: file.execute(f"SELECT * FROM {name}").fetchall() for name in _SEEN}


def execute(db: Database, statement: str) -> int:
    """Let a statement of anybody's have its way with the tables, past all checks; return how many rows it was about."""
    if isinstance(db, Lent):
        return db.console.execute(statement.encode()).rowcount
    with closing(sqlite3.connect(db.place, isolation_level=None)) as file:
        return file.execute(statement).rowcount


def _borrowed() -> Lent:
    one = _free.pop() if _free else _made()
    one.empty()
    _lent.append(one)
    return one


def _made() -> Lent:
    one = Lent(new_database())
    one.check_file_identity()
    return one
