"""The folder of a database's backups: what it holds, what can serve as a backup, and notes on the last one."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import bindparam, select

from queuedesk import __version__
from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.upkeep import BackupStatus
from queuedesk.files.reading import has_leading_bytes
from queuedesk.store.engine.database import Database, is_proven_copy
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events
from queuedesk.store.parts import halls
from queuedesk.store.schema import backups, upsert_rows
from queuedesk.store.upkeep.pack import BEFORE_RESTORE, BackupArchive, HallCopy, write_backup_and_list_left_out

ENDING = ".zip"
UNPROVEN = f"unproven{ENDING}"
MARK = "queuedesk-backups.txt"
MARK_TEXT = """QueueDesk keeps backups here, a folder for each hall. To put one back: queuedesk restore FILE
QueueDesk 在这里存放备份，每个服务厅一个文件夹。恢复备份：queuedesk restore FILE
"""
_NAME = re.compile(r"\d{4}-\d\d-\d\d-\d{6}(-\d+)?\.zip")
_COPY = re.compile(rf"(.+?)(?:{BEFORE_RESTORE}\d{{8}}-\d{{6}}|-00\d\d)(?:-\d+)?\.(?:sqlite|zip)")
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
SPARE = 1_000_000
"""So many bytes besides are asked for where one more backup is to find its place."""
_FULL = (errno.ENOSPC, errno.EDQUOT)


class BackupFile(Struct, frozen=True, kw_only=True):
    """A backup by what it says of itself, unchecked."""

    path: Path
    made: datetime
    size: int
    halls: tuple[HallCopy, ...]


class HallCopyFile(Struct, frozen=True, kw_only=True):
    """A copy of the hall's whole file, made before it was changed: `why` is "restore" or "upgrade"; `proven` if it was
    upgraded in a throw-away hall."""

    path: Path
    made: datetime
    size: int
    why: str
    proven: bool


def backup_folder_name(tx: Transaction) -> str:
    """Return the name of the folder that belongs to this database: its first hall's code and the beginning of its log.
    So another hall's backups in the same place are never met, not even those of one with the same code. Raises
    OutsideError "database_missing" where there is no hall."""
    listed = halls.hall_ids_and_codes(tx)
    first = events.events_after(tx, listed[0][0], 0, 1) if listed else []
    if not first:
        raise OutsideError("database_missing", path="")
    return f"{_NOT_IN_NAMES.sub('_', listed[0][1])}-{first[0].hash[:8]}"


def mark_backup_folder(folder: Path) -> None:
    """Leave a mark in a chosen folder, by which it is recognized. Raises OutsideError "backup_gone", "backup_full",
    "backup_refused"."""
    try:
        if not folder.is_dir():
            raise OutsideError("backup_gone", path=str(folder))
        (folder / MARK).write_text(MARK_TEXT, encoding="utf-8")
    except OSError as error:
        raise backup_folder_error(error, folder) from error


def check_backup_folder_mark(folder: Path) -> None:
    """Raise OutsideError "backup_gone" if the mark is missing: when a disk is not plugged in, its mount point is an
    empty folder of another one."""
    try:
        if (folder / MARK).is_file():
            return
    except OSError:
        pass
    raise OutsideError("backup_gone", path=str(folder))


def check_backup_folder_space(folder: Path, size: int) -> None:
    """Check that another file of about that size has room. Raises OutsideError "backup_gone", "backup_full",
    "backup_refused"."""
    try:
        free, is_open = shutil.disk_usage(folder).free, os.access(folder, os.W_OK)
    except OSError as error:
        raise backup_folder_error(error, folder) from error
    if not is_open:
        raise OutsideError("backup_refused", path=str(folder))
    if free < size + SPARE:
        raise OutsideError("backup_full", path=str(folder))


def create_backup_folder(folder: Path) -> None:
    """Make a database's folder where it is missing, for its owner only. Raises OutsideError "backup_gone",
    "backup_full", "backup_refused"."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise backup_folder_error(error, folder) from error


def backup_folder_error(error: BaseException | None, folder: Path) -> OutsideError:
    """Return the error for a folder that took no backup."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _FULL:
            return OutsideError("backup_full", path=str(folder))
        if isinstance(error, FileNotFoundError):
            return OutsideError("backup_gone", path=str(folder))
        error = error.__cause__
    return OutsideError("backup_refused", path=str(folder))


def backups_in_folder(folder: Path) -> list[BackupFile]:
    """Return the backups in a folder, the newest first, ignoring other and unreadable files. Raises OutsideError
    "backup_gone"."""
    try:
        names = sorted(path for path in folder.iterdir() if path.suffix == ENDING)
    except OSError as error:
        raise OutsideError("backup_gone", path=str(folder)) from error
    read = (_read_backup(path) for path in names)
    return sorted((file for file in read if file is not None), key=lambda one: (one.made, one.path), reverse=True)


def proven_automatic_backups(folder: Path) -> list[BackupFile]:
    """Return those of backups_in_folder() that were proven and made automatically: backups made by hand have other
    names."""
    return [file for file in backups_in_folder(folder) if _NAME.fullmatch(file.path.name)]


def file_copies_of_halls_with_times(folder: Path, stems: Container[str]) -> Iterator[tuple[Path, datetime]]:
    """Yield the copies that updates and restores left of the hall files or halls called `stems`, and when each was
    made."""
    with suppress(OSError):
        for path in folder.iterdir():
            match = _COPY.fullmatch(path.name)
            if match is not None and match[1] in stems:
                yield path, datetime.fromtimestamp(path.stat().st_mtime, UTC)


def hall_file_copies_in_folder(folder: Path) -> list[HallCopyFile]:
    """Return the copies of hall files in a folder, the newest first; none where it can't be read."""
    found = []
    with suppress(OSError):
        for path in folder.glob("*.sqlite"):
            status = path.stat()
            why = "restore" if BEFORE_RESTORE in path.name else "upgrade"
            made = datetime.fromtimestamp(status.st_mtime, UTC)
            found.append(
                HallCopyFile(
                    path=path, made=made, size=status.st_size, why=why, proven=why == "upgrade" and is_proven_copy(path)
                )
            )
    return sorted(found, key=lambda one: (one.made, one.path), reverse=True)


