"""Receipt printers at USB, on a bus that is none: found by their class, driven by whatever endpoints they have."""

import pytest
import zxingcpp

from queuedesk.core.errors import OutsideError
from queuedesk.printing import escpos
from queuedesk.printing.choice import ReceiptPrinter
from queuedesk.printing.escpos import Status
from tests.printing import slips
from tests.printing.test_escpos_printer import dots
from tests.printing.virtual_usb import VirtualUsb

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def bus(monkeypatch):
    with VirtualUsb(width=384) as one:
        monkeypatch.setattr(escpos, "_answering", set())
        monkeypatch.setattr(escpos, "usb_backend", lambda: one)
        monkeypatch.setattr(escpos, "usb_backend", lambda: one)
        yield one


def test_only_printers_are_offered_by_their_name(bus):
    assert escpos.usb_printers() == [escpos.Plugged(ReceiptPrinter(cable="usb", place="04b8:0e15"), "EPSON TM-T20")]


def test_a_slip_comes_out(bus):
    assert escpos.print_slip(slips.USUAL_ZH, bus.choice) == ""
    [paper] = bus.printer.wait_for_slips(1)

    assert paper.width() == 384
    assert zxingcpp.read_barcodes(dots(paper))[0].text == slips.CODE


def test_its_trouble_is_told(bus):
    bus.printer.state = "paper_out"
    assert escpos.condition(bus.choice) == Status("out_of_paper")
    with pytest.raises(OutsideError) as refused:
        escpos.print_slip(slips.USUAL_ZH, bus.choice)
    assert refused.value.details["cause"] == "out_of_paper"


def test_one_that_was_pulled_out_is_offline(bus):
    bus.unplug()

    assert escpos.usb_printers() == []
    assert escpos.condition(bus.choice) == Status("offline")


def test_a_pc_without_a_bus_has_none():
    assert isinstance(escpos.usb_printers(), list)
    assert all(one.printer.cable == "serial" for one in escpos.serial_ports())
