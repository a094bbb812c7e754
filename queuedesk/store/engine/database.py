"""The two doors to the hall's database, read() and write(); an older one is brought up to date before it is opened.

A proven copy of it is kept first, in a file and on a server alike."""

from __future__ import annotations

import errno
import filecmp
import random
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from sqlalchemy import Connection, Engine, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.state import HallState
from queuedesk.files import writing
from queuedesk.files.writing import create_empty_private_file, ensure_private_folder, give_to_owner_of
from queuedesk.paths import data_folder
from queuedesk.store.engine import address, faults, hall_file, migrate, server_link, types
from queuedesk.store.parts.part_tables import FOLLOWING
from queuedesk.store.schema import OUTSIDE, table_named

if TYPE_CHECKING:
    import psycopg

    from queuedesk.store.engine.notifying import CommitListener
    from queuedesk.store.upkeep.pack import Summary


# -- copies of a database kept before its tables change, one for each state ------------------------------------------

PROVEN_AT, PROVEN = 60, (1).to_bytes(4, "big")
"""Where a copy says in SQLite's own header that it was proven: four bytes that are a program's to use
(user_version)."""


def copy_database_to_backups(path: Path, stem: str, prove: Callable[[Path], object] | None = None) -> Path:
    """Copy a database file, including its journal, into backups/ beside it; return the copy. It is read back before it
    counts, and proven with `prove`, if given; an error there leaves no copy. Nobody may write to the file meanwhile.
    Raises sqlite3.Error, OSError."""
    folder = ensure_private_folder(path.parent / "backups")
    draft = folder / f".{stem}.new"
    draft.unlink(missing_ok=True)
    create_empty_private_file(draft)
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(draft)) as target:
            source.backup(target)
            check_copy_is_complete(source, target)
        if prove is not None:
            prove(draft)
        with draft.open("r+b") as file:
            file.seek(PROVEN_AT)
            file.write(PROVEN if prove is not None else bytes(len(PROVEN)))
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    give_to_owner_of(path, folder, draft)
    return kept_or_equal_copy_path(draft, stem, ".sqlite", lambda one, other: filecmp.cmp(one, other, shallow=False))


def is_proven_copy(copy: Path) -> bool:
    """Whether a copy says that it was proven. Raises OSError."""
    with copy.open("rb") as file:
        file.seek(PROVEN_AT)
        return file.read(len(PROVEN)) == PROVEN


