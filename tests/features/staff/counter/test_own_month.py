"""The clerk's own month from the counter's menu: while nobody is called, and nobody else's figures."""

from pathlib import Path
from typing import cast

from msgspec.structs import replace
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking
from queuedesk.features.staff.pages.own_month import OwnMonthPage
from queuedesk.features.staff.pages.own_texts import Visit, month_figures, visits_head
from queuedesk.features.staff.pages.sheet_texts import OwnDisputeDialog
from queuedesk.features.staff.verbs import own_work
from queuedesk.stations.counter.questions import PauseDialog
from queuedesk.stations.widgets.panels import Label
from queuedesk.stations.window.page import MenuEntry
from queuedesk.stations.window.style import Look
from tests.credentials import shared
from tests.hall import MANAGER, clerk
from tests.stations.counter.pages import Page
from tests.stations.stories import Story


def entry(page: Page) -> MenuEntry:
    return next(one for one in page.view.menu_entries() if one.text == "My month")


def opened(page: Page) -> OwnMonthPage:
    entry(page).act()
    page.until(lambda: page.dialog is not None)
    return cast(OwnMonthPage, page.dialog)


def test_the_own_month_is_read_while_nobody_is_called_and_space_leads_back(page: Page, story: Story):
    assert entry(page).enabled
    dialog = opened(page)

    story.tell("While nobody is called", dialog)
    assert dialog.chart.chart.empty  # six months without a sheet
    assert page.view.bar.visibleRegion().contains(page.view.bar.rect())
    assert {row.counted for row in month_figures(dialog.work)} == {""}  # "nobody was called" would read as of today
    page.press(Qt.Key.Key_Escape)
    assert page.dialog is None and page.kinds == []  # back at the window; looking is not logged

    # An act of the window comes before it; during a break the large key says that it ends only the reading.
    opened(page)
    page.press(Qt.Key.Key_F10)
    assert isinstance(page.dialog, PauseDialog)
    page.press(Qt.Key.Key_1, Qt.Key.Key_Return)
    assert page.kinds == ["pause"]
    story.tell("During a break", opened(page).primary)
    page.press(Qt.Key.Key_Space)
    assert page.dialog is None and page.kinds == ["pause"]

    # Who is called comes first.
    page.press(Qt.Key.Key_Space, Qt.Key.Key_Space)
    assert page.kinds == ["pause", "resume", "call"]
    assert not entry(page).enabled
    entry(page).act()
    page.settle()
    assert page.dialog is None

    # Where nobody waits, Space leads back; it calls as soon as somebody does.
    page.press(*[Qt.Key.Key_Space] * 8)
    month = opened(page)
    story.tell("Where nobody waits", month.primary, month.back_button)
    page.press(Qt.Key.Key_Space)
    assert page.dialog is None and page.view.controller.scene is not None and page.view.controller.scene.is_free

    month = opened(page)
    page.hall.queue("A")
    page.settle()
    assert page.dialog is month and month.primary.text() == page.view.stage.primary.text()
    assert month.back_button.isVisible()
    page.press(Qt.Key.Key_Space)
    assert page.dialog is None and page.kinds[-1] == "call"


def test_who_is_sent_on_is_told_from_who_was_finished():
    finished = [Visit("A001", "A", "", "4.0"), Visit("A002", "A", "", "—")]
    assert visits_head(finished) == "Today: 2 finished"
    assert visits_head([Visit("B001", "", "sent on, not counted", "—"), *finished]) == "Today: 2 finished, 1 sent on"


