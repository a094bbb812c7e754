"""A database that nobody else sees and that leaves nothing behind: what a log comes to is worked out there, to be
compared."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from queuedesk.store.engine.faults import outside
from queuedesk.store.engine.hall_file import passing_folder, sqlite_engine, upgrading_engine
from queuedesk.store.engine.migrate import build
from queuedesk.store.engine.types import Transaction


@contextmanager
def throw_away() -> Iterator[Transaction]:
    """Open a transaction that may write to an empty database with current tables; nothing of it is kept, however the
    process ends. Raises OutsideError "database_full" (path: where it had no room)."""
    with _emptied(sqlite_engine(None, is_draft=True)) as tx:
        tx.begin()
        build(tx)
        yield tx


@contextmanager
def throw_away_copy(file: Path) -> Iterator[Transaction]:
    """Open a transaction that may change every table of a copy of a hall's file, of any revision. Raises as
    throw_away() does, and sqlite3.Error."""
    with _emptied(upgrading_engine(None)) as tx:
        driver = tx.connection.dbapi_connection
        assert isinstance(driver, sqlite3.Connection)
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as source:
            source.backup(driver)
        tx.begin()
        tx.exec_driver_sql("BEGIN")
        yield tx


@contextmanager
def _emptied(engine: Engine) -> Iterator[Transaction]:
    try:
        with engine.connect() as tx:
            yield tx
    except (DBAPIError, sqlite3.Error) as error:
        trouble = outside(error, passing_folder())
        if trouble is None or trouble.code != "database_full":
            raise
        raise trouble from error
    finally:
        engine.dispose()
