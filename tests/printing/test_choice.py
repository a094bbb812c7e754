"""How a PC names its printer, and back."""

from datetime import date

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.printing.choice import ReceiptPrinter, parse_receipt_printer_choice
from queuedesk.printing.qr import TicketCodeContent, parse_ticket_code, qr_modules, ticket_code_text


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
    assert parse_receipt_printer_choice(choice) == printer
    assert printer.choice_text == choice


@pytest.mark.parametrize(
    "choice",
    [
        *("escpos:", "escpos:net:", "escpos:net:a b", "escpos:net:h:0", "escpos:net:h:70000", "escpos:net:-h"),
        *("escpos:usb:4b8:0e15", "escpos:serial:", "escpos:serial:COM3:1234", "escpos:bluetooth:x", "T1"),
        *(f"escpos:net:h?{wrong}" for wrong in ("width=500", "cut=maybe", "feed=21", "feed=", "colour=red")),
    ],
)
def test_nonsense_is_refused(choice):
    with pytest.raises(RuleError, match="bad_printer"):
        parse_receipt_printer_choice(choice)


def test_the_text_is_hall_date_ticket_token_takes_the_second_smallest_code_and_is_read_back():
    usual = ticket_code_text("CD", date(2026, 11, 20), "B038", "8KR2WT")
    assert usual == "QD1 CD 2026-11-20 B038 8KR2WT"
    assert [len(row) for row in qr_modules(usual)] == [25] * 25
    text = ticket_code_text("城东", date(2026, 2, 1), "VIP1003", "23456A")
    assert parse_ticket_code(f" {text}\n") == TicketCodeContent("城东", date(2026, 2, 1), "VIP1003", "23456A")


def test_another_text_is_no_ticket_and_a_part_that_could_not_be_read_back_is_refused():
    others = ("", "B038", "更名", "https://example.org/t/8KR2WT", "QD2 CD 2026-11-20 B038 8KR2WT")
    odd = ("QD1 CD 2026-13-20 B038 8KR2WT", "QD1 CD 2026-11-20 B038", "QD1 CD 2026-11-20 B038 8KR2WT more")
    assert [parse_ticket_code(text) for text in others + odd] == [None] * 8
    for hall, label in (("C D", "B038"), ("", "B038"), ("CD", "B\t038"), ("CD", "")):
        with pytest.raises(ValueError, match="QD1"):
            ticket_code_text(hall, date(2026, 11, 20), label, "8KR2WT")
