"""Makes the tables of a database on a server, and brings older ones up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.files.private import private_folder
from queuedesk.paths import data_folder
from queuedesk.store.engine.migrate import REVISION, all_or_nothing, bring_up_to_date, build, version_of
from queuedesk.store.parts.register import FOLLOWING
from queuedesk.store.upkeep.kept_copies import keep

if TYPE_CHECKING:
    from queuedesk.store.upkeep.proof import Told

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
    """Make all tables in a database that has none of ours.

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
    """Make sure that the tables are this program's, after bringing those of an older one up to date, and that its owner
    keeps their log.

    Where its login may not make triggers the hall works without, and `doctor` says so. Raises OutsideError
    "database_missing", "wrong_kind", "database_newer", "database_older" (version), the driver's errors.
    """
    with engine.connect() as connection:
        found, is_guarded = _look(connection, place)
        if found > REVISION:
            raise OutsideError("database_newer", version=int(found), path=place)
        if found == REVISION and is_guarded:
            return
        is_owner = bool(connection.scalar(_MAY))
        if found < REVISION and not is_owner:
            raise OutsideError("database_older", version=int(found), path=place)
    if found < REVISION:
        with _alone(engine) as connection:
            connection.execute(_NOBODY_WRITES)
            found, _is_guarded = _look(connection, place)
            if found < REVISION:
                from queuedesk.store.upkeep.proof import must_say_the_same

                with all_or_nothing(place, found):
                    said = _copy(connection, found)
                    bring_up_to_date(connection, found)
                    _renew_rights(connection)
                    must_say_the_same(connection, said)
    if is_owner:
        with suppress(DBAPIError), _alone(engine) as connection:
            from queuedesk.store.rights import log_guard

            log_guard.put_up(connection)


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


def _copy(connection: Connection, found: str) -> dict[int, Told]:
    """Keep everything as a backup of the version that it has, in this user's backups/, once it was proven in a
    throw-away hall.

    Return what that hall says and the server's has to say when it is up to date: of what follows from the log the
    tickets alone, as what stands on the server may be an earlier program's.
    """
    from queuedesk import __version__
    from queuedesk.store.parts import halls
    from queuedesk.store.upkeep import proof
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
        said = proof.of_backup(draft)
        keep(draft, stem, ".zip", hold_the_same)
    finally:
        draft.unlink(missing_ok=True)
    passing = {table.name for table in FOLLOWING} - {"tickets"}
    return {id: {name: value for name, value in one.items() if name not in passing} for id, one in said.items()}
