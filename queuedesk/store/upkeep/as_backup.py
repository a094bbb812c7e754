"""Lists everything that can serve as a backup: backups, and copies left by an update or a restore."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from queuedesk import __version__
from queuedesk.core.errors import OutsideError
from queuedesk.store.engine.database import Database
from queuedesk.store.upkeep.backup import write_backup

_SQLITE = b"SQLite format 3\0"
_CODES = {
    "database_newer": "backup_newer",
    "database_damaged": "backup_damaged",
    "database_missing": "wrong_kind",
    "wrong_kind": "wrong_kind",
}


@contextmanager
def as_backup(file: Path) -> Iterator[Path]:
    """Give a backup with what `file` holds: itself, or one made of a copy of a hall's file, which may be of an older
    program.

    The file stays as it is. Raises OutsideError "backup_newer", "backup_damaged", "wrong_kind", "cannot_read",
    "cannot_write".
    """
    if not _is_hall_file(file):
        yield file
        return
    folder = Path(tempfile.mkdtemp(prefix="queuedesk-"))
    try:
        yield _written(file, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_hall_file(file: Path) -> bool:
    try:
        if not file.is_file():
            return False
        with file.open("rb") as opened:
            return opened.read(len(_SQLITE)) == _SQLITE
    except (OSError, ValueError):
        return False  # Whoever opens it as a backup says what is wrong.


def _written(file: Path, folder: Path) -> Path:
    copy, backup = folder / "hall.sqlite", folder / "hall.zip"
    try:
        shutil.copyfile(file, copy)
        made = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError as error:
        raise OutsideError("cannot_read", path=str(file)) from error
    try:
        db = Database.open(copy)
        try:
            with db.read() as tx:
                write_backup(tx, backup, program=__version__, made=made)
        finally:
            db.dispose()
    except OutsideError as error:
        if error.code not in _CODES:
            raise
        raise OutsideError(_CODES[error.code], path=str(file), wanted="backup") from error
    return backup
