"""Backups that make themselves: proven, kept by a rule; a folder that is gone, full or another hall's."""

import errno
import os
import random
import sqlite3
import stat
import subprocess
import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from queuedesk.app import main
from queuedesk.core.errors import OutsideError
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.talk.device import BACKUP
from queuedesk.desk.network import install_pc_rights
from queuedesk.desk.talk import devices
from queuedesk.desk.upkeep import maintenance
from queuedesk.store.engine.database import Database
from queuedesk.store.upkeep import backup_folder, pack
from queuedesk.store.upkeep.backup_folder import MARK
from queuedesk.store.upkeep.pack import BackupArchive
from tests.bounded import until
from tests.cli.commands import Console, ended, loaded
from tests.credentials import shared
from tests.hall import Hall, made_once, nine_today, simple_hall

TODAY = nine_today()
ZONE = str(TODAY.tzinfo)
pytestmark = pytest.mark.usefixtures("own_choices")


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, served)


def served(folder: Path) -> Hall:
    hall = simple_hall(folder, start=TODAY, timezone=ZONE)
    hall.play("open 1 staff=C1", "queue A A A", "serve-out 1")
    return hall


@pytest.fixture
def here(bare: Console, hall: Hall) -> Console:
    """A console in this process with all that the program lends it, some minutes later."""
    bare.clock, bare.services = hall.clock, main.command_services()
    return bare


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Another disk, as far as a test may have one."""
    (tmp_path / "disk").mkdir()
    return tmp_path / "disk"


def zips(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.zip"))


def failed(document: dict[str, Any]) -> list[str]:
    return [row["code"] for row in document["failed"]]


def cause(hall: Hall) -> str | None:
    """Return what the hall's equipment says of its backups."""
    return next(row["cause"] for row in devices.device_rows(hall.desk) if row["device"] == BACKUP)


def test_the_first_one_is_due_at_once_is_proven_and_can_be_put_back(here: Console, hall: Hall, tmp_path: Path):
    """Only its owner reads it. The next one comes half an hour after closing."""
    before = os.umask(0)
    try:
        document = here.ask("backups", "due")
    finally:
        os.umask(before)
    (file,) = zips(tmp_path / "backups")
    note, copy = maintenance.backup_note_of(hall.desk), BackupArchive(file).listed_hall_copies()[0]
    assert (document["made"], document["failed"]) == (str(file), [])
    assert (note.proven, note.place) == (hall.clock(), str(file.parent))
    assert (note.seq, note.hash) == (copy.seq, copy.hash)
    assert here.ask("backups", "due")["made"] is None, "one a day"
    assert not list(file.parent.glob(".*"))
    assert cause(hall) is None
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    hall.clock.now = TODAY.replace(hour=18, minute=1)
    assert here.ask("backups", "due")["made"]
    assert here.ask("backups", "due")["made"] is None
    hall.queue("A", "A")
    hall.desk.db.dispose()
    assert here.say("restore", file, "--yes").status == 0
    assert len(here.ask("tickets", "--date", str(TODAY.date()))["tickets"]) == 3


def test_another_folder_is_marked_used_and_told(here: Console, disk: Path, tmp_path: Path):
    document = here.ask("backups", "to", disk)
    listed = here.ask("backups", "list")
    assert Path(document["made"]).is_relative_to(disk)
    assert (listed["folder"], listed["is_own_choice"], listed["same_disk"]) == (str(disk), True, True)
    assert [row["file"] for row in listed["backups"]] == [document["made"]]
    assert listed["halls"][0]["trouble"] is None
    assert here.ask("backups", "to", "--beside")["folder"].startswith(str(tmp_path / "backups"))


