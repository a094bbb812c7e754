"""Figures and reports: the page of figures, two spans against each other, printed days, and the rows under a figure."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QContextMenuEvent, QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from queuedesk.app.services.papers import SlipAndReportPrinter
from queuedesk.core.errors import OutsideError
from queuedesk.core.figures import drilldown
from queuedesk.core.figures.comparing import figure_paths_and_values
from queuedesk.core.figures.periods import DAY, MONTH, PERIODS, QUARTER, WEEK, YEAR, PrintedReportPagesChoice
from queuedesk.core.network.roles import actor_of_station
from queuedesk.desk import figures
from queuedesk.desk.figures import compare_periods, tickets_behind_figure
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.desk.talk import devices
from queuedesk.i18n import choose_language
from queuedesk.i18n.figures import ribbon_words as words
from queuedesk.reports.figures.period import read_period_report
from queuedesk.stations.manager.figures.figures_controller import FiguresController, PeriodChoice
from queuedesk.stations.manager.figures.tables import FigureSource
from queuedesk.stations.manager.pages import QUALITY, REPORTS
from queuedesk.stations.manager.parts.inputs import PrinterAndPagesChoice
from queuedesk.stations.manager.parts.page_controller import ReportMaker, ReportSubject
from queuedesk.stations.widgets.buttons import IconButton
from queuedesk.stations.widgets.charts.chart_view import ChartWithPoints
from queuedesk.stations.widgets.questions.dialogs import ChoiceButtonsDialog, ConfirmDialog
from queuedesk.stations.window import context as services
from queuedesk.stations.window.context import InlineTasks, StationTaskLanes
from queuedesk.stations.window.day_dialog import DayPickerDialog
from tests.bounded import PATIENCE_S
from tests.core.added import all_but, program_of
from tests.every_day import walked_in
from tests.hall import ADMIN, MANAGER
from tests.stations.hands import LEFT, is_as_near_as_the_screen_allows, open_menu, pick, take_entry
from tests.stations.manager.conftest import LAST_WEEK, TODAY, PicturesHere, eventful_hall, page_of
from tests.stations.seen import said, texts_of
from tests.stations.stubs import Late, lend, stub


def keep(office, word):
    office.touch(office.page.report_page.save_button)
    take_entry(office.page.report_page, word)


def files_in(folder: Path) -> list[str]:
    return [f"{one.name}: {one.read_text(encoding='utf-8')}" for one in sorted(folder.glob("CD-*"))]


class LateLongWork(Late):
    run_in_long_work_lane = Late.run_in_side_lane


def test_pages_chosen_before_the_printers_are_known_stay_chosen(context, paper, qtbot):
    lanes = context.tasks = LateLongWork()
    choice = PrinterAndPagesChoice(context)
    qtbot.addWidget(choice)
    choice.show()
    pick(choice.page_choice, "With the annex")
    lanes.answer()
    assert choice.chosen_pages is paper.pages is PrintedReportPagesChoice.ANNEX
    paper.pages = PrintedReportPagesChoice.ALL
    choice.look_up_printers()
    lanes.answer()
    assert choice.chosen_pages is PrintedReportPagesChoice.ALL, "another page chose since"


@program_of(all_but("figure_files"))  # its folder may not be there
def test_one_press_shows_the_day_or_another_period_and_the_second_prints_or_saves_it(office, monkeypatch, story):
    page, paper, report = office.page, office.paper, office.page.report_page
    office.touch(page.today.report_button)
    story.tell("One press shows the day", report, f"{len(report.sheets)} page")
    office.touch(report.print_button)
    story.tell("And the second prints it", page.toast, *paper.sent, *paper.printed)
    # While nobody looks, no picture is kept and then the same paper is shown.
    (sheet,), made = report.sheets, page.reporting
    shown, size, written = sheet.picture, sheet.size(), made.report.file.read_bytes()
    report.hide()
    assert (sheet.picture, made.report.pictures, sheet.size()) == (None, (), size)
    report.show()
    (again,) = report.sheets
    assert (again.picture, again.size(), made.report.file.read_bytes()) == (shown, size, written)
    # A paper whose file is gone is made anew when somebody looks again.
    report.hide()
    made.report.file.unlink()
    report.show()
    (sheet,) = report.sheets
    assert sheet.picture is not None and made.report.file.is_file()
    choice = report.printing
    pick(choice.printers, "Front")
    office.touch(report.print_button)
    offered = [choice.printers.itemText(i) for i in range(choice.printers.count())]
    chosen = f"of tickets “{paper.own}”, of reports “{paper.chosen}”"
    story.tell("Reports have a printer of their own", offered, chosen, page.toast, paper.printed.pop())
    keep(office, "As a PDF to print")
    story.tell("The summary is saved alone", page.toast, *files_in(paper.folder))
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    QTest.mouseClick(page.toast, LEFT)
    assert [Path(url.toLocalFile()) for url in opened] == [paper.folder], "the folder is a press away"
    assert page.toast.isHidden()
    office.touch(report.save_button)
    kinds = [f"{action.text()}{'' if action.isEnabled() else ' (off)'}" for action in report.kinds.actions()]
    report.kinds.close()
    story.tell("Tables hold figures for managers and are saved with all pages alone", *kinds)
    choices = zip(("Summary", "With the annex", "All pages"), PrintedReportPagesChoice, strict=True)
    for count, (word, pages) in enumerate(choices, start=1):
        pick(choice.page_choice, word)
        office.touch(report.print_button)
        assert (paper.sent[-1][1], len(report.sheets)) == (pages, count), "what would be printed is what is shown"
        assert paper.pages is pages, "remembered for the next time"
    keep(office, "As a PDF to print")
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert page.stack.currentWidget() is page.today, "Escape leads back to today"
    office.touch(page.today.report_button)
    for period in ("Week", "Quarter", "Year", "Month"):
        pick(report.dates.periods, period)
        office.touch(report.print_button)
        story.tell(f"{period} is shown and printed", report, paper.printed.pop())
    keep(office, "For programs (JSON)")
    story.tell("The month is saved in every kind of file", page.toast, *files_in(paper.folder))
    said = []
    paper.while_counting = lambda: said.extend(texts_of(report))
    pick(report.dates.periods, "Year")
    words = "Writing the report …\nCounting past dates: 12 of 365. The next reading is quick."
    assert words in said, "it says which dates are counted until a report is there"
    assert report.sheets and words not in texts_of(report)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    office.touch(page.today.report_button)
    assert report.head.title.text() == "Daily report", "the button of today shows the day again"
    QTest.keyClick(page, Qt.Key.Key_Escape)
    office.hall.clock.move(days=1)
    page.context.feed.switch_to_new_business_date()
    office.touch(page.today.report_button, report.dates.earlier)
    story.tell("An earlier day, the first", report)
    office.touch(report.dates.day_button)
    days = {day.text(): day for day in office.question(DayPickerDialog).days if day.isEnabled() and day.isVisible()}
    assert list(days) == ["20", "21"]
    office.touch(days["21"])
    story.tell("Today again, chosen from the month", report)
    office.hall.clock.move(days=9)
    page.context.feed.switch_to_new_business_date()
    report.open_day(page.controller.business_date)
    pick(report.dates.periods, "Week")
    story.tell("This week", report)
    office.touch(report.dates.earlier)
    story.tell("Earlier weeks are a week apart", report)
    office.touch(report.dates.later)
    assert not report.dates.later.isEnabled()

    def refuse(path, printer="", *, pages):
        raise OutsideError("printer_refused", printer=printer or "Office")

    paper.print_pdf = refuse
    office.touch(report.print_button)
    story.tell("Trouble is said on the page", report.banner)
    file = made.report.file
    assert file.exists()
    page.stop()
    assert not file.exists(), "leaving the station throws the shown file away"


def test_the_printer_of_tickets_and_the_pages_of_last_time_are_the_usual_ones_and_a_story_is_whole(office, story):
    page, paper, report = office.page, office.paper, office.page.report_page
    paper.pages = PrintedReportPagesChoice.ANNEX
    office.touch(page.today.report_button)
    assert len(report.sheets) == 2
    *_talking, entry = page.menu_entries()
    entry.act()
    office.touch(office.question(ChoiceButtonsDialog).answers["Front"])
    story.tell("The pages chosen last are chosen again, and the printer of tickets is the usual one", report.printing)
    office.touch(report.print_button)
    pick(report.printing.printers, "Office")
    office.touch(report.print_button)
    entry.act()
    office.touch(office.question(ChoiceButtonsDialog).answers[f"png:{paper.folder}"])
    office.touch(report.print_button)
    story.tell("Until another is chosen", entry.text, *paper.printed)
    paper.printed.clear()
    paper.sent.clear()
    office.go("tickets")
    page.tickets.show_ticket("A002")
    office.touch(page.tickets.story.print_button)
    assert len(report.sheets) == 3, "all pages: a story has no summary"
    office.touch(report.print_button, report.save_button)
    story.tell("A story is shown, printed and saved", report, *paper.printed, *paper.sent, *files_in(paper.folder))
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert page.stack.currentWidget() is page.tickets
    assert page.tickets.story.number.text() == "A002", "Escape leads from a story back to its ticket"
    office.touch(page.tickets.story.print_button, report.back_button)
    office.go("today")
    office.touch(page.today.report_button)
    story.tell("The day after a story is a day again", report)
    lend(page.context, paper=None)
    office.go("tickets")
    page.tickets.show_ticket("A002")
    office.touch(page.tickets.story.print_button)
    story.tell("Without reports a story says so", report)


def press_row(page, number):
    at = [row.ticket for row in page.table.rows.rows].index(number)
    place = page.table.visualRect(page.table.rows.index(at, 1)).center()
    QTest.mouseClick(page.table.viewport(), LEFT, pos=place)


def key(office, *keys):
    for one in keys:
        QTest.keyClick(office.page.window().focusWidget() or office.page, one)


@program_of(all_but("corrections"))  # its folder may not be there
def test_todays_figures_lead_to_the_tickets_behind_them_their_stories_and_back(office, catch_up, story):
    strip, today, behind = office.page.today.figures, office.page.today, office.page.behind

    def click_figure(at):
        QTest.mouseClick(strip, LEFT, pos=strip.point_rects()[at].center().toPoint())

    for at in (0, 1, 2, 4):
        click_figure(at)
        assert behind.is_in_front
        page = behind.drilldown_page
        story.tell(f"Figure {at + 1} of today leads to the tickets behind it", page)
        office.touch(page.back_button)
        assert office.page.stack.currentWidget() is today
    strip.setFocus(Qt.FocusReason.TabFocusReason)
    key(office, Qt.Key.Key_Right)
    assert strip.accessibleName().startswith("Mean wait, "), "figures are reached by keys"
    key(office, Qt.Key.Key_Return)
    assert page.head.title.text() == "Mean wait"
    key(office, Qt.Key.Key_Escape)
    assert office.page.stack.currentWidget() is today
    day = office.page.controller.business_date
    office.go("reports")
    office.page.reports.behind_wanted.emit("services.A.wait.mean", day, day, "A, waits")
    story.tell("The tab of figures leads there with its own title", page)
    page.go_back()
    assert office.page.stack.front_page_key() == "reports"
    office.go("today")
    click_figure(3)
    assert office.page.stack.currentWidget() is office.page.staff, "open windows lead to the people"
    office.go("today")
    behind.show_figure("issued", day, day)
    page = behind.drilldown_page
    story.tell("Each ticket is a row with what matters of it; a count has no other side", page)
    head = page.table.horizontalHeader()
    at = [one.key for one in page.table.rows.columns].index(words.NUMBER)
    place = QPoint(head.sectionViewportPosition(at) + 20, head.height() // 2)
    for way in ("sorts", "turns it round"):
        QTest.mouseClick(head.viewport(), LEFT, pos=place)
        story.tell(f"Pressing a head {way}", page, page.table.rows.headerData(at, Qt.Orientation.Horizontal))
    for column in (words.WAITED, words.RATING):
        page.table.sort_by(column)
        story.tell(f"By {column}: the longest waits come first, empty cells last", page)
    page.table.sort_by(words.RATING)
    story.tell("Also turned round", page)
    page.sort_button.click()
    take_entry(page.page, "Window")
    story.tell("Sorting is offered without a pointer", page)
    press_row(page, "B001")
    assert page.is_history_shown
    story.tell("A row opens the ticket's story", page)
    office.touch(page.story_back)
    row = page.table.rows.rows[page.table.currentIndex().row()]
    assert not page.is_history_shown and row.ticket == "B001", "back leads to the row"
    press_row(page, "A001")
    office.touch(page.story.print_button)
    assert office.page.report_page.is_ticket_history_shown
    key(office, Qt.Key.Key_Escape)
    assert behind.is_in_front and page.is_history_shown, "the story is printed and leads back here"
    office.touch(page.story_back)
    press_row(page, "B001")
    before = len(page.story.rows)
    office.hall.do("finish", "3")
    catch_up()
    assert len(page.story.rows) > before, "the story follows what happens to its ticket"
    office.touch(page.story_back)
    press_row(page, "A002")
    office.touch(page.story.buttons["leave"])
    office.touch(office.question(ConfirmDialog).act_button)
    catch_up()
    assert [e.ticket for e in office.log("leave")] == ["A002"], "a ticket is dealt with from its story"
    assert page.story.state.text() == "Left"
    office.touch(page.story_back)
    # Enter opens and escape goes back step by step.
    page.table.selectRow(0)
    page.table.setFocus()
    key(office, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert page.story.number.text() == "B001"
    key(office, Qt.Key.Key_Escape)
    assert not page.is_history_shown and behind.is_in_front
    key(office, Qt.Key.Key_Escape)
    assert office.page.stack.currentWidget() is today
    assert "behind" not in [key for key, _icon, _word in office.page.stack.entries()]


def test_what_stands_behind_a_figure_is_said_and_saved(context, hall, office, monkeypatch, story):
    lend(context, paper=SlipAndReportPrinter(hall.desk, hall.clock))
    hall.do("set-row", "staff", "C1", {"name": "=cmd()", "name_en": "=cmd()"}, who=ADMIN)
    office.follow()
    day, behind = office.page.controller.business_date, office.page.behind
    behind.show_figure("ratings.levels.5", day, day, "=1+1")
    page = behind.drilldown_page
    office.touch(page.save_button)
    file = office.paper.folder / "CD-2026-11-20-ratings-levels-5.csv"
    text = file.read_text(encoding="utf-8-sig")
    story.tell("What a spreadsheet would carry out is guarded in a file of rows", office.page.toast, text)
    assert "'=cmd()" in text and ",=cmd()" not in text
    office.page.today.behind_wanted.emit("wait.within_target", "Called within 15 min")
    counted, lacking, whole = page.parts
    story.tell("A share has sides: those counted", page)
    for name, side in (("lacking", lacking), ("whole", whole)):
        office.touch(side)
        story.tell(f"Those {name}", page)
    office.touch(counted)
    assert page.list.empty.isVisible()
    behind.show_figure("windows.1.open_minutes", day, day, "Open")
    story.tell("What no tickets stand behind says so", page)
    hall.do("not-ready", "B")
    behind.show_figure("not_ready.n", day, day)
    story.tell("Who came without papers", page)
    press_row(page, page.table.rows.rows[0].ticket)
    assert not page.is_history_shown, "opens nothing"
    behind.show_figure("issued", day, day)
    assert page.save_button.isVisible()
    lend(context, folder=None)
    office.page.remake_contents()
    page = behind.drilldown_page
    assert not page.save_button.isVisible(), "without a place to save nothing is offered"
    monkeypatch.setattr(figures, "tickets_behind_figure", partial(tickets_behind_figure, most=2))
    for figure, days, told in (("wait.mean", 19, "2 tickets"), ("issued", 0, "the first 2 of 5")):
        behind.show_figure(figure, day - timedelta(days=days), day)
        assert page.count.text() == told, "many rows are cut and the total is said"

    def away(*_asked, **_more):
        raise OutsideError("database_away", path="hall.sqlite")

    monkeypatch.setattr(figures, "tickets_behind_figure", away)
    behind.show_figure("issued", day, day)
    assert behind.drilldown_page.page.banner.isVisible(), "a database that is away is said"


SHARES = frozenset({"rate", "within_target"})

eventful = pytest.mark.hall(make=eventful_hall)


@pytest.fixture
def context(context, hall):
    lend(context, pictures=PicturesHere(hall.desk, hall.clock))
    return context


@pytest.fixture
def page(office):
    return page_of(office)


def charts(page):
    return [widget for widget in page.findChildren(ChartWithPoints) if widget.isVisibleTo(page) and widget.points]


def leading(page):
    """Return every point that can be seen and leads behind its figure, with its chart and where it leads."""
    found = [(widget, point, point.leads) for widget in charts(page) for point in widget.points]
    return [one for one in found if isinstance(one[2], FigureSource)]


def written(path, value):
    """Return a figure of the document as a point has to tell it."""
    if path.rpartition(".")[2] in SHARES:
        return f"{value * 100:.2f} %"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f} min"


@eventful
def test_charts_are_reached_and_each_point_tells_the_documents_figure_and_leads_behind_it(page, qtbot, hall, office):
    places, hours = zip(*page.chart.chart.labels, strict=True)
    assert list(hours) == [f"{9 + n}:00" for n in range(len(hours))]
    assert (places[0], {place % 2 for place in places}) == (0.0, {0.0}), "they stand under the chart from edge to edge"
    # Every chart has a name, the keyboard comes to it, and the part at the keyboard is scrolled to.
    seen = charts(page)
    assert len(seen) > 10
    assert [type(widget).__name__ for widget in seen if not widget.accessibleName()] == []
    assert all(widget.focusPolicy() & Qt.FocusPolicy.TabFocus for widget in seen)
    page.classes.table.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(page.classes.table, Qt.Key.Key_End)
    place = page.classes.table.point_rects()[-1].center().toPoint()
    inside = page.classes.table.mapTo(page.body.area.viewport(), place)
    assert page.body.area.viewport().rect().contains(inside)
    # A choice opens with every entry in sight.
    for choice in (page.dates.periods, page.comparison_choice):
        choice.showPopup()
        entries, last = choice.view(), choice.model().index(choice.count() - 1, 0)
        assert entries.verticalScrollBar().maximum() == 0
        assert entries.visualRect(last).bottom() < entries.viewport().height()
        choice.hidePopup()
    # A label that has no room beside its field goes with it to the next row.
    tools, label = page.tools, page.against_label
    tools.resize(tools.sizeHint().width() - 20, 400)
    assert (
        label.y() > page.dates.periods.y() and abs(label.geometry().center().y() - choice.geometry().center().y()) < 3
    )
    # A press asks for the tickets behind.
    slot = next(n for n, point in enumerate(page.chart.points) if point.said[0].startswith("9:30"))
    for widget, n, expected in ((page.tiles, 0, "issued"), (page.chart, slot, "hours.09:30.mean_wait")):
        with qtbot.waitSignal(page.behind_wanted) as asked:
            QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=widget.point_rects()[n].center().toPoint())
        assert asked.args[:3] == [expected, TODAY, TODAY]
        office.page.behind.drilldown_page.go_back()
        assert page.isVisible()
    page.show_period(PeriodChoice(WEEK, TODAY))
    friday, leads = page.chart.points[7 + 4], FigureSource("issued", TODAY, TODAY, "Fri 20 Nov, tickets issued")
    assert (friday.said[0], friday.leads) == ("Fri 20 Nov", leads), "a day of a week leads there"
    # Each target stands with its verdict.
    page.show_period(PeriodChoice(MONTH, TODAY))
    expected = read_period_report(hall.desk, MONTH, TODAY, hall.clock()).figures["targets"]
    rows = page.targets.table.table
    whole, later = ["Satisfaction rate", "Called within the target"], "Mean wait · 17 Nov\u2060–\u206030 Nov"
    assert [row.name for row in rows] == [*whole, later], "the rate of other dates is not the one above"
    verdicts = {"met": "met", "not_met": "not met", "cannot_tell": "can't tell", None: ""}
    assert [row.cells[2].text for row in rows] == [verdicts[row["verdict"]] for row in expected]
    leads = FigureSource("wait.mean", date(2026, 11, 17), date(2026, 11, 30), "Mean wait")
    assert rows[2].cells[0].point.leads == leads
    # Every point tells the figure of the document and tickets can be found behind it.
    documents = {}
    for period, day in ((DAY, LAST_WEEK), *((kind, TODAY) for kind in (DAY, WEEK, MONTH, QUARTER, YEAR))):
        page.show_period(PeriodChoice(period, day))
        seen = 0
        for widget, point, leads in leading(page):
            assert drilldown.row_query_of_path(leads.path) is not None, leads.path
            # A target is of its own dates alone; the map is no figure of the document: test_pictures adds it up.
            if widget is page.targets.table or leads.path.startswith("heat."):
                continue
            span = (leads.first, leads.last)
            kind = next(kind for kind in PERIODS if PeriodChoice(kind, leads.first).date_span == span)
            # All days, weeks and months in which nobody came have the same figures.
            about = span if any(leads.first <= one <= leads.last for one in (LAST_WEEK, TODAY)) else kind
            if about not in documents:
                figures = read_period_report(hall.desk, kind, leads.first, hall.clock()).figures
                documents[about] = dict(figure_paths_and_values(figures))
            value = documents[about][leads.path]
            if value is not None:
                assert written(leads.path, value) in "\n".join(point.said), (period, day, leads.path, point.said)
                seen += 1
        assert seen > 60, (period, day)


@eventful
def test_a_long_reading_keeps_nobody_waiting_says_what_it_counts_and_arrows_lead_through_time(office, hall, context):
    own = context.services.pictures
    lend(context, pictures=None)
    page = page_of(office)

    def waiting():
        return "".join(texts_of(page.body.wait)) if page.body.wait.isVisible() else ""

    def reads(read):
        lend(context, pictures=stub(services.PeriodChartFigureReader, read=read, stop=lambda: None))

    assert "QueueDesk was started without reports." in waiting()
    lend(context, pictures=own)
    page.show_period(PeriodChoice(DAY, TODAY))
    assert not waiting()

    # Trouble is said and what was shown stays.
    def away(*_asked, told):
        raise OutsideError("database_missing", path="hall.sqlite")

    shown = page.shown
    reads(away)
    page.show_period(page.wanted_period)
    assert page.banner.isVisible() and page.shown is shown
    # It says which dates are counted while somebody waits.
    held, seen = Late(), list[str]()
    context.tasks = held

    def counts(period, day, against, *, told):
        told(120, 365)
        seen.append(waiting())
        return own.read(period, day, against)

    def answer():
        held.waiting.pop()()

    reads(counts)
    page.show_period(PeriodChoice(YEAR, TODAY))
    assert "Counting" not in waiting()
    answer()
    assert "Counting past dates: 120 of 365. The next reading is quick." in seen.pop()
    page.show_period(PeriodChoice(QUARTER, TODAY))
    page.show_period(PeriodChoice(YEAR, TODAY))
    assert not waiting(), "that year is known already"
    answer()
    assert "Counting" not in seen.pop(), "no one waiting"
    answer()
    # One reading goes on at a time and what nobody asks for any more is not shown.
    lend(context, pictures=own)
    page.show_period(PeriodChoice(MONTH, TODAY))
    assert "2026" in waiting()
    page.show_period(PeriodChoice(WEEK, TODAY))
    page.show_period(PeriodChoice(DAY, LAST_WEEK))
    assert len(held.waiting) == 1, "one reading at a time; the last that was asked for follows"
    answer()
    assert waiting(), "what nobody asks for any more is not shown"
    answer()
    assert (waiting(), held.waiting, page.shown.period, page.shown.first) == ("", [], DAY, LAST_WEEK)
    context.tasks = InlineTasks()
    page.show_period(PeriodChoice(DAY, TODAY))
    # The arrows and periods lead through time.
    assert not page.dates.later.isEnabled()
    office.touch(page.dates.earlier)
    assert page.wanted_period == PeriodChoice(DAY, date(2026, 11, 19))
    page.dates.periods.setCurrentIndex(PERIODS.index(MONTH))
    page.dates.periods.activated.emit(page.dates.periods.currentIndex())
    assert page.dates.day_button.text() == "November 2026" and page.heat.isVisible()
    assert not page.dates.earlier.isEnabled()
    # A day that is over is not read again; a period seen before is there at once.
    page.show_period(PeriodChoice(DAY, LAST_WEEK))
    shown = page.shown
    office.meanwhile("issue", "A")
    assert not office.page.reports.findChild(FiguresController).findChild(QTimer).isActive()
    assert page.shown is shown and page.head.line.text() == ""
    page.show_period(PeriodChoice(WEEK, TODAY))
    context.tasks = Late()
    page.show_period(PeriodChoice(DAY, TODAY))
    page.show_period(PeriodChoice(WEEK, TODAY))
    assert page.shown.period == WEEK and not waiting()


@eventful
def test_today_follows_the_hall(page, office, hall, qtbot, story):
    assert not page.services.line.isVisible() and not page.equipment.isVisible()
    hall.play("serve 3 A reason=sent_back", "add 3 C", "finish 3")
    office.follow()
    office.until(page.services.line.isVisible)
    *each, everybody = (int(row.cells[0].text) for row in page.services.table.table)
    assert sum(each) == everybody + 1
    story.tell("Services that add up to more than the sum are explained", page.services.line)
    devices.record_station_start(hall.desk, hall.ask(actor_of_station("K1")), "kiosk", "K1")
    for minutes, cause in ((30, "out_of_paper"), (10, None)):
        hall.clock.move(minutes=minutes)
        devices.record_device_state(hall.desk, hall.ask(actor_of_station("K1")), "kiosk", "K1", cause)
    office.follow()
    office.until(page.equipment.isVisible)
    story.tell("Equipment tells how long it worked", page.equipment, *page.equipment.table.table)
    before = int(page.tiles.figures[0].value)
    office.meanwhile("issue", "A")
    office.until(lambda: page.tiles.figures[0].value == str(before + 1))
    assert page.head.line.text() == f"live, {hall.clock():%H:%M}"
    hall.do("add-note", "outage", "card machines", start="9:10", end="9:40")
    for wanted in (DAY, WEEK):
        page.show_period(PeriodChoice(wanted, TODAY))
        story.tell(f"A note is marked on the chart of its {wanted}", *page.chart.chart.notes)
    # A figure of quality leads to the cases that it counts.
    assert page.quality.table.table == ()
    office.meanwhile("case-open", NewCaseData(klass="complaint"), who=MANAGER)
    page.show_period(PeriodChoice(WEEK, TODAY))
    leads = [point.leads for point in page.quality.table.points if isinstance(point.leads, FigureSource)]
    assert [one.path for one in leads] == ["quality.cases.opened", "quality.cases.open"]
    with qtbot.waitSignal(page.place_wanted) as asked:
        page.quality.picked.emit(leads[0])
    (place,) = asked.args
    assert (place.page, place.figure, place.title) == (QUALITY, "cases.opened", "Cases opened")


WORDS = {
    "en": ("Cite Ratings …", "All figures", "Open All figures, ", "Open Ratings, "),
    "zh_CN": ("引用「评价」…", "整页数据", "打开 整页数据", "打开 评价"),
}


@eventful
@pytest.mark.parametrize("lang", walked_in("zh_CN"))
def test_a_comparison_tells_both_figures_and_a_case_cites_it_as_it_was_looked_at(office, page, hall, lang, story):
    page.show_period(PeriodChoice(DAY, TODAY, "before"))
    found = compare_periods(hall.desk, DAY, TODAY, LAST_WEEK, hall.clock())
    rows = {row.name: [cell.text for cell in row.cells] for row in page.compared.table.table}
    issued, rate = found.difference_of_figure_at_path("issued"), found.difference_of_figure_at_path("ratings.rate")
    assert rows["Issued"] == [str(issued.ours), str(issued.theirs), f"+{issued.difference}", "", ""]
    assert rows["Share satisfied"][-1] == "can't tell"
    assert f"−{abs(rate.low) * 100:.1f} to" in rows["Share satisfied"][3]
    story.tell("A comparison tells both figures and what can be said", *page.tiles.thirds)
    arrivals = [row["arrivals"] for row in found.theirs.figures["hours"] if row["arrivals"]]
    assert [value for value in page.chart.chart.panels[1].series[1].values if value] == arrivals
    page.show_period(PeriodChoice(WEEK, TODAY, "before"))
    assert "not over yet: Fri 20 Nov" in page.compared.line.text(), "dates that are left out are named"
    assert (page.compared.table.table, set(page.tiles.thirds)) == ((), {""})
    page.show_period(PeriodChoice(DAY, TODAY, LAST_WEEK.isoformat()))
    leads = [cell.point.leads for cell in page.compared.table.table[0].cells[:2]]
    days = ((TODAY, "Fri 20 Nov"), (LAST_WEEK, "Fri 13 Nov"))
    assert leads == [FigureSource("issued", day, day, f"Issued · {name}") for day, name in days]
    page.show_period(PeriodChoice(DAY, TODAY, TODAY.isoformat()))
    assert page.banner.isVisible(), "a day is not held against itself"
    # A case cites a chart and the page, which open as they were looked at.
    choose_language(lang)
    office.page.remake_contents()
    page = office.page.reports.pages.get_or_make_page("figures")
    cite, whole, *opens = WORDS[lang]
    label, day = next((one.label, one.date) for one in office.page.hall_state.ratings.values() if one.level == 5)
    hall.do("case-open", NewCaseData(klass="complaint", title="Lamp"), who=MANAGER)
    looked = PeriodChoice(WEEK, TODAY, "before")
    page.show_period(looked)
    body = page.ratings.bars
    QApplication.sendEvent(body, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5)))
    assert is_as_near_as_the_screen_allows(open_menu(page), body.mapToGlobal(QPoint(5, 5)))
    for entry in (cite, "26-001 Lamp"):
        take_entry(page, entry)
    QTest.mouseClick(page.cite_button, LEFT)
    for entry in (whole, "26-001 Lamp"):
        take_entry(page, entry)
    page.show_period(PeriodChoice(DAY, TODAY))
    hall.do("correct", label, changes={"rating": 2}, reason="wrong key", second="AD", day=day, who=MANAGER)
    office.page.open_page(QUALITY)
    office.page.quality.open_case("26-001")
    case = office.page.quality.pages.get_or_make_page("cases")
    keys = {key.accessibleName(): key for key in case.detail.findChildren(IconButton)}
    told = []
    for start in opens:
        QTest.mouseClick(next(key for name, key in keys.items() if name.startswith(start)), LEFT)
        assert office.page.stack.front_page_key() == REPORTS and page.isVisible() and page.cited.isVisible()
        assert (page.wanted_period.date_span, page.wanted_period.against) == (looked.date_span, "before")
        assert page.comparison_choice.currentData() == "before" and "26-001" in page.cited.title.text()
        told.append([[cell.text for cell in row.cells] for row in page.cited.table.table])
        if start == opens[0]:
            QTest.keyClick(page.cited.back_button, Qt.Key.Key_Escape)
            assert office.page.stack.front_page_key() == QUALITY and case.shown_case["number"] == "26-001"
    assert told == [[["83.33 %", "66.67 %"]], [["1", "2"], ["5", "4"], ["83.33 %", "66.67 %"]]]
    page.show_period(PeriodChoice(DAY, TODAY))
    assert page.cited.isHidden()


@eventful
def test_a_page_that_could_not_read_the_hall_is_made_anew_as_it_was_chosen_once_the_hall_is_back(office, page, hall):
    view = office.page
    page.show_period(PeriodChoice(WEEK, TODAY))
    week = said(page)
    view.show_hall_away(hall.clock())
    away = hall.path.rename(hall.path.with_name("elsewhere"))
    page.show_period(PeriodChoice(MONTH, TODAY))
    page.show_period(PeriodChoice(WEEK, TODAY))
    assert page.banner.isVisible()
    view.refresh()
    assert view.reports.pages.currentWidget() is page, "while the hall is away nothing more could be read"
    away.rename(hall.path)
    view.show_hall_away(None)
    view.refresh()
    again = view.reports.pages.currentWidget()
    assert (again is page, said(again)) == (False, week)


@eventful
@pytest.mark.parametrize("reads", [FiguresController, ReportMaker])
def test_dates_counted_for_a_page_that_has_gone_are_told_to_nobody(context, paper, qtbot, reads):
    counting, gone, bugs = Event(), Event(), list[BaseException]()
    context.tasks = lanes = StationTaskLanes(bugs.append)

    def count(*_asked, told, **_words):
        counting.set()
        assert gone.wait(PATIENCE_S)
        told(120, 365)

    lend(
        context,
        pictures=stub(services.PeriodChartFigureReader, read=count, stop=lambda: None),
        paper=stub(services.HallPaperService, write_period_report=count),
    )
    one = reads(context)
    if reads is FiguresController:
        one.show_period(PeriodChoice(YEAR, TODAY))
    else:
        one.make_and_show(ReportSubject(TODAY, period=YEAR), 500)
    assert counting.wait(PATIENCE_S)
    one.stop()
    delete(one)
    gone.set()
    qtbot.waitUntil(lambda: not lanes.has_unanswered_requests)
    lanes.stop()
    assert bugs == []
