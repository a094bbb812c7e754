"""Customers who are fetched for their turn: who is named when, and who is never told why."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.core.network.roles import station
from queuedesk.core.queue.overview import to_fetch
from queuedesk.desk import looking
from queuedesk.reports.papers.tickets import csv_table
from tests.hall import GUIDE, Hall, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = simple_hall(tmp_path)
    hall.open("1", "C1")
    hall.queue("A", "A", "A")
    hall.do("issue", "A", need="wheelchair", who=GUIDE)
    return hall


def named(hall: Hall) -> list[tuple[str, int]]:
    state = looking.hall_now(hall.desk, hall.clock())
    return [(ticket.label, ahead) for ticket, ahead in to_fetch(state, hall.clock())]


def test_who_needs_it_is_named_two_calls_before_their_turn(hall: Hall) -> None:
    assert named(hall) == []
    hall.call("1")
    assert named(hall) == [("A004", 2)]
    assert looking.fetch_rows(hall.desk, hall.clock()) == [
        {"ticket": "A004", "need": "wheelchair", "state": "waiting", "ahead": 2, "window": None}
    ]


def test_a_rule_says_how_early(hall: Hall) -> None:
    hall.do("set-setting", "fetch_ahead", 3)
    assert named(hall) == [("A004", 3)]


def test_the_place_is_that_of_the_honest_order(hall: Hall) -> None:
    hall.call("1")
    hall.do("issue", "A", klass="elderly")
    assert named(hall) == []  # whose credit puts them first makes three


def test_who_is_called_already_stands_first_until_fetched(hall: Hall) -> None:
    hall.do("need", "A003", "blind", who=station("K1"))
    hall.call("1")
    hall.do("finish", "1")
    hall.do("call", "1", ticket="A004", reason="child")
    assert named(hall) == [("A004", 0), ("A003", 1)]
    hall.do("fetched", "A004", who=GUIDE)
    assert named(hall) == [("A003", 1)]
    hall.do("need", "A003", "")
    assert named(hall) == []


def test_after_a_missed_call_and_for_the_next_line_they_are_fetched_again(hall: Hall) -> None:
    hall.do("fetched", "A004")
    hall.do("call", "1", ticket="A004", reason="r")
    hall.do("miss", "1")
    hall.do("reinstate", "A004")
    assert "A004" in dict(named(hall))
    hall.do("fetched", "A004")
    hall.do("redirect", "B", ticket="A004")
    assert "A004" in dict(named(hall))


def test_lists_tables_and_answers_do_not_tell_why(hall: Hall) -> None:
    hall.do("fetched", "A004")
    state = looking.hall_now(hall.desk, hall.clock())
    day = state.now.date
    assert day is not None
    told = str(looking.tickets_of(hall.desk, day, hall.clock())) + csv_table(state, day).decode("utf-8-sig")
    told += str(looking.state_document(hall.desk, hall.clock(), lambda *_: ""))
    told += str(looking.ticket_now(hall.desk, "A004", hall.clock()))

    assert "A004" in told
    assert "wheelchair" not in told
    assert "need" not in told
    assert "fetched" not in told


def test_the_tables_follow_from_the_log(hall: Hall) -> None:
    hall.do("fetched", "A004")
    hall.must_follow_from_its_log()
    (ticket,) = (one for one in hall.whole().tickets.values() if one.label == "A004")
    assert (ticket.need, sorted(ticket.flags)) == ("wheelchair", ["fetched", "need_wheelchair"])
