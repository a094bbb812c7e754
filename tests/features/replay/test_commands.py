"""replay and simulate from the command line: what stays, what is the same again, and what is left untouched."""

from __future__ import annotations

import csv
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from queuedesk.app.main import command_services
from queuedesk.cli.main import run_command_line
from tests.bounded import PATIENCE_S, until
from tests.cli.commands import ROOT, Console, loaded
from tests.cli.upkeep.test_keeping import is_whole
from tests.hall import simple_setup
from tests.processes import Loaded

GOLDEN = ROOT / "tests" / "golden"
TICKETS = GOLDEN / "recorded_tickets.csv"
ACTIONS = GOLDEN / "recorded_actions.csv"
HEADER = "ticket,service,class,arrived,called,started,finished,left,window,staff\n"
# A Saturday, on which few come.
FEW = ["--preset", "government", "--date", "2026-11-21"]
NINE = "2026-03-02T09:00:00+02:00"


@pytest.fixture
def bare(bare: Console) -> Console:
    bare.services = command_services()
    return bare


def report(console: Console, folder: Path, day: str) -> dict[str, Any]:
    out = folder / "day.json"
    console.ask("report", "day", "--date", day, "--out", out)
    return dict(json.loads(out.read_text(encoding="utf-8")))


def test_recorded_tickets_leave_a_hall_for_reports(bare: Console, tmp_path: Path) -> None:
    """With what each was told at issue; the same file gives the same log to the last hash."""
    out = tmp_path / "told.csv"
    told = bare.ask("replay", TICKETS, "--predictions", out)
    log = bare.log()
    assert told == {"days": 3, "tickets": 26, "events": len(log), "skipped": 0}
    assert all(e["at"] == e["time"] for e in log)
    assert len({e["data"]["token"] for e in log if e["kind"] == "issue"}) == 26
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert list(rows[0]) == ["date", "ticket", "low", "high", "point"]
    assert len(rows) == 26
    issued = {(e["data"]["date"], e["ticket"]): e["data"]["promise"] for e in log if e["kind"] == "issue"}
    for row in rows:
        promise = issued[row["date"], row["ticket"]]
        assert (row["low"], row["high"]) == (str(promise.get("low", "")), str(promise.get("high", "")))
    assert any(row["low"] for row in rows) and not all(row["low"] for row in rows)
    figures = report(bare, tmp_path, "2026-03-02")
    assert (figures["issued"], figures["finished"], figures["left"], figures["waiting_at_end"]) == (21, 16, 5, 2)
    assert figures["overtakes"]["by_reason"].keys() == {"recorded"}
    assert bare.ask("tickets", "--date", "2026-03-03")["tickets"][0]["arrived"] == "2026-03-03T08:30:00+02:00"
    assert is_whole(bare)
    bare.db = tmp_path / "again.sqlite"
    bare.ask("replay", TICKETS)
    assert bare.log()[-1]["hash"] == log[-1]["hash"]


def test_recorded_actions_do_too_and_are_counted_in_words(bare: Console, tmp_path: Path) -> None:
    """The same id gives the first answer again."""
    said = bare.say("--id", "night 7", "replay", ACTIONS)
    assert (said.status, said.err) == (0, "")
    assert said.out == "2 days  11 tickets  82 events  0 rows left out\n"
    assert report(bare, tmp_path, "2026-11-19")["missed"] == 2
    must_answer_again(bare, "replay", ACTIONS)


def must_answer_again(console: Console, *words: object) -> None:
    """Assert that what was done with an id is done once, and answered each time."""
    log = console.log()
    again = console.ask("--id", "night 7", *words)
    assert again["events"] == len(log)
    assert console.ask("--id", "night 7", *words) == again
    assert console.refused("--id", "night 7", "simulate", "--preset", "bank", "--seed", "6") == "id_used"
    assert console.refused("--id", "night 8", *words) == "exists"
    assert console.log() == log


def test_predictions_that_cannot_be_written_leave_no_hall_and_an_existing_file_is_untouched(bare, tmp_path):
    assert bare.refused("replay", TICKETS, "--predictions", tmp_path / "no" / "told.csv") == "cannot_write"
    assert not list(tmp_path.iterdir())
    bare.db.write_bytes(b"somebody's")
    assert bare.refused("replay", TICKETS) == "exists"
    assert bare.refused("simulate", "--preset", "power", "--seed", "1") == "exists"
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("hall.sqlite", b"somebody's")]


