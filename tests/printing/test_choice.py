"""How a PC names its printer, and back."""

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.printing.choice import ReceiptPrinter, read_receipt_printer


@pytest.mark.parametrize(
    ("choice", "printer"),
    [
        ("escpos:net:192.168.1.50", ReceiptPrinter(cable="net", place="192.168.1.50", number=9100)),
        ("escpos:net:prn-1.local:9101", ReceiptPrinter(cable="net", place="prn-1.local", number=9101)),
        ("escpos:usb:04b8:0e15?width=384", ReceiptPrinter(cable="usb", place="04b8:0e15", width=384)),
        ("escpos:serial:COM3", ReceiptPrinter(cable="serial", place="COM3", number=9600)),
        (
            "escpos:serial:/dev/ttyUSB0:115200?cut=none&feed=7",
            ReceiptPrinter(cable="serial", place="/dev/ttyUSB0", number=115200, cut="none", feed=7),
        ),
    ],
)
def test_a_choice_is_read_and_written_alike(choice, printer):
    assert read_receipt_printer(choice) == printer
    assert printer.choice == choice


@pytest.mark.parametrize(
    "choice",
    [
        "escpos:",
        "escpos:net:",
        "escpos:net:a b",
        "escpos:net:h:0",
        "escpos:net:h:70000",
        "escpos:net:-h",
        "escpos:usb:4b8:0e15",
        "escpos:serial:",
        "escpos:serial:COM3:1234",
        "escpos:bluetooth:x",
        "escpos:net:h?width=500",
        "escpos:net:h?cut=maybe",
        "escpos:net:h?feed=21",
        "escpos:net:h?feed=",
        "escpos:net:h?colour=red",
        "T1",
    ],
)
def test_nonsense_is_refused(choice):
    with pytest.raises(RuleError, match="bad_printer"):
        read_receipt_printer(choice)
