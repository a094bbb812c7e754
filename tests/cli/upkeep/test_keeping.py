"""Backups while the hall works, restores that no number survives twice, and a doctor who sees what was changed."""

import os
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from queuedesk.desk.upkeep import examining
from queuedesk.store.engine.database import Database
from tests.cli.commands import Console, begun_once, ended, loaded


@pytest.fixture
def file(console: Console, tmp_path: Path) -> Path:
    """A backup with A001 to A003, one of them at window 3, and a comment."""
    begun_once(console, served)
    file = tmp_path / "hall.backup"
    assert console.ask("backup", file) == {"file": str(file)}
    return file


def served(console: Console) -> None:
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


@pytest.mark.parametrize(
    "how",
    [
        *("events 0.2", "events 0.5", "events 0.95", "comments 0.5", "manifest 0.5"),
        *("half of it", "a letter", "newer", "forged"),
    ],
)
def test_a_backup_that_is_none_changes_nothing_whether_looked_at_or_put_back(console, file, how):
    spoil(file, how)
    before = console.log()
    codes = {"newer": ["backup_newer"], "a letter": ["wrong_kind"], "manifest 0.5": ["backup_damaged", "wrong_kind"]}
    for words in ("--preview", "--yes"):
        told = console.say("restore", words, file)
        assert (told.status, told.out, told.err.count("\n")) == (1, "", 1)
        assert console.refused("restore", words, file) in codes.get(how, ["backup_damaged"])
    assert console.log() == before
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
