"""A front desk whose PC has no printer offers nothing that would print, and calls what it gives a number."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from queuedesk import i18n
from queuedesk.core.network.roles import station
from queuedesk.desk.talk import devices
from queuedesk.stations.guide.ticket.drafting import ReturnDialog
from queuedesk.stations.widgets.labels import RunsLabel
from queuedesk.stations.window.services import Printers
from tests.stations.guide.conftest import FrontDesk
from tests.stations.stubs import lend, stub


@pytest.fixture
def kept(front: FrontDesk) -> list[str]:
    """The printer of this PC: the last of the list, none at first, as with a PC whose system knows none."""
    chosen = [""]
    known = stub(Printers, printers=lambda: ["T1"], chosen_printer=lambda: chosen[-1])
    lend(front.page.context, printers=known)
    front.page.controller.look_for_printer()
    return chosen


def menu(front: FrontDesk) -> list[str]:
    return [entry.text for entry in front.page.menu_entries()]


def test_the_keys_give_a_number_until_a_printer_is_chosen(front: FrontDesk, kept: list[str]) -> None:
    page = front.page
    front.touch(page.front.board.items[1])
    rail = page.print_rail
    assert rail.print_button.text() == "Give number"
    assert rail.not_ready_button.text() == "Papers missing: read out the list"

    kept.append("T1")
    page.controller.look_for_printer()
    assert rail.print_button.text() == "Print ticket"
    assert rail.not_ready_button.text() == "Papers missing: print the list"
    kept.append("none:")
    page.controller.look_for_printer()
    assert rail.print_button.text() == "Give number"


def test_the_head_warns_of_a_printer_that_is_gone_but_not_of_none(front: FrontDesk, kept: list[str]) -> None:
    told = []
    for printer in ("", "T9", "none:"):
        kept.append(printer)
        front.page.controller.look_for_printer()
        QApplication.processEvents()
        facts = front.page.head.top.findChildren(RunsLabel)
        (shown,) = [one for one in facts if one.isVisible() and one.text() == "No printer"]
        told.append(shown.runs[0].token)
    assert told == ["ink2", "amber", "ink2"]


def test_a_printer_in_trouble_is_still_a_printer(front: FrontDesk, kept: list[str]) -> None:
    """One that is chosen and gone is not the same as none."""
    kept.append("T9")
    front.page.controller.look_for_printer()
    assert front.page.hall_rail.reprint_button.isVisible()
    assert "Print quiet times" in menu(front)
    front.touch(front.page.front.board.tiles["A"])

    assert front.page.print_rail.print_button.text() == "Print ticket"


def test_nothing_is_offered_that_prints(front: FrontDesk, kept: list[str]) -> None:
    page, rail = front.page, front.page.hall_rail
    (label,) = front.hall.queue("A")
    front.follow()
    assert not rail.reprint_button.isVisible()
    QApplication.processEvents()
    assert rail.find_button.width() > rail.undo_button.width(), "its place is taken"
    assert "Print quiet times" not in menu(front)
    assert "Printer" in menu(front), "it is chosen there"
    page.show_ticket(label)
    assert not page.ticket.buttons["reprint"].isVisible()
    assert page.ticket.buttons["offer"].isVisible()
    page.booked.open_new()
    dialog = page.booked.new_dialog
    assert dialog is not None
    assert not dialog.print_button.isVisible()
    dialog.close_dialog()

    kept.append("T1")
    page.controller.look_for_printer()
    page.show_front()
    assert rail.reprint_button.isVisible()
    assert "Print quiet times" in menu(front)
    page.show_ticket(label)
    assert page.ticket.buttons["reprint"].isVisible()


@pytest.mark.parametrize(
    ("language", "told", "counted"),
    [
        ("en", "Please write down A001.", "Counted. Please read the list of papers out."),
        ("zh_CN", "请记下号码 A001。", "已记一次。请把材料念给客户。"),
    ],
)
def test_a_number_is_written_down_and_papers_are_read_out(
    front: FrontDesk, kept: list[str], language: str, told: str, counted: str
) -> None:
    page = front.page
    front.printer.trouble = page.controller.printer_trouble
    i18n.use(language)
    page.retranslate()
    front.touch(page.front.board.tiles["A"])
    front.touch(page.print_rail.print_button)
    number = page.number
    assert (number.number.text(), number.sentence.text()) == ("A001", told)
    assert not number.again_button.isVisible()
    front.touch(number.done_button)

    front.touch(page.front.board.items[1])
    front.touch(page.print_rail.not_ready_button)
    assert number.sentence.text() == counted
    assert len(number.papers) == 4
    assert not number.again_button.isVisible()


def test_an_earlier_ticket_is_scanned_only_where_the_hall_prints_slips(front: FrontDesk, kept: list[str]) -> None:
    page, told = front.page, []
    front.touch(page.front.board.tiles["A"])
    for is_printed in (False, True):
        if is_printed:
            devices.report(front.hall.desk, front.hall.ask(station("K1")), "printer", "K1", None)
            front.follow()
        front.touch(page.papers.return_button)
        question = front.question(ReturnDialog)
        told.append(question.effect.text())
        question.close_dialog()

    assert told == ["Type the earlier ticket here.", "Scan the code on the earlier ticket, or type it here."]
