"""What a kiosk issues, refuses and says instead, with and without a printer, and how far it says that a case is."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import zxingcpp
from msgspec.structs import replace
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from queuedesk.core.errors import OutsideError
from queuedesk.core.log.state import UnconfirmedClockJump
from queuedesk.core.network.roles import actor_of_station
from queuedesk.desk import setting_up
from queuedesk.desk.talk import devices
from queuedesk.features.kiosk.pages.controller import GONE_S, LEAST_DIGITS, NOTE_DOWN_S, RING_S, TICKET_S
from queuedesk.features.kiosk.pages.station import SEEK_PRINTER_EVERY
from queuedesk.features.kiosk.pages.taking import ANOTHER_S, SLOW_S, TicketOrder
from queuedesk.features.web import verbs
from queuedesk.features.web.rules import TRIES, TRY_AGAIN_S
from queuedesk.printing.qr import ticket_code_text
from queuedesk.printing.spooler import PrinterService
from queuedesk.stations import service_search
from queuedesk.stations.window.context import InlineTasks
from tests.desk.stage import only_shown
from tests.features.kiosk.conftest import SMALL, UPRIGHT, WIDE, Kiosk, import_states
from tests.features.kiosk.test_layout import row
from tests.hall import ADMIN, Hall, at, near_closing, refused
from tests.stations.stubs import lend, stub
from tests.stations.whole_words import drawn, settled

NOT_NOW: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"hours": [{"days": "1-7", "from": "13:00", "to": "17:00"}]}, "opens at 13:00", "from 13:00 today"),
    ({"last_ticket": "9:30"}, "last ticket was at 9:30", "Everyone with a ticket will still be served today"),
    ({"quota": 1}, "no tickets left today", "tomorrow from 8:30"),
    ({"line_limit": 1}, "many people are waiting", "a little later"),
    ({"last": 1}, "no tickets left today", "tomorrow from 8:30"),
    ({"message": "请用手机", "message_en": "Please use the app."}, "no ticket needed", "Please use the app."),
)
PHONE = "13800138000"
HAS_ONE = (
    "This phone or card has a ticket for today",
    "If you have lost it or missed your call, the front desk is happy to help.",
)
SCAN = "Or hold the code on your ticket up to the scanner"


def test_one_touch_gives_a_ticket_so_soon_after_it_asks_for_whom_the_next_is_and_a_display_is_promised_where_one_runs(
    kiosk: Kiosk,
):
    kiosk.page.page_openers()["ticket"]()
    assert (kiosk.stage, kiosk.view.ticket.ticket_label) == ("ticket", "B001"), "the newest that waits, as a picture"
    assert (len(kiosk.issued()), kiosk.paper.slips) == (3, [])
    kiosk.does.go_home()
    kiosk.service("B")
    event = kiosk.issued()[-1]
    assert (event.ticket, event.service, event.actor, event.data["class"]) == ("B002", "B", "station:K1", "normal")
    assert (kiosk.stage, kiosk.view.ticket.ticket_label, kiosk.paper.slips) == ("ticket", "B002", ["B002"])
    kiosk.pass_seconds(TICKET_S - 1)
    assert (kiosk.stage, "1 s" in kiosk.view.ticket.said.done.second) == ("ticket", True)
    assert kiosk.pass_seconds(1) == ("greeting", ""), "the page goes back by itself"
    kiosk.pass_seconds(ANOTHER_S - TICKET_S)
    assert kiosk.service("A") == ("ticket", ""), "the next customer is asked nothing"
    kiosk.touch(kiosk.view.ticket.done_key)
    kiosk.service("A", settled=False)
    assert (len(kiosk.issued()), kiosk.stage, kiosk.sheet) == (5, "greeting", ""), "a double press"
    for answer, given, stage in (("no", 5, "greeting"), ("go", 6, "ticket")):
        assert kiosk.service("B") == ("greeting", "another")
        kiosk.answer(answer)
        assert (len(kiosk.issued()), kiosk.stage, kiosk.sheet) == (given, stage, "")
    kiosk.next_customer()
    desk, display = kiosk.hall.desk, kiosk.hall.ask(actor_of_station("display"))
    for change, told in (
        (None, "The display and the voice will call your number."),
        (devices.record_station_stop, "We will call your number."),
        (devices.record_station_start, "The display will show your number."),
    ):
        if change:
            change(desk, display, "display", "display")
        if change is devices.record_station_start:
            only_shown(kiosk.hall)
        kiosk.follow()
        kiosk.service("A")
        assert kiosk.view.ticket.said.last.removeprefix("Please take a seat. ") == told
        kiosk.next_customer()


class BusyLanes(InlineTasks):
    """Lanes that have other things to do first, and a printer that takes its time: all is kept until `finish`."""

    def __init__(self) -> None:
        self.held: list[Callable[[], None]] = []

    def run_in_side_lane(self, *work: Any, may_drop: bool = False) -> None:
        self.held.append(partial(self.run, *work))

    run_in_long_work_lane = run_in_side_lane

    def finish(self) -> None:
        while self.held:
            self.held.pop(0)()


def test_without_paper_or_while_the_slip_is_long_in_coming_the_number_is_to_be_noted_and_goes_with_the_customer(
    kiosk: Kiosk,
):
    kiosk.paper.trouble = OutsideError("no_printer", printer="P")
    kiosk.service("A")
    said = kiosk.view.ticket.said
    assert said.title == "Please remember your number"
    assert "A003" in said.last and "valid" in said.last
    assert kiosk.pass_seconds(TICKET_S) == ("ticket", "")
    assert kiosk.pass_seconds(NOTE_DOWN_S - TICKET_S) == ("ticket", "still-there")
    # The next customer's touches keep no number on the screen.
    kiosk.next_customer()
    kiosk.paper.trouble = OutsideError("printer_refused", printer="P", cause="paper_jam")
    kiosk.service("A")
    assert kiosk.view.ticket.said.last.startswith("No slip (paper jammed). Please write down A004; it is valid.")
    for _time in range(3):
        kiosk.pass_seconds(NOTE_DOWN_S / 3)
        QTest.mouseClick(kiosk.view.ticket, Qt.MouseButton.LeftButton, pos=QPoint(4, kiosk.view.ticket.height() // 2))
    assert kiosk.sheet == "still-there"
    assert kiosk.pass_seconds(RING_S) == ("greeting", "")
    kiosk.next_customer()
    kiosk.service("B")
    kiosk.pass_seconds(NOTE_DOWN_S - 1)
    kiosk.key(Qt.Key.Key_Tab)
    assert kiosk.pass_seconds(NOTE_DOWN_S - 1) == ("ticket", ""), "who looks for a button is there"
    kiosk.next_customer()
    kiosk.paper.trouble = None
    printer = kiosk.page.context.tasks = BusyLanes()
    kiosk.service("A")
    said = kiosk.view.ticket.said
    assert (said.title, "slow" in said.last) == ("Your ticket is being printed", False)
    kiosk.pass_seconds(SLOW_S)
    slow = "The printer is slow. Please write down A005; it is valid without a slip."
    assert kiosk.view.ticket.said.last == slow
    assert kiosk.pass_seconds(TICKET_S) == ("ticket", ""), "there is time to note it"
    printer.finish()
    assert kiosk.view.ticket.said.title == "Please take your ticket"
    assert kiosk.pass_seconds(TICKET_S) == ("greeting", "")
    assert NOTE_DOWN_S > TICKET_S + SLOW_S


def test_without_a_slip_a_phone_reads_the_page_of_the_visit_from_the_screen(hall: Hall, make_kiosk):
    setting_up.choose_features(hall.desk, hall.ask(), on=("web",))
    hall.do("set-hall", {"web_address": "http://192.168.1.20:8080"})
    kiosk = make_kiosk(hall)
    for size in (UPRIGHT, WIDE, SMALL):
        kiosk.page.resize(*size)
        settled()
        kiosk.service("A")
        assert kiosk.view.ticket.said.code == "", "the slip has it"
        kiosk.next_customer()
        kiosk.paper.trouble = OutsideError("printer_refused", printer="P")
        kiosk.service("A")
        label = kiosk.issued()[-1].ticket
        link = verbs.link_document(hall.desk, label, hall.clock())["link"]
        picture = kiosk.view.ticket.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        shades = Image.frombytes("L", (picture.bytesPerLine(), picture.height()), bytes(picture.constBits()))
        assert [read.text for read in zxingcpp.read_barcodes(shades)] == [link], size
        assert kiosk.pass_seconds(NOTE_DOWN_S) == ("ticket", "still-there")
        assert kiosk.pass_seconds(RING_S) == ("greeting", "")
        kiosk.next_customer()
        kiosk.paper.trouble = None


def test_several_services_are_one_ticket_and_class_language_and_need_are_this_customers(kiosk: Kiosk):
    greeting = kiosk.view.greeting

    def given(code: str = "A") -> dict[str, Any]:
        assert kiosk.service(code) == ("ticket", "")
        return kiosk.issued()[-1].data

    kiosk.side("several")
    assert kiosk.touch(greeting.take_key) == ("greeting", ""), "nothing is chosen"
    kiosk.service("A")
    assert [greeting.services[code].isChecked() for code in "AB"] == [True, False]
    kiosk.touch(greeting.back_key)
    assert (kiosk.does.several, kiosk.does.chosen) == (False, []), "back leaves the list"
    kiosk.side("several")
    kiosk.service("C", "B", "A", "B")
    kiosk.touch(greeting.take_key)
    assert (kiosk.issued()[-1].service, kiosk.issued()[-1].data["steps"]) == ("C", ["A"])
    assert kiosk.view.ticket.said.service == "C New connection, then A Pay a bill"
    # A class holds for one ticket.
    kiosk.next_customer()
    for klass in ("elderly", "normal", "elderly"):
        kiosk.side("priority")
        if klass == "elderly":
            assert "class appointment" not in kiosk.view.sheet.keys
            kiosk.answer("class elderly")
        assert (kiosk.does.klass, kiosk.sheet) == (klass, ""), "it can be taken back"
    assert given()["class"] == "elderly"
    kiosk.next_customer()
    assert given()["class"] == "normal"
    kiosk.next_customer()
    kiosk.hall.do("set-row", "services", "B", {"last": 1})
    kiosk.does._follow_events([])
    assert kiosk.service("B") == ("greeting", "sorry"), "the desk refuses it"
    assert kiosk.answer("ok") == ("greeting", "")
    # A language that somebody speaks is noted.
    for spoken in (None, "英语"):
        kiosk.next_customer()
        if spoken:
            kiosk.meanwhile("set-row", "staff", "C1", {"languages": [spoken]})
        kiosk.does.set_language("en")
        assert given().get("speaks") == spoken
    # Who has a ticket can ask to be fetched where the hall offers it.
    assert not kiosk.view.ticket.fetch_key.isVisible()
    kiosk.next_customer()
    kiosk.meanwhile("set-setting", "kiosk_fetch", "on")
    given()
    for need in ("wheelchair", ""):
        assert kiosk.touch(kiosk.view.ticket.fetch_key) == ("ticket", "fetch")
        kiosk.answer(f"need {need}")
        ticket = kiosk.does.hall_state.tickets[kiosk.does.taking.given.day, kiosk.view.ticket.ticket_label]
        assert (ticket.fetch_reason, kiosk.sheet, kiosk.stage) == (need, "", "ticket")
        assert (kiosk.view.ticket.said.fetch.words == "Someone will come and get you") is bool(need)
        assert "wheel" not in str(kiosk.view.ticket.said)


def test_a_key_that_gives_no_ticket_says_why_and_what_else_also_without_the_halls_file(kiosk: Kiosk):
    key = kiosk.view.greeting.services["B"]
    usual = next(row for row in kiosk.does.kiosk_setup.document["services"] if row["code"] == "B")
    for changes, on_key, instead in NOT_NOW:
        assert not key.is_dashed, f"before {changes}"
        kiosk.meanwhile("set-row", "services", "B", changes)
        assert key.is_dashed and on_key in key.accessibleName(), changes
        kiosk.service("B")
        assert (kiosk.sheet, len(kiosk.issued())) == ("sorry", 3), changes
        assert instead in kiosk.view.sheet.said.sentence, changes
        kiosk.does.go_home()
        kiosk.meanwhile("set-row", "services", "B", {name: usual.get(name) for name in changes})
    keys = kiosk.view.greeting.services.values()
    kiosk.page.show_hall_away(at("9:58"))
    assert all(key.is_dashed for key in keys)
    assert kiosk.view.away == "No updates since 9:58. For a number, please ask a member of staff."
    kiosk.service("A")
    assert kiosk.view.sheet.said.sentence == "Please ask a member of staff for a number on paper."
    kiosk.page.show_hall_away(None)
    assert (kiosk.sheet, kiosk.view.away) == ("", ""), "what it said is not so any more"
    jump = UnconfirmedClockJump(last=at("9:58"), now=at("9:58") + timedelta(days=1), waiting=4)
    kiosk.does.show_refusal_sheet(jump.clock_ahead_error())
    assert kiosk.view.sheet.said.sentence == "Please ask a member of staff."
    kiosk.does.go_home()
    assert not any(key.is_dashed for key in keys)
    kiosk.meanwhile("set-row", "services", "B", {"quota": 1})
    kiosk.side("several")
    kiosk.service("B")
    assert (kiosk.sheet, kiosk.does.chosen) == ("sorry", []), "it is not chosen among several"
    kiosk.does.go_home()
    for code in ("A", "B"):
        kiosk.meanwhile("set-row", "services", code, {"group": "柜台", "group_en": "Counter"})
    kiosk.does.open_group("柜台")
    kiosk.service("B")
    assert "Tickets are still available for Pay a bill." in kiosk.view.sheet.said.sentence


def test_a_long_message_is_shown_to_its_end_and_the_title_says_from_when_and_until_when(kiosk: Kiosk):
    message = "这项业务现在都在网上办理，" * 37 + "请看公告。"
    kiosk.meanwhile("set-row", "services", "D", {"message": message, "message_en": ""})
    for size in (WIDE, UPRIGHT):
        kiosk.does.go_home()
        kiosk.page.resize(*size)
        settled()
        kiosk.service("D")
        assert "".join(kiosk.view.sheet.sentence_lines()).endswith("请看公告。")
        assert kiosk.page.rect().contains(kiosk.view.sheet.keys["ok"].geometry())
    kiosk.does.go_home()
    kiosk.meanwhile("set-row", "services", "D", {"message": "", "message_en": ""})

    def title(time: str) -> str:
        kiosk.hall.clock.now = at(time)
        kiosk.pass_seconds(0)
        return kiosk.view.greeting.said.title

    title("16:30")
    assert "tickets until 17:00" in kiosk.view.greeting.services["A"].accessibleName(), "the last is near"
    assert title("17:10") == "Tickets until 17:00; tomorrow from 8:30"
    for service in kiosk.does.kiosk_setup.services:
        kiosk.meanwhile("set-row", "services", service, {"last_ticket": None})
    assert (title("7:00"), title("23:00")) == ("Tickets from 8:30 today", "Tickets from 8:30 tomorrow")


def test_a_key_says_when_a_ticket_taken_now_may_not_be_called_today(make_kiosk, hall):
    hours = [{"days": "1-7", "from": "8:30", "to": "10:40"}]
    hall.do("set-row", "services", "A", {"hours": hours, "last_ticket": None})
    hall.play("queue A A A A", *["serve-out 1 minutes=3"] * 6)
    kiosk = make_kiosk(hall)
    key, late = kiosk.view.greeting.services["A"], "may not be called today; we close at 10:40"
    assert "no wait" in key.accessibleName() and "may not be called" not in key.accessibleName()
    hall.queue(*"A" * 60)
    kiosk.follow()
    kiosk.service("A")
    assert (late in key.accessibleName(), kiosk.stage) == (True, "ticket")


def test_whoever_types_a_phone_number_learns_nothing_of_the_ticket_that_it_has(kiosk: Kiosk) -> None:
    assert kiosk.service("B") == ("ticket", ""), "nobody is asked"
    kiosk.next_customer()
    kiosk.meanwhile("set-setting", "one_number", "on", who=ADMIN)
    sheet = kiosk.view.sheet

    def give(number: str) -> tuple[str, str, int]:
        kiosk.type_in(number)
        assert sheet.said.typed == number
        kiosk.answer("go")
        return kiosk.stage, kiosk.sheet, len(kiosk.issued())

    kiosk.service("A")
    assert give(PHONE[: LEAST_DIGITS - 1]) == ("greeting", "person", 4), "too few digits"
    kiosk.type_in(["delete"])
    assert sheet.said.typed == PHONE[: LEAST_DIGITS - 2]
    kiosk.answer("no")
    kiosk.service("A")
    assert give(PHONE) == ("ticket", "", 5), "going back forgets what was typed"
    label = kiosk.does.taking.last
    kiosk.next_customer()
    kiosk.service("A")
    assert give(PHONE) == ("greeting", "sorry", 5)
    assert (sheet.said.title, sheet.said.sentence, [*sheet.keys]) == (*HAS_ONE, ["ok"])
    for verb, words in (("call", {"ticket": label, "reason": "frail"}), ("miss", {})):
        kiosk.answer("ok")
        kiosk.meanwhile(verb, "1", **words)
        kiosk.service("A")
        assert give(PHONE) == ("greeting", "sorry", 5)
        told = (sheet.said.title, sheet.said.sentence, [*sheet.keys])
        assert told == (*HAS_ONE, ["ok"]), "the same, whatever becomes of that ticket"
    assert kiosk.paper.slips == ["B002", label], "nobody gets its slip again by a phone number"
    kiosk.answer("ok")
    kiosk.service("A")
    kiosk.does.handle_scan("CARD 330106-1978")
    kiosk.follow()
    assert (kiosk.stage, len(kiosk.issued())) == ("ticket", 6), "a card at the scanner is enough"
    kiosk.next_customer()
    kiosk.service("A")
    QTest.keyClicks(kiosk.view.sheet, "33010619X")
    assert sheet.said.typed == "33010619X", "most readers type, also letters"
    kiosk.press(Qt.Key.Key_Return)
    assert (kiosk.stage, len(kiosk.issued())) == ("ticket", 7)
    kiosk.next_customer("several")
    kiosk.service("A", "B")
    kiosk.touch(kiosk.view.greeting.take_key)
    give("13900139000")
    assert [event.data.get("steps") for event in kiosk.issued()[7:]] == [["B"]], "several services are one number"
    assert PHONE not in str([event.data for event in kiosk.issued()])


def test_whoever_tries_the_numbers_of_others_is_answered_ever_more_slowly(kiosk: Kiosk) -> None:
    taking, said = kiosk.does.taking, kiosk.view.sheet
    kiosk.meanwhile("set-setting", "one_number", "on", who=ADMIN)
    kiosk.hall.do("issue", "A", person=PHONE)
    issued = len(kiosk.issued())
    for _guess in range(TRIES):
        taking.issue_and_print_ticket(TicketOrder(("A",)), person=PHONE)
        assert said.said.title == HAS_ONE[0]
    taking.issue_and_print_ticket(TicketOrder(("A",)), person="13900139000")
    assert said.said.title == "One moment, please", "nothing is looked up meanwhile"
    assert said.said.sentence == "Too many tries here; please wait 3 s, then try again."
    kiosk.answer("ok")
    kiosk.pass_seconds(TRY_AGAIN_S)
    kiosk.service("A")
    kiosk.type_in(PHONE)
    kiosk.answer("go")
    assert said.said.title == HAS_ONE[0]
    kiosk.pass_seconds(TRY_AGAIN_S)
    kiosk.answer("ok")
    kiosk.service("A")
    kiosk.type_in("13900139000")
    kiosk.answer("go")
    assert (kiosk.stage, len(kiosk.issued())) == ("ticket", issued + 1), "a phone without a ticket is no guess"


@pytest.fixture
def where(kiosk: Kiosk) -> Kiosk:
    kiosk.side("where")
    return kiosk


def figures(kiosk: Kiosk) -> dict[str, str]:
    return {word: " ".join(run.text for run in runs) for word, runs in kiosk.view.where.said.facts}


def test_a_waiting_ticket_says_how_many_are_ahead_and_follows_the_hall(where: Kiosk):
    where.pad("A002")
    said = where.view.where.said
    assert (said.number, said.state_word, figures(where)["Still ahead, in all"]) == ("A002", "Waiting", "1 person")
    assert figures(where)["When called"] == "Windows 1\u2060–\u20606"
    assert said.reason.startswith("A002 is waiting because 1 ticket is ahead of it (window"), "nobody passed it by"
    label = where.hall.issue("A")
    where.meanwhile("call", "6", ticket=label, reason="Mr Wang knows the manager")
    told = where.view.where.said.reason
    assert told == f"Called first though they came later: {label} (chosen by staff).", "not what staff wrote"
    where.meanwhile("call", "1")
    assert figures(where)["Still ahead, in all"] == "0 people"
    where.hall.play("start 1", "finish 1", "start 6", "finish 6")
    for code in "13456":
        where.meanwhile("close", code)
    assert figures(where)["When called"] == "Window 2", "one window is one window"
    where.meanwhile("call", "2")
    now = where.view.where.said
    assert (now.state, now.reason) == ("called", ""), "who is at a window is told no reason"
    assert figures(where) == {"Please go now to": "Window 2", "The way": "right, area B"}


def test_a_missed_ticket_is_sent_to_the_front_desk_or_to_a_new_one(where: Kiosk):
    for label, told in (("A001", "front desk"), ("A002", "Please take a new ticket.")):
        where.hall.call("1")
        where.meanwhile("miss", "1")
        where.pad(label, anew=True)
        said = where.view.where.said
        assert (said.state, told in said.sentence) == ("missed", True)
        where.hall.do("set-row", "services", "A", {"max_returns": 0})


def test_a_number_is_typed_printed_again_once_and_lets_the_next_person_go_first(where: Kiosk):
    stage, does, setup = where.view.where, where.does, where.does.kiosk_setup
    only_a = replace(setup, services={"A": setup.services["A"]})
    assert service_search.ticket_number_after_key(only_a, "", "7") == "A7", "one letter is left out"
    assert (stage.said.letters, stage.said.boxes) == (("A", "B", "C", "D"), ("", "", "", "")), "the letters in use"
    assert stage.said.hint == SCAN
    assert "—" not in {word.text for word in drawn(where.view).words}
    where.pad("5")
    assert does.place.number == "", "a letter comes first"
    where.pad("A00")
    typed = [word.text for word in drawn(where.view).words if word.on is stage and len(word.text) == 1]
    assert (stage.said.boxes, typed, stage.said.sentence) == (("A", "0", "0", ""), ["A", "0", "0"], "1 more digit")
    where.pad("2")
    assert "A002" in {word.text for word in drawn(where.view).words}
    assert stage.said.hint == "For another ticket, enter its letter and digits or scan its code"
    where.pad("345")
    assert does.place.number == "A0023", "four digits are the most"
    where.pad("C777")
    assert (stage.said.state, stage.said.facts) == ("", ())
    assert "There is no ticket C777 today" in stage.said.sentence
    where.pad(["delete"])
    assert does.place.number == "C77"
    where.pad("", anew=True)
    assert does.place.number == ""
    QTest.keyClicks(where.view, "b001")
    where.key(Qt.Key.Key_Backspace)
    assert does.place.number == "B00", "a keyboard does the same"
    where.touch(stage.back_key)
    where.side("where")
    assert stage.said.number == "", "nothing of it is left for the next customer"
    key = stage.reprint_key
    where.touch(key)
    assert where.paper.slips == []
    where.pad("A001")
    where.touch(key, key)
    assert where.paper.slips == ["A001 again"]
    where.paper.trouble = OutsideError("no_printer", printer="P", ticket="A002")
    where.pad("A002", anew=True)
    where.touch(key)
    does.close_sheet()
    assert key.text() == stage.said.reprint.words == "Nothing was printed", "there is nothing to be taken"

    # Letting the next person go first, where the hall says so.
    where.pad("A001", anew=True)
    assert stage.said.postpone is None
    with refused(where.hall, "not_your_role"):
        where.hall.do("postpone", "A001", who=actor_of_station("K1"))
    where.pad("", anew=True)
    where.meanwhile("set-setting", "kiosk_postpone", "on")
    where.pad("A001")
    where.touch(stage.postpone_key)
    assert (where.log("postpone"), stage.said.postpone.words) == ([], "Touch again to confirm")
    where.pad("A002")
    assert stage.said.postpone.words == "Let the next person go first", "another number starts the question anew"
    where.pad("A001")
    where.touch(stage.postpone_key, stage.postpone_key)
    (event,) = where.log("postpone")
    assert (event.ticket, event.actor) == ("A001", "station:K1")
    assert figures(where)["Still ahead, in all"] == "1 person"
    assert stage.said.postpone.words == "Done: the next person goes first"
    where.pad("A001")
    assert stage.said.postpone is None, "once, as the hall allows"


def test_a_scanned_code_leads_there_from_any_page(kiosk: Kiosk):
    does, today, code = kiosk.does, kiosk.page.context.feed.business_date, kiosk.does.kiosk_setup.hall.code
    first, second = kiosk.hall.ticket("A001"), kiosk.hall.ticket("B001")
    does.handle_scan(ticket_code_text(code, today, "A001", first.token))
    assert (kiosk.stage, does.place.number) == ("where", "A001")
    does.go_home()
    kiosk.page.activateWindow()
    kiosk.side("info")
    QTest.keyClicks(kiosk.view, ticket_code_text(code, today, "B001", second.token))
    kiosk.key(Qt.Key.Key_Return)
    assert (kiosk.stage, does.place.number, does.finder.query) == ("where", "B001", ""), "a reader types it"
    does.go_home()
    does.handle_scan(ticket_code_text(code, today - timedelta(days=1), "A001", "ABCDEF"))
    assert "yesterday" in kiosk.view.sheet.said.sentence
    does.handle_scan(ticket_code_text("ELSE", today, "A001", "ABCDEF"))
    assert "There is no ticket A001 today" in kiosk.view.sheet.said.title
    does.close_sheet()
    does.handle_scan("4006381333931")
    assert (kiosk.stage, kiosk.sheet) == ("greeting", ""), "no ticket's code"


def test_without_a_printer_a_number_is_remembered_and_nothing_is_offered_that_prints(kiosk: Kiosk):
    chosen, hall = [""], kiosk.hall
    printers = stub(PrinterService, system_printer_names=lambda: ["P"], chosen_or_default_printer=lambda: chosen[-1])
    lend(kiosk.page.context, printers=printers)
    kiosk.does.taking.look_for_printer()
    kiosk.page.context.tasks = BusyLanes()
    kiosk.service("A")
    said, last = kiosk.view.ticket.said, "The display and the voice will call your number."
    assert (said.to_note, said.title, said.last) == (True, "Please remember your number", last)

    def hint(reported: str = "") -> str:
        """Return what the place in line says of slips, after the front desk's printer has reported this."""
        kiosk.does.go_home()
        if reported:
            devices.record_device_state(hall.desk, hall.ask(actor_of_station("guide")), "printer", "guide", reported)
            kiosk.follow()
        kiosk.side("where")
        return str(kiosk.view.where.said.hint)

    kiosk.page.context.tasks = InlineTasks()
    assert hint() == ""
    kiosk.pad("A001")
    assert kiosk.view.where.said.hint == "For another ticket, enter its letter and digits"
    assert hint("out_of_paper") == SCAN, "the front desk prints, though it is out of paper"
    assert hint("stopped") == "", "it was given up for numbers by hand"
    kiosk.does.go_home()
    hall.play(*[24 * 60, "queue A A B"] * 3)
    kiosk.follow()
    for is_printing in (False, True):
        if is_printing:
            chosen.append("P")
            hall.clock.now += SEEK_PRINTER_EVERY
            kiosk.page.tick(hall.clock())
        kiosk.look_up("A001")
        assert kiosk.view.where.reprint_key.isVisible() is is_printing
        kiosk.side("info", anew=True)
        assert kiosk.view.search.quiet_key.isVisible() is is_printing
        row(kiosk, "Account services", "Change of name")
        assert kiosk.view.info.print_key.isVisible() is is_printing
        assert ("Print" in " ".join(word.text for word in drawn(kiosk.page).words)) is is_printing
        kiosk.does.go_home()


