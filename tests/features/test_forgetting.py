"""Customers' words are forgotten by a command, or by their date, and nothing that is made afterwards holds them."""

import sqlite3
import zipfile
from pathlib import Path

import pytest

from queuedesk.app.main import command_services
from tests.cli.commands import Console, begun_once
from tests.cli.upkeep.test_keeping import is_whole

RATED, SPOKEN, COMPLAINT = "the floor was wet", "nobody at the door", "my meter was read twice"
NOTED, THANKS, ISSUE = "she wants a call at noon", "so patient with my mother", "open at lunch"
ALL = (RATED, SPOKEN, COMPLAINT, NOTED, THANKS, ISSUE)


def lived(console: Console) -> None:
    console.ask("open", "3", "--staff", "C3")
    console.ask("serve", "3", "A")
    console.clock.move(minutes=5)
    console.ask("finish", "3")
    console.ask("rate", "A001", "4", "--comment", RATED)
    console.ask("quality", "note", SPOKEN)
    console.ask("cases", "open", "--class", "complaint", "--title", "Bill", "--words", COMPLAINT, "--as", "M1")
    console.ask("cases", "act", "26-001", NOTED, "--as", "M1")
    console.ask("thanks", "add", "C3", "--words", THANKS)
    console.ask("forum", "add", "2026-11-19", "5", "--issue", ISSUE)
    console.ask("close", "3")


@pytest.fixture
def hall(console: Console) -> Console:
    """A hall whose customers have said something in every way there is, and a case that is open."""
    console.services = command_services()
    return begun_once(console, lived)


def held(console: Console, folder: Path) -> set[str]:
    """Return which words stand in any output, the files made now, or the hall's own file."""
    folder.mkdir()
    console.ask("backup", folder / "b.zip")
    console.ask("export", "--out", folder / "e.zip")
    console.ask("report", "day", "--out", folder / "day.json")
    said = [
        console.say("--json", *words.split()).out
        for words in ("quality comments", "cases show 26-001", "thanks list", "forum list", "events", "state")
    ]
    with sqlite3.connect(console.db) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for packed in (folder / "b.zip", folder / "e.zip"):
        with zipfile.ZipFile(packed) as pack:
            said += [pack.read(name).decode("utf-8", "replace") for name in pack.namelist()]
    said += [path.read_bytes().decode("utf-8", "replace") for path in (folder / "day.json", console.db)]
    return {words for words in ALL if any(words in one for one in said)}


def test_what_is_forgotten_is_nowhere_afterwards(hall: Console, tmp_path: Path) -> None:
    assert held(hall, tmp_path / "before") == set(ALL)
    ids = {one["text"]: one["id"] for one in hall.ask("quality", "comments")["comments"]}
    thanks = hall.ask("thanks", "list")["thanks"][0]["thanks"]
    forum = hall.ask("forum", "list")["forums"][0]["forum"]
    first = hall.ask("quality", "forget", ids[RATED])
    assert (first["kind"], first["forgotten"], first["title"]) == ("comment", 1, None)
    assert set(first["backups"]) == {"n", "newest", "until"}
    hall.ask("quality", "forget", ids[SPOKEN])
    case = hall.say("quality", "forget", "26-001").out
    assert "2 texts forgotten" in case and "The title “Bill” is in the log for good." in case
    assert hall.ask("quality", "forget", thanks)["kind"] == "thanks"
    assert hall.ask("quality", "forget", forum)["kind"] == "forum"
    assert held(hall, tmp_path / "after") == set()
    assert hall.ask("cases", "show", "26-001")["title"] == "Bill"
    assert is_whole(hall)
    for again in (ids[RATED], "26-001", thanks, forum, "26-999", "abc"):
        assert hall.refused("quality", "forget", again) in ("not_there", "unknown_comment")
    assert hall.say("quality", "forget", thanks).err == f"There is no saved text {thanks}.\n"


def test_words_go_by_their_date_but_those_of_a_case_when_it_is_closed(hall: Console, tmp_path: Path) -> None:
    hall.ask("settings", "set", "words_days", "30")
    hall.clock.move(days=31)
    hall.ask("issue", "A")
    assert held(hall, tmp_path / "open") == {COMPLAINT, NOTED}
    hall.ask("cases", "close", "26-001", "--as", "M1")
    hall.clock.move(days=31)
    hall.ask("issue", "A")
    assert held(hall, tmp_path / "closed") == set()
