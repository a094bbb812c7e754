"""Tickets taken alone: for what, by whom, in which class, and never twice by mistake."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from queuedesk.core.errors import OutsideError
from queuedesk.core.network.roles import station
from queuedesk.desk.talk import devices
from queuedesk.stations.kiosk.controller import NOTE_DOWN_S, RING_S, TICKET_S
from queuedesk.stations.kiosk.taking import ANOTHER_S
from tests.desk.equipment import only_shown
from tests.stations.kiosk.conftest import Kiosk


def test_one_touch_gives_a_ticket_and_prints_it(kiosk: Kiosk):
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


def test_so_soon_after_a_ticket_it_is_asked_whether_the_next_is_for_somebody_else(kiosk: Kiosk):
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


def test_without_paper_the_number_is_to_be_noted_and_stays_longer(kiosk: Kiosk):
    kiosk.paper.trouble = OutsideError("no_printer", printer="P")
    kiosk.service("A")
    said = kiosk.view.ticket.said

    assert said.title == "Please remember your number"
    assert "A003" in said.last and "valid" in said.last
    kiosk.pass_seconds(TICKET_S)
    assert kiosk.stage == "ticket"
    kiosk.pass_seconds(NOTE_DOWN_S - TICKET_S)
    assert kiosk.sheet == "still-there"


def test_the_next_customers_touches_keep_no_number_on_the_screen(kiosk: Kiosk):
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


def test_several_services_are_one_ticket_in_the_order_of_the_touches(kiosk: Kiosk):
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


def test_a_class_holds_for_one_ticket(kiosk: Kiosk):
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


def test_who_has_a_ticket_can_ask_to_be_fetched_where_the_hall_offers_it(kiosk: Kiosk):
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


def test_a_kiosk_used_in_a_language_that_somebody_speaks_notes_it(kiosk: Kiosk):
    kiosk.does.set_language("en")
    kiosk.service("A")
    assert "speaks" not in kiosk.issued()[-1].data
    kiosk.next_customer()
    kiosk.hall.do("set-row", "staff", "C1", {"languages": ["英语"]})
    kiosk.follow()
    kiosk.does.set_language("en")
    kiosk.service("A")
    assert kiosk.issued()[-1].data["speaks"] == "英语"
