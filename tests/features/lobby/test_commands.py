"""Suggested moves from scripts."""

from __future__ import annotations

import pytest

from tests.cli.commands import Console, begun_once


def crowded(console: Console) -> None:
    console.ask("open", "1", "--staff", "C1")
    console.ask("open", "5", "--staff", "C5")
    for _customer in range(8):
        console.ask("issue", "C")
    console.ask("call", "5")
    console.ask("start", "5")
    console.clock.move(minutes=10)


@pytest.fixture
def hall(console: Console) -> Console:
    """Window 1 idle, window 5 with the first of eight for C; it is ten past ten."""
    return begun_once(console, crowded)


def test_what_would_help_and_what_threatens(hall: Console) -> None:
    found = hall.ask("moves", "list")
    (first, *_others) = found["moves"]

    assert list(first) == [
        *("key", "kind", "window", "staff", "service", "to", "minutes", "services", "effect"),
        *("outlook", "proof", "title", "message"),
    ]
    assert (first["proof"]["source"], first["proof"]["helped"], first["proof"]["n"]) == ("plays", 10, 10)
    assert first["message"].endswith(
        " Helped in 10 of 10 simulations from now; in similar situations it saved 0–3 min each."
    )
    assert (first["key"], first["title"]) == ("lend:1:C", "Let window 1 serve C too")
    assert first["effect"]["beyond"] > first["effect"]["beyond_after"]
    assert "more people will wait over 15 min in the next 20 min; with it, " in first["message"]
    assert [(one["kind"], one["service"]) for one in found["risks"]] == [("target", "C"), ("longest", "C")]
    lines = hall.say("moves", "list").out.splitlines()
    assert lines[0] == "1  Let window 1 serve C too  (lend:1:C)"
    assert lines[1].strip() == first["message"]


def test_one_is_made_by_its_number_and_turned_down_by_its_key(hall: Console) -> None:
    assert hall.say("moves", "decline", "open_window:6:C2").out == "Open window 6 with Staff 2: not now\n"
    made = hall.ask("--as", "M1", "moves", "take", 1)

    assert (made["key"], made["taken"], made["by"]) == ("lend:1:C", True, "M1")
    assert hall.ask("window", "list")["windows"][0]["lent"] == ["C"]
    assert hall.refused("moves", "take", "lend:1:C") == "move_made"
    assert [one["key"] for one in hall.ask("moves", "past")["moves"]] == ["lend:1:C", "open_window:6:C2"]


def test_what_moves_did(hall: Console) -> None:
    hall.ask("moves", "take", 1)
    assert hall.say("moves", "past").out == "20 Nov  10:10  Let window 1 serve C too  nothing to tell yet\n"
    for _customer in range(7):
        hall.ask("call", "1")
        hall.clock.move(minutes=1)
        hall.ask("finish", "1")
    first, second = hall.say("moves", "past").out.splitlines()

    assert first.startswith("lending a service, 1 time: ") and first.endswith(" min less waiting, too few to say more.")
    assert second.startswith("20 Nov  10:10  Let window 1 serve C too  7 people waited ")
    assert hall.ask("moves", "past", "--days", 0)["kinds"][0]["n"] == 1


REFUSED = (
    (("take", "9"), "unknown_move"),
    (("take", "0"), "unknown_move"),
    (("decline", "lend:1:A"), "move_gone"),
    (("--as", "C1", "take", "lend:1:C"), "not_your_role"),
)


def test_what_is_refused(hall: Console) -> None:
    log = len(hall.log())
    for words, code in REFUSED:
        who, verb = (words[:2], words[2:]) if words[0] == "--as" else ((), words)
        assert hall.refused(*who, "moves", *verb) == code, words
        assert len(hall.log()) == log, words


def test_a_hall_where_nobody_waits(console: Console) -> None:
    assert console.say("moves", "list").out == "Nothing to move: no one will wait too long.\n"
    assert console.say("moves", "past").out == "No moves were taken.\n"


def test_a_day_that_is_over_asks_for_nothing(hall: Console) -> None:
    hall.clock.move(days=1)

    assert hall.ask("moves", "list") == {"moves": [], "tried": [], "ahead": None, "risks": []}
