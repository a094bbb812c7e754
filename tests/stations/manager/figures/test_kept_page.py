"""Kept reports in the window: the list, opening, printing, another folder, what is due, what went wrong, and a sheet
held against the hall by its code or its PDF."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk import i18n
from queuedesk.app.services import printers
from queuedesk.app.services.kept_reports import KeptReports, check_sheet, write_due
from queuedesk.app.this_pc import config
from queuedesk.core.network.roles import Actor
from queuedesk.desk.upkeep import examining
from queuedesk.stations.manager.figures.kept_page import KeptPage, SheetDialog, first_text
from queuedesk.stations.manager.figures.reporting import KEPT
from queuedesk.stations.window.context import StationContext
from tests.hall import ADMIN, MANAGER, Hall
from tests.rewritten import rewrite
from tests.stations.manager.conftest import Office
from tests.stations.seen import texts_of
from tests.stations.stubs import lend
from tests.stations.whole_words import Sights, typed_words


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
def opened(
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


def test_a_report_is_written_in_a_folder_of_this_pc_opened_printed_and_held_against_the_log(opened, hall, tmp_path):
    # An empty list says how the first report comes.
    office, page = opened(ADMIN)
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
    office.page.retranslate()
    assert page.head.title.text() == "已存报表"
    assert row(page)[:2] == ["日报", "2026年11月20日 周五"]
    assert page.rules.text() == "日报、周报、月报、季报、年报到期后自动生成。日报和周报保留 400 天。"

    # The folder is given back.
    office.touch(page.home_button)
    assert page.folder.text().endswith(f"{tmp_path / 'reports'}")
    assert not page.home_button.isVisible()


def test_what_others_wrote_and_what_went_wrong_is_seen(opened, writing, hall):
    # The list follows what others wrote.
    office, page = opened()
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


def test_the_page_and_the_check_of_a_sheet_are_whole(opened, context, shapes):
    office, page = opened(ADMIN)
    sights = Sights(office.page, context.look, typed_words(context.feed.setup), shapes)
    sights.take("no report yet")
    office.touch(page.write_button)
    office.page.toast.hide()
    sights.take("a report")
    sights.take_questions({"a sheet": page.check_sheet})
    sights.must_be_whole()
