"""The month of quality: its figures, with those that other features bring, open their rows and lead to their pages."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.core.quality.case import CustomerVerdict
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.features.quality_month.pages import RATE, QualityMonthController, QualityMonthPage
from queuedesk.stations.manager.pages import QUALITY
from queuedesk.stations.manager.today.alert_words import CASES, ButtonTarget
from tests.core.added import program_of
from tests.hall import DAY, MANAGER
from tests.stations.manager.conftest import plain
from tests.stations.seen import texts_of

pytestmark = pytest.mark.hall(make=plain)


@pytest.fixture
def month(context, put):
    return put(QualityMonthPage(QualityMonthController(context, DAY.date)))


def test_figures_open_the_rows_they_count(month, hall, qtbot, catch_up, story):
    story.tell("A month without a case", month)
    first = hall.do("case-open", NewCaseData(klass="complaint", contact="138 0013 5176"), who=MANAGER)["number"]
    second = hall.do("case-open", NewCaseData(klass="repair"), who=MANAGER)["number"]
    hall.do("case-contact", first, who=MANAGER)
    hall.do("case-act", first, "A list", who=MANAGER)
    hall.do("case-call-back", first, reached=True, verdict=CustomerVerdict.SATISFIED, who=MANAGER)
    catch_up()
    month.refresh(hall.clock())
    story.tell("With two cases", month)
    for tile in (0, 4):
        month.tiles[tile].click()
        story.tell(f"Tile {tile + 1} opens the rows that it counts", month)
    repair = next(row for row in month.classes.bars.rows if row.word == "Repair")
    month.classes.bars.picked.emit(repair.point.leads)
    story.tell("So does a bar", month)
    with qtbot.waitSignal(month.case_wanted) as opened:
        month.rows.table.open_row(0)
    assert opened.args == [second]
    # What was said opens its rows and leads to its page.
    day = hall.clock().date()
    hall.do("comment", "No chairs", klass="complaint", who=MANAGER)
    catch_up()
    month.show_figure("comments.n", day, day, "comments.n")
    story.tell("The rows of comments.n", month)
    with qtbot.waitSignal(month.tab_wanted) as opened:
        month.rows.table.open_row(0)
    assert opened.args == ["why"]


def test_a_program_without_inspections_tells_nothing_of_them(context, put):
    with program_of(()):
        month = put(QualityMonthPage(QualityMonthController(context, DAY.date)))
        assert month.classes.isVisible() and month.looked.isHidden()


def test_rows_of_other_dates_go_with_the_page_and_keys_go_along_the_tiles_of_months(month, hall, catch_up, story):
    hall.do("case-open", NewCaseData(klass="complaint"), who=MANAGER)
    catch_up()
    day = hall.clock().date()
    month.show_figure("cases.open", day, day, "Cases open at the end")
    story.tell("A figure of other dates shows its rows", month)
    assert not month.controller.can_save
    month.hide()
    month.refresh(hall.clock())
    assert month.controller.span[0].day == 1, "until the page is left"
    month.show()
    tiles = month.tiles
    tiles[5].setFocus()
    QTest.keyClick(tiles[5], Qt.Key.Key_Right)
    assert month.focusWidget() is tiles[0], "keys go along the tiles"
    QTest.keyClick(tiles[0], Qt.Key.Key_Return)
    assert month.rows_part.isVisible()
    QTest.keyClick(tiles[0], Qt.Key.Key_Escape)
    assert month.chosen_figure_path == "" and month.rows_part.isHidden()
    QTest.keyClick(tiles[0], Qt.Key.Key_Left)
    QTest.keyClick(tiles[5], Qt.Key.Key_Return)
    assert month.chosen_figure_path == "" and RATE not in [tile.figure.path for tile in tiles]
    story.tell("The month so far", month)
    assert not month.controller.shown.has_later_month
    hall.clock.move(hours=24 * 12)
    hall.issue("A")
    catch_up()
    month.refresh(hall.clock())
    month.buttons[0].click()
    story.tell("A month that is over says nothing of now", month)
    assert month.controller.shown.first_date + timedelta(days=29) < hall.clock().date()


def test_a_figure_of_a_report_shows_the_cases_that_it_counts(office):
    number = office.hall.do("case-open", NewCaseData(klass="complaint"), who=MANAGER)["number"]
    office.follow()
    day = office.hall.clock().date()
    office.page.ways.open_target(ButtonTarget(QUALITY, figure="cases.opened", day=day, last=day, title="Cases opened"))
    month = office.page.quality.pages.page_if_already_made("month")
    assert month.rows_title.text() == "Cases opened · 1 case"
    assert [row.key for row in month.rows.table.rows.rows] == [number]
    pages = office.page.quality.pages
    month.rows.table.open_row(0)
    assert pages.front_page_key() == CASES and number in texts_of(pages.page_if_already_made(CASES).detail)


def test_forums_thanks_and_planned_inspections_open_the_rows_that_they_count(month, hall, qtbot, catch_up):
    day = hall.clock().date()
    hall.do("inspect-plan", day, "call", "telephone", who=MANAGER)
    forum = hall.do("forum", day, 9, about="Bills", issues=["Too long"], who=MANAGER)["forum"]
    hall.do("forum-case", forum, 1, who=MANAGER)
    hall.do("thanks", "C1", words="Patient", who=MANAGER)
    catch_up()
    month.refresh(hall.clock())
    planned = next(point for point in month.looked.table.points if point.said[0] == "Planned")
    month.looked.table.picked.emit(planned.leads)
    assert month.rows_title.text() == "Planned · 1 inspection"
    assert [(row.kind, row.when) for row in month.rows.table.rows.rows] == [("Telephone", "Planned")]
    for tab, row in (
        ("forums", ["20 Nov", "9 came", "Bills", "Zhao Qiang", "1 issue, 1 case"]),
        ("thanks", ["20 Nov", "—", "Patient", "Zhang Min", "not seen yet"]),
    ):
        month.show_figure(f"{tab}.n", day, day, tab)
        assert month.rows.table.rows.cell_texts_of_all_rows() == [row]
        with qtbot.waitSignal(month.tab_wanted) as opened:
            month.rows.table.open_row(0)
        assert opened.args == [tab]
    month.show_figure("forums.cases", day, day, "Cases")
    assert month.rows_title.text() == "Cases · 1 case"
    with qtbot.waitSignal(month.case_wanted):
        month.rows.table.open_row(0)