def check_copy_is_complete(source: sqlite3.Connection, copy: sqlite3.Connection) -> None:
    """Check that a copy is whole, with every table's rows and the end of every log. Raises sqlite3.Error, OSError."""
    names = [name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    counts = [f'SELECT count(*) FROM "{name}"' for name in names]
    ends = ["SELECT hall, max(seq), hash FROM events GROUP BY hall ORDER BY hall"] if "events" in names else []
    told = [[connection.execute(question).fetchall() for question in (*counts, *ends)] for connection in (source, copy)]
    if (
        told[0] != told[1]
        or copy.execute("PRAGMA quick_check(1)").fetchall() != source.execute("PRAGMA quick_check(1)").fetchall()
    ):
        raise OSError(errno.EIO, "the copy does not hold what it is a copy of")


def kept_or_equal_copy_path(draft: Path, stem: str, ending: str, is_like: Callable[[Path, Path], bool]) -> Path:
    """Give a copy a new name, and return it; if an equal copy of that stem exists, left by a failed or killed try, that
    one is kept instead."""
    for n in count(1):
        copy = draft.with_name(f"{stem}{ending}" if n == 1 else f"{stem}-{n}{ending}")
        if not copy.exists():
            draft.rename(copy)
            return copy
        if is_like(draft, copy):
            draft.unlink()
            return copy
    raise AssertionError


ROOM = 2
"""So many times its own size a file may take beside it (its copy, and a journal of all that changes), and as much where
the throw-away hall grows."""
_ENDS = "SELECT hall, count(*), max(seq), hash FROM events GROUP BY hall ORDER BY hall"
_NUMBERS = "SELECT hall, date, count(*) FROM tickets GROUP BY hall, date"


@contextmanager
def _upgrade_transaction(path: Path) -> Iterator[Connection]:
    """Open a transaction that may change a file's tables, with foreign keys off; the caller commits."""
    engine = hall_file.upgrading_engine(path)
    try:
        with engine.connect() as connection:
            connection.begin()
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
    finally:
        engine.dispose()


def upgrade_hall_file(path: Path) -> None:
    """Bring the file at `path` to the newest revision, all or nothing. A copy goes into backups/ beside it first, and
    counts once it was upgraded in a throw-away hall, where any failure shows. Of several at once the second is refused
    as busy and, when it tries again, finds nothing to do. Raises sqlite3.Error, DBAPIError, OSError; OutsideError
    "database_no_room" (path, room), "database_not_upgraded" where a revision fails, loses something, or leaves rows
    pointing nowhere."""
    from queuedesk.store.upkeep import pack  # With it comes what counts figures, and an upgrade is rare.

    with _upgrade_transaction(path) as connection:
        found = migrate.stored_revision(connection)
        if found == migrate.newest_migration_revision():
            return
        _check_room_for_upgrade(path)
        with migrate.translate_upgrade_errors(str(path), found):
            said: dict[int, Summary] = {}
            copy_database_to_backups(
                path, f"{path.stem}-{found}", lambda copy: said.update(_try_upgrade_on_copy(copy, found))
            )
            migrate.upgrade_tables_to_newest(connection, found)
            _check_foreign_keys(connection)
            pack.check_same_summaries(connection, said)
        connection.commit()


def _check_room_for_upgrade(path: Path) -> None:
    """Make sure that there is room to copy the hall's file, to prove the copy and to bring it up to date. Raises
    OutsideError "database_no_room" (path, room)."""
    needed = ROOM * path.stat().st_size
    for folder in (path.parent, hall_file.sqlite_temp_folder()):
        if shutil.disk_usage(folder).free < needed:
            raise OutsideError("database_no_room", path=str(folder), room=-(-needed // 1_000_000))


def _try_upgrade_on_copy(copy: Path, found: str) -> dict[int, Summary]:
    """Bring a copy of a hall's file up to date in a throw-away hall and return what that says then. Raises ValueError
    (what it lost of the copy: a log, rows beside it, numbers that were given out), and what a revision raises."""
    from queuedesk.store.upkeep import pack

    with hall_file.open_throw_away_copy(copy) as tx:
        before = _counts_that_must_survive(tx)
        migrate.upgrade_tables_to_newest(tx, found)
        _check_foreign_keys(tx)
        after = _counts_that_must_survive(tx)
        for name, held in before.items():
            # Tables that lost tickets get them back from the log.
            if any(
                after[name].get(key, 0) < n if name == "tickets" else after[name].get(key) != n
                for key, n in held.items()
            ):
                raise ValueError(name)
        return pack.database_summaries_by_hall_id(tx)


def _counts_that_must_survive(tx: types.Transaction) -> dict[str, dict[Any, Any]]:
    """Return what no revision may take away: the end of each log, the rows beside it, how many numbers were given out
    on each date."""
    there = set(tx.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
    counts = {
        name: {None: tx.execute(select(func.count()).select_from(table_named(name))).scalar_one()}
        for name in OUTSIDE
        if name in there
    }
    log = {hall: tuple(end) for hall, *end in tx.exec_driver_sql(_ENDS)}
    numbers = {(hall, day): count for hall, day, count in tx.exec_driver_sql(_NUMBERS)}
    return {"events": log, "tickets": numbers, **counts}


def _check_foreign_keys(tx: types.Transaction) -> None:
    """Make sure that no row of a file points nowhere. Raises ValueError."""
    if tx.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise ValueError("foreign keys")


# -- makes the tables of a database on a server, and brings older ones up to date ------------------------------------

# One at a time makes or changes tables, whoever asks; the number is this program's own among a server's advisory locks.
_ONE = text("SELECT pg_advisory_xact_lock(1364485491)")
_FOUND = text(
    "SELECT to_regclass('alembic_version') IS NOT NULL, to_regclass('halls') IS NOT NULL AND to_regclass('events') IS NOT NULL,"
    " EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('events') AND tgname = 'qd_event')"
)
# Whoever has a hall's lock ends first, and whoever wants it sees the new version once he gets it.
_NOBODY_WRITES = text("LOCK TABLE halls IN EXCLUSIVE MODE")
# The first in which a trigger is put up anew in one step.
_LEAST = 140000
# No hall stood on a server before.
_FIRST = "0013"
_IS_SHARED = text(
    "SELECT EXISTS (SELECT FROM pg_policy WHERE polrelid = to_regclass('events') AND polname = 'qd_select')"
)
_MAY = text("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'halls'::regclass")


def create_tables(engine: Engine, place: str) -> None:
    """Make all tables in a database without any of ours. Raises RuleError "exists" (path), OutsideError
    "server_too_old" (path, version, least), the driver's errors."""
    with _schema_change_transaction(engine) as connection:
        version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
        if version < _LEAST:
            raise OutsideError("server_too_old", path=place, version=version // 10000, least=_LEAST // 10000)
        if any(connection.execute(_FOUND).one()):
            raise RuleError("exists", path=place)
        migrate.create_all_tables(connection)


def upgrade_and_guard_tables(engine: Engine, place: str) -> str:
    """Check that the tables are this program's, after upgrading older ones, or newer ones that it may go on with, and
    that the owner's triggers protect the log; return their revision. If its login may not make triggers the hall works
    without them, and `doctor` says so. Raises OutsideError "database_missing", "wrong_kind", "database_newer",
    "database_older" (version), the driver's errors."""
    with engine.connect() as connection:
        found, is_guarded = _version_and_has_triggers(connection, place)
        if found > migrate.REVISION:
            if not migrate.may_open_newer(_oldest_compatible_revision_rows(connection)):
                raise OutsideError("database_newer", version=int(found), path=place)
            return found
        is_older = found < migrate.REVISION or migrate.needs_feature_tables(connection)
        if not is_older and is_guarded:
            return found
        is_owner = bool(connection.scalar(_MAY))
        if is_older and not is_owner:
            raise OutsideError("database_older", version=int(found), path=place)
    if is_older:
        with _schema_change_transaction(engine) as connection:
            connection.execute(_NOBODY_WRITES)
            found, _is_guarded = _version_and_has_triggers(connection, place)
            if found == migrate.REVISION:
                migrate.create_missing_tables_and_fill(connection)
                _grant_rights_on_new_tables(connection)
            elif found < migrate.REVISION:
                from queuedesk.store.upkeep.pack import check_same_summaries

                with migrate.translate_upgrade_errors(place, found):
                    said = _back_up_and_give_summaries(connection, found)
                    migrate.upgrade_tables_to_newest(connection, found)
                    _grant_rights_on_new_tables(connection)
                    check_same_summaries(connection, said)
    if is_owner:
        with suppress(DBAPIError), _schema_change_transaction(engine) as connection:
            from queuedesk.store.rights import functions

            functions.install_triggers_and_functions(connection)
    return migrate.REVISION


def _version_and_has_triggers(connection: Connection, place: str) -> tuple[str, bool]:
    """Return the version of the tables, and whether triggers keep their log. Raises OutsideError "database_missing",
    "wrong_kind", "database_damaged" for ours that say no version."""
    versions, is_ours, is_guarded = connection.execute(_FOUND).one()
    if not versions:
        raise OutsideError("database_missing", path=place)
    if not is_ours:
        raise OutsideError("wrong_kind", path=place)
    try:
        found = migrate.version_from_rows(
            [tuple(row) for row in connection.execute(text("SELECT * FROM alembic_version"))]
        )
    except ValueError as error:
        raise OutsideError("database_damaged", path=place) from error
    if found < _FIRST:
        raise OutsideError("database_damaged", path=place)
    return found, is_guarded


def _grant_rights_on_new_tables(connection: Connection) -> None:
    """Give the PCs of a shared hall what new tables and columns they work with: else only the tables' owner could."""
    if connection.scalar(_IS_SHARED):
        from queuedesk.store.rights import grants

        grants.install_rights(connection)


@contextmanager
def _schema_change_transaction(engine: Engine) -> Iterator[Connection]:
    """Give a transaction in which nobody else makes or changes tables; one who reads them all the time makes it give
    up."""
    with engine.connect() as connection:
        connection.begin()
        connection.exec_driver_sql("BEGIN; SET LOCAL lock_timeout = '5s'")
        connection.execute(_ONE)
        yield connection
        connection.commit()


def _back_up_and_give_summaries(connection: Connection, found: str) -> dict[int, Summary]:
    """Keep everything as a backup of the version that it has, in this user's backups/, once it was proven in a
    throw-away hall. Return what that hall says and the server's has to say when it is up to date: of what follows from
    the log the tickets alone, as what stands on the server may be an earlier program's."""
    from queuedesk import __version__
    from queuedesk.store.parts import halls
    from queuedesk.store.upkeep import pack
    from queuedesk.store.upkeep.pack import BACKUP, have_same_archived_halls, write_hall_archive

    inspector = inspect(connection)
    there = {name: {column["name"] for column in inspector.get_columns(name)} for name in inspector.get_table_names()}
    listed = halls.hall_ids_and_codes(connection)
    folder = ensure_private_folder(data_folder() / "backups")
    made = connection.scalar(text("SELECT now()"))
    assert isinstance(made, datetime)
    stem = f"{listed[0][1] if listed else 'server'}-{found}"
    draft = folder / f".{stem}.new"
    try:
        write_hall_archive(
            connection, draft, BACKUP, [id for id, _code in listed], program=__version__, made=made, there=there
        )
        said = pack.summaries_of_backup(draft)
        kept_or_equal_copy_path(draft, stem, ".zip", have_same_archived_halls)
    finally:
        draft.unlink(missing_ok=True)
    passing = {*FOLLOWING} - {"tickets"}
    return {id: {name: value for name, value in one.items() if name not in passing} for id, one in said.items()}


LOCK_WAIT_S = 5.0
MOVE_WAIT_S = 60.0
# SQLite's own busy handler sleeps longer and longer while newcomers pass: single waits of 3 s among four writers.
RETRY_MIN_S, RETRY_MAX_S = 0.0003, 0.0015
_USED = "queuedesk used"
_T = TypeVar("_T")


class Database:
    """A hall's database, used by any number of threads at once; each transaction has a connection of its own. While the
    file is renamed away or the server does not answer, each transaction raises OutsideError "database_away"; the work
    goes on as soon as it is back. A file put in its place is met by the same error once, then by the file that is there
    now."""

    def __init__(self, target: str | Path, *, is_draft: bool = False, is_patient: bool = False) -> None:
        """Take note of `target`; open() and create() are the ways in. A draft may be lost with the power: it does not
        wait for the disk. A patient one gives a server a minute to answer, where a station would rather say at once
        that it is away."""
        self.is_shared = address.is_server_address(target)
        """Whether it is on a server, where other PCs are too and the network may fail."""
        self.path: Path | None = None if self.is_shared else Path(target).absolute()
        self.is_elsewhere = self.is_shared and address.is_on_other_pc(str(target))
        """Whether that server is another PC, with a clock of its own."""
        self.place = address.url_without_password(str(target)) if self.path is None else str(self.path)
        """Where it is, as everybody may read it: no password."""
        self._address = str(target)
        self._is_draft = is_draft
        self.followed: dict[int, HallState] = {}  # halls as whoever changed them last had them in mind
        self.revision = migrate.REVISION
        """The tables' revision: this program's, or a newer one with which it may go on."""
        self.openings = 0  # how often a file was found and opened: behind a new number may be another file
        self._guard = threading.RLock()
        self._identity: tuple[int, int] | None = None
        self._journals: dict[Path, tuple[int, int] | None] = {}
        self._watch: sqlite3.Connection | None = None
        self._checked: list[sqlite3.Connection] = []  # what looked at the file, for the first transaction
        self._busy: set[psycopg.Connection[Any]] = set()
        self._busy_guard = threading.Lock()
        self._listener: CommitListener | None = None
        self._interrupts = 0
        self._successor: Database | None = None
        self._is_over = False
        self._upgrading: Callable[[], None] | None = None
        self._errors: tuple[type[Exception], ...] = (DBAPIError, OSError)
        if self.path is None:
            self._engine = server_link.server_engine(partial(self._connect_to_server, is_patient=is_patient))
            self._errors += server_link.driver_errors()
        else:
            self._engine = hall_file.sqlite_engine(
                self.path, is_draft=is_draft, ready=partial(_take_already_checked_connection, self._checked)
            )
            self._errors += (sqlite3.Error,)

    @classmethod
    def open(
        cls,
        target: str | Path,
        *,
        is_patient: bool = False,
        patience_s: float | None = None,
        note_upgrade: Callable[[], None] | None = None,
    ) -> Database:
        """Open an existing database: a file, or a postgresql:// address. One of an older program is brought up to date
        first, after a copy of it was put into backups/ beside it, for a server into this user's backups/. Before a file
        is, `note_upgrade` is called, once. With `patience_s` what waits for a server that is frozen, and so keeps its
        connections, raises "database_away" after so much silence and seconds more. Raises OutsideError:
        "database_missing", "database_damaged", "database_newer" (version), "database_busy" …, "database_not_upgraded"
        (version, cause) where an older one could not be brought up to date and is as it was, "wrong_kind" for another
        program's; of a server also "database_away", "bad_url", "pc_withdrawn", "wrong_certificate", "database_older"
        (version) where this login may not change its tables."""
        database = cls(target, is_patient=is_patient)
        database._upgrading = note_upgrade
        try:
            if database.is_shared and patience_s is not None:
                from queuedesk.store.engine.notifying import CommitListener

                database._listener = CommitListener(database, 0, patience_s=patience_s)
                database._listener.wait_for_commit(0)
            database.check_file_identity()
        except BaseException:
            database.dispose()
            raise
        return database

    @classmethod
    def create(cls, target: str | Path, *, is_draft: bool = False, is_patient: bool = False) -> Database:
        """Make an empty database and open it; only init, restore, import and whoever makes whole days may. On a server
        the tables are made in a database that has none. Raises RuleError "exists" (path) if there is one, OutsideError
        "cannot_write" (path) or "database_full", of a server as open() does."""
        database = cls(target, is_draft=is_draft, is_patient=is_patient)
        try:
            if database.path is not None:
                hall_file.create_hall_file(database.path)
            else:
                database._run_translating_errors(lambda: create_tables(database._engine, database.place))
            database.check_file_identity()
        except BaseException:
            database.dispose()
            raise
        return database

    @contextmanager
    def read(self) -> Iterator[types.Transaction]:
        """Open a transaction that sees the database as it is now, however long it takes; it waits for no lock. Writes
        in it are lost; a server refuses them. Raises OutsideError."""
        with self._open_transaction(server_link.READ if self.is_shared else "BEGIN") as (tx, _seq):
            yield tx
            if self.is_shared:
                tx.commit()  # After an undo the driver would forget the statements that it has prepared there.

    @contextmanager
    def write(self, hall: int | None = None) -> Iterator[types.Transaction]:
        """Open the one transaction that may change `hall` now; commit at the end, undo on any exception. On SQLite the
        file is the lock, on PostgreSQL the hall's row (without a hall there is none). A server ends the transaction of
        a hall of which nothing was heard for four seconds. Raises OutsideError: "database_busy" after 5 s,
        "database_away", "database_full", "database_readonly" …, of a server also "not_this_pc" for what its login may
        not do; RuleError "hall_moved" (to) for a file whose halls went to a server: it is only read from then on. After
        "database_away" on a server nobody knows whether the commit arrived."""
        if self._successor is not None:
            with self._successor.write(hall) as tx:
                yield tx
            return
        start = (
            "BEGIN IMMEDIATE"
            if not self.is_shared
            else server_link.WRITE
            if hall is None
            else server_link.hall_lock_transaction_start(hall)
        )
        with self._open_transaction(start) as (tx, seq):
            if self.path is not None:
                _check_hall_not_moved(tx)
            yield tx
            if self.is_shared and hall is not None:
                from queuedesk.store.engine.notifying import commit_and_notify_followers

                commit_and_notify_followers(tx, hall, before=seq)
            else:
                tx.commit()

    def redirect_writes_to(self, there: Database) -> None:
        """Let changes be made in another database from now on: the halls of this file went there, with their numbers.
        What is read is still the file's."""
        self._successor = there

    @property
    def are_changes_made_on_server(self) -> bool:
        """Whether changes are made on a server, also those of a file whose halls went there."""
        return self.is_shared or self._successor is not None

    def check_file_identity(self) -> None:
        """Check that the file at the path is the one in use, or use it if none is. Raises OutsideError: "database_away"
        when it is another one or none, and as open() does."""
        opened = self._identity
        if opened is None:
            self._retry_while_locked(self._open_and_upgrade_once)
        elif self.path is not None and opened != (here := hall_file.file_identity(self.path)):
            raise self._error_after_releasing_file(here)

    def data_version(self) -> tuple[int, int]:
        """Return a mark that differs after every commit to the file, whoever made it. Costs microseconds. Raises
        OutsideError."""
        return self._retry_while_locked(self._read_commit_mark)

    def open_separate_connection(self) -> psycopg.Connection[Any]:
        """Return a connection to the server that nobody else uses, where each statement is a transaction; the caller
        closes it. Raises OutsideError."""
        return self._run_translating_errors(lambda: server_link.open_server_connection(self._address))

    def interrupt(self) -> None:
        """Abort everything that waits for the server: each transaction under way raises OutsideError "database_away".
        May be called from any thread; a file never keeps anybody waiting like that."""
        with self._busy_guard:
            self._interrupts += 1
            for driver in self._busy:
                server_link.shut_connection_socket(driver)
        if self.is_shared:
            self._close_idle_connections()
        if self._successor is not None:
            self._successor.interrupt()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.dispose()

    def dispose(self) -> None:
        """Close every unused connection, and each of a server's as soon as it is not used any more: also those of later
        transactions, such as a lane's last work."""
        self._is_over = True
        if self._listener is not None:
            self._listener.close()
        self._close_connections()
        if self._successor is not None:
            self._successor.dispose()

    def _close_connections(self) -> None:
        """Close every unused connection, and each of a server's that is used as soon as it is not; the next transaction
        looks anew at what stands there."""
        with self._guard:
            self._identity = None
            watching, self._watch = self._watch, None
            if (first := _take_already_checked_connection(self._checked)) is not None:
                first.close()
            if watching is not None:
                watching.close()
                assert self.path is not None
                writing.note_database_closed(self.path)
        self._close_idle_connections()

    def _close_idle_connections(self) -> None:
        self._engine.dispose()
        if self._is_over:
            self._engine.pool.dispose()  # The new one keeps nothing either.

    @contextmanager
    def _open_transaction(self, start: str | server_link.TransactionStart) -> Iterator[tuple[types.Transaction, int]]:
        """Give a transaction and, of server_link.hall_lock_transaction_start(), the hall's seq."""
        self.check_file_identity()
        if isinstance(start, str):
            tx, seq, driver = self._retry_while_locked(lambda: self._begun_transaction_in_file(start)), 0, None
        else:
            tx, seq = self._begin_and_give_server_connection(start)
            driver = server_link.raw_server_connection(tx)
        try:
            try:
                yield tx, seq
            finally:
                if driver is not None:
                    with suppress(*self._errors):  # It ends with its connection; interrupt() still reaches it.
                        server_link.roll_back_if_begun(tx)
                    with self._busy_guard:
                        self._busy.discard(driver)
                tx.close()
        except self._errors as error:
            self._raise_as_trouble(error)
            raise

    def _begun_transaction_in_file(self, begin: str) -> Connection:
        tx = self._engine.connect()
        try:
            tx.begin()
            # Past SQLAlchemy, which would take 20 times as long for a statement without parameters.
            driver = tx.connection.dbapi_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.execute(begin)
            # A deferred transaction starts with its first look.
            rows = driver.execute("SELECT version_num FROM alembic_version").fetchall()
            self._check_schema_version(rows, lambda: driver.execute(migrate.OLDEST).fetchall())
        except BaseException:
            tx.close()
            raise
        return tx

    def _check_schema_version(
        self, rows: Sequence[Sequence[object]], read_oldest: Callable[[], Sequence[Sequence[object]]]
    ) -> None:
        """Make sure that this program may go on with the tables, should another one have changed them. `rows` are those
        of alembic_version. Raises OutsideError: "database_newer" for newer ones that it may not read; "database_away"
        where somebody put the tables of an older one in place, so that they are opened anew."""
        if len(rows) == 1 and rows[0][0] == self.revision:
            return
        found = _version_or_damaged(rows, self.place)
        if found < migrate.REVISION:
            self._close_connections()
            raise OutsideError("database_away", path=self.place)
        if found > migrate.REVISION and not migrate.may_open_newer(read_oldest()):
            raise OutsideError("database_newer", version=int(found), path=self.place)
        self.revision = found

    def refuse_if_tables_newer(self) -> None:
        """Refuse what would lose rows that only a newer program knows. Raises OutsideError "database_newer"."""
        if self.revision != migrate.REVISION:
            raise OutsideError("database_newer", version=int(self.revision), path=self.place)

    def _connect_to_server(self, *, is_patient: bool) -> psycopg.Connection[Any]:
        made = server_link.open_server_connection(self._address, is_patient=is_patient)
        with self._busy_guard:
            self._busy.add(made)  # Who opens the database asks before any transaction.
        return made

    def _begin_and_give_server_connection(self, start: server_link.TransactionStart) -> tuple[Connection, int]:
        """Begin a transaction on a server; connections that it closed since they were last used are replaced without a
        word."""
        interrupts = self._interrupts
        while True:
            tx = self._run_translating_errors(self._engine.connect)
            is_fresh = _USED not in tx.info
            tx.info[_USED] = True
            driver = server_link.raw_server_connection(tx)
            with self._busy_guard:
                self._busy.add(driver)
            try:
                tx.begin()
                begun = server_link.begin_transaction(tx, start)
                if begun.version is not None:
                    self._check_schema_version([(begun.version,)], partial(_oldest_compatible_revision_rows, tx))
                return tx, begun.seq
            except BaseException as error:
                with self._busy_guard:
                    self._busy.discard(driver)
                gone = driver.closed
                if gone:
                    tx.invalidate()
                tx.close()
                was_interrupted = (
                    self._interrupts != interrupts
                )  # Trying anew would take as long as it took to interrupt it.
                if is_fresh or not gone or was_interrupted or not isinstance(error, self._errors):
                    self._raise_as_trouble(error)
                    raise

    def _run_translating_errors(self, attempt: Callable[[], _T]) -> _T:
        """Do what meets a server, once. Raises OutsideError."""
        try:
            return attempt()
        except self._errors as error:
            self._raise_as_trouble(error)
            raise

    def _raise_as_trouble(self, error: BaseException) -> None:
        """Raise the trouble that an error stands for, if it is one."""
        trouble = self._outside_error_and_close_if_lost(error)
        if trouble is not None:
            raise trouble from error

    def _retry_while_locked(self, attempt: Callable[[], _T]) -> _T:
        """Do what meets locks of other processes, again and again at short random intervals for LOCK_WAIT_S. Time in
        which the hall moves to a server does not count, up to MOVE_WAIT_S: everybody who waited for the move tries at
        the same moment after it, and one after the other gets the lock."""
        began = give_up = 0.0
        while True:
            try:
                return attempt()
            except self._errors as error:
                trouble = self._outside_error_and_close_if_lost(error)
                if trouble is None:
                    raise
                now = time.monotonic()
                began = began or now
                give_up = give_up or began + LOCK_WAIT_S
                if self.is_moving:
                    give_up = min(now, began + MOVE_WAIT_S) + LOCK_WAIT_S
                if trouble.code != "database_busy" or now >= give_up:
                    raise trouble from error
            time.sleep(random.uniform(RETRY_MIN_S, RETRY_MAX_S))

    @property
    def is_moving(self) -> bool:
        """Whether somebody is moving the halls of this file to a server."""
        return self.path is not None and hall_file.move_marker_folder(self.path).exists()

    def _open_and_upgrade_once(self) -> None:
        """Look at what stands at the path, bring it up to date, and remember which file it is."""
        with self._guard:
            if self._identity is not None:
                return
            if self.path is None:
                self.revision = self._run_translating_errors(lambda: upgrade_and_guard_tables(self._engine, self.place))
                self._identity = (0, 0)
                self.openings += 1
                return
            found_there = hall_file.file_identity(self.path)
            if hall_file.is_without_read_permission(self.path):
                raise OutsideError("database_unreadable", path=self.place)
            if found_there is None or self.path.is_dir():
                raise self._error_after_releasing_file(None)
            if self.path.stat().st_size == 0:
                raise OutsideError("database_damaged", path=self.place)
            first = hall_file.open_file_connection(self.path, is_draft=self._is_draft)
            try:
                if first.execute("PRAGMA application_id").fetchone()[0] != writing.APPLICATION_ID:
                    raise OutsideError("wrong_kind", path=self.place)
                hall_file.restrict_hall_files_to_owner(self.path)
                found, self.revision = _version_of_file(first, self.place), migrate.REVISION
                if found < migrate.REVISION:
                    tell, self._upgrading = self._upgrading, None
                    if tell is not None:
                        tell()
                    upgrade_hall_file(self.path)
                elif found > migrate.REVISION:
                    self._check_schema_version([(found,)], lambda: first.execute(migrate.OLDEST).fetchall())
                elif migrate.missing_feature_tables(name for (name,) in first.execute(migrate.TABLE_NAMES)):
                    with _upgrade_transaction(self.path) as connection:
                        migrate.create_missing_tables_and_fill(connection)
                        connection.commit()
                first.execute("PRAGMA journal_mode=WAL").fetchone()
                watching = hall_file.open_watching_connection(self.path)
                if (here := hall_file.file_identity(self.path)) != found_there:
                    watching.close()
                    raise self._error_after_releasing_file(here)
            except BaseException:
                first.close()
                raise
            self._checked.append(first)
            self._identity, self._watch = found_there, watching
            writing.note_database_open(self.path)
            self._journals = {
                journal: hall_file.file_identity(journal) for journal in hall_file.companion_file_paths(self.path)
            }
            self.openings += 1

    def _read_commit_mark(self) -> tuple[int, int]:
        with self._guard:
            if self._watch is None:
                self._open_and_upgrade_once()
            assert self._watch is not None
            # SQLite counts from anew on each connection.
            return self.openings, self._watch.execute("PRAGMA data_version").fetchone()[0]

    def _outside_error_and_close_if_lost(self, error: BaseException) -> OutsideError | None:
        trouble = faults.outside_error_of(error, self.place)
        # A pooler may lead a connection to a server that another one has taken over from.
        if self.path is None and trouble is not None and trouble.code in ("database_away", "database_readonly"):
            self._close_idle_connections()
        if self.path is None or trouble is None or trouble.code != "database_away":
            return trouble
        here = hall_file.file_identity(self.path)
        if here is not None and here == self._identity:
            self._close_connections()  # The file is there, yet does not answer: a drive that was pulled and put back.
        return self._error_after_releasing_file(here)

    def _error_after_releasing_file(self, here: tuple[int, int] | None) -> OutsideError:
        """Let go of the file if another stands in its place; one that is merely away may come back as it was."""
        with self._guard:
            if here is not None and self._identity not in (None, here):
                # While our connections hold them, nobody else's journals can have the same identity.
                hall_file.set_aside(
                    [journal for journal, known in self._journals.items() if hall_file.file_identity(journal) == known]
                )
                self._close_connections()
        return OutsideError("database_away" if self.openings else "database_missing", path=self.place)


def _oldest_compatible_revision_rows(tx: Connection) -> Sequence[Sequence[object]]:
    return tx.execute(text(migrate.OLDEST)).all()


def _take_already_checked_connection(checked: list[sqlite3.Connection]) -> sqlite3.Connection | None:
    """Give the connection that looked at the file to whoever asks first: each reads once what its tables are."""
    try:
        return checked.pop()
    except IndexError:
        return None


def _version_of_file(file: sqlite3.Connection, place: str) -> str:
    """Return the revision of a file's tables. Raises OutsideError "database_damaged" where it says none."""
    try:
        rows = file.execute("SELECT * FROM alembic_version").fetchall()
    except sqlite3.OperationalError as error:
        if faults.outside_error_of(error) is not None:
            raise
        raise OutsideError("database_damaged", path=place) from error  # It has no such table.
    return _version_or_damaged(rows, place)


def _version_or_damaged(rows: Sequence[Sequence[object]], place: str) -> str:
    try:
        return migrate.version_from_rows(rows)
    except ValueError as error:
        raise OutsideError("database_damaged", path=place) from error


def _check_hall_not_moved(tx: Connection) -> None:
    """Raise RuleError "hall_moved" (to) for a file whose halls are no longer in it."""
    driver = tx.connection.dbapi_connection  # Past SQLAlchemy, as in _begun: every change asks this.
    assert isinstance(driver, sqlite3.Connection)
    row = driver.execute("SELECT moved_to FROM database").fetchone()
    if row is not None and row[0] is not None:
        raise RuleError("hall_moved", to=row[0])
