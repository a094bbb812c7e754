"""The two doors to the hall's database: read() and write()."""

import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.state import HallState
from queuedesk.store.faults import outside
from queuedesk.store.migrate import APPLICATION_ID, REVISION, build, upgrade
from queuedesk.store.notifying import announce
from queuedesk.store.server import is_server, shown

Transaction = Connection
"""An open transaction, as read() and write() give it and every store function takes it."""

LOCK_WAIT_S = 5.0
# SQLite's own busy handler sleeps longer and longer while newcomers pass: single waits of 3 s among four writers.
RETRY_MIN_S, RETRY_MAX_S = 0.0003, 0.0015
_PRAGMAS = (
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-8000",
    "PRAGMA journal_size_limit=16000000",
)
_OF_FILES: dict[str, Any] = {}
"""The dialect and the compiled statements that all files of this process share: each statement is compiled once."""
_T = TypeVar("_T")


class Database:
    """A hall's database, used by any number of threads at once; each transaction has a connection of its own.

    While the file is renamed away each transaction raises OutsideError "database_away"; the work goes on as soon as
    it is back. One put in its place is met by the same error once, then by the file that is there now.
    """

    def __init__(self, target: str | Path, *, is_draft: bool = False) -> None:
        """Take note of `target`; open() and create() are the ways in. A draft may be lost with the power: it does not wait for the disk."""
        address = str(target)
        self.path: Path | None = None if is_server(address) else Path(target).absolute()
        self.place = shown(address) if self.path is None else str(self.path)
        self.followed: dict[int, HallState] = {}  # halls as whoever changed them last had them in mind
        self.openings = 0  # how often a file was found and opened: behind a new number may be another file
        self._guard = threading.RLock()
        self._identity: tuple[int, int] | None = None
        self._journals: dict[Path, tuple[int, int] | None] = {}
        self._watch: sqlite3.Connection | None = None
        if self.path is None:
            url = address.replace("postgresql://", "postgresql+psycopg://", 1)
            self._engine = create_engine(url, pool_use_lifo=True, max_overflow=-1)
        else:
            self._engine = sqlite_engine(self.path, is_draft=is_draft)

    @property
    def is_shared(self) -> bool:
        """Whether it is on a server, so that several PCs may work in it over a network."""
        return self.path is None

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
    def create(cls, target: str | Path, *, is_draft: bool = False) -> "Database":
        """Make an empty database and open it; only init, restore, import and whoever makes whole days may.

        Raises RuleError "exists" (path) if there is one, OutsideError "cannot_write" (path) or "database_full".
        """
        database = cls(target, is_draft=is_draft)
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

        Raises OutsideError: "database_busy" after 5 s, "database_away", "database_full", "database_readonly" …,
        RuleError "hall_moved" (to) for a file whose halls went to a server: it is only read from then on.
        """
        with self._transaction("BEGIN IMMEDIATE") as tx:
            if self.path is not None:
                _must_not_have_moved(tx)
            if self.path is None and hall is not None:
                tx.execute(text(f"SET LOCAL lock_timeout = '{LOCK_WAIT_S:.0f}s'"))
                before = tx.scalar(text("SELECT seq FROM halls WHERE id = :hall FOR UPDATE"), {"hall": hall})
            yield tx
            tx.commit()
            if self.path is None and hall is not None:
                announce(tx, hall, before=before or 0)

    def check(self) -> None:
        """Make sure that the file at the path is the one in use, or put it to use if none is.

        Raises OutsideError: "database_away" when it is another one or none, and as open() does.
        """
        opened = self._identity
        if opened is None:
            self._patiently(self._settle)
        elif self.path is not None and opened != (here := _identity(self.path)):
            raise self._lost(here)

    def data_version(self) -> tuple[int, int]:
        """Return a mark that differs after every commit to the file, whoever made it. Costs microseconds. Raises OutsideError."""
        return self._patiently(self._data_version)

    def apart(self) -> psycopg.Connection[Any]:
        """Give a new connection to the server, in no pool, that commits each statement; whoever asked closes it. Raises OutsideError."""

        def connected() -> psycopg.Connection[Any]:
            lone = self._engine.pool.recreate().connect()
            driver: psycopg.Connection[Any] = lone.driver_connection  # type: ignore[assignment]
            lone.detach()
            driver.autocommit = True
            return driver

        return self._patiently(connected)

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
                    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
                        raise OutsideError("database_missing", path=self.place)
                    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
                self._refuse_other_version(int(found or 0))
                self._identity = (0, 0)
                self.openings += 1
                return
            identity = _identity(self.path)
            if identity is None:
                raise self._lost(None)
            if self.path.stat().st_size == 0:
                raise OutsideError("database_damaged", path=self.place)
            watch = connect(self.path)
            try:
                if watch.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                    raise OutsideError("wrong_kind", path=self.place)
                found = int(watch.execute("SELECT version_num FROM alembic_version").fetchone()[0])
                if found < int(REVISION):
                    upgrade(sqlite_engine(self.path, foreign_keys=False), self.path)
                else:
                    self._refuse_other_version(found)
                watch.execute("PRAGMA journal_mode=WAL").fetchone()
                if (here := _identity(self.path)) != identity:
                    raise self._lost(here)
            except BaseException:
                watch.close()
                raise
            self._identity, self._watch = identity, watch
            self._journals = {journal: _identity(journal) for journal in _journals(self.path)}
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
        if trouble is None or trouble.code != "database_away":
            return trouble
        here = None if self.path is None else _identity(self.path)
        if here is not None and here == self._identity:
            self.dispose()  # The file is there, yet does not answer: a drive that was pulled and put back.
        return self._lost(here)

    def _lost(self, here: tuple[int, int] | None) -> OutsideError:
        """Let go of the file if another stands in its place; one that is merely away may come back as it was."""
        with self._guard:
            if here is not None and self._identity not in (None, here):
                # While our connections hold them, nobody else's journals can have the same identity.
                _set_aside([journal for journal, known in self._journals.items() if _identity(journal) == known])
                self.dispose()
        # A server that does not answer may hold the hall; a file that is not there never did.
        known = self.openings or self.path is None
        return OutsideError("database_away" if known else "database_missing", path=self.place)


def _must_not_have_moved(tx: Connection) -> None:
    driver = tx.connection.dbapi_connection  # Past SQLAlchemy, as in _begun: every change asks this.
    assert isinstance(driver, sqlite3.Connection)
    row = driver.execute("SELECT moved_to FROM database").fetchone()
    if row is not None and row[0] is not None:
        raise RuleError("hall_moved", to=row[0])


def connect(path: Path, *, mode: str = "rw", foreign_keys: bool = True, is_draft: bool = False) -> sqlite3.Connection:
    """Open one connection to a file, without the driver's own transactions and its own waiting for locks.

    Raises sqlite3.Error. `mode` is that of an SQLite address: "rw" never makes a file, "rwc" does.
    What is written into a draft is not waited for until it is on the disk.
    """
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode={mode}", uri=True, timeout=0, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute(f"PRAGMA synchronous={'OFF' if is_draft else 'FULL'}")
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        connection.execute(f"PRAGMA foreign_keys={int(foreign_keys)}")
    except BaseException:
        connection.close()
        raise
    return connection


def sqlite_engine(path: Path, *, mode: str = "rw", foreign_keys: bool = True, is_draft: bool = False) -> Engine:
    """Return SQLAlchemy's engine over connect(); whoever uses it sends BEGIN."""
    engine = create_engine(
        "sqlite+pysqlite://",
        creator=lambda: connect(path, mode=mode, foreign_keys=foreign_keys, is_draft=is_draft),
        poolclass=QueuePool,
        pool_use_lifo=True,
        max_overflow=-1,
    )
    engine.dialect = engine.pool._dialect = _OF_FILES.setdefault("dialect", engine.dialect)
    engine._compiled_cache = _OF_FILES.setdefault("compiled", engine._compiled_cache)
    return engine


