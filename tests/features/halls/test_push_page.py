"""The page that pushes one hall's set-up to others: ticks, own words, what changes, the push and its way back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from queuedesk.core.network.roles import CONSOLE
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.setup import setting_up
from queuedesk.features.halls.pages.halls import PUSH, HallsPage
from queuedesk.features.halls.pages.push import A_DAY, PushPage
from queuedesk.features.halls.rules import QUIET
from queuedesk.stations.window.day_dialog import DayDialog
from tests.hall import Clock, Hall, at, preset
from tests.stations.manager.conftest import Office

HALLS_HERE = (
    ("CD", "East City", "East"),
    ("HB", "Harbour", "East"),
    ("SR", "Station Road", "Centre"),
    ("OT", "Old Town", "Centre"),
)


@pytest.fixture
def halls(pg_url: str, tmp_path: Path) -> Iterator[dict[str, Hall]]:
    """CD, from which is pushed, and three that let its admin; SR has changed a word itself."""
    clock, made = Clock(at("9:00")), {}
    for code, name, region in HALLS_HERE:
        document = setting_up.prepared(preset(), all_hours=True)
        document["hall"] |= {"code": code, "name": name, "name_en": name, "region": region}
        document["hall"] |= {"seen_by": ["CD/AD"], "led_by": ["CD/AD"]}
        made[code] = Hall(setting_up.create_hall(pg_url, document, Ask(CONSOLE, clock())), clock, tmp_path)
    setting_up.set_row(made["SR"].desk, made["SR"].ask(), "services", "B", {"name_en": "Our own word"})
    for code, name in (("A", "Pay here"), ("B", "Name, contract, tariff")):
        row = setting_up.kept_whole(service(made["CD"], code), {"name_en": name}, "zh_CN")
        setting_up.set_row(made["CD"].desk, made["CD"].ask(), "services", code, row)
    yield made
    for one in made.values():
        one.desk.db.dispose()


def service(hall: Hall, code: str) -> dict[str, object]:
    rows = looking.setup_of(hall.desk).document["services"]
    return next(dict(row) for row in rows if row["code"] == code)


@pytest.fixture
def hall(halls: dict[str, Hall]) -> Hall:
    return halls["CD"]


@pytest.fixture
def page(admin_office: Office) -> PushPage:
    office = admin_office
    office.until(lambda: (entry := office.page.nav.findChild(QWidget, "halls")) is not None and entry.isVisible())
    office.go("halls")
    halls = office.page.stack.page("halls")
    assert isinstance(halls, HallsPage)
    tab = halls.tabs.findChild(QWidget, f"tab-{PUSH}")
    assert tab is not None
    office.touch(tab)
    assert halls.push is not None
    return halls.push


def choose(page: PushPage, day: date) -> None:
    (dialog,) = [one for one in page.window().findChildren(DayDialog) if one.isVisible()]
    dialog.picked.emit(day)
    dialog.close()


def test_own_words_are_pushed_only_when_ticked_and_a_push_waits_for_its_day_and_is_withdrawn_in_one_hall(
    page, admin_office, halls
):
    # Own words are left out, told, and pushed only when ticked.
    office, today = admin_office, admin_office.page.controller.day
    assert list(page.rows) == ["region Centre", "hall SR", "region East", "hall CD"]
    own = page.rows["hall SR"]
    assert own.accessibleName().startswith("Station Road, not ticked, its own since")
    assert page.rows["region Centre"].accessibleName() == "Centre, partly ticked, 2 halls, 1 takes it"
    assert page.buttons[0].text() == "Push to 2 halls"
    assert page.title.text() == "What changes at Station Road"

    QTest.keyClick(page.rows["region Centre"], Qt.Key.Key_Return)
    assert "hall OT" in page.rows
    QTest.keyClick(page.rows["hall OT"], Qt.Key.Key_Space)
    assert page.buttons[0].text() == "Push to 1 hall"
    page.when.picked.emit("at-once")
    office.touch(page.buttons[0])
    office.until(page.back_button.isVisible)

    assert [service(halls[code], "A")["name_en"] for code in ("HB", "OT", "SR")] == [
        "Pay here",
        "Pay a bill",
        "Pay a bill",
    ]
    office.touch(page.back_button)
    office.until(lambda: not page.back_button.isVisible())
    assert service(halls["HB"], "A")["name_en"] == "Pay a bill"
    QTest.keyClick(page.rows["hall SR"], Qt.Key.Key_Space)
    assert page.buttons[0].text() == "Push to 3 halls"

    # A push waits for its day, ends on one and is withdrawn in one hall.
    QTest.keyClick(page.rows["hall SR"], Qt.Key.Key_Space)
    page.when.picked.emit(QUIET)
    page.when.picked.emit(A_DAY)
    assert (page.controller.when, page.when.current()) == (QUIET, QUIET)
    choose(page, today + timedelta(days=2))
    page.end_button.click()
    choose(page, today + timedelta(days=9))
    assert page.when.tab(A_DAY).text() == "From 22 Nov on"
    assert page.end_button.text() == "Until 29 Nov, then back by itself"

    office.touch(page.buttons[0])
    office.until(page.back_button.isVisible)
    assert service(halls["HB"], "A")["name_en"] == "Pay a bill"
    assert page.last_line.text().endswith("Words: waits until nobody is there 2, until 29 Nov")
    assert not page.back_here_button.isVisible()

    page.rows["region East"].click()
    page.rows["hall HB"].click()
    assert page.back_here_button.text() == "Only at Harbour"
    office.touch(page.back_here_button)
    office.until(lambda: not page.back_here_button.isVisible())
    assert "taken back 1" in page.last_line.text() and "waits until nobody is there 1" in page.last_line.text()

    # Who looks on is written in the form of the hall.
    office.page.open_page("setup")
    office.page.setup_page.open_row("hall", "")
    form = office.page.setup_page.forms.of("hall")
    form.ensureWidgetVisible(form.fields["seen_by"])

    office.write(form.fields["seen_by"].edit, "CX/M1, NJ/M2")
    assert form.draft.row["seen_by"] == ["CX/M1", "NJ/M2"]
    assert form.fields["seen_by"].error() == ""
    office.write(form.fields["seen_by"].edit, "M1")
    assert "A/M1" in form.fields["seen_by"].error()
