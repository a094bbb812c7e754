"""The commands of trials of words: each is used once, with what it needs alone, and does what its name says."""

from __future__ import annotations

import pytest

from queuedesk.cli.main import build_parser
from tests.cli.commands import Console
from tests.cli.parsers import commands


@pytest.fixture
def hall(console: Console) -> Console:
    console.ask("notice", "add", "text=Pay at a machine", "text_en=Pay at a machine")
    return console


def test_every_command_does_what_it_says(hall: Console) -> None:
    started = hall.ask("wording", "start", "A", "缴费")
    assert (started["about"], started["services"], started["old"]["name_en"]) == ("key", [], started["new"]["name_en"])
    assert hall.ask("wording", "stop", str(started["wording"]))["end"] == "stopped"

    noticed = hall.ask("wording", "notice", "1", "Pay without a ticket")
    number = str(noticed["wording"])
    assert (noticed["about"], noticed["services"]) == ("notice", [])
    assert hall.refused("wording", "start", "B", "过户") == "wording_runs"
    assert [one["verdict"] for one in hall.ask("wording", "list")["wordings"]] == ["early", "early"]
    assert hall.ask("wording", "show", number)["stands"] is True
    assert hall.ask("wording", "keep", number)["end"] == "kept"

    of_one = hall.ask("wording", "notice", "--for", "A", "--weeks", "2", "1", "Pay without a ticket")
    assert of_one["services"] == ["A"]
    assert hall.ask("wording", "use", str(of_one["wording"]))["end"] == "used"
    assert hall.ask("notice", "list")["notices"][0]["text"] == "Pay without a ticket"
    done = {"start", "stop", "notice", "list", "show", "keep", "use"}
    assert done == set(commands(commands(build_parser({}))["wording"]))


@pytest.mark.parametrize("weeks", ["5", "99999999"])
def test_a_number_of_weeks_that_is_no_choice_is_refused(hall: Console, weeks: str) -> None:
    assert hall.refused("wording", "notice", "--weeks", weeks, "1", "Pay without a ticket") == "bad_value"
