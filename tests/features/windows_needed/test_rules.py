"""Changing a roster: what takes whose place, and what can't be."""

from typing import Any

from queuedesk.core.setup.file import check_setup
from queuedesk.core.setup.rows import Setup
from queuedesk.features.windows_needed.rules import Conflict, new_conflict, rows_on, when, with_window
from tests.hall import DAY


def row(window: str, staff: str, hours: str = "08:30-17:30", **more: Any) -> dict[str, Any]:
    start, end = hours.split("-")
    return {"window": window, "staff": staff, "from": start, "to": end, **more}


def hall(*rows: dict[str, Any]) -> Setup:
    return check_setup(
        {
            "hall": {"code": "H", "name": "H"},
            "services": [{"code": code, "name": code, "prefix": code} for code in ("A", "B")],
            "windows": [{"code": "1", "services": ["A"]}, {"code": "2", "services": ["A", "B"]}],
            "staff": [
                {"code": "C1", "name": "One", "role": "clerk"},
                {"code": "C2", "name": "Two", "role": "clerk", "skills": ["B"]},
                {"code": "G1", "name": "Guide", "role": "guide"},
            ],
            "roster": list(rows),
        }
    )


FRIDAY = DAY.date().isoformat()


def test_days_are_the_same_however_they_are_written():
    assert when({"weekday": "1-3"}) == when({"weekday": "1,2,3"}) == "1,2,3"
    assert when({"weekday": 5}) == "5"
    assert (when({"date": FRIDAY}), when({})) == (FRIDAY, "")


def test_what_was_there_before_refuses_no_other_change():
    before = [row("1", "C1"), row("2", "C1")]
    after = [*before, row("2", "C2", "17:30-18:00", weekday="6")]

    assert new_conflict(hall(), before, after) is None
    assert isinstance(new_conflict(hall(), [], before), Conflict)


SHIFT = {"staff": "C2", "from": "09:00", "to": "12:00"}
MORNING = {"window": "1", **SHIFT}


def test_a_window_on_one_date_leaves_other_days_alone():
    rows = [row("1", "C1"), row("1", "C1", weekday="5"), row("2", "C1")]

    assert with_window(rows, "1", FRIDAY, DAY.date(), [SHIFT]) == [*rows, {**MORNING, "date": FRIDAY}]
    assert with_window(rows, "1", FRIDAY, DAY.date(), [])[-1] == {"window": "1", "date": FRIDAY, "off": True}
    assert with_window([rows[2]], "1", FRIDAY, DAY.date(), []) == [rows[2]]


def test_a_window_on_weekdays_takes_their_place_in_rows_for_more_days():
    rows = [row("1", "C1"), row("1", "C1", weekday="1-5"), row("1", "C1", date=FRIDAY)]
    found = with_window(rows, "1", "5", DAY.date(), [SHIFT])

    assert found == [rows[0], row("1", "C1", weekday="1,2,3,4"), {**MORNING, "weekday": "5"}]
    assert rows_on(found, DAY.date()) == [found[-1]]


def test_a_window_on_every_day_forgets_its_weekdays_but_not_other_dates():
    other = row("1", "C1", date="2026-12-24")
    rows = [row("1", "C1"), row("1", "C1", weekday="6-7"), row("1", "C1", date=FRIDAY), other, row("2", "C1")]

    assert with_window(rows, "1", "", DAY.date(), [SHIFT]) == [other, rows[4], MORNING]
    assert with_window(rows, "1", "", DAY.date(), []) == [other, rows[4]]
