"""A person's sheet under Staff: months, people, items that open their rows, the workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from queuedesk.desk.quality import thanking
from queuedesk.desk.setup import setting_up
from queuedesk.features.staff.pages.sheet_texts import SheetStrip, Strip
from queuedesk.features.staff.pages.sheets_controller import SheetsController
from queuedesk.features.staff.pages.sheets_page import SheetsPage
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.style import Look
from tests.hall import ADMIN, DAY, MANAGER, Hall
from tests.stations.seen import texts_of
from tests.stations.whole_words import drawn

CatchUp = Callable[[], None]


@pytest.fixture
def page(hall: Hall, context: StationContext, qtbot: QtBot) -> Iterator[SheetsPage]:
    page = SheetsPage(SheetsController(context, lambda: DAY.date() - timedelta(days=40)))
    qtbot.addWidget(page)
    page.resize(1158, 700)
    page.show()
    yield page


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
