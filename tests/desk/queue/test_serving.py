"""At the window: what counts as handling, what is set aside, what is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.queue.ticket import seconds
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import Hall, at, made_once, refused, simple_hall


def begun(folder: Path) -> Hall:
    """Windows 1 and 2 are open; A001 is called to 1 at 9:00."""
    hall = simple_hall(folder)
    hall.open("1", "C1")
    hall.open("2", "C2")
    hall.issue("A", then=["B"])
    hall.call("1")
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, begun)


def handling_s(hall: Hall, leg: int = 0) -> int:
    part = hall.ticket("A001").legs[leg]
    return seconds(part.started, part.finished) - int(part.aside.total_seconds())


def go(hall: Hall, *steps: tuple[float, str, tuple[object, ...], dict[str, object]]) -> None:
    for minutes, verb, args, words in steps:
        hall.clock.move(minutes=minutes)
        hall.do(verb, *args, **words)


def test_parked_and_stalled_time_is_not_handling(hall: Hall) -> None:
    go(
        hall,
        (1, "start", ("1",), {}),
        (2, "stall", ("1",), {"reason": "system"}),
        (3, "unstall", ("1",), {}),
        (1, "park", ("1",), {"reason": "form"}),
        (20, "unpark", ("2", "A001"), {}),
        (2, "stall", ("2",), {"reason": "system"}),
        (4, "finish", ("2",), {}),
    )
    leg = hall.ticket("A001").legs[0]

    assert (leg.held_us / 1e6, leg.stalled_us / 1e6, handling_s(hall)) == (20 * 60, 7 * 60, 5 * 60)
    assert (leg.window, leg.staff, leg.end) == ("2", "C2", "finish")
    hall.must_follow_from_its_log()


def test_a_reopened_ticket_is_one_leg_without_the_minutes_between(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    hall.issue("A")
    go(
        hall,
        (0, "call", ("1",), {}),
        (1, "start", ("1",), {}),
        (5, "finish", ("1",), {}),
        (3, "reopen", ("1",), {}),
        (2, "finish", ("1",), {}),
    )

    assert len(hall.ticket("A001").legs) == 1
    assert handling_s(hall) == 7 * 60
    assert hall.ticket("A001").leg.started == at("9:01")


def test_only_the_window_s_last_one_is_taken_back_and_not_once_rated(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    hall.open("2", "C2")
    hall.queue("A", "A")
    hall.serve_out("1")
    hall.serve_out("1")
    assert hall.do("reopen", "1")["ticket"] == "A002"
    hall.do("finish", "1")
    with refused(hall, "nothing_to_reopen", window="2"):
        hall.do("reopen", "2")
    hall.do("rate", "A002", 5, who=CUSTOMER)
    with refused(hall, "already_rated", ticket="A002"):
        hall.do("reopen", "1")


def test_a_visit_that_goes_on_is_not_taken_back(hall: Hall) -> None:
    hall.do("finish", "1")
    with refused(hall, "nothing_to_reopen", window="1"):
        hall.do("reopen", "1")


def test_yesterday_s_last_one_is_not_taken_back(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    hall.issue("A")
    hall.serve_out("1")
    hall.clock.move(days=1)
    hall.open("1", "C1")
    with refused(hall, "nothing_to_reopen", window="1"):
        hall.do("reopen", "1")


def test_a_start_that_was_skipped_is_the_call_and_flagged(hall: Hall) -> None:
    go(hall, (1, "recall", ("1",), {}), (3, "finish", ("1",), {}))
    ticket = hall.ticket("A001")

    assert (ticket.legs[0].started, ticket.flags) == (at("9:00"), {"start_assumed"})
    assert hall.last().data["start_assumed"] is True


@ON_BOTH_ENGINES
def test_a_start_that_was_skipped_after_a_miss_is_the_call_that_was_answered(hall: Hall) -> None:
    go(
        hall,
        (1, "miss", ("1",), {}),
        (20, "reinstate", ("A001",), {}),
        (5, "call", ("1",), {}),
        (4, "finish", ("1",), {}),
    )

    assert handling_s(hall) == 4 * 60
    assert hall.ticket("A001").legs[0].called == at("9:00")


def test_a_visit_s_next_step_queues_by_its_arrival(hall: Hall) -> None:
    hall.clock.move(minutes=2)
    hall.issue("B")
    go(hall, (1, "start", ("1",), {}), (4, "add", ("1", "A"), {}), (1, "finish", ("1",), {}))
    ticket = hall.ticket("A001")

    assert (ticket.service, ticket.steps, ticket.state, ticket.place) == ("A", ("B",), "waiting", at("9:00"))
    assert hall.call("2") == "A001"


def test_what_was_done_stands_on_the_leg(hall: Hall) -> None:
    hall.do("finish", "1", outcome="done", note="n", form_free=True, delivered=["A", "B:2"])
    leg = hall.ticket("A001").legs[0]

    assert (leg.outcome, leg.note, leg.form_free, leg.delivered) == ("done", "n", True, ("A", "B:2"))


def test_a_parked_ticket_belongs_to_the_hall_and_the_window_is_free(hall: Hall) -> None:
    hall.issue("A")
    go(hall, (1, "start", ("1",), {}), (1, "park", ("1",), {"reason": "form"}))

    assert hall.call("1") == "A002"
    assert hall.do("unpark", "2", "A001")["window"] == "2"
