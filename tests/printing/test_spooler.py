"""CUPS itself prints here, for printers that are well, gone, stopped, without paper, or that give a job up."""

import socket
import subprocess
import sys
import threading
import time
from unittest.mock import patch

import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.printing import spooler
from tests.bounded import PATIENCE_S, Stopwatch, until
from tests.printing.cups import NOWHERE, cups

pytestmark = pytest.mark.waits


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with cups(tmp_path_factory.mktemp("cups")) as one:
        yield one


@pytest.fixture(autouse=True)
def _soon(server, monkeypatch):
    monkeypatch.setenv("CUPS_SERVER", server.address)
    monkeypatch.setattr(spooler, "_FOLLOW_STEP_S", 0.05)
    monkeypatch.setattr(spooler, "_PATIENCE_S", 0.4)
    monkeypatch.setattr(spooler, "_HELD_S", 0.8)


@pytest.fixture
def slip(tmp_path):
    file = tmp_path / "slip.pdf"
    file.write_bytes(b"%PDF-1.4 A017\n")
    return file


def give(printer, slip, **how) -> str:
    """Print as a station does; return why not, "" where it was printed."""
    try:
        spooler.require_printer_usable(printer)
        spooler.wait_until_printed_or_cancel(printer, spooler.send_file_to_cups(printer, slip, "A017", ()), **how)
    except OutsideError as trouble:
        assert trouble.code == "printer_refused"
        return str(trouble.details.get("cause", trouble.code))
    return ""


def comes_out(printer, slip) -> bool:
    """Print as a station does that has time: on a busy PC CUPS is long at what is well."""
    with patch.multiple(spooler, **dict.fromkeys(("_FOLLOW_S", "_PATIENCE_S", "_HELD_S"), PATIENCE_S)):
        return give(printer, slip) == ""


def test_the_usual_printer_is_the_one_that_qt_would_name(server):
    program = "from PySide6.QtWidgets import QApplication; from PySide6.QtPrintSupport import QPrinterInfo as one; "
    program += "app = QApplication([]); print(one.defaultPrinterName())"
    named = [spooler.fallback_printer_name()]
    for words in (("lpadmin", "-d", server.add("front")), ("lpadmin", "-d", server.add("office-2"))):
        server.run(*words)
        named.append(spooler.fallback_printer_name())
        by_qt = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
        assert by_qt.stdout.strip() == named[-1]
    server.run("lpadmin", "-x", "office-2")
    assert named == ["", "front", "office-2"]


def test_a_slip_comes_out_of_a_printer_that_is_well_and_a_paused_one_is_sent_nothing_until_it_goes_on(server, slip):
    printer = server.add("well")
    assert (spooler.cups_printer_trouble(printer), comes_out(printer, slip)) == ("", True)
    assert server.printed(printer) == [slip.read_bytes()]
    server.run("cupsdisable", printer)
    assert (spooler.cups_printer_trouble(printer), give(printer, slip)) == ("paused",) * 2
    assert server.waiting(printer) == []
    server.run("cupsenable", printer)
    assert (spooler.cups_printer_trouble(printer), comes_out(printer, slip)) == ("", True)
    assert len(server.printed(printer)) == 2


def test_paper_that_is_back_is_found_by_the_next_slip(server, slip):
    """CUPS goes on saying what the last job said: who believed it would never print again."""
    printer = server.add("refilled")
    server.says(printer, "media-empty-error")
    assert (spooler.cups_printer_trouble(printer), give(printer, slip)) == ("", "out_of_paper")
    assert server.waiting(printer) == []
    server.says(printer, "")
    assert comes_out(printer, slip)
    assert (len(server.printed(printer)), spooler.cups_printer_trouble(printer)) == (1, "")


def test_looking_for_a_printer_for_a_moment_is_no_trouble_and_a_long_document_is_believed(server, slip, monkeypatch):
    monkeypatch.setattr(spooler, "_FOLLOW_S", 2.0)
    printer = server.add("found")
    server.says(printer, "connecting-to-device")

    def find() -> None:
        until(lambda: spooler.reported_printer_trouble(printer) == "offline")
        server.says(printer, "")

    found = threading.Thread(target=find)
    found.start()
    assert comes_out(printer, slip)
    found.join()
    server.says(printer, "silent")
    assert give(printer, slip, may_take_long=True) == ""
    assert len(server.waiting(printer)) == 1
    server.says(printer, "")


REASONS = {
    "": "none  cups-waiting-for-job-completed  media-low,marker-supply-low-warning,toner-low-report,media-jam-warning",
    "out_of_paper": "media-empty-error,offline-report",
    "offline": "offline-report  timed-out",
    "cover_open": "door-open-error  cover-open",
    "paper_jam": "media-jam-error",
    "tray_missing": "input-tray-missing  input-tray-missing-error",
    "no_toner": "marker-supply-empty-error  toner-empty",
    "printer_error": "spool-area-full  other  fuser-over-temp-error",
}


