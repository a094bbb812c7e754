"""The ready sentences from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from queuedesk.core.setup.sentences import LONGEST_SENTENCE, MAY_BE_NONE, MOST_SENTENCES, USUAL
from tests.cli.commands import Console


def texts(document: dict) -> list[str]:
    return [one["text"] for one in document["sentences"]]


def test_a_hall_without_own_sentences_shows_the_usual_ones(console: Console) -> None:
    lists = console.ask("sentence", "list")["lists"]
    assert [(one["kind"], one["usual"]) for one in lists] == [
        ("messages", True),
        ("announcements", True),
        ("help", True),
        ("emergency", True),
    ]
    assert texts(lists[2]) == [one.text for one in USUAL.help]
    (only,) = console.ask("sentence", "list", "help")["lists"]
    assert only == lists[2]
    assert (
        "Calls for help (the usual ones)\n1  需要值班经理  The duty manager, please"
        in console.say("sentence", "list").out
    )


def test_one_more_keeps_the_usual_ones(console: Console) -> None:
    changed = console.ask("sentence", "add", "help", " 打印机坏了 ", "--en", "The printer is broken")
    assert (changed["kind"], changed["usual"]) == ("help", False)
    assert texts(changed) == [*(one.text for one in USUAL.help), "打印机坏了"]
    assert changed["sentences"][-1] == {"text": "打印机坏了", "text_en": "The printer is broken"}
    assert console.ask("sentence", "list")["lists"][0]["usual"] is True


def test_a_sentence_is_changed_with_its_english_or_without(console: Console) -> None:
    first = console.ask("sentence", "set", "emergency", "1", "请离开")["sentences"][0]
    assert first == {"text": "请离开", "text_en": USUAL.emergency[0].text_en}
    first = console.ask("sentence", "set", "emergency", "1", "请离开", "--en", "Please leave")["sentences"][0]
    assert first["text_en"] == "Please leave"
    assert console.ask("sentence", "set", "emergency", "1", "请离开", "--en", "")["sentences"][0]["text_en"] == ""
    assert console.ask("notice", "emergency", "1")["text"] == "请离开"


def test_sentences_are_taken_away_but_not_the_last_that_staff_read(console: Console) -> None:
    for _one in USUAL.help[1:]:
        left = console.ask("sentence", "remove", "help", "1")
    assert texts(left) == [USUAL.help[-1].text]
    before = len(console.log())
    answer = console.say("sentence", "remove", "help", "1")
    assert (answer.status, answer.err.strip()) == (
        1,
        "The hall needs at least one ready sentence, so the last one stays.",
    )
    assert console.refused("sentence", "remove", "help", "2") == "not_there"
    assert console.refused("sentence", "set", "help", "0", "x") == "not_there"
    assert len(console.log()) == before


@pytest.mark.parametrize("kind", MAY_BE_NONE)
def test_a_hall_may_have_none_of_those_that_customers_read(console: Console, tmp_path: Path, kind: str) -> None:
    for _one in getattr(USUAL, kind):
        left = console.ask("sentence", "remove", kind, "1")
    assert left == {"kind": kind, "usual": False, "sentences": []}
    assert console.ask("sentence", "list", kind)["lists"] == [left]
    exported = tmp_path / "set-up.json"
    console.ask("setup", "export", str(exported))
    assert json.loads(exported.read_text(encoding="utf-8"))["sentences"][kind] is None

    assert texts(console.ask("sentence", "add", kind, "我们自己的")) == ["我们自己的"]
    assert console.ask("sentence", "usual", kind)["usual"] is True


def test_back_to_the_usual_ones(console: Console) -> None:
    console.ask("sentence", "add", "messages", "请来开会")
    console.ask("sentence", "add", "help", "打印机坏了")
    usual = console.ask("sentence", "usual", "messages")
    assert usual["usual"] is True
    assert texts(usual) == [one.text for one in USUAL.messages]
    assert console.ask("sentence", "list", "help")["lists"][0]["usual"] is False


def test_taking_one_more_away_again_is_the_usual_list(console: Console) -> None:
    count = len(console.ask("sentence", "add", "help", "打印机坏了")["sentences"])
    assert console.ask("sentence", "remove", "help", count)["usual"] is True
    assert console.log()[-1]["data"]["row"] == {"help": []}


def test_what_can_not_be_shown_is_refused_and_changes_nothing(console: Console) -> None:
    before = console.ask("sentence", "list")
    answer = console.say("sentence", "add", "messages", "x" * (LONGEST_SENTENCE + 1))
    assert (answer.status, answer.err.strip()) == (1, "Text is too long; please shorten it.")
    assert console.refused("sentence", "add", "messages", "x", "--en", "y" * (LONGEST_SENTENCE + 1)) == "bad_value"
    assert console.say("sentence", "add", "messages", " ").status == 2
    assert console.say("sentence", "add", "songs", "x").status == 2
    assert console.ask("sentence", "list") == before


def test_a_full_list_says_which(console: Console) -> None:
    for n in range(MOST_SENTENCES - len(USUAL.help)):
        console.ask("sentence", "add", "help", f"Sentence {n}")
    answer = console.say("sentence", "add", "help", "one too many")
    assert (answer.status, answer.err.strip()) == (1, "List of calls for help is too long; please shorten it.")


def test_the_same_id_adds_once(console: Console) -> None:
    once = console.ask("--id", "s1", "sentence", "add", "help", "打印机坏了")
    assert console.ask("--id", "s1", "sentence", "add", "help", "打印机坏了") == once
    assert len(console.ask("sentence", "list", "help")["lists"][0]["sentences"]) == len(USUAL.help) + 1
