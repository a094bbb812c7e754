"""Choosing a receipt printer at a station: what is plugged in, an address typed, a slip that tries it, then its use."""

import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from queuedesk import i18n
from queuedesk.app.services import printers
from queuedesk.app.services.papers import PaperTools
from queuedesk.core.network.roles import Actor, Role
from queuedesk.printing import escpos_printer
from queuedesk.stations.acts.printer_choice import NETWORK, PrinterChoice, ReceiptDialog
from queuedesk.stations.widgets.questions.dialogs import PickDialog
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.feed_bridge import HallFeed
from queuedesk.stations.window.services import Printers, Services
from queuedesk.stations.window.style import LIGHT, Look
from queuedesk.stations.window.tasks import InlineTasks
from tests.hall import make_hall
from tests.printing.test_escpos_printer import dots
from tests.printing.virtual_printer import VirtualPrinter, VirtualSerialPrinter
from tests.stations.stubs import stub

ENTER = Qt.Key.Key_Return


@pytest.fixture(autouse=True)
def in_english():
    before = i18n.current()
    i18n.use("en")
    yield
    i18n.use(before)


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


@pytest.fixture
def choice(tmp_path, page, monkeypatch, plugged):
    monkeypatch.setattr(escpos_printer, "_answering", set())
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    hall = make_hall(tmp_path)
    context = StationContext(
        desk=hall.desk,
        feed=HallFeed(hall.desk, hall.clock),
        tasks=InlineTasks(),
        look=Look(LIGHT),
        clock=hall.clock,
        name="guide",
        who=Actor("G1", Role.GUIDE),
        services=Services(
            paper=PaperTools(hall.desk, hall.clock),
            printers=stub(
                Printers,
                printers=lambda: ["T1"],
                plugged_printers=lambda: plugged,
                chosen_printer=printers.chosen_printer,
                choose_printer=printers.choose_printer,
            ),
            folder=lambda part: tmp_path / part,
        ),
    )
    return PrinterChoice(page, context)


def ask(choice, page) -> PickDialog:
    choice.ask()
    return page.findChildren(PickDialog)[-1]


def asked_how(page) -> ReceiptDialog:
    return page.findChildren(ReceiptDialog)[-1]


def press(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_network_printer_is_found_by_a_test_slip_and_used(choice, page, qtbot):
    said = []
    choice.said.connect(lambda text, icon: said.append((text, icon)))
    with VirtualPrinter(width=384) as printer:
        press(qtbot, ask(choice, page).answers[NETWORK])
        dialog = asked_how(page)
        qtbot.keyClicks(dialog.address.edit, printer.address)
        dialog.width_box.setCurrentIndex(1)
        qtbot.keyClick(dialog.address.edit, ENTER)
        [slip] = printer.wait_for_slips(1)

        assert [found.text for found in zxingcpp.read_barcodes(dots(slip))] == ["QueueDesk"]
        assert slip.width() == 384
        assert (dialog.result.text(), said) == ("The test slip is sent. Is it easy to read, and cut?", [])
        press(qtbot, dialog.use_button)
        assert printers.chosen_printer() == printer.choice
        assert said == [(f"Printer of this PC: Receipt printer {printer.address}", "print")]

        again = ask(choice, page)
        press(qtbot, again.more_button)
        assert len(printer.wait_for_slips(2)) == 2
        assert said[-1] == ("The test slip is sent. Is it easy to read, and cut?", "print")


def test_what_the_test_slip_tells_keeps_the_question_and_leaving_it_changes_nothing(choice, page, qtbot):
    press(qtbot, ask(choice, page).answers[NETWORK])
    qtbot.keyClick(asked_how(page), Qt.Key.Key_Escape)
    assert printers.chosen_printer() == "", "Escape leaves everything as it is"

    press(qtbot, ask(choice, page).answers[NETWORK])
    dialog = asked_how(page)
    press(qtbot, dialog.try_button)
    assert dialog.address.error() == "Please type the printer's address, such as 192.168.1.50."
    with VirtualPrinter() as printer:
        printer.state = "paper_low"
        gone = printer.address
        qtbot.keyClicks(dialog.address.edit, gone)
        press(qtbot, dialog.try_button)
        assert dialog.result.text() == f"The test slip is printed; Receipt printer {gone}: paper nearly used up."
    press(qtbot, dialog.try_button)

    assert dialog.result.text() == f"The printer {gone} did not print (offline); please check it and print again."
    assert not dialog.try_button.is_busy()
    press(qtbot, dialog.no_button)
    assert printers.chosen_printer() == ""


def test_what_is_plugged_in_is_offered_and_starts_as_it_was_used(choice, page, qtbot, plugged):
    with VirtualSerialPrinter() as printer:
        plugged.append((f"escpos:serial:{printer.device}", "USB-Serial Controller"))
        offered = ask(choice, page).answers[plugged[0][0]]
        assert offered.text() == f"USB-Serial Controller ({printer.device})"
        press(qtbot, offered)
        dialog = asked_how(page)
        dialog.baud.setCurrentIndex(dialog.baud.findData(115200))
        dialog.cut.setCurrentIndex(dialog.cut.findData("none"))
        press(qtbot, dialog.try_button)
        press(qtbot, dialog.use_button)
        used = f"escpos:serial:{printer.device}:115200?cut=none"
        assert printers.chosen_printer() == used

        press(qtbot, ask(choice, page).answers[plugged[0][0]])
        again = asked_how(page)
        assert (again.baud.currentData(), again.cut.currentData()) == (115200, "none")
