"""Paper days from the command line: whole or not at all, safe to repeat, while the hall works, and no formula comes out
again."""

import csv
import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.commands import ended, loaded
from tests.cli.upkeep.test_keeping import data_checks
from tests.hall import nine_today

HEADER = "time,action,ticket,service,window,staff,class,value,reason"
DAY = """2026-11-19T09:00:00+08:00,issue,A701,A,,,,,
2026-11-19T09:01:00+08:00,issue,A702,A,,,elderly,,
2026-11-19T09:05:00+08:00,call,A701,,3,C3,,,x
2026-11-19T09:06:00+08:00,start,A701,,3,,,,
2026-11-19T09:15:00+08:00,finish,A701,,3,C3,,=1+1,@note
2026-11-19T09:16:00+08:00,rate,A701,,,,,4,
2026-11-19T09:20:00+08:00,leave,A702,,,,,,
"""
FIRST_HALF_PAST = """2026-11-20T09:20:00+08:00,issue,A401,A,,,,,
2026-11-20T09:21:00+08:00,issue,A402,A,,,,,
2026-11-20T09:25:00+08:00,call,A401,,5,C5,,,
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "day.csv"
    path.write_text(f"{HEADER}\n{DAY}".replace("A70", "A40"), encoding="utf-8")
    return path


def test_a_paper_day_is_put_in(console, file):
    told = console.ask("enter", file)

    assert told == {
        "date": "2026-11-19",
        "rows": 7,
        "tickets": 2,
        "events": 9,
        "waiting": [],
        "parked": [],
        "missed": [],
    }
    tickets = console.ask("tickets", "--date", "2026-11-19")["tickets"]
    assert [(t["ticket"], t["state"], t.get("rating")) for t in tickets] == [
        ("A401", "finished", 4),
        ("A402", "left", None),
    ]
    assert tickets[0]["called"] == "2026-11-19T09:05:00+08:00"
    assert "paper" in tickets[0]["flags"]
    enter = next(event for event in console.log() if event["kind"] == "enter")
    assert enter["data"]["file"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert data_checks(console)["tables"] == data_checks(console)["chain"] == "ok"


def test_the_same_file_twice_is_refused_and_an_id_is_safe_to_repeat(console, file):
    first = console.ask("--id", "p1", "enter", file)
    seq = len(console.log())

    assert console.ask("--id", "p1", "enter", file) == first
    assert console.refused("enter", file) == "already_entered"
    assert console.refused("--id", "p1", "enter", file.with_name("other.csv")) == "id_used"
    assert len(console.log()) == seq


def test_bad_rows_are_named_by_line_and_nothing_changes(console, file):
    text = file.read_text(encoding="utf-8").replace("leave,A402", "leave,A499").replace(",4,", ",9,")
    file.write_text(text, encoding="utf-8")
    seq = len(console.log())
    answer = console.say("enter", file)

    assert answer.status == 1
    assert "7" in answer.err and "8" in answer.err and "A499" in answer.err
    assert console.refused("enter", file) == "bad_rows"
    assert len(console.log()) == seq


def test_what_a_cell_says_is_no_formula_when_it_comes_out(console, file, tmp_path):
    console.ask("enter", file)
    out = tmp_path / "out.csv"
    console.ask("tickets", "--date", "2026-11-19", "--csv", out)
    with out.open(encoding="utf-8-sig", newline="") as table:
        row = next(csv.DictReader(table))
    assert (row["outcome"], row["note"]) == ("'=1+1", "'@note")


def test_todays_paper_goes_on_in_the_hall(console, file):
    console.ask("issue", "A")
    file.write_text(f"{HEADER}\n{FIRST_HALF_PAST}", encoding="utf-8")
    told = console.ask("enter", file)

    assert told["waiting"] == ["A401", "A402"]
    assert [t["ticket"] for t in console.ask("state")["waiting"]] == ["A401", "A402", "A001"]
    assert console.ask("state")["recent_calls"] == []
    assert {w["code"] for w in console.ask("window", "list")["windows"] if w["state"] != "closed"} == set()
    assert console.ask("issue", "A")["ticket"] == "A002"
    console.ask("open", "3", "--staff", "C3")
    assert console.ask("call", "3")["ticket"] == "A401"
    assert data_checks(console)["tables"] == "ok"


def test_a_day_is_put_in_while_the_hall_works(live, tmp_path):
    """Numbers are given out by other processes meanwhile; each number goes to one ticket."""
    yesterday = nine_today() - timedelta(days=1)
    day, offset = yesterday.date(), yesterday.isoformat()[-len("+08:00") :]
    rows = DAY.replace("A70", "A40").replace("2026-11-19", day.isoformat()).replace("+08:00", offset)
    file = tmp_path / "day.csv"
    file.write_text(f"{HEADER}\n{rows}", encoding="utf-8")
    running = [loaded(live.db, "issue", "A"), loaded(live.db, "--json", "enter", file), loaded(live.db, "issue", "A")]
    assert [ended(one).status for one in running] == [0, 0, 0]

    assert len(live.ask("tickets", "--date", day.isoformat())["tickets"]) == 2
    assert data_checks(live)["tables"] == "ok"


def test_once_pins_are_set_it_takes_a_manager(console, file, monkeypatch):
    console.ask("staff", "set", "AD", "pin=4711")
    assert console.refused("enter", file) == "who_are_you"
    assert console.refused("--as", "G1", "enter", file) == "not_your_role"
    assert console.refused("--as", "M1", "enter", file) == "pin_needed"
    monkeypatch.setenv("QUEUEDESK_PIN", "4711")
    console.ask("--as", "AD", "staff", "set", "M1", "pin=4711")
    assert console.ask("--as", "M1", "enter", file)["tickets"] == 2
    assert json.loads(console.say("--json", "--as", "M1", "events").out.splitlines()[-1])["actor"] == "M1"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "not_a_table"), (b"\x00\x01", "not_a_table"), (b"a,b\n1,2\n", "bad_rows"), (HEADER.encode(), "no_rows")],
)
def test_what_is_no_such_table_is_told(console, file, content, code):
    file.write_bytes(content)
    assert console.refused("enter", file) == code
    assert console.refused("enter", file.with_name("none.csv")) == "no_such_file"


def test_paper_tickets_are_numbers_that_the_series_hardly_reaches(console, tmp_path):
    out = tmp_path / "paper.pdf"
    last = console.ask("service", "list")
    assert last["services"][0]["code"] == "A"
    told = console.ask("paper-tickets", "A", "--count", "30", "--out", out)

    assert told["last"] - told["first"] == 29
    assert out.read_bytes().startswith(b"%PDF")
    assert console.ask("paper-tickets", "A", "--first", "5", "--count", "3", "--out", out)["last"] == 7
    assert console.refused("paper-tickets", "A", "--count", "0", "--out", out) == "bad_value"
    assert console.refused("paper-tickets", "A", "--first", "998", "--count", "500", "--out", out) == "bad_value"
    assert console.refused("paper-tickets", "X", "--out", out) == "unknown_service"
    assert console.say("paper-tickets", "A", "--out", tmp_path / "paper.txt").status == 2
    assert console.refused("paper-tickets", "A", "--out", tmp_path / "no" / "paper.pdf") == "cannot_write"
