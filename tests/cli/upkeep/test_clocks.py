"""A command by a clock that nobody saw pass: refused in one sentence, answered by one command, or told the time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from queuedesk.core.log.pc_clock import WatchedClock
from tests.cli.commands import Console, begun_once
from tests.cli.upkeep.test_keeping import is_whole


@pytest.fixture
def morning(console: Console) -> Console:
    """The morning after a day that was left open with four waiting, on a PC that was switched off meanwhile."""
    console.say("open", "1", "--staff", "C1")
    for _one in range(4):
        console.say("issue", "A")
    console.clock.move(hours=24, minutes=42)
    console.clock = WatchedClock(console.clock, lambda: 0.0)
    return console


def test_every_command_is_refused_in_one_sentence_and_nothing_changed(morning: Console) -> None:
    before = len(morning.log())

    assert [morning.refused(*words.split()) for words in ("issue A", "call 1", "day-end")] == ["clock_ahead"] * 3

    said = morning.say("day-end")
    assert (said.status, said.out) == (1, "")
    assert said.err == (
        "The hall was left open on Fri 20 Nov with 4 waiting. Is it Sat 21 Nov, 10:42?"
        " A member of staff has to confirm this first: queuedesk clock confirm.\n"
    )
    assert len(morning.log()) == before


def test_clock_confirm_is_the_answer(morning: Console) -> None:
    shown = morning.ask("clock", "show")
    assert shown == {
        "log": "2026-11-20T10:00:00+08:00",
        "date": "2026-11-20",
        "clock": "2026-11-21T10:42:00+08:00",
        "to_confirm": {
            "last": "2026-11-20T10:00:00+08:00",
            "now": "2026-11-21T10:42:00+08:00",
            "waiting": 4,
            "open": 0,
            "windows": 1,
            "appointments": 0,
            "by": "staff",
        },
        "to_set_right": False,
    }

    assert morning.say("clock", "confirm").out == "Confirmed: it is 21 November 2026, 10:42. The hall continues.\n"

    assert morning.ask("clock", "show")["to_confirm"] is None
    assert morning.ask("issue", "A")["ticket"] == "A001"
    assert morning.refused("clock", "confirm") == "nothing_to_confirm"


@pytest.mark.parametrize("stated", ["2026-11-21T10:42", "2026-11-21T02:42:00+00:00", "10:42"])
def test_a_stated_time_is_taken_at_its_word(morning: Console, stated: str) -> None:
    morning.ask("--at", stated, "day-end")

    assert morning.ask("--at", stated, "issue", "A")["arrived"] == "2026-11-21T10:42:00+08:00"


def test_a_command_with_an_at_of_its_own_keeps_it(morning: Console) -> None:
    morning.ask("clock", "confirm")
    told = morning.ask("--at", "10:50", "notice", "push", "Closed at noon", "--at", "11:30")

    assert (told["since"], told["begins"]) == ("2026-11-21T10:50:00+08:00", "2026-11-21T11:30:00+08:00")


@pytest.mark.parametrize("staff", ["G1", "C1"])
def test_only_a_manager_takes_the_hall_to_another_time_under_a_name(morning: Console, staff: str) -> None:
    assert morning.refused("--as", staff, "--at", "2100-01-01T00:00", "issue", "A") == "not_your_role"
    assert morning.say("--as", "M1", "--at", "2026-11-21T11:00", "issue", "A").status == 0


def out_of_time(console: Console) -> None:
    console.say("issue", "A")
    console.ask("--at", "2100-01-01T00:10", "issue", "A")
    console.clock.move(minutes=10)
    assert console.ask("issue", "A")["arrived"].startswith("2100-01-01")


@pytest.fixture
def in_2100(console: Console) -> Console:
    """One number was given out with the clock in 2100; the clock is right again."""
    return begun_once(console, out_of_time)


def test_one_command_in_2100_is_set_right_by_one_command(in_2100: Console) -> None:
    before = len(in_2100.log())
    assert in_2100.ask("clock", "show")["to_set_right"] is True
    assert in_2100.say("clock", "show").out.endswith("a manager can set the log right: queuedesk clock set-right.\n")
    seen = in_2100.ask("clock", "set-right", "--preview")
    assert (seen["tickets"], seen["waiting"], seen["date"]) == (2, 2, "2026-11-20")
    told = in_2100.say("clock", "set-right")
    assert (told.status, told.err.endswith("If it is so, please confirm with --yes.\n")) == (1, True)
    assert in_2100.refused("clock", "set-right") == "needs_yes"
    assert in_2100.refused("--as", "G1", "clock", "set-right", "--preview") == "not_your_role"
    assert len(in_2100.log()) == before

    said = in_2100.say("--as", "M1", "clock", "set-right", "--yes")

    assert said.out == "Clock corrected: it is 20 November 2026, 10:10. The hall continues.\n"
    assert in_2100.ask("issue", "A")["arrived"] == "2026-11-20T10:10:00+08:00"
    assert in_2100.refused("clock", "set-right", "--yes") == "log_not_ahead"


@pytest.mark.usefixtures("hall_alone")
def test_doctor_says_that_the_log_runs_ahead_and_what_to_do(in_2100: Console) -> None:
    def clocks() -> list[str]:
        return [one["message"] for one in in_2100.ask("doctor")["checks"] if one["name"].startswith("clock")]

    (said,) = clocks()
    assert said.startswith("The hall's log is at 1 January 2100, 0:10, but it is 20 November 2026, 10:10.")
    assert said.endswith("queuedesk clock set-right.")

    in_2100.ask("clock", "set-right", "--yes")

    assert clocks() == ["The clock is not behind the log."]


def test_a_log_that_was_set_right_goes_out_and_in_unchanged(in_2100: Console, tmp_path: Path) -> None:
    in_2100.ask("clock", "set-right", "--yes")
    in_2100.ask("issue", "A")
    hashes = [event["hash"] for event in in_2100.log()]
    in_2100.ask("backup", tmp_path / "b.zip")
    in_2100.ask("export", "--out", tmp_path / "e.zip")

    for words in (("restore", tmp_path / "b.zip"), ("merge", tmp_path / "e.zip")):
        other = replace(in_2100, db=tmp_path / f"{words[0]}.sqlite")
        other.ask(*words)
        assert [event["hash"] for event in other.log()][: len(hashes)] == hashes
        assert is_whole(other)
        assert other.ask("issue", "A")["arrived"].startswith("2026-11-20")