def test_a_warning_lets_a_printer_go_on_that_holds_no_slip():
    assert spooler.printer_trouble_cause({"printer-state-reasons": []}) == ""
    for trouble, reasons in REASONS.items():
        for said in reasons.split():
            assert spooler.printer_trouble_cause({"printer-state-reasons": said.split(",")}) == trouble, said
    held = {
        "no_toner": "marker-supply-empty-warning",
        "paper_jam": "media-jam-warning",
        "printer_error": "other-warning",
    }
    for trouble, said in held.items():
        assert spooler.printer_trouble_cause({"printer-state-reasons": [said]}, is_held=True) == trouble


def test_what_a_printer_warns_of_is_why_it_holds_a_slip_until_one_comes_out(server, slip):
    printer = server.add("warning")
    server.says(printer, "media-empty-warning")
    began = time.monotonic()
    with Stopwatch() as took:
        assert give(printer, slip) == "out_of_paper"
    assert time.monotonic() - began >= 0.8 and took.s < 5
    told = spooler.cups_printer_trouble(printer), spooler.cups_printer_trouble(printer, "out_of_paper")
    assert told == ("", "out_of_paper"), "a second tray may be empty, but for the slip that it held"
    server.says(printer, "")
    assert comes_out(printer, slip)
    assert (spooler.cups_printer_trouble(printer, "out_of_paper"), len(server.printed(printer))) == ("", 1)


def test_what_runs_low_keeps_nothing_from_printing(server, slip):
    printer = server.add("low")
    server.says(printer, "toner-low-warning")
    assert give(printer, slip) == "toner_low", "but for a printer that holds the slip"
    assert (spooler.cups_printer_trouble(printer), spooler.reported_printer_trouble(printer)) == ("", "toner_low")


def test_a_print_service_that_is_off_and_a_queue_that_is_gone_are_told(tmp_path, monkeypatch, slip):
    with cups(tmp_path / "cups") as own:
        monkeypatch.setenv("CUPS_SERVER", own.address)
        printer = own.add("front")
        server_says = [spooler.cups_printer_trouble(printer)]
        own.says(printer, "silent")
        job = spooler.send_file_to_cups(printer, slip, "A017", ())
        own.run("lpadmin", "-x", own.add("old"))
        server_says.append(spooler.cups_printer_trouble("old"))
    assert server_says == ["", "no_printer"]
    assert [spooler.cups_printer_trouble(printer), give(printer, slip)] == ["no_spooler"] * 2
    with Stopwatch() as took, pytest.raises(OutsideError) as refused:
        spooler.wait_until_printed_or_cancel(printer, job)
    assert job and took.s < 5
    left = {"job": job, "server": own.address}
    assert refused.value.details == {"printer": printer, "cause": "no_spooler", **left}


def test_a_job_is_discarded_or_it_is_told_that_it_was_printed_or_may_have_been(server, slip):
    printer = server.add("held")
    server.run("cupsdisable", printer)
    held = spooler.send_file_to_cups(printer, slip, "A017", ())
    assert spooler.discard_job("other", held, server.address) is False, "a job of this number, but not ours"
    assert [spooler.discard_job(printer, held, server.address) for _ in range(2)] == [True, True]
    server.run("cupsenable", printer)
    server.says(printer, "silent")
    begun = spooler.send_file_to_cups(printer, slip, "A018", ())
    job = (server.address, spooler.GET_JOB, f"ipp://localhost/jobs/{begun}", ("job-state",))
    until(lambda: (spooler.ipp_attributes(*job) or {}).get("job-state") == [5])
    assert spooler.discard_job(printer, begun, server.address) is False
    server.says(printer, "")
    assert comes_out(printer, slip)
    done = str(int(begun) + 1)
    assert spooler.discard_job(printer, done, server.address) is False
    assert spooler.discard_job(printer, "9999", server.address) is False
    assert spooler.discard_job(printer, held, "127.0.0.1:9") is None
    assert len(server.printed(printer)) == 1


def test_the_width_of_a_roll_is_known_where_the_queue_says_so(server):
    widths = {"roll_current_58x0mm": 58.0, "roll_max_3.15x100in": 3.15 * 25.4, "iso_a4_210x297mm": 0}
    for n, (media, width_mm) in enumerate(widths.items()):
        assert spooler.roll_width_mm(server.add(f"media-{n}", media_default=media)) == width_mm
    assert spooler.roll_width_mm("no such printer") == 0


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: %d\r\n\r\n%s"
BODY = (
    b"\x02\x00\x00\x00\x00\x00\x00\x01\x01"
    b"\x47\x00\x12attributes-charset\x00\x05utf-8"
    b"\x04\x23\x00\x0dprinter-state\x00\x04\x00\x00\x00\x05"
    b"\x44\x00\x15printer-state-reasons\x00\x06paused\x44\x00\x00\x00\x0bmedia-empty"
    b"\x22\x00\x02up\x00\x01\x00\x03"
)
READ = {"attributes-charset": ["utf-8"], "printer-state": [5], "up": [False]}
READ |= {"printer-state-reasons": ["paused", "media-empty"]}


