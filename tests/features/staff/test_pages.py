"""Sheets and training in the manager's window: items that open their rows, disputes, closed months, needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from queuedesk.core.network.roles import Actor, Role
from queuedesk.desk.quality import thanking
from queuedesk.desk.setup import setting_up
from queuedesk.features.staff.pages.sheet_texts import DisputeDialog, SheetStrip, Strip
from queuedesk.features.staff.pages.sheets_controller import SheetsController
from queuedesk.features.staff.pages.sheets_page import SheetsPage
from queuedesk.features.staff.pages.training_controller import TrainingController, TrainingRead
from queuedesk.features.staff.pages.training_page import TrainingPage
from queuedesk.features.staff.rules.training import Needs
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look
from tests.features.staff.test_sheets import STAND_IN
from tests.features.staff.test_trainings import found_for
from tests.hall import ADMIN, DAY, MANAGER, Hall
from tests.stations.hands import LEFT
from tests.stations.seen import texts_of
from tests.stations.whole_words import drawn

CatchUp = Callable[[], None]


@pytest.fixture
def put(context: StationContext, qtbot: QtBot) -> Callable[..., Any]:
    """Return what shows one of the pages, made with its controller."""

    def put(page: Callable[..., Any], controller: Callable[..., Any]) -> QWidget:
        made: QWidget = page(controller(context, lambda: DAY.date() - timedelta(days=40)))
        qtbot.addWidget(made)
        made.resize(1158, 700)
        made.show()
        return made

    return put


@pytest.fixture
def page(put: Callable[..., Any]) -> SheetsPage:
    return put(SheetsPage, SheetsController)


@pytest.fixture
def training(put: Callable[..., Any]) -> TrainingPage:
    return put(TrainingPage, TrainingController)


def items(page: SheetsPage) -> dict[str, tuple[str, str, str]]:
    return {row.code: (row.own, row.chip, row.points) for row in page.items.table.rows.rows}


def test_items_open_the_rows_they_count_of_each_person_and_month_and_an_admin_sets_their_scheme(
    page: SheetsPage, hall: Hall, context: StationContext, qtbot: QtBot, catch_up: CatchUp
) -> None:
    # Items open the rows they count.
    thanking.thank(hall.desk, hall.ask(MANAGER), "C1", words="Kind")
    hall.clock.move(minutes=2)  # A month that runs is read once a minute.
    catch_up()
    page.refresh(hall.clock())

    assert page.head.title.text() == "Zhang Min"
    shown = items(page)
    assert shown["satisfaction"][:2] == ("1 of 1", "Too few") and shown["cases"] == ("—", "", "—")
    assert shown["praise"][0] == "1"
    page.items.table.open_row(1)
    assert page.chosen == "handling" and page.panel.isVisible()
    found = page.controller.found
    assert found is not None
    assert len(page.rows.table.rows.rows) == sum(one.staff == "C1" for one in found.month.rows.handled) > 0
    with qtbot.waitSignal(page.place_wanted) as led:
        page.rows.table.open_row(0)
    assert led.args[0].ticket == page.rows.table.rows.rows[0].ticket
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.chosen and not page.panel.isVisible()
    # An item without rows opens nothing.
    page.items.table.open_row(3)
    assert not page.panel.isVisible()

    # Another person and another month.
    hall.do("finish", "3")
    hall.clock.move(minutes=2)
    catch_up()
    page.refresh(hall.clock())
    assert page.people.count() == 2
    page.people.setCurrentIndex(1)
    page.people.activated.emit(1)
    assert page.head.title.text() == page.people.currentText() != "Zhang Min"
    page.buttons[0].click()
    assert "October" in page.head.line.text()
    assert page.nothing.isVisible() and not page.items.isVisible()
    assert "Nobody has finished anything this month" in texts_of(page.nothing)
    again = SheetsPage(page.controller)  # made anew in another language: it was read already
    qtbot.addWidget(again)
    assert "Nobody has finished anything this month" in texts_of(again.nothing)
    page.buttons[1].click()
    assert page.items.isVisible()

    # An admin sets the scheme once the weights are whole.
    assert not page.controller.may_set_scheme  # a manager is here
    page.ask_scheme()
    dialog = page.dialog
    assert dialog is not None
    assert dialog.fields["satisfaction"].value() == "40 / 90 / 98" and dialog.yes_button.isEnabled()
    for text, enabled, said in (("37:90:98", False, "3 % is missing"), ("43:85:98", False, "3 % is too much")):
        edit = dialog.fields["satisfaction"].edit
        edit.selectAll()
        QTest.keyClicks(edit, text)
        assert dialog.yes_button.isEnabled() is enabled and said in dialog.trouble.text()
    edit = dialog.fields["order"].edit
    edit.selectAll()
    QTest.keyClicks(edit, "12:3:0")
    assert dialog.yes_button.isEnabled()
    assert dialog.typed() == {
        "satisfaction": {"weight": 43, "from": 85, "full": 98},
        "order": {"weight": 12, "from": 3, "full": 0},
    }
    dialog.yes_button.click()
    assert dialog.isVisible() and "not_your_role" not in dialog.trouble.text()  # said in words, and nothing is lost
    context.who = ADMIN
    assert page.controller.may_set_scheme
    dialog.yes_button.click()
    assert page.dialog is None
    catch_up()
    page.refresh(hall.clock())
    assert page.head.line.text().endswith("scheme 2, in force since 20 Nov")

    # The scheme of the day is named.
    row = {"order": {"weight": 10}, "shifts": {"weight": 12}, "deposit": 500}
    setting_up.change_part(hall.desk, hall.ask(ADMIN), "scheme", row)
    catch_up()
    page.refresh(hall.clock())

    assert page.head.line.text().endswith("scheme 3, in force since 20 Nov")
    assert items(page)["order"][2].endswith("/ 10")
    assert "Deposit" in page.strip.accessibleName()


SCALES = [(100, 100, 100, 100), (80, 100, 100, 100), (80, 80, 80, 90), (80, 86, 85.5, 90), (80, 85, 86, 90)]


def test_the_total_and_the_median_never_lie_over_each_other(qtbot: QtBot) -> None:
    strip = SheetStrip(Look())
    qtbot.addWidget(strip)
    total, median = ("Total", "", ""), ("Team median", "", "")
    told: dict[str, Any] = {
        "chance": "By chance",
        "verdict": "Can't tell",
        "token": "ink2",
        "icon": "info",
        "below": ("", ""),
    }
    for scale, width in product(SCALES, (700, 1094)):
        strip.show_strip(Strip(total=total, median=median, scale=scale, **told))
        strip.resize(width, strip.sizeHint().height())
        strip.resize(width, strip.sizeHint().height())
        strip.show()

        words = drawn(strip).words
        [team] = [word.box for word in words if word.text.startswith("median ")]
        own = next(word.box for word in words if word.text == f"{scale[2]:.1f}")
        assert not team.intersects(own), (scale, width)
        assert strip.rect().toRectF().contains(team), (scale, width)


# -- disputed rows and closed months on the page of the sheets ---------------------------------------------------------

SECOND = Actor("M2", Role.MANAGER)


@pytest.fixture
def seconded(hall: Hall, put: Callable[..., Any], catch_up: Callable[[], None]) -> SheetsPage:
    """The page of a hall with a second manager."""
    hall.do("add-row", "staff", STAND_IN, who=ADMIN)
    catch_up()
    return put(SheetsPage, SheetsController)


def question(page: SheetsPage) -> DisputeDialog:
    assert page.dialog is not None
    return page.dialog


def figures(page: SheetsPage) -> list[str]:
    return [row.figure for row in page.rows.table.rows.rows]


def test_a_row_is_asked_about_and_struck_or_counted_by_another_with_what_was_said(
    seconded: SheetsPage, hall: Hall, context: StationContext, catch_up: Callable[[], None]
) -> None:
    page = seconded
    page.items.table.open_row(1)
    rows = page.rows.table
    before, name = len(rows.rows.rows), rows.rows.rows[0].row
    page.dispute_button.click()
    assert page.dispute_button.text() == "Press the row in the list"
    rows.open_row(0)
    assert not question(page).yes_button.isEnabled() and not question(page).keep_button.isVisible()
    QTest.keyClicks(question(page).text, "The card reader was down")
    question(page).yes_button.click()
    assert page.dialog is None and hall.last().data["row"] == name
    catch_up()
    page.refresh(hall.clock())
    assert page.waiting_button.text() == "1 row waits for a decision"
    assert figures(page)[0] == "Waits" and "The card reader was down" in page.notes.label.text()

    # Who asked does not decide.
    rows.setFocus()
    rows.selectRow(0)
    QTest.keyClick(page, Qt.Key.Key_E)
    assert page.dialog is None and page.banner.isVisible()
    context.who = SECOND
    page.choose("")
    page.waiting_button.click()
    assert page.chosen == "handling"
    rows.setFocus()
    rows.selectRow(0)
    QTest.keyClick(page, Qt.Key.Key_E)
    QTest.keyClicks(question(page).text, "About the reader")
    question(page).yes_button.click()
    catch_up()
    page.refresh(hall.clock())

    shown = rows.rows
    assert (shown.rows[0].row, figures(page)[0], len(shown.rows)) == (name, "Excluded", before)
    font = shown.data(shown.index(0, 0), Qt.ItemDataRole.FontRole)
    assert font.strikeOut() and not shown.data(shown.index(1, 0), Qt.ItemDataRole.FontRole).strikeOut()
    assert "Excluded by Qian Hong" in page.notes.label.text() and "Asked for by" in page.notes.label.text()
    assert not page.waiting_button.isVisible()
    found = page.controller.found
    assert found is not None and name in found.sheet.item("handling").apart

    # A row that counts shows what was said.
    page.choose("")
    page.items.table.open_row(0)
    rated = page.rows.table.rows.rows[0]
    seq = hall.do("sheet-dispute", "C1", "satisfaction", rated.row, "Not about me", who=Actor("C1", Role.CLERK))
    catch_up()
    page.refresh(hall.clock())
    page.waiting_button.click()
    page.dispute_button.click()
    page.rows.table.open_row(0)
    assert "Not about me" in question(page).findChildren(type(page.hint))[2].text()
    QTest.keyClicks(question(page).text, "It is")
    question(page).keep_button.click()
    catch_up()

    assert hall.last().data["excluded"] is False and hall.last().data["of"] == seq["dispute"]
    assert figures(page)[0] == rated.figure and "Counts, says Qian Hong" in page.notes.label.text()


def test_a_month_that_is_over_is_closed_and_read_in_each_version(
    seconded: SheetsPage, hall: Hall, context: StationContext, catch_up: Callable[[], None]
) -> None:
    page = seconded
    close = next(button for button in page.buttons if button.text() == "Close the month")
    assert not close.isVisible()  # the month runs
    hall.clock.move(days=11)
    hall.do("day-end")
    catch_up()
    page.refresh(hall.clock())
    page.buttons[0].click()
    assert page.head.line.text().startswith("November") and close.isVisible() and not page.versions.isVisible()
    close.click()
    sure = page.host.findChild(ConfirmDialog)
    assert sure is not None
    sure.act_button.click()
    catch_up()
    assert page.closed.label.text() == "Closed 1 Dec by Zhao Qiang, version 1"
    assert hall.last().kind == "sheet-close"
    seq = hall.do("sheet-dispute", "C1", "handling", "2026-11-20 A001", "No", who=SECOND)["dispute"]
    hall.do("sheet-decide", seq, "No", exclude=True, who=Actor("M1", Role.MANAGER))
    catch_up()
    page.refresh(hall.clock())
    assert "Since it was closed 1 row was excluded" in page.closed.label.text() and page.closed.isVisible()
    page.choose("handling")
    assert figures(page)[0] == "Excluded since" and not page.rows.table.rows.rows[0].is_excluded
    page.versions.setCurrentIndex(page.versions.findData("0"))
    page.versions.activated.emit(1)
    page.choose("")
    assert page.closed.label.text() == "As it is now, closed in 1 version"
    close.click()
    page.host.findChildren(ConfirmDialog)[-1].act_button.click()
    catch_up()
    assert [page.versions.itemText(at) for at in range(3)] == ["Version 1", "Version 2", "As it is now"]
    assert page.versions.currentText() == "Version 2"


# -- training under improve --------------------------------------------------------------------------------------------


def show(page: TrainingPage, needs: Needs) -> None:
    found = page.controller.found
    assert found is not None
    page.controller.found = TrainingRead(needs, found.months, found.sessions)
    page.controller.answered.emit()


def test_a_need_has_its_rows_and_is_named_in_place_when_there_is_a_reason(
    training: TrainingPage, hall: Hall, qtbot: QtBot, catch_up: CatchUp
) -> None:
    page = training
    # A hall with few rows says that nothing is compared.
    assert page.needs.empty.isVisible() and not page.needs.table.isVisible()
    assert [row.staff for row in page.people.table.rows.rows][:2] == ["G1", "C1"] or page.people.table.rows.rows
    assert page.people.table.rows.texts()[0][-1] in ("0", "1")

    # A name is asked in place and held until there is a reason.
    show(page, found_for(hall, "C1", "C2", "C3"))
    page.needs.table.open_row(0)

    assert page.panel.isVisible() and "C1" not in page.asking.text.text()
    assert "30 of 90" in page.asking.text.text()
    assert not page.asking.name_button.isEnabled() and page.asking.name_button.text() == "Pick a reason first"
    QTest.keyClick(page, Qt.Key.Key_2)
    assert page.asking.reason == "check_rows" and page.asking.name_button.isEnabled()
    with qtbot.waitSignal(page.asking.name_wanted) as asked:
        QTest.mouseClick(page.asking.name_button, LEFT)
    assert asked.args == ["check_rows"]
    # This hall's own rows say nothing of it: nobody is named, and the page says so.
    assert page.banner.isVisible() and not hall.whole().named_needs
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.panel.isVisible()

    # The rows of a need are as many as it says and lead to their tickets.
    show(page, found_for(hall, "C1", "C2", "C3"))
    page.needs.table.open_row(0)
    QTest.mouseClick(page.asking.rows_button, LEFT)

    assert len(page.rows.table.rows.rows) == 30
    assert not any("C1" in cell or "Zhang" in cell for row in page.rows.table.rows.texts() for cell in row)
    with qtbot.waitSignal(page.place_wanted) as led:
        page.rows.table.open_row(0)
    assert (led.args[0].ticket, led.args[0].day) == ("A000", hall.date)
    page.close_panel()

    # A session is noted and adds to the minutes.
    page.ask_session()
    dialog = page.dialog
    assert dialog is not None
    QTest.keyClicks(dialog.topic.edit, "Papers")
    QTest.mouseClick(dialog.yes_button, LEFT)
    assert dialog.trouble.isVisible(), "nobody attended"
    dialog.attended["C1"].setChecked(True)
    dialog.minutes.set_value("45")
    QTest.mouseClick(dialog.yes_button, LEFT)
    catch_up()
    page.refresh(hall.clock())

    assert page.dialog is None
    [row] = [one for one in page.people.table.rows.rows if one.staff == "C1"]
    assert row.minutes[-1] == 45
    page.people.table.open_row(page.people.table.rows.rows.index(row))
    assert [(one.what, one.figure) for one in page.rows.table.rows.rows] == [("Papers", "45 minutes")]
    page.rows.table.open_row(0)
    assert page.rows_line.text() == "It addresses no need: there is nothing to compare with"

    # Nobody can be named by chance or with another.
    for people in (("C1", "C2"), ("C2", "C3", "C4")):
        show(page, found_for(hall, *people))
        page.needs.table.open_row(0)

        assert page.panel.isVisible() and not page.asking.name_button.isVisible(), people
        QTest.keyClick(page, Qt.Key.Key_1)
        assert page.asking.reason == "", people
        page.close_panel()
