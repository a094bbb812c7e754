"""Reports: choosing, keeping, and the rows under a figure."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from msgspec.structs import replace
from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from queuedesk import i18n
from queuedesk.app.services import printers
from queuedesk.app.services.kept_reports import KeptReports, check_sheet, write_due
from queuedesk.app.services.papers import PaperTools
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import Pages
from queuedesk.core.network.roles import Actor
from queuedesk.desk.figures import comparing
from queuedesk.desk.figures.comparing import tickets_behind
from queuedesk.desk.upkeep import examining
from queuedesk.i18n.figures import drilldown_words as words
from queuedesk.stations.manager.figures.report_page import KeptPage, SheetDialog, first_text
from queuedesk.stations.manager.figures.reporting import KEPT, Reporting
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, PickDialog
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.day_dialog import DayDialog
from tests.hall import ADMIN, MANAGER, Hall
from tests.rewritten import rewrite
from tests.stations.hands import LEFT
from tests.stations.manager.conftest import Office
from tests.stations.seen import texts_of
from tests.stations.stubs import lend
from tests.stations.whole_words import Sights, typed_words


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


class Writing:
    """What writes when the page asks: here at once, in this process."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self.failed: dict[str, Any] | None = None

    def write_now(self, done: Callable[[dict[str, Any]], None]) -> None:
        done(write_due(self._hall.desk, None, self._hall.clock()))

    def look(self) -> None:
        """Nothing writes itself here."""

    def trouble(self) -> dict[str, Any] | None:
        return self.failed


