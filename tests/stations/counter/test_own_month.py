"""The clerk's own month from the counter's menu: while nobody is called, and nobody else's figures."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Qt

from queuedesk.stations.acts.dispute_questions import OwnDisputeDialog
from queuedesk.stations.counter.own_month import OwnMonthDialog
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.window.page import MenuEntry
from tests.stations.counter.pages import Page


def entry(page: Page) -> MenuEntry:
    return next(one for one in page.view.menu_entries() if one.text == "My month")


def opened(page: Page) -> OwnMonthDialog:
    entry(page).act()
    page.until(lambda: page.dialog is not None)
    return cast(OwnMonthDialog, page.dialog)


def test_the_own_month_is_read_while_nobody_is_called(page: Page):
    dialog = opened(page)

    shown = [label.text() for label in dialog.findChildren(Label)]
    assert any(text.startswith("My month: November 2026") for text in shown)
    assert "Team median" in shown and "Hall, same mix" not in shown
    assert any(text.startswith("Ratings are told in sum only, from 5 on.") for text in shown)
    before = dialog.other_button
    assert before.text() == "October"
    page.click(before)
    page.until(lambda: page.dialog is not None and page.dialog is not dialog)
    assert any("October 2026" in label.text() for label in cast(OwnMonthDialog, page.dialog).findChildren(Label))
    page.press(Qt.Key.Key_Escape)
    assert page.dialog is None and page.kinds == []  # looking is not logged


def test_who_is_called_comes_first(page: Page):
    assert entry(page).enabled
    page.press(Qt.Key.Key_Space)
    assert not entry(page).enabled
    entry(page).act()
    page.settle()
    assert page.dialog is None


def test_a_row_that_is_disputed_waits_in_my_month_for_its_answer(page: Page):
    page.press(Qt.Key.Key_Space, Qt.Key.Key_Space, Qt.Key.Key_Space)  # called, begun, finished
    served = page.hall.last()
    assert served.kind == "finish"
    page.click(opened(page).disagree_button)
    page.until(lambda: isinstance(page.dialog, OwnDisputeDialog))
    asking = cast(OwnDisputeDialog, page.dialog)
    assert asking.chosen == ("satisfaction", f"2026-11-20 {served.ticket}")
    page.type("The reader was down")
    page.click(asking.yes_button)
    page.until(lambda: isinstance(page.dialog, OwnMonthDialog))

    assert page.kinds[-1] == "sheet-dispute"
    said = cast(OwnMonthDialog, page.dialog).answers.label.text()
    assert f"2026-11-20 {served.ticket}" in said and "The reader was down" in said and "A second person decides" in said
