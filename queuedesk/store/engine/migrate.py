"""The version of a database: building one of today's, bringing an older one up to date."""

import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, Dialect, MetaData, Table, Text, create_mock_engine, text
from sqlalchemy.dialects import sqlite

from queuedesk.core.errors import OutsideError
from queuedesk.core.log import state
from queuedesk.core.log.apply import TABLES
from queuedesk.core.log.state import RecordKind
from queuedesk.files.writing import APPLICATION_ID
from queuedesk.store.engine.faults import outside_error_of
from queuedesk.store.parts.part_tables import FOLLOWING, ROWS
from queuedesk.store.schema import database, metadata_of_all_tables, table_named

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

REVISION = "0022"
"""The newest revision under migrations/, written down because asking Alembic takes a third of a second.

Revisions are numbers of four digits, so that newer and older can be told apart without Alembic."""
MIGRATIONS = Path(__file__).parent.parent / "migrations"
ADDED: dict[str, RecordKind[Any, Any] | None] = {
    **{ROWS[part].name: part for part in state.ADDED},
    **dict.fromkeys(table.name for table in TABLES),
}
"""By table, the parts of features; None for those beside the log."""
TABLE_NAMES = "SELECT name FROM sqlite_master WHERE type = 'table'"
OLDEST = "SELECT oldest FROM database"
_VIEW_NAMES = "SELECT name FROM sqlite_master WHERE type = 'view' AND name GLOB ?"
_REPORTING = "SELECT obj_description(to_regnamespace('reporting'), 'pg_namespace')"
_NAMES_ON_SERVER = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"

# Alembic's own table, made here because a new database meets Alembic only at its first upgrade.
_versions = Table("alembic_version", MetaData(), Column("version_num", Text, primary_key=True), sqlite_strict=True)


def create_all_tables(connection: Connection) -> None:
    """Make all tables of this version in an empty database, with an epoch of its own; the caller's transaction ends
    with its commit."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.dbapi_connection
        assert isinstance(driver, sqlite3.Connection)
        _empty_memory_database_to_copy().backup(driver)
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        _add_partial_index_conditions()
        for statement in _create_table_statements(connection.dialect):
            connection.exec_driver_sql(statement)
    connection.execute(_versions.insert(), {"version_num": REVISION})
    connection.execute(database.insert(), {"id": 1, "epoch": secrets.token_hex(8)})
    if connection.dialect.name != "sqlite":
        from queuedesk.store.rights import functions

        functions.install_triggers_and_functions(connection)


@cache
def _empty_memory_database_to_copy() -> sqlite3.Connection:
    """Return a database in memory that has every table and no row, made once: each damage that is looked for, each
    backup that is proven and each day that is played has a database of its own, and to copy one takes a fifth of the
    time."""
    made = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    made.execute(f"PRAGMA application_id={APPLICATION_ID}")
    made.execute("BEGIN")
    for statement in _create_table_statements(sqlite.dialect()):
        made.execute(statement)
    made.execute("COMMIT")
    return made


def _create_table_statements(dialect: Dialect, only: Sequence[Table] | None = None) -> list[str]:
    """Return what makes every table, or these of the hall's."""
    found: list[str] = []
    aside = create_mock_engine(
        f"{dialect.name}+{dialect.driver}://", lambda part, *_, **__: found.append(str(part.compile(dialect=dialect)))
    )
    tables = metadata_of_all_tables()
    tables.create_all(aside, tables=only or tables.sorted_tables, checkfirst=False)
    if only is None:
        _versions.metadata.create_all(aside, checkfirst=False)
    return found


def _add_partial_index_conditions() -> None:
    """Give PostgreSQL the conditions of the partial indexes."""
    for table in metadata_of_all_tables().tables.values():
        for index in table.indexes:
            if "only" in index.info:
                index.dialect_kwargs["postgresql_where"] = text(index.info["only"])


def version_from_rows(rows: Sequence[Sequence[object]]) -> str:
    """Return the revision in the rows of alembic_version: four digits. Raises ValueError if they name none."""
    if len(rows) != 1 or len(rows[0]) != 1:
        raise ValueError(len(rows))
    found = str(rows[0][0])
    if not (found.isascii() and found.isdigit() and len(found) == len(REVISION) and int(found) > 0):
        raise ValueError(found)
    return found


@contextmanager
def translate_upgrade_errors(place: str, found: str) -> Iterator[None]:
    """Report a failed upgrade in one way; other errors from outside pass unchanged. Raises OutsideError
    "database_not_upgraded" (path, version, cause)."""
    try:
        yield
    except OutsideError:
        raise
    except Exception as error:
        if outside_error_of(error) is not None:
            raise
        cause = f"{type(error).__name__}: {error}".partition("\n")[0]
        raise OutsideError("database_not_upgraded", path=place, version=int(found), cause=cause) from error