def _identity(path: Path) -> tuple[int, int] | None:
    """Return which file stands at `path`: device and inode, or None. SQLite itself does not notice a change."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _create_file(path: Path) -> None:
    """Build the file under another name and put it in place whole, never over an existing one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.exists():
            raise RuleError("exists", path=str(path))
        engine = sqlite_engine(draft, mode="rwc")
        try:
            with engine.begin() as connection:
                build(connection)
        finally:
            engine.dispose()
        place_new(draft, path)
    except (DBAPIError, OSError) as error:
        trouble = outside(error, path)
        if trouble is None:
            raise
        raise trouble if trouble.code == "database_full" else OutsideError("cannot_write", path=str(path)) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def place_new(draft: Path, path: Path) -> None:
    """Let the whole file `draft` stand at `path` too, where nothing stands yet. Raises RuleError "exists", OSError."""
    if path.exists():
        raise RuleError("exists", path=str(path))
    _set_aside(_journals(path))
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        raise RuleError("exists", path=str(path)) from None
    except OSError:  # A file system without links, such as a USB stick's.
        draft.rename(path)


def _journals(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in ("-wal", "-shm")]


def set_aside_journals(path: Path, *, keep: bool) -> None:
    """Rename the journals of the file at `path`, which is gone or about to be replaced, or remove what nobody needs."""
    if keep:
        _set_aside(_journals(path))
    else:
        for journal in _journals(path):
            journal.unlink(missing_ok=True)


def _set_aside(journals: list[Path]) -> None:
    """Rename what a lost database left: SQLite would play its journal into whatever file stands there next."""
    for journal in journals:
        if journal.exists():
            journal.replace(journal.with_name(f"{journal.name}.old"))
