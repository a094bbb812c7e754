"""Brings older databases up to date, in a file or on a server; a proven copy is kept first."""

from __future__ import annotations

import errno
import filecmp
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.files.writing import make_private, private_folder
from queuedesk.paths import data_folder
from queuedesk.store.engine.hall_file import passing_folder
from queuedesk.store.engine.migrate import (
    REVISION,
    add_tables,
    all_or_nothing,
    bring_up_to_date,
    build,
    found_in,
    lacks_tables,
    newest,
    version_of,
)
from queuedesk.store.engine.types import Transaction
from queuedesk.store.parts.part_tables import FOLLOWING
from queuedesk.store.schema.tables import OUTSIDE

if TYPE_CHECKING:
    from queuedesk.store.upkeep.backup_proof import Summary

# -- copies of a database kept before its tables change, one for each state ------------------------------------------

PROVEN_AT, PROVEN = 60, (1).to_bytes(4, "big")
"""Where a copy says in SQLite's own header that it was proven: four bytes that are a program's to use
(user_version)."""


def copy_file(path: Path, stem: str, prove: Callable[[Path], object] | None = None) -> Path:
    """Copy a database file, including its journal, into backups/ beside it; return the copy.

    It is read back before it counts, and proven with `prove`, if given; an error there leaves no copy. Nobody may write
    to the file meanwhile. Raises sqlite3.Error, OSError.
    """
    folder = private_folder(path.parent / "backups")
    draft = folder / f".{stem}.new"
    draft.unlink(missing_ok=True)
    make_private(draft)
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(draft)) as target:
            source.backup(target)
            must_hold_the_same(source, target)
        if prove is not None:
            prove(draft)
        with draft.open("r+b") as file:
            file.seek(PROVEN_AT)
            file.write(PROVEN if prove is not None else bytes(len(PROVEN)))
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return keep(draft, stem, ".sqlite", lambda one, other: filecmp.cmp(one, other, shallow=False))


def is_proven(copy: Path) -> bool:
    """Whether a copy says that it was proven. Raises OSError."""
    with copy.open("rb") as file:
        file.seek(PROVEN_AT)
        return file.read(len(PROVEN)) == PROVEN


