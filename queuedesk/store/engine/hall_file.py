"""The SQLite file of a hall: opening, identifying and making it, its journals, and throw-away databases.

Nobody else sees a throw-away one and it leaves nothing behind: what a log comes to is worked out there, to be compared.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.files.reading import parse_json_safely
from queuedesk.files.writing import APPLICATION_ID, create_empty_private_file, remove_others_rights
from queuedesk.store.engine import faults
from queuedesk.store.engine.migrate import REVISION, create_all_tables, version_from_rows
from queuedesk.store.engine.types import Transaction

_PRAGMAS = ("PRAGMA temp_store=MEMORY", "PRAGMA cache_size=-8000", "PRAGMA journal_size_limit=16000000")
SYNCHRONOUS = "FULL"
"""A commit is waited for until it is on the disk: a power cut takes nothing that anybody was told."""
BACKUPS = "backups"
"""The folder beside a hall's file with copies of it."""
BEFORE = "before"
_OF_FILES: dict[str, Any] = {}
"""The dialect and the compiled statements that all files of this process share: each statement is compiled once."""
_OF_UPGRADES: dict[str, Any] = {}
"""The same of those that are brought up to date: first a copy, then the file itself."""


def open_file_connection(
    path: Path | None, *, mode: str = "rw", foreign_keys: bool = True, is_draft: bool = False
) -> sqlite3.Connection:
    """Open one connection to a file, without the driver's own transactions and its own waiting for locks. Raises
    sqlite3.Error. `mode` is that of an SQLite address: "rw" never makes a file, "rwc" does. Writes to a draft are not
    synced to the disk. Without a path it is a database that nobody else sees: in memory while it is small, else in an
    unnamed file that disappears with its process, however that ends."""
    synchronous = f"PRAGMA synchronous={'OFF' if is_draft else SYNCHRONOUS}"
    address = "" if path is None else f"{path.as_uri()}?mode={mode}"
    return _open_connection(address, synchronous, *_PRAGMAS, f"PRAGMA foreign_keys={int(foreign_keys)}")


def open_watching_connection(path: Path) -> sqlite3.Connection:
    """Open a connection that only tells whether a file was written to, and does not read what its tables are: that
    takes longer than everything else when a hall is opened. Raises sqlite3.Error."""
    return _open_connection(f"{path.as_uri()}?mode=rw", "PRAGMA data_version")  # opens the file, and its journals


