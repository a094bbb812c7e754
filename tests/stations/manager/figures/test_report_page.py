"""Reports: choosing, and the rows under a figure."""

from datetime import timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest

from queuedesk.app.services.papers import SlipAndReportPrinter
from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import PrintedReportPagesChoice
from queuedesk.desk import figures
from queuedesk.desk.figures import tickets_behind_figure
from queuedesk.i18n.figures import ribbon_words as words
from queuedesk.stations.manager.parts.inputs import PrinterAndPagesChoice
from queuedesk.stations.widgets.questions.dialogs import ChoiceButtonsDialog, ConfirmDialog
from queuedesk.stations.window.day_dialog import DayPickerDialog
from tests.core.added import all_but, program_of
from tests.hall import ADMIN
from tests.stations.hands import LEFT, pick, take_entry
from tests.stations.seen import texts_of
from tests.stations.stubs import Late, lend


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
