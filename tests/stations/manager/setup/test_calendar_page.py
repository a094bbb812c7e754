"""The calendar's page: choosing by keys, what a change means before it is saved, tables and published years, and what a
reader hears."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from queuedesk.desk import looking
from queuedesk.desk.quality import casework
from queuedesk.features.appointments import verbs as booking
from queuedesk.stations.manager.setup.calendar_page import CalendarPage, DaysDialog
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from tests.hall import ADMIN, MANAGER, at
from tests.stations.manager.conftest import Office

FRIDAY = date(2026, 11, 27)


@pytest.fixture
def office(admin_office: Office) -> Office:
    admin_office.page.ways.open_part("calendar")
    return admin_office


@pytest.fixture
def page(office: Office) -> CalendarPage:
    return office.page.setup_page.own.calendar


def kept(office: Office) -> dict:
    return looking.setup_of(office.hall.desk).document.get("calendar", {})


def key(page: CalendarPage, pressed: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(page.view, pressed, held)


def choose(office: Office, page: CalendarPage, day: date) -> None:
    page.view.setFocus()
    page.go(day)
    office.follow()


def test_days_are_chosen_by_keys_and_what_they_change_is_counted_before_it_is_saved(
    office: Office, page: CalendarPage
) -> None:
    page.view.setFocus()
    for pressed, expected in (
        (Qt.Key.Key_Right, date(2026, 11, 21)),
        (Qt.Key.Key_Down, date(2026, 11, 28)),
        (Qt.Key.Key_PageDown, date(2026, 12, 28)),
        (Qt.Key.Key_Down, date(2027, 1, 4)),
        (Qt.Key.Key_Home, date(2026, 11, 20)),
        (Qt.Key.Key_PageUp, date(2026, 10, 20)),
    ):
        key(page, pressed)
        assert page.panel.data is not None and page.panel.data.at == expected
    key(page, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    key(page, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)

    assert page.panel.title.text() == "20 October – 22 October"
    assert page.view.accessibleName() == "Thursday 22 October, Usual, chosen"
    office.touch(page.panel.kinds["holiday"])
    office.touch(page.panel.save_button)
    assert list(kept(office)) == ["2026-10-20", "2026-10-21", "2026-10-22"]
    assert set(map(str, kept(office).values())) == {"{'kind': 'holiday'}"}
    office.touch(page.panel.kinds[""])
    office.touch(page.panel.save_button)
    assert kept(office) == {}

    # A press chooses, and what was chosen for a day is not lost unasked.
    place = page.view.cell(FRIDAY).center().toPoint()
    QTest.mouseClick(page.view, Qt.MouseButton.LeftButton, pos=QPoint(place))
    assert page.panel.data is not None and page.panel.data.at == FRIDAY
    office.touch(page.panel.kinds["holiday"])
    key(page, Qt.Key.Key_Right)

    assert page.panel.data.at == FRIDAY
    office.question(ConfirmDialog).act_button.click()
    assert (page.panel.data.at, page.panel.is_changed) == (date(2026, 11, 28), False)

    # Special hours are counted before they are saved.
    for time in ("10:00", "16:00", "16:30"):
        booking.book(office.hall.desk, office.hall.ask(), booking.Wish(service="A", at=at(time) + timedelta(days=7)))
    choose(office, page, FRIDAY)
    assert (page.panel.title.text(), page.panel.line.text()) == ("27 November", "Friday, in 5 working days")
    office.touch(page.panel.kinds["special"])
    office.write(page.panel.opens.edit, "830")
    office.write(page.panel.closes.edit, "8:00")

    assert not page.panel.save_button.isEnabled()
    assert "not after the opening time 8:30" in page.panel.error.text()
    assert page.panel.save_button.accessibleDescription() == page.panel.error.text()

    office.write(page.panel.closes.edit, "15")
    office.write(page.panel.text_en.edit, "Staff training")
    page.panel.text.set_value("员工培训")
    page.panel.text.edited.emit("员工培训")
    told = [line.text().replace("\u2060", "") for line in page.panel.effects]
    assert told == [
        "Open 8:30–15:00",
        "Last ticket for A at 14:30",
        "Announced on the display from today",
        "2 appointments to move",
    ]
    office.hall.do("set-hall", {"features": []}, who=ADMIN)
    office.follow()
    assert [line.text().replace("\u2060", "") for line in page.panel.effects] == told[:-1]
    office.touch(page.panel.save_button)

    row = {"kind": "special", "from": "08:30", "to": "15:00", "text": "员工培训", "text_en": "Staff training"}
    assert kept(office) == {"2026-11-27": row}
    assert page.told(FRIDAY).replace("\u2060", "") == (
        "Friday 27 November, Special hours, 8:30–15:00, Staff training, chosen"
    )
    assert not page.panel.save_button.isEnabled()

    # Deadlines already told are counted and stay.
    said = casework.Complaint(klass="complaint", title="Asked for different papers")
    casework.open_case(office.hall.desk, office.hall.ask(MANAGER), said)
    office.follow()
    (case,) = looking.hall_now(office.hall.desk, office.hall.clock()).cases.values()
    choose(office, page, case.act_due)
    office.touch(page.panel.kinds["holiday"])
    told = [line.text() for line in page.panel.effects]
    office.touch(page.panel.save_button)

    assert told[-2:] == ["1 deadline already given keeps its date", "1 of them is then on a day off"]
    assert looking.hall_now(office.hall.desk, office.hall.clock()).cases == {case.seq: case}


def test_a_published_year_shows_its_differences_and_names_its_source(office: Office, page: CalendarPage) -> None:
    assert page.line.text().endswith("The days published for 2026 have not been imported yet: weekends only")
    page.look_into_year(2026)
    office.question(DaysDialog).yes_button.click()
    office.follow()

    assert len(kept(office)) == 39
    assert page.line.text() == "248 working days, the others on grey · State Council notice of 4 November 2025"
    office.touch(page.after)
    assert page.line.text().endswith("The days published for 2027 have not been imported yet: weekends only")
    page.look_into_year(2027)
    question = office.question(DaysDialog)
    assert "These are the holidays that the law fixes." in question.effect.text()
    question.yes_button.click()
    office.follow()
    said = "Holidays by law · the year's notice with the days worked instead is not in it yet"
    assert page.line.text() == f"254 working days, the others on grey · {said}"
    office.touch(page.after)
    assert page.line.text() == "260 working days, the others on grey · 2028 is not published yet: weekends only"
