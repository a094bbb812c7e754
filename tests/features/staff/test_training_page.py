"""Training under Improve: needs in numbers, naming asked in place, minutes, sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from queuedesk.features.staff.pages.training_controller import TrainingController, TrainingRead
from queuedesk.features.staff.pages.training_page import TrainingPage
from queuedesk.features.staff.rules.training import Act, Needs, needs_of
from queuedesk.stations.window.context import StationContext
from tests.hall import DAY, Hall
from tests.stations.hands import LEFT

CatchUp = Callable[[], None]


@pytest.fixture
def page(hall: Hall, context: StationContext, qtbot: QtBot) -> Iterator[TrainingPage]:
    page = TrainingPage(TrainingController(context, lambda: DAY.date() - timedelta(days=40)))
    qtbot.addWidget(page)
    page.resize(1158, 700)
    page.show()
    yield page


def found_for(hall: Hall, *people: str) -> Needs:
    rows = [
        Act("transfers", hall.date, f"A{n:03}", who, "A", "", int(n % (3 if who == "C1" else 9) == 0))
        for who in people
        for n in range(90)
    ]
    return needs_of(hall.date, hall.date, rows)


def show(page: TrainingPage, needs: Needs) -> None:
    found = page.controller.found
    assert found is not None
    page.controller.found = TrainingRead(needs, found.months, found.sessions)
    page.controller.answered.emit()


def test_a_need_has_its_rows_and_is_named_in_place_when_there_is_a_reason(
    page: TrainingPage, hall: Hall, qtbot: QtBot, catch_up: CatchUp
) -> None:
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
