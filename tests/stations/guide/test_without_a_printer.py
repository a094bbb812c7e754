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


def test_the_keys_give_a_number_and_an_earlier_ticket_is_typed_until_slips_are_printed(
    front: FrontDesk, kept: list[str]
) -> None:
    page = front.page
    front.touch(page.front.board.items[1])
    rail = page.print_rail

    def chosen(printer: str) -> tuple[str, str]:
        kept.append(printer)
        page.controller.look_for_printer()
        return rail.print_button.text(), rail.not_ready_button.text()

    number = ("Give number", "Papers missing: read out the list")
    ticket = ("Print ticket", "Papers missing: print the list")
    assert (rail.print_button.text(), rail.not_ready_button.text()) == number
    assert chosen("T1") == ticket
    assert chosen("none:") == number
    assert chosen("T9") == ticket, "one that is chosen and gone is not the same as none"
    page.back()
    assert page.hall_rail.reprint_button.isVisible()
    assert "Print quiet times" in menu(front)

    # The head warns of a printer that is gone, but not of none.
    told = []
    for printer in ("", "T9", "none:"):
        chosen(printer)
        QApplication.processEvents()
        facts = page.head.top.findChildren(RunsLabel)
        (shown,) = [one for one in facts if one.isVisible() and one.text() == "No printer"]
        told.append(shown.runs[0].token)
    assert told == ["ink2", "amber", "ink2"]

    # A printer that is chosen at another station of the PC is noticed.
    assert page.controller.printer_trouble.code == "no_printer"
    kept.append("T1")
    front.hall.clock.move(minutes=1)
    page.tick(front.hall.clock())
    assert page.controller.printer_trouble is None

    # An earlier ticket is scanned only where the hall prints slips.
    chosen("none:")
    front.touch(page.front.board.tiles["A"])
    effects = []
    for is_printed in (False, True):
        if is_printed:
            devices.report(front.hall.desk, front.hall.ask(station("K1")), "printer", "K1", None)
            front.follow()
        front.touch(page.papers.return_button)
        question = front.question(ReturnDialog)
        effects.append(question.effect.text())
        question.close_dialog()
    assert effects == ["Type the earlier ticket here.", "Scan the code on the earlier ticket, or type it here."]


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


def test_a_number_is_written_down_and_papers_are_read_out(front: FrontDesk, kept: list[str]) -> None:
    page, number = front.page, front.page.number
    front.printer.trouble = page.controller.printer_trouble
    for language, label, told, counted in (
        ("en", "A001", "Please write down A001.", "Counted. Please read the list of papers out."),
        ("zh_CN", "A002", "请记下号码 A002。", "已记一次。请把材料念给客户。"),
    ):
        i18n.use(language)
        page.retranslate()
        front.touch(page.front.board.tiles["A"])
        front.touch(page.print_rail.print_button)
        assert (number.number.text(), number.sentence.text()) == (label, told)
        assert not number.again_button.isVisible()
        front.touch(number.done_button)

        front.touch(page.front.board.items[1])
        front.touch(page.print_rail.not_ready_button)
        assert number.sentence.text() == counted
        assert len(number.papers) == 4
        assert not number.again_button.isVisible()
        front.touch(number.done_button)
