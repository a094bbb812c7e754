"""The two doors to the hall's database: read() and write()."""

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.store.faults import outside
from queuedesk.store.migrate import APPLICATION_ID, REVISION, build, upgrade

Transaction = Connection
"""An open transaction, as read() and write() give it and every store function takes it."""

LOCK_WAIT_S = 5.0
# SQLite's own busy handler sleeps longer and longer while newcomers pass: single waits of 3 s among four writers.
RETRY_MIN_S, RETRY_MAX_S = 0.0003, 0.0015
_PRAGMAS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-8000",
    "PRAGMA journal_size_limit=16000000",
)
_T = TypeVar("_T")


class Database:
    """A hall's database, used by any number of threads at once; each transaction has a connection of its own.

    A file that was renamed or replaced under us is told once as OutsideError "database_away"; the transaction after
    that opens whatever then stands at the path, so that the work goes on as soon as the file is back.
    """

    def __init__(self, target: str | Path) -> None:
        """Take note of `target`; open() and create() are the ways in."""
        address = str(target)
        self.path: Path | None = None if address.startswith("postgresql") else Path(target).absolute()
        self.place = address if self.path is None else str(self.path)
        self.openings = 0  # how often a file was found and opened: behind a new number may be another file
        self._guard = threading.RLock()
        self._identity: tuple[int, int] | None = None
        self._watch: sqlite3.Connection | None = None
        if self.path is None:
            url = address.replace("postgresql://", "postgresql+psycopg://", 1)
            self._engine = create_engine(url, pool_use_lifo=True, max_overflow=-1)
        else:
            self._engine = _engine(self.path)

    @classmethod
    def open(cls, target: str | Path) -> "Database":
        """Open an existing database: a file, or a postgresql:// address.

        One of an older program is brought up to date first, after a copy of it went into backups/ beside it.

        Raises OutsideError: "database_missing", "database_damaged", "database_newer" (version), "database_busy" …,
        "wrong_kind" for another program's file.
        """
        database = cls(target)
        try:
            database.check()
        except BaseException:
            database.dispose()
            raise
        return database

    @classmethod
    def create(cls, target: str | Path) -> "Database":
        """Make an empty database and open it; only init, restore and import may.

        Raises RuleError "exists" (path) if there is one, OutsideError "cannot_write" (path) or "database_full".
        """
        database = cls(target)
        if database.path is not None:
            _create_file(database.path)
        else:
            with database._engine.begin() as connection:
                build(connection)
        database.check()
        return database

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Give a transaction that sees the database as it stands now, however long it takes; it waits for no lock.

        What is written in it is lost. Raises OutsideError.
        """
        with self._transaction("BEGIN") as tx:
            yield tx

    @contextmanager
    def write(self, hall: int | None = None) -> Iterator[Transaction]:
        """Give the transaction of the one who may now change `hall`; commit at the end, undo on any exception.

        On SQLite the file is the lock, on PostgreSQL the hall's row (without a hall there is none).

        Raises OutsideError: "database_busy" after 5 s, "database_away", "database_full", "database_readonly" …
        """
        with self._transaction("BEGIN IMMEDIATE") as tx:
            if self.path is None and hall is not None:
                tx.execute(text(f"SET LOCAL lock_timeout = '{LOCK_WAIT_S:.0f}s'"))
                tx.execute(text("SELECT id FROM halls WHERE id = :hall FOR UPDATE"), {"hall": hall})
            yield tx
            tx.commit()

    def check(self) -> None:
        """Make sure that the file at the path is the one in use, or put it to use if none is.

        Raises OutsideError: "database_away" when it is another one or none, and as open() does.
        """
        if self._identity is None:
            self._patiently(self._settle)
        elif self.path is not None and self._identity != _identity(self.path):
            raise self._lost()

    def data_version(self) -> tuple[int, int] | None:
        """Return a mark that differs after every commit, whoever made it; None where the engine has no such thing.

        Costs microseconds. Raises OutsideError.
        """
        if self.path is None:
            return None
        return self._patiently(self._data_version)

    def dispose(self) -> None:
        """Close every connection that is not in use; a later transaction opens anew."""
        with self._guard:
            self._identity = None
            watch, self._watch = self._watch, None
            if watch is not None:
                watch.close()
        self._engine.dispose()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Transaction]:
        self.check()
        tx = self._patiently(lambda: self._begun(begin))
        try:
            try:
                yield tx
            finally:
                tx.close()
        except (DBAPIError, sqlite3.Error) as error:
            trouble = self._trouble(error)
            if trouble is None:
                raise
            raise trouble from error

    def _begun(self, begin: str) -> Connection:
        tx = self._engine.connect()
        try:
            tx.begin()
            if self.path is not None:
                # Past SQLAlchemy, which would take 20 times as long for a statement without parameters.
                driver = tx.connection.dbapi_connection
                assert isinstance(driver, sqlite3.Connection)
                driver.execute(begin)
                if begin == "BEGIN":  # A deferred transaction starts with its first look.
                    driver.execute("SELECT rootpage FROM sqlite_schema LIMIT 1").fetchone()
        except BaseException:
            tx.close()
            raise
        return tx

    def _patiently(self, attempt: Callable[[], _T]) -> _T:
        """Do what meets locks of other processes, again and again at short random intervals for LOCK_WAIT_S."""
        give_up = 0.0
        while True:
            try:
                return attempt()
            except (DBAPIError, sqlite3.Error, OSError) as error:
                trouble = self._trouble(error)
                if trouble is None:
                    raise
                now = time.monotonic()
                give_up = give_up or now + LOCK_WAIT_S
                if trouble.code != "database_busy" or now >= give_up:
                    raise trouble from error
            time.sleep(random.uniform(RETRY_MIN_S, RETRY_MAX_S))

    def _settle(self) -> None:
        """Look at what stands at the path, bring it up to date, and remember which file it is."""
        with self._guard:
            if self._identity is not None:
                return
            if self.path is None:
                with self._engine.connect() as connection:
                    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
                self._refuse_other_version(int(found or 0))
                self._identity = (0, 0)
                return
            identity = _identity(self.path)
            if identity is None:
                raise self._lost()
            if self.path.stat().st_size == 0:
                raise OutsideError("database_damaged", path=self.place)
            watch = connect(self.path)
            try:
                if watch.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                    raise OutsideError("wrong_kind", path=self.place)
                found = int(watch.execute("SELECT version_num FROM alembic_version").fetchone()[0])
                if found < int(REVISION):
                    upgrade(_engine(self.path, foreign_keys=False), self.path)
                else:
                    self._refuse_other_version(found)
                watch.execute("PRAGMA journal_mode=WAL").fetchone()
                if _identity(self.path) != identity:
                    raise self._lost()
            except BaseException:
                watch.close()
                raise
            self._identity, self._watch = identity, watch
            self.openings += 1

    def _refuse_other_version(self, found: int) -> None:
        if found != int(REVISION):
            raise OutsideError("database_newer", version=found, path=self.place)

    def _data_version(self) -> tuple[int, int]:
        with self._guard:
            if self._watch is None:
                self._settle()
            assert self._watch is not None
            # SQLite counts from anew on each connection.
            return self.openings, self._watch.execute("PRAGMA data_version").fetchone()[0]

    def _trouble(self, error: BaseException) -> OutsideError | None:
        trouble = outside(error, self.place)
        return self._lost() if trouble is not None and trouble.code == "database_away" else trouble

    def _lost(self) -> OutsideError:
        """Let go of a file that is not there any more, so that the next transaction looks anew."""
        self.dispose()
        return OutsideError("database_away" if self.openings else "database_missing", path=self.place)


def connect(path: Path, *, mode: str = "rw", foreign_keys: bool = True) -> sqlite3.Connection:
    """Open one connection to a file, without the driver's own transactions and its own waiting for locks.

    Raises sqlite3.Error. `mode` is that of an SQLite address: "rw" never makes a file, "rwc" does.
    """
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode={mode}", uri=True, timeout=0, isolation_level=None, check_same_thread=False
    )
    try:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        connection.execute(f"PRAGMA foreign_keys={int(foreign_keys)}")
    except BaseException:
        connection.close()
        raise
    return connection


def _engine(path: Path, *, mode: str = "rw", foreign_keys: bool = True) -> Engine:
    return create_engine(
        "sqlite+pysqlite://",
        creator=lambda: connect(path, mode=mode, foreign_keys=foreign_keys),
        poolclass=QueuePool,
        pool_use_lifo=True,
        max_overflow=-1,
    )


def _identity(path: Path) -> tuple[int, int] | None:
    """Return which file stands at `path`: device and inode, or None. SQLite itself does not notice a change."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _create_file(path: Path) -> None:
    """Build the file under another name and put it in place whole, never over an existing one."""
    draft = path.with_name(f".{path.name}.new")
    try:
        if path.exists():
            raise RuleError("exists", path=str(path))
        draft.unlink(missing_ok=True)
        engine = _engine(draft, mode="rwc")
        try:
            with engine.begin() as connection:
                build(connection)
        finally:
            engine.dispose()
        _set_aside_journals(path)
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            raise RuleError("exists", path=str(path)) from None
        except OSError:  # A file system without links, such as a USB stick's.
            draft.rename(path)
        draft.unlink(missing_ok=True)
    except (DBAPIError, OSError) as error:
        trouble = outside(error, path)
        if trouble is None:
            raise
        if trouble.code != "database_full":
            trouble = OutsideError("cannot_write", path=str(path))
        draft.unlink(missing_ok=True)
        raise trouble from error


def _set_aside_journals(path: Path) -> None:
    """Rename what a lost database left beside it: SQLite would play an orphaned journal into the new file."""
    for ending in ("-wal", "-shm"):
        orphan = path.with_name(path.name + ending)
        if orphan.exists():
            orphan.replace(path.with_name(path.name + ending + ".old"))
