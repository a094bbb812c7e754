"""A service's usual next steps: offered when it is finished, taken with one act, the place kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hall import ADMIN, Hall, refused, simple_hall, simple_setup


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """Intake A usually goes on to the cashier B and the collection C."""
    services = simple_setup()["services"]
    services[0]["then"] = ["B", "C"]
    hall = simple_hall(tmp_path, services=services)
    hall.open("3", "C3")
    return hall


def test_the_visit_goes_through_its_chain_at_its_own_place(hall: Hall) -> None:
    first = hall.issue("A")
    hall.clock.move(minutes=1)
    later = hall.issue("B")
    hall.call("3", ticket=first)
    hall.do("start", "3")
    hall.clock.move(minutes=5)
    assert hall.do("finish", "3", then=["B", "C"])["state"] == "waiting"
    assert (hall.ticket(first).service, hall.ticket(first).steps) == ("B", ("C",))
    assert [hall.serve_out("3") for _ in range(3)] == [first, first, later]
    assert [leg.service for leg in hall.ticket(first).legs] == ["A", "B", "C"]
    hall.must_follow_from_its_log()


def test_nobody_is_sent_on_who_was_not(hall: Hall) -> None:
    label = hall.issue("A")
    assert hall.serve_out("3") == label
    assert hall.ticket(label).state == "finished"
    assert "then" not in hall.last().data


def test_what_is_no_service_is_refused_and_a_service_that_goes_leaves_the_chains(hall: Hall) -> None:
    hall.issue("A")
    hall.call("3")
    with refused(hall, "unknown_service"):
        hall.do("finish", "3", then=["X"])
    hall.do("finish", "3")
    hall.do("remove-row", "services", "C", who=ADMIN)
    setup = hall.whole().setup_now
    assert setup is not None
    assert setup.services["A"].then == ("B",)
