"""A hall's log in another database: the same chain, the same tables, only what is missing, all of it or nothing."""

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from queuedesk.core.log.event import canonical, chain_hash
from tests.bounded import PATIENCE_S
from tests.cli.commands import Console, begun_once, loaded
from tests.cli.upkeep.test_keeping import data_checks, edit, is_whole


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
                content = b"".join(canonical(event).encode() + b"\n" for event in log)
                entry.update(lines=len(log), sha256=hashlib.sha256(content).hexdigest())
            new.writestr(entry["name"], content)
        new.writestr("manifest.json", json.dumps(manifest))
    return to


def test_a_hall_that_is_not_there_is_added_whole(busy, other, tmp_path):
    file = export(busy, tmp_path)
    told = other.ask("merge", file)

    log = busy.log()
    assert told == {"halls": [{"hall": "CD", "added": len(log), "seq": len(log), "new": True, "notes": []}]}
    assert other.log() == log
    assert other.ask("tickets") == busy.ask("tickets")
    assert other.ask("state") == busy.ask("state")
    assert data_checks(other)["tables"] == data_checks(other)["chain"] == "ok"


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


def test_a_log_of_an_earlier_program_is_merged_into_a_file_with_texts_that_only_a_file_keeps(busy, other, tmp_path):
    def with_nul(log):
        next(event for event in log if event["kind"] == "finish")["data"]["note"] = "cut\0off"
        return log

    file = repacked(export(busy, tmp_path), with_nul, tmp_path / "old")

    assert other.ask("merge", file)["halls"][0]["added"] == len(busy.log())
    assert [event["data"]["note"] for event in other.log() if event["kind"] == "finish"] == ["cut\0off"]


def test_the_same_file_twice_changes_nothing(busy, other, tmp_path):
    file = export(busy, tmp_path)
    other.ask("merge", file)
    before = other.log()

    told = other.ask("merge", file)
    assert told["halls"][0]["added"] == 0
    assert other.log() == before
    assert "nothing was changed" in other.say("merge", file).out


def test_only_what_is_missing_is_added(busy, other, tmp_path):
    other.ask("merge", export(busy, tmp_path))
    have = len(other.log())
    busy.clock.move(hours=26)  # the day-end comes along
    busy.ask("issue", "C")

    told = other.ask("merge", export(busy, tmp_path, "later"))
    added = {"added": len(busy.log()) - have, "seq": len(busy.log())}
    assert told["halls"] == [{"hall": "CD", **added, "new": False, "notes": []}]
    assert other.log() == busy.log()
    assert data_checks(other)["tables"] == "ok"


def test_a_receiver_that_is_ahead_stays_as_it_is(busy, other, tmp_path):
    early = export(busy, tmp_path)
    busy.ask("issue", "C")
    other.ask("merge", export(busy, tmp_path, "later"))

    assert other.ask("merge", early)["halls"][0]["added"] == 0
    assert other.log() == busy.log()


@pytest.mark.parametrize("ahead", [True, False])
def test_histories_that_part_are_refused(busy, other, tmp_path, ahead):
    other.ask("merge", export(busy, tmp_path))
    for _ in range(2 if ahead else 1):
        other.ask("issue", "D")
    for _ in range(1 if ahead else 2):
        busy.ask("issue", "A")
    before = other.log()

    assert other.refused("merge", export(busy, tmp_path, "later")) == "histories_differ"
    assert other.log() == before


def test_two_halls_stand_side_by_side(busy, other, tmp_path):
    third = Console(tmp_path / "bank.sqlite", busy.read, busy.clock)
    third.ask("init", "--preset", "bank", "--hall", "BK", "--all-hours")
    third.ask("issue", "A")
    other.ask("merge", export(busy, tmp_path))
    other.ask("merge", export(third, tmp_path, "bank"))

    assert other.refused("state") == "hall_needed"
    assert [t["ticket"] for t in other.ask("--hall", "BK", "tickets")["tickets"]] == ["A001"]
    third.ask("issue", "A")
    assert other.ask("merge", export(third, tmp_path, "later"))["halls"][0]["added"] == 1
    assert is_whole(other)


