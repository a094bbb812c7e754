"""A service with a credit of its own: its tickets are called as if they had come earlier, within the limit on jumps."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.core.queue.dispatch import Wait
from queuedesk.core.queue.overview import service_lines
from queuedesk.desk import looking
from queuedesk.stations.guide.texts import Choice, Draft, next_ticket
from tests.hall import ADMIN, Hall, simple_hall, simple_setup


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """B weighs five minutes more than A."""
    services = simple_setup()["services"]
    services[0]["handling_target"], services[1]["handling_target"] = 10, 10
    services[1]["credit_minutes"] = 5
    hall = simple_hall(tmp_path, services=services)
    hall.open("3", "C3")
    return hall


def test_it_is_called_as_if_it_had_come_earlier_once_in_so_many_calls(hall: Hall) -> None:
    hall.queue("A", "A", "A", "B", "B", minutes_apart=1)

    assert [hall.serve_out("3") for _ in range(5)] == ["B001", "A001", "A002", "B002", "A003"]
    calls = [event.data for event in hall.log() if event.kind == "call"]
    assert [data.get("jump") for data in calls] == [True, None, None, True, None]
    assert hall.ticket("A001").overtaken == 1
    hall.must_follow_from_its_log()


def test_it_adds_to_the_credit_of_a_class(hall: Hall) -> None:
    assert [hall.ticket(hall.issue(service, klass="elderly")).credit_s for service in "AB"] == [600, 900]
    assert [hall.ticket(hall.issue(service)).credit_s for service in "AB"] == [0, 300]


@pytest.mark.parametrize("way", ["redirect", "transfer", "step"])
def test_a_ticket_that_goes_on_has_the_credit_of_where_it_goes(hall: Hall, way: str) -> None:
    hall.issue("A", klass="elderly", then=["B"] if way == "step" else [])
    if way == "redirect":
        hall.do("redirect", "B", ticket="A001")
    else:
        hall.call("3")
        hall.do("start", "3")
        hall.do(*(("finish", "3") if way == "step" else ("transfer", "3", "B")))
    assert (hall.ticket("A001").service, hall.ticket("A001").credit_s) == ("B", 900)
    hall.call("3")
    hall.do("start", "3")
    hall.do("transfer", "3", "A")
    assert hall.ticket("A001").credit_s == 600
    hall.must_follow_from_its_log()


def test_where_no_service_has_one_the_log_stays_as_it_was(hall: Hall) -> None:
    hall.do("set-row", "services", "B", {"credit_minutes": 0}, who=ADMIN)
    hall.issue("A")
    hall.do("redirect", "B", ticket="A001")
    assert "credit_s" not in hall.last().data


def test_the_wait_told_before_is_the_one_that_the_ticket_gets(hall: Hall) -> None:
    """Kiosk and display tell the line's wait, the front desk that of its ticket: with the service's credit all three
    are one figure, and the ticket's own."""
    hall.queue("A", "A", "A", "A", minutes_apart=1)
    now = hall.clock()
    state = looking.hall_now(hall.desk, now)
    lines = {line.service: line for line in service_lines(state, now)}
    desk = {code: next_ticket(state, Draft(first=Choice(code)), now) for code in "AB"}
    assert lines["B"].ahead < lines["A"].ahead
    assert lines["B"].wait != lines["A"].wait
    for code in "BA":
        assert (lines[code].ahead, lines[code].wait) == (desk[code].ahead, desk[code].wait)
    wait = lines["B"].wait
    told = hall.ticket(hall.issue("B")).promise
    assert isinstance(wait, Wait)
    assert (told.ahead, told.low, told.high) == (lines["B"].ahead, wait.low, wait.high)
