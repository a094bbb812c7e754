"""Choosing a receipt printer at a station, and a ticket printed again away from the front desk."""

import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from queuedesk.app.services import printers
from queuedesk.app.services.papers import SlipAndReportPrinter
from queuedesk.core.network.roles import Actor, Role
from queuedesk.printing import escpos
from queuedesk.printing.spooler import PrinterService
from queuedesk.stations.acts.printer_choice import NETWORK, PrinterChooser, ReceiptPrinterDialog
from queuedesk.stations.acts.ticket_acts import TicketReprinter, UnprintedTicketNumberNotice
from queuedesk.stations.guide.controller import SLOW_MS
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.questions.dialogs import ChoiceButtonsDialog
from queuedesk.stations.window import context as stations
from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext, StationServices
from queuedesk.stations.window.style import LIGHT, Look
from tests.hall import DAY, make_hall
from tests.printing.test_escpos_printer import dots
from tests.printing.virtual_printer import VirtualPrinter, VirtualSerialPrinter
from tests.stations.english import english  # noqa: F401
from tests.stations.seen import timer_of
from tests.stations.stubs import stub

ENTER = Qt.Key.Key_Return


@pytest.fixture
def page(qtbot):
    one = QWidget()
    one.resize(1366, 768)
    qtbot.addWidget(one)
    one.show()
    return one


@pytest.fixture
def plugged():
    """What hangs on the PC: nothing, unless a test plugs it in."""
    return []


@pytest.fixture(autouse=True)
def own_choices(tmp_path, monkeypatch):
    """Let this PC remember for this test alone."""
    monkeypatch.setattr(escpos, "_answering", set())
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def context_of(hall, tasks=None, **services):
    feed, tasks = HallFeed(hall.desk, hall.clock), tasks or InlineTasks()
    who, lent = Actor("C3", Role.CLERK), StationServices(**services)
    return StationContext(hall.desk, feed, tasks, Look(LIGHT), hall.clock, "counter-3", who, services=lent)


@pytest.fixture
def choice(hall, tmp_path, page, plugged):
    kept = {"chosen_or_default_printer": printers.chosen_or_default_printer, "choose_printer": printers.choose_printer}
    here = stub(PrinterService, system_printer_names=lambda: ["T1"], plugged_receipt_printers=lambda: plugged, **kept)
    paper = SlipAndReportPrinter(hall.desk, hall.clock)
    return PrinterChooser(page, context_of(hall, paper=paper, printers=here, folder=lambda part: tmp_path / part))


def ask(choice, page) -> ChoiceButtonsDialog:
    choice.ask_printer()
    return page.findChildren(ChoiceButtonsDialog)[-1]


def ask_how(choice, page, which) -> ReceiptPrinterDialog:
    """Choose a printer of the question, and return what asks how it prints."""
    press(ask(choice, page).answers[which])
    return page.findChildren(ReceiptPrinterDialog)[-1]


def press(*buttons):
    for button in buttons:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_network_printer_is_found_by_a_test_slip_and_used(choice, page):
    said = []
    choice.said.connect(lambda text, icon: said.append((text, icon)))
    with VirtualPrinter(width=384) as printer:
        dialog = ask_how(choice, page, NETWORK)
        QTest.keyClicks(dialog.address.edit, printer.address)
        dialog.width_box.setCurrentIndex(1)
        QTest.keyClick(dialog.address.edit, ENTER)
        [slip] = printer.wait_for_slips(1)
        assert ([found.text for found in zxingcpp.read_barcodes(dots(slip))], slip.width()) == (["QueueDesk"], 384)
        assert (dialog.result.text(), said) == ("The test slip is sent. Is it easy to read, and cut?", [])
        press(dialog.use_button)
        assert printers.chosen_or_default_printer() == printer.choice
        assert said == [(f"Printer of this PC: Receipt printer {printer.address}", "print")]
        press(ask(choice, page).more_button)
        assert len(printer.wait_for_slips(2)) == 2
        assert said[-1] == ("The test slip is sent. Is it easy to read, and cut?", "print")


