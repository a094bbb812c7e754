"""What is the hall's own is known by what it holds and by its inode, however the path is spelled; and only its owner
reads a hall and what lies beside it, whatever mask the process has and however it came there."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from stat import S_IMODE

import pytest

from queuedesk.app.services.kept_reports import make_due_backup, write_due_reports
from queuedesk.app.this_pc import config
from queuedesk.cli import output
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.desk.upkeep import maintenance
from queuedesk.files.writing import FileLock, open_for_atomic_write, write_file
from queuedesk.store.engine.database import Database, copy_database_to_backups
from queuedesk.store.upkeep.exchange import opening_new_database_draft
from tests.hall import Hall, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = simple_hall(tmp_path)
    hall.issue("A")
    return hall


def kept(hall: Hall, folder: Path) -> dict[str, Path]:
    """Return every kind of file that is the program's own, each with something in it."""
    backup = maintenance.write_database_backup(hall.desk.db, hall.ask().who, folder / "hall.backup", hall.clock())
    copies = folder / "backups"
    copies.mkdir(exist_ok=True)
    copy = copies / "hall-0013.sqlite"
    with closing(sqlite3.connect(hall.path)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)
    config.write_whole_config(config.Config(station="guide"))
    lock = FileLock(folder / "hall-reports.lock")
    assert lock.try_to_take()
    lock.release()
    server = folder / "server"
    server.mkdir()
    for name in ("PG_VERSION", "postgresql.conf"):
        server.joinpath(name).write_bytes(b"stays")
    return {
        "hall": hall.path,
        "journal": hall.path.with_name("hall.sqlite-wal"),
        "index": hall.path.with_name("hall.sqlite-shm"),
        "copy": copy,
        "backup": backup,
        "settings": config.config_file(),
        "lock": folder / "hall-reports.lock",
        "server": server / "postgresql.conf",
    }


def as_it_is(path: Path, _folder: Path) -> Path:
    return path


def hard_link(path: Path, folder: Path) -> Path:
    (folder / "linked.csv").hardlink_to(path)
    return folder / "linked.csv"


def symlink(path: Path, folder: Path) -> Path:
    (folder / "symlinked.csv").symlink_to(path)
    return folder / "symlinked.csv"


def other_spelling(path: Path, folder: Path) -> Path:
    (folder / "by").symlink_to(path.parent)
    return folder / "by" / ".." / path.parent.name / "." / path.name


@pytest.mark.parametrize("spelled", [as_it_is, hard_link, symlink, other_spelling])
def test_nothing_of_the_halls_own_is_written_over(hall, tmp_path, spelled):
    for kind, path in kept(hall, tmp_path).items():
        if spelled is hard_link and kind in ("lock", "server"):
            continue  # they know their files by name: another name of one may go
        place = tmp_path / f"names-{kind}"
        place.mkdir()
        target, before = spelled(path, place), path.read_bytes()
        with pytest.raises(RuleError, match="own_file"):
            write_file(target, b"x")
        assert (path.read_bytes(), path.samefile(target)) == (before, True), kind
        assert not [one for one in path.parent.iterdir() if one.name.startswith(".")], kind


def test_to_look_whether_it_may_be_written_over_takes_no_lock_away(hall, tmp_path):
    tries = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
    with hall.desk.db.write(hall.desk.hall):
        for part in ("", "-wal", "-shm"):
            (tmp_path / f"linked{part}").hardlink_to(hall.path.with_name(hall.path.name + part))
            with pytest.raises(RuleError, match="own_file"):
                write_file(tmp_path / f"linked{part}", b"x")
        other = subprocess.run([sys.executable, "-c", tries, str(hall.path)], capture_output=True, text=True)
    assert "database is locked" in other.stderr


def test_a_journal_that_is_not_there_yet_is_kept_free_and_a_hall_that_comes_while_one_writes_stays(hall, tmp_path):
    with pytest.raises(RuleError, match="own_file"):
        write_file(hall.path.with_name("hall.sqlite-journal"), b"x")
    assert not hall.path.with_name("hall.sqlite-journal").exists()
    target = tmp_path / "table.csv"
    with pytest.raises(RuleError, match="own_file"), open_for_atomic_write(target, private=False) as file:
        file.write(b"x")
        shutil.copyfile(hall.path, target)
    assert target.read_bytes() == hall.path.read_bytes()


def test_a_backup_takes_the_place_of_a_backup_alone_and_no_hall_that_of_one(hall, tmp_path):
    backup = kept(hall, tmp_path)["backup"]
    before = backup.read_bytes()
    export = open_for_atomic_write(backup, private=True, pack="queuedesk-export")
    with pytest.raises(RuleError, match="own_file"), export:
        pass
    assert backup.read_bytes() == before
    another = Path(shutil.copy(backup, tmp_path / "another.backup"))
    with pytest.raises(RuleError, match="own_file"):
        maintenance.restore_database(backup, another, hall.ask(), replace=True)
    assert another.read_bytes() == before
    hall.queue("A")
    maintenance.write_database_backup(hall.desk.db, hall.ask().who, backup, hall.clock())
    assert backup.read_bytes() != before


def test_other_files_and_another_programs_database_are_replaced_and_keep_their_rights(tmp_path):
    target, link = tmp_path / "table.csv", tmp_path / "link.csv"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    write_file(link, b"new")
    assert (target.read_bytes(), link.is_symlink()) == (b"new", True)
    assert os.name == "nt" or target.stat().st_mode & 0o777 == 0o640
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE t (x)")
    write_file(other, b"new")
    assert other.read_bytes() == b"new"


def test_where_settings_and_data_share_a_folder_only_the_settings_are_kept(tmp_path, monkeypatch):
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    config.write_whole_config(config.Config(station="guide"))
    output = config.ensure_data_folder("backups") / "hall.csv"
    for content in (b"old", b"new"):
        write_file(output, content)
    assert (output.read_bytes(), output.parent.parent) == (b"new", config.config_file().parent)
    with pytest.raises(RuleError, match="own_file"):
        write_file(config.config_file(), b"x")
    with pytest.raises(OutsideError, match="cannot_write"):
        config.write_whole_config(config.Config(), tmp_path / "no\0" / "config.json")


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
