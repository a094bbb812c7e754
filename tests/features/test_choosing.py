"""A hall leaves out what it does not use: its commands are refused with the way back, and its data stay."""

from __future__ import annotations

import json

import pytest

from queuedesk.core.features import names
from tests.cli.commands import Batch, Console

OFF = "This hall does not use “Forums”; queuedesk features on forums switches it on.\n"


def on(console: Console) -> list[str]:
    return [row["name"] for row in console.ask("features", "list")["features"] if row["on"]]


def test_a_small_hall_switches_forums_on_when_it_wants_them(bare: Console, batch: Batch) -> None:
    bare.openers = {"lobby": lambda _request: 0}
    assert bare.say("lobby").status == 0, "it tells by itself that there is no hall"
    assert bare.refused("init", "--preset", "clinic", "--features", "forums,webcams") == "unknown_feature"
    bare.ask("init", "--preset", "clinic", "--all-hours", "--features", "lobby, forums")
    assert on(bare) == ["lobby", "forums"]
    bare.ask("features", "off", "lobby", "forums")
    assert (on(bare), bare.ask("hall", "show")["features"]) == ([], [])

    answer = bare.say("forum", "list")
    assert (answer.status, answer.out, answer.err) == (1, "", OFF)
    assert "没有启用" in bare.say("--lang", "zh_CN", "forum", "list").err
    assert bare.refused("forum", "add", "2026-11-19", "9") == "feature_off"
    lines = batch("forum list", "issue A", "lobby", "features on forums", "forum list")
    assert [(line["status"], line.get("code")) for line in lines[:2]] == [(1, "feature_off"), (0, None)]
    assert [line["status"] for line in lines[3:]] == [0, 0]

    held = bare.ask("forum", "add", "2026-11-19", "9", "--issue", "more windows")["forum"]
    said = bare.say("features", "off", "forums").out
    assert said.splitlines() == [
        "Off from now on: Forums",
        "Nothing that is stored is lost: it is there again when it is switched on.",
    ]
    assert bare.refused("forum", "show", held) == "feature_off"
    assert [event["kind"] for event in bare.log()[-2:]] == ["forum", "set-up"]
    assert bare.say("features", "on", "forums").out == "On from now on: Forums\n"
    assert [one["forum"] for one in bare.ask("forum", "list")["forums"]] == [held]
    assert bare.say("features", "on", "forums").out == "Nothing changed.\n"


LINES = (
    *("appointment list", "print-appointment 1", "card list", "moves list", "partner list", "divert A --to machine"),
    *("sheet list", "enter none.csv", "paper-tickets A --out paper.pdf", "lobby", "inspect list", "halls"),
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
    console.openers = {"lobby": lambda _request: 0}
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

    assert on(console) == ["forums", "webcam"]
    assert console.say("features", "list").out.splitlines()[-1].split(None, 2)[:2] == ["webcam", "on"]
    assert console.refused("features", "on", "webcams") == "unknown_feature"
    done = console.ask("features", "on", "lobby")
    assert done == {"features": ["lobby", "forums", "webcam"], "on": ["lobby"], "off": []}
    assert console.ask("hall", "show")["features"] == done["features"]
    assert console.refused("hall", "set", "features=forums") == "bad_value"


def test_only_who_sets_the_hall_up_chooses(console: Console) -> None:
    assert console.refused("--as", "C1", "features", "off", "forums") == "not_your_role"
    assert console.refused("--as", "M1", "features", "off", "forums") == "not_your_role"
    console.ask("--as", "AD", "features", "off", "forums")
    assert "forums" not in on(console)
