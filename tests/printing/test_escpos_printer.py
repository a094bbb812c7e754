"""Receipt printers on a cable, tried against ones that are none: what they print is looked at, not what was sent."""

import os
import socket
import time
from contextlib import suppress
from itertools import product
from pathlib import Path
from threading import Event, Thread, Timer

import pytest
import zxingcpp

from queuedesk.core.errors import OutsideError
from queuedesk.printing import escpos
from queuedesk.printing.escpos import PrinterStatus
from queuedesk.printing.slip_layout import draw_slip
from queuedesk.printing.spooler import ReceiptPrinter
from tests.bounded import PATIENCE_S, Stopwatch
from tests.every_day import SEES_ALL, paired
from tests.networks import free_port
from tests.printing import slips
from tests.printing.slips import dots
from tests.printing.virtual_printer import VirtualPrinter, VirtualSerialPrinter
from tests.printing.virtual_usb import VirtualUsb

pytestmark = [pytest.mark.usefixtures("qapp"), pytest.mark.waits]


@pytest.fixture(autouse=True)
def no_memory(monkeypatch):
    """Other printers had this address before."""
    monkeypatch.setattr(escpos, "_answering", set())


def give(choice: str) -> str:
    """Print as a station does; return why not, "" where it was printed."""
    try:
        escpos.print_slip_and_get_coming_problem(slips.USUAL_ZH, choice)
    except OutsideError as trouble:
        assert trouble.code == "printer_refused"
        return str(trouble.details["cause"])
    return ""


CABLES = (VirtualPrinter, VirtualSerialPrinter)
by_either_cable = pytest.mark.parametrize("cable", CABLES, ids=["network", "serial"])
PRINTED = list(slips.ALL) if SEES_ALL else ["usual_zh", "usual_en", "bare", "long_en", "list_both", "most_hidden"]
"""A printer gets dots, whatever they say: a daily run prints a usual slip of each language, the shortest, long ones."""


@pytest.mark.parametrize(("name", "way"), paired(PRINTED, list(product(CABLES, (576, 384)))))
def test_what_comes_out_is_what_was_drawn(name, way):
    """By either cable and on either paper."""
    slip, (cable, width) = slips.ALL[name], way
    with cable(width=width) as printer:
        assert escpos.print_slip_and_get_coming_problem(slip, printer.choice) == ""
        [paper] = printer.wait_for_slips(1)
    drawn, printed = dots(slips.picture(name, width)), dots(paper)
    assert printed.shape == (drawn.shape[0] + 4 * 34, width)
    assert (printed[drawn.shape[0] :] == 255).all(), "white paper up to the knife"
    assert (printed[: drawn.shape[0]] != drawn).sum() <= 200, "but for the single dots that keep commands out"
    assert (printer.paper.cuts, bytes(printer.paper.unknown)) == (["full"], b"")
    if slip in (slips.USUAL_ZH, slips.USUAL_EN):
        assert [code.text for code in zxingcpp.read_barcodes(printed)] == [slips.CODE]


CAUSES = {"paper_out": "out_of_paper", "cover": "cover_open", "offline": "offline", "error": "printer_error"}


@by_either_cable
def test_a_printer_that_cannot_print_is_not_even_asked_to_and_little_paper_is_told_with_the_slip(cable):
    with cable() as printer:
        for state, cause in CAUSES.items():
            printer.state = state
            assert give(printer.choice) == cause
            printer.state = "ready"
            printer.wait_until_idle()
            assert (printer.slips, printer.paper.rows) == ([], [])
        printer.state = "paper_low"
        assert escpos.print_slip_and_get_coming_problem(slips.USUAL_ZH, printer.choice) == "paper_low"
        assert escpos.receipt_printer_status(printer.choice) == PrinterStatus("", "paper_low")


@by_either_cable
def test_a_slow_printer_is_waited_for_and_one_that_stays_too_slow_is_given_up(cable, monkeypatch):
    with cable(slow_s=2.0) as printer:
        printer.state = "slow"
        began = time.monotonic()
        escpos.print_slip_and_get_coming_problem(slips.USUAL_ZH, printer.choice)
        assert time.monotonic() - began > 1.5
        assert len(printer.slips) == 1, "it said that it is out when it was"
        printer.slow_s = 300
        monkeypatch.setattr(escpos, "LONGEST_S", 1.0)
        assert give(printer.choice) == "slow"
        printer.wait_for(lambda: printer.cleared == 1)
        printer.state = "ready"
        printer.wait_until_idle()
        assert (len(printer.slips), printer.cleared) == (1, 1)


@by_either_cable
def test_a_printer_that_says_nothing_prints_all_the_same_and_one_that_fell_silent_is_not_believed(cable, monkeypatch):
    monkeypatch.setattr(escpos, "BUSY_S", 0.3)
    with cable() as printer:
        printer.state = "mute"
        assert escpos.receipt_printer_status(printer.choice) is None
        assert escpos.print_slip_and_get_coming_problem(slips.USUAL_ZH, printer.choice) == ""
        [paper] = printer.wait_for_slips(1)
        assert zxingcpp.read_barcodes(dots(paper))[0].text == slips.CODE
        printer.state = "ready"
        assert escpos.receipt_printer_status(printer.choice) == PrinterStatus()
        printer.state = "mute"
        assert escpos.receipt_printer_status(printer.choice) == PrinterStatus("offline")