@pytest.mark.hall(make=near_closing)
def test_the_key_is_dark_with_its_reason_in_both_languages(kiosk: Kiosk) -> None:
    before = len(kiosk.issued())
    for lang in ("en", "zh_CN"):
        kiosk.speak(lang)
        assert kiosk.view.greeting.services["A"].is_dashed
        kiosk.service("A")
        said = kiosk.view.sheet.said
        assert kiosk.sheet == "sorry" and "17:30" in said.sentence and "8:30" in said.sentence
        kiosk.answer("ok")
    assert len(kiosk.issued()) == before
    assert not any(letter.isascii() and letter.isalpha() for letter in said.title + said.sentence), "in Chinese"


# -- how far a case is: by keys on the screen or a reader, slower for guesses, counted if it saved a visit -------------
@pytest.fixture
def cases(kiosk: Kiosk) -> Kiosk:
    """A kiosk whose hall has imported states while it stood there."""
    setting_up.choose_features(kiosk.hall.desk, kiosk.hall.ask(), on=("web",))
    kiosk.follow()
    assert "case" not in dict(kiosk.view.greeting.said.sides), "nothing was imported"
    import_states(kiosk.hall)
    kiosk.follow()
    return kiosk


def type_reference(kiosk: Kiosk, text: str) -> tuple[str, str]:
    for sign in text:
        kiosk.touch(kiosk.view.case.keys[sign], settled=False)
    return kiosk.touch(kiosk.view.case.give_key)


