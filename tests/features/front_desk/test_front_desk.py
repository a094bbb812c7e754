"""What features add at the front desk, and everything that it shows, at every size: nothing is cut, nothing moves."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from queuedesk.app.station.program import show_missing_files_card, show_unexpected_error_card
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.log.state import UnconfirmedClockJump
from queuedesk.core.quality.inspection import CLOSING, OPENING
from queuedesk.desk import setting_up
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
from queuedesk.features.web import verbs
from queuedesk.features.web.pages import CASES, CaseEnquiryController, FrontDeskCaseEnquiryDialog
from queuedesk.features.web.papers import avoided_visits_lines
from queuedesk.features.web.rules import PLACES, CaseProgress
from queuedesk.i18n import LANGUAGES, error_sentence
from queuedesk.printing.spooler import PrinterService, parse_receipt_printer_choice
from queuedesk.stations.acts import ticket_acts
from queuedesk.stations.acts.printer_choice import ReceiptPrinterDialog
from queuedesk.stations.guide.drafting import AlternativeChannelDialog
from queuedesk.stations.guide.screen_keys import DELETE
from queuedesk.stations.manager.parts.records import RecordPage
from queuedesk.stations.widgets.message_place import StationMessage, WholeMessageDialog
from queuedesk.stations.window.day_dialog import open_day_picker_dialog
from queuedesk.stations.window.shell import DoubtfulClockQuestion
from tests.files.spreadsheets import write_rows
from tests.hall import ADMIN, GUIDE, MANAGER, at
from tests.stations.guide.conftest import FrontDesk
from tests.stations.shapes import Shape
from tests.stations.stubs import lend, stub
from tests.stations.whole_words import Messages, Sights, typed_words

STATES = "reference,state,since,note,state_en,note_en\nGZ-1,审核中,11月20日,请带证件,In review,Bring your ID\nGZ-2,可领取,,,,\n"
ENTRY = "How far is a case?"


@pytest.fixture
def states(tmp_path: Path) -> Path:
    file = tmp_path / "states.csv"
    file.write_text(STATES, encoding="utf-8")
    return file


def entry_of(front: FrontDesk) -> list[object]:
    return [one.act for one in front.page.menu_entries() if one.text == ENTRY]


def test_the_front_desk_answers_by_reference_and_counts_who_needs_no_ticket(front: FrontDesk, states: Path) -> None:
    hall = front.hall
    assert not entry_of(front), "the hall has no web"
    setting_up.choose_features(hall.desk, hall.ask(), on=("web",))
    front.follow()
    assert not entry_of(front), "the back office has said nothing"
    verbs.import_case_progress(hall.desk, hall.ask(MANAGER), str(states))
    front.follow()

    def ask() -> FrontDeskCaseEnquiryDialog:
        (act,) = entry_of(front)
        act()
        asked: FrontDeskCaseEnquiryDialog = front.question(FrontDeskCaseEnquiryDialog)
        return asked

    asked = ask()
    for key in "gz1":
        front.touch(asked.keys.keys[key])
    front.touch(asked.yes_button)
    assert (asked.state.text(), asked.more.text()) == ("In review", "GZ-1 · since 11月20日 · Bring your ID")
    front.keys(Qt.Key.Key_Escape)
    assert [event.data["place"] for event in front.log("web.enquiry")] == ["front_desk"]
    assert front.page.acts.toast.text() == "Counted: answered without a ticket"
    # Who needs a ticket after the answer is not counted, nor who was not answered.
    asked = ask()
    front.keys("gz2", Qt.Key.Key_Return)
    assert asked.state.text() == "可领取", "the file has it in one language"
    front.touch(asked.ticket_button)
    asked = ask()
    front.keys("gz3", Qt.Key.Key_Return)
    assert asked.trouble.text() == "Nothing is known under gz3; please check it, or ask at the front desk."
    front.touch(asked.no_button)
    assert len(front.log("web.enquiry")) == 1


def test_a_manager_imports_the_states_by_a_button_and_sees_the_visits_saved(
    front: FrontDesk, states: Path, qtbot: QtBot
) -> None:
    hall, context = front.hall, front.page.context
    setting_up.choose_features(hall.desk, hall.ask(), on=("web",))
    context.who = ADMIN
    page = RecordPage(context, CASES)
    qtbot.addWidget(page)
    said: list[str] = []
    page.said.connect(lambda text, _icon: said.append(text))
    page.refresh(hall.clock())
    page.show()

    def choose(file: Path) -> None:
        page.buttons[0].click()
        (dialog,) = [one for one in page.window().findChildren(QFileDialog) if one.isVisible()]
        dialog.findChild(QLineEdit).setText(str(file))  # the dialog begins where the one before it ended
        dialog.accept()
        qtbot.waitUntil(lambda: not page.controller.busy)

    choose(states)
    assert said == ["2 cases imported."] and verbs.has_progress(hall.desk)
    states.write_text("reference,state\nA1,Ready\nA1,Lost\n", encoding="utf-8")
    choose(states)
    assert "A1 is also in an earlier row" in page.banner.accessibleName()
    assert verbs.case_progress_document(hall.desk, "GZ-1")["state"] == "审核中", "nothing was taken over"
    rows = [["受理编号", "状态", "日期", "备注"], ["GZ-3", "可领取", date(2026, 11, 20), ""]]
    choose(write_rows(states.with_name("states.xlsx"), rows))
    assert said[1:] == ["1 case imported."]
    assert verbs.case_progress_document(hall.desk, "GZ-3")["since"] == "2026-11-20"
    verbs.record_case_enquiry(hall.desk, hall.ask(GUIDE), "kiosk")
    hall.clock.move(days=1)
    for place in (*PLACES, "kiosk"):
        verbs.record_case_enquiry(hall.desk, hall.ask(GUIDE), place)
    page.controller.refresh(anew=True)
    assert [row[1:] for row in page.table.rows.cell_texts_of_all_rows()] == [["1", "2", "1", "4"], ["0", "1", "0", "1"]]


def test_the_days_report_counts_them_by_place(front: FrontDesk) -> None:
    hall = front.hall
    assert avoided_visits_lines(hall.desk, hall.date) == []
    for place in ("phone", "phone", "kiosk"):
        verbs.record_case_enquiry(hall.desk, hall.ask(GUIDE), place)
    (line,) = avoided_visits_lines(hall.desk, hall.date)
    assert [line(lang) for lang in LANGUAGES] == [
        "少跑的趟数：3 人查了办理进度，没有取号（手机 2，取号机 1，引导台 0）。",
        "Visits saved: 3 people asked about a case and took no ticket (phone 2, kiosk 1, front desk 0).",
    ]
    assert avoided_visits_lines(hall.desk, hall.date + timedelta(days=1)) == []
    hall.must_follow_from_its_log()


def test_an_offer_is_noted_in_two_touches_and_who_takes_it_needs_no_ticket(front: FrontDesk) -> None:
    page = front.page

    def offer(by: Any, to: str, *, taken: bool) -> tuple[str | None, bool]:
        front.touches = 0
        front.touch(by)
        question = front.question(AlternativeChannelDialog)
        front.touch((question.taken if taken else question.declined)[to])
        event = front.log("offer")[-1]
        assert (front.touches, event.service, event.data["to"]) == (2, "A", to)
        return event.ticket, event.data["accepted"]

    front.touch(page.front.board.items[0])
    assert offer(page.papers.offer_button, "self_service", taken=True) == (None, True)
    assert (page.draft, page.acts.toast.text()) == (None, "Noted: Self-service, accepted")
    front.touch(page.front.board.tiles["A"])
    assert offer(page.papers.offer_button, "bank", taken=False) == (None, False)
    front.touch(page.print_rail.print_button)
    assert front.printer.slips == ["A001"], "who declines gets the ticket"
    page.show_ticket("A001")
    assert offer(page.ticket_stage.buttons["offer"], "online", taken=True) == ("A001", True)
    assert (front.hall.ticket("A001").state, page.stage.currentWidget()) == ("waiting", page.ticket_stage), (
        "nothing moves"
    )
    lend(page.context, printers=stub(PrinterService, system_printer_names=list, chosen_or_default_printer=str))
    page.controller.look_for_printer()
    page.show_tiles_and_reset()
    page.show_ticket("A001")
    buttons = page.ticket_stage.buttons
    assert (buttons["reprint"].isVisible(), buttons["offer"].isVisible()) == (False, True), "no printer is needed"


def test_where_the_hall_wants_one_number_a_person_the_desk_asks_whose_it_is(front: FrontDesk) -> None:
    """Whoever has a ticket hears which, and gets its slip again; one more needs a reason."""
    page, tile, hall = front.page, front.page.front.board.tiles["A"], front.hall
    front.give("A")
    assert hall.log()[-1].kind == "issue", "nobody is asked"
    hall.do("set-setting", "one_number", "on", who=ADMIN)
    front.follow()
    front.touch(tile, page.print_rail.print_button)
    asked = front.question(PhoneOrCardNumberDialog)
    assert (asked.yes_button.text(), asked.yes_button.isEnabled()) == ("Enter the number", False)
    for key in "13800138":
        front.touch(asked.keys.keys[key])
    front.touch(asked.yes_button)
    label = front.log("issue")[-1].ticket
    assert front.is_at_the_start and front.printer.slips[-1] == label
    front.touch(tile, page.print_rail.print_button)
    asked = front.question(PhoneOrCardNumberDialog)
    # A card's reader types what it reads, and Enter.
    front.keys("138-00-138", Qt.Key.Key_Return)
    assert asked.trouble.text() == f"This person already has {label} for A; 1 person is ahead."
    assert front.log("issue")[-1].ticket == label
    front.touch(asked.again_button)
    assert front.is_at_the_start and front.printer.slips[-1] == f"{label} again"
    front.touch(tile, page.print_rail.print_button)
    asked = front.question(PhoneOrCardNumberDialog)
    front.keys("13800138", Qt.Key.Key_Return)
    assert asked.trouble.isVisible()
    asked.reason.edit.setFocus()
    for key in ("f", "o", DELETE):  # the keys on the screen follow the cursor
        front.touch(asked.keys.keys[key])
    assert (asked.person.value(), asked.reason.value()) == ("13800138", "f")
    front.keys("or her mother", Qt.Key.Key_Return)
    assert front.is_at_the_start
    assert front.log("issue")[-1].data["waive"] == "for her mother"
    front.touch(tile, page.print_rail.print_button)
    front.question(PhoneOrCardNumberDialog)
    front.keys(Qt.Key.Key_Escape)
    assert page.stage.currentWidget() is page.papers, "the ticket under way stays"
    assert "13800138" not in str([event.data for event in front.log("issue")])


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
    verbs.replace_case_progress(hall.desk, hall.ask(MANAGER), [verbs.CaseState(told, *english)])
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
