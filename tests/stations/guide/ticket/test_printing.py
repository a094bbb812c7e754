"""The front desk at a receipt printer that runs out, is slow, and works again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from queuedesk.app.services import printers
from queuedesk.app.services.papers import SlipAndReportPrinter
from queuedesk.app.station.wiring import Equipment
from queuedesk.app.this_pc import config
from queuedesk.files.writing import write_private_file
from queuedesk.printing import escpos
from queuedesk.stations.guide.controller import SLOW_MS
from queuedesk.stations.guide.station import build_station_page
from queuedesk.stations.widgets.questions.dialogs import ChoiceButtonsDialog
from queuedesk.stations.window.context import StationServices, StationTaskLanes
from tests.hall import GUIDE, Hall
from tests.printing.virtual_printer import VirtualPrinter
from tests.stations.guide.conftest import FrontDesk, printers_of_pc
from tests.stations.seen import timer_of


@dataclass
class Desk(FrontDesk):
    """The front desk with a real printer behind real lanes."""

    look_at_printer: Callable[[], None] = lambda: None

    def issue(self, service: str = "A") -> None:
        self.touch(self.page.front.board.tiles[service], self.page.print_rail.print_button)
        self.until(lambda: not self.page.controller.busy)
        self.follow()

    def until_told(self, health: str) -> None:
        self.until(lambda: str(self.page.head._shown[0]) == health)


@pytest.fixture
def printer(monkeypatch, tmp_path) -> Iterator[VirtualPrinter]:
    monkeypatch.setattr(escpos, "_answering", set())
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with VirtualPrinter(slow_s=300) as one:
        printers.choose_printer(one.choice)
        yield one


@pytest.fixture
def tasks(qapp) -> Iterator[StationTaskLanes]:
    def fail(bug: BaseException) -> None:
        raise bug

    lanes = StationTaskLanes(fail)
    yield lanes
    lanes.stop()


@pytest.fixture
def desk(hall: Hall, printer: VirtualPrinter, tasks: StationTaskLanes, stand, qtbot) -> Desk:
    look = printers.watched_printer_status
    equipment = Equipment(hall.desk, hall.clock, tasks, "guide", "guide", look_at_printer=look)
    paper = SlipAndReportPrinter(hall.desk, hall.clock, equipment.report_print_result)
    known = printers_of_pc([], printers.chosen_or_default_printer, printer_status=printers.printer_status)
    services = StationServices(paper=paper, printers=known, watch_printer=equipment.watch_printer)
    page = stand("guide", build_station_page, tasks=tasks, who=GUIDE, services=services)
    return Desk(hall, page, qtbot.waitUntil, None, look_at_printer=equipment.start_printer_check)


def test_trouble_shows_before_the_next_customer_and_a_slow_printer_keeps_nobody(desk, printer):
    page, toast = desk.page, desk.page.acts.toast
    for state, said in (("cover", "cover open"), ("paper_low", "paper nearly used up")):
        printer.state = state
        desk.look_at_printer()
        desk.until_told(f"Printer: {said}")
    printer.state = "ready"
    desk.look_at_printer()
    desk.until_told("Printer ready")
    desk.issue()
    desk.until(lambda: toast.text() == "Printed A001")
    assert len(printer.slips) == 1
    desk.until_told("Printer ready")
    # A slow one is told of while it prints.
    timer_of(page.controller.paper, SLOW_MS).setInterval(300)
    printer.state = "slow"
    desk.issue()
    desk.until_told("Printer is slow")
    assert toast.text() == "The printer is slow. A002 is valid without its slip; the slip follows."
    assert not page.read_out_stage.isVisible()
    desk.issue("B")
    assert len(desk.log("issue")) == 3, "the next customer had not to wait"
    printer.state = "ready"
    desk.until_told("Printer ready")
    desk.until(lambda: len(printer.slips) == 3)
    assert SLOW_MS == 5000


def test_paper_that_ends_is_told_and_what_is_missing_is_printed_after_it(desk: Desk, printer: VirtualPrinter) -> None:
    page, toast, number = desk.page, desk.page.acts.toast, desk.page.read_out_stage
    printer.out_after_rows = 200
    for label in ("A001", "A002"):
        desk.issue()
        desk.until(number.isVisible)
        assert number.number.text() == label
        told = f"The printer {printer.address} did not print (out of paper). Please write down {label}; it is valid."
        assert number.sentence.text() == f"{told} Put paper in."
        desk.until_told("Printer: out of paper")
        desk.touch(number.done_button)
    printer.state = "ready"
    desk.look_at_printer()
    desk.until(lambda: toast.text().startswith("The printer works again."))
    assert "A002 and A001" in toast.text() or "A002, A001" in toast.text()
    desk.until_told("Printer ready")
    printer.wait_until_idle()
    assert printer.slips == [], "nothing came by itself"
    desk.touch(page.hall_rail.reprint_button)
    question = desk.question(ChoiceButtonsDialog)
    assert list(question.answers) == ["A002", "A001"]
    desk.touch(question.answers["A001"])
    desk.until(lambda: toast.text() == "Printed A001 again")
    assert page.controller.paper.unprinted_ticket_labels() == ["A002"]


def test_the_guide_hears_of_a_slip_that_may_have_come_out_after_all(desk: Desk) -> None:
    note = config.config_file().with_name("print-jobs") / "17.late"
    write_private_file(note, b"Front\n17\nlocalhost\nA017")
    desk.look_at_printer()
    desk.until(lambda: "It may have printed after all: A017." in desk.page.acts.toast.text())
    assert not note.exists()
