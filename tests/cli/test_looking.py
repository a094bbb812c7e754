"""Looking changes nothing: the hall, its log, its tickets, and why somebody waits."""

import csv
import hashlib
import json

import pytest

from tests.cli.commands import Console, begun_once

LEG = {"service", "place", "called", "started", "finished", "window", "staff", "end"}


def served(console: Console) -> None:
    console.ask("open", "3", "--staff", "C3")
    for service in "AAB":
        console.ask("issue", service)
    console.ask("call", "3")
    console.clock.move(minutes=1)
    console.ask("start", "3")
    console.clock.move(minutes=4)
    console.ask("finish", "3", "--outcome", "done", "--note", "=1+1")


@pytest.fixture
def hall(console: Console) -> Console:
    """Window 3 has served A001; A002 and B001 wait."""
    return begun_once(console, served)


def test_state_shows_the_hall(hall):
    state = hall.ask("state")

    assert set(state) == {"hall", "windows", "waiting", "recent_calls", "alerts"}
    assert [t["ticket"] for t in state["waiting"]] == ["A002", "B001"]
    assert state["recent_calls"][0]["ticket"] == "A001"
    assert "A002" in hall.say("state").out


def test_an_alert_is_a_sentence(hall):
    hall.clock.move(minutes=20)

    alerts = hall.ask("state")["alerts"]
    assert {alert["kind"] for alert in alerts} >= {"long_wait", "no_call"}
    assert all(alert["message"].endswith(".") for alert in alerts)


def test_anybody_can_check_the_log(hall):
    previous = "0" * 64
    for event in hall.log():
        body = {key: value for key, value in event.items() if key not in ("prev", "hash")}
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert event["prev"] == previous
        previous = hashlib.sha256((previous + text).encode()).hexdigest()
        assert event["hash"] == previous
    assert [event["seq"] for event in hall.log(3)] == [4, 5, 6, 7, 8]


@pytest.mark.usefixtures("hall_alone")
def test_looking_leaves_no_trace(hall):
    before = hall.log()
    for words in (
        "state",
        "tickets",
        "why A002",
        "wait A002",
        "wait --service B",
        "service list",
        "settings list",
        "doctor",
    ):
        assert hall.say(*words.split()).status == 0
    assert hall.log() == before


def test_a_day_s_tickets_have_their_legs(hall):
    day = str(hall.clock.now.date())
    first, *others = hall.ask("tickets", "--date", day)["tickets"]

    assert (first["ticket"], first["way"], first["guide"], first["flags"]) == ("A001", 1.0, None, [])
    assert set(first["legs"][0]) == LEG
    assert first["legs"][0]["end"] == "finish"
    assert [t["ticket"] for t in others] == ["A002", "B001"]
    assert hall.ask("tickets", "--date", "2026-11-19") == {"tickets": []}


def test_the_table_has_a_row_per_leg_and_no_formulas(hall, tmp_path):
    file = tmp_path / "day.csv"
    file.write_text("old")
    hall.ask("redirect", "--ticket", "B001", "A")

    assert hall.ask("tickets", "--csv", file) == {"file": str(file)}
    with file.open(encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    assert [(row["ticket"], row["leg"]) for row in rows] == [("A001", "1"), ("A002", "1"), ("B001", "1"), ("B001", "2")]
    assert (rows[0]["outcome"], rows[0]["note"]) == ("done", "'=1+1")
    assert hall.refused("tickets", "--csv", tmp_path / "no" / "x.csv") == "cannot_write"


def test_waits_are_honest_or_null_with_a_reason(hall):
    told = hall.ask("wait", "--service", "C")

    assert (told["service"], told["ahead"], told["wait"], told["wait_reason"]) == ("C", 0, None, "no_window_open")
    assert hall.ask("wait", "A002")["wait"] == {"low": 0, "high": 1, "point": 0.0, "unit": "minutes"}
    assert hall.ask("wait", "A001")["wait_reason"] == "not_waiting"
    assert hall.refused("wait", "A999") == "unknown_ticket"
    assert hall.refused("wait", "--service", "Z") == "unknown_service"


def test_why_says_what_holds_and_who_passed(hall):
    assert hall.ask("why", "B001")["reason"] == "ahead"
    assert hall.ask("why", "A002")["reason"] == "next"
    hall.ask("call", "3", "--ticket", "B001", "--reason", "frail")
    told = hall.ask("why", "A002")

    assert told["reason"] == "all_busy"
    assert told["passed_by"] == [{"ticket": "B001", "reason": "chosen", "text": "frail"}]
    assert "B001" in hall.say("why", "A002").out
    assert hall.say("why", "A001").out.count("\n") == 1
    hall.ask("issue", "D")
    assert hall.ask("why", "D001")["reason"] == "no_window"


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31"])
def test_a_date_whose_week_has_no_neighbours_is_none(console, date):
    answer = console.say("tickets", "--date", date)

    assert (answer.status, answer.err.splitlines()[-1]) == (2, f"--date: {date} is not a date such as 2026-11-20")
