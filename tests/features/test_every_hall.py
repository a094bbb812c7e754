"""Every command that reads answers in every kind of hall, whatever it calls its windows and tickets."""

from pathlib import Path

import pytest

from queuedesk.app.main import command_services
from queuedesk.core.setup.hall_words import EVERY_WORDING
from queuedesk.core.setup.presets import PRESETS
from scripts.build_commands import every_command
from tests.cli.commands import Batch, Console
from tests.cli.parsers import every_parser
from tests.core.added import is_added
from tests.every_day import paired
from tests.golden.kept import by_name
from tests.three_halls import MORE, OTHERS, POWER, THREE, Kind

READS = [words for words, one in every_command(every_parser()) if one.get_default("reads") and not is_added(words)]
"""All that look at the hall; `report` and `pack` make their papers too."""
IN_HALLS = [*((words, POWER) for words in READS), *paired(READS, OTHERS), *paired(READS, MORE)]
"""What is asked where: everything in the power office, and once in words in another of three and once in a batch in
another preset."""
GIVEN = by_name(Path(__file__).parent / "golden" / "given.txt")
"""What a command needs beside its name."""
OVER = ("what-if",)
REFUSED = ("pcs list", "ticket-design print", "warnings slip")
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
        if answer.status != line.startswith(REFUSED):
            wrong.append((line, answer))
    assert not wrong, "\n".join(map(str, wrong))
    made = {file.name: file.stat().st_mode & 0o077 for file in bare.db.parent.glob("made*")}
    assert made == dict.fromkeys(made, 0), "its user's alone"
    assert kind is not POWER or sorted(made) == ["made.csv", "made.json", "made.pdf", "made.png"]


@pytest.mark.parametrize("kind", MORE, ids=lambda kind: kind.name)
def test_every_preset_answers_with_every_word(batch: Batch, begun: dict[str, object], kind: Kind) -> None:
    asked = [line for line in lines(begun, kind) if not line.startswith(OVER)]
    answers = batch(*asked)
    odd = [line for line, answer in zip(asked, answers, strict=True) if answer["status"] != line.startswith(REFUSED)]
    assert odd == []


def test_every_preset_and_every_word_is_among_them() -> None:
    every = (*THREE, *MORE)
    assert {(kind.window, kind.ticket) for kind in every} == set(EVERY_WORDING)
    services = [kind.document["services"] for kind in every]
    assert len({tuple(row.get("name_en") or row["name"] for row in rows) for rows in services}) == len(PRESETS)
    assert GIVEN.keys() | {*REFUSED, *OVER} <= set(READS)
    assert {words for words, kind in IN_HALLS if kind in MORE} == set(READS)
