"""The tickets behind a figure: reached from figures, sorted, saved, opened, and back again; by pointer and by keys."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from queuedesk import i18n
from queuedesk.app.services.papers import PaperTools
from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import Actor
from queuedesk.desk import looking
from queuedesk.desk.figures import drilldown
from queuedesk.desk.figures.drilldown import tickets_behind
from queuedesk.i18n.figures import drilldown_words as words
from queuedesk.reports.figures import cells
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from tests.stations.hands import LEFT
from tests.stations.stubs import lend


@pytest.fixture
def page(office):
    """Return the page, open on what today's tickets are."""
    office.page.behind.show("issued", *[office.page.controller.day] * 2)
    return office.page.behind.page


def column(page, name):
    at = [one.key for one in page.table.rows.columns].index(name)
    return [row[at] for row in page.table.rows.texts()]


def press_row(page, number):
    """Press the row of a ticket."""
    row = column(page, words.NUMBER).index(number)
    place = page.table.visualRect(page.table.rows.index(row, 1)).center()
    QTest.mouseClick(page.table.viewport(), LEFT, pos=place)


def key(office, *keys):
    for one in keys:
        QTest.keyClick(office.page.window().focusWidget() or office.page, one)


# -- the way there and back ------------------------------------------------------------------------------------------


def test_todays_figures_lead_to_the_tickets_behind_them_and_back(office):
    strip = office.page.today.figures
    expected = {0: "Waiting now", 1: "Mean wait", 2: "Called within 15 min", 4: "Satisfaction"}
    for at, title in expected.items():
        QTest.mouseClick(strip, LEFT, pos=strip.rects()[at].center().toPoint())
        page = office.page.behind.page
        assert office.page.behind.is_seen
        assert page.head.title.text() == title
        office.touch(page.back_button)
        assert office.page.stack.currentWidget() is office.page.today


def test_open_windows_lead_to_the_people(office):
    strip = office.page.today.figures

    QTest.mouseClick(strip, LEFT, pos=strip.rects()[3].center().toPoint())

    assert office.page.stack.currentWidget() is office.page.staff


def test_the_figures_are_reached_by_keys(office):
    strip = office.page.today.figures
    strip.setFocus(Qt.FocusReason.TabFocusReason)
    key(office, Qt.Key.Key_Right)
    assert strip.accessibleName().startswith("Mean wait, ")
    key(office, Qt.Key.Key_Return)

    assert office.page.behind.page.head.title.text() == "Mean wait"
    key(office, Qt.Key.Key_Escape)
    assert office.page.stack.currentWidget() is office.page.today


def test_the_tab_of_figures_leads_there_with_its_own_title(office):
    day = office.page.controller.day
    office.go("reports")

    office.page.reports.behind_wanted.emit("services.A.wait.mean", day, day, "A, waits")

    page = office.page.behind.page
    assert page.head.title.text() == "A, waits"
    assert page.head.line.text() == "25.0 min · Fri 20 Nov · as of 9:30"
    page.go_back()
    assert office.page.stack.seen() == "reports"


def test_the_side_list_does_not_name_the_page(office, page):
    assert "behind" not in [key for key, _icon, _word in office.page.stack.entries()]
    office.go("tickets")
    assert office.page.stack.currentWidget() is office.page.tickets


# -- the table -------------------------------------------------------------------------------------------------------


def test_each_ticket_is_a_row_with_what_matters_of_it(office, page):
    assert column(page, words.NUMBER) == ["A001", "B001", "A002", "A003", "B002"]
    row = page.table.rows.texts()[0]
    assert row == [
        *("Fri 20 Nov", "A001", "A Pay a bill", "9:00", "25.0", "1", "Zhang Min", "Finished", "Very satisfied")
    ]
    assert page.count.text() == "5 tickets"


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_the_page_speaks_both_languages(office, page, lang):
    i18n.use(lang)
    office.page.retranslate()

    assert page.head.title.text() == {"en": "Issued", "zh_CN": "取号"}[lang]
    assert page.back_button.text() == {"en": "Back", "zh_CN": "返回"}[lang]
    assert page.table.rows.column(words.SERVICE).title == {"en": "Service", "zh_CN": "业务"}[lang]


