"""The printer of this PC: a receipt printer on the network as a station uses it."""

import threading
from pathlib import Path

import pytest
import zxingcpp

from queuedesk.app.services import printers
from queuedesk.app.services.papers import SlipAndReportPrinter
from queuedesk.app.services.printers import (
    UncancelledPrintJobs,
    choose_printer,
    fallback_printer_name,
    print_pdf,
    report_printer_choices,
)
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.figures.periods import PrintedReportPagesChoice
from queuedesk.i18n import error_sentence
from queuedesk.printing import escpos, spooler
from queuedesk.printing.choice import NO_PRINTER, PICTURES
from tests.bounded import Stopwatch, until
from tests.hall import DAY, make_hall
from tests.printing.cups import cups
from tests.printing.test_escpos_printer import dots
from tests.printing.virtual_printer import VirtualPrinter


@pytest.fixture
def printer(monkeypatch):
    monkeypatch.setattr(escpos, "_answering", set())
    with VirtualPrinter() as one:
        yield one


@pytest.fixture
def told():
    return []


@pytest.fixture
def paper(tmp_path, qapp, told):
    hall = make_hall(tmp_path)
    hall.issue("A")
    return SlipAndReportPrinter(hall.desk, hall.clock, told.append)


def test_why_nothing_came_out_is_told_and_little_paper_is_a_warning_alone(paper, printer, told):
    printer.state = "paper_low"
    done = paper.print_ticket(DAY.date(), "A001", printer=printer.choice)
    assert (done["printed"], done["warning"], told) == (True, "paper_low", [None])
    for printer.state, cause in (("paper_out", "out_of_paper"), ("cover", "cover_open")):
        done = paper.print_ticket(DAY.date(), "A001", printer=printer.choice)
        error = done["error"]
        assert (done["printed"], error.code, error.details["cause"]) == (False, "printer_refused", cause)
        assert told[-1] == cause
        assert printers.printer_status(printer.choice) == {"cause": cause, "warning": ""}
    assert paper.print_ticket(DAY.date(), "A001", printer="escpos:net:")["error"].code == "no_printer"
    with pytest.raises(RuleError, match="bad_printer"):
        printers.choose_printer("escpos:net:")


