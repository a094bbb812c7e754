"""No file that a command reads takes its memory or time; none that it writes takes the place of the hall's own."""

import argparse
import os
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path

from queuedesk.app.main import command_services
from queuedesk.cli.command_table import parse_path as is_path
from queuedesk.cli.main import build_parser
from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.talk import messaging
from queuedesk.files import reading
from queuedesk.store.engine.database import Database
from tests.bounded import Stopwatch
from tests.cli.parsers import arguments, commands
from tests.core.added import is_added
from tests.golden.kept import by_name

DAY = date(2026, 11, 20)


PAGES = Path(__file__).parent / "golden"
OUTPUTS, INPUTS = by_name(PAGES / "outputs.txt"), by_name(PAGES / "inputs.txt")
"""What is typed for each argument that is a path, with FILE where one is named."""
FOLDERS = {"backups to folder", "demo --out", "report due --folder", "update folder", "voice clips folder"}
"""There nothing is written over that the command did not make itself."""
OF_NO_HALL = {"install --from"}
"""Read where no hall may be named: tests/features/rollout tries them."""


def named(parser: argparse.ArgumentParser, words: str = "") -> Iterator[str]:
    """Yield every argument that is a path, by its command."""
    for name, one in commands(parser).items():
        yield from named(one, f"{words}{name} ")
    for action in arguments(parser):
        if action.type is is_path:
            yield words + (action.option_strings[0] if action.option_strings else action.dest)


def test_every_path_of_a_command_is_tried_here():
    assert {one for one in named(build_parser({})) if not is_added(one)} == {*OUTPUTS, *FOLDERS, *INPUTS, *OF_NO_HALL}


def test_no_output_takes_the_place_of_a_hall(console, tmp_path, qapp, monkeypatch):
    console.services = command_services()
    for line in ("open 3 --staff C3", "issue A", "call 3"):
        console.ask(*line.split())
    console.clock.move(minutes=5)
    for line in ("finish 3", "close 3", "cases open --class complaint"):
        console.ask(*line.split())
    console.clock.move(days=20)
    for line in ("issue A", "staff set M1 warned_of=A", "warnings number M1 13800000001"):
        console.ask(*line.split())
    console.clock.move(minutes=40)
    db = Database.open(console.db)
    messaging.record_and_count_alarm_changes(Desk(db, 1), Ask(CONSOLE, console.clock()))
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
    for name, line in OUTPUTS.items():
        *words, file = line.format(**put_in).split()
        target = tmp_path / file.replace("FILE", name.replace(" ", ""))
        target.hardlink_to(console.db)
        answer = console.say("--json", *words, target)
        told[name] = answer.refusal if answer.status == 1 else answer
        assert target.samefile(console.db), name
        assert not [one.name for one in tmp_path.iterdir() if one.name.startswith(".")], name
    assert told == dict.fromkeys(OUTPUTS, "own_file")
    assert (console.db.read_bytes(), len(console.log())) == before
    assert not Path(put_in["new"]).exists()


PICTURE = {"ticket-design set logo": "ticket-design set logo=FILE"}
OF_PACKS = {"doctor --from", "doctor --with", "merge file", "restore file"}
OF_A_PACK = {"cannot_read", "wrong_kind"}
"""A backup or an export is a file and nothing else."""
REFUSED: dict[str, set[str]] = {
    "/dev/zero": {"too_large"},
    "{folder}/pipe": {"cannot_read"},
    "{folder}/deep": {"too_large", "wrong_kind", "not_a_table", "columns_missing", "bad_rows"},
    "{folder}/large": {"too_large"},
    "{folder}": {"cannot_read"},
    "{folder}/none": {"no_such_file"},
}


def test_no_input_takes_more_than_its_limit(console, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "PATIENCE_S", 0.05)
    console.services = command_services()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "deep").write_bytes(b"[" * 100_000)
    with (tmp_path / "large").open("wb") as file:
        file.truncate(reading.LARGEST_TABLE + 1)
    (tmp_path / "table").write_text("ticket,service,arrived\nA001,A,2026-11-19T09:00:00+08:00\n")
    log = len(console.log())
    console.ask("backup", tmp_path / "backup.zip")
    put_in = {"backup": tmp_path / "backup.zip", "new": tmp_path / "new.sqlite", "table": tmp_path / "table"}
    for what, (name, typed_line) in product(REFUSED, (INPUTS | PICTURE).items()):
        line = typed_line.replace("FILE", what.format(folder=tmp_path)).format(**put_in).split()
        with Stopwatch() as took:
            answer = console.say("--json", *line)
        assert (answer.status, answer.err) == (1, ""), (what, name, answer)
        expected = REFUSED[what] | (OF_A_PACK if name in OF_PACKS else set())
        if name in PICTURE and what.endswith("deep"):
            expected = {"bad_value"}
        assert answer.refusal in expected, (what, name, answer)
        assert took.s < 5, (what, name)
    assert len(console.log()) == log
    assert not Path(put_in["new"]).exists()
