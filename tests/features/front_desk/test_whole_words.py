"""Everything the front desk shows, at every size, in both languages and contrasts: nothing is cut, nothing moves."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from queuedesk.app.station.program import show_missing_files_card, show_unexpected_error_card
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.state import UnconfirmedClockJump
from queuedesk.core.quality.inspection import CLOSING, OPENING
from queuedesk.desk.quality.casework import NewCaseData
from queuedesk.features.appointments import verbs as booking
from queuedesk.features.appointments.verbs import AppointmentRequest
from queuedesk.features.morning.pages.signing import (
    LACKING,
    BriefingDialog,
    HallOpeningAndClosingSigner,
    SigningDialog,
    all_items_of_sheet_to_sign,
)
from queuedesk.features.one_number.pages import PhoneOrCardNumberDialog
from queuedesk.features.web.pages.enquiry import CaseEnquiryController, FrontDeskCaseEnquiryDialog
from queuedesk.features.web.rules import CaseProgress
from queuedesk.features.web.verbs import progress
from queuedesk.i18n import error_sentence
from queuedesk.printing.choice import PrinterService, parse_receipt_printer_choice
from queuedesk.stations.acts import ticket_acts
from queuedesk.stations.acts.printer_choice import ReceiptPrinterDialog
from queuedesk.stations.widgets.message_place import StationMessage, WholeMessageDialog
from queuedesk.stations.window.day_dialog import open_day_picker_dialog
from queuedesk.stations.window.shell import DoubtfulClockQuestion
from tests.hall import GUIDE, MANAGER, at
from tests.stations.coming_and_going import Messages
from tests.stations.guide.conftest import FrontDesk
from tests.stations.shapes import Shape
from tests.stations.stubs import lend, stub
from tests.stations.whole_words import Sights, typed_words

LEAST_ROOM = {"1024x768, 150 %"}
"""Where a message takes the place of the station's name."""

IN_EACH_LANGUAGE = True


@pytest.fixture
def sights(front: FrontDesk, shapes: dict[str, Shape]) -> Sights:
    context = front.page.context
    return Sights(front.page, context.look, typed_words(context.feed.setup), shapes)


def test_every_stage_is_whole(front: FrontDesk, sights: Sights) -> None:
    page, hall = front.page, front.hall
    messages = Messages(page, hall, front.follow)
    sights.take_closely("nobody")
    hall.queue("A", "A", "B", "C", minutes_apart=4)
    for window in ("1", "2"):
        hall.call(window)
    hall.do("miss", "1")
    front.follow()
    page.tick(hall.clock())
    sights.take("a line, one missed")
    hall.do("case-open", NewCaseData(klass="complaint", owner=GUIDE.name, title="更名过户"), who=MANAGER)
    front.follow()
    sights.take_closely("a line, one missed, an own case")
    front.touch(page.front.board.tiles["B"])
    sights.take("papers")
    sights.let_come("papers", messages, at_once=True)
    front.touch(page.papers.add_button)
    sights.take_closely("a second service")
    page.go_back()
    page.go_back()
    page.show_ticket("A002")
    sights.take("a ticket")
    sights.let_come("a ticket", messages, at_once=True)
    page.show_tiles_and_reset()
    page.open_number_search()
    sights.take_closely("a number")
    page.show_tiles_and_reset()
    page.hall_rail.all_wanted.emit()
    sights.take("the line")
    sights.let_come("the line", messages, at_once=True)
    page.hall_rail.missed_wanted.emit()
    sights.take_closely("the missed")
    sights.let_come("the missed", messages, at_once=True)
    page.added["appointments"].open_stage()
    sights.take_closely("no appointments")
    sights.let_come("no appointments", messages, at_once=True)
    page.show_tiles_and_reset()
    sights.take_message("away", partial(page.show_hall_away, hall.clock()), partial(page.show_hall_away, None))
    sights.read_each(messages)
    for shape in LEAST_ROOM & sights.shapes.keys():
        sights.speak(shape, "en")
        sights.read_now(messages, colors=False)
    sights.let_come("front", messages)
    sights.must_be_whole()


def test_every_stage_is_whole_without_a_printer(front: FrontDesk, sights: Sights) -> None:
    page = front.page
    page.head.top.set_quiet_mark("Demonstration")
    front.printer.trouble = OutsideError("no_printer")
    lend(page.context, printers=stub(PrinterService, system_printer_names=list, chosen_or_default_printer=str))
    page.controller.look_for_printer()
    front.hall.queue("A", "A", "B", "C")
    front.follow()
    sights.take_closely("a line")
    page.show_ticket("A002")
    sights.take_closely("a ticket")
    page.show_tiles_and_reset()
    front.touch(page.front.board.items[1])
    sights.take_closely("papers")
    front.touch(page.print_rail.not_ready_button)
    sights.take_closely("papers to read out")
    front.touch(page.read_out_stage.done_button)
    front.touch(page.front.board.tiles["B"])
    front.touch(page.print_rail.print_button)
    sights.take_closely("a number")
    sights.must_be_whole()


