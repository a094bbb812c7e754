"""Printers of this PC and slips by hand, as commands."""

import threading

import pytest
import zxingcpp

from queuedesk.app.main import command_services
from queuedesk.app.services import printers
from queuedesk.app.this_pc import config
from queuedesk.cli import upkeep
from queuedesk.printing import escpos
from queuedesk.printing.qr import parse_ticket_code
from tests.bounded import until
from tests.cli.commands import Console, process
from tests.printing.cups import NOWHERE, cups
from tests.printing.test_escpos_printer import dots
from tests.printing.virtual_printer import VirtualPrinter


@pytest.fixture
def printer(monkeypatch):
    monkeypatch.setattr(escpos, "_answering", set())
    with VirtualPrinter(width=384) as one:
        yield one


@pytest.fixture
def at_pc(console: Console, own_choices: None, qapp, monkeypatch) -> Console:
    """A console of a PC with printers; what is plugged into this machine is none of the tests' business."""
    monkeypatch.setattr(printers, "system_printer_names", lambda: ["TM-T88"])
    cables = [("escpos:serial:COM3", "USB-Serial"), ("escpos:usb:04b8:0e15", "")]
    monkeypatch.setattr(printers, "plugged_receipt_printers", lambda: cables)
    console.services = command_services()
    return console


