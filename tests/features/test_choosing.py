"""A hall leaves out what it does not use: its commands are refused with the way back, and its data stay."""

import json

import pytest

from queuedesk.core.features import names
from tests.cli.commands import Batch, Console


def test_a_batch_takes_up_what_is_switched_on(bare: Console, batch: Batch) -> None:
    bare.openers = {"lobby": lambda _request: 0}
    assert bare.say("lobby").status == 0, "where there is no hall yet its stations open"
    bare.ask("init", "--preset", "clinic", "--all-hours", "--features", "notes")

    lines = batch("forum list", "issue A", "lobby", "features on forums", "forum list")
    assert [(line["status"], line.get("code")) for line in lines[:2]] == [(1, "feature_off"), (0, None)]
    assert [line["status"] for line in lines[3:]] == [0, 0]


LINES = (
    *("appointment list", "print-appointment 1", "card list", "moves list", "partner list", "divert A --to machine"),
    *("sheet list", "enter none.csv", "paper-tickets A --out paper.pdf", "kiosk", "lobby", "inspect list", "halls"),
)
"""Commands of what may be off, most of them the core's."""
ANYWAY = (
    "staffing --arrivals 20 --handling 5 --windows 3",
    "satisfaction rate 10 1",
    "events",
    "tickets",
    "state",
    "doctor",
)


@pytest.mark.usefixtures("hall_alone")
def test_with_all_of_it_off_only_what_needs_no_hall_or_looks_at_its_log_works(console: Console) -> None:
    console.openers = dict.fromkeys(("kiosk", "lobby"), lambda _request: 0)
    console.ask("features", "off", *names())

    assert {line: console.refused(*line.split()) for line in LINES} == dict.fromkeys(LINES, "feature_off")
    assert {line: console.say("--json", *line.split()).status for line in ANYWAY} == dict.fromkeys(ANYWAY, 0)


def test_a_set_up_file_carries_what_a_hall_uses_and_what_only_another_program_has(console: Console) -> None:
    file = console.db.parent / "hall.json"
    console.ask("setup", "export", file)
    document = json.loads(file.read_text(encoding="utf-8"))
    assert document["hall"]["features"] == list(names())
    document["hall"]["features"] = ["forums", "webcam"]
    file.write_text(json.dumps(document), encoding="utf-8")
    console.ask("setup", "import", file)

    assert console.say("features", "list").out.splitlines()[-1].split(None, 2)[:2] == ["webcam", "on"]
    done = console.ask("features", "on", "lobby")
    assert done == {"features": ["kiosk", "lobby", "forums", "webcam"], "on": ["lobby"], "off": []}
    assert console.ask("hall", "show")["features"] == done["features"]
