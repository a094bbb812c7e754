"""Only its owner reads a hall and what lies beside it, whatever mask the process has and however it came there."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from stat import S_IMODE

import pytest

from queuedesk.app.services.kept_reports import make_due_backup, write_due_reports
from queuedesk.app.this_pc import config
from queuedesk.cli import output
from queuedesk.core.errors import OutsideError
from queuedesk.desk.upkeep import maintenance
from queuedesk.store.engine.database import Database, copy_database_to_backups
from queuedesk.store.upkeep.exchange import opening_new_database_draft
from tests.hall import simple_hall

NOBODY = 65534


@pytest.fixture(params=[0o000, 0o022])
def mask(request: pytest.FixtureRequest) -> Iterator[int]:
    """Let new files of this process be open to others."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """Return what others can read in a folder: a folder that they can't look into keeps what is in it."""
    found = []
    for path in sorted(folder.iterdir()):
        if S_IMODE(path.stat().st_mode) & 0o077:
            found += open_to_others(path) if path.is_dir() else [path.name]
    return found


def test_whatever_belongs_to_a_hall_is_its_owners_of_an_older_one_from_its_next_opening_on(tmp_path: Path, mask: int):
    hall = simple_hall(tmp_path)
    hall.path.chmod(0o664)
    hall.desk.db.dispose()
    assert open_to_others(tmp_path) == ["hall.sqlite"]
    copies = tmp_path / "backups"
    copies.mkdir()
    copies.chmod(0o755)
    copies.joinpath("old.sqlite").touch(mode=0o644)
    Database.open(hall.path).dispose()
    assert open_to_others(tmp_path) == []
    hall.queue("A")
    with hall.desk.db.read():  # while the journals are there
        assert open_to_others(tmp_path) == []
    backup = maintenance.write_database_backup(hall.desk.db, hall.ask().who, tmp_path / "hall.backup", hall.clock())
    maintenance.export_hall_log(hall.desk, hall.ask().who, tmp_path / "hall.log", hall.clock())
    maintenance.restore_database(backup, hall.path, hall.ask(), replace=True)
    with opening_new_database_draft(tmp_path / "played.sqlite"):
        pass
    (tmp_path / "lock").mkdir()
    assert open_to_others(tmp_path) == []


def test_what_is_no_hall_keeps_its_rights(tmp_path: Path) -> None:
    folder, copies, notes, other = (
        tmp_path / name for name in ("others", "others/backups", "notes.txt", "other.sqlite")
    )
    copies.mkdir(parents=True)
    notes.write_text("Nothing of a hall\n", encoding="utf-8")
    with closing(sqlite3.connect(other)) as made:
        made.execute("CREATE TABLE prices (price INTEGER)")
    for path, rights in ((folder, 0o777), (copies, 0o755), (notes, 0o644), (other, 0o664)):
        path.chmod(rights)
    before = {path: path.stat().st_mode for path in (folder, copies, notes, other)}
    for path in (folder, folder / ".", notes, other, Path(tmp_path.anchor)):
        with pytest.raises(OutsideError, match=r"database_(missing|damaged)|wrong_kind"):
            Database.open(path)
    assert {path: path.stat().st_mode for path in before} == before


def test_a_folder_that_reports_go_to_keeps_its_rights(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    folder = tmp_path / "desktop"
    folder.mkdir()
    folder.chmod(0o755)
    assert not write_due_reports(hall.desk, folder, hall.clock())["failed"]
    assert not write_due_reports(hall.desk, tmp_path / "new", hall.clock())["failed"]
    assert [S_IMODE(path.stat().st_mode) for path in (folder, tmp_path / "new")] == [0o755, 0o700]


def test_what_root_makes_for_a_hall_belongs_to_the_halls_owner(tmp_path: Path) -> None:
    owner = NOBODY if os.geteuid() == 0 else os.geteuid()
    hall = simple_hall(tmp_path)
    hall.desk.db.dispose()
    for path in (tmp_path, *tmp_path.iterdir()):
        os.chown(path, owner, -1)
    with Database.open(hall.path) as db:
        assert make_due_backup(db, hall.clock(), at_once=True)["made"]
        backup = maintenance.write_database_backup(db, hall.ask().who, tmp_path / "b.zip", hall.clock())
    maintenance.restore_database(backup, hall.path, hall.ask(), replace=True)
    with Database.open(hall.path) as db, db.write():
        copy_database_to_backups(hall.path, "hall-0001")
    made = [path for path in tmp_path.rglob("*") if path != backup]
    assert {"hall-0001.sqlite", "hall.sqlite", "hall.sqlite-backups.lock"} <= {path.name for path in made}
    assert {path.name for path in made if path.stat().st_uid != owner} == set()


def test_settings_and_logs_are_their_owners(mask: int) -> None:
    config.write_whole_config(config.Config())
    assert S_IMODE(config.config_file().stat().st_mode) == 0o600
    config.config_file().chmod(0o644)
    config.load_config()
    log = Path(output._append_to_command_log("what went wrong"))
    assert S_IMODE(config.config_file().stat().st_mode) == 0o600
    assert S_IMODE(log.parent.stat().st_mode) == S_IMODE(config.ensure_data_folder("reports").stat().st_mode) == 0o700
