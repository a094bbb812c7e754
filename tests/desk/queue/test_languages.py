"""Clerks who speak a customer's language: what a ticket carries, who is shown it, and that it moves nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.overview import next_for
from queuedesk.desk import looking
from queuedesk.i18n.names import ticket_marks
from queuedesk.stations.counter import words
from queuedesk.stations.counter.scene import scene_of
from tests.hall import GUIDE, Hall, simple_hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    hall = simple_hall(tmp_path)
    hall.do("set-row", "staff", "C1", {"languages": ["English", "手语"]})
    hall.do("set-row", "staff", "C2", {"languages": ["english"]})
    hall.open("1", "C1")
    hall.open("3", "C3")
    hall.issue("A")
    hall.do("issue", "A", speaks="English", who=GUIDE)
    return hall


def test_the_hall_speaks_what_its_people_speak_each_once(hall: Hall) -> None:
    assert hall.whole().setup_now.spoken == ("English", "手语")


def test_a_ticket_carries_it_and_no_list_shows_it(hall: Hall) -> None:
    ticket = hall.ticket("A002")
    assert (ticket.speaks, ticket.shown_flags) == ("English", frozenset())
    assert ticket_marks(hall.whole().setup_now, ticket) == "English"
    hall.do("need", "A002", "deaf")
    assert (hall.ticket("A002").speaks, hall.ticket("A002").need) == ("English", "deaf")
    hall.must_follow_from_its_log()


def test_a_language_that_nobody_speaks_is_refused(hall: Hall) -> None:
    with pytest.raises(RuleError) as refused:
        hall.do("issue", "A", speaks="French")
    assert (refused.value.code, refused.value.details["limit"]) == ("bad_value", ["English", "手语"])


def test_only_the_counter_of_a_clerk_who_speaks_it_says_so(hall: Hall) -> None:
    state = looking.hall_now(hall.desk, hall.clock())
    told = [words.language_line(scene_of(state, window, hall.clock())) for window in ("1", "3")]
    assert told[1] == ""
    assert "A002" in told[0]


def test_the_order_stays_and_the_call_out_of_order_is_in_the_ledger(hall: Hall) -> None:
    state = looking.hall_now(hall.desk, hall.clock())
    assert [one.label for one in next_for(state, "1", hall.clock())] == ["A001", "A002"]
    hall.do("call", "1", ticket="A002", reason="language")
    (passed,) = hall.whole().overtakes
    assert (passed.label, passed.by, passed.reason, passed.text) == ("A001", "A002", "chosen", "language")
