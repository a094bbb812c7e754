"""A copy that is kept before a database changes counts only after it was read back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from queuedesk.store.engine import database
from tests.hall import simple_hall


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[sqlite3.Connection, sqlite3.Connection]]:
    """A hall's file and a copy of it."""
    hall = simple_hall(tmp_path)
    hall.queue("A", "A")
    hall.desk.db.dispose()
    with closing(sqlite3.connect(hall.path)) as source, closing(sqlite3.connect(tmp_path / "copy")) as copy:
        source.backup(copy)
        yield source, copy


def test_a_whole_one_counts(both: tuple[sqlite3.Connection, sqlite3.Connection]) -> None:
    database.must_hold_the_same(*both)


@pytest.mark.parametrize(
    "spoil",
    [
        "DELETE FROM tickets WHERE rowid = (SELECT max(rowid) FROM tickets)",
        "UPDATE events SET hash = '0' WHERE seq = (SELECT max(seq) FROM events)",
        "DROP TABLE commands",
    ],
)
def test_one_that_lacks_something_does_not(both: tuple[sqlite3.Connection, sqlite3.Connection], spoil: str) -> None:
    both[1].execute(spoil)

    with pytest.raises((OSError, sqlite3.Error)):
        database.must_hold_the_same(*both)
