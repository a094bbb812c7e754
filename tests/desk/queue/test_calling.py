"""Calls: whom the rule takes, whom a clerk may choose, who was passed and why, and what becomes of a call."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import Hall, at, clerk, refused, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


def overtaken(hall: Hall) -> dict[str, int]:
    return {t.label: t.overtaken for t in hall.whole().tickets.values() if t.overtaken}


@pytest.mark.parametrize(
    ("call_before", "order", "passed"),
    [
        (False, "A005 A001 A002 A006 A003 A004", {"A001": 1, "A002": 1, "A003": 2, "A004": 2}),
        (True, "A001 A002 A005 A003 A004 A006", {"A003": 1, "A004": 1}),
    ],
)
def test_the_golden_order(hall: Hall, call_before: bool, order: str, passed: dict[str, int]) -> None:
    """One window, five minutes each, from 9:10: normal tickets of 9:00 to 9:03, elderly ones of 9:08 and 9:09."""
    hall.open("1", "C1")
    hall.open("3", "C3")
    hall.clock.now = at("9:00")
    hall.queue("A", "A", "A", "A", minutes_apart=1)
    hall.clock.now = at("9:08")
    hall.issue("A", klass="elderly")
    hall.clock.move(minutes=1)
    hall.issue("A", klass="elderly")
    if call_before:
        hall.issue("C", klass="elderly")
        hall.do("call", "3", ticket="C001", reason="it is another hall's turn")
        overtaken_before = overtaken(hall)
        passed = {k: passed.get(k, 0) + overtaken_before.get(k, 0) for k in passed | overtaken_before}
    hall.clock.now = at("9:10")

    assert " ".join(hall.serve_out("1") for _ in range(6)) == order
    assert overtaken(hall) == passed
    hall.must_follow_from_its_log()


@pytest.mark.parametrize(
    ("guard", "order"), [(0, "A004 A005 A006 A001 A002 A003"), (2, "A004 A005 A001 A002 A003 A006")]
)
def test_priority_first_with_and_without_a_guard(hall: Hall, guard: int, order: str) -> None:
    for key, value in (("order", "priority_first"), ("jump_every", 1), ("order_guard", guard)):
        hall.do("set-setting", key, value)
    hall.open("1", "C1")
    hall.queue("A", "A", "A", minutes_apart=20)
    for klass in ("elderly", "disabled", "elderly"):
        hall.issue("A", klass=klass)
        hall.clock.move(minutes=1)

    assert " ".join(hall.serve_out("1") for _ in range(6)) == order
    assert max(overtaken(hall).values()) == (guard or 3)
    calls = [event.data for event in hall.log() if event.kind == "call"]
    assert {data["rule"] for data in calls} == {"priority_first"}
    assert [data.get("held_by") for data in calls].count("guard") == (3 if guard else 0)
    assert {data.get("held_back") for data in calls} == ({None, "A006"} if guard else {None})
    hall.must_follow_from_its_log()


def test_a_late_comer_stands_third_where_priority_is_first(hall: Hall) -> None:
    hall.do("set-setting", "order", "priority_first")
    hall.open("1", "C1")
    hall.queue("A", "A", "A", "A", minutes_apart=1)
    hall.call("1")
    hall.do("miss", "1")
    hall.issue("A", klass="elderly")
    hall.do("reinstate", "A001")

    assert " ".join(hall.serve_out("1") for _ in range(5)) == "A005 A002 A001 A003 A004"


@ON_BOTH_ENGINES
def test_a_call_stores_the_rule_s_reasons(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.issue("A")
    hall.clock.move(minutes=5)
    hall.issue("A", klass="elderly")
    hall.call("1")
    first = hall.last().data
    hall.do("finish", "1")
    hall.call("1")
    second = hall.last().data

    assert {k: first.get(k) for k in ("jump", "passed", "why", "normal")} == {
        "jump": True,
        "passed": ["A001"],
        "why": "priority",
        "normal": None,
    }
    assert {k: second.get(k) for k in ("jump", "passed", "why", "normal")} == {
        "jump": None,
        "passed": None,
        "why": None,
        "normal": 0,
    }
    assert [(o.label, o.by, o.reason) for o in hall.whole().overtakes] == [("A001", "A002", "priority")]


def test_a_chosen_ticket_that_is_next_by_the_rule_needs_no_reason(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.issue("A")
    hall.clock.move(minutes=5)
    hall.issue("A", klass="elderly")

    assert hall.do("call", "1", ticket="A002")["ticket"] == "A002"
    assert hall.last().data["why"] == "priority"


def test_a_chosen_ticket_that_passes_nobody_needs_no_reason(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.open("3", "C3")
    hall.queue("C", "A")  # the window of A can't call C

    assert hall.do("call", "1", ticket="A001")["ticket"] == "A001"
    assert overtaken(hall) == {}


def test_a_chosen_normal_ticket_counts_as_a_normal_call(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.issue("A", klass="elderly")
    hall.serve_out("1")
    hall.queue("A", "A")
    hall.do("call", "1", ticket="A003", reason="r")
    hall.do("finish", "1")
    hall.do("serve", "1", "A", reason="r")

    assert hall.whole().now.normal_calls == 2


@ON_BOTH_ENGINES
def test_the_tickets_passed_are_named_where_a_reason_is_asked_for(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue("A", "A", "A")
    with refused(hall, "reason_needed", tickets=["A001", "A002"]):
        hall.do("call", "1", ticket="A003")
    with refused(hall, "reason_needed", tickets=["A001", "A002", "A003"]):
        hall.do("serve", "1", "A")


def test_a_customer_without_a_ticket_passes_all_who_wait(hall: Hall) -> None:
    hall.open("2", "C2")
    hall.queue("A", "B", "C")
    told = hall.do("serve", "2", "A", reason="forgot a paper")

    assert (told["ticket"], told["state"], told["calls"], told["class"]) == ("A002", "serving", 1, "normal")
    assert told["called"] == told["started"] == told["arrived"]
    assert overtaken(hall) == {"A001": 1, "B001": 1}


def test_a_window_without_anybody_waiting_serves_without_a_reason(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.issue("C")

    assert hall.do("serve", "1", "A")["state"] == "serving"


def test_two_windows_never_get_one_customer(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.open("2", "C2")
    hall.queue("A", "A")

    assert {hall.call("1"), hall.call("2")} == {"A001", "A002"}


def test_skills_narrow_what_a_window_calls(tmp_path: Path) -> None:
    skilled = {"code": "CB", "name": "CB", "role": "clerk", "skills": ["B"]}
    hall = simple_hall(tmp_path, staff=[skilled])
    hall.open("3", "CB")
    hall.queue("A", "C", "B")

    assert hall.call("3") == "B001"
    hall.do("finish", "3")
    with refused(hall, "cannot_serve", window="3", ticket="A001", service="A"):
        hall.do("call", "3", ticket="A001")


def test_a_call_given_back_leaves_the_ticket_where_it_was(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.issue("A")
    hall.clock.move(minutes=2)
    hall.issue("A", klass="elderly")
    hall.call("1")
    before = hall.ticket("A002")
    hall.do("recall", "1")
    hall.do("return", "1", reason="wrong button", who=clerk("C1"))
    back = hall.ticket("A002")

    assert (back.state, back.place, back.turn, back.has_credit) == ("waiting", before.place, before.turn, True)
    assert (back.leg.called, back.leg.calls, back.leg.window) == (None, 0, None)
    assert [e.kind for e in hall.log() if e.ticket == "A002"] == ["issue", "call", "recall", "return"]
    assert hall.whole().windows["1"].ticket is None
    assert len(hall.whole().calls) == 1  # the call stays
    hall.must_follow_from_its_log()


def test_calls_before_a_miss_are_the_hall_s_number(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path, settings={"calls_before_missed": 1})
    hall.open("1", "C1")
    hall.issue("A")
    hall.call("1")

    assert hall.do("recall", "1")["state"] == "missed"


def test_the_third_miss_ends_the_ticket(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.issue("A")
    for n in range(3):
        assert hall.call("1") == "A001"
        told = hall.do("miss", "1")
        if n < 2:
            hall.do("reinstate", "A001")
    assert told["state"] == "left"
    assert hall.ticket("A001").flags == {"no_show"}
    with refused(hall, "wrong_state", state="left"):
        hall.do("reinstate", "A001")
    hall.must_follow_from_its_log()


@ON_BOTH_ENGINES
def test_four_at_once_get_different_numbers_and_different_customers(tmp_path: Path) -> None:
    windows = [{"code": str(n), "services": ["A"]} for n in range(1, 5)]
    hall = simple_hall(tmp_path, windows=windows)
    for n in range(1, 5):
        hall.open(str(n), f"C{n}")
    rounds, together = 12, Barrier(4)

    def work(window: str) -> list[tuple[str, str]]:
        together.wait()
        done = []
        for _ in range(rounds):
            issued = hall.issue("A")
            called = hall.call(window)
            hall.do("finish", window)
            done.append((issued, called))
        return done

    with ThreadPoolExecutor(4) as threads:
        done = [one for part in threads.map(work, "1234") for one in part]
    every = {f"A{n:03d}" for n in range(1, 4 * rounds + 1)}

    assert {issued for issued, _ in done} == {called for _, called in done} == every
    hall.must_follow_from_its_log()
