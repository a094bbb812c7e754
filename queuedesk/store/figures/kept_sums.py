"""The sums of dates that are over, kept beside a hall's file: a report of a year would count each of them again.

They are only a memory of what was counted. Whoever keeps them says what they stand on, as a digest, and finds them only
by the same one; without the file, or where a row is damaged, everything is counted afresh.
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

ENDING = "-sums"
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
_WRITE = "INSERT OR REPLACE INTO sums (hall, date, stands_on, sums, digest) VALUES (?, ?, ?, ?, ?)"


class Kept(Struct, frozen=True):
    """The sums of a date, and the digest of all that they stand on."""

    stands_on: bytes
    sums: bytes


def read(path: Path, hall: int, first: date, last: date) -> dict[date, Kept]:
    """Return what is kept beside the hall file at `path` of the dates from `first` to `last`; nothing where it cannot
    be read."""
    beside, found = _beside(path), {}
    if not beside.exists():
        return {}
    with suppress(sqlite3.Error, ValueError), closing(_opened(beside, "ro")) as db:
        for day, stands_on, sums, digest in db.execute(_READ, (hall, str(first), str(last))):
            if digest == _digest(hall, day, stands_on, sums):
                found[date.fromisoformat(day)] = Kept(stands_on, sums)
    return found


def write(path: Path, hall: int, counted: Mapping[date, Kept]) -> None:
    """Keep what was counted; where that is impossible nothing is kept, and nobody waits."""
    beside = _beside(path)
    rows = [
        (hall, str(day), one.stands_on, one.sums, _digest(hall, str(day), one.stands_on, one.sums))
        for day, one in counted.items()
    ]
    with suppress(OSError, sqlite3.Error):
        if not beside.exists():
            os.close(os.open(beside, os.O_WRONLY | os.O_CREAT, 0o600))
        try:
            _put(beside, rows)
        except sqlite3.OperationalError:
            raise  # Somebody else writes, or there is no room.
        except sqlite3.DatabaseError:
            beside.unlink()


def forget(path: Path) -> None:
    """Keep nothing any more."""
    with suppress(OSError):
        _beside(path).unlink()


def _put(beside: Path, rows: list[tuple[int, str, bytes, bytes, bytes]]) -> None:
    with closing(_opened(beside, "rw")) as db, db:
        # What a lost power spoils is counted again.
        db.execute("PRAGMA journal_mode = MEMORY")
        db.execute("PRAGMA synchronous = OFF")
        db.execute(_MADE)
        db.executemany(_WRITE, rows)


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ENDING)


def _opened(beside: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{beside.absolute().as_uri()}?mode={mode}", timeout=0, uri=True)


def _digest(hall: int, day: str, stands_on: bytes, sums: bytes) -> bytes:
    return hashlib.blake2b(b"%d %b " % (hall, day.encode()) + stands_on + sums, digest_size=16).digest()
