"""Disputed rows and closed months on the page of the sheets: a row is asked about with E or by pressing it, decided by
a second person, struck; a month that is over is closed, and read in each version."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from queuedesk.core.network.roles import Actor, Role
from queuedesk.features.staff.pages.sheet_texts import DisputeDialog
from queuedesk.features.staff.pages.sheets_controller import SheetsController
from queuedesk.features.staff.pages.sheets_page import SheetsPage
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from queuedesk.stations.window.context import StationContext
from tests.hall import ADMIN, DAY, Hall

SECOND = Actor("M2", Role.MANAGER)


@pytest.fixture
def page(hall: Hall, context: StationContext, qtbot: QtBot, catch_up: Callable[[], None]) -> Iterator[SheetsPage]:
    hall.do("add-row", "staff", {"code": "M2", "name": "钱红", "name_en": "Qian Hong", "role": "manager"}, who=ADMIN)
    catch_up()
    page = SheetsPage(SheetsController(context, lambda: DAY.date() - timedelta(days=40)))
    qtbot.addWidget(page)
    page.resize(1158, 700)
    page.show()
    yield page


def question(page: SheetsPage) -> DisputeDialog:
    assert page.dialog is not None
    return page.dialog


def figures(page: SheetsPage) -> list[str]:
    return [row.figure for row in page.rows.table.rows.rows]


def test_a_row_is_asked_about_and_struck_or_counted_by_another_with_what_was_said(
    page: SheetsPage, hall: Hall, context: StationContext, catch_up: Callable[[], None]
) -> None:
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
    page: SheetsPage, hall: Hall, context: StationContext, catch_up: Callable[[], None]
) -> None:
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