def test_pressing_a_head_sorts_and_once_more_turns_it_round(office, page):
    head = page.table.horizontalHeader()
    at = [one.key for one in page.table.rows.columns].index(words.NUMBER)
    place = QPoint(head.sectionViewportPosition(at) + 20, head.height() // 2)

    QTest.mouseClick(head.viewport(), LEFT, pos=place)
    assert column(page, words.NUMBER) == ["A001", "A002", "A003", "B001", "B002"]
    assert page.table.rows.headerData(at, Qt.Orientation.Horizontal) == "Number ↑"
    QTest.mouseClick(head.viewport(), LEFT, pos=place)
    assert column(page, words.NUMBER) == ["B002", "B001", "A003", "A002", "A001"]
    assert page.sort_button.text() == "Sorted by Number ↓"


def test_the_longest_waits_come_first_and_empty_cells_last(page):
    page.table.sort_by(words.WAITED)
    waits = [float(text) for text in column(page, words.WAITED)]
    assert waits == sorted(waits, reverse=True)

    for _turn in range(2):
        page.table.sort_by(words.RATING)
        assert column(page, words.RATING) == ["Very satisfied", "", "", "", ""]


def test_sorting_is_offered_without_a_pointer(office, page):
    page.sort_button.click()
    (menu,) = page.page.findChildren(QMenu)
    entry = next(action for action in menu.actions() if action.text() == "Window")
    entry.trigger()

    assert column(page, words.WINDOW) == ["1", "3", "", "", ""]
    menu.close()


def test_a_share_is_looked_at_from_both_sides(office):
    office.page.today.behind_wanted.emit("wait.within_target", "Called within 15 min")
    page = office.page.behind.page
    counted, lacking, whole = page.parts

    assert [pill.isChecked() for pill in page.parts] == [True, False, False]
    assert column(page, words.NUMBER) == []
    office.touch(lacking)
    assert column(page, words.NUMBER) == ["A001", "B001"]
    assert [pill.isChecked() for pill in page.parts] == [False, True, False]
    office.touch(whole)
    assert page.count.text() == "2 tickets"
    office.touch(counted)
    assert page.list.empty.isVisible()
    assert page.head.line.text().startswith("0.0 % · ")


def test_a_count_has_no_other_side(page):
    assert not any(pill.isVisible() for pill in page.parts)


def test_what_no_tickets_stand_behind_says_so(office):
    day = office.page.controller.day
    office.page.behind.show("windows.1.open_minutes", day, day, "Open")
    page = office.page.behind.page

    assert page.list.empty.isVisible() and not page.table.isVisible()
    assert not page.save_button.isEnabled()


def test_many_rows_are_cut_and_the_total_is_said(office, monkeypatch):
    day = office.page.controller.day
    monkeypatch.setattr(drilldown, "tickets_behind", partial(tickets_behind, most=2))

    office.page.behind.show("wait.mean", day - timedelta(days=19), day)
    assert office.page.behind.page.count.text() == "2 tickets"
    office.page.behind.show("issued", day, day)
    assert office.page.behind.page.count.text() == "the first 2 of 5"


def test_a_database_that_is_away_is_said(office, monkeypatch):
    day = office.page.controller.day

    def away(*_asked, **_more):
        raise OutsideError("database_away", path="hall.sqlite")

    monkeypatch.setattr(drilldown, "tickets_behind", away)
    office.page.behind.show("issued", day, day)

    assert office.page.behind.page.page.banner.isVisible()


# -- a ticket's story ------------------------------------------------------------------------------------------------


def test_a_row_opens_the_tickets_story_and_back_leads_to_the_row(office, page):
    press_row(page, "B001")

    assert page.shows_story
    assert page.story.number.text() == "B001"
    assert page.story.rows
    office.touch(page.story_back)
    assert not page.shows_story
    assert page.table.rows.rows[page.table.currentIndex().row()].ticket == "B001"


def test_enter_opens_and_escape_goes_back_step_by_step(office, page):
    page.table.setFocus()
    key(office, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert page.story.number.text() == "B001"

    key(office, Qt.Key.Key_Escape)
    assert not page.shows_story and office.page.behind.is_seen
    key(office, Qt.Key.Key_Escape)
    assert office.page.stack.currentWidget() is office.page.today


def test_the_story_follows_what_happens_to_its_ticket(office, page, catch_up):
    press_row(page, "B001")
    before = len(page.story.rows)

    office.hall.do("finish", "3")
    catch_up()

    assert len(page.story.rows) > before


def test_a_ticket_is_dealt_with_from_its_story(office, page, catch_up):
    press_row(page, "A002")
    office.touch(page.story.buttons["leave"])
    office.touch(office.question(ConfirmDialog).act_button)
    catch_up()

    assert [e.ticket for e in office.log("leave")] == ["A002"]
    assert page.story.state.text() == "Left"


def test_the_story_is_printed_and_leads_back_here(office, page):
    press_row(page, "A001")
    office.touch(page.story.print_button)
    assert office.page.report.is_story

    key(office, Qt.Key.Key_Escape)

    assert office.page.behind.is_seen and page.shows_story


def test_who_came_without_papers_opens_nothing(office):
    office.hall.do("not-ready", "B")
    day = office.page.controller.day
    office.page.behind.show("not_ready.n", day, day)
    page = office.page.behind.page

    place = page.table.visualRect(page.table.rows.index(0, 2)).center()
    QTest.mouseClick(page.table.viewport(), LEFT, pos=place)

    assert column(page, words.SERVICE) == ["B Account services"]
    assert page.count.text() == "1 person"
    assert not page.shows_story


# -- as a file -------------------------------------------------------------------------------------------------------


@pytest.fixture
def saving(context, hall):
    """Lend the page what writes a file, as the program does."""
    lend(context, paper=PaperTools(hall.desk, hall.clock))


def test_the_rows_are_saved_as_csv(saving, office):
    day = office.page.controller.day
    office.page.behind.show("ratings.levels.5", day, day, "=1+1")
    page = office.page.behind.page

    office.touch(page.save_button)

    file = office.paper.folder / "CD-2026-11-20-ratings-levels-5.csv"
    assert office.page.toast.text() == f"Saved as {file}"
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "'=1+1,2026-11-20,2026-11-20,1"
    assert lines[2].split(",")[:3] == ["Date", "Number", "Service"]
    assert lines[3].split(",")[:4] == ["2026-11-20", "A001", "A Pay a bill", "09:00:00"]
    assert lines[3].split(",")[-1] == "5"


def test_a_name_that_a_spreadsheet_would_carry_out_is_guarded(saving, admin_office):
    office = admin_office
    office.hall.do("set-row", "staff", "C1", {"name": "=cmd()", "name_en": "=cmd()"}, who=Actor("AD", "admin"))
    found = tickets_behind(office.hall.desk, "issued", *[office.page.controller.day] * 2, office.hall.clock())

    text = cells.csv_table(found, looking.setup_of(office.hall.desk), title="", lang="en").decode("utf-8-sig")

    assert "'=cmd()" in text and ",=cmd()" not in text


@pytest.fixture
def no_folder(context):
    lend(context, folder=None)


def test_without_a_place_to_save_nothing_is_offered(no_folder, page):
    assert not page.save_button.isVisible()
