"""CUPS itself prints here, for printers that are well, gone, stopped, without paper, or that give a job up."""

import subprocess
import sys
import threading

import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.printing import spooler
from tests.bounded import Stopwatch
from tests.printing.cups import NOWHERE, cups

pytestmark = pytest.mark.waits


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with cups(tmp_path_factory.mktemp("cups")) as one:
        yield one


@pytest.fixture(autouse=True)
def _soon(server, monkeypatch):
    monkeypatch.setenv("CUPS_SERVER", server.address)
    monkeypatch.setattr(spooler, "_FOLLOW_S", 2.0)
    monkeypatch.setattr(spooler, "_FOLLOW_STEP_S", 0.05)
    monkeypatch.setattr(spooler, "_PATIENCE_S", 0.4)


@pytest.fixture
def slip(tmp_path):
    file = tmp_path / "slip.pdf"
    file.write_bytes(b"%PDF-1.4 A017\n")
    return file


def give(printer, slip, **how) -> str:
    """Print as a station does; return why not, "" where it was printed."""
    try:
        spooler.check(printer)
        spooler.follow(printer, spooler.send(printer, slip, "A017", ()), **how)
    except OutsideError as trouble:
        assert trouble.code == "printer_refused"
        return str(trouble.details.get("cause", trouble.code))
    return ""


def test_the_usual_printer_is_the_one_that_qt_would_name(server):
    program = "from PySide6.QtWidgets import QApplication; from PySide6.QtPrintSupport import QPrinterInfo as one; "
    program += "app = QApplication([]); print(one.defaultPrinterName())"
    named = [spooler.usual_printer()]
    for words in (("lpadmin", "-d", server.add("front")), ("lpadmin", "-d", server.add("office-2"))):
        server.run(*words)
        named.append(spooler.usual_printer())
        by_qt = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
        assert by_qt.stdout.strip() == named[-1]
    server.run("lpadmin", "-x", "office-2")

    assert named == ["", "front", "office-2"]


def test_a_slip_comes_out_of_a_printer_that_is_well(server, slip):
    printer = server.add("well")

    assert (spooler.condition(printer), give(printer, slip)) == ("", "")
    assert server.printed(printer) == [slip.read_bytes()]


def test_a_printer_that_is_gone_behind_its_queue_is_known_before_anything_is_sent(server, slip):
    printer = server.add("gone", NOWHERE)

    assert (spooler.condition(printer), give(printer, slip)) == ("offline", "offline")
    assert server.waiting(printer) == []


def test_one_that_goes_while_it_should_print_gets_its_slip_taken_back(server, slip):
    printer = server.add("going", NOWHERE)
    job = spooler.send(printer, slip, "A017", ())

    with pytest.raises(OutsideError) as refused:
        spooler.follow(printer, job)

    assert refused.value.details["cause"] == "slow"
    assert server.waiting(printer) == []


def test_a_paused_printer_is_sent_nothing_and_prints_again_once_it_goes_on(server, slip):
    printer = server.add("paused")
    server.run("cupsdisable", printer)
    assert (spooler.condition(printer), give(printer, slip), server.waiting(printer)) == (
        "printer_refused",
        "printer_refused",
        [],
    )

    server.run("cupsenable", printer)
    assert (spooler.condition(printer), give(printer, slip)) == ("", "")
    assert len(server.printed(printer)) == 1


def test_a_printer_that_is_paused_over_a_slip_does_not_print_it_later(server, slip):
    printer = server.add("stopping")
    server.says(printer, "silent")
    job = spooler.send(printer, slip, "A017", ())
    pausing = threading.Timer(0.2, server.run, ("cupsdisable", printer))
    pausing.start()
    with pytest.raises(OutsideError):
        spooler.follow(printer, job)
    pausing.join()

    server.says(printer, "")
    server.run("cupsenable", printer)
    assert give(printer, slip) == ""
    assert len(server.printed(printer)) == 1


def test_a_queue_that_takes_nothing_is_not_taken_for_ready(server, slip):
    printer = server.add("rejecting")
    server.run("cupsreject", printer)

    assert (spooler.condition(printer), give(printer, slip)) == ("printer_refused", "printer_refused")


@pytest.mark.parametrize(
    ("says", "cause"),
    [("media-empty-error", "out_of_paper"), ("cover-open", "cover_open"), ("connecting-to-device", "offline")],
)
def test_what_a_printer_lacks_is_told_and_the_slip_taken_back(server, slip, says, cause):
    printer = server.add(f"lacks-{cause}")
    server.says(printer, says)

    assert give(printer, slip) == cause
    assert server.waiting(printer) == []


def test_paper_that_is_back_is_found_by_the_next_slip(server, slip):
    """CUPS goes on saying what the last job said: who believed it would never print again."""
    printer = server.add("refilled")
    server.says(printer, "media-empty-error")
    assert give(printer, slip) == "out_of_paper"
    server.says(printer, "")

    assert give(printer, slip) == ""
    assert (len(server.printed(printer)), spooler.condition(printer)) == (1, "")


def test_looking_for_a_printer_for_a_moment_is_no_trouble(server, slip, monkeypatch):
    monkeypatch.setattr(spooler, "_PATIENCE_S", 1.5)
    printer = server.add("found")
    server.says(printer, "connecting-to-device")
    found = threading.Timer(0.5, server.says, (printer, ""))
    found.start()

    assert give(printer, slip) == ""
    found.join()


def test_a_job_that_cups_gives_up_is_not_taken_for_printed(server, slip):
    printer = server.add("failing", printer_error_policy="abort-job")
    server.says(printer, "fail")

    assert give(printer, slip) == "printer_refused"


def test_a_job_that_somebody_cancels_is_not_taken_for_printed(server, slip):
    printer = server.add("cancelled")
    server.says(printer, "silent")
    job = spooler.send(printer, slip, "A017", ())
    server.run("cancel", job)

    with pytest.raises(OutsideError):
        spooler.follow(printer, job)


def test_a_slip_that_is_not_out_in_time_is_taken_back(server, slip):
    printer = server.add("silent")
    server.says(printer, "silent")

    with Stopwatch() as took:
        assert give(printer, slip) == "slow"
    assert (server.waiting(printer), took.s < 5) == ([], True)


def test_a_long_document_that_meets_no_trouble_is_believed(server, slip):
    printer = server.add("long")
    server.says(printer, "silent")

    assert give(printer, slip, may_take_long=True) == ""
    assert len(server.waiting(printer)) == 1
    server.says(printer, "")


def test_a_printer_that_nobody_knows_and_a_server_that_is_away_tell_nothing(server, monkeypatch):
    assert spooler.condition("no such printer") is None
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:9")
    assert spooler.condition("well") is None


def test_nobody_can_tell_of_a_printer_without_the_spooler(tmp_path, monkeypatch, slip):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert (spooler.has_spooler(), spooler.condition("well")) == (False, None)
    with pytest.raises(OutsideError, match="printer_refused"):
        spooler.send("well", slip, "A017", ())


@pytest.mark.parametrize(
    ("reasons", "trouble"),
    [
        (["none"], ""),
        (["media-low", "marker-supply-low-warning"], ""),
        (["media-empty-error", "offline-report"], "out_of_paper"),
        (["offline-report"], "offline"),
        (["timed-out"], "offline"),
        (["door-open-error"], "cover_open"),
        ([], ""),
    ],
)
def test_a_warning_lets_a_printer_go_on(reasons, trouble):
    assert spooler.trouble_in({"printer-state-reasons": list(reasons)}) == trouble