def must_hold_the_same(source: sqlite3.Connection, copy: sqlite3.Connection) -> None:
    """Check that a copy is whole, with every table's rows and the end of every log. Raises sqlite3.Error, OSError."""
    names = [name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    counts = [f'SELECT count(*) FROM "{name}"' for name in names]
    ends = ["SELECT hall, max(seq), hash FROM events GROUP BY hall ORDER BY hall"] if "events" in names else []
    told = [[one.execute(question).fetchall() for question in (*counts, *ends)] for one in (source, copy)]
    if (
        told[0] != told[1]
        or copy.execute("PRAGMA quick_check(1)").fetchall() != source.execute("PRAGMA quick_check(1)").fetchall()
    ):
        raise OSError(errno.EIO, "the copy does not hold what it is a copy of")


def keep(draft: Path, stem: str, ending: str, is_like: Callable[[Path, Path], bool]) -> Path:
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


def upgrade(engine: Engine, path: Path) -> None:
    """Bring the file at `path` to the newest revision, all or nothing; `engine` opens it with foreign keys off.

    A copy goes into backups/ beside it first, and counts once it was upgraded in a throw-away hall, where any failure
    shows. Of several at once the second is refused as busy and, when it tries again, finds nothing to do.

    Raises sqlite3.Error, DBAPIError, OSError; OutsideError "database_no_room" (path, room), "database_not_upgraded"
    where a revision fails, loses something, or leaves rows pointing nowhere.
    """
    from queuedesk.store.upkeep import backup_proof  # With it comes what counts figures, and an upgrade is rare.

    with engine.connect() as connection:
        connection.begin()
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        found = found_in(connection)
        if found == newest():
            return
        _must_have_room(path)
        with all_or_nothing(str(path), found):
            said: dict[int, Summary] = {}
            copy_file(path, f"{path.stem}-{found}", lambda copy: said.update(_prove(copy, found)))
            bring_up_to_date(connection, found)
            _must_point_somewhere(connection)
            backup_proof.must_say_the_same(connection, said)
        connection.commit()


def add_to_file(engine: Engine) -> None:
    """Make the tables of features that a file lacks. Raises sqlite3.Error, DBAPIError."""
    with engine.connect() as connection:
        connection.begin()
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        add_tables(connection)
        connection.commit()


def _must_have_room(path: Path) -> None:
    """Make sure that there is room to copy the hall's file, to prove the copy and to bring it up to date. Raises
    OutsideError "database_no_room" (path, room)."""
    needed = ROOM * path.stat().st_size
    for folder in (path.parent, passing_folder()):
        if shutil.disk_usage(folder).free < needed:
            raise OutsideError("database_no_room", path=str(folder), room=-(-needed // 1_000_000))


def _prove(copy: Path, found: str) -> dict[int, Summary]:
    """Bring a copy of a hall's file up to date in a throw-away hall and return what that says then.

    Raises ValueError (what it lost of the copy: a log, rows beside it, numbers that were given out), and what a
    revision raises.
    """
    from queuedesk.store.engine.throw_away import throw_away_copy
    from queuedesk.store.upkeep import backup_proof

    with throw_away_copy(copy) as tx:
        before = _held(tx)
        bring_up_to_date(tx, found)
        _must_point_somewhere(tx)
        after = _held(tx)
        for name, held in before.items():
            # Tables that lost tickets get them back from the log.
            if any(
                after[name].get(key, 0) < n if name == "tickets" else after[name].get(key) != n
                for key, n in held.items()
            ):
                raise ValueError(name)
        return backup_proof.summary(tx)


def _held(tx: Transaction) -> dict[str, dict[Any, Any]]:
    """Return what no revision may take away: the end of each log, the rows beside it, how many numbers were given out
    on each date."""
    there = set(tx.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
    counts = {
        table.name: {None: tx.execute(select(func.count()).select_from(table)).scalar_one()}
        for table in OUTSIDE
        if table.name in there
    }
    log = {hall: tuple(end) for hall, *end in tx.exec_driver_sql(_ENDS)}
    numbers = {(hall, day): count for hall, day, count in tx.exec_driver_sql(_NUMBERS)}
    return {"events": log, "tickets": numbers, **counts}


def _must_point_somewhere(tx: Transaction) -> None:
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
    """Make all tables in a database without any of ours.

    Raises RuleError "exists" (path), OutsideError "server_too_old" (path, version, least), the driver's errors.
    """
    with _alone(engine) as connection:
        version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
        if version < _LEAST:
            raise OutsideError("server_too_old", path=place, version=version // 10000, least=_LEAST // 10000)
        if any(connection.execute(_FOUND).one()):
            raise RuleError("exists", path=place)
        build(connection)


def settle(engine: Engine, place: str) -> None:
    """Check that the tables are this program's, after upgrading older ones, and that the owner's triggers protect the
    log.

    If its login may not make triggers the hall works without them, and `doctor` says so. Raises OutsideError
    "database_missing", "wrong_kind", "database_newer", "database_older" (version), the driver's errors.
    """
    with engine.connect() as connection:
        found, is_guarded = _look(connection, place)
        if found > REVISION:
            raise OutsideError("database_newer", version=int(found), path=place)
        is_older = found < REVISION or lacks_tables(connection)
        if not is_older and is_guarded:
            return
        is_owner = bool(connection.scalar(_MAY))
        if is_older and not is_owner:
            raise OutsideError("database_older", version=int(found), path=place)
    if is_older:
        with _alone(engine) as connection:
            connection.execute(_NOBODY_WRITES)
            found, _is_guarded = _look(connection, place)
            if found == REVISION:
                add_tables(connection)
                _renew_rights(connection)
            elif found < REVISION:
                from queuedesk.store.upkeep.backup_proof import must_say_the_same

                with all_or_nothing(place, found):
                    said = _copy(connection, found)
                    bring_up_to_date(connection, found)
                    _renew_rights(connection)
                    must_say_the_same(connection, said)
    if is_owner:
        with suppress(DBAPIError), _alone(engine) as connection:
            from queuedesk.store.rights import functions

            functions.put_up(connection)


def _look(connection: Connection, place: str) -> tuple[str, bool]:
    """Return the version of the tables, and whether triggers keep their log.

    Raises OutsideError "database_missing", "wrong_kind", "database_damaged" for ours that say no version.
    """
    versions, is_ours, is_guarded = connection.execute(_FOUND).one()
    if not versions:
        raise OutsideError("database_missing", path=place)
    if not is_ours:
        raise OutsideError("wrong_kind", path=place)
    try:
        found = version_of([tuple(row) for row in connection.execute(text("SELECT * FROM alembic_version"))])
    except ValueError as error:
        raise OutsideError("database_damaged", path=place) from error
    if found < _FIRST:
        raise OutsideError("database_damaged", path=place)
    return found, is_guarded


def _renew_rights(connection: Connection) -> None:
    """Give the PCs of a shared hall what new tables and columns they work with: else only the tables' owner could."""
    if connection.scalar(_IS_SHARED):
        from queuedesk.store.rights import grants

        grants.install(connection)


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Give a transaction in which nobody else makes or changes tables; one who reads them all the time makes it give
    up."""
    with engine.connect() as connection:
        connection.begin()
        connection.exec_driver_sql("BEGIN; SET LOCAL lock_timeout = '5s'")
        connection.execute(_ONE)
        yield connection
        connection.commit()


def _copy(connection: Connection, found: str) -> dict[int, Summary]:
    """Keep everything as a backup of the version that it has, in this user's backups/, once it was proven in a
    throw-away hall.

    Return what that hall says and the server's has to say when it is up to date: of what follows from the log the
    tickets alone, as what stands on the server may be an earlier program's.
    """
    from queuedesk import __version__
    from queuedesk.store.parts import halls
    from queuedesk.store.upkeep import backup_proof
    from queuedesk.store.upkeep.backup import BACKUP
    from queuedesk.store.upkeep.pack import hold_the_same, write_pack

    known = inspect(connection)
    there = {name: {column["name"] for column in known.get_columns(name)} for name in known.get_table_names()}
    listed = halls.listed(connection)
    folder = private_folder(data_folder() / "backups")
    made = connection.scalar(text("SELECT now()"))
    assert isinstance(made, datetime)
    stem = f"{listed[0][1] if listed else 'server'}-{found}"
    draft = folder / f".{stem}.new"
    try:
        write_pack(connection, draft, BACKUP, [id for id, _code in listed], program=__version__, made=made, there=there)
        said = backup_proof.of_backup(draft)
        keep(draft, stem, ".zip", hold_the_same)
    finally:
        draft.unlink(missing_ok=True)
    passing = {table.name for table in FOLLOWING} - {"tickets"}
    return {id: {name: value for name, value in one.items() if name not in passing} for id, one in said.items()}
