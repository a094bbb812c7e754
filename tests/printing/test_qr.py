from datetime import date

import pytest

from queuedesk.printing.qr import TicketCode, modules, read_ticket_text, ticket_text


def test_the_text_is_hall_date_ticket_token():
    assert ticket_text("CD", date(2026, 11, 20), "B038", "8KR2WT") == "QD1 CD 2026-11-20 B038 8KR2WT"


def test_what_was_written_is_read_back():
    text = ticket_text("城东", date(2026, 2, 1), "VIP1003", "23456A")

    assert read_ticket_text(f" {text}\n") == TicketCode("城东", date(2026, 2, 1), "VIP1003", "23456A")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "B038",
        "更名",
        "https://example.org/t/8KR2WT",
        "QD2 CD 2026-11-20 B038 8KR2WT",
        "QD1 CD 2026-13-20 B038 8KR2WT",
        "QD1 CD 2026-11-20 B038",
        "QD1 CD 2026-11-20 B038 8KR2WT more",
    ],
)
def test_another_text_is_no_ticket(text):
    assert read_ticket_text(text) is None


@pytest.mark.parametrize(("hall", "label"), [("C D", "B038"), ("", "B038"), ("CD", "B\t038"), ("CD", "")])
def test_a_part_that_could_not_be_read_back_is_refused(hall, label):
    with pytest.raises(ValueError, match="QD1"):
        ticket_text(hall, date(2026, 11, 20), label, "8KR2WT")


def test_an_ordinary_ticket_takes_the_second_smallest_code():
    matrix = modules(ticket_text("CD", date(2026, 11, 20), "B038", "8KR2WT"))

    assert [len(row) for row in matrix] == [25] * 25