def test_a_disk_that_is_not_plugged_in_or_full_or_can_only_be_read_is_told_and_keeps_what_it_has(
    here: Console, hall: Hall, disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Meanwhile copies lie beside the hall. A disk that can only be read refuses to remove as it refuses to write."""
    here.ask("backups", "to", disk)

    def must_fail(code: str) -> str:
        answer = here.say("--json", "backups", "due", "--now")
        assert (answer.status, failed(answer.document), cause(hall)) == (1, [code], code)
        return str(answer.document["made"])

    disk.rename(tmp_path / "pulled")
    disk.mkdir()  # the place where it hangs is an empty folder of the hall's own disk
    assert Path(must_fail("backup_gone")).is_relative_to(tmp_path / "backups")
    assert list(disk.iterdir()) == []
    disk.rmdir()
    (tmp_path / "pulled").rename(disk)
    assert (here.ask("backups", "due", "--now")["failed"], cause(hall)) == ([], None)
    kept, make, unlink, sync = zips(disk), tempfile.mkstemp, Path.unlink, os.fsync

    def refused(path: object, number: int) -> None:
        if Path(str(path)).is_relative_to(disk):
            raise OSError(number, os.strerror(number))

    def full(descriptor: int) -> None:
        refused(Path(f"/proc/self/fd/{descriptor}").readlink(), errno.ENOSPC)
        sync(descriptor)

    with monkeypatch.context() as filled:
        filled.setattr(os, "fsync", full)
        must_fail("backup_full")
    assert zips(disk) == kept and not list(kept[0].parent.glob(".*"))
    with monkeypatch.context() as read_only:
        read_only.setattr(tempfile, "mkstemp", lambda **asked: refused(asked.get("dir"), errno.EROFS) or make(**asked))
        read_only.setattr(Path, "unlink", lambda path, **asked: refused(path, errno.EROFS) or unlink(path, **asked))
        assert Path(must_fail("backup_refused")).is_relative_to(tmp_path / "backups")
    assert zips(disk) == kept


def test_another_halls_backups_in_the_same_place_are_never_touched(here: Console, disk: Path, tmp_path: Path):
    (tmp_path / "other").mkdir()
    other = simple_hall(tmp_path / "other", start=TODAY - timedelta(hours=1), timezone=ZONE)
    other.desk.db.dispose()
    mine = here.ask("backups", "to", disk)["made"]
    there = Console(other.path, here.read, here.clock, here.services)
    theirs = there.ask("backups", "due")["made"]
    by_hand = Path(mine).with_name("before the move.zip")
    by_hand.write_bytes(Path(mine).read_bytes())
    assert Path(theirs).parent != Path(mine).parent
    assert Path(theirs).parent.name.partition("-")[0] == Path(mine).parent.name.partition("-")[0], "one code, two logs"
    for _ in range(3):
        here.ask("backups", "due", "--now")
    assert Path(theirs).is_file() and by_hand.is_file() and (disk / MARK).is_file()
    assert len(zips(Path(mine).parent)) == 3 + 1, "the last three, and what a person put there"


def test_copies_of_updates_and_restores_are_kept_by_the_same_rule(here: Console, tmp_path: Path):
    """One a month for two years, and what a person or another hall's file left in the same folder."""
    folder = tmp_path / "backups"
    folder.mkdir()
    months = [TODAY.year * 12 + TODAY.month - 1 - n for n in range(1, 25)]
    moments = [TODAY.replace(year=month // 12, month=month % 12 + 1, day=15) for month in months]
    names = [f"hall-before-restore-{moment:%Y%m%d}-090000.sqlite" for moment in moments]
    names[0], names[-1] = "hall-0013.sqlite", "hall-0001-2.sqlite"
    others = ["hall-2025.sqlite", "other-0001.sqlite", "my hall-0001.sqlite", "hall-0001.txt"]
    for name, moment in [*zip(names, moments, strict=True), *((name, moments[-1]) for name in others)]:
        (folder / name).write_bytes(b"x")
        os.utime(folder / name, (moment.timestamp(), moment.timestamp()))
    removed = here.ask("backups", "due")["removed"]
    assert sorted(Path(path).name for path in removed) == sorted(names[12:])
    assert all((folder / name).exists() for name in (*names[:12], *others))


def test_a_wrong_clock_makes_one_and_takes_none(here: Console, hall: Hall, tmp_path: Path):
    """Ahead for a day, then right again: nothing of what was proven before is gone, and the next day has its own."""
    for day in range(4):
        hall.clock.now = TODAY + timedelta(days=day, hours=10)
        here.ask("backups", "due")
    good = set(zips(tmp_path))
    hall.clock.now = TODAY.replace(year=2100, day=1)  # not each year has the day of today
    here.ask("backups", "due", "--now")
    hall.clock.now = TODAY + timedelta(days=4, hours=10)
    assert here.ask("backups", "due")["made"]
    assert good < set(zips(tmp_path))


def test_what_does_not_give_the_hall_back_does_not_count(here: Console, hall: Hall, tmp_path: Path):
    """A row that the log does not know is in the tables: the log is safe, but the copy is not what the hall says."""
    here.ask("backups", "due")
    proven = maintenance.backup_note_of(hall.desk)
    with sqlite3.connect(hall.path) as file:
        file.execute("DELETE FROM calls WHERE rowid = (SELECT min(rowid) FROM calls)")
    answer = here.say("--json", "backups", "due", "--now")
    assert (answer.status, failed(answer.document)) == (1, ["backup_unproven"])
    assert maintenance.backup_note_of(hall.desk).proven == proven.proven
    assert [path.name for path in zips(tmp_path)][-1] == "unproven.zip"
    assert cause(hall) == "backup_unproven"


def test_a_copy_that_is_spoilt_on_its_way_is_found(hall: Hall, tmp_path: Path):
    copy = tmp_path / "copy.zip"
    with hall.desk.db.read() as tx:
        told = pack.database_summaries_by_hall_id(tx)
        maintenance.pack.write_backup_and_list_left_out(tx, copy, program="1", made=hall.clock())
    spoilt = bytearray(copy.read_bytes())
    spoilt[len(spoilt) // 3] ^= 1
    copy.write_bytes(spoilt)
    with pytest.raises(OutsideError) as refused:
        pack.require_restorable_backup(copy, told)
    assert (refused.value.code, refused.value.details["what"]) == ("backup_unproven", "file")


@pytest.fixture
def now(here: Console, hall: Hall) -> Console:
    """A console that goes by the real clock, as processes beside it do."""
    hall.desk.db.dispose()
    here.clock = lambda: datetime.now(UTC)
    return here


def test_one_that_comes_while_another_is_at_it_makes_none(now: Console, tmp_path: Path):
    running = loaded(now.db, "backups", "due")
    until(lambda: any(tmp_path.glob("backups/*/.draft*")) or zips(tmp_path))
    assert now.ask("backups", "due")["made"] is None
    assert ended(running).status == 0
    assert len(zips(tmp_path)) == 1


KILLS = 8
LONGEST_S = 0.5
"""By then one is made, proven and put in place."""


def test_killed_at_any_moment_it_leaves_no_half_file(now: Console, tmp_path: Path):
    dice = random.Random(7)
    for _ in range(KILLS):
        running = loaded(now.db, "backups", "due", "--now")
        with suppress(subprocess.TimeoutExpired):
            running.wait(dice.uniform(0.0, LONGEST_S))
        running.kill()
        ended(running)
        for path in zips(tmp_path):
            if not path.name.startswith("."):
                with BackupArchive(path) as backup:
                    assert backup.verified_hall_copies()
    assert now.ask("backups", "due", "--now")["failed"] == []
    assert not list((tmp_path / "backups").rglob(".*"))


def test_simulated_halls_have_none(bare: Console, tmp_path: Path):
    own = {"code": "T", "name": "Test hall", "timezone": ZONE, "simulated": True}
    hall = simple_hall(tmp_path, start=TODAY, hall=own)
    bare.clock, bare.services = hall.clock, main.command_services()
    assert bare.ask("backups", "due", "--gently")["made"] is None
    assert bare.refused("backups", "due") == "simulated"


def backup_check(here: Console) -> tuple[str, str]:
    (found,) = [row for row in here.ask("doctor")["checks"] if row["name"] == "backups T"]
    return found["status"], found["message"]


@pytest.mark.usefixtures("hall_alone")
def test_doctor_says_when_the_last_was_proven_and_warns_where_it_is_old_or_its_place_gone_full_or_closed(
    here, hall, disk, tmp_path, monkeypatch
):
    assert backup_check(here) == ("ok", "T: no checked backup yet."), "a hall of today has none"
    hall.clock.move(days=3)
    assert backup_check(here)[0] == "warning"
    here.ask("backups", "to", disk)
    status, text = backup_check(here)
    assert (status, str(disk) in text, "checked on" in text) == ("ok", True, True)
    with monkeypatch.context() as full:
        full.setattr(backup_folder.shutil, "disk_usage", lambda _path: SimpleNamespace(free=10))
        assert backup_check(here)[1].endswith("! their disk is full")
    with monkeypatch.context() as closed:
        closed.setattr(os, "access", lambda path, *_mode, **_ids: Path(path) != disk)
        assert backup_check(here)[1].endswith("! their folder takes no file")
    hall.clock.move(days=2, minutes=1)
    assert backup_check(here)[1].endswith("! the last good one is older than two days")
    here.ask("backups", "due")
    disk.rename(tmp_path / "pulled")
    assert backup_check(here)[1].endswith("! their folder is not there")
    disk.mkdir()
    assert backup_check(here)[1].endswith("! their folder is not there"), "another disk's empty place"


def test_where_nobody_chose_a_folder_equipment_says_so_and_then_each_hall_is_in_it(bare, pg_url, tmp_path, monkeypatch):
    for name in ("CONFIG", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    bare.clock.now = datetime.now(UTC)  # as files on the disk have it
    there = Console(pg_url, bare.read, bare.clock, main.command_services())  # type: ignore[arg-type]
    for code in ("S", "T"):
        there.ask("init", "--preset", "bank", "--all-hours", "--hall", code)
        there.ask("--hall", code, "issue", "A")
    db = Database.open(pg_url)
    install_pc_rights(db)
    db.dispose()
    there.ask("--hall", "S", "leave", "A001")
    assert there.ask("--hall", "S", "backups", "due", "--gently")["made"] is None
    assert causes(there) == [], "a hall of today"
    there.clock.move(days=3)
    assert there.ask("--hall", "S", "backups", "due", "--gently")["made"] is None
    assert causes(there) == ["backup_none"]
    (tmp_path / "disk").mkdir()
    document = there.ask("--hall", "S", "backups", "to", tmp_path / "disk")
    assert causes(there) == [None]
    with BackupArchive(Path(document["made"])) as backup:
        assert [copy.code for copy in backup.verified_hall_copies()] == ["S", "T"]
    known = there.ask("--hall", "S", "backups", "list")
    assert document["failed"] == []
    told = [(row["hall"], row["trouble"], bool(row["proven"])) for row in known["halls"]]
    assert told == [("S", None, True), ("T", None, True)]
    assert there.ask("backups", "due")["made"] is None


def causes(there: Console) -> list[str | None]:
    rows = there.ask("--hall", "S", "device", "list")["devices"]
    return [row["cause"] for row in rows if row["device"] == "backup"]


def test_a_pc_that_joined_makes_none(bare: Console, shared_url: str):
    with shared(shared_url) as hall:
        url = hall.pc(PcKind.MANAGER)
        joined = Console(url, bare.read, hall.clock, main.command_services())  # type: ignore[arg-type]
        assert joined.refused("backups", "due", "--now") == "not_this_pc"
