"""The pack for a meeting in the window: three presses to PDF and workbook, and what each figure counts."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import Actor, Role
from queuedesk.desk.quality.casework import Complaint
from queuedesk.desk.setup import setting_up
from queuedesk.desk.talk.noticing import add_note, notes_of
from queuedesk.i18n import say
from queuedesk.stations.manager.figures.drilldown_page import DrilldownPage
from queuedesk.stations.manager.figures.packs_page import PacksPage
from queuedesk.stations.manager.quality.month_page import MonthPage
from queuedesk.stations.widgets.labels import Label
from tests.hall import MANAGER


def packs(office) -> PacksPage:
    office.go("reports")
    office.page.reports.open_tab("packs")
    page = office.page.reports.pages.made("packs")
    page.dates.picked.emit(date(2026, 11, 20))
    assert page.controller.found is not None
    return page


def test_three_presses_make_paper_and_workbook_and_keep_the_note(office):
    page = packs(office)
    page.note.set_value("Ask the metering team to come")
    office.touch(page.buttons[-1])

    folder = office.paper.folder
    assert (folder / "CD-2026-11-01-month-pack.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / "CD-2026-11-01-month-pack.xlsx").stat().st_size
    assert [(note.day, note.text) for note in notes_of(office.hall.desk)] == [
        (date(2026, 11, 20), "Ask the metering team to come")
    ]
    assert page.note.value() == ""
    office.touch(page.buttons[-1])
    notes = page.cards["notes"].table.table
    assert [row.name for row in notes] == ["Other: Ask the metering team to come"]


def test_a_note_of_another_pc_is_there_when_the_page_is_seen_again_and_one_not_kept_stays(office):
    page = packs(office)
    office.go("today")
    add_note(office.hall.desk, office.hall.ask(), "other", "Bring the plan")
    office.follow()
    office.go("reports")
    assert [row.name for row in page.cards["notes"].table.table] == ["Other: Bring the plan"]
    office.page.context.who = Actor("C1", Role.CLERK)
    page.note.set_value("Not for clerks")
    office.touch(page.buttons[-1])
    assert page.note.value() == "Not for clerks"
    assert len(notes_of(office.hall.desk)) == 1


def test_a_pack_that_may_not_be_read_says_so_in_place_of_the_wait(office):
    page = packs(office)
    page.controller.found = None
    trouble = RuleError("not_for_you", read="figures", role="")
    page.controller.failed.emit(trouble)
    assert say(trouble) in [label.text() for label in page.body.wait.findChildren(Label)]


def test_an_empty_month_says_so_and_draws_nothing(office):
    page = packs(office)
    page.dates.picked.emit(date(2026, 3, 2))
    assert page.months.note.text() == "Nobody came in these six months: there is nothing to draw."
    assert not any(chart.isVisible() for chart in page.months.charts)
    assert [one.unit for one in page.figures.figures] == ["tickets", "", "", ""]


def test_a_figure_opens_what_it_counts_and_escape_leads_back_to_it(office):
    page = packs(office)
    tickets = page.figures.figures[0]
    assert (tickets.value, tickets.unit) == ("5", "tickets")
    chart = page.months.charts[2]
    wait = chart.points[-1]
    assert wait.said == ("Mean wait, minutes, Nov", page.figures.figures[1].value, "n 2")
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_End)
    QTest.keyClick(chart, Qt.Key.Key_Return)
    behind = office.page.stack.currentWidget()
    assert isinstance(behind, DrilldownPage)
    QTest.keyClick(behind, Qt.Key.Key_Escape)
    QTest.qWait(1)
    assert page.isVisible()
    assert chart.at == wait


def test_the_lesser_figures_of_a_tile_open_their_own_rows(office):
    page = packs(office)
    asked = []
    page.behind_wanted.connect(lambda *wanted: asked.append(wanted[0]))
    words = {text: page.figures.rects()[4 + n] for n, (_tile, text, _point) in enumerate(page.figures.lesser)}
    assert set(words) == {"1 finished", "n 1"}
    for place in words.values():
        assert page.figures.rect().contains(place.toAlignedRect()) and place.width() > 10
        QTest.mouseClick(page.figures, Qt.MouseButton.LeftButton, pos=place.center().toPoint())
    assert asked == ["finished", "ratings.n"]


def test_a_missed_target_has_the_red_bar_and_its_point_opens_the_rows_of_its_dates(office):
    setting_up.add_row(
        office.hall.desk, office.hall.ask(), "targets", {"measure": "mean_wait", "value": 1, "from": "2026-11-17"}
    )
    office.follow()
    page = packs(office)
    assert page.figures.missed == (False, True, False, False)
    assert page.figures.thirds[1] == "target 1 min missed"
    (point,) = page.points.points
    assert point.said[0].startswith("Mean wait missed its target")
    asked = []
    page.behind_wanted.connect(lambda *wanted: asked.append(wanted))
    office.touch(page.points.keys[0])
    assert asked[0][:2] == ("wait.mean", date(2026, 11, 17))
    assert page.points.come_back_to(point.leads)


def test_packs_made_are_listed_and_shown_as_they_were_written(office):
    page = packs(office)
    assert page.made.table.table == ()
    office.touch(page.buttons[-1])
    (row,) = page.made.table.table
    assert row.name == "Meeting pack · November 2026"
    paper, book = row.cells[1:]
    told = []
    page.said.connect(lambda text, _icon: told.append(text))
    page.made.picked.emit(book.point.leads)
    assert told[-1].endswith("CD-2026-11-01-month-pack.xlsx")
    page.made.picked.emit(paper.point.leads)
    reports = office.page.reports
    assert reports.report.is_kept
    QTest.keyClick(office.page, Qt.Key.Key_Escape)
    assert reports.pages.seen() == "packs"


def test_a_figure_of_cases_opens_its_records_under_quality_and_escape_leads_back_to_it(office):
    office.hall.do("case-open", Complaint(klass="complaint", title="Lamp"), who=MANAGER)
    office.follow()
    page = packs(office)
    table = page.cards["cases"].table
    leads = next(cell.point.leads for cell in table.table[-1].cells if cell.point.leads is not None)
    page.cards["cases"].picked.emit(leads)
    month = office.page.quality.pages.currentWidget()
    assert isinstance(month, MonthPage)
    assert month.isVisible()
    assert month.chosen == leads.path

    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    QTest.qWait(1)
    assert page.isVisible()
    assert table.at is not None
    assert table.at.leads == leads
