"""A hall's file with one value of one row changed: every column of every table, and what may be put there."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import old_halls

HUGE = 2**63 - 1
VALUES: tuple[object, ...] = ("2026-13-45", "x", "", "{", None, HUGE, -1, 1.5, b"\xff", " ")
"""A date that is none, a text, an empty one, half a JSON, nothing, numbers that no column holds, bytes; a blank is
added to what is there."""


@dataclass(frozen=True)
class Place:
    """A column of a table, with the type that it has in the file."""

    table: str
    column: str
    type: str

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}"


def whole_hall(folder: Path) -> Path:
    """Return a hall of a day and more with rows in most tables, as today's program has it; people have PINs."""
    path = folder / "hall.sqlite"
    path.write_bytes(_whole())
    return path


@cache
def _whole() -> bytes:
    from queuedesk.store.engine.database import Database

    with TemporaryDirectory() as folder:
        path = old_halls.file_of(old_halls.REVISIONS[-1], Path(folder))
        Database.open(path).dispose()
        return path.read_bytes()


def places(path: Path) -> list[Place]:
    """Return every column that has a row."""
    with closing(sqlite3.connect(path)) as hall:
        tables = [name for (name,) in hall.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return [
            Place(table, row[1], row[2])
            for table in sorted(tables)
            if hall.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
            for row in hall.execute(f'PRAGMA table_info("{table}")')
        ]


def damage(path: Path, place: Place, value: object) -> bool:
    """Put a value into the last row of a column; return whether the file took it and holds something else now."""
    column = f'"{place.column}"'
    with closing(sqlite3.connect(path)) as hall:
        hall.execute("PRAGMA foreign_keys=OFF")
        before = hall.execute(f'SELECT rowid, {column} FROM "{place.table}" ORDER BY rowid DESC LIMIT 1').fetchone()
        new = f"{before[1]} " if value == " " and isinstance(before[1], str) else value
        try:
            hall.execute(f'UPDATE "{place.table}" SET {column} = ? WHERE rowid = ?', (new, before[0]))
        except (sqlite3.IntegrityError, OverflowError):
            return False
        after = hall.execute(f'SELECT {column} FROM "{place.table}" WHERE rowid = ?', (before[0],)).fetchone()
        hall.commit()
        return after is None or after[0] != before[1]


def cases(path: Path) -> Iterator[tuple[Place, object]]:
    """Yield each column with each value."""
    for place in places(path):
        for value in VALUES:
            yield place, value
