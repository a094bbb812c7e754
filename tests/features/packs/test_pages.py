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
from queuedesk.desk.talk.messaging import add_note, notes_of
from queuedesk.features.packs.pages.page import PacksPage
from queuedesk.i18n import say
from queuedesk.stations.manager.figures.drilldown_page import DrilldownPage
from queuedesk.stations.manager.quality.month_page import MonthPage
from queuedesk.stations.widgets.panels import Label
from tests.hall import MANAGER


def packs(office) -> PacksPage:
    office.go("reports")
    office.page.reports.open_tab("packs")
    page = office.page.reports.pages.made("packs")
    page.dates.picked.emit(date(2026, 11, 20))
    assert page.controller.found is not None
    return page


def test_what_a_pack_tells_opens_what_it_counts_and_it_is_made_in_three_presses_with_its_notes(office):
    # A missed target has the red bar and its point opens the rows of its dates.
    office.hall.do("case-open", Complaint(klass="complaint", title="Lamp"), who=MANAGER)
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

    # A figure opens what it counts and escape leads back to it.
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

    # The lesser figures of a tile open their own rows.
    asked.clear()
    words = {text: page.figures.rects()[4 + n] for n, (_tile, text, _point) in enumerate(page.figures.lesser)}
    assert set(words) == {"1 finished", "n 1"}
    for place in words.values():
        assert page.figures.rect().contains(place.toAlignedRect()) and place.width() > 10
        QTest.mouseClick(page.figures, Qt.MouseButton.LeftButton, pos=place.center().toPoint())
    assert [path for path, *_more in asked] == ["finished", "ratings.n"]

    # A figure of cases opens its records under quality and escape leads back to it.
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

    # A note of another PC is there when the page is seen again and one not kept stays.
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

    # Three presses make paper and workbook and keep the note.
    office.page.context.who = MANAGER
    assert page.made.table.table == ()
    page.note.set_value("Ask the metering team to come")
    office.touch(page.buttons[-1])

    folder = office.paper.folder
    assert (folder / "CD-2026-11-01-month-pack.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / "CD-2026-11-01-month-pack.xlsx").stat().st_size
    assert [(note.day, note.text) for note in notes_of(office.hall.desk)] == [
        (date(2026, 11, 20), "Bring the plan"),
        (date(2026, 11, 20), "Ask the metering team to come"),
    ]
    assert page.note.value() == "", "a second press keeps no second note"
    notes = page.cards["notes"].table.table
    assert [row.name for row in notes] == ["Other: Bring the plan", "Other: Ask the metering team to come"]

    # Packs made are listed and shown as they were written.
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

    # An empty month says so and draws nothing.
    page.dates.picked.emit(date(2026, 3, 2))
    assert page.months.note.text() == "Nobody came in these six months: there is nothing to draw."
    assert not any(chart.isVisible() for chart in page.months.charts)
    assert [one.unit for one in page.figures.figures] == ["tickets", "", "", ""]

    # A pack that may not be read says so in place of the wait.
    page.controller.found = None
    trouble = RuleError("not_for_you", read="figures", role="")
    page.controller.failed.emit(trouble)
    assert say(trouble) in [label.text() for label in page.body.wait.findChildren(Label)]