def test_what_the_test_slip_tells_keeps_the_question_and_leaving_it_changes_nothing(choice, page):
    QTest.keyClick(ask_how(choice, page, NETWORK), Qt.Key.Key_Escape)
    assert printers.chosen_or_default_printer() == "", "Escape leaves everything as it is"
    dialog = ask_how(choice, page, NETWORK)
    press(dialog.try_button)
    assert dialog.address.error() == "Please type the printer's address, such as 192.168.1.50."
    with VirtualPrinter() as printer:
        printer.state = "paper_low"
        gone = printer.address
        QTest.keyClicks(dialog.address.edit, gone)
        press(dialog.try_button)
        assert dialog.result.text() == f"The test slip is printed; Receipt printer {gone}: paper nearly used up."
    press(dialog.try_button)
    assert dialog.result.text() == f"The printer {gone} did not print (offline); please check it and print again."
    assert not dialog.try_button.is_busy()
    press(dialog.no_button)
    assert printers.chosen_or_default_printer() == ""


def test_what_is_plugged_in_is_offered_and_starts_as_it_was_used(choice, page, plugged):
    with VirtualSerialPrinter() as printer:
        plugged.append((f"escpos:serial:{printer.device}", "USB-Serial Controller"))
        offered = ask(choice, page).answers[plugged[0][0]]
        assert offered.text() == f"USB-Serial Controller ({printer.device})"
        dialog = ask_how(choice, page, plugged[0][0])
        dialog.baud.setCurrentIndex(dialog.baud.findData(115200))
        dialog.cut.setCurrentIndex(dialog.cut.findData("none"))
        press(dialog.try_button, dialog.use_button)
        assert printers.chosen_or_default_printer() == f"escpos:serial:{printer.device}:115200?cut=none"
        again = ask_how(choice, page, plugged[0][0])
        assert (again.baud.currentData(), again.cut.currentData()) == (115200, "none")


@pytest.fixture
def printer():
    with VirtualPrinter(slow_s=300) as one:
        printers.choose_printer(one.choice)
        yield one


def two_waiting(folder):
    hall = make_hall(folder)
    hall.play("open 3 staff=C3", "queue A A")
    return hall


def reprinting(page, hall, tasks=None) -> TicketReprinter:
    return TicketReprinter(page, context_of(hall, tasks, paper=SlipAndReportPrinter(hall.desk, hall.clock)))


def ticket(hall, label="A001"):
    return HallFeed(hall.desk, hall.clock).state.tickets[DAY.date(), label]


def toast(page):
    return page.findChildren(Toast)[0].text()


@pytest.mark.hall(make=two_waiting)
def test_the_menu_prints_a_ticket_still_needed_again_and_without_paper_its_number_stands_large(hall, page, printer):
    again = reprinting(page, hall)
    [entry] = again.menu_entries(ticket(hall))
    assert entry.text == "Print A001 again"
    entry.act()
    assert (len(printer.wait_for_slips(1)), toast(page)) == (1, "Printed A001 again")
    printer.state = "cover"
    entry.act()
    dialog = page.findChildren(UnprintedTicketNumberNotice)[-1]
    QTest.keyClick(dialog, ENTER)
    assert not dialog.isVisible(), "Enter leaves it"
    page.findChildren(Toast)[0].dismiss()
    printer.state = "paper_out"
    entry.act()
    dialog = page.findChildren(UnprintedTicketNumberNotice)[-1]
    said = dialog.accessibleName()
    assert dialog.number.text() == "A001"
    assert "out of paper" in said and "Please write down A001; it is valid." in said
    printer.state = "ready"
    press(dialog.again_button)
    assert len(printer.wait_for_slips(2)) == 2
    assert page.findChildren(Toast)[0].isVisible() and toast(page) == "Printed A001 again"
    hall.do("leave", "A001")
    assert again.menu_entries(None) == again.menu_entries(ticket(hall)) == []
    elsewhere = TicketReprinter(page, context_of(hall))
    assert elsewhere.menu_entries(ticket(hall, "A002")) == [], "it is offered only where something prints"


@pytest.mark.hall(make=two_waiting)
def test_a_slow_printer_is_told_of_meanwhile(hall, page, printer, qtbot):
    bugs = []
    tasks = stations.StationTaskLanes(bugs.append)
    printer.state = "slow"
    again = reprinting(page, hall, tasks)
    timer_of(again, SLOW_MS).setInterval(100)
    again.menu_entries(ticket(hall))[0].act()
    slow = "The printer is slow. A001 is valid without its slip; the slip follows."
    qtbot.waitUntil(lambda: toast(page) == slow)
    printer.state = "ready"
    qtbot.waitUntil(lambda: toast(page) == "Printed A001 again")
    tasks.stop()
    assert bugs == []
