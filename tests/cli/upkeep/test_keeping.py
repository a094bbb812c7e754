"""Backups that make themselves or are made while the hall works, restores, and a log in another database."""

import errno
import hashlib
import json
import os
import random
import sqlite3
import stat
import subprocess
import tempfile
import zipfile
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from queuedesk.app import main
from queuedesk.core.errors import OutsideError
from queuedesk.core.log.event import Event, canonical_json, chain_hash, first_broken_seq
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.talk.device import BACKUP
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.network import install_pc_rights
from queuedesk.desk.talk import devices
from queuedesk.desk.upkeep import examining, maintenance
from queuedesk.store.engine.database import Database
from queuedesk.store.log.book import HallWriter
from queuedesk.store.upkeep import backup_folder, pack
from queuedesk.store.upkeep.backup_folder import MARK
from queuedesk.store.upkeep.pack import BackupArchive
from tests.bounded import PATIENCE_S, until
from tests.cli.commands import Console, begun_once, ended, loaded
from tests.credentials import denied, shared
from tests.hall import Hall, made_once, nine_today, simple_hall

pytestmark = pytest.mark.usefixtures("own_choices")


@pytest.fixture
def file(console: Console, tmp_path: Path) -> Path:
    """A backup with A001 to A003, one of them at window 3, and a comment."""
    begun_once(console, three_served)
    file = tmp_path / "hall.backup"
    assert console.ask("backup", file) == {"file": str(file)}
    return file


def three_served(console: Console) -> None:
    console.ask("open", "3", "--staff", "C3")
    for _ in range(3):
        console.ask("issue", "A")
    console.ask("call", "3")
    console.ask("finish", "3")
    console.ask("--id", "r1", "rate", "A001", "2", "--comment", "太慢")


def data_checks(console: Console) -> dict[str, str]:
    """Return what the checks of the data find, without those of the PC that doctor makes too."""
    db = Database.open(console.db)
    try:
        found = examining.examine_database(db)
    finally:
        db.dispose()
    return {one.name: one.status for one in sorted(found, key=lambda one: one.status == examining.FAILED)}


def is_whole(console: Console) -> bool:
    """Whether no check of the data fails."""
    return examining.FAILED not in data_checks(console).values()


def doctors_checks(console: Console) -> dict[str, str]:
    """Return what doctor says of each check."""
    document = console.say("--json", "doctor").document
    return {check["name"].split()[0]: check["status"] for check in document["checks"]}


def test_a_restored_hall_is_the_same_hall(console, file, tmp_path):
    """Where nobody knows what was given every open series goes on; the next day begins at one."""
    other = Console(tmp_path / "other.sqlite", console.read, console.clock)
    told = other.ask("restore", file)
    before, after = console.log(), other.log()
    assert after[: len(before)] == before
    assert [event["kind"] for event in after[len(before) :]] == ["restore"]
    assert told["halls"][0]["lost_since"] == "2026-11-20T10:00:00+08:00"
    assert told["halls"][0]["series"] == {"A": 100, "B": 100, "C": 100, "D": 100}
    assert other.ask("tickets")["tickets"][0]["rating"] == 2
    assert other.ask("--id", "r1", "rate", "A001", "2", "--comment", "太慢")["rating"] == 2
    with closing(sqlite3.connect(other.db)) as db:
        assert db.execute("SELECT text FROM comments").fetchall() == [("太慢",)]
    assert data_checks(other)["tables"] == "ok"
    other.clock.move(days=1)
    assert other.ask("issue", "A")["ticket"] == "A001"


def test_a_hall_that_is_there_is_kept_as_it_was_and_followers_are_told_by_another_epoch(console, file):
    def epoch() -> str:
        with closing(sqlite3.connect(console.db)) as db:
            return str(db.execute("SELECT epoch FROM database").fetchone()[0])

    console.ask("issue", "B")
    before, first = console.log(), epoch()
    assert console.refused("restore", file) == "needs_yes"
    assert epoch() == first
    copy = Path(console.ask("restore", file, "--yes")["copy"])
    assert Console(copy, console.read, console.clock).log() == before
    assert epoch() != first
    assert [console.ask("issue", service)["ticket"] for service in "BC"] == ["B100", "C001"]


REWRITTEN = {"newer": (b'"version": 1', b'"version": 2'), "forged": (b'"level":2', b'"level":5')}
"""What a backup of a later program says, and one whose log somebody wrote anew."""