def _read_backup(path: Path) -> BackupFile | None:
    try:
        with BackupArchive(path) as backup:
            return BackupFile(
                path=path, made=backup.made, size=path.stat().st_size, halls=tuple(backup.listed_hall_copies())
            )
    except (QueueDeskError, OSError):
        return None


def remove_unfinished_backups(folder: Path) -> None:
    """Remove what a process left that was killed while it wrote; only for the process that holds the lock."""
    with suppress(OSError):
        for path in folder.iterdir():
            if path.name.startswith(".") and ENDING in path.name and path.is_file():
                path.unlink(missing_ok=True)


def draft_backup_path(folder: Path) -> Path:
    return folder / f".draft-{os.getpid()}{ENDING}"


def rename_proven_backup_from_draft(draft: Path, folder: Path, made: datetime) -> Path:
    """Give a proven backup its name, by when it was made on the hall's clock, and make sure that it survives a power
    cut. Raises OSError."""
    stem = f"{made:%Y-%m-%d-%H%M%S}"
    names = (f"{stem}{ENDING}" if n == 1 else f"{stem}-{n}{ENDING}" for n in range(1, 10_000))
    path = next(folder / name for name in names if not (folder / name).exists())
    draft.rename(path)
    _sync_folder(folder)
    return path


def _sync_folder(folder: Path) -> None:
    """Write the folder itself to the disk; a share or Windows may not know how."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def is_same_disk(folder: Path, beside: Path) -> bool:
    """Whether two places are lost together when a disk breaks, as far as the system tells."""
    try:
        return folder.stat().st_dev == beside.stat().st_dev
    except OSError:
        return False


def remove_backups(paths: Sequence[Path]) -> list[Path]:
    """Remove superseded backups; return those removed. One that can't be removed only takes up room."""
    gone = []
    for path in paths:
        with suppress(OSError):
            path.unlink()
            gone.append(path)
    return gone


# Notes about each hall's backups: the last proven one, and the result of the last try.

_OF = select(backups).where(backups.c.hall == bindparam("hall"))


def stored_backup_status(tx: Transaction, hall: int) -> BackupStatus:
    """Return what is known; None for a hall that was never backed up automatically."""
    row = tx.execute(_OF, {"hall": hall}).first()
    if row is None:
        return BackupStatus()
    values = {key: value for key, value in row._mapping.items() if key != "hall"}
    return BackupStatus(**values | {"same_disk": bool(values["same_disk"])})


def save_backup_status(tx: Transaction, hall: int, note: BackupStatus) -> None:
    upsert_rows(tx, backups, asdict(note) | {"hall": hall, "same_disk": int(note.same_disk)})


# Lists everything that can serve as a backup: backups, and copies left by an update or a restore.

_SQLITE = b"SQLite format 3\0"
_CODES = {
    "database_newer": "backup_newer",
    "database_damaged": "backup_damaged",
    "database_missing": "wrong_kind",
    "wrong_kind": "wrong_kind",
}


@contextmanager
def open_as_backup_file(file: Path) -> Iterator[Path]:
    """Open a backup with the content of `file`: itself, or one made from a copy of a hall's file, which may be of an
    older program. The file stays as it is. Raises OutsideError "backup_newer", "backup_damaged", "wrong_kind",
    "cannot_read", "cannot_write"."""
    if not has_leading_bytes(file, _SQLITE):  # Whoever opens it as a backup says what is wrong.
        yield file
        return
    folder = Path(tempfile.mkdtemp(prefix="queuedesk-"))
    try:
        backup = _write_backup_of_hall_file(file, folder)
        try:
            yield backup
        except QueueDeskError as error:
            if error.details.get("path") != str(backup):
                raise
            raise type(error)(error.code, **{**error.details, "path": str(file)}) from error  # the file that was given
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_backup_of_hall_file(file: Path, folder: Path) -> Path:
    copy, backup = folder / "hall.sqlite", folder / "hall.zip"
    try:
        shutil.copyfile(file, copy)
        made = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError as error:
        raise OutsideError("cannot_read", path=str(file)) from error
    try:
        with Database.open(copy) as db, db.read() as tx:
            write_backup_and_list_left_out(tx, backup, program=__version__, made=made)
    except OutsideError as error:
        if error.code not in _CODES:
            raise
        raise OutsideError(_CODES[error.code], path=str(file), wanted="backup") from error
    return backup
