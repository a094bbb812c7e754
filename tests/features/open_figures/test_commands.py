"""The commands of figures for others: what they save and say, and bad input in one sentence."""

import json
from datetime import timedelta
from pathlib import Path

from queuedesk.features.open_figures.papers import PROGRAM
from tests.cli.conftest import Console


def test_the_commands_save_views_and_days(console: Console, tmp_path: Path) -> None:
    console.ask("features", "on", "open_figures")
    for _n in range(10):
        console.ask("issue", "A")
    views = console.ask("open-figures", "views")["views"]
    assert [(view["view"], view["rows"]) for view in views][:2] == [("reporting_visits", 10), ("reporting_waits", 0)]
    assert "wait_minutes" in console.say("open-figures", "views").out
    for words, name in (("describe", "views.html"), ("copy", "views.sqlite")):
        assert console.ask("open-figures", words, "--out", tmp_path / name)["file"] == str(tmp_path / name)
    assert console.ask("open-figures", "logins") == {"logins": []}
    said = console.say("open-figures", "add-login", "A spreadsheet")
    assert (said.status, said.err.count("\n")) == (1, 1)
    day = console.clock().date()
    said = console.say("open-figures", "day", "--date", day, "--out", tmp_path / "day.jsonl")
    assert (said.status, "is not over yet" in said.err) == (1, True)
    console.clock.move(days=1)
    saved = console.ask("open-figures", "day", "--out", tmp_path / "day.jsonl")
    assert saved["program"] == str(tmp_path / PROGRAM)
    lines = [json.loads(line) for line in (tmp_path / "day.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (lines[0]["date"], lines[-1]["digest"]) == (day.isoformat(), saved["digest"])
    assert console.ask("open-figures", "check-day", tmp_path / "day.jsonl")["events"] == len(lines) - 2
    said = console.say("open-figures", "check-day", tmp_path / "views.html")
    assert (said.status, said.err) == (1, "This file is no published day.\n")
    for words in (("day", "--out", "x.pdf"), ("describe", "--out", "x.pdf"), ("copy", "--out", "x.pdf")):
        said = console.say("open-figures", *words)
        assert (said.status, "The file has to end in ." in said.err) == (2, True)
    said = console.say("open-figures", "day", "--date", day - timedelta(days=9), "--out", tmp_path / "none.jsonl")
    assert (said.status, "had 0 visits" in said.err, (tmp_path / "none.jsonl").exists()) == (1, True, False)
