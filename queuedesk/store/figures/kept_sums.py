"""The sums of dates that are over, kept in a file: a report of a year would count each of them again.

They are only a memory of what was counted. Whoever keeps them says what they stand on, as a digest, and finds them only
by the same one; without the file, or where a row is damaged, everything is counted afresh. The file is beside the
hall's; for a hall on a server each user has one in their own data folder, named by the hall's log.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

from msgspec import Struct

from queuedesk.files.writing import private_folder
from queuedesk.paths import data_folder
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import log_dates

ENDING = "-sums"
WORTH_KEEPING = 5_000
"""Fewer tickets are counted sooner than a file is written."""
_LOG_BYTES = 8
_MADE = """
CREATE TABLE IF NOT EXISTS sums (
    hall INTEGER NOT NULL,
    date TEXT NOT NULL,
    stands_on BLOB NOT NULL,
    sums BLOB NOT NULL,
    digest BLOB NOT NULL,
    CONSTRAINT pk_sums PRIMARY KEY (hall, date)
) STRICT
"""
_READ = "SELECT date, stands_on, sums, digest FROM sums WHERE hall = ? AND date BETWEEN ? AND ?"
_FORGET = "DELETE FROM sums WHERE hall = ? AND substr(stands_on, 1, ?) <> ?"
_WRITE = "INSERT OR REPLACE INTO sums (hall, date, stands_on, sums, digest) VALUES (?, ?, ?, ?, ?)"


class Kept(Struct, frozen=True):
    """The sums of a date, and the digest of all that they stand on: first of what all dates do, then of the rest."""

    stands_on: bytes
    sums: bytes


def file_of(tx: Transaction, hall: int, path: Path | None) -> Path | None:
    """Return where a hall's sums are kept; `path` is its file, None on a server. None for a hall without a log."""
    if path is not None:
        return beside(path)
    first = log_dates.hashes(tx, hall, [1]).get(1)
    if first is None:
        return None
    # Digested once more: what a server says is no name of a file.
    name = hashlib.blake2b(first.encode(), digest_size=_LOG_BYTES).hexdigest()
    return data_folder() / f"hall-{name}{ENDING}"


def beside(path: Path) -> Path:
    """Return where the sums of the hall in the file `path` are kept."""
    return path.with_name(path.name + ENDING)


def read(file: Path, hall: int, first: date, last: date) -> dict[date, Kept]:
    """Return what is kept of the dates from `first` to `last`; nothing where it cannot be read."""
    found: dict[date, Kept] = {}
    if not file.exists():
        return {}
    with suppress(sqlite3.Error, ValueError), closing(_opened(file, "ro")) as db:
        for day, stands_on, sums, digest in db.execute(_READ, (hall, str(first), str(last))):
            if digest == _digest(hall, day, stands_on, sums):
                found[date.fromisoformat(day)] = Kept(stands_on, sums)
    return found


def write(file: Path, hall: int, counted: Mapping[date, Kept], *, always: bytes) -> None:
    """Keep what was counted, and forget all dates of the hall whose digest does not begin with `always`; where that is
    impossible nothing is kept, and nobody waits."""
    rows = [
        (hall, str(day), one.stands_on, one.sums, _digest(hall, str(day), one.stands_on, one.sums))
        for day, one in counted.items()
    ]
    with suppress(OSError, sqlite3.Error):
        if not file.exists():
            if not file.parent.exists():
                private_folder(file.parent)
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
        try:
            _put(file, rows, (hall, len(always), always))
        except sqlite3.OperationalError:
            raise  # Somebody else writes, or there is no room.
        except sqlite3.DatabaseError:
            file.unlink()


def forget(file: Path) -> None:
    """Keep nothing any more. Raises ValueError for another file than one of sums."""
    if not file.name.endswith(ENDING):
        raise ValueError(file.name)
    with suppress(OSError):
        file.unlink()


def _put(file: Path, rows: list[tuple[int, str, bytes, bytes, bytes]], other_than: tuple[int, int, bytes]) -> None:
    with closing(_opened(file, "rw")) as db, db:
        # What a lost power spoils is counted again.
        db.execute("PRAGMA journal_mode = MEMORY")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA secure_delete = ON")
        db.execute(_MADE)
        db.execute(_FORGET, other_than)
        db.executemany(_WRITE, rows)


def _opened(file: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", timeout=0, uri=True)


def _digest(hall: int, day: str, stands_on: bytes, sums: bytes) -> bytes:
    return hashlib.blake2b(b"%d %b " % (hall, day.encode()) + stands_on + sums, digest_size=16).digest()