def saved(kiosk: Kiosk) -> list[str]:
    return [event.data["place"] for event in kiosk.log("web.enquiry")]


def test_a_case_is_found_by_what_is_typed_or_read_and_a_visit_without_a_ticket_is_counted(cases: Kiosk) -> None:
    kiosk, sheet = cases, cases.view.sheet
    kiosk.side("case")
    assert (kiosk.stage, kiosk.view.case.give_key.accessibleName()) == ("case", "Enter the reference")
    assert type_reference(kiosk, "gz202617") == ("case", "case"), "the signs between the letters may be left out"
    told = "GZ-2026-17\nsince 2026-11-20\nPlease bring your ID to window 3"
    assert (sheet.said.title, sheet.said.sentence) == ("In review", told)
    assert saved(kiosk) == [], "they may take a ticket yet"
    assert kiosk.answer("more") == ("case", "")
    # A reader types like a keyboard, and Enter.
    QTest.keyClicks(QApplication.focusWidget(), "GZ 18")
    kiosk.press(Qt.Key.Key_Return)
    assert (sheet.said.title, sheet.said.sentence) == ("Ready", "GZ18")
    assert kiosk.answer("go") == ("greeting", "")
    assert saved(kiosk) == ["kiosk"], "two cases are one visit"
    assert "GZ" not in str(kiosk.log("web.enquiry")[-1].data), "not which case"
    # Who takes a ticket after the answer saved no visit.
    kiosk.next_customer("case")
    type_reference(kiosk, "gz18")
    kiosk.answer("more")
    kiosk.touch(kiosk.view.case.back_key)
    assert kiosk.service("A") == ("ticket", "")
    kiosk.next_customer()
    assert saved(kiosk) == ["kiosk"]
    # Who goes away without a touch saved one.
    kiosk.side("case")
    type_reference(kiosk, "gz18")
    kiosk.answer("more")
    kiosk.touch(kiosk.view.case.back_key)
    kiosk.pass_seconds(GONE_S)
    kiosk.follow()
    assert saved(kiosk) == ["kiosk", "kiosk"]
    # The state is told in the customer's language.
    kiosk.next_customer("language")
    kiosk.side("case")
    type_reference(kiosk, "gz202617")
    assert (sheet.said.title, sheet.said.sentence) == ("审核中", "GZ-2026-17\n自 2026-11-20\n请带身份证到三号窗口领取")


