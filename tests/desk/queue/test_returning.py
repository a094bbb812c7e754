"""Customers who come back: for an earlier ticket, with an early place, or once more because papers were missing."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.log.ticket_history import TicketHistory
from queuedesk.desk import looking
from queuedesk.desk.queue.issuing import earlier_visit
from queuedesk.i18n.queue.event_words import event_words
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import Hall, made_once, simple_hall

YESTERDAY, TODAY = date(2026, 11, 20), date(2026, 11, 21)


def begun(folder: Path) -> Hall:
    hall = simple_hall(folder, settings={"overnight": "early_place"})
    hall.open("1", "C1")
    hall.queue("A", "A")
    hall.do("defer", "A002")
    hall.clock.move(days=1)
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return made_once(tmp_path, begun)


def test_what_an_earlier_ticket_was_for(hall: Hall):
    found = earlier_visit(hall.desk, "A002", YESTERDAY, hall.clock())

    assert found == {
        "ticket": "A002",
        "date": "2026-11-20",
        "service": "A",
        "item": None,
        "state": "left",
        "early_place": "2026-11-20T09:00:00+08:00",
    }


def test_the_early_place_is_that_of_the_ticket_given_and_had_once(hall: Hall):
    hall.issue("A", return_of=("A002", YESTERDAY))

    assert hall.ticket("A001").place == hall.ticket("A002", YESTERDAY).arrived
    assert "early_place" in hall.ticket("A001").flags
    assert earlier_visit(hall.desk, "A002", YESTERDAY, hall.clock())["early_place"] is None


def test_an_ordinary_ticket_and_a_later_day_keep_no_place(hall: Hall):
    assert earlier_visit(hall.desk, "A001", YESTERDAY, hall.clock())["early_place"] is None
    assert earlier_visit(hall.desk, "A002", YESTERDAY, hall.clock() + timedelta(days=1))["early_place"] is None


def test_a_service_that_is_gone_keeps_no_place(hall: Hall):
    hall.do("set-row", "windows", "1", {"services": ["B"]})
    hall.do("set-row", "windows", "2", {"services": ["B"]})
    hall.do("set-row", "windows", "3", {"services": ["B", "C"]})
    hall.do("day-end")
    hall.do("remove-row", "services", "A")

    assert earlier_visit(hall.desk, "A002", YESTERDAY, hall.clock())["early_place"] is None
    assert hall.issue("B", return_of=("A002", YESTERDAY)) == "B001"


@pytest.mark.parametrize("words", [{"token": "222222"}, {}])
def test_a_ticket_that_never_was_and_a_code_with_other_letters_are_not_known(hall: Hall, words: dict[str, str]):
    label = "A002" if words else "A077"
    with pytest.raises(RuleError) as refusal:
        earlier_visit(hall.desk, label, YESTERDAY, hall.clock(), **words)
    assert refusal.value.code == "return_ticket_unknown"


def test_a_scanned_code_is_the_tickets_own(hall: Hall):
    token = hall.ticket("A002", YESTERDAY).token
    assert earlier_visit(hall.desk, "A002", YESTERDAY, hall.clock(), token=token)["ticket"] == "A002"


def test_a_visit_again_for_papers_is_counted_on_its_ticket(hall: Hall):
    again, first = hall.issue("A", repeat=True), hall.issue("A")

    assert hall.ticket(again).flags == {"repeat_papers"}
    assert hall.ticket(first).flags == frozenset()
    assert "repeat" not in hall.last().data
    rows = {row["ticket"]: row["flags"] for row in looking.tickets_of(hall.desk, TODAY, hall.clock())}
    assert rows == {again: ["repeat_papers"], first: []}
    hall.must_follow_from_its_log()


def told(hall: Hall, label: str, lang: str, *, typed: bool = True) -> str:
    setup, state = looking.setup_of(hall.desk), looking.hall_on(hall.desk, TODAY)
    ticket, own = looking.history(hall.desk, TODAY, label)
    return event_words(state, setup, TicketHistory(ticket=ticket, events=tuple(own), broken=None), lang, typed=typed)[
        0
    ].detail


@ON_BOTH_ENGINES
def test_the_story_says_what_a_ticket_is_linked_to(hall: Hall):
    hall.issue("A", return_of=("A002", YESTERDAY), repeat=True)
    hall.issue("A", ref="Mrs Li")

    assert told(hall, "A001", "en").endswith("comes back for A002 of 20 Nov · here before for papers")
    assert told(hall, "A001", "zh_CN").endswith("接 11月20日 的 A002 · 之前缺材料来过")
    assert told(hall, "A002", "en").endswith("belongs to Mrs Li")
    assert told(hall, "A002", "en", typed=False).endswith("belongs to a case elsewhere")