def test_two_stations_of_a_pc_print_one_after_the_other(paper, printer):
    def give():
        paper.print_ticket(DAY.date(), "A001", printer=printer.choice)

    both = [threading.Thread(target=give) for _ in range(3)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert [len(zxingcpp.read_barcodes(dots(slip))) for slip in printer.wait_for_slips(3)] == [1, 1, 1]


def test_a_cable_that_stays_in_use_is_not_waited_for_for_ever_and_a_slip_then_asks_nothing_more_of_it(
    paper, printer, told, monkeypatch
):
    """The printer would be waited for once more, and the answer would be lost with it."""
    printers.choose_printer(printer.choice)
    with Stopwatch() as took, printers.lock_receipt_printer(printer.choice):
        with pytest.raises(OutsideError) as refused, printers.lock_receipt_printer(printer.choice, 0.2):
            pass
        assert printers.watched_printer_status("") is None
    assert (refused.value.code, refused.value.details["cause"]) == ("printer_refused", "slow")
    assert took.s < 2
    assert printers.watched_printer_status("") == {"cause": "", "warning": ""}
    monkeypatch.setattr(printers.lock_receipt_printer.__wrapped__, "__defaults__", (0.2,))
    with printers.lock_receipt_printer(printer.choice), Stopwatch() as took:
        done = paper.print_ticket(DAY.date(), "A001", printer=printer.choice)
    assert (done["printed"], done["error"].details["cause"], told) == (False, "slow", ["slow"])
    assert took.s < 5


def report_in(folder: Path) -> Path:
    hall = make_hall(folder)
    hall.open("1", "C1")
    hall.issue("A")
    hall.serve_out("1")
    made = SlipAndReportPrinter(hall.desk, hall.clock).write_period_report("day", DAY.date(), folder / "day.pdf", "en")
    hall.desk.db.dispose()
    return made


@pytest.fixture(scope="module")
def report(tmp_path_factory, qapp) -> Path:
    return report_in(tmp_path_factory.mktemp("report"))


def tray(folder: Path, name: str) -> list[str]:
    return sorted(file.name for file in (folder / name).iterdir()) if (folder / name).exists() else []


def test_reports_go_to_their_own_printer_and_tickets_to_theirs(report, tmp_path):
    """Only the chosen pages; and what is written by hand says nothing of reports."""
    choose_printer(f"{PICTURES}{tmp_path}/roll")
    assert fallback_printer_name() == print_pdf(report) == f"{PICTURES}{tmp_path}/roll"
    printers.choose_report_printer(f"{PICTURES}{tmp_path}/office")
    before = tray(tmp_path, "roll")
    assert print_pdf(report) == f"{PICTURES}{tmp_path}/office"
    assert tray(tmp_path, "office") and tray(tmp_path, "roll") == before
    assert printers.chosen_or_default_printer() == f"{PICTURES}{tmp_path}/roll"
    assert report_printer_choices()["chosen"] == f"{PICTURES}{tmp_path}/office"
    assert config.load_config().printer == printers.chosen_or_default_printer()
    choose_printer(NO_PRINTER)
    assert fallback_printer_name() == ""
    assert print_pdf(report, pages=PrintedReportPagesChoice.SUMMARY) == f"{PICTURES}{tmp_path}/office"
    for pages in PrintedReportPagesChoice:
        print_pdf(report, f"{PICTURES}{tmp_path}/{pages}", pages=pages)
    summary, annex, whole = (tray(tmp_path, pages) for pages in PrintedReportPagesChoice)
    assert summary == ["day-1.png", "day-2.png"]
    assert annex == whole[: len(annex)] and len(summary) < len(annex)
    assert report.exists()


def test_where_no_printer_takes_sheets_it_is_told_where_to_choose_and_one_that_is_gone_is_named(
    report, tmp_path, monkeypatch
):
    nothing = {"names": [], "chosen": "", "usual": "", "pages": PrintedReportPagesChoice.SUMMARY}
    assert report_printer_choices() == nothing
    for receipts in ("", "escpos:net:127.0.0.1"):
        choose_printer(receipts)
        assert fallback_printer_name() == ""
        with pytest.raises(OutsideError, match="no_report_printer") as refused:
            print_pdf(report)
        assert "at the foot of Reports, On paper" in error_sentence(refused.value, "en"), "there stands the choice"
    monkeypatch.setenv("PATH", str(tmp_path))  # no print service
    printers.choose_report_printer("Office")
    with pytest.raises(OutsideError, match="no_printer") as refused:
        print_pdf(report, pages=PrintedReportPagesChoice.ANNEX)
    assert refused.value.details == {"printer": "Office"}
    assert report_printer_choices()["chosen"] == "Office"


@pytest.mark.waits
@pytest.mark.parametrize("is_restarted", [False, True])
def test_a_slip_that_a_stopped_print_service_holds_is_discarded_or_told_of_when_it_runs_again(
    tmp_path, monkeypatch, is_restarted
):
    """Once while the station that gave it runs on, once by the station after it, which finds it printed."""
    jobs, slip, is_taken = UncancelledPrintJobs(), tmp_path / "slip.pdf", threading.Event()
    slip.write_bytes(b"%PDF-1.4 A017\n")

    def give() -> None:
        with jobs.note_job_if_refused("A017"):
            job = spooler.send_file_to_cups("Front", slip, "A017", ())
            is_taken.set()
            spooler.wait_until_printed_or_cancel("Front", job)

    with cups(tmp_path / "cups") as server:
        monkeypatch.setenv("CUPS_SERVER", server.address)
        server.says(server.add("Front"), "silent")
        stops = threading.Thread(target=lambda: is_taken.wait() and server.stop())
        stops.start()
        if is_restarted:
            monkeypatch.setattr(
                jobs, "start_discarding_print_jobs", lambda: None
            )  # its process ends before the print service is back
        with pytest.raises(OutsideError) as refused:
            give()
        stops.join()
        assert refused.value.details["cause"] == "no_spooler"
        if is_restarted:
            server.says("Front", "")
        server.start()
        if is_restarted:
            until(lambda: server.printed("Front") and not server.waiting("Front"))
            jobs = UncancelledPrintJobs()
            jobs.start_discarding_print_jobs()
        assert (until(jobs.take_late_print_titles), jobs.take_late_print_titles()) == (["A017"], [])
        assert server.waiting("Front") == []
        server.says("Front", "")
        give()
        assert len(server.printed("Front")) == 1 + is_restarted
        assert list(config.config_file().with_name("print-jobs").iterdir()) == []


def test_a_note_of_a_left_job_that_cannot_be_read_is_dropped(tmp_path):
    folder = config.config_file().with_name("print-jobs")
    folder.mkdir(parents=True)
    for name, text in (("1.left", "[1]"), ("2.left", "no JSON"), ("3.late", "{}")):
        (folder / name).write_text(text)
    jobs = UncancelledPrintJobs()
    with jobs.note_job_if_refused("A001"):
        assert jobs.take_late_print_titles() == []
    assert list(folder.iterdir()) == []
