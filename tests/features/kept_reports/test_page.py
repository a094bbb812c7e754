"""The tab of kept reports: what was written, where, whether it still holds, and what went wrong."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec import structs
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.app.services import printers
from queuedesk.app.services.kept_reports import StoredReportTools, verify_sheet_claims, write_due_reports
from queuedesk.app.this_pc import config
from queuedesk.core.network.roles import Actor
from queuedesk.desk.upkeep import examining
from queuedesk.features.kept_reports.pages.page import KeptReportsPage, ReportCheckDialog, no_reports_yet_hint
from queuedesk.stations.manager.today.alert_words import KEPT
from queuedesk.stations.window.context import StationContext
from tests.hall import ADMIN, MANAGER, Hall
from tests.rewritten import rewrite
from tests.stations.hands import pick
from tests.stations.manager.conftest import Office, plain
from tests.stations.stubs import lend
from tests.stations.whole_words import Sights, typed_words


@pytest.fixture
def writing(hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What writes when the page asks: here at once, in this process; `failed` is the last trouble. The hall's day is
    over, and this PC remembers for this test alone."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    hall.clock.move(days=1)
    hall.do("end-due")
    writing = SimpleNamespace(failed=None, start_if_due=lambda: None)
    writing.write_due_reports_now = lambda done: done(write_due_reports(hall.desk, None, hall.clock()))
    writing.last_trouble = lambda: writing.failed
    return writing


@pytest.fixture
def open_kept(
    hall: Hall, context: StationContext, writing: SimpleNamespace, open_office: Callable[[Actor], Office]
) -> Callable[[Actor], tuple[Office, KeptReportsPage]]:
    def open_kept(who: Actor = MANAGER) -> tuple[Office, KeptReportsPage]:
        kept, checked = StoredReportTools(hall.desk, hall.clock), partial(verify_sheet_claims, hall.desk)
        lend(context, kept_reports=kept, due_reports=writing, sheet_printer=printers, check_sheet=checked)
        office = open_office(who)
        office.go("reports")
        office.go_tab(KEPT)
        page = office.page.reports.pages.get_or_make_page(KEPT)
        assert isinstance(page, KeptReportsPage)
        return office, page

    return open_kept


def type_and_check(dialog: ReportCheckDialog, text: str) -> None:
    dialog.code.edit.clear()  # type: ignore[attr-defined]
    QTest.keyClicks(dialog.code.edit, text)
    QTest.keyClick(dialog.code.edit, Qt.Key.Key_Return)


@pytest.mark.hall(make=plain)
def test_a_report_is_written_in_a_folder_of_this_pc_opened_printed_and_held_against_the_log(
    open_kept, hall, tmp_path, story
):
    office, page = open_kept(ADMIN)
    setup = office.page.context.feed.setup
    story.tell("An empty list says how the first report comes, and the rules stand there", page)
    simulated = replace(setup, hall=replace(setup.hall, simulated=True))
    for other in (replace(setup, settings={**setup.settings, "reports": "off"}), simulated):
        kind = "simulated" if other is simulated else "off"
        story.tell(f"In a hall that writes none, {kind}", no_reports_yet_hint(other))
    office.touch(page.rules_button)
    assert office.page.setup_page.forms.form_for_key("settings").rows["report_keep_days"].isVisible()
    office.go("reports")
    office.go_tab(KEPT)

    def later():
        office.follow()
        office.later(seconds=30)

    hall.do("set-setting", "report_print", "on")
    later()
    story.tell("Nothing prints where something should, as no printer is chosen", page)
    config.update_config({"report_printer": f"png:{tmp_path / 'tray'}"})
    later()
    story.tell("A printer is chosen", page)
    hall.do("set-setting", "report_print", "off")

    (tmp_path / "disk").mkdir()
    page.choose_folder(str(tmp_path / "disk"))
    office.touch(page.write_button)
    story.tell("What is due is written by one press, in the folder that this PC chose", page, office.page.toast)
    assert config.load_config().reports_folder == str(tmp_path / "disk")
    (kept,) = (tmp_path / "disk").iterdir()
    assert kept.name == "2026-11-20-day-CD.pdf"
    assert page.table.rows.cell_texts_of_all_rows()[0][-1] == f"{round(kept.stat().st_size / 1000)} kB"
    office.touch(page.write_button)
    assert office.page.toast.text() == "No report was due."

    office.touch(page.open_button)
    report = office.page.report_page
    assert len(report.sheets) == 2, "the summary"
    story.tell("A report opens as it was written", report)
    QTest.keyClick(office.page, Qt.Key.Key_Escape)
    page = office.page.reports.pages.get_or_make_page(KEPT)
    assert page.isVisible(), "it leads back"
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert report.isVisible()
    office.touch(report.back_button)
    assert page.isVisible()
    office.go_tab("on-paper")
    assert report.dates.day_button.isVisible(), "the page of reports shows today's again"
    office.go_tab(KEPT)

    office.later(minutes=1)
    office.touch(page.print_button)
    story.tell("Printing is noted", page, office.page.toast)
    tray = sorted(path.name for path in (tmp_path / "tray").iterdir())
    assert (len(tray), tray[0]) == (2, "2026-11-20-day-CD-1.png"), "the summary is two pages"
    pick(page.printing.page_choice, "With the annex")
    office.touch(page.print_button)
    assert len(list((tmp_path / "tray").iterdir())) > 4, "the annex is printed by choice"

    # A sheet is held against the hall: the answer to another one is not shown, a code that is typed is answered.
    assert page.check_button.isVisible()
    dialog = page.open_report_check_dialog()
    dialog.show_check_result("another", ())
    assert not dialog.verdict.isVisible() and not dialog.yes_button.isEnabled()
    found = examining.log_anchor_at_event(hall.desk, hall.last().seq)
    type_and_check(dialog, found.code.lower().replace("-", " "))
    assert dialog.verdict.isVisible()
    story.tell("A code is answered in one sentence", dialog.verdict.verdict_text())

    # One wrong sign is always noticed; a missing one only in 1,020 of 1,021 logs.
    type_and_check(dialog, found.code[:-1] + ("0" if found.code[-1] != "0" else "1"))
    story.tell("A slip is told at the code", dialog.code.error())
    assert not dialog.verdict.isVisible()
    (tmp_path / "x.pdf").write_text("none", encoding="utf-8")
    dialog.check_file(str(tmp_path / "x.pdf"))
    story.tell("A file that is none is told below", dialog.verdict.verdict_text(), dialog.code.error())

    dialog.check_file(str(kept))
    story.tell("A report says whether it still holds, as a PDF and in the list", dialog.verdict.verdict_text(), page)
    rewrite(hall, lambda event: structs.replace(event, actor="nobody") if event.seq == 4 else event)
    office.later(seconds=30)
    story.tell("One that no longer holds", page)
    first = next(event.seq for event in hall.log() if event.kind == "issue")
    rewrite(hall, lambda event: structs.replace(event, actor="nobody") if event.seq == first else event, rebuilt=False)
    dialog.check_file(str(kept))
    assert dialog.verdict.verdict_text().endswith("Another event is there now: the log was changed.")
    dialog.refuse()

    office.touch(page.home_button)
    assert page.folder.text().endswith(f"{tmp_path / 'reports'}"), "the folder is given back"
    assert not page.home_button.isVisible()


@pytest.mark.hall(make=plain)
def test_what_others_wrote_and_what_went_wrong_is_seen(open_kept, writing, hall, story):
    office, page = open_kept()
    today = office.page.today
    write_due_reports(hall.desk, None, hall.clock() + timedelta(minutes=1))
    office.later(seconds=30)
    story.tell("The list follows what others wrote", page.table)

    def on_the_day(failed):
        writing.failed = failed
        office.go("today")
        office.later(seconds=6)
        return today.alerts

    trouble = {"code": "cannot_write", "details": {"path": "E:/reports"}, "message": ""}
    story.tell("What keeps reports out stands on the day", on_the_day(trouble))
    strip = today.alerts.strips[0]
    sentence = "E:/reports cannot be written; please check the folder, its rights and the free space."
    assert strip.toolTip().endswith(sentence)
    assert not strip.seen_button_or_raise().isVisible()
    office.touch(strip.button())
    assert page.isVisible() and page.banner.title() == sentence, "and leads here"
    writing.failed = None
    office.later(seconds=6)
    assert not page.banner.isVisible()
    for code in ("no_report_printer", "no_printer", "narrow_paper", "printer_refused"):
        assert all(not one.isVisible() for one in on_the_day(None).strips), code
        failed = {"code": code, "details": {"printer": "Roll"}, "message": ""}
        assert on_the_day(failed).strips[0].title() == "The day's report was not printed", "no trouble with writing"


def test_that_the_hall_was_away_is_told_until_its_reports_could_be_read_and_none_is_written_meanwhile(open_kept, hall):
    office, page = open_kept(ADMIN)
    office.touch(page.write_button)
    away = hall.path.rename(hall.path.with_name("elsewhere"))
    office.later(minutes=1)
    assert page.banner.isVisible()
    away.rename(hall.path)
    office.later(minutes=1)
    assert not page.banner.isVisible()
    for since in (hall.clock(), None):
        office.page.show_hall_away(since)
        assert page.write_button.isEnabled() == (since is None)


def test_the_page_is_whole(open_kept, context, writing, shapes):
    office, page = open_kept(ADMIN)
    sights = Sights(office.page, context.look, typed_words(context.feed.setup), shapes)
    sights.take("no report yet")
    page = office.page.reports.pages.get_or_make_page(KEPT)
    office.touch(page.write_button)
    office.page.toast.hide()
    sights.take("a report")
    writing.failed = {"code": "cannot_write", "details": {"path": "E:/reports"}, "message": ""}
    office.later(seconds=6)
    assert office.page.reports.pages.get_or_make_page(KEPT).banner.isVisible()
    sights.take("trouble")
    sights.must_be_whole()