@pytest.fixture
def printers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let doctor look at the printers of this PC and at nothing else of it."""
    monkeypatch.setattr(upkeep, "OF_THIS_PC", [one for one in upkeep.OF_THIS_PC if "printers" in one.__name__])


def test_a_printer_is_chosen_and_shown(at_pc, printer):
    assert at_pc.ask("printer", "show") == {"printer": None, "kind": "none"}
    wanted = {"printer": printer.choice, "kind": "net", "address": printer.address}
    wanted |= {"width": 384, "cut": "full", "feed": 4}
    assert at_pc.ask("printer", "choose", printer.choice) == at_pc.ask("printer", "show") == wanted
    listed = at_pc.ask("printer", "list")
    assert listed["chosen"] == printer.choice
    assert [(row["printer"], row["kind"], row["chosen"]) for row in listed["printers"]] == [
        ("TM-T88", "system", False),
        ("escpos:serial:COM3", "serial", False),
        ("escpos:usb:04b8:0e15", "usb", False),
        (printer.choice, "net", True),
    ]


def test_a_printer_says_how_it_stands_and_nonsense_is_refused_and_changes_nothing(at_pc, printer):
    for choice in ("TM-T89", "escpos:net:", "escpos:serial:COM3?width=400"):
        for verb in ("choose", "status", "test"):
            assert at_pc.refused("printer", verb, choice) == "bad_printer"
    assert at_pc.ask("printer", "show")["printer"] is None
    assert at_pc.refused("printer", "status") == "no_printer"
    at_pc.ask("printer", "choose", printer.choice)
    causes = {"ready": "", "paper_low": "", "paper_out": "out_of_paper", "cover": "cover_open"}
    for printer.state, cause in causes.items():
        said = {"printer": printer.choice, "known": True, "cause": cause}
        said["warning"] = "paper_low" if printer.state == "paper_low" else ""
        assert at_pc.ask("printer", "status") == said
    assert "cover open" in at_pc.say("printer", "status").out


def test_a_test_slip_a_list_of_papers_and_a_ticket_come_out_and_trouble_is_told(at_pc, printer):
    answer = at_pc.ask("printer", "test", printer.choice)
    [slip] = printer.wait_for_slips(1)
    assert answer == {"printer": printer.choice, "warning": ""}
    assert [found.text for found in zxingcpp.read_barcodes(dots(slip))] == ["QueueDesk"]
    at_pc.ask("printer", "choose", printer.choice)
    at_pc.ask("print-papers", "B", "--item", "gmgh")
    assert len(printer.wait_for_slips(2)) == 2
    assert at_pc.refused("print-papers", "X") == "unknown_service"
    at_pc.ask("issue", "A")
    answer = at_pc.ask("print", "a1")
    assert answer == {"ticket": "A001", "date": "2026-11-20", "printer": printer.choice, "warning": ""}
    found = parse_ticket_code(zxingcpp.read_barcodes(dots(printer.wait_for_slips(3)[-1]))[0].text)
    assert found is not None and found.label == "A001"
    printer.state = "paper_out"
    told = at_pc.say("print", "A001")
    assert (told.status, told.out) == (1, "")
    trouble = f"The printer {printer.address} did not print (out of paper)."
    assert told.err == f"{trouble} Please write down A001; it is valid. Put paper in.\n"
    assert at_pc.refused("print", "A002") == "unknown_ticket"
    assert len(printer.slips) == 3


def test_a_slip_goes_into_a_file(at_pc, tmp_path):
    at_pc.ask("issue", "A")
    for file in (tmp_path / "slip.png", tmp_path / "slip.pdf"):
        assert at_pc.ask("print", "A001", "--out", file) == {"file": str(file)}
        assert file.stat().st_size > 1000
    assert at_pc.say("print-papers", "B", "--out", tmp_path / "slip.txt").status == 2
    assert not (tmp_path / "slip.txt").exists()


def printers_check(console: Console) -> tuple[str, str]:
    """Return what doctor says of the printers of this PC."""
    checks = console.say("--json", "doctor").document["checks"]
    return next((check["status"], check["message"]) for check in checks if check["name"] == "printers")


@pytest.mark.usefixtures("printers_alone")
def test_doctor_asks_the_receipt_printer(at_pc, printer):
    at_pc.ask("printer", "choose", printer.choice)
    assert printers_check(at_pc) == ("ok", f"1 printer: {printer.choice}")
    printer.state = "paper_out"
    not_printing = f"Not printing: {printer.choice} (out of paper); tickets can be written down by hand."
    assert printers_check(at_pc) == ("warning", not_printing)


@pytest.mark.usefixtures("printers_alone")
def test_doctor_calls_every_printer_what_it_is(at_pc, tmp_path, monkeypatch):
    with cups(tmp_path / "cups") as server:
        monkeypatch.setenv("CUPS_SERVER", server.address)
        server.add("Front")
        assert printers_check(at_pc) == ("ok", "1 printer: Front")
        server.run("cupsdisable", server.add("Paused"))
        server.run("cupsreject", server.add("Closed"))
        server.add("Gone", NOWHERE)
        lacking = "Closed (takes no job), Gone (offline), Paused (queue paused)"
        told = f"Not printing: {lacking}; tickets can be written down by hand."
        assert printers_check(at_pc) == ("warning", told)


@pytest.mark.usefixtures("own_choices")
def test_a_slip_for_a_printer_that_is_gone_is_not_taken_for_printed(console, tmp_path, monkeypatch):
    """By a process of its own: only such a one asks CUPS anew where it is."""
    with cups(tmp_path / "cups") as server:
        monkeypatch.setenv("CUPS_SERVER", server.address)
        config.update_config({"printer": server.add("Front", NOWHERE)})
        gone = process(console.db, "issue", "A", "--print", "--at", "2026-11-20T10:00:00+08:00")
        assert (gone.status, gone.out) == (1, "")
        told = "The printer Front did not print (offline). Please write down A001; it is valid."
        assert gone.err == f"{told} Check that it is on and its cable is in.\n"
        assert server.waiting("Front") == []
        server.add("Front")
        again = process(console.db, "print", "A001", "--date", "2026-11-20")
        assert (again.out, again.status) == ("Printed on Front.\n", 0)
        [slip] = server.printed("Front")
        assert slip.startswith(b"%PDF")
        server.says("Front", "media-jam-warning")
        jammed = process(console.db, "print", "A001", "--date", "2026-11-20")
        told = "The printer Front did not print (paper jammed). Please write down A001; it is valid."
        assert jammed.err == f"{told} Open the printer and take the stuck paper out.\n"
        server.says("Front", "")
        assert (server.waiting("Front"), len(server.printed("Front"))) == ([], 1), "nothing comes out later"
    off = process(console.db, "print", "A001", "--date", "2026-11-20")
    told = "The printer Front did not print (print service off). Please write down A001; it is valid."
    assert off.err == f"{told} Restart its PC.\n"
    assert process(console.db, "printer", "status", "Front").out == "Front  print service off\n"


@pytest.mark.usefixtures("own_choices")
def test_a_slip_whose_print_service_stopped_is_discarded_before_the_next_is_printed(console, tmp_path, monkeypatch):
    console.ask("issue", "A")
    printing = (console.db, "print", "A001", "--date", "2026-11-20")
    with cups(tmp_path / "cups") as server:
        monkeypatch.setenv("CUPS_SERVER", server.address)
        config.update_config({"printer": server.add("Front")})
        server.says("Front", "silent")
        stops = threading.Thread(target=lambda: until(lambda: server.waiting("Front")) and server.stop())
        stops.start()
        assert "did not print (print service off)" in process(*printing).err
        stops.join()
        server.start()
        (left,) = server.waiting("Front")

        def go_on() -> None:
            until(lambda: left not in server.waiting("Front"))
            server.says("Front", "")

        goes_on = threading.Thread(target=go_on)
        goes_on.start()
        assert process(*printing).out == "Printed on Front.\n"
        goes_on.join()
        assert (server.waiting("Front"), len(server.printed("Front"))) == ([], 1)


@pytest.mark.usefixtures("printers_alone")
def test_doctor_finds_a_print_service_that_does_not_answer_not_good(at_pc, tmp_path, monkeypatch):
    with cups(tmp_path / "cups") as server:
        monkeypatch.setenv("CUPS_SERVER", server.address)
        config.update_config({"printer": server.add("Front")})
        with server.frozen():
            told = "Not printing: Front (does not answer); tickets can be written down by hand."
            assert printers_check(at_pc) == ("warning", told)


@pytest.mark.usefixtures("printers_alone")
def test_doctor_finds_a_print_service_that_is_off_not_good(at_pc, monkeypatch):
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:9")
    config.update_config({"printer": "Front"})
    told = "Not printing: Front (print service off); tickets can be written down by hand."
    assert printers_check(at_pc) == ("warning", told)
