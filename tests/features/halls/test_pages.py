"""Halls side by side on the manager's screen: offered where there are several, live, and one looked at without doing
anything there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from queuedesk.core.network.roles import CONSOLE, Actor, Role
from queuedesk.desk import looking
from queuedesk.desk.change import Ask
from queuedesk.desk.quality.casework import Complaint
from queuedesk.desk.setup import setting_up
from queuedesk.features.halls.pages import halls as words
from queuedesk.features.halls.pages.controllers import HallsController
from queuedesk.features.halls.pages.halls import ROW, HallsPage
from queuedesk.features.halls.verbs.comparing import HallsBeside
from queuedesk.stations.window.style import Scale
from tests.hall import MANAGER, Clock, Hall, at, preset
from tests.stations.manager.conftest import Office

HALLS = "halls"


@pytest.fixture
def halls(pg_url: str, tmp_path: Path) -> Iterator[dict[str, Hall]]:
    """CD, whose manager is M1; CX, which lets that manager look on; NJ, which lets nobody."""
    clock, made = Clock(at("9:00")), {}
    for code, name, seen_by in (("CD", "City East", []), ("CX", "City West", ["CD/M1"]), ("NJ", "South", [])):
        document = setting_up.prepared(preset(), all_hours=True)
        document["hall"] |= {"code": code, "name": name, "name_en": name, "seen_by": seen_by}
        made[code] = Hall(setting_up.create_hall(pg_url, document, Ask(CONSOLE, clock())), clock, tmp_path)
    yield made
    for one in made.values():
        one.desk.db.dispose()


@pytest.fixture
def hall(halls: dict[str, Hall]) -> Hall:
    """The own hall of the manager's station."""
    return halls["CD"]


@pytest.fixture
def page(office: Office) -> HallsPage:
    office.until(lambda: (entry := office.page.nav.findChild(QWidget, HALLS)) is not None and entry.isVisible())
    office.go(HALLS)
    found = office.page.stack.page(HALLS)
    assert isinstance(found, HallsPage)
    return found


def cells(page: HallsPage, code: str) -> list[str]:
    said = page.halls.rows[code].said
    assert said is not None
    return [text for text, _token, _bold in said.cells]


def test_halls_beside_each_other_follow_what_happens_there(page, office, halls, context):
    # The own hall and those that let the manager look on have a row.
    assert list(page.halls.rows) == ["CD", "CX"]
    assert page.head.line.text().startswith("2 halls · ")
    assert cells(page, "CX") == ["0", "—", "0 / 6", "0", "—"]
    assert page.halls.rows["CX"].accessibleName().startswith("City West CX, Closed, Waiting 0")

    # A tab leads to the halls in a period.
    page.tabs.picked.emit("period")
    office.until(lambda: page.period is not None and page.period.controller.found is not None)

    assert page.currentWidget() is page.period
    assert [row.opens for row in page.period.list.table.rows.rows if row.opens] == ["CD", "CX"]
    assert page.period.dates.day_button.text() == "November 2026"
    assert not page.period.funnel.isVisible()
    page.period.open("CD")
    page.period.tickets_button.click()
    assert office.page.behind.is_seen
    office.go(HALLS)
    page.tabs.picked.emit("now")
    assert page.halls.isVisible()

    # Targets to sign are saved for the halls that are seen.
    page.open_period()
    told = []
    page.said.connect(lambda text, icon: told.append(text))
    page.period.buttons[0].click()
    office.until(lambda: bool(told))

    (file,) = office.paper.folder.glob("CD-*-targets.pdf")
    assert told == [f"Saved as {file}"]
    assert file.read_bytes().startswith(b"%PDF")
    page.tabs.picked.emit("now")

    # Rows follow their halls.
    halls["CX"].open("1", "C1")
    halls["CX"].queue("A", "A")
    halls["CX"].serve_out("1", minutes=4)
    halls["CX"].clock.move(minutes=12)
    page.refresh(halls["CX"].clock())

    assert cells(page, "CX") == ["1", "16 min", "1 / 6", "1", "100 % · 1 waiting longer"]
    said = page.halls.rows["CX"].said
    assert (said.icon, said.token) == ("away", "amber")
    assert said.word == "No sign of life since 9:04"
    assert cells(page, "CD")[0] == "0"

    # A row leads to that hall's day, where nothing is done.
    halls["CX"].queue("A", "A")
    halls["CX"].call("1")
    seq = looking.last_moment(halls["CX"].desk), len(halls["CX"].log())
    page.refresh(halls["CX"].clock())

    QTest.keyClick(page.halls.rows["CX"], Qt.Key.Key_Return)

    day = page.day
    assert day is not None and day.isVisible()
    assert day.head.title.text() == "City West"
    assert not day.report_button.isVisible() and not day.note_button.isVisible()
    heard = []
    page.said.connect(lambda text, icon: heard.append((text, icon)))
    day.cards["1"].click()
    assert heard == [("You can only look here; the rest is at this hall's own stations.", "info")]
    assert (looking.last_moment(halls["CX"].desk), len(halls["CX"].log())) == seq
    QTest.keyClick(page.back_button, Qt.Key.Key_Escape)
    assert page.halls.isVisible()
    assert page.halls.rows["CX"].hasFocus()

    # A hall that is opened while the list is read is read next.
    controller = office.page.findChild(HallsController)
    controller.looked.connect(lambda: page.open("CX"), Qt.ConnectionType.SingleShotConnection)

    page.refresh(halls["CX"].clock())
    office.until(lambda: page.currentWidget() is page.day is not None)

    assert page.day.head.title.text() == "City West"
    page.go_back()
    QTest.keyClick(page.halls.rows["CD"], Qt.Key.Key_Return)
    assert (page.day.isVisible(), page.day.head.title.text()) == (True, "City East")

    # While it is seen it looks every second and not otherwise.
    page.go_back()
    office.page.context.look.still = False
    office.go("today")
    assert not office.page.findChild(HallsController).findChild(QTimer).isActive()
    office.go(HALLS)
    halls["CX"].queue("B")

    office.until(lambda: cells(page, "CX")[0] == "3")

    office.page.context.look.still = True

    # Names and figures have their room.
    for text_pct in (100, 150):
        context.look.set_scale(Scale.staff(1366, 768, text_pct))
        office.page.resize(1366, 768)
        QApplication.processEvents()
        office.follow()

        row = page.halls.rows["CX"]
        ends = page.halls.places.ends(context.look, row.width())
        assert 0 < page.halls.places.left(context.look, row.width()) < ends[0] < ends[-1] <= row.width() + 1
        assert office.page.height() <= 768
        assert page.halls.y() < 768 / 2  # under the tabs, however few rows there are

        # Where a row has no room for the figures they stand below the name.
        narrow = 520 * text_pct // 100
        page.halls.resize(narrow, 400)
        row.resize(narrow - 60, row.sizeHint().height())
        places = page.halls.places.below(context.look, row.width(), row.said)
        assert page.halls.places.are_below
        assert max(x for x, _line in places) < row.width()
        assert row.height() > context.look.px(ROW)

    # A hall that lets the manager look no longer leaves the page.
    page.open("CX")
    setting_up.change_hall(halls["CX"].desk, halls["CX"].ask(), {"seen_by": []})
    page.refresh(halls["CX"].clock())

    assert list(page.halls.rows) == ["CD"]
    assert page.currentWidget() is not page.day


