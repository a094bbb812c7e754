"""The commands of quality: each is used once, most with as little as it takes, and does what its name says."""

from __future__ import annotations

import shlex

import pytest

from queuedesk.cli.main import build_parser
from tests.cli.commands import Console, begun_once
from tests.cli.parsers import commands
from tests.features.test_quality_rights import rights

GROUPS = ("quality", "cases", "inspect", "rectification", "sheet", "thanks", "warnings", "notes", "forum")
# What is typed, where the answer is looked at, and what stands there. "{name}" is the number that `name` got before.
WALK = [
    ("quality note 'No pen at the desk'", "comment", "{comment}"),
    ("quality comments", "comments/0/text", "No pen at the desk"),
    ("quality read {comment}", "read", True),
    ("quality why", "ratings", 1),
    ("cases open --class complaint --contact 13800000001 A001", "number", "{case}"),
    ("cases contact {case}", "state", "contacted"),
    ("cases act {case} 'Two windows more'", "state", "acted"),
    ("cases call-back {case} no_answer", "tries", 1),
    ("cases call-back {case} reached", "state", "called_back"),
    ("cases verdict {case} satisfied", "verdict", "satisfied"),
    ("cases close {case}", "outcome", "satisfied"),
    ("cases reopen --reason other {case}", "verdict", None),
    ("cases assign {case} M1", "owner", "M1"),
    ("cases note {case} 'Asked again'", "history/-1/text", "Asked again"),
    ("cases cite {case} --ticket a1", "history/-1/cites/name", "A001"),
    ("cases cite {case} --figure ratings.rate", "history/-1/cites/value", 0),
    ("cases cite {case} --figure figures --against 2026-11-12", "history/-1/cites/what", "page"),
    ("cases cite {case} --figure hours", "history/-1/cites/figures/10:00.arrivals", 2),
    ("cases show --cited {case}", "history/-1/cites/changed", []),
    ("cases show-contact {case}", "contact", "13800000001"),
    ("cases set-contact {case}", "contact", None),
    ("cases show {case}", "state", "contacted"),
    ("cases slip --out {folder}/cases.pdf", "cases", []),
    ("cases list", "cases/0/number", "{case}"),
    ("sheet list", "sheets/0/code", "hall"),
    ("sheet add desk name=桌面 " + shlex.quote('items=[{{"text":"干净","weight":10}}]'), "name", "桌面"),
    ("sheet set desk name_en=Desk", "name_en", "Desk"),
    ("inspect sheets", "sheets/-1/code", "desk"),
    ("inspect plan 2026-11-20 desk open", "inspection", "{plan}"),
    ("inspect drop --reason other {plan}", "state", "dropped"),
    ("inspect start --sheet desk --channel mystery --visitor 2", "inspection", "{inspection}"),
    ("inspect tie --claimed 4 {inspection} A001", "visit/claimed", 4),
    ("inspect score --words wet {inspection} 1 3", "left", []),
    ("inspect sign {inspection}", "score", 70),
    ("inspect show {inspection}", "state", "done"),
    ("inspect list", "inspections/-1/inspection", "{inspection}"),
    ("sheet remove --yes desk", "removed", "desk"),
    ("rectification add --owner G1 'Dry the desk'", "rectification", "{rectification}"),
    ("rectification remind {rectification}", "state", "open"),
    ("rectification proof {rectification} 'It is dry'", "state", "proven"),
    ("--as M1 rectification look {rectification}", "state", "closed"),
    ("rectification list", "rectifications/0/state", "closed"),
    ("thanks add C3", "thanks", "{thanks}"),
    ("--as C3 thanks seen {thanks}", "seen", "2026-11-20T10:40:00+08:00"),
    ("thanks list", "thanks/0/staff", "C3"),
    ("forum add 2026-11-20 9", "forum", "{forum}"),
    ("forum issue {forum} 'More windows'", "issues/0/words", "More windows"),
    ("forum case {forum} 1", "issues/0/case", "26-002"),
    ("forum show {forum}", "attendees", 9),
    ("forum list", "forums/0/forum", "{forum}"),
    ("quality forget {forum}", "kind", "forum"),
    ("warnings list", "warnings/0/alarm", "{alarm}"),
    ("warnings slip --out {folder}/slip.pdf {alarm}", "file", "{slip}"),
    ("warnings number C1 13800000001", "number", "138 •••• 0001"),
    ("warnings number", "numbers/0/staff", "C1"),
    ("warnings export", "messages", []),
    ("notes add 41002233 'Hears badly'", "note", "{note}"),
    ("notes decline", "asked", True),
    ("notes show 4100-2233", "notes/0/words", "Hears badly"),
    ("notes list", "valid", 1),
    ("notes end {note}", "ended", True),
]


def begun(console: Console) -> None:
    console.ask("open", "3", "--staff", "C3")
    console.ask("issue", "A")
    for deed in ("call", "start", "finish"):
        console.ask(deed, "3")
    # Somebody waits so long that who is responsible is warned.
    console.ask("issue", "B")
    console.clock.move(minutes=40)
    console.ask("staff", "set", "G1", "warned_of=B")
    console.ask("ack", console.ask("state")["alerts"][0]["kind"])
    console.ask("rate", "A001", "1")
    console.ask("settings", "set", "reference_notes", "on")


@pytest.fixture
def hall(console: Console) -> Console:
    """A hall whose A001 was served and rated low."""
    return begun_once(console, begun)


def found(document: object, path: str) -> object:
    for name in path.split("/"):
        document = document[int(name)] if isinstance(document, list) else document[name]  # type: ignore[index]
    return document


def test_every_command_of_quality_does_what_it_says_and_not_for_every_clerk(hall, tmp_path):
    names: dict[str, str] = {"folder": str(tmp_path)}
    wrong, page = [], rights()
    for line, path, expected in WALK:
        words = shlex.split(line.format(**names))
        own = words[2:] if words[0] == "--as" else words
        clerks = page.get(" ".join(own[:2]), {}).get("clerk", "yes")
        if clerks != "yes" and (told := hall.refused("--as", "C2", *own)) != clerks.strip("`"):
            wrong.append((line, told, clerks))
        given = found(hall.ask(*words), path)
        wanted = expected
        if isinstance(expected, str) and expected.startswith("{"):
            given = str(given)
            wanted = names.setdefault(expected[1:-1], given)
        if given != wanted:
            wrong.append((line, given, expected))

    assert wrong == []


def test_no_command_of_quality_is_left_out():
    parsers = commands(build_parser({}))
    every = {f"{group} {name}" for group in GROUPS for name in commands(parsers[group])}

    assert {" ".join(line.split()[2 if line.startswith("--as") else 0 :][:2]) for line, *_ in WALK} == every


def test_an_id_that_is_given_again_answers_with_the_number_alone(hall):
    for line, *_ in WALK:
        if "{" in line or line.split()[0] not in ("inspect", "rectification", "thanks", "forum", "cases"):
            continue
        words = ("--id", f"again {line}"[:40], *shlex.split(line.format()))
        first, second = hall.say("--json", *words), hall.say("--json", *words)
        if first.status == 0 and line.split()[1] not in ("list", "sheets", "show"):
            assert second.document.items() <= first.document.items(), line
            assert len(second.document) <= 2, line
            assert hall.say(*words).status == 0, line
