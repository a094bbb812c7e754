"""Writes a backup: one file with everything of a database that does not follow from its logs."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from queuedesk.core.errors import OutsideError
from queuedesk.files.own import must_suit_a_hall
from queuedesk.files.writing import make_private, private_folder
from queuedesk.store.engine.hall_file import BACKUPS, connect, set_aside_journals
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events, snapshot
from queuedesk.store.parts import halls
from queuedesk.store.parts.part_tables import FOLLOWING
from queuedesk.store.rights import grants
from queuedesk.store.schema.beside import pins
from queuedesk.store.schema.tables import LEARNED, OUTSIDE
from queuedesk.store.schema.tables import events as log
from queuedesk.store.upkeep.pack import DAMAGE, HallCopy, Kind, Pack, write_pack

BEFORE_RESTORE = "-before-restore-"
"""In the names of the copies that a restore keeps."""
BACKUP = Kind("queuedesk-backup", OUTSIDE, "backup")


def write_backup(tx: Transaction, path: Path, *, program: str, made: datetime) -> list[str]:
    """Write every hall that the transaction sees completely, and return the tables that it could not read and left
    empty.

    The file at `path` is replaced as a whole. Raises OutsideError "cannot_write".
    """
    # A PC of a shared hall may look on at others, without what stands beside their logs, and reads no PIN's hash.
    own = grants.own_hall(tx)
    without = [] if own is None else [pins.name]
    ids = [id for id, _ in halls.listed(tx) if own in (None, id)]
    write_pack(tx, path, BACKUP, ids, program=program, made=made, without=without)
    return without


class Backup(Pack):
    """A backup file, open for reading: "backup_damaged", "backup_newer"."""

    KIND = BACKUP

    def load(self, tx: Transaction, copy: HallCopy) -> None:
        """Write one of its halls into an empty database and build its tables from its log. Raises OutsideError
        "backup_damaged"."""
        halls.create(tx, copy.id, copy.code)
        self._fill(tx, copy, copy.id)

    def put_back(self, tx: Transaction, copy: HallCopy, hall: int) -> None:
        """Replace the hall with that id by one from the backup; everything of the old one is removed, except PINs that
        the file lacks.

        Raises OutsideError "backup_damaged".
        """
        for table in (*OUTSIDE, *FOLLOWING, *LEARNED, log):
            if table.name not in self.without:
                tx.execute(table.delete().where(table.c.hall == hall))
        halls.begin_anew(tx, hall)
        self._fill(tx, copy, hall)

    def _fill(self, tx: Transaction, copy: HallCopy, hall: int) -> None:
        try:
            events.append_copies(tx, hall, self.events(copy.id))
            for table in OUTSIDE:
                self.load_table(tx, table, copy.id, hall)
            snapshot.rebuild(tx, hall)
        except DAMAGE as error:
            raise self.damaged() from error


def put_in_place(new: Path, target: Path, *, stamp_text: str) -> Path | None:
    """Put the database file `new` at `target`; return the copy kept of what was there, None if nothing was.

    Nobody can write to the old one meanwhile; processes that have it open notice the new file. Raises RuleError
    "own_file" if another of the program's own files is there, OutsideError "cannot_write" (then the old one is
    unchanged), sqlite3.Error "busy" as database does.
    """
    try:
        must_suit_a_hall(target)
        if not target.exists():
            set_aside_journals(target, keep=True)
            new.replace(target)
            return None
        folder = private_folder(target.parent / BACKUPS)
        kept = _free_name(folder, f"{target.stem}{BEFORE_RESTORE}{stamp_text}")
        with _held(target):
            is_whole = _copy_database(target, kept)
            set_aside_journals(target, keep=not is_whole)
            new.replace(target)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(target)) from error
    return kept


class _held:  # noqa: N801 - a context manager, named like one
    """Holds the write lock of a database file, where it is one that still opens."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> None:
        with suppress(sqlite3.Error):
            self._connection = connect(self._path)
            self._connection.execute("PRAGMA busy_timeout=5000")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            self._connection.close()


def _copy_database(source: Path, target: Path) -> bool:
    """Copy a database with what its journal holds and return True; one that is damaged byte by byte, without it."""
    draft = target.with_name(f".{target.name}.new")
    draft.unlink(missing_ok=True)
    make_private(draft)
    try:
        try:
            with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(draft)) as new:
                old.backup(new)
            is_whole = True
        except sqlite3.Error:
            shutil.copyfile(source, draft)
            is_whole = False
        draft.replace(target)
        return is_whole
    finally:
        draft.unlink(missing_ok=True)


def _free_name(folder: Path, stem: str) -> Path:
    names = (f"{stem}.sqlite" if n == 1 else f"{stem}-{n}.sqlite" for n in range(1, 10_000))
    return next(folder / name for name in names if not (folder / name).exists())
