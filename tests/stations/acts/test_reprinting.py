"""A ticket printed again away from the front desk, on a printer that may have no paper."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from queuedesk import i18n
from queuedesk.app.services import printers
from queuedesk.app.services.papers import PaperTools
from queuedesk.core.network.roles import Actor, Role
from queuedesk.printing import escpos_printer
from queuedesk.stations.acts.ticket_acts import NumberDialog, Reprinting
from queuedesk.stations.guide.ticket.printing import SLOW_MS
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.feed_bridge import HallFeed
from queuedesk.stations.window.services import Services
from queuedesk.stations.window.style import Look
from queuedesk.stations.window.tasks import InlineTasks, Tasks
from tests.hall import DAY, make_hall
from tests.printing.virtual_printer import VirtualPrinter
from tests.stations.seen import timer_of


@pytest.fixture(autouse=True)
def in_english():
    before = i18n.current()
    i18n.use("en")
    yield
    i18n.use(before)


@pytest.fixture
def printer(monkeypatch, tmp_path):
    monkeypatch.setattr(escpos_printer, "_answering", set())
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with VirtualPrinter(slow_s=2.0) as one:
        printers.choose_printer(one.choice)
        yield one


@pytest.fixture
def page(qtbot):
    one = QWidget()
    one.resize(1366, 768)
    qtbot.addWidget(one)
    one.show()
    return one


@pytest.fixture
def hall(tmp_path):
    hall = make_hall(tmp_path)
    hall.open("3", "C3")
    hall.queue("A", "A")
    return hall


def context_of(hall, tasks, *, can_print=True):
    return StationContext(
        desk=hall.desk,
        feed=HallFeed(hall.desk, hall.clock),
        tasks=tasks,
        look=Look(),
        clock=hall.clock,
        name="counter-3",
        who=Actor("C3", Role.CLERK),
        services=Services(paper=PaperTools(hall.desk, hall.clock) if can_print else None),
    )


def ticket(hall, label="A001"):
    return HallFeed(hall.desk, hall.clock).state.tickets[DAY.date(), label]


def toast(page):
    return page.findChildren(Toast)[0].text()


def test_only_a_ticket_that_is_still_needed_is_offered_and_only_where_something_prints(hall, page):
    again = Reprinting(page, context_of(hall, InlineTasks()))
    hall.do("leave", "A001")
    assert again.menu_entries(None) == again.menu_entries(ticket(hall)) == []
    assert Reprinting(page, context_of(hall, InlineTasks(), can_print=False)).menu_entries(ticket(hall, "A002")) == []


def test_the_menu_prints_the_ticket_again_and_without_paper_its_number_stands_large(hall, page, printer, qtbot):
    again = Reprinting(page, context_of(hall, InlineTasks()))
    [entry] = again.menu_entries(ticket(hall))
    assert entry.text == "Print A001 again"
    entry.act()
    assert len(printer.wait_for_slips(1)) == 1
    assert toast(page) == "Printed A001 again"

    printer.state = "cover"
    entry.act()
    dialog = page.findChildren(NumberDialog)[-1]
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible(), "Enter leaves it"

    page.findChildren(Toast)[0].dismiss()
    printer.state = "paper_out"
    entry.act()
    dialog = page.findChildren(NumberDialog)[-1]
    assert dialog.number.text() == "A001"
    assert "out of paper" in dialog.accessibleName()
    assert "Please write down A001; it is valid." in dialog.accessibleName()
    printer.state = "ready"
    qtbot.mouseClick(dialog.again_button, Qt.MouseButton.LeftButton)
    assert len(printer.wait_for_slips(2)) == 2
    assert page.findChildren(Toast)[0].isVisible() and toast(page) == "Printed A001 again"


def test_a_slow_printer_is_told_of_meanwhile(hall, page, printer, qtbot):
    bugs = []
    tasks = Tasks(bugs.append)
    printer.state = "slow"
    again = Reprinting(page, context_of(hall, tasks))
    timer_of(again, SLOW_MS).setInterval(200)
    again.menu_entries(ticket(hall))[0].act()
    slow = "The printer is slow. A001 is valid without its slip; the slip follows."
    qtbot.waitUntil(lambda: toast(page) == slow)
    qtbot.waitUntil(lambda: toast(page) == "Printed A001 again")
    tasks.stop()
    assert bugs == []
