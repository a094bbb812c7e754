"""What would be lost, come back or come: told before a backup is restored or a log taken in, with nothing changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from queuedesk.app import main
from tests.cli.commands import Console
from tests.hall import Hall, made_once, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, waiting)


def waiting(folder: Path) -> Hall:
    hall = simple_hall(folder)
    hall.open("1", "C1")
    hall.queue("A", "A")
    return hall


@pytest.fixture
def here(bare: Console, hall: Hall) -> Console:
    bare.clock, bare.services = hall.clock, main.command_services()
    return bare


def row(document: dict[str, Any]) -> dict[str, Any]:
    (found,) = document["halls"]
    return dict(found)


def elsewhere(mine: Hall, folder: Path, **changes: Any) -> Hall:
    """Return a hall of another database, of its own log unless it begins as this one does."""
    folder.mkdir()
    return simple_hall(folder, start=mine.clock.now - timedelta(hours=1), **changes)


def test_the_time_of_a_backup_is_by_the_hall_s_clock_though_the_hall_is_damaged(
    here: Console, hall: Hall, tmp_path: Path
) -> None:
    here.ask("backup", tmp_path / "b.zip")
    local = hall.clock.now.astimezone(ZoneInfo("Asia/Shanghai")).isoformat()
    hall.desk.db.dispose()
    hall.path.write_bytes(hall.path.read_bytes()[:4096])

    assert here.ask("restore", "--preview", tmp_path / "b.zip")["made"] == local


def test_what_a_backup_of_another_hall_would_bring_and_take_is_told(here: Console, hall: Hall, tmp_path: Path):
    file = tmp_path / "b.zip"
    hall.queue("A")
    other = elsewhere(hall, tmp_path / "there", hall={"code": "X", "name": "Other"})
    Console(other.path, here.read, here.clock, here.services).ask("backup", file)

    states = {one["hall"]: one["state"] for one in here.ask("restore", "--preview", file)["halls"]}
    assert states == {"X": "new", "T": "gone"}
    assert here.refused("restore", "--yes", file) == "other_hall"
    assert len(here.ask("tickets", "--date", "2026-11-20")["tickets"]) == 3


def test_another_hall_takes_this_ones_place_only_where_that_is_said(here: Console, hall: Hall, tmp_path: Path):
    """One of the same preset has the same code; its log begins otherwise."""
    other = elsewhere(hall, tmp_path / "there")
    other.queue("A")
    Console(other.path, here.read, here.clock, here.services).ask("backup", tmp_path / "b.zip")
    before = here.log()
    hall.desk.db.dispose()

    assert row(here.ask("restore", "--preview", tmp_path / "b.zip"))["state"] == "other"
    assert here.refused("restore", "--yes", tmp_path / "b.zip") == "other_hall"
    assert here.log() == before
    kept = here.ask("restore", "--yes", "--other-hall", tmp_path / "b.zip")["copy"]
    assert len(here.ask("tickets", "--date", "2026-11-20")["tickets"]) == 1
    assert here.refused("restore", "--yes", kept) == "other_hall"
    here.ask("restore", "--yes", "--other-hall", kept)
    assert here.log()[: len(before)] == before


def test_a_damaged_hall_is_put_back_though_nobody_can_say_what_is_lost(here: Console, hall: Hall, tmp_path: Path):
    here.ask("backup", tmp_path / "b.zip")
    hall.desk.db.dispose()
    hall.path.write_bytes(b"SQLite format 3\0" + b"x" * 4000)

    assert row(here.ask("restore", "--preview", tmp_path / "b.zip"))["state"] == "unreadable"
    assert here.say("restore", "--yes", tmp_path / "b.zip").status == 0


def test_another_time_zone_a_wrong_clock_and_logs_that_part_are_named(here: Console, hall: Hall, tmp_path: Path):
    zone = {"code": "X", "name": "Other", "timezone": "Europe/Berlin"}
    other = elsewhere(hall, tmp_path / "there", hall=zone)
    there = Console(other.path, here.read, other.clock, here.services)
    other.queue("A")
    other.clock.now -= timedelta(minutes=30)
    other.queue("A")
    hall.clock.now -= timedelta(hours=5)
    there.ask("export", "--out", tmp_path / "e.zip")
    seen = row(here.ask("merge", "--preview", tmp_path / "e.zip"))
    notes = {note["code"]: note for note in seen["notes"]}

    assert seen["state"] == "new"
    assert (notes["timezone"]["there"], notes["timezone"]["here"]) == ("Europe/Berlin", ["Asia/Shanghai"])
    assert abs(notes["skew"]["seconds"]) >= 1800
    assert notes["ahead"]["seconds"] >= 3600
    words = here.say("merge", "--preview", tmp_path / "e.zip").out
    assert "keeps the time of Europe/Berlin" in words and "ahead of this PC's clock" in words
    same = elsewhere(hall, tmp_path / "third")
    Console(same.path, here.read, same.clock, here.services).ask("export", "--out", tmp_path / "f.zip")
    (parted,) = row(here.ask("merge", "--preview", tmp_path / "f.zip"))["notes"]
    assert (parted["code"], parted["seq"]) == ("parted", 1)
    assert here.refused("merge", tmp_path / "f.zip") == "histories_differ"


def test_a_log_that_was_taken_in_is_told_to_keep_another_time(here: Console, hall: Hall, tmp_path: Path):
    """As before it, and only where it does: the next hall of that zone is no surprise."""
    for code in ("NYC", "BOS"):
        there = elsewhere(hall, tmp_path / code, hall={"code": code, "name": code, "timezone": "America/New_York"})
        Console(there.path, here.read, here.clock, here.services).ask("export", "--out", tmp_path / f"{code}.zip")
    sentence = "NYC keeps the time of America/New_York, the halls here that of Asia/Shanghai"

    assert sentence in here.say("merge", "--preview", tmp_path / "NYC.zip").out
    first, warning = here.say("--id", "m1", "merge", tmp_path / "NYC.zip").out.splitlines()
    assert first.startswith("NYC is new here") and warning.startswith(f"! {sentence}")
    note = {"code": "timezone", "here": ["Asia/Shanghai"], "there": "America/New_York"}
    assert row(here.ask("--id", "m1", "merge", tmp_path / "NYC.zip"))["notes"] == [note]
    assert row(here.ask("merge", tmp_path / "NYC.zip"))["notes"] == []
    assert row(here.ask("merge", tmp_path / "BOS.zip"))["notes"] == []
