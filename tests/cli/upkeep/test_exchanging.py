"""A hall's log in another database: the same chain, the same tables, only what is missing, all of it or nothing."""

import hashlib
import json
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from queuedesk.core.log.event import canonical_json, chain_hash
from tests.bounded import PATIENCE_S
from tests.cli.commands import Console, begun_once, loaded
from tests.cli.upkeep.test_keeping import data_checks, is_whole


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
