"""Moving tickets: places after a transfer, whom they are held for, late-comers, and those who let others go first."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk.queue import calling
from queuedesk.desk.setup import setting_up
from tests.hall import BY_CREDIT, GUIDE, Hall, at, refused, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return simple_hall(tmp_path)


def order(hall: Hall, service: str | None = None) -> str:
    waiting = sorted((t for t in hall.whole().tickets.values() if t.state == "waiting"), key=BY_CREDIT.order_of)
    return " ".join(t.label for t in waiting if service in (None, t.service))


@pytest.mark.parametrize(
    ("place", "expected"), [("visit", "A001 B001 B002"), ("front", "A001 B001 B002"), ("end", "B001 B002 A001")]
)
def test_the_place_after_a_transfer(hall: Hall, place: str, expected: str) -> None:
    hall.open("1", "C1")
    hall.open("2", "C2")
    hall.issue("A")
    hall.clock.move(minutes=5)
    hall.queue("B", "B", minutes_apart=1)
    hall.call("1")
    hall.do("transfer", "1", "B", place=place, reason="r")

    assert order(hall) == expected
    assert hall.ticket("A001").has_credit is (place == "visit")


def test_the_front_is_before_an_earlier_arrival(hall: Hall) -> None:
    hall.open("3", "C3")
    hall.issue("B", klass="disabled")
    hall.clock.move(minutes=5)
    hall.issue("A")
    hall.do("call", "3", ticket="A001", reason="r")
    hall.do("transfer", "3", "B", place="front", reason="r")

    assert order(hall) == "A001 B001"
    assert hall.call("3") == "A001"


def test_a_transfer_keeps_the_steps_of_the_visit(hall: Hall) -> None:
    hall.open("3", "C3")
    hall.issue("A", then=["C"])
    hall.call("3")
    hall.do("transfer", "3", "B")
    assert hall.ticket("A001").steps == ("C",)
    hall.serve_out("3")

    assert [leg.service for leg in hall.ticket("A001").legs] == ["A", "B", "C"]
    assert [leg.end for leg in hall.ticket("A001").legs] == ["transfer", "finish", None]


@pytest.mark.parametrize(("words", "keeper"), [({"to_window": "2"}, "2"), ({"to_staff": "C3"}, "3")])
def test_a_named_window_or_clerk_is_waited_for_15_minutes(hall: Hall, words: dict[str, str], keeper: str) -> None:
    for window, staff in (("1", "C1"), ("2", "C2"), ("3", "C3")):
        hall.open(window, staff)
    hall.issue("A")
    hall.call("1")
    hall.do("transfer", "1", "A", **words)
    hall.clock.move(minutes=14, seconds=59)
    other = "3" if keeper == "2" else "2"
    for window in ("1", other):
        with refused(hall, "nobody_waiting"):
            hall.do("call", window)
        with refused(hall, "held_for", ticket="A001"):
            hall.do("call", window, ticket="A001")
    hall.clock.move(seconds=1)

    assert hall.call("1") == "A001"


def test_the_one_it_is_held_for_may_call_it_at_once(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.open("2", "C2")
    hall.issue("A")
    hall.call("1")
    hall.do("transfer", "1", "A", to_window="2")

    assert hall.call("2") == "A001"
    assert hall.ticket("A001").held_until is None


def test_one_who_is_held_elsewhere_is_not_passed(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.open("2", "C2")
    hall.queue("A", "A")
    hall.call("1")
    hall.do("transfer", "1", "A", to_window="2")
    hall.call("1")

    assert hall.ticket("A001").overtaken == 0


def test_a_redirected_ticket_stands_by_its_arrival_and_counts_as_misdirected(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.issue("A", klass="elderly")
    hall.clock.move(minutes=5)
    hall.issue("B")
    hall.call("1")
    hall.do("redirect", "B", window="1", who=GUIDE)
    ticket = hall.ticket("A001")

    assert order(hall) == "A001 B001"
    assert (ticket.place, ticket.leg.joined, ticket.has_credit) == (at("9:00"), at("9:00"), True)
    assert [leg.end for leg in ticket.legs] == ["redirect", None]
    assert hall.whole().windows["1"].ticket is None


def late(hall: Hall, waiting: int = 4) -> None:
    """Let A001 miss its call at 9:01 while so many wait."""
    hall.open("1", "C1")
    hall.issue("A")
    hall.clock.move(minutes=1)
    hall.call("1")
    hall.do("miss", "1")
    hall.queue(*"A" * waiting, minutes_apart=0.1)


@pytest.mark.parametrize(
    ("seconds", "calls", "early"),
    [
        (600, 5, True),  # within return_minutes whatever was called
        (600.001, 5, False),
        (600.001, 4, True),  # or while fewer than return_numbers were called
        (3600, 4, True),
        (3600, 5, False),
    ],
)
def test_a_late_comer_is_early_enough_by_minutes_or_by_numbers(
    hall: Hall, seconds: float, calls: int, early: bool
) -> None:
    late(hall, 9)
    for _ in range(calls):
        hall.serve_out("1", minutes=0.1)
    hall.clock.now = at("9:01")
    hall.clock.move(seconds=seconds)
    hall.do("reinstate", "A001", who=GUIDE)
    standing = order(hall).split()

    assert standing.index("A001") == (2 if early else len(standing) - 1)
    assert (hall.last().data.get("early") is True) is early
    assert (hall.ticket("A001").arrived, hall.ticket("A001").has_credit) == (at("9:00"), False)


def test_calls_of_other_services_and_recalls_do_not_count(hall: Hall) -> None:
    late(hall, 4)
    hall.open("3", "C3")
    hall.queue(*"CCCC")
    for _ in range(4):
        hall.do("call", "3", ticket=f"C{_ + 1:03d}", reason="r")
        hall.do("recall", "3")
        hall.do("finish", "3")
    hall.serve_out("1")
    hall.clock.now = at("10:00")
    hall.do("reinstate", "A001")

    assert order(hall, "A").split().index("A001") == 2


@pytest.mark.parametrize("allowed", [0, 1])
def test_a_late_comer_comes_back_as_often_as_the_service_allows(hall: Hall, allowed: int) -> None:
    setting_up.set_row(hall.desk, hall.ask(CONSOLE), "services", "A", {"max_returns": allowed})
    hall.open("2", "C2")
    hall.issue("A")
    for _round in range(allowed):
        hall.call("2")
        hall.do("miss", "2")
        hall.do("reinstate", "A001")
    hall.call("2")
    hall.do("miss", "2")

    with refused(hall, "no_more_returns", ticket="A001", n=allowed, service="A"):
        hall.do("reinstate", "A001")


def test_what_was_recorded_comes_back_whatever_the_service_allows(hall: Hall) -> None:
    setting_up.set_row(hall.desk, hall.ask(CONSOLE), "services", "A", {"max_returns": 0})
    late(hall, 1)
    calling.reinstate(hall.desk, replace(hall.ask(), recorded=True), "A001")

    assert hall.ticket("A001").state == "waiting"


@pytest.mark.parametrize("waiting", [0, 1])
def test_with_fewer_than_two_waiting_a_late_comer_is_last(hall: Hall, waiting: int) -> None:
    late(hall, waiting)
    hall.do("reinstate", "A001")

    assert order(hall).split()[-1] == "A001"


def test_a_late_comer_stands_among_those_that_its_windows_could_call(hall: Hall) -> None:
    """The line is that of the windows: the second in call order may be of another service."""
    hall.open("2", "C2")
    hall.issue("A")
    hall.clock.move(minutes=1)
    hall.call("2")
    hall.do("miss", "2")
    hall.queue("C", "B", "A", "A", minutes_apart=1)
    hall.do("reinstate", "A001")

    assert order(hall) == "C001 B001 A002 A001 A003"


def test_letting_one_go_first_is_behind_the_next_that_a_window_could_call(hall: Hall) -> None:
    hall.open("2", "C2")
    hall.queue("A", "C", "B", "A", minutes_apart=1)
    hall.do("postpone", "A001", who=GUIDE)

    assert order(hall) == "C001 B001 A001 A002"
    assert (hall.ticket("A001").postponed, hall.ticket("A001").has_credit) == (1, False)


def test_one_who_let_another_go_first_is_not_overtaken_by_that_one(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue("A", "A", minutes_apart=1)
    hall.do("postpone", "A001")

    assert (hall.call("1"), hall.ticket("A001").overtaken) == ("A002", 0)


def test_the_hall_says_how_often_one_may_let_others_go_first(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path, settings={"postponements": 2})
    hall.queue("A", "A", "A", minutes_apart=1)
    hall.do("postpone", "A001")
    hall.do("postpone", "A001")

    assert order(hall) == "A002 A003 A001"


def test_who_walks_out_or_is_voided_at_the_window_frees_it(hall: Hall) -> None:
    hall.open("1", "C1")
    hall.queue("A", "A")
    for verb, words in (("leave", {}), ("void", {"reason": "twice"})):
        label = hall.call("1")
        hall.do(verb, label, **words)
        assert hall.whole().windows["1"].ticket is None
    assert [str(hall.ticket(label).state) for label in ("A001", "A002")] == ["left", "void"]
    hall.must_follow_from_its_log()
