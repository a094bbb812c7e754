"""The day's report and a ticket's story: shown by one press, saved or printed by the second."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest

from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import Pages
from queuedesk.stations.manager.figures.reporting import Reporting
from queuedesk.stations.widgets.questions.dialogs import PickDialog
from queuedesk.stations.window.day_dialog import DayDialog
from tests.stations.seen import texts_of
from tests.stations.stubs import lend


def choose(office, period):
    """Choose a period as a person does: the entry, not the code."""
    periods = office.page.report.dates.periods
    index = periods.findText(period)
    periods.setCurrentIndex(index)
    periods.activated.emit(index)


def keep(office, word):
    """Press Save and then the kind of file."""
    office.touch(office.page.report.save_button)
    kinds = office.page.report.kinds
    next(action for action in kinds.actions() if action.text() == word).trigger()
    kinds.close()


def pick(box, word):
    """Choose an entry as a person does."""
    index = box.findText(word)
    box.setCurrentIndex(index)
    box.activated.emit(index)


def all_pages(office):
    pick(office.page.report.printing.page_choice, "All pages")


class Opened(QObject):
    """Takes the folders that the system would show."""

    def __init__(self) -> None:
        super().__init__()
        self.folders: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.folders.append(url.toLocalFile())


def test_one_press_shows_the_day_or_another_period_and_the_second_prints_or_saves_it(office):
    # One press shows the day and the second prints it.
    office.touch(office.page.today.report_button)
    assert len(office.page.report.sheets) == 1
    assert office.page.report.dates.day_button.text() == "today, Fri 20 Nov"

    office.touch(office.page.report.print_button)

    assert office.paper.printed == [("2026-11-20.pdf", "Office")]
    assert office.page.toast.text() == "Sent to Office"

    # While nobody looks, no picture is kept and then the same paper is shown.
    report, reporting = office.page.report, office.page.findChild(Reporting)
    (sheet,) = report.sheets
    shown, size, written = sheet.picture, sheet.size(), reporting.report.file.read_bytes()

    report.hide()
    assert (sheet.picture, reporting.report.pictures, sheet.size()) == (None, (), size)
    report.show()
    (again,) = report.sheets
    assert (again.picture, again.size()) == (shown, size)
    assert reporting.report.file.read_bytes() == written

    # A paper whose file is gone is made anew when somebody looks again.
    report.hide()
    office.page.findChild(Reporting).report.file.unlink()
    report.show()

    assert [sheet.picture is not None for sheet in report.sheets] == [True]
    assert office.page.findChild(Reporting).report.file.is_file()

    # Reports have a printer of their own.
    choice = office.page.report.printing
    assert [choice.printers.itemText(i) for i in range(choice.printers.count())] == ["Usual: Office", "Front", "Office"]
    pick(choice.printers, "Front")
    assert (office.paper.chosen, office.paper.own) == ("Front", "")

    office.touch(office.page.report.print_button)
    assert office.paper.printed.pop() == ("2026-11-20.pdf", "Front")
    assert office.page.toast.text() == "Sent to Front"

    # The summary is saved alone.
    keep(office, "As a PDF to print")

    saved = office.paper.folder / "CD-2026-11-20-summary.pdf"
    assert saved.read_text(encoding="utf-8") == "summary of 2026-11-20.pdf"
    assert office.page.toast.text() == f"Saved as {saved}"
    assert not (office.paper.folder / "CD-2026-11-20.pdf").exists()

    # The folder of a saved report is a press away.
    opened = Opened()
    QDesktopServices.setUrlHandler("file", opened, "take")
    try:
        QTest.mouseClick(office.page.toast, Qt.MouseButton.LeftButton)
    finally:
        QDesktopServices.unsetUrlHandler("file")

    assert [Path(folder) for folder in opened.folders] == [office.paper.folder]
    assert office.page.toast.isHidden()

    # Tables hold figures for managers and are saved with all pages alone.
    office.touch(office.page.report.save_button)
    kinds = office.page.report.kinds
    offered = [action.text() for action in kinds.actions() if action.isEnabled() and action.text()]
    kinds.close()

    assert offered == ["As a PDF to print"]
    assert kinds.actions()[-1].text() == "Tables hold figures for managers too: choose “All pages” for them"

    # The summary is printed and more only if somebody asks for it.
    office.paper.sent.clear()
    chosen = report.printing.page_choice
    sheets = []
    for word in ("Summary", "With the annex", "All pages"):
        pick(chosen, word)
        sheets.append(len(report.sheets))
        office.touch(report.print_button)

    assert [pages for _file, pages in office.paper.sent] == [Pages.SUMMARY, Pages.ANNEX, Pages.ALL]
    assert sheets == [1, 2, 3], "what would be printed is what is shown"
    assert office.paper.pages is Pages.ALL, "remembered for the next time"

    # Saving writes the day into the folder of reports.
    all_pages(office)
    keep(office, "As a PDF to print")

    saved = office.paper.folder / "CD-2026-11-20.pdf"
    assert saved.read_text(encoding="utf-8") == "day of 2026-11-20 by M1"
    assert office.page.toast.text() == f"Saved as {saved}"

    # Escape leads back to today.
    QTest.keyClick(office.page, Qt.Key.Key_Escape)

    assert office.page.stack.currentWidget() is office.page.today

    # Another period is shown and printed.
    office.touch(office.page.today.report_button)
    for period, title, span, file in (
        ("Week", "Weekly report", "16 Nov–22 Nov", "2026-11-16-week.pdf"),
        ("Quarter", "Quarterly report", "Quarter 4 of 2026", "2026-10-01-quarter.pdf"),
        ("Year", "Yearly report", "2026", "2026-01-01-year.pdf"),
        ("Month", "Monthly report", "November 2026", "2026-11-01-month.pdf"),
    ):
        choose(office, period)
        assert report.head.title.text() == title
        assert report.dates.day_button.text().replace("\u2060", "") == span
        assert not report.dates.earlier.isEnabled() and not report.dates.later.isEnabled(), period
        office.touch(report.print_button)
        assert office.paper.printed.pop() == (file, "Front")

    # The month is saved in every kind of file.
    all_pages(office)
    for word, ending in (
        ("As a workbook (XLSX)", "xlsx"),
        ("As plain text (CSV)", "csv"),
        ("For programs (JSON)", "json"),
    ):
        keep(office, word)
        saved = office.paper.folder / f"CD-2026-11-01-month.{ending}"
        assert saved.read_text(encoding="utf-8") == "month of 2026-11-20 by None"
        assert office.page.toast.text() == f"Saved as {saved}"

    # It says which dates are counted until a report is there.
    said = []
    office.paper.while_counting = lambda: said.extend(texts_of(report))
    choose(office, "Year")

    words = "Writing the report …\nCounting past dates: 12 of 365. The next reading is quick."
    assert words in said
    assert report.sheets and words not in texts_of(report)

    # The button of today shows the day again.
    QTest.keyClick(office.page, Qt.Key.Key_Escape)
    office.touch(office.page.today.report_button)

    assert office.page.report.head.title.text() == "Daily report"

    # An earlier day is chosen from the month.
    QTest.keyClick(office.page, Qt.Key.Key_Escape)
    office.hall.clock.move(days=1)
    office.page.context.feed.turn_day()
    office.touch(office.page.today.report_button)
    assert not report.dates.later.isEnabled()

    office.touch(report.dates.earlier)
    assert report.dates.day_button.text() == "Fri 20 Nov"
    assert not report.dates.earlier.isEnabled()

    office.touch(report.dates.day_button)
    dialog = office.question(DayDialog)
    assert [day.text() for day in dialog.days if day.isEnabled() and day.isVisible()] == ["20", "21"]
    office.touch(next(day for day in dialog.days if day.text() == "21"))
    assert report.dates.day_button.text() == "today, Sat 21 Nov"

    # Earlier weeks are a week apart.
    office.hall.clock.move(days=9)
    office.page.context.feed.turn_day()
    report.open_day(office.page.controller.day)
    choose(office, "Week")
    assert report.dates.day_button.text().replace("\u2060", "") == "30 Nov–6 Dec"

    office.touch(report.dates.earlier)
    assert report.dates.day_button.text().replace("\u2060", "") == "23 Nov–29 Nov"
    office.touch(report.dates.later)
    assert not report.dates.later.isEnabled()

    # Trouble is said on the page.
    def refuse(path, printer="", *, pages):
        raise OutsideError("printer_refused", printer=printer or "Office")

    office.paper.print_pdf = refuse
    office.touch(office.page.report.print_button)

    assert office.page.report.banner.title() == "The printer Front did not print; please check it and print again."

    # Leaving the station throws the shown file away.
    file = office.page.reporting.report.file
    assert file.exists()

    office.page.stop()

    assert not file.exists()


def test_the_printer_of_tickets_and_the_pages_of_last_time_are_the_usual_ones_and_a_story_is_whole(office):
    # The pages chosen last are chosen again.
    office.paper.pages = Pages.ANNEX
    office.touch(office.page.today.report_button)

    assert office.page.report.printing.page_choice.currentText() == "With the annex"
    assert len(office.page.report.sheets) == 2

    # The printer of tickets is the usual one until another is chosen.
    *_talking, entry = office.page.menu_entries()
    assert entry.text == "Printer"
    entry.act()
    office.touch(office.question(PickDialog).answers["Front"])
    assert (office.paper.own, office.paper.chosen) == ("Front", "")

    choice = office.page.report.printing.printers
    assert choice.currentText() == "Usual: Front"
    office.touch(office.page.report.print_button)
    assert office.paper.printed == [("2026-11-20.pdf", "Front")]

    pick(choice, "Office")
    office.touch(office.page.report.print_button)
    entry.act()
    office.touch(office.question(PickDialog).answers[f"png:{office.paper.folder}"])
    office.touch(office.page.report.print_button)
    assert [printer for _file, printer in office.paper.printed] == ["Front", "Office", "Office"]

    # A story is shown by one press and printed by the second.
    office.paper.printed.clear()
    office.paper.sent.clear()
    office.go("tickets")
    office.page.tickets.show_ticket("A002")
    office.touch(office.page.tickets.story.print_button)
    report = office.page.report
    assert len(report.sheets) == 3, "all pages: a story has no summary"
    assert report.head.title.text() == "History of A002"
    assert not report.dates.day_button.isVisible()

    office.touch(report.print_button)

    assert office.paper.printed == [("2026-11-20-A002.pdf", "Office")]
    assert not report.printing.page_choice.isVisible()
    assert office.paper.sent == [("2026-11-20-A002.pdf", Pages.ALL)]

    # A story is saved beside the reports.
    office.touch(office.page.report.save_button)

    saved = office.paper.folder / "CD-2026-11-20-A002.pdf"
    assert saved.read_text(encoding="utf-8") == "A002 of 2026-11-20 by M1"

    # Escape leads from a story back to its ticket.
    QTest.keyClick(office.page, Qt.Key.Key_Escape)

    assert office.page.stack.currentWidget() is office.page.tickets
    assert office.page.tickets.story.number.text() == "A002"

    # The day after a story is a day again.
    office.touch(office.page.tickets.story.print_button)
    office.touch(office.page.report.back_button)
    office.go("today")
    office.touch(office.page.today.report_button)

    assert office.page.report.head.title.text() == "Daily report"
    assert office.page.report.dates.day_button.isVisible()

    # Without reports a story says so.
    lend(office.page.context, paper=None)
    office.go("tickets")
    office.page.tickets.show_ticket("A002")
    office.touch(office.page.tickets.story.print_button)

    assert "QueueDesk was started without reports." in texts_of(office.page.report)
    assert not office.page.report.print_button.isEnabled()
