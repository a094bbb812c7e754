"""The commands of improvement projects: each is used once and does what its name says, in text too."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from queuedesk.cli.main import build_parser
from tests.cli.commands import Batch, Console, begun_once
from tests.cli.parsers import commands

WRONG = "measures.wrong_counter.rate"
DAY = "2026-11-20"
# What is typed, where the answer is looked at, and what stands there.
WALK = [
    (f"open 'Right the first time' --leader M1 --figure issued --from {DAY}", "project", 1),
    ("list", "projects/0/step", "state"),
    (f"state 1 --figure figures --from {DAY}", "project", 1),
    (f"target 1 {WRONG} 8% --by 2026-12-20 --reason Half", "project", 1),
    (f"follow 1 {WRONG}=6 ratings.rate", "project", 1),
    ("spans 1 --before 2026-11-02 2026-11-08 --measures 2026-11-09 --after 2026-11-09 2026-11-15", "project", 1),
    ("cause 1 'Nobody at the door' --bone people", "cause", 1),
    ("cause 1 Sun --bone own --own Weather", "cause", 2),
    ("evidence 1 1 --with 36/120 --without 12/130 --note 'A morning each'", "cause", 1),
    ("evidence 1 2 --ticket A001@2026-11-20", "cause", 2),
    (f"evidence 1 2 --figure {WRONG} --from {DAY}", "cause", 2),
    ("evidence 1 2 --remove 2", "cause", 2),
    ("judge 1 1 confirmed", "cause", 1),
    ("judge 1 2 cannot_tell", "cause", 2),
    ("measure 1 'Guide at the door' --who G1 --due 2026-11-09 --cost 180 --cause 1", "measure", 1),
    ("measure 1 --of 1 --done 2026-11-09", "measure", 1),
    ("standard 1 1 rule --key crowd --value 18", "measure", 1),
    ("set 1 --next 'Look at noon'", "project", 1),
    ("show 1", "causes/0/evidence/0/verdict", "higher"),
    ("show 1", "state/0/n", 1),
    ("show 1", "measures/0/standard/ref", "crowd"),
    ("show 1", "step", None),
    ("effect 1", "figures/0/verdict", "too_few"),
    ("fading", "fading", []),
    ("sample", "sample", True),
    ("close 1", "project", 1),
    ("open Other --leader M1", "project", 2),
    ("drop 2 --reason 'Leads nowhere'", "project", 2),
]


def begun(console: Console) -> None:
    console.ask("open", "3", "--staff", "C3")
    console.ask("issue", "A")


@pytest.fixture
def hall(console: Console) -> Console:
    return begun_once(console, begun)


def found(document: object, path: str) -> object:
    for name in path.split("/"):
        document = document[int(name)] if isinstance(document, list) else document[name]  # type: ignore[index]
    return document


def test_every_command_does_what_it_says(hall: Console, tmp_path: Path) -> None:
    for line, path, expected in WALK:
        words = ("project", *shlex.split(line))
        assert found(hall.ask(*words), path) == expected, line
        if words[1] in ("list", "show", "effect", "fading", "sample"):
            assert hall.say(*words).status == 0, line

    file = tmp_path / "report.pdf"
    assert hall.ask("project", "print", "1", "--out", str(file))["file"] == str(file)
    assert file.read_bytes().startswith(b"%PDF")
    hall.ask("project", "open", "Another", "--leader", "M1")
    hall.ask("project", "measure", "3", "Say it sooner", "--who", "M1", "--due", DAY)
    hall.ask("--as", "M1", "project", "standard", "3", "1", "rule", "--key", "crowd", "--value", "16")
    assert [one["asked"] for one in hall.ask("project", "standards")["standards"]] == [False, True]
    assert "waits for an admin" in hall.say("project", "standards").out
    assert hall.ask("project", "take", "3", "1") == {"project": 3, "measure": 1}
    done = {"print", "take", "standards"}
    assert {line.split()[0] for line, *_ in WALK} | done == set(commands(commands(build_parser({}))["project"]))


def test_an_id_that_is_given_again_adds_nothing(hall: Console) -> None:
    hall.ask("project", "open", "Once", "--leader", "M1")
    words = ("--id", "again", "project", "cause", "1", "Noon", "--bone", "people")

    assert hall.ask(*words) == hall.ask(*words) == {"project": 1, "cause": 1}
    assert hall.ask("project", "list")["projects"][0]["cause_count"] == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("show 9", "not_there"),
        ("judge 1 1 confirmed", "no_evidence"),
        ("close 1", "project_not_done"),
        ("target 1 issued 8 --by 2026-12-20 --reason x", "bad_value"),
        ("cause 1 --remove 2", "not_there"),
    ],
)
def test_what_is_refused_is_said_in_a_sentence(hall: Console, words: str, code: str) -> None:
    hall.ask("project", "open", "Once", "--leader", "M1")
    hall.ask("project", "cause", "1", "Noon", "--bone", "people")

    assert hall.refused("project", *shlex.split(words)) == code


@pytest.mark.usefixtures("console")
def test_a_project_of_a_case_that_is_not_there_is_refused_in_words(batch: Batch) -> None:
    answers = batch(
        "project open Wait --leader M1 --case 26-999", "--lang zh_CN project open 等候 --leader M1 --case 9"
    )

    assert [(answer["code"], answer["message"]) for answer in answers] == [
        ("not_there", "There is no case 26-999."),
        ("not_there", "没有工单 9。"),
    ]