def _open_connection(address: str, *pragmas: str) -> sqlite3.Connection:
    connection = sqlite3.connect(address, uri=True, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        for pragma in pragmas:
            connection.execute(pragma).fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def sqlite_engine(
    path: Path | None, *, is_draft: bool = False, ready: Callable[[], sqlite3.Connection | None] = lambda: None
) -> Engine:
    """Return SQLAlchemy's engine over connect(), or over what is `ready`; its user sends BEGIN."""
    return _with_shared_compiled_statements(
        _make_engine(lambda: ready() or open_file_connection(path, is_draft=is_draft)), _OF_FILES
    )


def upgrading_engine(path: Path | None) -> Engine:
    """Return an engine for changing tables, without checking foreign keys meanwhile; it shares nothing with others than
    its like. The dialect of all files was never initialized with a database, and can't inspect tables."""
    if not _OF_UPGRADES:
        first = _make_engine(lambda: open_file_connection(None))
        first.connect().close()
        first.dispose()
        _with_shared_compiled_statements(first, _OF_UPGRADES)
    return _with_shared_compiled_statements(
        _make_engine(lambda: open_file_connection(path, foreign_keys=False)), _OF_UPGRADES
    )


def _with_shared_compiled_statements(engine: Engine, shared: dict[str, Any]) -> Engine:
    """Return the engine with the dialect and the compiled statements of the first that shares them."""
    engine.dialect = engine.pool._dialect = shared.setdefault("dialect", engine.dialect)
    engine._compiled_cache = shared.setdefault("compiled", engine._compiled_cache)
    return engine


def engine_with_copy_attached(path: Path, before: Path) -> Engine:
    """Return an engine that sees the tables of a file, and those of its copy in the schema BEFORE."""

    def connection_to_both() -> sqlite3.Connection:
        connection = open_file_connection(path)
        try:
            connection.execute(f"ATTACH DATABASE ? AS {BEFORE}", (str(before),))
        except BaseException:
            connection.close()
            raise
        return connection

    return _make_engine(connection_to_both)


def _make_engine(creator: Callable[[], sqlite3.Connection]) -> Engine:
    return create_engine(
        "sqlite+pysqlite://",
        creator=creator,
        poolclass=QueuePool,
        pool_use_lifo=True,
        max_overflow=-1,
        hide_parameters=True,
    )


def sqlite_temp_folder() -> Path:
    """Return the folder where a database without a path grows once it is large, as SQLite chooses it."""
    chosen = (os.environ.get("SQLITE_TMPDIR"), os.environ.get("TMPDIR"), "/var/tmp", "/usr/tmp", "/tmp")
    folders = [Path(name) for name in chosen if name] if os.name == "posix" else []
    return next((path for path in folders if path.is_dir() and os.access(path, os.W_OK | os.X_OK)), Path(gettempdir()))


def setups_in_hall_file(path: Path) -> list[dict[str, Any]]:
    """Return the set-ups of the halls in a file, of any version, without changing anything. Raises OutsideError."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return [parse_json_safely(row[0]) for row in connection.execute("SELECT setup FROM halls")]
    except (sqlite3.Error, OSError, ValueError) as error:
        raise faults.outside_error_of(error, path) or OutsideError("database_damaged", path=str(path)) from error


def new_place_of_moved_halls(path: Path) -> str | None:
    """Return where the halls of a file have gone by its own word, None where they have not or nothing can be read.
    Takes a fraction of a millisecond and changes nothing."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    with suppress(sqlite3.Error, OSError, ValueError), closing(sqlite3.connect(address, uri=True)) as connection:
        row = connection.execute("SELECT moved_to FROM database").fetchone()
        return str(row[0]) if row is not None and row[0] is not None else None
    return None


def move_marker_folder(path: Path) -> Path:
    """Return the folder that stands beside a file while its halls move to a server, and everybody waits for that."""
    return path.with_name(f".{path.name}.moving")


def is_older_version(path: Path) -> bool:
    """Whether the file at `path` is a hall's of an older program, which opening it brings up to date. Changes nothing;
    what else is wrong with a file is told by whoever opens it."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    with suppress(sqlite3.Error, OSError, ValueError), closing(sqlite3.connect(address, uri=True)) as connection:
        is_ours = connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        return is_ours and version_from_rows(connection.execute("SELECT * FROM alembic_version").fetchall()) < REVISION
    return False


def file_identity(path: Path) -> tuple[int, int] | None:
    """Return which file is at `path`: device and inode, or None. SQLite itself does not notice a change."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def is_without_read_permission(path: Path) -> bool:
    """Whether a file is there, or may be, that this user may not read. It is not opened for that: to close it would
    drop this process's locks on it."""
    try:
        path.stat()
    except PermissionError:
        return True
    except OSError:
        return False
    return not os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids)