def upgrade_tables_to_newest(connection: Connection, found: str) -> None:
    """Bring the tables of an open transaction from revision `found` to the newest one; the caller commits. If a
    revision on the way changed what follows from the logs, that is rebuilt by this program when all have run."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    drop_reporting_views(connection)
    scripts = _migration_scripts()
    head = newest_migration_revision()
    rebuilds = [getattr(script.module, "REBUILDS", False) for script in scripts.iterate_revisions(head, found)]
    config = Config(attributes={"connection": connection})
    with EnvironmentContext(config, scripts, fn=lambda rev, _: scripts._upgrade_revs(head, rev)):
        scripts.run_env()
    if connection.dialect.name != "sqlite":
        _add_partial_index_conditions()
    # A program from within a revision has that revision's number and may lack some of its tables.
    tables = metadata_of_all_tables()
    core = [table for table in tables.sorted_tables if table.name not in ADDED]
    tables.create_all(connection, checkfirst=True, tables=core)
    if any(rebuilds):
        _rebuild_tables_derived_from_logs(connection)
    else:
        create_missing_tables_and_fill(connection)
    connection.execute(database.update().values(oldest=oldest_compatible_revision()))


def oldest_compatible_revision() -> str:
    """Return the oldest revision whose programs may go on with the newest tables. Each one after it says `ADDS = True`:
    it adds only tables and nullable columns that they need not fill, and no kind of event: they would set it aside.
    Alembic is not asked: to load it and all revisions takes a quarter of a second."""
    newest_first = sorted((MIGRATIONS / "versions").glob("[0-9]*.py"), reverse=True)
    return next(path.name[:4] for path in newest_first if "\nADDS = True\n" not in path.read_text(encoding="utf-8"))


def may_open_newer(rows: Sequence[Sequence[object]]) -> bool:
    """Whether this program may go on with newer tables; `rows` are the answer to OLDEST."""
    try:
        return version_from_rows(rows) <= REVISION
    except ValueError:
        return False


def drop_reporting_views(connection: Connection, names: str = "*") -> None:
    """Drop the views that features/open_figures makes again, in a file any of these `names`: they would keep a revision
    from changing their tables."""
    if connection.dialect.name == "sqlite":
        for name in list(connection.exec_driver_sql(_VIEW_NAMES, (names,)).scalars()):
            connection.exec_driver_sql(f'DROP VIEW "{name}"')
    elif str(connection.exec_driver_sql(_REPORTING).scalar()).startswith("QueueDesk "):
        connection.exec_driver_sql("DROP SCHEMA reporting CASCADE")


def missing_feature_tables(there: Iterable[str]) -> list[str]:
    return list(ADDED.keys() - set(there)) if ADDED else []


def needs_feature_tables(connection: Connection) -> bool:
    return bool(ADDED) and bool(missing_feature_tables(_table_names(connection)))


def create_missing_tables_and_fill(connection: Connection) -> None:
    """Make the tables of features that are not there, with what each hall's log says; the caller commits."""
    from queuedesk.store.log import book
    from queuedesk.store.parts import halls

    missing = missing_feature_tables(_table_names(connection))
    if not missing:
        return
    if connection.dialect.name != "sqlite":
        _add_partial_index_conditions()
    for statement in _create_table_statements(connection.dialect, [*map(table_named, missing)]):
        connection.exec_driver_sql(statement)
    for hall, _code in halls.hall_ids_and_codes(connection):
        book.fill_feature_tables_from_log(
            connection, hall, [part for name in missing if (part := ADDED[name]) is not None]
        )


def _table_names(connection: Connection) -> list[str]:
    asked = TABLE_NAMES if connection.dialect.name == "sqlite" else _NAMES_ON_SERVER
    return list(connection.exec_driver_sql(asked).scalars())


_ANEW: dict[str, list[str]] = {}
"""By the kind of database: what makes the tables that follow from the logs; an upgrade of a file needs it twice."""


def _rebuild_tables_derived_from_logs(connection: Connection) -> None:
    """Make the tables that follow from the logs as they are now, and work them out from each hall's log."""
    from queuedesk.store.log import book
    from queuedesk.store.parts import halls

    for name in FOLLOWING:
        connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{name}"')
    kind = connection.dialect.name
    if kind not in _ANEW:
        _ANEW[kind] = _create_table_statements(connection.dialect, [*map(table_named, FOLLOWING)])
    for statement in _ANEW[kind]:
        connection.exec_driver_sql(statement)
    for hall, _code in halls.hall_ids_and_codes(connection):
        book.rebuild_from_log_and_give_faults(connection, hall)


def stored_revision(connection: Connection) -> str:
    return str(connection.scalar(_versions.select()))


def newest_migration_revision() -> str:
    """Return the newest revision under migrations/."""
    head = _migration_scripts().get_current_head()
    assert head is not None
    return head


def _migration_scripts() -> "ScriptDirectory":
    return _script_directory_of_folder(MIGRATIONS)


@cache
def _script_directory_of_folder(folder: Path) -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(folder))