def test_an_id_gives_the_first_answer_again(busy, other, tmp_path):
    file = export(busy, tmp_path)
    first = other.ask("--id", "m1", "merge", file)
    assert other.ask("--id", "m1", "merge", file) == first
    assert other.refused("--id", "m1", "merge", export(busy, tmp_path, "again")) == "id_used"


def test_once_pins_are_set_it_takes_an_admin(busy, other, tmp_path, monkeypatch):
    file = export(busy, tmp_path)
    other.ask("merge", file)
    other.ask("staff", "set", "AD", "pin=4711")

    assert other.refused("merge", file) == "who_are_you"
    monkeypatch.setenv("QUEUEDESK_PIN", "4711")
    other.ask("--as", "AD", "merge", file)
    assert other.refused("--as", "M1", "merge", file) == "not_your_role"


def test_what_is_no_export_is_told_and_changes_nothing(busy, other, tmp_path):
    backup, text = tmp_path / "backup", tmp_path / "text"
    busy.ask("backup", backup)
    text.write_text("not a log", encoding="utf-8")

    assert other.refused("merge", backup) == other.refused("merge", text) == "wrong_kind"
    assert other.refused("merge", tmp_path / "none") == "no_such_file"
    assert not other.db.exists()
    assert busy.refused("merge", text) == "wrong_kind"


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.95])
def test_half_a_file_is_damaged(busy, other, tmp_path, share):
    file = export(busy, tmp_path)
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])

    assert other.refused("merge", file) == "export_damaged"
    assert not list(tmp_path.glob("*office*"))


def test_a_newer_file_is_told(busy, other, tmp_path):
    file, newer = export(busy, tmp_path), tmp_path / "newer"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(newer, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'"version": 1', b'"version": 2'))
    assert other.refused("merge", newer) == "export_newer"


def _without_set_up(log):
    return [{**event, "seq": seq} for seq, event in enumerate(log[1:], start=1) if event["kind"] == "open"]


def _of_another_type(log):
    return [*log, {**log[-1], "seq": len(log) + 1, "kind": "open", "staff": 7, "window": {"a": 1}}]


def _of_nothing(log):
    return [*log, {**log[-1], "seq": len(log) + 1, "kind": "finish", "ticket": "Z999", "window": "3"}]


@pytest.mark.parametrize("change", [_without_set_up, _of_another_type])
def test_a_log_that_tells_nonsense_changes_nothing(busy, other, tmp_path, change):
    file = repacked(export(busy, tmp_path), change, tmp_path / "nonsense")
    other.ask("merge", export(busy, tmp_path))
    before = other.log()
    fresh = Console(tmp_path / "fresh.sqlite", busy.read, busy.clock)

    assert other.refused("merge", file) in ("export_damaged", "histories_differ")
    assert fresh.refused("merge", file) == "export_damaged"
    assert other.log() == before
    assert not fresh.db.exists()


def test_an_event_about_nobody_comes_along_and_changes_nothing_else(busy, other, tmp_path):
    """A hall that once took one in has to be merged all the same: its chain needs each of its events."""
    file = repacked(export(busy, tmp_path), _of_nothing, tmp_path / "nobody")
    other.ask("merge", export(busy, tmp_path))
    before = other.ask("state")

    assert other.ask("merge", file)["halls"][0]["added"] == 1
    assert other.log()[-1]["ticket"] == "Z999"
    assert other.ask("state") == before


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
        os.kill(running.pid, signal.SIGKILL)
        running.communicate(timeout=PATIENCE_S)
        db.execute("ROLLBACK")

    assert other.log() == before
    assert other.ask("merge", later)["halls"][0]["added"] == 30
    assert data_checks(other)["tables"] == "ok"


def test_a_changed_log_is_not_exported_as_good(busy, other, tmp_path):
    edit(busy.db, "UPDATE events SET actor = 'nobody' WHERE seq = 3")
    file = export(busy, tmp_path)
    assert other.refused("merge", file) == "export_damaged"