def test_the_own_day_is_taken_home_its_rows_are_read_and_one_is_disputed(page: Page, tmp_path: Path, story: Story):
    page.press(Qt.Key.Key_Space, Qt.Key.Key_Space, Qt.Key.Key_Space)  # called, begun, finished
    label = page.hall.last().ticket
    page.view.context.services = replace(page.view.context.services, folder=lambda _name: tmp_path)
    dialog = opened(page)
    assert [visit.label for visit in dialog.visits] == [label]
    page.click(dialog.save_button)
    page.until(dialog.told.isVisible)

    (file,) = tmp_path.glob("*-sheet-*-own.xlsx")
    assert str(file) in dialog.told.text() and "It goes up to 19 Nov" in dialog.told.text()
    book = load_workbook(file)
    assert book.sheetnames == ["Sheet", "Rows", "Days", "History", "Training"]
    assert [cell.value for cell in book["Training"][1]] == ["Training", "Date", "minutes"]
    # The running day is not in it: its ratings would tell who was not content.
    assert "up to 19 Nov" in book["Sheet"]["A1"].value
    assert [row[0].value for row in book["Rows"].iter_rows(min_row=2)] == []
    assert [row[0].value for row in book["History"].iter_rows(min_row=2)] == ["November 2026"]

    # A count opens the own rows.
    tab = dialog.tabs.tab("day")
    assert tab is not None
    page.click(tab)
    story.tell("The own day, without ratings", dialog)
    link = dialog.day_figures.links["handling"]
    link.setFocus()
    page.press(Qt.Key.Key_Return)
    assert [row.ticket for row in dialog.rows.list.table.rows.rows] == [label]
    page.press(Qt.Key.Key_Escape)
    assert page.focus is link and not dialog.rows.isVisible()

    page.press(Qt.Key.Key_Return)
    dialog.rows.list.table.open_row(0)  # a press on the row asks about it
    page.until(lambda: isinstance(page.dialog, OwnDisputeDialog))
    assert cast(OwnDisputeDialog, page.dialog).chosen == ("handling", f"2026-11-20 {label}")
    page.press(Qt.Key.Key_Escape)

    # What is disputed waits in the own month for its answer.
    page.click(opened(page).disagree_button)
    page.until(lambda: isinstance(page.dialog, OwnDisputeDialog))
    asking = cast(OwnDisputeDialog, page.dialog)
    assert asking.chosen == ("satisfaction", f"2026-11-20 {label}")
    page.type("The reader was down")
    page.click(asking.yes_button)
    page.until(lambda: isinstance(page.dialog, OwnMonthPage))
    assert page.kinds[-1] == "sheet-dispute"
    dialog = cast(OwnMonthPage, page.dialog)
    story.tell("What is disputed waits for its answer", dialog.answers)

    page.click(cast(QWidget, dialog.tabs.tab("history")))
    story.tell("The hall's first month", dialog.history)
    dialog.history.table.open_row(0)
    page.until(lambda: page.dialog is not None and page.dialog is not dialog)
    month = cast(OwnMonthPage, page.dialog)
    assert (month.tab, month.title.text()) == ("month", "My month: November 2026, so far")
    page.click(month.earlier_button)
    page.until(lambda: page.dialog is not None and page.dialog is not month)
    earlier = cast(OwnMonthPage, page.dialog)
    page.click(cast(QWidget, earlier.tabs.tab("day")))  # of today, whatever month is read
    page.until(lambda: page.dialog is not None and page.dialog is not earlier)
    today = cast(OwnMonthPage, page.dialog)
    today.day_figures.links["handling"].click()
    page.press(Qt.Key.Key_Space)
    assert page.dialog is None, "Space still leads back"


def test_a_counters_login_opens_the_page_without_ratings(shared_url: str, qtbot: QtBot):
    with shared(shared_url, "T") as place:
        counter, office = place.hall(place.pc(PcKind.STAFF)), place.hall(place.pc(PcKind.MANAGER))
        counter.open("1", "C1")
        counter.queue("A")
        counter.serve_out("1")
        counter.do("rate", "A001", 1, who=CUSTOMER)
        counter.clock.move(days=1)
        asked = counter.do("sheet-dispute", "C1", "satisfaction", "2026-11-20 A001", "No", who=clerk("C1"))
        office.do("sheet-decide", asked["dispute"], "So it is", exclude=True, who=MANAGER)
        host, setup, now = QWidget(), looking.setup_of(counter.desk), counter.clock()
        qtbot.addWidget(host)
        work = own_work(counter.desk, clerk("C1"), counter.date, now)
        month = OwnMonthPage(host, Look(), work, setup=setup, today=counter.date, saves=True)

        shown = [label.text() for label in month.figures.findChildren(Label)]
        assert "not shown on this PC" in shown and set(month.figures.links) == {"handling", "order"}
        answer = month.answers.label.text()
        assert answer.startswith("Satisfaction · a rating: Excluded") and "“So it is”" in answer and "“No”" in answer
        month.show_tab("history")
        assert month.history.table.rows.rows[0].visits == "1"
