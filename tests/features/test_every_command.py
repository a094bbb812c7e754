"""What holds for every command: what it answers and logs, in any kind of hall, and what it does to files."""

import argparse
import os
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from queuedesk.app.main import command_services
from queuedesk.cli.command_table import parse_path as is_path
from queuedesk.cli.main import build_parser
from queuedesk.core.network.roles import CONSOLE
from queuedesk.core.setup.hall_words import EVERY_WORDING
from queuedesk.core.setup.presets import PRESETS
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.talk import messaging
from queuedesk.files import reading
from queuedesk.store.engine.database import Database
from scripts.build_commands import every_command
from tests.bounded import Stopwatch
from tests.cli.commands import Batch, Console
from tests.cli.parsers import arguments, commands, every_parser
from tests.cli.test_transcripts import Scene, scenes
from tests.core.added import is_added
from tests.every_day import paired
from tests.golden.kept import by_name
from tests.three_halls import MORE, OTHERS, POWER, THREE, Kind

OF_QUALITY = ("quality", "cases", "inspect", "rectification", "sheet", "thanks", "warnings", "notes", "forum")


@pytest.mark.parametrize("scene", scenes(Path(__file__).parent))
@pytest.mark.usefixtures("qapp")
def test_what_is_typed_comes_to_what_is_kept(scene: Scene, bare: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.must_come_out(bare, monkeypatch)


def test_each_command_of_quality_and_of_projects_stands_in_one() -> None:
    typed = "\n".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.rglob("*.transcript"))
    lines = [f"{line} " for line in typed.splitlines() if line.startswith("$ ")]
    every = [words for words, _parser in every_command(build_parser({})) if words.startswith((*OF_QUALITY, "project"))]
    assert [words for words in every if not any(f" {words} " in line for line in lines)] == []


READS = [words for words, one in every_command(every_parser()) if one.get_default("reads") and not is_added(words)]
"""All that look at the hall; `report` and `pack` make their papers too."""
IN_HALLS = [*((words, POWER) for words in READS), *paired(READS, OTHERS), *paired(READS, MORE)]
"""What is asked where: everything in the power office, and once in words in another of three and once in a batch in
another preset."""
GIVEN = by_name(Path(__file__).parent / "golden" / "given.txt")
"""What a command needs beside its name."""
OVER = ("what-if",)
REFUSED_READS = ("pcs list", "ticket-design print", "warnings slip")
"""What a hall in its own file, on a PC without a printer, refuses."""


@pytest.fixture
def begun(bare: Console, kind: Kind, qapp: object) -> dict[str, object]:
    """A hall's first morning with something in every list; return what the commands of GIVEN name."""
    hall = kind.make(bare.db.parent, time="9:30")
    hall.desk.db.dispose()
    bare.clock, bare.services = hall.clock, command_services()
    service, window = next(iter(kind.document["services"]))["code"], next(iter(kind.document["windows"]))["code"]
    first = bare.ask("open", window, "--staff", "C1") and bare.ask("issue", service)["ticket"]
    bare.ask("issue", service)
    bare.ask("call", window)
    bare.ask("start", window)
    hall.clock.move(minutes=6)
    bare.ask("finish", window)
    bare.ask("rate", first, "1", "--comment", "slow")
    bare.ask("cases", "open", "--class", "complaint", "--title", "Lamp", "--owner", "M1")
    bare.ask("settings", "set", "reference_notes", "on")
    return {
        "card": bare.ask("card", "start", "crowd")["seq"],
        "service": service,
        "ticket": first,
        "date": hall.date,
        "out": f"{bare.db.parent}/made",
        "inspection": bare.ask("inspect", "start", "--sheet", "hall")["inspection"],
        "forum": bare.ask("forum", "add", str(hall.date), "12", "--about", "Waits")["forum"],
        "project": bare.ask("project", "open", "Waits", "--leader", "M1")["project"],
        "training": bare.ask("training", "add", "Till", "60", "C1")["training"],
        "wording": bare.ask("wording", "start", service, "Accounts")["wording"],
        "appointment": bare.ask("appointment", "add", service, "--at", "12:00")["appointment"],
    }


def lines(begun: dict[str, object], kind: Kind) -> list[str]:
    """Return the reading commands of a hall with what they need; what asks for a date that is over comes last."""
    asked = sorted((words for words, hall in IN_HALLS if hall is kind), key=lambda words: words in OVER)
    return [f"{words} {GIVEN.get(words, '').format(**begun)}".strip() for words in asked]


@pytest.mark.parametrize("kind", THREE, ids=lambda kind: kind.name)
def test_every_reading_command_answers(bare: Console, begun: dict[str, object], kind: Kind) -> None:
    wrong = []
    for line in lines(begun, kind):
        if line.startswith(OVER):
            bare.ask("day-end")
        answer = bare.say(*line.split())
        if answer.status != line.startswith(REFUSED_READS):
            wrong.append((line, answer))
    assert not wrong, "\n".join(map(str, wrong))
    made = {file.name: file.stat().st_mode & 0o077 for file in bare.db.parent.glob("made*")}
    assert made == dict.fromkeys(made, 0), "its user's alone"
    assert kind is not POWER or sorted(made) == ["made.csv", "made.json", "made.pdf", "made.png"]


@pytest.mark.parametrize("kind", MORE, ids=lambda kind: kind.name)
def test_every_preset_answers_with_every_word(batch: Batch, begun: dict[str, object], kind: Kind) -> None:
    asked = [line for line in lines(begun, kind) if not line.startswith(OVER)]
    answers = batch(*asked)
    odd = [
        line for line, answer in zip(asked, answers, strict=True) if answer["status"] != line.startswith(REFUSED_READS)
    ]
    assert odd == []


def test_every_preset_and_every_word_is_among_them() -> None:
    every = (*THREE, *MORE)
    assert {(kind.window, kind.ticket) for kind in every} == set(EVERY_WORDING)
    services = [kind.document["services"] for kind in every]
    assert len({tuple(row.get("name_en") or row["name"] for row in rows) for rows in services}) == len(PRESETS)
    assert GIVEN.keys() | {*REFUSED_READS, *OVER} <= set(READS)
    assert {words for words, kind in IN_HALLS if kind in MORE} == set(READS)


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
