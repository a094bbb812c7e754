"""A database made aside stands in its place whole and safe, or nothing does."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.store.engine import hall_file
from queuedesk.store.engine.database import Database
from queuedesk.store.upkeep.exchange import drafted


def level(database: Database) -> int:
    with database.read() as tx:
        return int(tx.execute(text("PRAGMA synchronous")).scalar_one())


def test_what_ends_well_stands_in_its_place_as_one_file(tmp_path: Path) -> None:
    target = tmp_path / "hall.sqlite"
    with drafted(target) as database:
        with database.write() as tx:
            tx.execute(text("CREATE TABLE kept (n INTEGER)"))
            tx.execute(text("INSERT INTO kept VALUES (7)"))
        assert not target.exists()

    assert list(tmp_path.iterdir()) == [target]
    connection = sqlite3.connect(target)
    assert connection.execute("SELECT n FROM kept").fetchall() == [(7,)]
    connection.close()


def test_a_draft_does_not_wait_for_the_disk_and_a_hall_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = Path(hall_file.__file__).read_text(encoding="utf-8")
    assert 'SYNCHRONOUS = "FULL"' in shipped
    monkeypatch.setattr(hall_file, "SYNCHRONOUS", "FULL")  # which other tests here do not wait for
    target = tmp_path / "hall.sqlite"
    with drafted(target) as database:
        hasty = level(database)
    opened = Database.open(target)
    safe = level(opened)
    opened.dispose()

    assert (hasty, safe) == (0, 2)


@pytest.mark.parametrize("trouble", [ValueError, KeyboardInterrupt, RuleError("bad_rows")])
def test_what_ends_badly_leaves_nothing(tmp_path: Path, trouble: type[BaseException] | BaseException) -> None:
    with pytest.raises((ValueError, KeyboardInterrupt, RuleError)), drafted(tmp_path / "hall.sqlite"):
        raise trouble

    assert list(tmp_path.iterdir()) == []


def test_nothing_that_stands_there_is_replaced(tmp_path: Path) -> None:
    """Neither what was there before nor what came meanwhile."""
    target = tmp_path / "hall.sqlite"
    target.write_bytes(b"mine")
    with pytest.raises(RuleError) as before, drafted(target):
        pass
    target.unlink()
    with pytest.raises(RuleError) as meanwhile, drafted(target):
        target.write_bytes(b"mine too")

    assert (before.value.code, meanwhile.value.code) == ("exists", "exists")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("hall.sqlite", b"mine too")]


def test_without_a_place_it_is_thrown_away() -> None:
    with drafted(None) as database:
        assert database.path is not None
        folder = database.path.parent
        assert folder.exists()

    assert not folder.exists()


def test_a_folder_that_is_not_there_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutsideError) as error, drafted(tmp_path / "none" / "hall.sqlite"):
        pass

    assert error.value.code == "cannot_write"
