"""What a kiosk issues, refuses and says instead, with and without a printer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from queuedesk import i18n
from queuedesk.app.services import papers
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import station
from queuedesk.desk import looking
from queuedesk.desk.talk import devices
from queuedesk.printing.qr import ticket_text
from queuedesk.stations.display.texts import elsewhere_lines
from queuedesk.stations.kiosk.controller import LEAST_DIGITS, NOTE_DOWN_S, RING_S, TICKET_S
from queuedesk.stations.kiosk.station import SEEK_PRINTER_EVERY
from queuedesk.stations.kiosk.taking import ANOTHER_S, SLOW_S
from queuedesk.stations.models import search
from queuedesk.stations.window.context import InlineTasks, Printers
from tests.desk.equipment import only_shown
from tests.hall import ADMIN, Hall, at, near_closing
from tests.stations.kiosk.conftest import UPRIGHT, WIDE, Kiosk
from tests.stations.kiosk.test_layout import row
from tests.stations.stubs import lend, stub
from tests.stations.whole_words import drawn, settled

NOT_NOW: dict[str, tuple[dict[str, Any], str, str]] = {
    "closed": ({"hours": [{"days": "1-7", "from": "13:00", "to": "17:00"}]}, "opens at 13:00", "from 13:00 today"),
    "last": ({"last_ticket": "9:30"}, "last ticket was at 9:30", "Everyone with a ticket will still be served today"),
    "quota": ({"quota": 1}, "no tickets left today", "tomorrow from 8:30"),
    "line": ({"line_limit": 1}, "many people are waiting", "a little later"),
    "numbers": ({"last": 1}, "no tickets left today", "tomorrow from 8:30"),
    "message": (
        {"message": "请用手机", "message_en": "Please use the app."},
        "no ticket needed",
        "Please use the app.",
    ),
}
PHONE = "13800138000"
SCAN = "Or hold the code on your ticket up to the scanner"


def test_one_touch_gives_a_ticket_and_so_soon_after_it_is_asked_whom_the_next_is_for(kiosk: Kiosk):
    before = len(kiosk.issued())
    kiosk.page.pages()["ticket"]()
    assert (kiosk.stage, kiosk.view.ticket.label) == ("ticket", "B001"), "the newest that waits, as a picture"
    assert [fact for fact, _runs in kiosk.view.ticket.said.facts][:1] == ["Wait"]
    assert (len(kiosk.issued()), kiosk.paper.slips) == (before, [])
    kiosk.does.home()

    kiosk.service("B")
    event = kiosk.issued()[-1]
    assert len(kiosk.issued()) == before + 1
    assert (event.ticket, event.service, event.actor) == ("B002", "B", "station:K1")
    assert event.data["class"] == "normal"
    assert kiosk.paper.slips == [("B002", False)]
    assert (kiosk.stage, kiosk.view.ticket.label) == ("ticket", "B002")
    assert "Please take your ticket" in kiosk.view.ticket.said.title

    kiosk.pass_seconds(TICKET_S - 1)
    assert kiosk.stage == "ticket"
    assert "1 s" in kiosk.view.ticket.said.done.second
    kiosk.pass_seconds(1)
    assert kiosk.stage == "greeting", "the page goes back by itself"
    kiosk.pass_seconds(ANOTHER_S - TICKET_S)
    kiosk.service("A")
    assert (kiosk.stage, kiosk.sheet) == ("ticket", ""), "the next customer is asked nothing"

    kiosk.next_customer()
    kiosk.service("A")
    kiosk.touch(kiosk.view.ticket.done_key)
    given = len(kiosk.issued())
    kiosk.service("A", settled=False)
    assert (len(kiosk.issued()), kiosk.stage, kiosk.sheet) == (given, "greeting", ""), "a double press"

    kiosk.service("B")
    assert (kiosk.sheet, len(kiosk.issued())) == ("another", given)
    kiosk.answer("no")
    assert (len(kiosk.issued()), kiosk.stage, kiosk.sheet) == (given, "greeting", "")
    kiosk.service("B")
    kiosk.answer("go")
    assert (kiosk.stage, kiosk.issued()[-1].service) == ("ticket", "B")


def test_the_page_promises_a_display_only_where_one_runs(kiosk: Kiosk):
    kiosk.service("A")
    both = kiosk.view.ticket.said
    kiosk.next_customer()
    devices.stopped(kiosk.hall.desk, kiosk.hall.ask(station("display")), "display", "display")
    kiosk.follow()
    kiosk.service("A")
    nobody = kiosk.view.ticket.said
    kiosk.next_customer()
    devices.started(kiosk.hall.desk, kiosk.hall.ask(station("display")), "display", "display")
    only_shown(kiosk.hall)
    kiosk.follow()
    kiosk.service("A")
    shown = kiosk.view.ticket.said

    assert both.last == "Please take a seat. The display and the voice will call your number."
    assert nobody.last == "Please take a seat. We will call your number."
    assert shown.last == "Please take a seat. The display will show your number."


def test_without_paper_the_number_is_to_be_noted_and_goes_with_the_customer(kiosk: Kiosk):
    kiosk.paper.trouble = OutsideError("no_printer", printer="P")
    kiosk.service("A")
    said = kiosk.view.ticket.said

    assert said.title == "Please remember your number"
    assert "A003" in said.last and "valid" in said.last
    kiosk.pass_seconds(TICKET_S)
    assert kiosk.stage == "ticket"
    kiosk.pass_seconds(NOTE_DOWN_S - TICKET_S)
    assert kiosk.sheet == "still-there"

    # The next customer's touches keep no number on the screen.
    kiosk.next_customer()
    kiosk.paper.trouble = OutsideError("printer_refused", printer="P")
    kiosk.service("A")
    beside = QPoint(4, kiosk.view.ticket.height() // 2)
    for _time in range(3):
        kiosk.pass_seconds(NOTE_DOWN_S / 3)
        QTest.mouseClick(kiosk.view.ticket, Qt.MouseButton.LeftButton, pos=beside)
    assert kiosk.sheet == "still-there"
    kiosk.pass_seconds(RING_S)
    assert kiosk.stage == "greeting"

    kiosk.next_customer()
    kiosk.service("B")
    kiosk.pass_seconds(NOTE_DOWN_S - 1)
    kiosk.key(Qt.Key.Key_Tab)
    kiosk.pass_seconds(NOTE_DOWN_S - 1)
    assert (kiosk.stage, kiosk.sheet) == ("ticket", ""), "who looks for a button is there"


def test_several_services_are_one_ticket_and_class_language_and_need_are_this_customers(kiosk: Kiosk):
    greeting = kiosk.view.greeting
    kiosk.side("several")
    kiosk.service("A")
    assert (greeting.services["A"].isChecked(), greeting.services["B"].isChecked()) == (True, False)
    kiosk.touch(greeting.back_key)
    assert (kiosk.does.several, kiosk.does.chosen) == (False, []), "back leaves the list"

    kiosk.side("several")
    kiosk.touch(greeting.take_key)
    assert kiosk.stage == "greeting", "nothing is chosen"
    for code in ("C", "B", "A", "B"):
        kiosk.service(code)
    kiosk.touch(greeting.take_key)
    event = kiosk.issued()[-1]
    assert (event.service, event.data["steps"]) == ("C", ["A"])
    assert kiosk.view.ticket.said.service == "C New connection, then A Pay a bill"

    # A class holds for one ticket.
    kiosk.next_customer()
    kiosk.side("priority")
    assert "class appointment" not in kiosk.view.sheet.keys
    kiosk.answer("class elderly")
    kiosk.side("priority")
    assert (kiosk.does.klass, kiosk.sheet) == ("normal", ""), "it can be taken back"

    kiosk.side("priority")
    kiosk.answer("class elderly")
    kiosk.service("A")
    assert kiosk.issued()[-1].data["class"] == "elderly"
    kiosk.next_customer()
    kiosk.service("A")
    assert kiosk.issued()[-1].data["class"] == "normal"

    kiosk.next_customer()
    kiosk.hall.do("set-row", "services", "B", {"last": 1})
    kiosk.does._follow([])
    kiosk.service("B")
    assert (kiosk.sheet, kiosk.stage) == ("sorry", "greeting"), "the desk refuses it"
    kiosk.answer("ok")
    assert kiosk.sheet == ""

    # A language that somebody speaks is noted.
    kiosk.next_customer()
    kiosk.does.set_language("en")
    kiosk.service("A")
    assert "speaks" not in kiosk.issued()[-1].data
    kiosk.next_customer()
    kiosk.hall.do("set-row", "staff", "C1", {"languages": ["英语"]})
    kiosk.follow()
    kiosk.does.set_language("en")
    kiosk.service("A")
    assert kiosk.issued()[-1].data["speaks"] == "英语"

    # Who has a ticket can ask to be fetched where the hall offers it.
    kiosk.next_customer()
    kiosk.service("A")
    assert not kiosk.view.ticket.fetch_key.isVisible()
    kiosk.next_customer()
    kiosk.hall.do("set-setting", "kiosk_fetch", "on")
    kiosk.follow()
    kiosk.service("A")
    kiosk.touch(kiosk.view.ticket.fetch_key)
    assert kiosk.sheet == "fetch"
    kiosk.answer("need wheelchair")

    ticket = kiosk.does.state.tickets[kiosk.does.taking.given.day, kiosk.view.ticket.label]
    assert (ticket.need, kiosk.sheet, kiosk.stage) == ("wheelchair", "", "ticket")
    assert kiosk.view.ticket.said.fetch.words == "Someone will come and get you"
    assert "wheel" not in str(kiosk.view.ticket.said)
    kiosk.touch(kiosk.view.ticket.fetch_key)
    kiosk.answer("need ")
    assert kiosk.does.state.tickets[ticket.id].need == ""


def test_a_key_says_why_and_what_else_in_both_languages(kiosk: Kiosk):
    before = len(kiosk.issued())
    key = kiosk.view.greeting.services["B"]
    row = next(row for row in kiosk.does.setup.document["services"] if row["code"] == "B")
    for case, (changes, on_key, instead) in NOT_NOW.items():
        assert not key.is_dashed, f"before {case}"
        kiosk.hall.do("set-row", "services", "B", changes)
        kiosk.follow()

        assert key.is_dashed, case
        assert on_key in key.accessibleName(), case
        kiosk.service("B")
        assert kiosk.sheet == "sorry", case
        assert instead in kiosk.view.sheet.said.sentence, case
        assert len(kiosk.issued()) == before, case

        kiosk.does.home()
        i18n.use("zh_CN")
        kiosk.page.retranslate()
        kiosk.service("B")
        said = kiosk.view.sheet.said
        assert kiosk.sheet == "sorry", case
        assert said.title + said.sentence
        assert not any(letter.isascii() and letter.isalpha() for letter in said.title + said.sentence), case

        kiosk.does.home()
        i18n.use("en")
        kiosk.page.retranslate()
        kiosk.hall.do("set-row", "services", "B", {name: row.get(name) for name in changes})
        kiosk.follow()


def test_without_the_halls_file_no_key_gives_a_ticket_and_another_service_of_the_group_is_named(kiosk: Kiosk):
    kiosk.page.show_away(at("9:58"))
    assert all(key.is_dashed for key in kiosk.view.greeting.services.values())
    assert kiosk.view.away == "No updates since 9:58. For a number, please ask a member of staff."
    kiosk.service("A")
    assert kiosk.view.sheet.said.sentence == "Please ask a member of staff for a number on paper."

    kiosk.page.show_away(None)
    assert kiosk.sheet == "", "what it said is not so any more"
    assert not any(key.is_dashed for key in kiosk.view.greeting.services.values())
    assert kiosk.view.away == ""

    kiosk.hall.do("set-row", "services", "B", {"quota": 1})
    kiosk.follow()
    kiosk.side("several")
    kiosk.service("B")
    assert (kiosk.sheet, kiosk.does.chosen) == ("sorry", []), "it is not chosen among several"

    for code in ("A", "B"):
        kiosk.hall.do("set-row", "services", code, {"group": "柜台", "group_en": "Counter"})
    kiosk.does.home()
    kiosk.follow()
    kiosk.does.open_group("柜台")
    kiosk.service("B")
    assert "Tickets are still available for Pay a bill." in kiosk.view.sheet.said.sentence


def test_a_long_message_is_shown_to_its_end_and_the_title_says_from_when_and_until_when(kiosk: Kiosk):
    message = "这项业务现在都在网上办理，" * 37 + "请看公告。"
    kiosk.hall.do("set-row", "services", "D", {"message": message, "message_en": ""})
    kiosk.follow()
    for size in (UPRIGHT, WIDE):
        kiosk.does.home()
        kiosk.page.resize(*size)
        settled()
        kiosk.service("D")
        assert "".join(kiosk.view.sheet.lines()).endswith("请看公告。")
        assert kiosk.page.rect().contains(kiosk.view.sheet.keys["ok"].geometry())

    kiosk.does.home()
    kiosk.page.resize(*UPRIGHT)
    kiosk.hall.do("set-row", "services", "D", {"message": "", "message_en": ""})
    kiosk.follow()

    def title(time: str) -> str:
        kiosk.hall.clock.now = at(time)
        kiosk.page.tick(kiosk.hall.clock())
        return kiosk.view.greeting.said.title

    title("16:30")
    assert "tickets until 17:00" in kiosk.view.greeting.services["A"].accessibleName(), "the last is near"
    assert title("17:10") == "Tickets until 17:00; tomorrow from 8:30"
    i18n.use("zh_CN")
    kiosk.page.retranslate()
    assert kiosk.view.greeting.said.title == "今天取号到 17:00，明天 8:30"

    i18n.use("en")
    kiosk.page.retranslate()
    for service in kiosk.does.setup.services:
        kiosk.hall.do("set-row", "services", service, {"last_ticket": None})
    kiosk.follow()
    assert title("7:00") == "Tickets from 8:30 today"
    assert title("23:00") == "Tickets from 8:30 tomorrow"


def test_a_key_says_when_a_ticket_taken_now_may_not_be_called_today(make_kiosk, hall):
    hall.do(
        "set-row", "services", "A", {"hours": [{"days": "1-7", "from": "8:30", "to": "10:40"}], "last_ticket": None}
    )
    hall.queue(*"A" * 4)
    for _customer in range(6):
        hall.serve_out("1", minutes=3)
    kiosk = make_kiosk(hall)
    key = kiosk.view.greeting.services["A"]
    assert "no wait" in key.accessibleName()
    assert "may not be called" not in key.accessibleName()
    hall.queue(*"A" * 60)
    kiosk.follow()

    assert "may not be called today; we close at 10:40" in key.accessibleName()
    kiosk.service("A")
    assert kiosk.stage == "ticket"


@pytest.fixture
def peak(kiosk: Kiosk) -> Kiosk:
    """Pay a bill has two other ways, to be named from the wait that is told now."""
    hall = kiosk.hall
    hall.do("set-row", "services", "A", {"elsewhere": ["self_service", "bank"]}, who=ADMIN)
    hall.do("set-setting", "peak_minutes", 1, who=ADMIN)
    hall.queue(*"AAAAAAAA")
    kiosk.follow()
    kiosk.pass_seconds(11)
    return kiosk


def offers(kiosk: Kiosk) -> list[tuple[str, bool]]:
    kiosk.follow()
    return [(one.to, one.accepted) for one in kiosk.hall.whole().offers]


def test_whoever_goes_elsewhere_takes_no_ticket_and_whoever_stays_gets_one(peak: Kiosk) -> None:
    before = len(peak.issued())
    peak.service("A")
    assert (peak.sheet, len(peak.issued())) == ("elsewhere", before)
    keys = peak.view.sheet.keys
    assert [keys[code].accessibleName() for code in ("to self_service", "to bank")] == ["Self-service", "Bank"]

    peak.answer("to bank")
    assert (offers(peak), peak.sheet) == ([("bank", True)], "goes"), "who goes is counted"
    assert peak.view.sheet.said.sentence.startswith("Bank: you don't need a ticket.")
    peak.answer("ok")
    assert (peak.stage, peak.sheet, len(peak.issued())) == ("greeting", "", before)
    assert peak.hall.log()[-1].actor == "station:K1"

    peak.next_customer()
    peak.service("A")
    peak.answer("go")
    assert peak.stage == "ticket"
    assert offers(peak)[1:] == [("self_service", False)], "who stays is counted once"
    label = peak.issued()[-1].ticket or ""
    slip = papers.ticket_slip(peak.hall.whole(), peak.hall.date, label, peak.hall.clock())
    assert {slip.elsewhere, slip.also.elsewhere if slip.also else ""} >= {"其他办理渠道：自助机、银行"}

    state, now = peak.hall.whole(), peak.hall.clock()
    (line,) = elsewhere_lines(peak.does.state, now)
    assert line.startswith("Pay a bill: "), "the display names them during the peak"
    assert line.endswith("Also possible: Self-service, Bank.")
    assert state.setup_now is not None
    peak.hall.do("set-setting", "peak_minutes", 240, who=ADMIN)
    peak.follow()
    assert elsewhere_lines(peak.does.state, now) == []


def test_nothing_is_offered_otherwise(peak: Kiosk) -> None:
    peak.service("B")
    assert (peak.stage, offers(peak)) == ("ticket", []), "no other way"

    peak.next_customer()
    peak.does.choose_class("elderly")
    peak.service("A")
    assert (peak.stage, offers(peak)) == ("ticket", []), "priority"

    peak.next_customer()
    peak.does.set_several(True)
    peak.service("A")
    peak.service("B")
    peak.ms[0] += 1000
    peak.does.take_chosen()
    peak.wait_quietly()
    assert (peak.stage, offers(peak)) == ("ticket", []), "several"

    peak.next_customer()
    peak.service("A")
    assert peak.sheet == "elsewhere"
    peak.answer("no")
    assert (peak.stage, peak.sheet, offers(peak)) == ("greeting", "", []), "going back counts nothing"

    peak.hall.do("set-hall", {"features": []}, who=ADMIN)
    peak.follow()
    peak.service("A")
    assert (peak.stage, offers(peak)) == ("ticket", []), "a hall that offers no other way"
    peak.next_customer()

    peak.hall.do("set-hall", {"features": ["why_come"]}, who=ADMIN)
    peak.hall.do("set-setting", "peak_minutes", 0, who=ADMIN)
    peak.follow()
    peak.service("A")
    assert (peak.stage, offers(peak)) == ("ticket", []), "no peak"


def type_in(kiosk: Kiosk, digits: str) -> None:
    for digit in digits:
        kiosk.touch(kiosk.view.sheet.pad[digit], settled=False)


def test_a_second_ticket_for_the_same_number_is_refused_without_saying_which(kiosk: Kiosk) -> None:
    kiosk.service("B")
    assert (kiosk.sheet, kiosk.stage, len(kiosk.issued())) == ("", "ticket", 4), "nobody is asked"
    kiosk.next_customer()
    kiosk.hall.do("set-setting", "one_number", "on", who=ADMIN)
    kiosk.follow()

    kiosk.service("A")
    assert (kiosk.sheet, len(kiosk.issued())) == ("person", 4)
    type_in(kiosk, PHONE[: LEAST_DIGITS - 1])
    kiosk.answer("go")
    assert (kiosk.sheet, len(kiosk.issued())) == ("person", 4), "too few digits"
    kiosk.touch(kiosk.view.sheet.pad["delete"], settled=False)
    assert kiosk.view.sheet.said.typed == PHONE[: LEAST_DIGITS - 2]
    kiosk.answer("no")
    kiosk.service("A")
    assert (kiosk.sheet, kiosk.view.sheet.said.typed) == ("person", ""), "going back forgets them"
    type_in(kiosk, PHONE)
    assert kiosk.view.sheet.said.typed == PHONE
    kiosk.answer("go")
    assert (kiosk.stage, len(kiosk.issued())) == ("ticket", 5)
    label = kiosk.does.taking.last

    kiosk.next_customer()
    kiosk.service("A")
    type_in(kiosk, PHONE)
    kiosk.answer("go")
    said = kiosk.view.sheet.said
    assert (kiosk.sheet, len(kiosk.issued())) == ("sorry", 5)
    assert "already" in said.title
    assert label not in said.title + said.sentence

    kiosk.answer("ok")
    kiosk.service("A")
    kiosk.does.scan("CARD 330106-1978")
    kiosk.follow()
    assert (kiosk.stage, len(kiosk.issued())) == ("ticket", 6), "a card at the scanner is enough"

    kiosk.next_customer()
    kiosk.side("several")
    for code in "AB":
        kiosk.service(code)
    kiosk.touch(kiosk.view.greeting.take_key)
    type_in(kiosk, "13900139000")
    kiosk.answer("go")
    assert [event.data.get("steps") for event in kiosk.issued()[6:]] == [["B"]], "several services are one number"
    assert PHONE not in str([event.data for event in kiosk.issued()])


@pytest.fixture
def where(kiosk: Kiosk) -> Kiosk:
    kiosk.side("where")
    return kiosk


def figures(kiosk: Kiosk) -> dict[str, str]:
    return {word: " ".join(run.text for run in runs) for word, runs in kiosk.view.where.said.facts}


def test_a_waiting_ticket_says_how_many_are_ahead_and_follows_the_hall(where: Kiosk):
    where.pad("A002")
    said = where.view.where.said
    assert (said.number, said.state_word) == ("A002", "Waiting")
    assert figures(where)["Still ahead, in all"] == "1 person"
    assert figures(where)["When called"] == "Windows 1\u2060–\u20606"
    assert said.reason.startswith("A002 is waiting because 1 ticket is ahead of it (window"), "nobody passed it by"

    label = where.hall.issue("A")
    where.hall.do("call", "6", ticket=label, reason="Mr Wang knows the manager")
    where.follow()
    said = where.view.where.said
    assert said.reason == f"Called first though they came later: {label} (chosen by staff).", "not what staff wrote"

    where.hall.call("1")
    where.follow()
    assert figures(where)["Still ahead, in all"] == "0 people"
    for code in "16":
        where.hall.do("start", code)
        where.hall.do("finish", code)
    for code in "13456":
        where.hall.do("close", code)
    where.follow()
    assert figures(where)["When called"] == "Window 2", "one window is one window"

    where.hall.call("2")
    where.follow()
    said = where.view.where.said
    assert (said.state, said.reason) == ("called", ""), "who is at a window is told no reason"
    assert figures(where) == {"Please go now to": "Window 2", "The way": "right, area B"}


def test_a_missed_ticket_is_sent_to_the_front_desk_or_to_a_new_one(where: Kiosk):
    where.hall.call("1")
    where.hall.do("miss", "1")
    where.pad("A001")
    where.follow()
    said = where.view.where.said
    assert (said.state, "front desk" in said.sentence) == ("missed", True)

    where.hall.do("set-row", "services", "A", {"max_returns": 0})
    where.hall.call("1")
    where.hall.do("miss", "1")
    where.follow()
    where.touch(where.view.where.pad["clear"], settled=False)
    where.pad("A002")
    assert where.view.where.said.sentence.endswith("Please take a new ticket.")


def test_a_number_is_typed_printed_again_once_and_lets_the_next_person_go_first(where: Kiosk):
    stage = where.view.where
    assert stage.said.letters == ("A", "B", "C", "D"), "the letters in use"
    assert stage.said.boxes == ("", "", "", "")
    assert stage.said.hint == "Or hold the code on your ticket up to the scanner"
    assert "—" not in {word.text for word in drawn(where.view).words}
    where.pad("5")
    assert where.does.place.number == "", "a letter comes first"

    where.pad("A00")
    assert stage.said.boxes == ("A", "0", "0", "")
    typed = [word.text for word in drawn(where.view).words if word.on is stage and len(word.text) == 1]
    assert typed == ["A", "0", "0"]
    assert stage.said.sentence == "1 more digit"
    where.pad("2")
    assert "A002" in {word.text for word in drawn(where.view).words}
    assert stage.said.hint == "For another ticket, enter its letter and digits or scan its code"
    where.pad("345")
    assert where.does.place.number == "A0023", "four digits are the most"

    where.pad("C777")
    assert (stage.said.state, stage.said.facts) == ("", ())
    assert "There is no ticket C777 today" in stage.said.sentence
    where.touch(stage.pad["delete"])
    assert where.does.place.number == "C77"
    where.touch(stage.pad["clear"])
    assert where.does.place.number == ""
    for letter in "b001":
        QTest.keyClick(where.view, letter)
    where.key(Qt.Key.Key_Backspace)
    assert where.does.place.number == "B00", "a keyboard does the same"

    where.touch(stage.back_key)
    where.side("where")
    assert stage.said.number == "", "nothing of it is left for the next customer"

    setup = looking.setup_of(where.hall.desk)
    lone = replace(setup, services={"A": setup.services["A"]})

    assert search.typed(lone, "", "7") == "A7"

    key = where.view.where.reprint_key
    where.touch(key)
    assert where.paper.slips == []
    where.pad("A001")
    where.touch(key)
    where.touch(key)
    assert where.paper.slips == [("A001", True)]

    where.paper.trouble = OutsideError("no_printer", printer="P", ticket="A002")
    where.touch(where.view.where.pad["clear"], settled=False)
    where.pad("A002")
    where.touch(key)
    where.does.close_sheet()
    reprint = where.view.where.said.reprint
    assert reprint is not None and reprint.words == "Nothing was printed", "there is nothing to be taken"
    assert key.text() == "Nothing was printed"

    # Letting the next person go first, where the hall says so.
    where.touch(where.view.where.pad["clear"], settled=False)
    where.pad("A001")
    assert where.view.where.said.postpone is None
    with pytest.raises(RuleError) as error:
        where.hall.do("postpone", "A001", who=station("K1"))
    assert error.value.code == "not_your_role"

    where.touch(where.view.where.pad["clear"], settled=False)
    hall, stage = where.hall, where.view.where
    hall.do("set-setting", "kiosk_postpone", "on")
    where.follow()
    where.pad("A001")
    where.touch(stage.postpone_key)
    assert postponed(where) == []
    assert stage.said.postpone.words == "Touch again to confirm"
    where.pad("A002")
    assert stage.said.postpone.words == "Let the next person go first", "another number starts the question anew"

    where.pad("A001")
    where.touch(stage.postpone_key)
    where.touch(stage.postpone_key)
    where.follow()
    assert postponed(where) == ["A001"]
    assert hall.last().actor.startswith("station:")
    assert figures(where)["Still ahead, in all"] == "1 person"
    assert stage.said.postpone.words == "Done: the next person goes first"
    where.pad("A001")
    assert stage.said.postpone is None, "once, as the hall allows"


def test_a_scanned_code_leads_there_from_any_page(kiosk: Kiosk):
    today, code = kiosk.page.context.feed.day, kiosk.does.setup.hall.code
    first, second = kiosk.hall.ticket("A001"), kiosk.hall.ticket("B001")
    kiosk.does.scan(ticket_text(code, first.date, "A001", first.token))
    assert (kiosk.stage, kiosk.does.place.number) == ("where", "A001")

    kiosk.does.home()
    kiosk.page.activateWindow()
    kiosk.side("info")
    QTest.keyClicks(kiosk.view, ticket_text(code, second.date, "B001", second.token))
    kiosk.key(Qt.Key.Key_Return)
    assert (kiosk.stage, kiosk.does.place.number, kiosk.does.finder.query) == ("where", "B001", ""), "a reader types it"

    kiosk.does.home()
    kiosk.does.scan(ticket_text(code, today - timedelta(days=1), "A001", "ABCDEF"))
    assert "yesterday" in kiosk.view.sheet.said.sentence
    kiosk.does.scan(ticket_text("ELSE", today, "A001", "ABCDEF"))
    assert "There is no ticket A001 today" in kiosk.view.sheet.said.title
    kiosk.does.close_sheet()
    kiosk.does.scan("4006381333931")
    assert (kiosk.stage, kiosk.sheet) == ("greeting", ""), "no ticket's code"


def postponed(kiosk: Kiosk) -> list[str]:
    return [event.ticket for event in kiosk.hall.log() if event.kind == "postpone"]


class BusyPrinter(InlineTasks):
    """Lanes whose printer takes its time: slips are kept until `finish`."""

    def __init__(self) -> None:
        self.held: list[Callable[[], None]] = []

    def run_long(self, work: Any, done: Any, refused: Any, *, may_drop: bool = False) -> None:
        self.held.append(lambda: self.run(work, done, refused))

    def finish(self) -> None:
        while self.held:
            self.held.pop(0)()


def test_the_number_is_to_be_noted_while_the_slip_is_long_in_coming(make_kiosk: Callable[..., Kiosk], hall: Hall):
    kiosk = make_kiosk(hall)
    printer = kiosk.page.context.tasks = BusyPrinter()
    kiosk.service("A")
    shown = kiosk.view.ticket
    assert (shown.said.title, "slow" in shown.said.last) == ("Your ticket is being printed", False)
    kiosk.pass_seconds(SLOW_S)
    assert shown.said.last == "The printer is slow. Please write down A003; it is valid without a slip."
    kiosk.pass_seconds(TICKET_S)
    assert kiosk.stage == "ticket", "there is time to note it"

    printer.finish()
    assert shown.said.title == "Please take your ticket"
    kiosk.pass_seconds(TICKET_S)
    assert kiosk.stage == "greeting"
    assert NOTE_DOWN_S > TICKET_S + SLOW_S


@pytest.fixture
def kept_printer() -> list[str]:
    """The printer of the kiosk's PC: the last of the list, none at first."""
    return [""]


