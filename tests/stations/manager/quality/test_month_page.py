"""What a month comes to: tiles, bars and table open exactly the rows that they count, by mouse and by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from queuedesk.core.quality.case import Verdict
from queuedesk.desk.quality import casework
from queuedesk.desk.quality.casework import Complaint
from queuedesk.features.inspections import verbs as inspecting_verbs
from queuedesk.stations.manager.quality.cases_controller import MonthController
from queuedesk.stations.manager.quality.month_page import MonthPage
from queuedesk.stations.manager.quality.month_words import CALL_BACKS, OPENED, RATE
from queuedesk.stations.window.context import StationContext
from tests.hall import DAY, MANAGER, Hall

CatchUp = Callable[[], None]
PHONE = "138 0013 5176"


@pytest.fixture
def page(hall: Hall, context: StationContext, qtbot: QtBot) -> Iterator[MonthPage]:
    page = MonthPage(MonthController(context, DAY.date))
    qtbot.addWidget(page)
    page.resize(1158, 700)
    page.retranslate()
    page.show()
    yield page


def numbers(page: MonthPage) -> list[str]:
    return [row.key for row in page.rows.table.rows.rows]


def shown(page: MonthPage) -> list[tuple[str, str, str]]:
    figures = [tile.figure for tile in page.tiles]
    return [(one.number, one.unit, one.line.replace("\u2060", "")) for one in figures]


def test_figures_open_the_rows_they_count(page: MonthPage, hall: Hall, qtbot: QtBot, catch_up: CatchUp) -> None:
    # Figures open the rows they count.
    assert shown(page)[3:] == [("—", "", "nothing closed yet"), ("0", "of 0 calls", "0 not answered"),
                               ("—", "", "no answer yet")]  # fmt: skip
    first = casework.open_case(hall.desk, hall.ask(MANAGER), Complaint(klass="complaint", contact=PHONE))["number"]
    second = casework.open_case(hall.desk, hall.ask(MANAGER), Complaint(klass="repair"))["number"]
    casework.note_contact(hall.desk, hall.ask(MANAGER), first)
    casework.note_act(hall.desk, hall.ask(MANAGER), first, "A list")
    casework.call_back(hall.desk, hall.ask(MANAGER), first, reached=True, verdict=Verdict.SATISFIED)
    inspecting_verbs.plan(hall.desk, hall.ask(MANAGER), hall.clock().date(), "call", "telephone")
    catch_up()
    page.refresh(hall.clock())

    assert page.tiles[0].accessibleName() == "Opened, 2 cases, 2 open now, opens rows"
    assert shown(page)[4:] == [("1", "of 1 call", "0 not answered"), ("1", "of 1", "too few for a share")]
    page.tiles[0].click()
    assert (page.chosen, page.rows_title.text(), numbers(page)) == (OPENED, "Opened · 2 cases", [first, second])
    page.tiles[4].click()
    assert (page.chosen, numbers(page), page.tiles[0].isChecked()) == (CALL_BACKS, [first], False)
    repair = next(row for row in page.classes.bars.rows if row.word == "Repair")
    assert repair.point is not None
    page.classes.bars.picked.emit(repair.point.leads)
    assert (page.rows_title.text(), numbers(page)) == ("Repair · 1 case", [second])
    with qtbot.waitSignal(page.case_wanted) as opened:
        page.rows.table.open_row(0)
    assert opened.args == [second]
    planned = next(point for point in page.looked.table.points if point.said[0] == "Planned")
    page.looked.table.picked.emit(planned.leads)
    assert page.rows_title.text() == "Planned · 1 inspection"
    assert [(row.kind, row.when) for row in page.rows.table.rows.rows] == [("Telephone", "Planned")]

    # What was said, thanked and held opens its rows and leads to its page.
    day = hall.clock().date()
    hall.do("comment", "No chairs", klass="complaint", who=MANAGER)
    hall.do("thanks", "C1", words="Patient", who=MANAGER)
    forum = hall.do("forum", day, 9, about="Bills", issues=["Too long"], who=MANAGER)["forum"]
    hall.do("forum-case", forum, 1, who=MANAGER)
    catch_up()
    for path, kind, what, tab in (
        ("comments.n", "—", "No chairs", "why"),
        ("thanks.n", "—", "Patient", "thanks"),
        ("forums.n", "9 came", "Bills", "forums"),
    ):
        page.show_figure(path, day, day, path)
        assert page.rows_title.text() == f"{path} · 1"
        assert [(row.kind, row.what) for row in page.rows.table.rows.rows] == [(kind, what)]
        with qtbot.waitSignal(page.tab_wanted) as opened:
            page.rows.table.open_row(0)
        assert opened.args == [tab]
    page.show_figure("forums.cases", day, day, "Cases")
    assert page.rows_title.text() == "Cases · 1 case"
    with qtbot.waitSignal(page.case_wanted):
        page.rows.table.open_row(0)


def test_rows_of_other_dates_go_with_the_page_and_keys_go_along_the_tiles_of_months(
    page: MonthPage, hall: Hall, catch_up: CatchUp
) -> None:
    # A figure of other dates shows its rows until the page is left.
    number = casework.open_case(hall.desk, hall.ask(MANAGER), Complaint(klass="complaint"))["number"]
    catch_up()
    day = hall.clock().date()
    page.show_figure("cases.open", day, day, "Cases open at the end")
    assert (page.rows_title.text(), numbers(page)) == ("Cases open at the end · 1 case", [number])
    assert not page.controller.can_save
    page.hide()
    page.refresh(hall.clock())
    assert page.controller.span[0].day == 1

    # Keys go along the tiles open and close.
    page.show()
    page.tiles[5].setFocus()
    QTest.keyClick(page.tiles[5], Qt.Key.Key_Right)
    assert page.focusWidget() is page.tiles[0]
    QTest.keyClick(page.tiles[0], Qt.Key.Key_Return)
    assert page.chosen == OPENED and page.rows_part.isVisible()
    QTest.keyClick(page.tiles[0], Qt.Key.Key_Escape)
    assert page.chosen == "" and page.rows_part.isHidden()
    QTest.keyClick(page.tiles[0], Qt.Key.Key_Left)
    QTest.keyClick(page.tiles[5], Qt.Key.Key_Return)
    assert page.chosen == "" and RATE not in [tile.figure.path for tile in page.tiles]

    # A month that is over says nothing of now.
    assert ", so far: as of " in page.head.line.text() and not page.controller.has_later
    hall.clock.move(hours=24 * 12)
    hall.issue("A")
    catch_up()
    page.refresh(hall.clock())
    page.buttons[0].click()

    assert page.head.line.text() == "November 2026" and page.buttons[1].text() == "December"
    assert shown(page)[:3] == [("1", "case", "1 open at its end"), ("0", "cases", "0 never reached"),
                               ("1", "of 1 open", "at the month's end")]  # fmt: skip
    assert not page.buttons[0].isEnabled()
    assert page.controller.month + timedelta(days=29) < hall.clock().date()
