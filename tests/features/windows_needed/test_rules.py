"""Changing a roster: what takes whose place, and what can't be."""

from __future__ import annotations

from typing import Any

import pytest

from queuedesk.core.setup.file import check_setup
from queuedesk.core.setup.rows import Setup
from queuedesk.features.windows_needed.rules import (
    Conflict,
    conflicts,
    new_conflict,
    placed,
    rows_on,
    when,
    with_window,
    without,
)
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


def test_a_shift_takes_the_place_of_those_it_meets_on_the_same_days():
    rows = [row("1", "C1", "08:30-12:00"), row("1", "C1", "12:00-17:30"), row("2", "C1", weekday="1-5")]

    assert placed(rows, row("1", "C2", "08:30-10:00")) == [row("1", "C2", "08:30-10:00"), *rows[1:]]
    assert placed(rows, row("1", "C2", "11:00-13:00")) == [row("1", "C2", "11:00-13:00"), rows[2]]
    assert placed(rows, row("1", "C2", "11:00-13:00", date=FRIDAY))[:3] == rows
    assert placed(rows, row("2", "C2", weekday="1,2,3,4,5")) == [*rows[:2], row("2", "C2", weekday="1,2,3,4,5")]


def test_nobody_takes_the_place_of_all_shifts_of_those_days():
    rows = [row("1", "C1", "08:30-12:00", date=FRIDAY), row("1", "C1", "13:00-17:30", date=FRIDAY)]
    off = {"window": "1", "date": FRIDAY, "off": True}

    assert placed(rows, off) == [off]
    assert placed([off], rows[0]) == [rows[0]]
    assert rows_on([row("1", "C1"), row("2", "C1"), off], DAY.date()) == [row("2", "C1")]


def test_taking_away():
    rows = [row("1", "C1"), row("1", "C1", weekday="6"), row("2", "C1")]

    assert without(rows, "1", "") == rows[1:]
    assert without(rows, "1", "6") == [rows[0], rows[2]]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([row("1", "C1"), row("2", "C2")], None),
        ([row("1", "C1", "08:30-12:00"), row("2", "C1", "12:00-17:30")], None),
        ([row("1", "C1", weekday="1-5"), row("2", "C1", weekday="6")], None),
        ([row("1", "C1"), row("2", "C1", "12:00-13:00")], ("two_windows", "1", "C1", "2", None, 1)),
        ([row("1", "C1"), row("2", "C1", weekday="6")], ("two_windows", "1", "C1", "2", None, 6)),
        ([row("1", "C1"), row("2", "C1", date=FRIDAY)], ("two_windows", "1", "C1", "2", DAY.date(), 0)),
        ([row("2", "C1"), row("2", "C2", "17:00-18:00")], ("two_people", "2", "C1", "C2", None, 1)),
        ([row("1", "C2")], ("no_skill", "1", "C2", "", None, 1)),
        ([row("2", "G1")], ("no_skill", "2", "G1", "", None, 1)),
        (
            [row("2", "C1", breaks=[{"from": "12:00", "minutes": 30}, {"from": "11:45", "minutes": 20}])],
            ("breaks_meet", "2", "C1", "", None, 1),
        ),
    ],
)
def test_what_cannot_be(rows: list[dict[str, Any]], found: tuple[Any, ...] | None):
    told = conflicts(hall(), rows)

    assert [(c.what, c.window, c.staff, c.other, c.day, c.weekday) for c in told] == ([found] if found else [])


def test_what_was_there_before_refuses_no_other_change():
    before = [row("1", "C1"), row("2", "C1")]
    after = [*before, row("2", "C2", "17:30-18:00", weekday="6")]

    assert new_conflict(hall(), before, after) is None
    assert isinstance(new_conflict(hall(), [], before), Conflict)


def test_nobody_is_planned_for_a_date_on_which_the_hall_is_closed():
    opened = {FRIDAY: {"kind": "special", "from": "8:30", "to": "12:00"}}
    shift, weekly = row("1", "C1", date=FRIDAY), row("2", "C1", weekday="5")
    closed = check_setup({**hall(weekly).document, "calendar": {FRIDAY: {"kind": "holiday"}}})
    special = check_setup({**closed.document, "calendar": opened})

    refused = new_conflict(closed, [weekly], [weekly, shift])
    assert refused is not None and (refused.what, refused.day) == ("day_closed", DAY.date())
    assert new_conflict(special, [], [shift]) is None
    assert new_conflict(closed, [shift], [shift, weekly]) is None


def test_a_date_off_frees_its_person_for_another_window():
    rows = [row("1", "C1"), {"window": "1", "date": FRIDAY, "off": True}, row("2", "C1", date=FRIDAY)]

    assert conflicts(hall(), rows) == []


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
