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
from queuedesk.desk.figures import drilldown
from queuedesk.desk.figures.drilldown import tickets_behind
from queuedesk.i18n.figures import drilldown_words as words
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from tests.hall import ADMIN
from tests.stations.hands import LEFT
from tests.stations.stubs import lend


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


# -- on the screen -----------------------------------------------------------------------------------------------------


def test_todays_figures_lead_to_the_tickets_behind_them_their_stories_and_back(office, catch_up):
    # Today's figures lead to the tickets behind them and back.
    strip = office.page.today.figures
    expected = {0: "Waiting now", 1: "Mean wait", 2: "Called within 15 min", 4: "Satisfaction"}
    for at, title in expected.items():
        QTest.mouseClick(strip, LEFT, pos=strip.rects()[at].center().toPoint())
        page = office.page.behind.page
        assert office.page.behind.is_seen
        assert page.head.title.text() == title
        office.touch(page.back_button)
        assert office.page.stack.currentWidget() is office.page.today

    # The figures are reached by keys.
    strip.setFocus(Qt.FocusReason.TabFocusReason)
    key(office, Qt.Key.Key_Right)
    assert strip.accessibleName().startswith("Mean wait, ")
    key(office, Qt.Key.Key_Return)

    assert office.page.behind.page.head.title.text() == "Mean wait"
    key(office, Qt.Key.Key_Escape)
    assert office.page.stack.currentWidget() is office.page.today

    # The tab of figures leads there with its own title.
    day = office.page.controller.day
    office.go("reports")

    office.page.reports.behind_wanted.emit("services.A.wait.mean", day, day, "A, waits")

    page = office.page.behind.page
    assert page.head.title.text() == "A, waits"
    assert page.head.line.text() == "25.0 min · Fri 20 Nov · as of 9:30"
    page.go_back()
    assert office.page.stack.seen() == "reports"

    # Open windows lead to the people.
    office.go("today")
    QTest.mouseClick(strip, LEFT, pos=strip.rects()[3].center().toPoint())

    assert office.page.stack.currentWidget() is office.page.staff

    # Each ticket is a row with what matters of it.
    office.go("today")
    office.page.behind.show("issued", day, day)
    assert column(page, words.NUMBER) == ["A001", "B001", "A002", "A003", "B002"]
    row = page.table.rows.texts()[0]
    assert row == [
        *("Fri 20 Nov", "A001", "A Pay a bill", "9:00", "25.0", "1", "Zhang Min", "Finished", "Very satisfied")
    ]
    assert page.count.text() == "5 tickets"

    # A count has no other side.
    assert not any(pill.isVisible() for pill in page.parts)

    # Pressing a head sorts and once more turns it round.
    head = page.table.horizontalHeader()
    at = [one.key for one in page.table.rows.columns].index(words.NUMBER)
    place = QPoint(head.sectionViewportPosition(at) + 20, head.height() // 2)

    QTest.mouseClick(head.viewport(), LEFT, pos=place)
    assert column(page, words.NUMBER) == ["A001", "A002", "A003", "B001", "B002"]
    assert page.table.rows.headerData(at, Qt.Orientation.Horizontal) == "Number ↑"
    QTest.mouseClick(head.viewport(), LEFT, pos=place)
    assert column(page, words.NUMBER) == ["B002", "B001", "A003", "A002", "A001"]
    assert page.sort_button.text() == "Sorted by Number ↓"

    # The longest waits come first and empty cells last.
    page.table.sort_by(words.WAITED)
    waits = [float(text) for text in column(page, words.WAITED)]
    assert waits == sorted(waits, reverse=True)

    for _turn in range(2):
        page.table.sort_by(words.RATING)
        assert column(page, words.RATING) == ["Very satisfied", "", "", "", ""]

    # Sorting is offered without a pointer.
    page.sort_button.click()
    (menu,) = page.page.findChildren(QMenu)
    entry = next(action for action in menu.actions() if action.text() == "Window")
    entry.trigger()

    assert column(page, words.WINDOW) == ["1", "3", "", "", ""]
    menu.close()

    # A row opens the ticket's story and back leads to the row.
    press_row(page, "B001")

    assert page.shows_story
    assert page.story.number.text() == "B001"
    assert page.story.rows
    office.touch(page.story_back)
    assert not page.shows_story
    assert page.table.rows.rows[page.table.currentIndex().row()].ticket == "B001"

    # The story is printed and leads back here.
    press_row(page, "A001")
    office.touch(page.story.print_button)
    assert office.page.report.is_story

    key(office, Qt.Key.Key_Escape)

    assert office.page.behind.is_seen and page.shows_story
    office.touch(page.story_back)

    # The story follows what happens to its ticket.
    press_row(page, "B001")
    before = len(page.story.rows)

    office.hall.do("finish", "3")
    catch_up()

    assert len(page.story.rows) > before
    office.touch(page.story_back)

    # A ticket is dealt with from its story.
    press_row(page, "A002")
    office.touch(page.story.buttons["leave"])
    office.touch(office.question(ConfirmDialog).act_button)
    catch_up()

    assert [e.ticket for e in office.log("leave")] == ["A002"]
    assert page.story.state.text() == "Left"
    office.touch(page.story_back)

    # Enter opens and escape goes back step by step.
    page.table.selectRow(0)
    page.table.setFocus()
    key(office, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert page.story.number.text() == "B001"

    key(office, Qt.Key.Key_Escape)
    assert not page.shows_story and office.page.behind.is_seen
    key(office, Qt.Key.Key_Escape)
    assert office.page.stack.currentWidget() is office.page.today

    # The page speaks both languages.
    office.page.behind.show("issued", day, day)
    for lang, said in (("en", ("Issued", "Back", "Service")), ("zh_CN", ("取号", "返回", "业务"))):
        i18n.use(lang)
        office.page.retranslate()
        title = page.table.rows.column(words.SERVICE).title
        assert (page.head.title.text(), page.back_button.text(), title) == said

    # The side list does not name the page.
    assert "behind" not in [key for key, _icon, _word in office.page.stack.entries()]
    office.go("tickets")
    assert office.page.stack.currentWidget() is office.page.tickets


# -- as a file -------------------------------------------------------------------------------------------------------


@pytest.fixture
def saving(context, hall):
    """Lend the page what writes a file, as the program does."""
    lend(context, paper=PaperTools(hall.desk, hall.clock))


def test_what_stands_behind_a_figure_is_said_and_saved(saving, office, monkeypatch):
    # The rows are saved as CSV; what a spreadsheet would carry out is guarded.
    office.hall.do("set-row", "staff", "C1", {"name": "=cmd()", "name_en": "=cmd()"}, who=ADMIN)
    office.follow()
    day = office.page.controller.day
    office.page.behind.show("ratings.levels.5", day, day, "=1+1")
    page = office.page.behind.page

    office.touch(page.save_button)

    file = office.paper.folder / "CD-2026-11-20-ratings-levels-5.csv"
    assert office.page.toast.text() == f"Saved as {file}"
    text = file.read_text(encoding="utf-8-sig")
    assert "'=cmd()" in text and ",=cmd()" not in text
    lines = text.splitlines()
    assert lines[0] == "'=1+1,2026-11-20,2026-11-20,1"
    assert lines[2].split(",")[:3] == ["Date", "Number", "Service"]
    assert lines[3].split(",")[:4] == ["2026-11-20", "A001", "A Pay a bill", "09:00:00"]
    assert lines[3].split(",")[-1] == "5"

    # A share is looked at from both sides.
    office.page.today.behind_wanted.emit("wait.within_target", "Called within 15 min")
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

    # What no tickets stand behind says so.
    office.page.behind.show("windows.1.open_minutes", day, day, "Open")

    assert page.list.empty.isVisible() and not page.table.isVisible()
    assert not page.save_button.isEnabled()

    # Who came without papers opens nothing.
    office.hall.do("not-ready", "B")
    office.page.behind.show("not_ready.n", day, day)

    place = page.table.visualRect(page.table.rows.index(0, 2)).center()
    QTest.mouseClick(page.table.viewport(), LEFT, pos=place)

    assert column(page, words.SERVICE) == ["B Account services"]
    assert page.count.text() == "1 person"
    assert not page.shows_story

    # Without a place to save nothing is offered.
    office.page.behind.show("issued", day, day)
    assert page.save_button.isVisible()
    lend(office.page.context, folder=None)
    office.page.retranslate()
    assert not page.save_button.isVisible()

    # Many rows are cut and the total is said.
    monkeypatch.setattr(drilldown, "tickets_behind", partial(tickets_behind, most=2))

    office.page.behind.show("wait.mean", day - timedelta(days=19), day)
    assert page.count.text() == "2 tickets"
    office.page.behind.show("issued", day, day)
    assert page.count.text() == "the first 2 of 5"

    # A database that is away is said.
    def away(*_asked, **_more):
        raise OutsideError("database_away", path="hall.sqlite")

    monkeypatch.setattr(drilldown, "tickets_behind", away)
    office.page.behind.show("issued", day, day)

    assert office.page.behind.page.page.banner.isVisible()
