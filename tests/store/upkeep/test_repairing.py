"""A hall is mended from what is left of it, as far as that goes, and never without a way back."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.desk.upkeep import maintenance
from queuedesk.store.engine.database import Database
from queuedesk.store.log import events
from queuedesk.store.parts import halls
from queuedesk.store.upkeep.exchange import opening_new_database_draft
from tests import engines
from tests.hall import CONSOLE, GUIDE, Hall, is_damaged, simple_hall


def begun(folder: Path) -> Hall:
    folder.joinpath("here").mkdir()
    hall = simple_hall(folder / "here")
    hall.play("open 1 staff=C1", "queue A A B", "call 1")
    return hall


pytestmark = pytest.mark.hall(make=begun)


def log_of(place: Path) -> list[str]:
    with Database.open(place) as db, db.read() as tx:
        return [event.hash for event in events.all_events(tx, halls.hall_ids_and_codes(tx)[0][0])]


def is_good(place: Path) -> bool:
    with Database.open(place) as db:
        return not is_damaged(db)


@pytest.mark.parametrize(
    "statements",
    [
        (
            "UPDATE tickets SET steps = '{'",
            "DELETE FROM legs",
            "UPDATE series SET number = 99",
            "UPDATE windows SET staff = 'C2'",
        ),
        ("UPDATE halls SET setup = replace(setup, 'Test hall', 'x')",),
        ("UPDATE halls SET date = '2026-13-45', code = 'QQ'",),
    ],
)
def test_tables_are_made_anew_from_the_log(hall: Hall, statements: tuple[str, ...]) -> None:
    before = log_of(hall.path)
    assert all(engines.execute(hall.desk.db, statement) > 0 for statement in statements)
    hall.desk.db.dispose()
    done = maintenance.repair_from_log(hall.path, hall.ask())
    assert is_good(hall.path)
    assert log_of(hall.path) == before
    assert not is_good(Path(done["copy"]))  # the way back
    assert maintenance.examine_and_plan_repair(hall.path).is_empty


@pytest.mark.parametrize("harm", ["page", "event", "file"])
def test_a_hall_is_made_anew_from_a_backup_and_what_is_left(hall: Hall, tmp_path: Path, harm: str) -> None:
    backup = hall.path.parent / "backups" / "own" / "b.zip"
    backup.parent.mkdir(parents=True)
    maintenance.write_database_backup(hall.desk.db, CONSOLE, backup, hall.clock())
    hall.queue("A", "B")
    before = [event.hash for event in hall.log()]
    place = hall.path
    hall.desk.db.dispose()
    with closing(sqlite3.connect(place)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if harm == "event":
            raw.execute("UPDATE events SET data = replace(data, '1', '2') WHERE seq = 4")
            raw.commit()
    if harm == "page":
        content = bytearray(place.read_bytes())
        content[4096 * 5 : 4096 * 40] = bytes(4096 * 35)
        place.write_bytes(content)
    elif harm == "file":
        place.write_bytes(b"")
    assert maintenance.examine_and_plan_repair(place).from_backup
    assert maintenance.newest_readable_backup(place) == backup

    done = maintenance.repair_from_backup(backup, place, hall.ask())

    found = log_of(place)
    kept = before if harm == "event" else before[:-2]  # with what came after the backup, where it can be read
    assert found[: len(kept)] == kept
    assert len(found) == len(kept) + 1
    assert is_good(place)
    assert Path(done["copy"]).is_file()  # the way back


def test_no_hall_is_made_anew_from_the_backup_of_another_beside_it(hall: Hall, tmp_path: Path) -> None:
    folder, other = hall.path.parent, tmp_path / "there"
    other.mkdir()
    neighbour = simple_hall(other, time="9:05")
    neighbour.queue("A")
    for one, name, later in ((hall, "own", 0), (neighbour, "other", 1)):
        folder.joinpath("backups", name).mkdir(parents=True)
        made = hall.clock() + timedelta(hours=later)
        maintenance.write_database_backup(one.desk.db, CONSOLE, folder / "backups" / name / "b.zip", made)
    hall.desk.db.dispose()
    own = folder / "backups" / "own" / "b.zip"
    assert maintenance.newest_readable_backup(hall.path) == own
    hall.path.write_bytes(b"")  # It does not say any more which hall it is.
    assert maintenance.newest_readable_backup(hall.path) is None
    folder.joinpath("backups", "other", "b.zip").unlink()
    assert maintenance.newest_readable_backup(hall.path) == own


def test_a_later_export_is_taken_in(hall: Hall, tmp_path: Path) -> None:
    maintenance.write_database_backup(hall.desk.db, CONSOLE, tmp_path / "b.zip", hall.clock())
    hall.queue("A", "B")
    maintenance.export_hall_log(hall.desk, CONSOLE, tmp_path / "e.zip", hall.clock())
    before = [event.hash for event in hall.log()]
    place = tmp_path / "new.sqlite"
    place.write_bytes(b"")
    maintenance.repair_from_backup(tmp_path / "b.zip", place, hall.ask(), export=tmp_path / "e.zip")
    assert log_of(place)[:-1] == before


def test_what_its_own_log_cannot_mend_stays_as_it_is(hall: Hall) -> None:
    engines.execute(hall.desk.db, "UPDATE events SET actor = 'M1' WHERE seq = 2")
    engines.execute(hall.desk.db, "DELETE FROM legs")
    before = hall.path.read_bytes()
    with pytest.raises(OutsideError, match="not_mended"):
        maintenance.repair_from_log(hall.path, hall.ask())
    with pytest.raises(RuleError, match="not_your_role"):  # It takes who may restore.
        maintenance.repair_from_log(hall.path, hall.ask(GUIDE))
    with pytest.raises(RuleError, match="not_your_role"):
        maintenance.repair_from_backup(Path("b"), hall.path, hall.ask(GUIDE))
    assert hall.path.read_bytes() == before


@pytest.mark.parametrize("work", ["restore", "merge"])
def test_a_link_goes_on_leading_to_the_hall(hall: Hall, tmp_path: Path, work: str) -> None:
    backup, export, disk, link = (tmp_path / name for name in ("b.zip", "e.zip", "disk", "link.sqlite"))
    maintenance.write_database_backup(hall.desk.db, CONSOLE, backup, hall.clock())
    maintenance.export_hall_log(hall.desk, CONSOLE, export, hall.clock())
    disk.mkdir()
    link.symlink_to(disk / "hall.sqlite")
    if work == "restore":
        for _once in range(2):
            maintenance.restore_database(backup, link, hall.ask(), replace=True)
    else:
        maintenance.merge_exported_log(export, link, hall.ask())
    assert link.is_symlink()
    assert is_good(disk / "hall.sqlite")
    assert log_of(link)[: len(hall.log())] == [event.hash for event in hall.log()]


@pytest.mark.parametrize("place", [Path(Path.cwd().anchor), Path("x" * 300)])
def test_a_place_that_can_be_no_file_is_refused(hall: Hall, tmp_path: Path, place: Path) -> None:
    backup, export, target = tmp_path / "b.zip", tmp_path / "e.zip", tmp_path / place
    maintenance.write_database_backup(hall.desk.db, CONSOLE, backup, hall.clock())
    maintenance.export_hall_log(hall.desk, CONSOLE, export, hall.clock())
    with pytest.raises(OutsideError, match="cannot_write"):
        maintenance.restore_database(backup, target, hall.ask(), replace=True)
    with pytest.raises(OutsideError, match="cannot_write"):
        maintenance.merge_exported_log(export, target, hall.ask())
    with pytest.raises((OutsideError, RuleError), match=r"cannot_write|exists"):
        Database.create(target)
    with pytest.raises((OutsideError, RuleError), match=r"cannot_write|exists"), opening_new_database_draft(target):
        pass