def test_a_set_up_refuses_no_recorded_fact(bare: Console, tmp_path: Path) -> None:
    """Hours, quotas, what a window serves, skills, one clerk at two windows; the set-up's clock counts."""
    limits = {"quota": 1, "line_limit": 1, "hours": [{"days": "1", "from": "20:00", "to": "21:00"}]}
    services = [{"code": code, "name": code, "prefix": code, **limits} for code in "ABC"]
    setup, file = tmp_path / "setup.json", tmp_path / "days.csv"
    document = simple_setup(services=services)
    document["staff"][0]["skills"] = ["A"]
    setup.write_text(json.dumps(document), encoding="utf-8")
    rows = ["C001,C,,{t},{t},,,,1,C1", "C002,C,,{t},{t},,,,2,C1", "C003,C,,{t},,,,,,", "C004,C,,2026-03-02 9:00,,,,,,"]
    file.write_text(HEADER + "\n".join(rows).format(t=NINE) + "\n", encoding="utf-8")
    assert bare.ask("replay", file, "--setup", setup)["tickets"] == 4
    arrived = [t["arrived"] for t in bare.ask("tickets", "--date", "2026-03-02")["tickets"]]
    assert arrived == ["2026-03-02T09:00:00+08:00", *["2026-03-02T15:00:00+08:00"] * 3]


def nameless(console: Console, *words: object) -> dict[str, Any]:
    """Run a command on a PC whose own hall the console works with, and name no file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUEUEDESK_DB", str(console.db))
        line = ["--json", *map(str, words)]
        assert run_command_line(line, openers={}, clock=console.clock, services=console.services) == 0
    return dict(json.loads(console.read()[0]))


def test_a_simulated_day_is_the_same_again_and_the_last_open_one_unless_named(bare: Console, tmp_path: Path) -> None:
    """Another seed gives another day; without a file's name it is thrown away, and the PC's own hall is not touched."""
    logs, last = {}, ["--preset", "government", "--seed", 7]
    two = ("two", 1, [*last, "--days", 2])
    for name, days_on, words in (("named", 0, [*FEW, "--seed", 7]), ("last", 1, last), two):
        bare.db = tmp_path / f"{name}.sqlite"
        bare.clock.move(days=days_on)
        told = bare.ask("--id", "night 7", "simulate", *words)
        logs[name] = bare.log()
        assert told["events"] == len(logs[name])
        if name == "named":
            assert (told["days"], told["skipped"]) == (1, 0)
            assert report(bare, tmp_path, "2026-11-21")["issued"] == told["tickets"] > 50
            assert all(e["at"] == e["time"] for e in logs[name])
            must_answer_again(bare, "simulate", *words)
            other, played = nameless(bare, "replay", TICKETS), nameless(bare, "simulate", *FEW, "--seed", 8)
            assert (other["days"], played["days"]) == (3, 1)
            assert (played["tickets"], played["events"]) != (told["tickets"], told["events"]), "another seed"
            assert bare.log() == logs[name]
            assert {p.name.partition(".")[0] for p in tmp_path.iterdir()} == {"named", "day"}
    assert logs["named"][-1]["hash"] == logs["last"][-1]["hash"]
    assert {e["data"]["date"] for e in logs["two"]} == {"2026-11-21", "2026-11-22"}


@pytest.fixture
def playing(tmp_path: Path) -> Iterator[Loaded]:
    """A process that has begun to simulate a year."""
    running = loaded(tmp_path / "hall.sqlite", "simulate", "--preset", "power", "--seed", 1, "--days", 365)
    until(lambda: any(p.name == "hall.sqlite-wal" for p in tmp_path.rglob("*")) or running.poll() is not None)
    assert running.poll() is None
    yield running
    if running.poll() is None:
        running.kill()
    running.communicate()


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_whoever_interrupts_it_finds_nothing(playing: Loaded, tmp_path: Path, told: signal.Signals) -> None:
    playing.send_signal(told)
    playing.wait(timeout=PATIENCE_S)
    assert playing.returncode == 130
    assert list(tmp_path.iterdir()) == []