def test_a_reader_sees_halls_and_reports_and_what_to_look_at_and_finds_no_key_that_changes_anything(open_office, halls):
    halls["CX"].do("set-hall", {"seen_by": ["CD/R1"]})
    halls["CD"].queue("A")
    halls["CD"].do("case-open", Complaint(klass="complaint", title="Lamp"), who=MANAGER)
    reader = Actor("R1", Role.READER)
    office = open_office(reader)
    office.until(lambda: HALLS in [key for key, _icon, _word in office.page.stack.entries()])
    page = office.page

    assert [key for key, _icon, _word in page.stack.entries()] == [HALLS, "reports"]
    assert [key for key, _icon, _word in page.reports.pages.entries()] == ["figures", "on-paper", "packs"]
    assert page.stack.seen() == "reports"
    assert page.talk.emergency_button.isHidden() and page.menu_entries() == page.printer_choice.menu_entries()
    office.go(HALLS)
    office.until(lambda: len(page.stack.page(HALLS).halls.rows) == 2)
    page.reports.open_tab("packs")
    packs = page.reports.pages.page("packs")
    office.until(lambda: packs.controller.found is not None)
    cases = packs.cards["cases"].table.table[-1].cells
    assert packs.note.isHidden()
    assert [(cell.text, cell.point.leads) for cell in cases[1:4:2]] == [("1", None), ("1", None)]
    assert cases[1].point.said[-1] == "its rows stay with the hall"
    page.reports.open_tab("figures")
    assert page.reports.pages.page("figures").cite_button.isHidden()
    page.behind.show_today("issued")
    office.until(lambda: len(page.behind.page.table.rows.rows) == 1)
    page.behind.page.table.opened.emit(page.behind.page.table.rows.rows[0])
    office.until(lambda: page.behind.page.shows_story)
    story = page.behind.page.story
    assert story.print_button.isVisible()
    assert all(button.isHidden() for button in (*story.hall_acts, story.visit_button))

    # What has to be looked at stands in the row.
    cx = halls["CX"]
    cx.open("1", "C1")
    cx.queue("A", "B")
    cx.clock.move(minutes=16)
    side = HallsBeside(halls["CD"].desk)
    row = side.look(reader, cx.clock())[1]
    state, setup = side.state_of("CX"), looking.setup_of(halls["CD"].desk)

    loud = words.hall_text(replace(row, silent_since=None), state, setup, cx.clock())
    calm = words.hall_text(replace(row, silent_since=None, red=0, amber=0, worst=None), state, setup, cx.clock())
    yesterday = replace(row, silent_since=cx.clock() - timedelta(days=1))

    assert (loud.icon, loud.token) == ("clock", "red")
    assert loud.word.endswith(f" · {row.red + row.amber - 1} more")
    assert (calm.icon, calm.word) == ("dot", "Open, nothing to look at")
    assert words.hall_text(yesterday, state, setup, cx.clock()).word == "No sign of life since 19 Nov 9:16"
