"""Who works where today: the spans of a person's shifts, and the page with a row for each."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QWidget

from queuedesk.desk import looking
from queuedesk.features.staff.pages.today_page import hour_labels_that_fit, staff_page_content, station_name
from queuedesk.features.staff.rules import day_shifts
from tests.features.test_small_hall import use
from tests.hall import ADMIN, MANAGER, Hall, at, simple_hall
from tests.stations.manager.conftest import plain


def days_of(hall: Hall) -> list[day_shifts.PersonShiftsOfDay]:
    return day_shifts.staff_shifts_of_day(looking.hall_state_now(hall.desk, hall.clock()), hall.date, hall.clock())


def test_open_paused_and_serving_minutes_of_a_clerk(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    assert days_of(hall) == [], "nobody worked on a day without a window"
    hall.play("open 1 staff=C1", "queue A A A", "serve-out 1 minutes=6")
    hall.do("pause", "1", reason="meal", minutes=20)
    hall.play(15, "resume 1", "serve-out 1 minutes=4", 5)
    (clerk,) = days_of(hall)
    assert (clerk.staff, clerk.finished) == ("C1", 2)
    assert (clerk.open_s, clerk.paused_s, clerk.serving_s) == (30 * 60, 15 * 60, 10 * 60)
    (shift,) = clerk.shifts
    assert (shift.window, shift.start, shift.end) == ("1", at("9:00"), None)
    assert [(p.start, p.end, p.reason) for p in shift.pauses] == [(at("9:06"), at("9:21"), "meal")]
    assert shift.served == ((at("9:00"), at("9:06")), (at("9:21"), at("9:25")))
    label = hall.call("1")
    hall.play("start 1", 3, "park 1 reason=copying", 10)
    assert days_of(hall)[0].serving_s == 13 * 60, "what is set aside is not served"
    hall.do("unpark", "1", label)
    hall.clock.move(minutes=2)
    assert days_of(hall)[0].serving_s == 15 * 60


def test_a_clerk_who_changes_windows_has_a_shift_at_each_and_the_day_goes_as_far_as_somebody_worked(tmp_path):
    hall = simple_hall(tmp_path)
    assert day_shifts.day_timeline_bounds([], at("8:30"), at("17:30"), hall.clock()) == (at("8:00"), at("18:00"))
    hall.play("open 1 staff=C1", 10, "close 1", "open 3 staff=C1", "open 2 staff=C2", 5)
    first, second = days_of(hall)
    assert [(s.window, s.end) for s in first.shifts] == [("1", at("9:10")), ("3", None)]
    assert (first.open_s, second.open_s) == (15 * 60, 5 * 60)
    hall.clock.move(hours=10, minutes=5)
    bounds = day_shifts.day_timeline_bounds(days_of(hall), at("9:30"), at("17:00"), hall.clock())
    assert bounds == (at("9:00"), at("20:00"))


def with_people(folder: Path) -> Hall:
    return plain(folder, "staff")


@pytest.mark.hall(make=with_people)
def test_each_clerk_has_a_row_with_where_and_how_long(office, story):
    hall, today = office.hall, office.page.staff.pages.get_or_make_page("staff-today")
    office.meanwhile("sign-in", "manager", "M1", who=MANAGER)
    office.go("people")
    story.tell("Who is at which station stands above the rows", today)
    assert station_name("guide-2@Door") == "Front desk 2 on Door"
    assert station_name("lobby@Door") == "Lobby board on Door"
    hall.do("pause", "2", reason="meal", minutes=20)
    hall.clock.move(minutes=5)
    office.follow()
    office.go("people")
    rows = staff_page_content(office.page.hall_state, hall.date, hall.clock()).rows
    bars = [f"{row.code}: {row.second}; {[(bar.kind, bar.start, bar.end) for bar in row.bars]}" for row in rows]
    story.tell("A pause is in the row and on its bar", today, *bars)
    hall.open("4", "C4")
    office.follow()
    assert list(today.lines) == ["C1", "C2", "C3", "C4"], "the page follows while it is seen"


@pytest.mark.hall(make=plain)
def test_the_way_to_the_roster_is_there_while_the_hall_has_one(open_office):
    office = open_office(ADMIN)
    view, plan = office.page, "Plan who works at which window"

    def ways(page: QWidget) -> list[QAbstractButton]:
        return [one for one in page.findChildren(QAbstractButton) if one.isVisible() and one.text() == plan]

    assert "people" not in view.page_openers() and "staff-today" not in view.page_openers()
    for features, count in ((["staff"], 0), (["staff", "windows_needed"], 1), (["staff"], 0)):
        use(office, *features)
        office.until(lambda: view.nav.findChild(QWidget, "people").isVisible())
        office.go("people")
        assert (view.staff.pages.front_page_key(), len(ways(view))) == ("staff-today", count)
        for way in ways(view):
            office.touch(way)
            assert (view.stack.front_page_key(), view.waits.pages.front_page_key()) == ("waits", "staffing")


def test_the_hours_on_the_axis_are_evenly_far_apart():
    hours = tuple((at / 10, f"{8 + at}:00") for at in range(11))
    assert hour_labels_that_fit(hours, 600, 50) == hours
    assert [text for _share, text in hour_labels_that_fit(hours, 600, 70)] == [f"{hour}:00" for hour in range(8, 19, 2)]
    assert hour_labels_that_fit(hours[:1], 600, 50) == hours[:1]
    assert hour_labels_that_fit((), 600, 50) == ()
