"""Figures of quality: as things stood at the end of a time, each with the rows it counts."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from queuedesk.core.quality.case import Verdict
from queuedesk.core.quality.figures import Cell, cells
from queuedesk.desk.change import Ask
from queuedesk.desk.quality import casework, hearing
from queuedesk.desk.quality.casework import Complaint
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import MANAGER, Hall, simple_hall

pytestmark = ON_BOTH_ENGINES

PHONE = "138 0013 5176"


def figures(hall: Hall, first: date, last: date) -> dict[str, Cell]:
    return cells(hearing.quality_between(hall.desk, first, last, hall.clock()))


def test_a_day_keeps_what_stood_at_its_end(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    day = hall.clock().date()
    later = day + timedelta(days=4)

    def ask() -> Ask:
        hall.clock.move(minutes=1)
        return Ask(MANAGER, hall.clock())

    number = casework.open_case(hall.desk, ask(), Complaint(klass="complaint", contact=PHONE))["number"]
    unasked = casework.open_case(hall.desk, ask(), Complaint(klass="repair", asked=True))["number"]
    casework.note_contact(hall.desk, ask(), number)
    casework.note_act(hall.desk, ask(), number, "A list")
    casework.call_back(hall.desk, ask(), number, reached=False)
    casework.call_back(hall.desk, ask(), number, reached=True, verdict=Verdict.DISSATISFIED)
    hall.clock.move(hours=96)
    casework.note_act(hall.desk, ask(), number, "Another list")
    casework.call_back(hall.desk, ask(), number, reached=True, verdict=Verdict.SATISFIED)
    casework.close_case(hall.desk, ask(), number)

    then, now, both = figures(hall, day, day), figures(hall, later, later), figures(hall, day, later)

    for name, told in {
        "cases.opened": ((number, unasked), (), (number, unasked)),
        "cases.open": ((number, unasked), (unasked,), (unasked,)),
        "cases.reopened": ((number,), (), (number,)),
        "cases.closed": ((), (number,), (number,)),
        "cases.call_backs.n": ((number,), (number,), (number,)),
        "cases.verdicts.dissatisfied": ((number,), (), (number,)),
        "cases.by_source.spoken.closed": ((), (number,), (number,)),
        "cases.contacts.valid": ((number,), (), (number,)),
    }.items():
        assert tuple(one[name].rows for one in (then, now, both)) == told, name
    assert [one["cases.call_backs.n"].value for one in (then, now, both)] == [2, 1, 3]
    assert (then["cases.days_to_close.median"].value, both["cases.days_to_close.median"].value) == (None, 2.0)
    assert then["cases.days_to_close.why"].value == "none_closed"
    assert both["cases.contacts.rate"].value == 0.5


def test_of_a_time_to_come_nothing_is_known(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    tomorrow = hall.clock().date() + timedelta(days=1)

    assert {path: one.value for path, one in figures(hall, tomorrow, tomorrow).items()} == {"why": "not_begun"}