def test_every_question_is_whole(front: FrontDesk, sights: Sights) -> None:
    page, hall, look = front.page, front.hall, sights.look
    hall.do("set-row", "staff", "C1", {"languages": ["English", "Русский"]})
    told = CaseProgress("GZ-2026-0017", "审核中", "2026-11-20", "请带身份证到三号窗口领取")
    english = ("In review", "Please bring your ID to window 3")
    progress.replace_case_progress(hall.desk, hall.ask(MANAGER), [progress.CaseState(told, *english)])
    hall.do("book", AppointmentRequest(service="B", at=at("14:00"), name="王小明", contact="138 0013 8000"), who=GUIDE)
    (booked,) = booking.appointments_between_dates(hall.desk, hall.date)
    for service in ("A", "B"):
        hall.do("issue", service, who=GUIDE)
    front.follow()
    front.touch(page.front.board.tiles["A"])
    page.added["appointments"].open_stage()
    page.show_tiles_and_reset()
    printer = parse_receipt_printer_choice("escpos:net:192.168.1.50")
    trouble = OutsideError("no_printer", ticket="A001")
    known = stub(
        PrinterService,
        system_printer_names=lambda: ["T1", "Office"],
        plugged_receipt_printers=lambda: [("escpos:usb:04b8:0e15", "EPSON TM-T20")],
        chosen_or_default_printer=lambda: "T1",
    )
    lend(page.context, printers=known, folder=lambda part: Path("/data", part))
    now = page.context.feed.setup.to_hall_time(hall.clock())
    clock = DoubtfulClockQuestion(page.context, page, lambda: page.messages, is_staff=True)
    briefing = hall.do("briefing", ["新收费表从今天起执行，旧表收起来"], ["The new fees hold from today"], who=MANAGER)

    def sign(what: str) -> None:
        asked = SigningDialog(
            page, look, HallOpeningAndClosingSigner(page.context), what, all_items_of_sheet_to_sign(page.context, what)
        )
        asked.open_dialog()
        asked.rows[0].buttons[LACKING].click()

    def ask_whose() -> None:
        asked = PhoneOrCardNumberDialog(page.drafting)
        asked.open_dialog()
        details = {"ticket": "A001", "service": "A", "state": "waiting", "ahead": 12}
        page.controller.refused.emit("issue", RuleError("has_number", **details))

    def ask_case(*, is_told: bool) -> None:
        asked = FrontDeskCaseEnquiryDialog(page, page.context.look, CaseEnquiryController(page.context, page))
        asked.reference.set_value("GZ-2026-0017")
        asked.open_dialog()
        if is_told:
            asked.yes_button.click()

    def doubt_clock() -> None:
        clock.end_doubt()
        clock.note_doubt_and_ask(
            UnconfirmedClockJump(last=now, now=now + timedelta(days=1), waiting=4).clock_ahead_error()
        )

    sights.take_questions(
        {
            "message": page.talk.open_message_dialog,
            "help": page.talk.talking.open_help_dialog,
            "emergency": page.talk.talking.open_emergency_dialog,
            "its end": page.talk.talking.ask_to_end_emergency,
            "read": lambda: WholeMessageDialog(
                page, look, StationMessage("blue", "message", "请到三号窗口来一下")
            ).open_dialog(),
            "reprint": page.acts.ask_ticket_to_reprint,
            "undo": page.acts.ask_undo_of_last_ticket,
            "appointment": page.added["appointments"].board_actions.ask_new_appointment,
            "booked": lambda: page.added["appointments"].board_actions.open_appointment_dialog(booked["appointment"]),
            "briefing": lambda: BriefingDialog(page, look, briefing).open_dialog(),
            "signing open": lambda: sign(OPENING),
            "signing closed": lambda: sign(CLOSING),
            "a day": lambda: open_day_picker_dialog(
                page, look, list, chosen=hall.date, first=hall.date, last=hall.date
            ),
            "coming back": page.drafting.ask_earlier_ticket,
            "whose ticket": ask_whose,
            "a case": partial(ask_case, is_told=False),
            "a case, told": partial(ask_case, is_told=True),
            "offer": lambda: page.drafting.ask_alternative_channel_for_ticket("A", "A001"),
            "right line": lambda: page.acts.ask_redirect("A001"),
            "who fetches": lambda: ticket_acts.fetch_reason_question(page, look, "A001").open_dialog(),
            "a new one fetched": lambda: ticket_acts.fetch_reason_question(page, look, "").open_dialog(),
            "language": lambda: ticket_acts.customer_language_choice_dialog(
                page, look, page.context.feed.setup
            ).open_dialog(),
            "left": lambda: ticket_acts.customer_left_confirm_dialog(page, look, "A001").open_dialog(),
            "void": lambda: ticket_acts.void_ticket_reason_dialog(page, look, "A001").open_dialog(),
            "printers": page.printer_choice.ask_printer,
            "clock": doubt_clock,
            "receipt printer": lambda: ReceiptPrinterDialog(page, look, printer, title="TM-T20").open_dialog(),
            "not whole": lambda: show_missing_files_card(page, look, ["fonts/QDSans-SC.ttf", "icons/bell.svg"]),
            "unforeseen": lambda: show_unexpected_error_card(
                page, look, "/home/user/QueueDesk/logs/2026-11-20-guide.log"
            ),
            "no slip": lambda: ticket_acts.UnprintedTicketNumberNotice(
                page, look, "A001", error_sentence(trouble)
            ).open_dialog(),
        }
    )
    sights.must_be_whole()
