"""Windows for a day in the window: what is needed beside the roster, what came beside what was expected, files, other dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from queuedesk import i18n
from queuedesk.app.staffing_files import StaffingFiles
from queuedesk.core.errors import OutsideError
from queuedesk.core.people import Actor
from queuedesk.desk import rostering
from queuedesk.stations.context import StationContext
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.staffing_desk import StaffingDesk
from queuedesk.stations.manager.staffing_page import StaffingPage
from queuedesk.stations.manager.waits_section import STAFFING
from queuedesk.stations.style import Scale
from queuedesk.stations.widgets.points import Point
from tests.hall import MANAGER, SHANGHAI, Hall, preset, simple_hall
from tests.stations.manager.conftest import Office

FIRST = date(2026, 11, 12)
TODAY = FIRST + timedelta(days=4)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """A hall that served four payments each morning of four days, at a quarter past ten of the fifth."""
    hall = simple_hall(tmp_path, start=at(FIRST, 9), services=preset()["services"])
    for ahead in range(4):
        hall.clock.now = at(FIRST + timedelta(days=ahead), 9)
        hall.open("1", "C1")
        for _ in range(4):
            hall.issue("A")
            hall.serve_out("1", minutes=5)
    hall.clock.now = at(TODAY, 10) + timedelta(minutes=15)
    hall.open("1", "C1")
    hall.issue("A")
    shift = {"window": "1", "staff": "C1", "from": "08:30", "to": "17:30", "breaks": [{"from": "11:30", "minutes": 40}]}
    rostering.put_shift(hall.desk, hall.ask(), shift)
    return hall


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


@pytest.fixture
def page(hall: Hall, context: StationContext, open_office: Callable[[Actor], Office]) -> StaffingPage:
    context.tools = {**context.tools, **StaffingFiles(hall.desk, hall.clock).tools()}
    office = open_office(MANAGER)
    office.go("waits")
    office.page.waits.open_tab(STAFFING)
    page = office.page.waits.pages.page(STAFFING)
    assert isinstance(page, StaffingPage)
    return page


def said(points: tuple[Point, ...], name: str) -> list[tuple[str, ...]]:
    return [point.said for point in points if point.said[0] == name]


def test_today_as_it_was_expected_and_as_it_came(page: StaffingPage):
    windows, people = said(page.chart.points, "9:00–9:30")

    assert windows[1].startswith("needed 2, ")
    assert windows[3:] == ("in the roster 1", "at work 0.0")
    assert people[1].startswith("expected ") and people[2] == "came 0"
    assert said(page.chart.points, "10:00–10:30")[1][-1] == "came 1"
    assert said(page.chart.points, "11:30–12:00")[0][-1] == "in the roster 0"
    assert page.told.text().startswith("4 people expected, ")
    assert page.goal.text() == "80 % called within 15 min"
    assert "Learned from 4 days before it." in page.foundation.text()
    assert "As of 10:15." in page.foundation.text()


def test_the_table_says_what_the_picture_shows(page: StaffingPage):
    assert len(page.chart.data.slots) == 18
    assert page.chart.accessibleName() == "Windows needed"
    assert "9:00 2" in page.chart.accessibleDescription()
    assert len(page.half_hours.table.points) == 1


def test_other_dates_by_arrows_and_keys(page: StaffingPage):
    QTest.mouseClick(page.earlier, Qt.MouseButton.LeftButton)

    assert page.day == TODAY - timedelta(days=1)
    assert page.told.text().startswith("4 people expected, ") and "4 came." in page.told.text()
    for _step in range(3):
        QTest.keyClick(page.later, Qt.Key.Key_Space)
    assert page.day == TODAY + timedelta(days=2)
    assert "came" not in page.told.text()
    assert all(slot.came is None for slot in page.chart.data.slots)


def test_the_first_days_say_that_too_little_is_known(page: StaffingPage):
    page.look_at(FIRST + timedelta(days=2))

    assert "Too little is known" in page.foundation.text()
    assert {slot.needed for slot in page.chart.data.slots} == {None}
    assert sum(slot.came or 0 for slot in page.chart.data.slots) == 4
    page.look_at(FIRST)
    assert page.earlier.isEnabled() is False


def test_files_of_the_day(page: StaffingPage, tmp_path: Path):
    heard: list[str] = []
    page.said.connect(lambda text, _icon: heard.append(text))
    for ending in ("pdf", "csv"):
        page.save(ending)

    files = sorted(file.name for file in tmp_path.glob("*-windows-*"))
    assert [name[-4:] for name in files] == [".csv", ".pdf"] and TODAY.isoformat() in files[0]
    assert len(heard) == 2 and heard[0].startswith("Saved as ")


def test_those_who_came_lead_to_their_tickets(page: StaffingPage):
    asked: list[tuple[object, ...]] = []
    page.behind_wanted.connect(lambda *found: asked.append(found))
    point = next(point for point in page.half_hours.table.points if point.leads is not None)
    page.half_hours.picked.emit(point.leads)

    assert asked == [("issued", TODAY, TODAY, "Tickets issued")]


def test_a_change_of_the_roster_is_seen(page: StaffingPage, hall: Hall, catch_up: Callable[[], None]):
    rostering.remove_shifts(hall.desk, hall.ask(), "1", "")
    catch_up()

    assert "The roster plans nobody on this date." in page.told.text()


def test_a_hall_that_is_away_is_said(page: StaffingPage, controller: ManagerController, qtbot: QtBot):
    def away(*_asked: object) -> None:
        raise OutsideError("database_away")

    lone = StaffingPage(controller, StaffingDesk(controller.context, staffing_on=away))
    qtbot.addWidget(lone)
    lone.show()
    lone.refresh(controller.context.clock())

    assert lone.banner.isVisible()
    assert not lone.save_button.isEnabled()


def test_everything_has_its_room(page: StaffingPage, context: StationContext):
    for lang in i18n.LANGUAGES:
        for size in (1.0, 1.5):
            i18n.use(lang)
            context.look.set_scale(Scale(size))
            page.retranslate()
            panels = page.chart._panels()

            assert all(panel.rect.height() > 40 for panel in panels), (lang, size)
            assert panels[0].rect.bottom() < panels[1].rect.top(), (lang, size)
