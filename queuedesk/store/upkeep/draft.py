"""Builds a database aside and puts it in place whole or not at all."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.faults import outside
from queuedesk.store.engine.hall_file import connect, place_new


@contextmanager
def drafted(target: Path | None) -> Iterator[Database]:
    """Open an empty database; if the block succeeds it is put at `target`, safe on the disk, else nothing is.

    Without a target it is always deleted. Raises RuleError "exists", OutsideError "cannot_write", "database_full".
    """
    if target is not None and target.exists():
        raise RuleError("exists", path=str(target))
    target = target.absolute() if target is not None else None
    try:
        folder = tempfile.TemporaryDirectory(
            prefix=".queuedesk-" if target else "queuedesk-",
            dir=target.parent if target else None,
            ignore_cleanup_errors=True,
        )
    except OSError as error:
        raise OutsideError("cannot_write", path=str(target or tempfile.gettempdir())) from error
    with folder as name:
        file = Path(name) / "hall.sqlite"
        database = Database.create(file, is_draft=True)
        try:
            yield database
        finally:
            database.dispose()
        if target is not None:
            _put_in_place(file, target)


def _put_in_place(file: Path, target: Path) -> None:
    try:
        with closing(connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
        _wait_for_disk(file, os.O_RDWR)
        place_new(file, target)
        if os.name == "posix":
            _wait_for_disk(target.parent, os.O_RDONLY)
    except (sqlite3.Error, OSError) as error:
        trouble = outside(error, target)
        if trouble is not None and trouble.code == "database_full":
            raise trouble from error
        raise OutsideError("cannot_write", path=str(target)) from error


def _wait_for_disk(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
