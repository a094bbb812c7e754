"""The version of a database: building one of today's, bringing an older one up to date."""

import secrets
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, Dialect, Engine, MetaData, Table, Text, create_mock_engine, text

from queuedesk.store import schema
from queuedesk.store.schema_sharing import database

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

REVISION = "0014"
"""The newest revision under migrations/, written down because asking Alembic takes a third of a second.

Revisions are numbers of four digits, so that newer and older can be told apart without Alembic.
"""
APPLICATION_ID = 0x51446573  # "QDes" in the file's header: other programs' files are not ours to change.
MIGRATIONS = Path(__file__).parent / "migrations"
TABLES = schema.halls.metadata
"""Every table: importing the schema has made them all known."""

# Alembic's own table, made here because a new database meets Alembic only at its first upgrade.
_versions = Table("alembic_version", MetaData(), Column("version_num", Text, primary_key=True), sqlite_strict=True)

_MADE: dict[str, tuple[str, ...]] = {}  # by engine, what _statements() worked out


def build(connection: Connection) -> None:
    """Make all tables of this version in an empty database, with an epoch of its own; the caller's transaction ends with its commit."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        _name_conditions()
    for statement in _statements(connection.dialect):
        connection.exec_driver_sql(statement)
    connection.execute(_versions.insert(), {"version_num": REVISION})
    connection.execute(database.insert(), {"id": 1, "epoch": secrets.token_hex(8)})
    if connection.dialect.name != "sqlite":
        from queuedesk.store import log_guard

        log_guard.put_up(connection)


def _statements(dialect: Dialect) -> tuple[str, ...]:
    """Return what makes every table, worked out once for an engine: whole days are played in databases of their own."""
    if dialect.name not in _MADE:
        found: list[str] = []
        aside = create_mock_engine(
            f"{dialect.name}+{dialect.driver}://",
            lambda part, *_, **__: found.append(str(part.compile(dialect=dialect))),
        )
        for tables in (TABLES, _versions.metadata):
            tables.create_all(aside, checkfirst=False)
        _MADE[dialect.name] = tuple(found)
    return _MADE[dialect.name]


def _name_conditions() -> None:
    """Give PostgreSQL the conditions of the partial indexes."""
    for table in TABLES.tables.values():
        for index in table.indexes:
            if "only" in index.info:
                index.dialect_kwargs["postgresql_where"] = text(index.info["only"])


def upgrade(engine: Engine, path: Path) -> None:
    """Bring the file at `path` to the newest revision, all or nothing; `engine` opens it with foreign keys off.

    A copy goes into backups/ beside it first. Of several at once the second is refused as busy and, when it tries
    again, finds nothing to do.

    Raises sqlite3.Error, DBAPIError, OSError; ValueError if rows would be left pointing nowhere.
    """
    with engine.connect() as connection:
        connection.begin()
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        found = connection.scalar(_versions.select())
        if found == newest():
            return
        _copy(path, f"{path.stem}-{found}")
        bring_up_to_date(connection)
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise ValueError(path)
        connection.commit()


def bring_up_to_date(connection: Connection) -> None:
    """Bring the tables of an open transaction to the newest revision; the caller commits."""
    from alembic.runtime.environment import EnvironmentContext

    scripts = _scripts()
    head = newest()
    with EnvironmentContext(_config(connection), scripts, fn=lambda rev, _: scripts._upgrade_revs(head, rev)):
        scripts.run_env()


def newest() -> str:
    """Return the newest revision under migrations/."""
    head = _scripts().get_current_head()
    assert head is not None
    return head


def _scripts() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(MIGRATIONS))


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.attributes["connection"] = connection
    return config


def _copy(path: Path, stem: str) -> None:
    """Copy the file as it stands, whole or not at all, under a name that no earlier copy has."""
    folder = path.parent / "backups"
    folder.mkdir(exist_ok=True)
    copy = folder / f"{stem}.sqlite"
    number = 1
    while copy.exists():
        number += 1
        copy = folder / f"{stem}-{number}.sqlite"
    draft = folder / f".{copy.name}.new"
    draft.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(draft)) as target:
        source.backup(target)
    draft.rename(copy)