def create_hall_file(path: Path) -> None:
    """Build the file under another name and put it in place as a whole, never over an existing one."""
    draft = path.parent / f".{path.name}.{os.getpid()}"
    try:
        if path.exists():
            raise RuleError("exists", path=str(path))
        create_empty_private_file(draft)  # Its journals get the rights that it has.
        engine = sqlite_engine(draft)
        try:
            with engine.begin() as connection:
                create_all_tables(connection)
        finally:
            engine.dispose()
        place_file_or_refuse_if_exists(draft, path)
    except (DBAPIError, sqlite3.Error, OSError) as error:
        trouble = faults.outside_error_of(error, path)
        if trouble is None:
            raise
        raise trouble if trouble.code == "database_full" else OutsideError("cannot_write", path=str(path)) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def place_file_or_refuse_if_exists(draft: Path, path: Path) -> None:
    """Put the complete file `draft` at `path` too, if nothing is there yet. Raises RuleError "exists", OSError."""
    if path.exists():
        raise RuleError("exists", path=str(path))
    set_aside(companion_file_paths(path))
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        raise RuleError("exists", path=str(path)) from None
    except OSError:  # A file system without links, such as a USB stick's.
        draft.rename(path)


def companion_file_paths(path: Path) -> list[Path]:
    """Return the paths of what may stand beside the file at `path`, of earlier programs too; not all need exist."""
    return [path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-told", "-told.before", "-sums")]


def restrict_hall_files_to_owner(path: Path) -> None:
    """Let only its owner read the file at `path` and its companions, whoever made them and however."""
    for one in paths_of_owner_only_hall_files(path):
        remove_others_rights(one)


def paths_of_owner_only_hall_files(path: Path) -> list[Path]:
    """Return the files of the hall at `path` that only its owner may read."""
    return [path, *companion_file_paths(path), path.parent / BACKUPS]


def set_aside_or_remove_journals(path: Path, *, keep: bool) -> None:
    """Rename the journals of the file at `path`, which is gone or about to be replaced, or remove those that nobody
    needs."""
    if keep:
        set_aside(companion_file_paths(path))
    else:
        journals = companion_file_paths(path)
        set_aside(journals[2:])  # What it was told may be more than it holds.
        for journal in journals[:2]:
            journal.unlink(missing_ok=True)


def set_aside(journals: list[Path]) -> None:
    """Rename what a lost database left: SQLite would otherwise apply its journal to the next file there."""
    for journal in journals:
        if journal.exists():
            journal.replace(journal.with_name(f"{journal.name}.old"))


# -- asks the database engine whether its own file is intact ---------------------------------------------------------

MOST_NAMED = 5


def file_integrity_faults(tx: Transaction) -> list[str]:
    """Return the faults that the engine finds in its file, at most a few; empty when it is whole."""
    if tx.dialect.name != "sqlite":
        return []
    found = [str(row[0]) for row in tx.execute(text(f"PRAGMA integrity_check({MOST_NAMED})"))]
    lost = [f"{row[0]} {row[1]}" for row in tx.execute(text("PRAGMA foreign_key_check"))]
    return [fault for fault in found if fault != "ok"] + lost[:MOST_NAMED]


@contextmanager
def scratch_database_transaction() -> Iterator[Transaction]:
    """Open a transaction that may write to an empty database with current tables; nothing of it is kept, however the
    process ends. Raises OutsideError "database_full" (path: where it had no room)."""
    with _memory_transaction(sqlite_engine(None, is_draft=True)) as tx:
        tx.begin()
        create_all_tables(tx)
        yield tx


@contextmanager
def open_throw_away_copy(file: Path) -> Iterator[Transaction]:
    """Open a transaction that may change every table of a copy of a hall's file, of any revision. Raises as
    scratch_database_transaction() does, and sqlite3.Error."""
    with _memory_transaction(upgrading_engine(None)) as tx:
        driver = tx.connection.dbapi_connection
        assert isinstance(driver, sqlite3.Connection)
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as source:
            source.backup(driver)
        tx.begin()
        tx.exec_driver_sql("BEGIN")
        yield tx


@contextmanager
def _memory_transaction(engine: Engine) -> Iterator[Transaction]:
    try:
        with engine.connect() as tx:
            yield tx
    except (DBAPIError, sqlite3.Error) as error:
        trouble = faults.outside_error_of(error, sqlite_temp_folder())
        if trouble is None or trouble.code != "database_full":
            raise
        raise trouble from error
    finally:
        engine.dispose()
