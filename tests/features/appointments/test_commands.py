"""Appointments by command: kept, listed, taken from a table, called off, come to."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.commands import Console

HEADER = "date,time,service,item,class,name,contact,ref\n"


def test_from_keeping_a_time_to_the_number(console: Console):
    kept = console.ask("appointment", "add", "B", "--at", "10:10", "--name", "Hu Min", "--ref", "R-17")
    assert (kept["state"], kept["at"][11:16], kept["name"]) == ("booked", "10:10", "")

    (row,) = console.ask("appointment", "list")["appointments"]
    assert (row["name"], row["ref"], row["appointment"]) == ("Hu Min", "R-17", kept["appointment"])
    ticket = console.ask("appointment", "arrive", str(kept["appointment"]))
    assert (ticket["class"], ticket["service"], ticket["state"]) == ("appointment", "B", "waiting")
    assert console.ask("appointment", "list")["appointments"][0]["ticket"] == ticket["ticket"]
    again = console.say("appointment", "arrive", kept["appointment"])
    assert (again.status, again.err) == (1, f"They came already and have number {ticket['ticket']}.\n")

    other = console.ask("appointment", "add", "A", "--at", "11:00")["appointment"]
    assert console.ask("appointment", "cancel", other, "--reason", "ill")["state"] == "cancelled"
    assert [row["state"] for row in console.ask("appointment", "list")["appointments"]] == ["came", "cancelled"]


def test_a_table_is_taken_whole_or_not_at_all(console: Console, tmp_path: Path):
    table = tmp_path / "times.csv"
    table.write_text(
        HEADER + "2026-11-20,10:40,B,,,胡敏,,R-1\n2026/11/20,１０:３０,A,,elderly,,,\n", encoding="gb18030"
    )
    assert len(console.ask("appointment", "import", str(table))["booked"]) == 2

    table.write_text(HEADER + "2026-11-20,25:00,B,,,,,\n2026-11-20,11:00,X,,,,,\nsoon,11:00,B,,,,,\n", encoding="utf-8")
    refused = console.say("appointment", "import", table)
    assert refused.status == 1
    assert [line for line in (2, 3, 4) if f"Line {line}:" in refused.err] == [2, 4]
    table.write_text(HEADER + "2026-11-20,11:00,X,,,,,\n", encoding="utf-8")
    assert console.refused("appointment", "import", table) == "bad_rows"
    assert len(console.ask("appointment", "list")["appointments"]) == 2


def test_names_are_for_those_who_keep_appointments(console: Console, monkeypatch: pytest.MonkeyPatch):
    console.ask("appointment", "add", "A", "--at", "11:00", "--name", "Hu Min", "--contact", "555")
    console.ask("staff", "set", "AD", "pin=4711")

    assert console.refused("appointment", "list") == "who_are_you"
    (row,) = console.ask("--as", "C1", "appointment", "list")["appointments"]
    assert (row["name"], row["contact"], row["service"]) == ("", "", "A")
    monkeypatch.setenv("QUEUEDESK_PIN", "4711")
    assert console.ask("--as", "AD", "appointment", "list")["appointments"][0]["name"] == "Hu Min"
    assert console.ask("--as", "G1", "appointment", "list")["appointments"][0]["name"] == "Hu Min"


def test_an_id_remembers_nobody(console: Console):
    words = ("--id", "k1", "appointment", "add", "B", "--at", "10:10", "--name", "Hu Min", "--contact", "555 0134")
    assert console.ask(*words) == console.ask(*words)
    assert console.refused(*words[:-1], "555 9999") == "id_used"
    console.ask("--id", "k2", "opinion", "2", "--comment", "the queue was slow")

    with closing(sqlite3.connect(console.db)) as database:
        kept = str(database.execute("SELECT words, answer FROM commands").fetchall())
    assert "appointment" in kept
    assert not any(told in kept for told in ("Hu Min", "555", "slow"))


def test_no_date_is_too_odd_to_be_refused_in_a_sentence(console: Console, tmp_path: Path):
    table = tmp_path / "times.csv"
    table.write_text(HEADER + "0001-01-01,12:00,A,,,,,r\n9999-12-31,12:00,A,,,,,r\n", encoding="utf-8")
    assert console.refused("appointment", "import", table) == "bad_rows"
    assert console.say("appointment", "add", "A", "--date", "9999-12-31", "--at", "10:00").status == 2
    for day in ("9998-12-31", "0002-01-01"):
        assert console.refused("appointment", "add", "A", "--date", day, "--at", "10:00") in (
            "bad_value",
            "appointment_past",
        )


def test_why_names_the_time_of_who_came_early(console: Console):
    console.ask("open", "3", "--staff", "C3")
    number = console.ask("appointment", "add", "B", "--at", "23:30")["appointment"]
    early = console.ask("appointment", "arrive", number)["ticket"]

    told = console.ask("why", early)
    assert told["reason"] == "early"
    assert told["message"] == f"{early} came early to an appointment and can be called from 23:15."
    assert console.refused("call", "3", "--ticket", early) == "too_early"