def answer(said: bytes) -> tuple[str, threading.Thread]:
    """Listen once, answer `said`, and give the address."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(PATIENCE_S)

    def once():
        with listening, listening.accept()[0] as line:
            line.settimeout(PATIENCE_S)
            line.recv(65536)
            line.sendall(said)

    thread = threading.Thread(target=once)
    thread.start()
    return f"127.0.0.1:{listening.getsockname()[1]}", thread


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (HEAD % (len(BODY), BODY), READ),
        (HEAD % (8, b"\x02\x00\x04\x06\x00\x00\x00\x01"), {}),
        (HEAD % (8, b"\x02\x00\x04\x01\x00\x00\x00\x01"), None),
        (HEAD % (3, b"\x02\x00\x00"), None),
        (HEAD % (len(BODY) - 30, BODY[:-30]), None),
        (b"HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n", None),
        (b"no answer of a print server", None),
        (b"", None),
    ],
)
def test_an_answer_is_read_or_counts_as_none(said, found):
    server, thread = answer(said)
    try:
        asked = (spooler.GET_PRINTER, "ipp://localhost/printers/p", ("printer-state",))
        assert spooler.ipp_attributes(server, *asked) == found
    finally:
        thread.join(PATIENCE_S)


@pytest.mark.parametrize(
    ("name", "queue", "done", "says", "causes"),
    [
        ("gone", {"uri": NOWHERE}, None, None, ("offline", "offline")),  # known before anything is sent
        ("rejecting", {}, "cupsreject", None, ("printer_refused", "printer_refused")),
        ("unreached", {}, None, "connecting-to-device", ("", "offline")),
        ("failing", {"printer_error_policy": "abort-job"}, None, "fail", ("", "printer_refused")),
        ("silent", {}, None, "silent", ("", "slow")),
    ],
)
def test_why_nothing_came_out_is_told_and_the_slip_taken_back(
    server, slip, monkeypatch, *, name, queue, done, says, causes
):
    if name == "silent":
        monkeypatch.setattr(spooler, "_FOLLOW_S", 2.0)
    printer = server.add(name, **queue)
    if done is not None:
        server.run(done, printer)
    if says is not None:
        server.says(printer, says)
    with Stopwatch() as took:
        assert (spooler.cups_printer_trouble(printer), give(printer, slip)) == causes
    assert (server.waiting(printer), took.s < 5) == ([], True)


@pytest.mark.parametrize("what", ["goes", "is paused", "is cancelled"])
def test_a_job_that_does_not_come_out_is_not_taken_for_printed_nor_printed_later(server, slip, what):
    """Its printer goes while it should print or is paused over it, or somebody cancels it."""
    printer = server.add(f"job-{what.split()[-1]}", NOWHERE if what == "goes" else "")
    if what != "goes":
        server.says(printer, "silent")
    job = spooler.send_file_to_cups(printer, slip, "A017", ())
    pausing = threading.Timer(0.2, server.run, ("cupsdisable", printer))
    if what == "is paused":
        pausing.start()
    elif what == "is cancelled":
        server.run("cancel", job)
    with pytest.raises(OutsideError) as refused:
        spooler.wait_until_printed_or_cancel(printer, job)
    if what == "goes":
        assert (refused.value.details["cause"], server.waiting(printer)) == ("offline", [])
    if what == "is paused":
        pausing.join()
        server.says(printer, "")
        server.run("cupsenable", printer)
        assert comes_out(printer, slip)
        assert len(server.printed(printer)) == 1


def test_an_unknown_printer_and_a_server_that_is_away_are_told_apart_and_nothing_without_a_spooler(
    tmp_path, monkeypatch, slip
):
    for address in ("127.0.0.1:9", "/no/such/cups.sock", "", "a:b"):
        assert spooler.ipp_attributes(address, spooler.GET_JOB, "ipp://localhost/jobs/1", ("job-state",)) is None
    assert spooler.cups_printer_trouble("no such printer") == "no_printer"
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:9")
    assert spooler.cups_printer_trouble("well") == "no_spooler"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (spooler.has_spooler(), spooler.cups_printer_trouble("well")) == (False, None)
    with pytest.raises(OutsideError, match="printer_refused"):
        spooler.send_file_to_cups("well", slip, "A017", ())