@pytest.fixture
def writing(hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Writing:
    """Let the hall's day be over, and this PC remember for this test alone."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    hall.clock.move(days=1)
    hall.do("end-due")
    return Writing(hall)


@pytest.fixture
def open_kept(
    hall: Hall, context: StationContext, writing: Writing, open_office: Callable[[Actor], Office]
) -> Callable[[Actor], tuple[Office, KeptPage]]:
    def open_kept(who: Actor = MANAGER) -> tuple[Office, KeptPage]:
        kept, checked = KeptReports(hall.desk, hall.clock), partial(check_sheet, hall.desk)
        lend(context, kept_reports=kept, due_reports=writing, sheet_printer=printers, check_sheet=checked)
        office = open_office(who)
        office.go("reports")
        office.go_tab(KEPT)
        page = office.page.reports.pages.page(KEPT)
        assert isinstance(page, KeptPage)
        return office, page

    return open_kept


def row(page: KeptPage, number: int = 0) -> list[str]:
    return page.table.rows.texts()[number]


def code_now(hall: Hall) -> str:
    found = examining.anchor(hall.desk, hall.last().seq)
    assert found is not None
    return found.code


def type_and_check(dialog: SheetDialog, text: str) -> None:
    dialog.code.edit.clear()  # type: ignore[attr-defined]
    QTest.keyClicks(dialog.code.edit, text)
    QTest.keyClick(dialog.code.edit, Qt.Key.Key_Return)


def test_a_report_is_written_in_a_folder_of_this_pc_opened_printed_and_held_against_the_log(open_kept, hall, tmp_path):
    # An empty list says how the first report comes.
    office, page = open_kept(ADMIN)
    setup = office.page.context.feed.setup
    assert page.empty.isVisible()
    assert "The first is written automatically when the first day is over." in texts_of(page.empty)
    assert "rules" in first_text(replace(setup, settings={**setup.settings, "reports": "off"}))
    simulated = replace(setup, hall=replace(setup.hall, simulated=True))
    assert first_text(simulated).startswith("“Write what is due” writes")

    # The rules stand in a sentence with the way to them.
    assert page.rules.text() == (
        "The report of each day, week, month, quarter and year is written automatically when it is over. "
        "Those of days and weeks are kept for 400 days."
    )
    office.touch(page.rules_button)
    assert office.page.setup_page.isVisible()
    assert office.page.setup_page.forms.of("settings").rows["report_keep_days"].isVisible()
    office.go("reports")
    office.go_tab(KEPT)

    # A PC without any printer says so where one would be chosen, and that nothing comes where something should.
    assert page.paper.text() == "This PC has no printer for reports."
    hall.do("set-setting", "report_print", "on")
    office.follow()
    office.later(seconds=30)
    assert page.paper.text() == "Nothing prints by itself on this PC: no printer for reports is chosen."
    config.remember({"report_printer": f"png:{tmp_path / 'tray'}"})
    office.later(seconds=30)
    assert page.paper.text() == "Printer for reports"
    assert page.printing.printers.currentText() == f"PNG pictures in {tmp_path / 'tray'}"
    hall.do("set-setting", "report_print", "off")
    office.follow()

    # What is due is written by one press, in the folder that this PC chose, and stands in the list.
    (tmp_path / "disk").mkdir()
    page.choose_folder(str(tmp_path / "disk"))
    assert page.folder.text() == f"Kept in {tmp_path / 'disk'}"
    assert config.load().reports_folder == str(tmp_path / "disk")
    office.touch(page.write_button)
    assert office.page.toast.text() == "1 report written"
    (kept,) = (tmp_path / "disk").iterdir()
    assert kept.name == "2026-11-20-day-CD.pdf"
    assert row(page)[:5] == ["Daily report", "Fri 20 November 2026", "1", "21 Nov 9:31", "—"]
    office.touch(page.write_button)
    assert office.page.toast.text() == "No report was due."

    # A report opens as it was written and leads back.
    office.touch(page.open_button)
    report = office.page.report
    assert report.head.title.text() == "Daily report"
    assert report.head.line.text() == "2026-11-20-day-CD.pdf"
    assert len(report.sheets) == 2, "the summary"
    assert not report.save_button.isVisible()
    assert not report.dates.day_button.isVisible()
    QTest.keyClick(office.page, Qt.Key.Key_Escape)
    page = office.page.reports.pages.page(KEPT)
    assert page.isVisible()

    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert report.isVisible()
    office.touch(report.back_button)
    assert page.isVisible()
    office.go_tab("on-paper")
    assert report.dates.day_button.isVisible(), "the page of reports shows today's again"
    office.go_tab(KEPT)

    # Printing is noted, and the annex is printed by choice.
    office.later(minutes=1)
    office.touch(page.print_button)
    assert office.page.toast.text() == f"Sent to PNG pictures in {tmp_path / 'tray'}"
    assert row(page)[4] == "21 Nov 9:32"
    tray = sorted(path.name for path in (tmp_path / "tray").iterdir())
    assert (len(tray), tray[0]) == (2, "2026-11-20-day-CD-1.png"), "the summary is two pages"
    page.printing.page_choice.setCurrentIndex(page.printing.page_choice.findText("With the annex"))
    office.touch(page.print_button)
    assert len(list((tmp_path / "tray").iterdir())) > 4

    # A sheet is held against the hall: the answer to another one is not shown.
    assert page.check_button.isVisible()
    dialog = page.check_sheet()
    dialog.show_outcome("another", ())
    assert not dialog.verdict.isVisible()

    # A code that is typed is answered in one sentence.
    assert not dialog.yes_button.isEnabled()
    code, seq = code_now(hall), hall.last().seq
    type_and_check(dialog, code.lower().replace("-", " "))
    assert dialog.verdict.isVisible()
    assert dialog.verdict.text() == f"It still holds: up to event {seq} the log of CD is the one this was printed from."

    # A slip is told at the code and a file that is none below.
    # One wrong sign is always noticed; a missing one only in 1,020 of 1,021 logs.
    type_and_check(dialog, code[:-1] + ("0" if code[-1] != "0" else "1"))
    assert dialog.code.error() == "This check code has a slip in it; please compare it with the sheet, sign by sign."
    assert not dialog.verdict.isVisible()
    (tmp_path / "x.pdf").write_text("none", encoding="utf-8")
    dialog.check_file(str(tmp_path / "x.pdf"))
    assert dialog.verdict.text() == f"{tmp_path}/x.pdf is no PDF, or a damaged one."
    assert dialog.code.error() == ""

    # A report says whether it still holds: in the list, and as a PDF that is chosen.
    dialog.check_file(str(kept))
    assert dialog.verdict.text().startswith("It still holds")
    assert row(page)[5] == "holds"
    assert page.check.text().startswith("1 kept report still holds. ")
    rewrite(hall, lambda event: structs.replace(event, actor="nobody") if event.seq == 4 else event)
    office.later(seconds=30)
    assert row(page)[5] == "changed"
    assert page.check.text().startswith("A kept report no longer holds: that of 20 November 2026, up to event ")

    first = next(event.seq for event in hall.log() if event.kind == "issue")
    rewrite(hall, lambda event: structs.replace(event, actor="nobody") if event.seq == first else event, rebuilt=False)
    i18n.use("zh_CN")
    dialog.check_file(str(kept))
    assert dialog.verdict.text().startswith("不再一致：CD 的日志到第")
    assert dialog.verdict.text().endswith("那里现在是另一条记录：日志被改动过。")
    dialog.refuse()

    # The page speaks Chinese.
    office.page.make_anew()
    page = office.page.reports.pages.page(KEPT)
    assert page.head.title.text() == "已存报表"
    assert row(page)[:2] == ["日报", "2026年11月20日 周五"]
    assert page.rules.text() == "日报、周报、月报、季报、年报到期后自动生成。日报和周报保留 400 天。"

    # The folder is given back.
    office.touch(page.home_button)
    assert page.folder.text().endswith(f"{tmp_path / 'reports'}")
    assert not page.home_button.isVisible()


def test_what_others_wrote_and_what_went_wrong_is_seen(open_kept, writing, hall):
    # The list follows what others wrote.
    office, page = open_kept()
    write_due(hall.desk, None, hall.clock() + timedelta(minutes=1))
    office.later(seconds=30)
    assert row(page)[0] == "Daily report"

    # What keeps reports out stands on the day and leads here.
    writing.failed = {"code": "cannot_write", "details": {"path": "E:/reports"}, "message": ""}
    office.go("today")
    office.later(seconds=6)
    strip = office.page.today.alerts.strips[0]
    sentence = "E:/reports cannot be written; please check the folder, its rights and the free space."
    assert strip.title() == "Reports can't be written"
    assert strip.toolTip().endswith(sentence)
    assert not strip.seen_button().isVisible()

    office.touch(strip.button())
    assert page.isVisible()
    assert page.banner.title() == sentence
    writing.failed = None
    office.later(seconds=6)
    assert not page.banner.isVisible()

    # A printer that refused is no trouble with writing.
    office.go("today")
    for code in ("no_report_printer", "no_printer", "narrow_paper", "printer_refused"):
        writing.failed = None
        office.later(seconds=6)
        assert all(not one.isVisible() for one in office.page.today.alerts.strips), code
        writing.failed = {"code": code, "details": {"printer": "Roll"}, "message": ""}
        office.later(seconds=6)
        assert office.page.today.alerts.strips[0].title() == "The day's report was not printed", code


def test_the_page_and_the_check_of_a_sheet_are_whole(open_kept, context, shapes):
    office, page = open_kept(ADMIN)
    sights = Sights(office.page, context.look, typed_words(context.feed.setup), shapes)
    sights.take("no report yet")
    page = office.page.reports.pages.page(KEPT)
    office.touch(page.write_button)
    office.page.toast.hide()
    sights.take("a report")
    sights.take_questions({"a sheet": lambda: office.page.reports.pages.page(KEPT).check_sheet()})
    sights.must_be_whole()


def column(page, name):
    at = [one.key for one in page.table.rows.columns].index(name)
    return [row[at] for row in page.table.rows.texts()]


def press_row(page, number):
    """Press the row of a ticket."""
    row = column(page, words.NUMBER).index(number)
    place = page.table.visualRect(page.table.rows.index(row, 1)).center()
    QTest.mouseClick(page.table.viewport(), LEFT, pos=place)


def key(office, *keys):
    for one in keys:
        QTest.keyClick(office.page.window().focusWidget() or office.page, one)


# -- on the screen -----------------------------------------------------------------------------------------------------
def test_todays_figures_lead_to_the_tickets_behind_them_their_stories_and_back(office, catch_up):
    # Today's figures lead to the tickets behind them and back.
    strip = office.page.today.figures
    expected = {0: "Waiting now", 1: "Mean wait", 2: "Called within 15 min", 4: "Satisfaction"}
    for at, title in expected.items():
        QTest.mouseClick(strip, LEFT, pos=strip.rects()[at].center().toPoint())
        page = office.page.behind.page
        assert office.page.behind.is_seen
        assert page.head.title.text() == title
        office.touch(page.back_button)
        assert office.page.stack.currentWidget() is office.page.today

    # The figures are reached by keys.
    strip.setFocus(Qt.FocusReason.TabFocusReason)
    key(office, Qt.Key.Key_Right)
    assert strip.accessibleName().startswith("Mean wait, ")
    key(office, Qt.Key.Key_Return)

    assert office.page.behind.page.head.title.text() == "Mean wait"
    key(office, Qt.Key.Key_Escape)
    assert office.page.stack.currentWidget() is office.page.today

    # The tab of figures leads there with its own title.
    day = office.page.controller.day
    office.go("reports")

    office.page.reports.behind_wanted.emit("services.A.wait.mean", day, day, "A, waits")

    page = office.page.behind.page
    assert page.head.title.text() == "A, waits"
    assert page.head.line.text() == "25.0 min · Fri 20 Nov · as of 9:30"
    page.go_back()
    assert office.page.stack.seen() == "reports"

    # Open windows lead to the people.
    office.go("today")
    QTest.mouseClick(strip, LEFT, pos=strip.rects()[3].center().toPoint())

    assert office.page.stack.currentWidget() is office.page.staff

    # Each ticket is a row with what matters of it.
    office.go("today")
    office.page.behind.show("issued", day, day)
    assert column(page, words.NUMBER) == ["A001", "B001", "A002", "A003", "B002"]
    row = page.table.rows.texts()[0]
    assert row == [
        *("Fri 20 Nov", "A001", "A Pay a bill", "9:00", "25.0", "1", "Zhang Min", "Finished", "Very satisfied")
    ]
    assert page.count.text() == "5 tickets"

    # A count has no other side.
    assert not any(pill.isVisible() for pill in page.parts)

    # Pressing a head sorts and once more turns it round.
    head = page.table.horizontalHeader()
    at = [one.key for one in page.table.rows.columns].index(words.NUMBER)
    place = QPoint(head.sectionViewportPosition(at) + 20, head.height() // 2)

    QTest.mouseClick(head.viewport(), LEFT, pos=place)
    assert column(page, words.NUMBER) == ["A001", "A002", "A003", "B001", "B002"]
    assert page.table.rows.headerData(at, Qt.Orientation.Horizontal) == "Number ↑"
    QTest.mouseClick(head.viewport(), LEFT, pos=place)
    assert column(page, words.NUMBER) == ["B002", "B001", "A003", "A002", "A001"]
    assert page.sort_button.text() == "Sorted by Number ↓"

    # The longest waits come first and empty cells last.
    page.table.sort_by(words.WAITED)
    waits = [float(text) for text in column(page, words.WAITED)]
    assert waits == sorted(waits, reverse=True)

    for _turn in range(2):
        page.table.sort_by(words.RATING)
        assert column(page, words.RATING) == ["Very satisfied", "", "", "", ""]

    # Sorting is offered without a pointer.
    page.sort_button.click()
    (menu,) = page.page.findChildren(QMenu)
    entry = next(action for action in menu.actions() if action.text() == "Window")
    entry.trigger()

    assert column(page, words.WINDOW) == ["1", "3", "", "", ""]
    menu.close()

    # A row opens the ticket's story and back leads to the row.
    press_row(page, "B001")

    assert page.shows_story
    assert page.story.number.text() == "B001"
    assert page.story.rows
    office.touch(page.story_back)
    assert not page.shows_story
    assert page.table.rows.rows[page.table.currentIndex().row()].ticket == "B001"

    # The story is printed and leads back here.
    press_row(page, "A001")
    office.touch(page.story.print_button)
    assert office.page.report.is_story

    key(office, Qt.Key.Key_Escape)

    assert office.page.behind.is_seen and page.shows_story
    office.touch(page.story_back)

    # The story follows what happens to its ticket.
    press_row(page, "B001")
    before = len(page.story.rows)

    office.hall.do("finish", "3")
    catch_up()

    assert len(page.story.rows) > before
    office.touch(page.story_back)

    # A ticket is dealt with from its story.
    press_row(page, "A002")
    office.touch(page.story.buttons["leave"])
    office.touch(office.question(ConfirmDialog).act_button)
    catch_up()

    assert [e.ticket for e in office.log("leave")] == ["A002"]
    assert page.story.state.text() == "Left"
    office.touch(page.story_back)

    # Enter opens and escape goes back step by step.
    page.table.selectRow(0)
    page.table.setFocus()
    key(office, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert page.story.number.text() == "B001"

    key(office, Qt.Key.Key_Escape)
    assert not page.shows_story and office.page.behind.is_seen
    key(office, Qt.Key.Key_Escape)
    assert office.page.stack.currentWidget() is office.page.today

    # The page speaks both languages.
    office.page.behind.show("issued", day, day)
    for lang, said in (("en", ("Issued", "Back", "Service")), ("zh_CN", ("取号", "返回", "业务"))):
        i18n.use(lang)
        office.page.make_anew()
        page = office.page.behind.page
        title = page.table.rows.column(words.SERVICE).title
        assert (page.head.title.text(), page.back_button.text(), title) == said

    # The side list does not name the page.
    assert "behind" not in [key for key, _icon, _word in office.page.stack.entries()]
    office.go("tickets")
    assert office.page.stack.currentWidget() is office.page.tickets


# -- as a file -------------------------------------------------------------------------------------------------------
@pytest.fixture
def saving(context, hall):
    """Lend the page what writes a file, as the program does."""
    lend(context, paper=PaperTools(hall.desk, hall.clock))


def test_what_stands_behind_a_figure_is_said_and_saved(saving, office, monkeypatch):
    # The rows are saved as CSV; what a spreadsheet would carry out is guarded.
    office.hall.do("set-row", "staff", "C1", {"name": "=cmd()", "name_en": "=cmd()"}, who=ADMIN)
    office.follow()
    day = office.page.controller.day
    office.page.behind.show("ratings.levels.5", day, day, "=1+1")
    page = office.page.behind.page

    office.touch(page.save_button)

    file = office.paper.folder / "CD-2026-11-20-ratings-levels-5.csv"
    assert office.page.toast.text() == f"Saved as {file}"
    text = file.read_text(encoding="utf-8-sig")
    assert "'=cmd()" in text and ",=cmd()" not in text
    lines = text.splitlines()
    assert lines[0] == "'=1+1,2026-11-20,2026-11-20,1"
    assert lines[2].split(",")[:3] == ["Date", "Number", "Service"]
    assert lines[3].split(",")[:4] == ["2026-11-20", "A001", "A Pay a bill", "09:00:00"]
    assert lines[3].split(",")[-1] == "5"

    # A share is looked at from both sides.
    office.page.today.behind_wanted.emit("wait.within_target", "Called within 15 min")
    counted, lacking, whole = page.parts

    assert [pill.isChecked() for pill in page.parts] == [True, False, False]
    assert column(page, words.NUMBER) == []
    office.touch(lacking)
    assert column(page, words.NUMBER) == ["A001", "B001"]
    assert [pill.isChecked() for pill in page.parts] == [False, True, False]
    office.touch(whole)
    assert page.count.text() == "2 tickets"
    office.touch(counted)
    assert page.list.empty.isVisible()
    assert page.head.line.text().startswith("0.0 % · ")

    # What no tickets stand behind says so.
    office.page.behind.show("windows.1.open_minutes", day, day, "Open")

    assert page.list.empty.isVisible() and not page.table.isVisible()
    assert not page.save_button.isEnabled()

    # Who came without papers opens nothing.
    office.hall.do("not-ready", "B")
    office.page.behind.show("not_ready.n", day, day)

    place = page.table.visualRect(page.table.rows.index(0, 2)).center()
    QTest.mouseClick(page.table.viewport(), LEFT, pos=place)

    assert column(page, words.SERVICE) == ["B Account services"]
    assert page.count.text() == "1 person"
    assert not page.shows_story

    # Without a place to save nothing is offered.
    office.page.behind.show("issued", day, day)
    assert page.save_button.isVisible()
    lend(office.page.context, folder=None)
    office.page.make_anew()
    page = office.page.behind.page
    assert not page.save_button.isVisible()

    # Many rows are cut and the total is said.
    monkeypatch.setattr(comparing, "tickets_behind", partial(tickets_behind, most=2))

    office.page.behind.show("wait.mean", day - timedelta(days=19), day)
    assert page.count.text() == "2 tickets"
    office.page.behind.show("issued", day, day)
    assert page.count.text() == "the first 2 of 5"

    # A database that is away is said.
    def away(*_asked, **_more):
        raise OutsideError("database_away", path="hall.sqlite")

    monkeypatch.setattr(comparing, "tickets_behind", away)
    office.page.behind.show("issued", day, day)

    assert office.page.behind.page.page.banner.isVisible()
