"""A journal that is lost after a kill is noticed: what people were told stands beside the file a second time."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue.issuing import issue
from queuedesk.desk.upkeep import examining
from queuedesk.store.engine.database import Database
from queuedesk.store.log import lost_events
from queuedesk.store.parts import halls
from tests.hall import Hall, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """A hall in a file, whose journal was taken in once; then eight tickets were given out, which stand in the journal
    alone."""
    tmp_path.joinpath("here").mkdir()
    hall = simple_hall(tmp_path / "here")
    hall.queue("A", "A")
    hall.desk.db.dispose()  # The last to close it takes the journal in.
    hall.queue(*"AAAAAAAA")
    return hall


def whole(_wal: Path, _before: bytes) -> None:
    """Leave the journal alone."""


def deleted(wal: Path, _before: bytes) -> None:
    wal.unlink()


def cut(wal: Path, _before: bytes) -> None:
    wal.write_bytes(wal.read_bytes()[: wal.stat().st_size // 2])


def of_another_time(wal: Path, before: bytes) -> None:
    wal.write_bytes(before)


def killed(hall: Hall, folder: Path, harm: Callable[[Path, bytes], None], before: bytes = b"x" * 5000) -> Database:
    """Return the hall as a kill left it, its journal harmed by somebody."""
    assert hall.desk.db.path is not None
    folder.mkdir()
    for file in hall.desk.db.path.parent.iterdir():
        if not file.name.endswith("-shm") and file.is_file():
            shutil.copyfile(file, folder / file.name)
    harm(folder / "hall.sqlite-wal", before)
    return Database.open(folder / "hall.sqlite")


def found(db: Database) -> dict[str, tuple[str, str]]:
    return {one.name: (one.status, one.what) for one in examining.examine(db) if one.name in ("told", "lost")}


def test_a_hall_that_was_killed_has_all_that_was_told(hall: Hall, tmp_path: Path) -> None:
    db = killed(hall, tmp_path / "there", whole)

    assert found(db) == {"told": ("ok", "")}


@pytest.mark.parametrize("harm", [deleted, cut, of_another_time])
def test_a_lost_journal_is_named_with_its_tickets(
    hall: Hall, tmp_path: Path, harm: Callable[[Path, bytes], None]
) -> None:
    db = killed(hall, tmp_path / "there", harm)
    last = hall.last().seq
    with db.read() as tx:
        there = halls.ends(tx)[0].seq

    assert there < last
    ((name, (status, what)),) = found(db).items()
    assert (name, status) == ("told", "failed")
    assert what.startswith(f"{there + 1}–{last} (2026-11-20 ")
    assert what.endswith("A010)")


def test_what_the_hall_went_on_without_stays_named(hall: Hall, tmp_path: Path) -> None:
    db = killed(hall, tmp_path / "there", deleted)
    issue(Desk(db, hall.desk.hall), Ask(hall.ask().who, hall.clock()), "A")

    assert [(name, status) for name, (status, _what) in found(db).items()] == [("lost", "failed")]


def test_another_hall_in_its_place_is_told_nothing_of_it(hall: Hall, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    simple_hall(other).desk.db.dispose()
    assert hall.desk.db.path is not None
    shutil.copyfile(lost_events.files_of(hall.desk.db.path)[0], other / "hall.sqlite-told")

    assert found(Database.open(other / "hall.sqlite")) == {"told": ("ok", "")}


def test_what_is_kept_stays_small_and_is_its_owners(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    assert hall.desk.db.path is not None
    now, before = lost_events.files_of(hall.desk.db.path)
    monkeypatch.setattr(lost_events, "LARGEST", now.stat().st_size)
    hall.queue("A", "A")

    assert before.stat().st_size > lost_events.LARGEST > now.stat().st_size
    assert [one.stat().st_mode & 0o777 for one in (now, before)] == [0o600, 0o600]
    assert found(hall.desk.db) == {"told": ("ok", "")}


@pytest.mark.parametrize("line", ["", "x", "e 1 {", "e 1 [[", "e x {}", "e 1 {}\0"])
def test_a_line_that_is_torn_says_nothing(hall: Hall, line: str) -> None:
    assert hall.desk.db.path is not None
    with lost_events.files_of(hall.desk.db.path)[0].open("a") as file:
        file.write(f"{line}\n")

    assert found(hall.desk.db) == {"told": ("ok", "")}


def test_where_nothing_can_be_kept_the_work_goes_on(hall: Hall) -> None:
    assert hall.desk.db.path is not None
    file = lost_events.files_of(hall.desk.db.path)[0]
    file.unlink()
    file.mkdir()

    assert hall.queue("A")
    assert found(hall.desk.db) == {}