def test_wrong_references_are_refused_in_plain_words_ever_more_slowly_and_only_while_the_hall_uses_the_web(
    cases: Kiosk,
) -> None:
    kiosk, sheet = cases, cases.view.sheet
    kiosk.side("case")
    assert type_reference(kiosk, "x1") == ("case", "sorry")
    assert sheet.said.title == "Nothing found for x1"
    assert "front desk" in sheet.said.sentence
    kiosk.answer("ok")
    assert kiosk.view.case.said is not None and kiosk.view.case.said.written == "x1", "it can be mended"
    for _guess in range(TRIES):
        kiosk.does.case.ask_case_progress("en")
    kiosk.does.case.write("GZ 18")
    kiosk.does.case.ask_case_progress("en")
    assert sheet.said.title == "One moment, please", "nothing is looked up meanwhile"
    kiosk.answer("ok")
    kiosk.pass_seconds(TRY_AGAIN_S)
    kiosk.touch(kiosk.view.case.give_key)
    assert sheet.said.title == "Ready"
    # A hall without the web sees nothing of cases.
    kiosk.does.go_home()
    for choice, is_there in (({}, True), ({"off": ["web"]}, False)):
        setting_up.choose_features(kiosk.hall.desk, kiosk.hall.ask(), **choice)
        kiosk.follow()
        offered = [*dict(kiosk.view.greeting.said.sides), *kiosk.page.page_openers()]
        assert offered.count("case") == 2 * is_there


def test_an_answer_that_comes_late_is_not_shown_to_the_next_customer(cases: Kiosk) -> None:
    kiosk = cases
    lane = kiosk.does.context.tasks = BusyLanes()
    for reference in ("gz18", "x1"):
        kiosk.next_customer("case")
        assert type_reference(kiosk, reference) == ("case", "")
        kiosk.next_customer("case")
        lane.finish()
        assert kiosk.stands() == ("case", "") and kiosk.does.case.found is None
    assert saved(kiosk) == [], "nobody was answered"
    # Who mends the reference meanwhile gets the answer to what stands there.
    type_reference(kiosk, "gz18")
    kiosk.does.case.write("gz202617")
    kiosk.does.ask_case_progress()
    lane.finish()
    assert (kiosk.sheet, kiosk.view.sheet.said.title) == ("case", "In review")
