"""Staff and shifts of the day, as the manager reads them."""

from __future__ import annotations

from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.stations.manager.today.staff_page import PAUSED, SERVING, every_readable, staff_texts, station_name
from tests.hall import MANAGER


def test_each_clerk_has_a_row_with_where_and_how_long(office):
    # A row says all of it to who hears the screen.
    office.go("people")

    name = office.page.staff.today.lines["C1"].accessibleName()
    assert name.startswith("Zhang Min, Window 1, Window 1 since 9:00, Open (min) 30, Paused (min) 0, Serving (min) 4")

    # Who is at which station stands above.
    sign_in_and_pins.sign_in(office.hall.desk, office.hall.ask(MANAGER), "manager", "M1")
    office.follow()
    office.go("people")

    assert "Manager's station: " in office.page.staff.today.stations.text()
    assert office.page.staff.today.stations.text().endswith("3 windows staffed")
    assert station_name("guide-2@Door") == "Front desk 2 on Door"
    assert station_name("lobby@Door") == "Lobby board on Door"

    # Each clerk has a row with where and how long.
    hall = office.hall
    hall.do("pause", "2", reason="meal", minutes=20)
    hall.clock.move(minutes=5)
    office.follow()
    office.go("people")

    said = {row.code: row for row in staff_texts(office.page.state, hall.date, hall.clock()).rows}
    assert list(office.page.staff.today.lines) == ["C1", "C2", "C3"]
    assert said["C2"].second == "Window 2, paused"
    assert said["C2"].line == "Window 2 since 9:00; paused since 9:30 (Meal)"
    assert said["C1"].figures[3] == "1"
    assert [bar.kind for bar in said["C2"].bars].count(PAUSED) == 1
    assert SERVING in [bar.kind for bar in said["C3"].bars]

    # The page follows while it is seen.
    office.go("people")
    office.hall.open("4", "C4")
    office.follow()

    assert list(office.page.staff.today.lines) == ["C1", "C2", "C3", "C4"]


def test_the_hours_on_the_axis_are_evenly_far_apart():
    hours = tuple((at / 10, f"{8 + at}:00") for at in range(11))
    assert every_readable(hours, 600, 50) == hours
    assert [text for _share, text in every_readable(hours, 600, 70)] == [f"{hour}:00" for hour in range(8, 19, 2)]
    assert every_readable(hours[:1], 600, 50) == hours[:1]
    assert every_readable((), 600, 50) == ()