def spoil(file: Path, how: str) -> None:
    part, _space, place = how.partition(" ")
    if part in ("a", "half"):
        file.write_bytes(b"a letter" if part == "a" else file.read_bytes()[: file.stat().st_size // 2])
        return
    with zipfile.ZipFile(file) as whole:
        parts = {one: whole.read(one) for one in whole.infolist()}
    if part in REWRITTEN:
        with zipfile.ZipFile(file, "w") as spoilt:
            for one, content in parts.items():
                spoilt.writestr(one.filename, content.replace(*REWRITTEN[part]))
        return
    entry = next(one for one in parts if part in one.filename)
    content = bytearray(file.read_bytes())
    content[entry.header_offset + len(entry.FileHeader()) + int(entry.compress_size * float(place))] ^= 0xFF
    file.write_bytes(content)


def test_a_backup_that_is_none_changes_nothing_whether_looked_at_or_put_back(console, file):
    whole, before = file.read_bytes(), console.log()
    codes = {"newer": ["backup_newer"], "a letter": ["wrong_kind"], "manifest 0.5": ["backup_damaged", "wrong_kind"]}
    spoilt = ("events 0.2", "events 0.5", "events 0.95", "comments 0.5", "manifest 0.5", "half of it", "forged")
    for how, words in product((*spoilt, "newer", "a letter"), ("--preview", "--yes")):
        file.write_bytes(whole)
        spoil(file, how)
        told = console.say("restore", words, file)
        assert (told.status, told.out, told.err.count("\n")) == (1, "", 1), how
        assert console.refused("restore", words, file) in codes.get(how, ["backup_damaged"]), how
        assert console.log() == before, how
    assert [path.name for path in console.db.parent.iterdir() if "restore" in path.name] == []


def test_a_backup_stands_for_one_moment_while_others_write(live, tmp_path):
    writers = [loaded(live.db, "issue", service) for service in "ABCD"]
    files = [tmp_path / f"{n}.backup" for n in range(2)]
    assert [ended(loaded(live.db, "backup", file)).status for file in files] == [0] * 2
    answers = [ended(writer) for writer in writers]
    assert {answer.status for answer in answers} == {0}, answers
    for n, file in enumerate(files):
        other = Console(tmp_path / f"{n}.sqlite", live.read, live.clock)
        other.ask("restore", file)
        checks = data_checks(other)
        assert (checks["chain"], checks["tables"]) == ("ok", "ok")


def test_only_its_owner_reads_a_backup_and_a_damaged_hall_is_put_back_though_nobody_can_say_what_is_lost(console, file):
    """The time of the backup is by the hall's clock all the same."""
    assert os.name == "nt" or file.stat().st_mode & 0o077 == 0
    assert console.refused("backup", file.parent / "no" / "x") == "cannot_write"
    for damaged in (console.db.read_bytes()[:4096], b"SQLite format 3\0" + b"x" * 4000):
        console.db.write_bytes(damaged)
        told = console.ask("restore", "--preview", file)
        assert (told["made"], told["halls"][0]["state"]) == ("2026-11-20T10:00:00+08:00", "unreadable")
        console.ask("restore", "--yes", file)


@pytest.mark.usefixtures("hall_alone")
def test_doctor_says_what_others_can_read_and_finds_a_damaged_file(console: Console, monkeypatch: pytest.MonkeyPatch):
    def doctor() -> dict[str, Any]:
        answer = console.say("--json", "doctor")
        assert answer.status == (not answer.document["ok"])
        return answer.document

    def rights() -> tuple[str, str]:
        return next((row["status"], row["message"]) for row in doctor()["checks"] if row["name"] == "rights")

    assert rights()[0] == "ok"
    console.db.chmod(0o644)
    with monkeypatch.context() as another:
        another.setattr(os, "geteuid", lambda: 4711)  # a user who may only read it
        status, said = rights()
    assert status == "warning"
    assert str(console.db) in said
    console.ask("issue", "A")
    with closing(sqlite3.connect(console.db)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'events'").fetchone()[0]
    with console.db.open("r+b") as content:
        content.seek((page - 1) * 4096)
        content.write(b"\xff" * 4096)
    assert not doctor()["ok"]
    console.db.unlink()
    assert {check["name"]: check["status"] for check in doctor()["checks"]}["database"] == "failed", "without a hall"


NINE = "2026-11-20T01:00:00.000000+00:00"


@pytest.fixture
def there(console: Console, pg_url: str) -> Console:
    """A console of a hall on a server whose database has its rules, with a ticket rated and one waiting."""
    there = Console(pg_url, console.read, console.clock)  # type: ignore[arg-type]
    there.ask("init", "--preset", "power", "--all-hours", "--hall", "S")
    db = Database.open(pg_url)
    install_pc_rights(db)
    db.dispose()
    three_served(there)
    return there


def test_a_backup_goes_from_file_to_server_and_back(console, there, tmp_path):
    three_served(console)
    console.ask("backup", tmp_path / "one")
    told = there.ask("restore", tmp_path / "one")  # a hall of another code: beside the one that is there
    code = told["halls"][0]["hall"]
    beside = there.ask("--hall", code, "tickets")["tickets"]
    there.ask("--hall", code, "backup", tmp_path / "two")
    again = Console(tmp_path / "again.sqlite", console.read, console.clock)
    again.ask("restore", tmp_path / "two")
    assert beside == console.ask("tickets")["tickets"]
    assert again.ask("--hall", code, "tickets")["tickets"] == beside
    assert again.ask("--hall", "S", "tickets")["tickets"] == there.ask("--hall", "S", "tickets")["tickets"]
    assert data_checks(there)["tables"] == data_checks(again)["tables"] == "ok"


def test_a_restore_replaces_all_or_nothing_and_doctor_sees_what_was_changed(there, console, tmp_path, monkeypatch):
    """Between them a log is merged out of the server, and another one into it."""
    there.ask("backup", tmp_path / "one")
    before = there.log()
    there.ask("issue", "A")
    epoch = epoch_of(there)
    assert there.refused("restore", tmp_path / "one") == "needs_yes"
    assert len(there.log()) == len(before) + 1 and epoch_of(there) == epoch

    def fail(*_: object) -> None:
        raise psycopg.errors.AdminShutdown

    with monkeypatch.context() as broken:
        broken.setattr("queuedesk.store.log.book.rebuild_from_log_and_give_faults", fail)
        assert there.say("--json", "restore", tmp_path / "one", "--yes").status != 0
    assert len(there.log()) == len(before) + 1 and epoch_of(there) == epoch
    told = there.ask("restore", tmp_path / "one", "--yes")
    assert there.log()[: len(before)] == before
    assert [event["kind"] for event in there.log()[len(before) :]] == ["restore"]
    assert epoch_of(there) != epoch
    assert there.ask("issue", "A")["ticket"] == "A100"
    kept = Console(tmp_path / "kept.sqlite", there.read, there.clock)
    kept.ask("restore", told["copy"])
    assert [one["ticket"] for one in kept.ask("tickets")["tickets"]] == ["A001", "A002", "A003", "A004"]
    assert data_checks(there)["tables"] == "ok"
    there.ask("export", "--out", tmp_path / "log")
    office = Console(tmp_path / "office.sqlite", console.read, console.clock)
    assert office.ask("merge", tmp_path / "log")["halls"][0]["new"] is True
    assert office.log() == there.log()
    three_served(console)
    console.ask("export", "--out", tmp_path / "other")
    told = there.ask("--hall", "S", "merge", tmp_path / "other")["halls"][0]
    assert there.ask("--hall", "S", "merge", tmp_path / "other")["halls"][0]["added"] == 0
    there.ask("--hall", "S", "issue", "A")
    assert told["new"] is True
    db = Database.open(str(there.db))
    merged = looking.events_after(Desk(db, 2), 0)
    db.dispose()
    assert first_broken_seq(merged) is None
    assert [event.printed_fields() for event in merged] == console.log()
    assert data_checks(there)["tables"] == "ok"
    assert set(doctors_checks(there).values()) <= {"ok", "warning"}
    with psycopg.connect(str(there.db), autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("UPDATE events SET actor = 'M1' WHERE seq = 3")
    assert doctors_checks(there)["chain"] == "failed"


def epoch_of(console: Console) -> str:
    with psycopg.connect(str(console.db)) as look:
        row = look.execute("SELECT epoch FROM database").fetchone()
    return str(row[0])


def test_a_pc_s_own_login_restores_nothing(shared_url, console, tmp_path):
    three_served(console)
    console.ask("backup", tmp_path / "one")
    with shared(shared_url) as hall:
        before = looking.events_after(Desk(hall.owner, 1), 0)
        pc = Console(hall.pc(PcKind.MANAGER), console.read, console.clock)  # type: ignore[arg-type]
        answer = pc.say("--json", "restore", tmp_path / "one", "--yes")
        assert answer.refusal == "not_this_pc"
        assert looking.events_after(Desk(hall.owner, 1), 0) == before


def test_a_log_that_ran_ahead_is_set_right_by_the_owner_alone(shared_url, console):
    """No PC's login takes anything out of the log's figures, by the program or beside it."""
    with shared(shared_url) as hall:
        owner, pc = hall.hall(), hall.hall(hall.pc(PcKind.MANAGER))
        joined = Console(hall.pc(PcKind.MANAGER), console.read, hall.clock)  # type: ignore[arg-type]
        console.db, console.clock = shared_url, hall.clock  # type: ignore[assignment]
        owner.issue("A")
        hall.clock.move(days=27_000)
        pc.issue("A")
        hall.clock.move(days=-27_000, minutes=5)
        assert joined.ask("clock", "set-right", "--preview")["tickets"] == 1
        assert joined.refused("--as", "M1", "clock", "set-right", "--yes") == "not_this_pc"
        with denied(), pc.desk.db.write(1) as tx:
            book = HallWriter(tx, 1)
            told = {"first": 2, "since": NINE, "was": NINE, "day": "2026-11-20", "series": {}, "date": "2026-11-20"}
            at = book.hall_counters().at or hall.clock()
            book.record_event(
                Event(seq=book.hall_counters().seq + 1, at=at, time=at, kind="set-right", actor="M1", data=told)
            )
        console.ask("clock", "set-right", "--yes")
        assert pc.issue("A") == "A002"
        assert pc.last().data["date"] == "2026-11-20"
        assert data_checks(console)["tables"] == "ok"


@pytest.fixture
def other(bare: Console, tmp_path: Path) -> Console:
    return Console(tmp_path / "office.sqlite", bare.read, bare.clock)


@pytest.fixture
def busy(bare: Console) -> Console:
    """A hall with a ticket finished and rated, one waiting, a window open and somebody at the door."""
    return begun_once(bare, begun)


def begun(bare: Console) -> None:
    bare.ask("init", "--preset", "power", "--all-hours", "--hall", "CD")
    bare.ask("open", "3", "--staff", "C3")
    bare.ask("issue", "A")
    bare.ask("issue", "B")
    bare.ask("call", "3")
    bare.ask("finish", "3", "--note", "=1+1")
    bare.ask("--id", "r1", "rate", "A001", "2", "--comment", "太慢")


def export(console: Console, tmp_path: Path, name: str = "log") -> Path:
    file = tmp_path / name
    assert console.ask("export", "--out", file) == {"file": str(file)}
    return file


def repacked(file: Path, change, to: Path) -> Path:
    """Write the file again with its log changed by `change`, all sums and chains made right again."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(to, "w") as new:
        manifest = json.loads(old.read("manifest.json"))
        for entry in manifest["files"]:
            content = old.read(entry["name"])
            if entry["name"].endswith("events.jsonl"):
                log = change([json.loads(line) for line in content.splitlines()])
                prev = "0" * 64
                for event in log:
                    body = {key: value for key, value in event.items() if key not in ("prev", "hash")}
                    event["prev"], event["hash"] = prev, chain_hash(prev, body)
                    prev = event["hash"]
                manifest["halls"][0].update(seq=len(log), hash=prev)
                content = b"".join(canonical_json(event).encode() + b"\n" for event in log)
                entry.update(lines=len(log), sha256=hashlib.sha256(content).hexdigest())
            new.writestr(entry["name"], content)
        new.writestr("manifest.json", json.dumps(manifest))
    return to


def test_what_protects_or_names_people_stays_at_home(busy, other, tmp_path, monkeypatch):
    busy.ask("staff", "set", "AD", "pin=4711")
    file = tmp_path / "log"
    monkeypatch.setenv("QUEUEDESK_PIN", "4711")
    assert busy.say("--as", "AD", "export", "--out", file).status == 0
    other.ask("merge", file)
    with zipfile.ZipFile(file) as pack:
        names = {name.partition("/")[2] for name in pack.namelist()} - {""}
        content = b"".join(pack.read(name) for name in pack.namelist()).decode()
    assert names == {"events.jsonl", "announcements.jsonl"}
    assert "太慢" not in content
    with closing(sqlite3.connect(other.db)) as db:
        for table in ("comments", "pins", "commands", "access"):
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    assert file.stat().st_mode & 0o077 == 0


def test_a_log_of_an_earlier_program_comes_with_texts_that_only_a_file_keeps_and_an_event_about_nobody(
    busy, other, tmp_path
):
    """A hall that once took one in has to be merged all the same: its chain needs each of its events."""

    def with_nul(log):
        next(event for event in log if event["kind"] == "finish")["data"]["note"] = "cut\0off"
        return log

    file = repacked(export(busy, tmp_path), with_nul, tmp_path / "old")
    assert other.ask("merge", file)["halls"][0]["added"] == len(busy.log())
    assert [event["data"]["note"] for event in other.log() if event["kind"] == "finish"] == ["cut\0off"]
    before = other.ask("state")
    later = repacked(file, partial(and_one_more, kind="finish", ticket="Z999", window="3"), tmp_path / "nobody")
    assert other.ask("merge", later)["halls"][0]["added"] == 1
    assert other.log()[-1]["ticket"] == "Z999"
    assert other.ask("state") == before


def test_half_a_file_is_damaged_and_a_newer_one_is_told(busy, other, tmp_path):
    file, newer, half = export(busy, tmp_path), tmp_path / "newer", tmp_path / "half"
    content = file.read_bytes()
    for share in (0.05, 0.3, 0.6, 0.95):
        half.write_bytes(content[: int(len(content) * share)])
        assert other.refused("merge", half) == "export_damaged"
        assert not list(tmp_path.glob("*office*"))
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(newer, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'"version": 1', b'"version": 2'))
    assert other.refused("merge", newer) == "export_newer"


def test_a_log_that_tells_nonsense_changes_nothing(busy, other, tmp_path):
    def without_its_set_up(log):
        return [{**event, "seq": seq} for seq, event in enumerate(log[1:], start=1) if event["kind"] == "open"]

    own, fresh = export(busy, tmp_path), Console(tmp_path / "fresh.sqlite", busy.read, busy.clock)
    other.ask("merge", own)
    before = other.log()
    for change in (without_its_set_up, partial(and_one_more, kind="open", staff=7, window={"a": 1})):
        file = repacked(own, change, tmp_path / "nonsense")
        assert other.refused("merge", file) in ("export_damaged", "histories_differ")
        assert fresh.refused("merge", file) == "export_damaged"
        assert other.log() == before
        assert not fresh.db.exists()


def and_one_more(log, **fields):
    return [*log, {**log[-1], "seq": len(log) + 1, **fields}]


def test_a_merge_that_is_killed_leaves_nothing_half_done(busy, other, tmp_path):
    other.ask("merge", export(busy, tmp_path))
    before = other.log()
    for _ in range(30):
        busy.ask("issue", "A")
    later = export(busy, tmp_path, "later")
    with closing(sqlite3.connect(other.db, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")  # it comes as far as the lock, and no further
        running = loaded(other.db, "merge", later)
        with pytest.raises(subprocess.TimeoutExpired):
            running.wait(timeout=2)
        running.kill()
        running.communicate(timeout=PATIENCE_S)
        db.execute("ROLLBACK")
    assert other.log() == before
    assert other.ask("merge", later)["halls"][0]["added"] == 30
    assert data_checks(other)["tables"] == "ok"


def test_a_log_that_was_set_right_goes_out_and_in_unchanged(console: Console, tmp_path: Path) -> None:
    console.ask("--at", "2100-01-01T00:10", "issue", "A")
    console.ask("clock", "set-right", "--yes")
    console.ask("issue", "A")
    hashes = [event["hash"] for event in console.log()]
    console.ask("backup", tmp_path / "b.zip")
    console.ask("export", "--out", tmp_path / "e.zip")
    for words in (("restore", tmp_path / "b.zip"), ("merge", tmp_path / "e.zip")):
        other = replace(console, db=tmp_path / f"{words[0]}.sqlite")
        other.ask(*words)
        assert [event["hash"] for event in other.log()][: len(hashes)] == hashes
        assert is_whole(other)
        assert other.ask("issue", "A")["arrived"].startswith("2026-11-20")


TODAY = nine_today()
ZONE = str(TODAY.tzinfo)


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
