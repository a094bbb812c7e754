"""What is said without a ticket's number: kept, counted apart, in no rate; and what a rating is added to."""

from __future__ import annotations

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CUSTOMER, Actor, Role
from queuedesk.desk import looking
from queuedesk.desk.queue import rating
from queuedesk.reports.figures import period as day_report
from tests import whole_halls
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import make_hall


@pytest.fixture
def hall(tmp_path):
    hall = make_hall(tmp_path, time="10:00")
    hall.open("3", "C3")
    hall.queue("B", "B")
    return hall


def differences(hall):
    with hall.desk.db.read() as tx:
        return whole_halls.differences(whole_halls.whole(tx, hall.desk.hall), whole_halls.from_log(tx, hall.desk.hall))


@ON_BOTH_ENGINES
def test_an_opinion_is_kept_and_counts_apart(hall):
    label = hall.serve_out("3")
    rating.rate(hall.desk, hall.ask(CUSTOMER), label, 5)
    before = day_report.figures_of_day(hall.desk, hall.clock().date(), hall.clock())["ratings"]

    said = rating.give_opinion(hall.desk, hall.ask(CUSTOMER), 1)
    rating.explain_opinion(hall.desk, hall.ask(CUSTOMER), said["opinion"], tags=["waited_long"])

    figures = day_report.figures_of_day(hall.desk, hall.clock().date(), hall.clock())
    assert figures["ratings"] == before
    assert {"what": "no_number", "n": 1, "why": "belongs_to_no_ticket"} in figures["left_out"]
    kept = looking.hall_now(hall.desk, hall.clock()).opinions[said["opinion"]]
    assert (kept.level, kept.tags, kept.explained) == (1, ("waited_long",), True)
    assert differences(hall) == []


def test_reasons_of_an_opinion_come_once_and_soon(hall):
    said = rating.give_opinion(hall.desk, hall.ask(CUSTOMER), 2)["opinion"]
    with pytest.raises(RuleError, match="not_rated"):
        rating.explain_opinion(hall.desk, hall.ask(CUSTOMER), said + 7, tags=["waited_long"])
    hall.clock.move(minutes=6)
    with pytest.raises(RuleError, match="reasons_late"):
        rating.explain_opinion(hall.desk, hall.ask(CUSTOMER), said, tags=["waited_long"])
    explained = rating.give_opinion(hall.desk, hall.ask(CUSTOMER), 2, comment="too cold")["opinion"]
    with pytest.raises(RuleError, match="reasons_given"):
        rating.explain_opinion(hall.desk, hall.ask(CUSTOMER), explained, tags=["waited_long"])
    comment = looking.hall_now(hall.desk, hall.clock()).opinions[explained].comment
    assert comment is not None
    assert "too cold" not in comment


def test_staff_give_none_and_levels_are_one_to_five(hall):
    with pytest.raises(RuleError, match="not_your_role"):
        rating.give_opinion(hall.desk, hall.ask(Actor("C3", Role.CLERK)), 5)
    for level in (0, 6):
        with pytest.raises(RuleError, match="bad_level"):
            rating.give_opinion(hall.desk, hall.ask(CUSTOMER), level)


def test_two_more_answers_are_added_to_a_rating(hall):
    label = hall.serve_out("3")
    rating.rate(hall.desk, hall.ask(CUSTOMER), label, 4)
    rating.add_reasons(hall.desk, hall.ask(CUSTOMER), label, attitude=5, competence=3)

    kept = looking.hall_now(hall.desk, hall.clock()).ratings[(hall.clock().date(), label)]
    assert (kept.level, kept.attitude, kept.competence) == (4, 5, 3)
    assert differences(hall) == []
    with pytest.raises(RuleError, match="bad_level"):
        rating.add_reasons(hall.desk, hall.ask(CUSTOMER), label, attitude=9)
