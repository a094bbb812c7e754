"""A ticket under way at the front desk: what it is linked to, and a receipt printer that runs out or is slow."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from queuedesk.app.services import printers
from queuedesk.app.services.papers import SlipAndReportPrinter
from queuedesk.app.station.wiring import Equipment
from queuedesk.app.this_pc import config
from queuedesk.core.setup.file import setup_from_document
from queuedesk.files.writing import write_private_file
from queuedesk.printing import escpos
from queuedesk.stations.guide.controller import SLOW_MS
from queuedesk.stations.guide.drafting import EarlierTicketDialog, earlier_ticket_days_offered, typed_ticket_label
from queuedesk.stations.guide.papers_stage import LabelledFigureRow
from queuedesk.stations.guide.station import build_station_page
from queuedesk.stations.guide.texts import ChosenServiceOrItem
from queuedesk.stations.widgets.questions.dialogs import ChoiceButtonsDialog
from queuedesk.stations.window.context import StationServices, StationTaskLanes
from tests.hall import GUIDE, Hall, at, hall_from, preset
from tests.printing.virtual_printer import VirtualPrinter
from tests.stations.guide.conftest import FrontDesk, printers_of_pc
from tests.stations.hands import code_of
from tests.stations.seen import texts_of, timer_of


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
def slip_printer(monkeypatch, tmp_path) -> Iterator[VirtualPrinter]:
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
def desk(hall: Hall, slip_printer: VirtualPrinter, tasks: StationTaskLanes, stand, qtbot) -> Desk:
    look = printers.watched_printer_status
    equipment = Equipment(hall.desk, hall.clock, tasks, "guide", "guide", look_at_printer=look)
    paper = SlipAndReportPrinter(hall.desk, hall.clock, equipment.report_print_result)
    known = printers_of_pc([], printers.chosen_or_default_printer, printer_status=printers.printer_status)
    services = StationServices(paper=paper, printers=known, watch_printer=equipment.watch_printer)
    page = stand("guide", build_station_page, tasks=tasks, who=GUIDE, services=services)
    return Desk(hall, page, qtbot.waitUntil, None, look_at_printer=equipment.start_printer_check)


def test_trouble_shows_before_the_next_customer_and_a_slow_printer_keeps_nobody(desk, slip_printer):
    page, toast = desk.page, desk.page.acts.toast
    for state, said in (("cover", "cover open"), ("paper_low", "paper nearly used up")):
        slip_printer.state = state
        desk.look_at_printer()
        desk.until_told(f"Printer: {said}")
    slip_printer.state = "ready"
    desk.look_at_printer()
    desk.until_told("Printer ready")
    desk.issue()
    desk.until(lambda: toast.text() == "Printed A001")
    assert len(slip_printer.slips) == 1
    desk.until_told("Printer ready")
    # A slow one is told of while it prints.
    timer_of(page.controller.paper, SLOW_MS).setInterval(300)
    slip_printer.state = "slow"
    desk.issue()
    desk.until_told("Printer is slow")
    assert toast.text() == "The printer is slow. A002 is valid without its slip; the slip follows."
    assert not page.read_out_stage.isVisible()
    desk.issue("B")
    assert len(desk.log("issue")) == 3, "the next customer had not to wait"
    slip_printer.state = "ready"
    desk.until_told("Printer ready")
    desk.until(lambda: len(slip_printer.slips) == 3)
    assert SLOW_MS == 5000


def test_paper_that_ends_is_told_and_what_is_missing_is_printed_after_it(
    desk: Desk, slip_printer: VirtualPrinter
) -> None:
    page, toast, number = desk.page, desk.page.acts.toast, desk.page.read_out_stage
    slip_printer.out_after_rows = 200
    for label in ("A001", "A002"):
        desk.issue()
        desk.until(number.isVisible)
        assert number.number.text() == label
        told = (
            f"The printer {slip_printer.address} did not print (out of paper). Please write down {label}; it is valid."
        )
        assert number.sentence.text() == f"{told} Put paper in."
        desk.until_told("Printer: out of paper")
        desk.touch(number.done_button)
    slip_printer.state = "ready"
    desk.look_at_printer()
    desk.until(lambda: toast.text().startswith("The printer works again."))
    assert "A002 and A001" in toast.text() or "A002, A001" in toast.text()
    desk.until_told("Printer ready")
    slip_printer.wait_until_idle()
    assert slip_printer.slips == [], "nothing came by itself"
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


ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape
YESTERDAY = date(2026, 11, 19)


def after_a_day(folder: Path) -> Hall:
    """Make a hall with a day behind it: B001 was put off to the next day, B002 was served."""
    document = preset("power")
    document["settings"] = {**document.get("settings", {}), "overnight": "early_place"}
    hall = hall_from(folder, document, at("10:00") - timedelta(days=1))
    hall.issue("B", item="gmgh")
    hall.play("issue B", "defer B001", "open 3 staff=C3", "serve-out 3", "day-end")
    hall.clock.now = at("10:30")
    for number in range(1, 7):
        hall.open(str(number), f"C{number}")
    return hall


def scan(front, text: str) -> None:
    front.page.scanner.scanned.emit(text)
    front.follow()


def chip(front) -> str:
    button = front.page.papers.back_chip
    return button.text() if button.isVisible() else ""


@pytest.mark.hall(make=after_a_day)
def test_a_scanned_earlier_ticket_opens_its_papers_and_links_the_new_one_and_one_of_today_its_card(front):
    hall = front.hall
    scan(front, code_of(hall, "B002", YESTERDAY))
    assert front.page.stage.currentWidget() is front.page.papers
    for language, words in (("zh_CN", "接 11月19日 的 B002"), ("en", "Returning for B002 of 19 Nov")):
        page = front.made_anew(language)
        assert chip(front) == words
    front.touch(page.print_rail.print_button)
    event = front.log("issue")[-1]
    assert (event.service, event.data["return_of"]) == ("B", "B002@2026-11-19")
    assert "place" not in event.data
    # A deferred ticket claims its early place, and the rail says so.
    hall.queue("B")
    front.follow()
    scan(front, code_of(hall, "B001", YESTERDAY))
    assert chip(front) == "Returning for B001 of 19 Nov, early place"
    assert page.draft.first == ChosenServiceOrItem("B", "gmgh")
    assert "0 people" in texts_of(page.print_rail)
    front.touch(page.print_rail.print_button)
    assert hall.ticket("B003").place == hall.ticket("B001", YESTERDAY).arrived
    scan(front, code_of(hall, "B003", hall.date))
    assert page.stage.currentWidget() is page.ticket_stage, "a code of today"
    assert page.ticket_stage.facts.label == "B003"
    front.keys(ESCAPE)
    toast = page.acts.toast
    for text in ("QD1 XX 2026-11-19 B002 ABCDEF", "QD1 H1 2026-11-19 B002 ABCDEF", "QD1 odd"):
        toast.dismiss()
        scan(front, text)
        assert page.draft is None, f"{text} is not ours"
        assert toast.isVisible() and toast.text(), text
    # A code read beside the papers links the ticket under way.
    front.touch(page.front.board.tiles["A"])
    scan(front, code_of(hall, "B002", YESTERDAY))
    assert (page.draft.first, chip(front)) == (ChosenServiceOrItem("A"), "Returning for B002 of 19 Nov")
    front.touch(page.papers.back_chip)
    assert chip(front) == ""
    front.touch(page.print_rail.print_button)
    assert "return_of" not in front.log("issue")[-1].data


@pytest.mark.hall(make=after_a_day)
def test_number_day_or_reference_are_written_with_the_screens_own_keys_or_by_keys_alone(front):
    page, tile = front.page, front.page.front.board.tiles["B"]
    front.touch(tile, page.papers.return_button)
    dialog = front.question(EarlierTicketDialog)
    assert dialog.yes_button.text() == "Fill in one of the two first"
    for key in ("b", "2", "9"):
        front.touch(dialog.keys.keys[key])
    front.touch(dialog.yes_button)
    assert dialog.trouble.text() == "The earlier ticket B029 is not found; please check its number and date."
    front.touch(dialog.keys.keys["delete"])
    assert dialog.yes_button.text() == "Link B002"
    front.touch(dialog.yes_button)
    assert chip(front) == "Returning for B002 of 19 Nov"
    page.go_back()
    front.keys("zz", ESCAPE)
    front.touch(tile)
    assert chip(front) == ""
    page.papers.return_button.setFocus(Qt.FocusReason.TabFocusReason)
    front.keys(Qt.Key.Key_Space, Qt.Key.Key_Tab, Qt.Key.Key_Tab, "SQ 7", ENTER)
    assert chip(front) == "Belongs to SQ 7"
    front.touch(page.print_rail.print_button)
    assert front.log("issue")[-1].data["ref"] == "SQ 7"
    # Numbers are taken as people write them, and days begin with yesterday and end with today.
    setup = setup_from_document(preset("power"))
    typed = {"b12": "B012", "B-012": "B012", " a7 ": "A007", "7": "", "B": "", "": ""}
    assert {text: typed_ticket_label(setup, text) for text in typed} == typed
    days = earlier_ticket_days_offered(date(2026, 11, 20))
    assert (days[0], days[1], days[-1]) == (date(2026, 11, 19), date(2026, 11, 18), date(2026, 11, 20))


def test_a_visit_again_for_papers_is_one_touch_more_and_gone_with_the_customer(front):
    page, item, repeat = front.page, front.page.front.board.items[1], front.page.papers.repeat_box
    assert front.give(item, repeat).data["repeat"] is True
    assert front.touches == 3
    for number in "456":
        front.meanwhile("set-row", "windows", number, {"services": ["A"]})
    front.touch(item)
    assert not repeat.isChecked()
    rows = [(row.name.text(), row.figure.text()) for row in page.print_rail.findChildren(LabelledFigureRow)]
    assert rows[-1] == ("Window", "3"), "one is named in the singular"
    page.go_back()
    front.touch(page.front.board.tiles["D"])
    assert not repeat.isVisible(), "where no papers are needed nobody can have come without"
