"""One number a person, where a hall wants it: by a reference that stands nowhere in clear text."""

from __future__ import annotations

import sqlite3

from tests.cli.commands import Console
from tests.cli.upkeep.test_keeping import is_whole

PHONE = "138 0013 8000"


def test_a_second_number_is_refused_while_the_first_waits(console: Console) -> None:
    console.ask("settings", "set", "one_number", "on")
    console.ask("open", "3", "--staff", "C3")
    assert console.ask("issue", "A", "--ref", PHONE)["ticket"] == "A001"

    answer = console.say("--json", "issue", "A", "--ref", "138-0013-8000")
    assert (answer.status, answer.refusal) == (1, "has_number")
    assert "A001" in answer.document["error"]["message"]
    assert console.ask("issue", "A", "--ref", "13900139000")["ticket"] == "A002"  # somebody else
    assert console.ask("issue", "B", "--ref", PHONE)["ticket"][0] == "B"  # another service
    assert console.ask("issue", "A")["ticket"] == "A003"  # nobody was asked

    with sqlite3.connect(console.db) as file:
        kept = str(file.execute("SELECT command, words, answer FROM commands").fetchall())
        logged = str(file.execute("SELECT data FROM events").fetchall())
    assert "one-number:" in kept
    assert not any(form in kept + logged for form in (PHONE, "13800138000", "13900139000"))
    assert is_whole(console)

    console.ask("call", "3")
    console.ask("start", "3")
    assert console.ask("issue", "A", "--ref", PHONE)["ticket"] == "A004"  # the first is served
    assert console.refused("issue", "A", "--ref", PHONE) == "has_number"
    console.ask("finish", "3")
    console.ask("day-end")
    with sqlite3.connect(console.db) as file:
        assert file.execute("SELECT count(*) FROM commands WHERE command LIKE 'one-number:%'").fetchone() == (0,)
    assert console.ask("issue", "A", "--ref", PHONE)["ticket"] == "A005"


def test_without_the_rule_a_reference_is_as_it_was(console: Console) -> None:
    for _n in range(2):
        console.ask("issue", "A", "--ref", "4711")
    assert [event["data"]["ref"] for event in console.log() if event["kind"] == "issue"] == ["4711", "4711"]
