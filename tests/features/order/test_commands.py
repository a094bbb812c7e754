"""The public list of who is next, and the ledger of who was overtaken."""

from __future__ import annotations

import csv
import io

import pypdfium2
import pytest

from tests.cli.commands import Console, begun_once


def overtaken(console: Console) -> None:
    console.ask("open", "3", "--staff", "C3")
    for service in "AAAB":
        console.ask("issue", service)
        console.clock.move(minutes=1)
    console.ask("call", "3")
    console.ask("issue", "A", "--class", "elderly")
    console.clock.move(minutes=1)
    console.ask("finish", "3")
    console.ask("call", "3")
    console.ask("issue", "A", "--class", "elderly")


@pytest.fixture
def hall(console: Console) -> Console:
    """Window 3 serves everything: A001 is there, A004 has priority and jumped two others, B001 waits."""
    return begun_once(console, overtaken)


def text_of(path: str) -> str:
    with pypdfium2.PdfDocument(path) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def test_the_list_is_the_call_order_and_says_the_rule(hall: Console) -> None:
    found = hall.ask("order")
    lines = {line["service"]: line for line in found["order"]}

    assert lines["A"]["called"] == ["A004"]
    assert [one["ticket"] for one in lines["A"]["next"]] == ["A002", "A003", "A005"]
    assert [one["priority"] for one in lines["A"]["next"]] == [False, False, True]
    assert found["rule"] == {"order": "credit", "jump_every": 3, "guard": 0}
    assert "one call in 3" in found["message"]
    assert "A Pay a bill (window 3)" in hall.say("order").out
    order = []
    while any(line["next"] for line in hall.ask("order")["order"]):
        hall.ask("finish", "3")
        order.append(hall.ask("call", "3")["ticket"])
    assert order == ["A002", "A003", "A005", "B001"]


def test_the_list_of_one_service(hall: Console) -> None:
    assert [line["service"] for line in hall.ask("order", "--service", "B")["order"]] == ["B"]
    assert hall.say("order", "--service", "Q").status == 1


def test_the_list_on_paper_holds_numbers_and_the_rule(hall: Console, tmp_path) -> None:
    file = str(tmp_path / "order.pdf")
    hall.ask("order", "--out", file)
    text = text_of(file)

    assert all(label in text for label in ("A002", "A003", "A005", "B001", "A004"))
    assert "Elderly" not in text and "老" not in text
    assert hall.say("order", "--out", "order.txt").status == 2


def test_the_ledger_says_who_passed_whom_and_why(hall: Console) -> None:
    found = hall.ask("ledger")
    rows = {row["ticket"]: row for row in found["tickets"]}

    assert found["totals"] == {
        "tickets": 6,
        "calls": 2,
        "overtaken": 3,
        "overtakes": 3,
        "most": 1,
        "by_reason": {"priority": 3},
        "jumps": 1,
        "fast": 0,
        "language": 0,
        "held_back": {"cap": 0, "guard": 0, "fast": 0, "language": 0},
        "by_skill": {"tickets": 0, "times": 0, "most": 0},
    }
    (one,) = rows["A002"]["passed_by"]
    assert (one["ticket"], one["class"], one["window"], one["reason"]) == ("A004", "elderly", "3", "priority")
    assert rows["A004"]["passed"] == ["A002", "A003", "B001"]
    assert "A004" in hall.say("ledger", "--ticket", "A002").out
    assert hall.say("ledger", "--ticket", "A999").status == 1


def test_a_call_of_another_service_is_no_overtaking(hall: Console) -> None:
    hall.ask("open", "1", "--staff", "C1")
    hall.ask("call", "1")
    hall.ask("finish", "1")
    hall.ask("call", "1")
    hall.ask("finish", "1")
    hall.clock.move(minutes=1)
    hall.ask("call", "1")

    found = {row["ticket"]: row for row in hall.ask("ledger")["tickets"]}
    assert (found["B001"]["overtaken"], found["B001"]["by_skill"]) == (1, 1)
    assert [e["data"].get("by_skill") for e in hall.log() if e["kind"] == "call"] == [None, None, None, None, 1]
    assert hall.ask("why", "B001")["by_skill"] == 1


def test_the_ledger_as_files(hall: Console, tmp_path) -> None:
    table, paper = tmp_path / "ledger.csv", tmp_path / "ledger.pdf"
    hall.ask("ledger", "--out", str(table))
    hall.ask("ledger", "--out", str(paper))

    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig"))))
    assert [(row["ticket"], row["passed_by"], row["reason"]) for row in rows] == [
        ("A002", "A004", "priority"),
        ("A003", "A004", "priority"),
        ("B001", "A004", "priority"),
    ]
    assert "A002" in text_of(str(paper))
    assert hall.say("ledger", "--out", "ledger.doc").status == 2


def test_why_is_one_sentence(hall: Console) -> None:
    said = hall.ask("why", "A003")

    assert said["message"].count(".") == 1
    assert said["message"].endswith("called first though they came later: A004 (Elderly).")
    assert "1 ticket is ahead of it" in said["message"]


def test_why_says_to_people_what_the_told_wait_rested_on(hall: Console) -> None:
    told = hall.ask("why", "A003")
    assert told["told"]["leads"] == "pass"
    said = hall.say("why", "A003").out.strip()

    assert said == f"{told['message'][:-1]}; its estimate was based mainly on who is ahead and what the windows do."


def test_a_day_without_tickets_is_said(console: Console) -> None:
    assert console.ask("ledger", "--date", "2026-01-05")["totals"]["tickets"] == 0
    assert console.say("ledger", "--date", "2026-01-05").out