@pytest.fixture
def bare(make_kiosk: Callable[..., Kiosk], hall: Hall, kept_printer: list[str]) -> Kiosk:
    kiosk = make_kiosk(hall)
    lend(kiosk.page.context, printers=stub(Printers, printers=lambda: ["P"], chosen_printer=lambda: kept_printer[-1]))
    kiosk.does.taking.look_for_printer()
    return kiosk


def words(kiosk: Kiosk) -> str:
    return " ".join(word.text for word in drawn(kiosk.page).words)


def test_without_a_printer_a_number_is_remembered_and_nothing_is_offered_that_prints(
    bare: Kiosk, kept_printer: list[str]
):
    bare.page.context.tasks = BusyPrinter()
    bare.service("A")
    for language, title, told in (
        ("en", "Please remember your number", "The display and the voice will call your number."),
        ("zh_CN", "请记下您的号码", "叫到您时，大屏会显示、语音会播报您的号码。"),
    ):
        i18n.use(language)
        bare.page.retranslate()
        said = bare.view.ticket.said
        assert (said.to_note, said.title, said.last) == (True, title, told)

    i18n.use("en")
    bare.page.retranslate()
    bare.page.context.tasks = InlineTasks()
    bare.does.home()
    bare.side("where")
    assert bare.view.where.said.hint == ""
    bare.pad("A001")
    assert bare.view.where.said.hint == "For another ticket, enter its letter and digits"
    bare.does.home()

    devices.report(bare.hall.desk, bare.hall.ask(station("guide")), "printer", "guide", "out_of_paper")
    bare.follow()
    bare.side("where")
    assert bare.view.where.said.hint == SCAN, "the front desk prints, though it is out of paper"
    devices.report(bare.hall.desk, bare.hall.ask(station("guide")), "printer", "guide", "stopped")
    bare.follow()
    bare.does.home()
    bare.side("where")
    assert bare.view.where.said.hint == "", "it was given up for numbers by hand"

    bare.does.home()
    for _day in range(3):
        bare.hall.clock.now += timedelta(days=1)
        bare.hall.queue("A", "A", "B")
    bare.follow()
    for is_printing in (False, True):
        if is_printing:
            kept_printer.append("P")
            bare.hall.clock.now += SEEK_PRINTER_EVERY
            bare.page.tick(bare.hall.clock())
        bare.side("where")
        bare.pad("A001")
        assert bare.view.where.reprint_key.isVisible() is is_printing
        bare.does.home()
        bare.side("info")
        assert bare.view.search.quiet_key.isVisible() is is_printing
        row(bare, "Account services")
        row(bare, "Change of name")
        assert bare.view.info.print_key.isVisible() is is_printing
        assert ("Print" in words(bare)) is is_printing
        bare.does.home()


def test_a_slip_that_finds_no_printer_shows_that_there_is_none(make_kiosk: Callable[..., Kiosk], hall: Hall):
    kiosk = make_kiosk(hall, printer=False)
    kiosk.service("A")
    assert kiosk.view.ticket.said.title == "Please remember your number"
    kiosk.does.home()
    kiosk.side("where")
    assert not kiosk.view.where.reprint_key.isVisible()


@pytest.mark.hall(make=near_closing)
def test_the_key_is_dark_with_its_reason(kiosk: Kiosk) -> None:
    before = len(kiosk.issued())
    for lang in ("en", "zh_CN"):
        i18n.use(lang)
        kiosk.page.retranslate()
        kiosk.follow()
        assert kiosk.view.greeting.services["A"].is_dashed
        kiosk.service("A")
        said = kiosk.view.sheet.said
        assert kiosk.sheet == "sorry" and "17:30" in said.sentence and "8:30" in said.sentence
        kiosk.answer("ok")

    assert len(kiosk.issued()) == before
    assert not any(letter.isascii() and letter.isalpha() for letter in said.title + said.sentence), "in Chinese"
