"""A log that ran ahead and was set right, in other files; what is asked and said of it is in the transcripts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.cli.commands import Console
from tests.cli.upkeep.test_keeping import is_whole


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
