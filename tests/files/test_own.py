"""What is the hall's own is known by what it holds and by its inode, however the path is spelled."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.desk.upkeep import maintenance
from queuedesk.files.lock import FileLock
from queuedesk.files.writing import open_for_atomic_write, write_file
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
