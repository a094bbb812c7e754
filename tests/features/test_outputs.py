"""No command's output takes the place of what is the hall's own, whichever option names it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from queuedesk.app.main import command_services
from queuedesk.cli.main import build_parser
from queuedesk.cli.parser import path as is_path
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.talk import alarms
from queuedesk.store.engine.database import Database
from tests.cli.commands import Console
from tests.cli.parsers import arguments, commands
from tests.features.added import is_added

DAY = date(2026, 11, 20)
OF_A_DAY = ["--date", str(DAY), "--out"]
OUTPUTS: dict[str, tuple[list[str], str]] = {
    "backup file": (["backup"], ""),
    "cases slip --out": (["cases", "slip", "--out"], ".pdf"),
    "card note --out": (["card", "note", "{card}", "--out"], ".pdf"),
    "channels list --out": (["channels", "list", "--out"], ".csv"),
    "export --out": (["export", "--out"], ""),
    "forecast --out": (["forecast", "--out"], ".json"),
    "halls compare --out": (["halls", "compare", "month", "--out"], ".pdf"),
    "halls targets --out": (["halls", "targets", "--out"], ".pdf"),
    "indicators list --out": (["indicators", "list", "--out"], ".xlsx"),
    "ledger --out": (["ledger", "--out"], ".csv"),
    "order --out": (["order", "--out"], ".pdf"),
    "paper-tickets --out": (["paper-tickets", "A", "--count", "1", "--out"], ".pdf"),
    "pack month --out": (["pack", "month", *OF_A_DAY], ".xlsx"),
    "pack quarter --out": (["pack", "quarter", *OF_A_DAY], ".pdf"),
    "partner export file": (["partner", "export"], ".csv"),
    "print --out": (["print", "A001", "--out"], ".png"),
    "print-appointment --out": (["print-appointment", "{appointment}", "--out"], ".pdf"),
    "print-papers --out": (["print-papers", "A", "--out"], ".png"),
    "project print --out": (["project", "print", "{project}", "--out"], ".pdf"),
    "replay --predictions": (["--db", "{new}", "replay", "{recorded}", "--predictions"], ".csv"),
    "report compare --out": (["report", "compare", "day", *OF_A_DAY], ".json"),
    "report day --out": (["report", "day", *OF_A_DAY], ".pdf"),
    "report month --out": (["report", "month", *OF_A_DAY], ".csv"),
    "report quarter --out": (["report", "quarter", *OF_A_DAY], ".json"),
    "report week --out": (["report", "week", *OF_A_DAY], ".xlsx"),
    "report year --out": (["report", "year", *OF_A_DAY], ".json"),
    "setup export file": (["setup", "export"], ".json"),
    "sheets show --out": (["sheets", "show", "C3", "--out"], ".xlsx"),
    "ticket-design preview --out": (["ticket-design", "preview", "--out"], ".png"),
    "tickets --csv": (["tickets", "--csv"], ""),
    "tickets --xlsx": (["tickets", "--xlsx"], ""),
    "warnings export --out": (["warnings", "export", "--out"], ".csv"),
    "warnings slip --out": (["warnings", "slip", "{warning}", "--out"], ".pdf"),
    "voice try --out": (["voice", "try", "--out"], ".wav"),
    "what-if --out": (["what-if", "--date", str(DAY), "--runs", "2", "--question", "one-more", "--out"], ".pdf"),
}
"""The words of each command that writes a file where it is told to, and how the file has to end."""
FOLDERS = {"backups to folder", "demo --out", "report due --folder", "voice clips folder"}
"""There nothing is written over that the command did not make itself."""
INPUTS = {
    "appointment import file",
    "calendar import file",
    "channels import file",
    "doctor --from",
    "doctor --with",
    "enter file",
    "indicators import file",
    "merge file",
    "partner import file",
    "replay --setup",
    "replay file",
    "restore file",
    "satisfaction check file",
    "setup import file",
}


def named(parser: argparse.ArgumentParser, words: str = "") -> Iterator[str]:
    """Yield every argument that is a path, by its command."""
    for name, one in commands(parser).items():
        yield from named(one, f"{words}{name} ")
    for action in arguments(parser):
        if action.type is is_path:
            yield words + (action.option_strings[0] if action.option_strings else action.dest)


def test_every_path_of_a_command_is_tried_here() -> None:
    assert {one for one in named(build_parser({})) if not is_added(one)} == {*OUTPUTS, *FOLDERS, *INPUTS}


def test_no_output_takes_the_place_of_a_hall(
    console: Console, tmp_path: Path, qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    console.services = command_services()
    console.ask("open", "3", "--staff", "C3")
    console.ask("issue", "A")
    console.ask("call", "3")
    console.clock.move(minutes=5)
    console.ask("finish", "3")
    console.ask("close", "3")
    console.ask("cases", "open", "--class", "complaint")
    console.clock.move(days=20)
    console.ask("issue", "A")
    console.ask("staff", "set", "M1", "warned_of=A")
    console.ask("warnings", "number", "M1", "13800000001")
    console.clock.move(minutes=40)
    db = Database.open(console.db)
    alarms.raise_due(Desk(db, 1), Ask(CONSOLE, console.clock()))
    db.dispose()
    put_in = {
        "card": console.ask("card", "start", console.ask("card", "list")["cards"][0]["code"])["seq"],
        "appointment": console.ask("appointment", "add", "A", "--at", "16:00")["appointment"],
        "project": console.ask("project", "open", "Fewer", "--ticket", f"A001@{DAY}", "--leader", "M1")["project"],
        "warning": console.ask("warnings", "list")["warnings"][0]["alarm"],
        "recorded": tmp_path / "recorded.csv",
        "new": tmp_path / "new.sqlite",
    }
    console.ask("tickets", "--date", DAY, "--csv", put_in["recorded"])
    before = console.db.read_bytes(), len(console.log())
    told = {}
    for name, (words, ending) in OUTPUTS.items():
        target = tmp_path / f"{name.replace(' ', '')}{ending}"
        target.hardlink_to(console.db)
        answer = console.say("--json", *(word.format(**put_in) for word in words), target)
        told[name] = answer.refusal if answer.status == 1 else answer
        assert target.samefile(console.db), name
        assert not [one.name for one in tmp_path.iterdir() if one.name.startswith(".")], name

    assert told == dict.fromkeys(OUTPUTS, "own_file")
    assert (console.db.read_bytes(), len(console.log())) == before
    assert not Path(put_in["new"]).exists()