def test_a_cable_pulled_in_the_middle_is_trouble_at_once():
    with VirtualPrinter(slow_s=60) as printer:
        printer.state = "slow"
        pull = Timer(0.5, printer.unplug)
        pull.start()
        with Stopwatch() as took:
            assert give(printer.choice) == "offline"
        pull.join()
        assert took.s < 5


def test_a_serial_cable_pulled_in_the_middle_is_trouble_and_leaves_nothing_open():
    import tty  # Windows has none.

    own, other = os.openpty()
    tty.setraw(other)
    port = os.ttyname(other)
    choice = f"escpos:serial:{port}:115200"

    def pull_once_asked() -> None:
        os.read(own, 1)
        os.close(own)

    pull = Thread(target=pull_once_asked)
    pull.start()
    assert give(choice) == "offline"
    pull.join()
    os.close(other)  # Until then nobody else gets a port of this name.
    assert port not in [os.path.realpath(fd).removesuffix(" (deleted)") for fd in Path("/proc/self/fd").iterdir()]


def test_what_never_stops_speaking_is_left():
    is_over = Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        choice = f"escpos:net:127.0.0.1:{server.getsockname()[1]}"

        def speak():
            caller, _from = server.accept()
            with caller, suppress(OSError):
                while not is_over.wait(0.05):
                    caller.sendall(b"welcome")

        speaking = Thread(target=speak)
        speaking.start()
        asked = Thread(target=escpos.receipt_printer_status, args=(choice,), daemon=True)
        asked.start()
        asked.join(PATIENCE_S)
        was_left = not asked.is_alive()
        is_over.set()
        speaking.join()
    assert was_left


def test_something_else_at_the_address_or_nobody_is_no_printer():
    """A web server says a lot when it is asked what it does not understand; none of it is a printer's state."""
    said = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as server:
        choice = f"escpos:net:127.0.0.1:{server.getsockname()[1]}"

        def serve():
            for _caller in range(2):
                caller, _from = server.accept()
                with caller:
                    caller.recv(3)
                    caller.sendall(said)
                    caller.recv(100)

        serving = Thread(target=serve)
        serving.start()
        assert escpos.receipt_printer_status(choice) == PrinterStatus("offline")
        assert give(choice) == "offline"
        serving.join()
    for choice in (f"escpos:net:127.0.0.1:{free_port()}", "escpos:serial:/dev/none-such", "escpos:usb:ffff:ffff"):
        assert escpos.receipt_printer_status(choice) == PrinterStatus("offline")
        assert give(choice) == "offline"


@pytest.mark.parametrize(("cut", "feed", "cuts"), [("part", 6, ["part"]), ("none", 8, [])])
def test_the_cut_is_the_one_that_was_chosen(cut, feed, cuts):
    with VirtualPrinter() as printer:
        choice = f"{printer.choice}&cut={cut}&feed={feed}"
        escpos.print_slip_and_get_coming_problem(slips.BARE, choice)
        escpos.print_slip_and_get_coming_problem(slips.BARE, choice)
        printer.wait_until_idle()
        first = printer.wait_for_slips(1)[0]
        assert printer.paper.cuts == cuts * 2
        assert first.height() == draw_slip(slips.BARE).height() + feed * 34


def test_only_printers_are_offered_by_their_name_and_one_prints_until_it_has_trouble_or_is_pulled_out(monkeypatch):
    assert isinstance(escpos.usb_printers(), list), "a PC without a bus has none"
    assert all(one.printer.cable == "serial" for one in escpos.possible_serial_printers())
    with VirtualUsb(width=384) as bus:
        monkeypatch.setattr(escpos, "usb_backend", lambda: bus)
        epson = escpos.PossibleReceiptPrinter(ReceiptPrinter(cable="usb", place="04b8:0e15"), "EPSON TM-T20")
        assert escpos.usb_printers() == [epson]
        assert give(bus.choice) == ""
        [paper] = bus.printer.wait_for_slips(1)
        assert paper.width() == 384
        assert zxingcpp.read_barcodes(dots(paper))[0].text == slips.CODE
        bus.printer.state = "paper_out"
        assert escpos.receipt_printer_status(bus.choice) == PrinterStatus("out_of_paper")
        assert give(bus.choice) == "out_of_paper"
        bus.unplug()
        assert escpos.usb_printers() == []
        assert escpos.receipt_printer_status(bus.choice) == PrinterStatus("offline")


@by_either_cable
def test_paper_that_ends_in_the_middle_leaves_nothing_to_come_later_and_the_next_slip_is_whole(cable):
    with cable() as printer:
        printer.out_after_rows = 300
        assert give(printer.choice) == "out_of_paper"
        printer.wait_for(lambda: printer.cleared == 1)
        printed = len(printer.paper.rows)
        printer.state = "ready"
        printer.wait_until_idle()
        assert (printer.slips, len(printer.paper.rows), printer.cleared) == ([], printed, 1)
        assert escpos.print_slip_and_get_coming_problem(slips.USUAL_ZH, printer.choice) == ""
        torn, whole = printer.wait_for_slips(2)
        assert zxingcpp.read_barcodes(dots(torn)) == []
        assert zxingcpp.read_barcodes(dots(whole))[0].text == slips.CODE
