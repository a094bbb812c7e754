"""Where am I in line? By number or code, without any personal data."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import station
from queuedesk.printing.qr import ticket_text
from queuedesk.stations.models import search
from tests.stations.kiosk.conftest import Kiosk
from tests.stations.whole_words import drawn


@pytest.fixture
def where(kiosk: Kiosk) -> Kiosk:
    kiosk.side("where")
    return kiosk


def figures(kiosk: Kiosk) -> dict[str, str]:
    return {word: " ".join(run.text for run in runs) for word, runs in kiosk.view.where.said.facts}


def test_a_waiting_ticket_says_how_many_are_ahead(where: Kiosk):
    where.pad("A002")

    said = where.view.where.said
    assert (said.number, said.state_word) == ("A002", "Waiting")
    assert figures(where)["Still ahead, in all"] == "1 person"
    assert figures(where)["When called"] == "Windows 1\u2060–\u20606"


def test_one_window_is_one_window(where: Kiosk):
    for code in "12345":
        where.hall.do("close", code)
    where.follow()
    where.pad("A002")

    assert figures(where)["When called"] == "Window 6"


def test_the_number_to_type_is_a_row_of_boxes_until_it_is_whole(where: Kiosk):
    assert where.view.where.said.boxes == ("", "", "", "")
    empty = {word.text for word in drawn(where.view).words}
    where.pad("A00")
    assert where.view.where.said.boxes == ("A", "0", "0", "")
    typed = [word.text for word in drawn(where.view).words if word.on is where.view.where and len(word.text) == 1]
    assert typed == ["A", "0", "0"]

    where.pad("2")
    assert "—" not in empty and "A002" in {word.text for word in drawn(where.view).words}


def test_the_hint_speaks_of_another_ticket_once_one_is_shown(where: Kiosk):
    assert where.view.where.said.hint == "Or hold the code on your ticket up to the scanner"
    where.pad("A002")
    assert where.view.where.said.hint == "For another ticket, enter its letter and digits or scan its code"


def test_the_figures_follow_the_hall(where: Kiosk):
    where.pad("A002")
    where.hall.call("1")
    where.follow()
    assert figures(where)["Still ahead, in all"] == "0 people"

    where.hall.call("2")
    where.follow()
    assert where.view.where.said.state == "called"
    assert figures(where) == {"Please go now to": "Window 2", "The way": "right, area B"}


def test_a_missed_ticket_is_sent_to_the_front_desk(where: Kiosk):
    where.hall.call("1")
    where.hall.do("miss", "1")
    where.pad("A001")
    where.follow()

    assert where.view.where.said.state == "missed"
    assert "front desk" in where.view.where.said.sentence


def test_a_ticket_that_may_not_come_back_asks_for_a_new_one(where: Kiosk):
    where.hall.do("set-row", "services", "A", {"max_returns": 0})
    where.hall.call("1")
    where.hall.do("miss", "1")
    where.pad("A001")
    where.follow()

    assert where.view.where.said.sentence.endswith("Please take a new ticket.")


def test_an_unknown_number_is_said_politely(where: Kiosk):
    where.pad("C777")
    said = where.view.where.said

    assert (said.state, said.facts) == ("", ())
    assert "There is no ticket C777 today" in said.sentence


def test_the_pad_has_the_letters_in_use_and_takes_back(where: Kiosk):
    assert where.view.where.said.letters == ("A", "B", "C", "D")
    where.pad("5")
    assert where.does.place.number == ""
    where.pad("B01")
    assert where.view.where.said.sentence == "1 more digit"
    where.touch(where.view.where.pad["delete"])
    assert where.does.place.number == "B0"
    where.touch(where.view.where.pad["clear"])
    assert where.does.place.number == ""


def test_another_letter_begins_anew_and_four_digits_are_the_most(where: Kiosk):
    where.pad("A12345")
    assert where.does.place.number == "A1234"
    where.pad("C")
    assert where.does.place.number == "C"


def test_one_letter_in_a_hall_need_not_be_pressed(where: Kiosk):
    setup = where.does.setup
    lone = replace(setup, services={"A": setup.services["A"]})

    assert search.typed(lone, "", "7") == "A7"


def test_the_keyboard_does_the_same(where: Kiosk):
    for letter in "b001":
        QTest.keyClick(where.view, letter)
    where.key(Qt.Key.Key_Backspace)

    assert where.does.place.number == "B00"


def test_a_scanned_code_leads_there_from_the_greeting(kiosk: Kiosk):
    ticket = kiosk.hall.ticket("A001")
    kiosk.does.scan(ticket_text(kiosk.does.setup.hall.code, ticket.date, "A001", ticket.token))

    assert (kiosk.stage, kiosk.does.place.number) == ("where", "A001")


def test_a_reader_types_it_into_whatever_page_is_there(kiosk: Kiosk):
    ticket = kiosk.hall.ticket("B001")
    kiosk.page.activateWindow()
    kiosk.side("info")
    QTest.keyClicks(kiosk.view, ticket_text(kiosk.does.setup.hall.code, ticket.date, "B001", ticket.token))
    kiosk.key(Qt.Key.Key_Return)

    assert (kiosk.stage, kiosk.does.place.number, kiosk.does.finder.query) == ("where", "B001", "")


def test_a_code_of_another_day_or_hall_is_refused_in_words(kiosk: Kiosk):
    today, code = kiosk.page.context.feed.day, kiosk.does.setup.hall.code
    kiosk.does.scan(ticket_text(code, today - timedelta(days=1), "A001", "ABCDEF"))
    assert "yesterday" in kiosk.view.sheet.said.sentence
    kiosk.does.scan(ticket_text("ELSE", today, "A001", "ABCDEF"))
    assert "There is no ticket A001 today" in kiosk.view.sheet.said.title
    kiosk.does.close_sheet()
    kiosk.does.scan("4006381333931")
    assert (kiosk.stage, kiosk.sheet) == ("greeting", "")


def test_a_waiting_ticket_is_printed_again_once(where: Kiosk):
    key = where.view.where.reprint_key
    where.touch(key)
    assert where.paper.slips == []
    where.pad("A001")
    where.touch(key)
    where.touch(key)

    assert where.paper.slips == [("A001", True)]


def test_a_reprint_that_did_not_come_out_is_not_to_be_taken(where: Kiosk):
    where.paper.trouble = OutsideError("no_printer", printer="P", ticket="A001")
    where.pad("A001")
    where.touch(where.view.where.reprint_key)
    where.does.close_sheet()

    reprint = where.view.where.said.reprint
    assert reprint is not None and reprint.words == "Nothing was printed"
    assert where.view.where.reprint_key.text() == "Nothing was printed"


def test_nothing_of_it_is_left_for_the_next_customer(where: Kiosk):
    where.pad("A001")
    where.touch(where.view.where.back_key)
    where.side("where")

    assert where.view.where.said.number == ""


def test_why_somebody_still_waits_is_said_without_what_staff_wrote(where: Kiosk):
    label = where.hall.issue("A")
    where.hall.do("call", "3", ticket=label, reason="Mr Wang knows the manager")
    where.follow()
    where.pad("A002")
    said = where.view.where.said.reason

    assert said == f"Called first though they came later: {label} (chosen by staff)."
    assert "Wang" not in said


def test_who_was_passed_by_nobody_is_told_who_is_ahead(where: Kiosk):
    where.pad("A002")

    assert where.view.where.said.reason.startswith("A002 is waiting because 1 ticket is ahead of it (window")


def test_who_is_at_a_window_is_told_no_reason(where: Kiosk):
    where.hall.call("1")
    where.pad("A001")
    where.follow()

    assert where.view.where.said.reason == ""


# -- letting the next person go first ----------------------------------------------------------------------------------


@pytest.fixture
def obliging(where: Kiosk) -> Kiosk:
    """A kiosk of a hall that lets people go first."""
    where.hall.do("set-setting", "kiosk_postpone", "on")
    where.follow()
    return where


def postponed(kiosk: Kiosk) -> list[str]:
    return [event.ticket for event in kiosk.hall.log() if event.kind == "postpone"]


def test_two_touches_let_the_next_person_go_first(obliging: Kiosk):
    key = obliging.view.where.postpone_key
    obliging.pad("A001")
    obliging.touch(key)
    assert postponed(obliging) == []
    assert obliging.view.where.said.postpone.words == "Touch again to confirm"
    obliging.touch(key)
    obliging.follow()

    assert postponed(obliging) == ["A001"]
    assert obliging.hall.last().actor.startswith("station:")
    assert figures(obliging)["Still ahead, in all"] == "1 person"
    assert obliging.view.where.said.postpone.words == "Done: the next person goes first"
    obliging.pad("A001")
    assert obliging.view.where.said.postpone is None  # once, as the hall allows


def test_nobody_goes_first_where_the_hall_does_not_say_so(where: Kiosk):
    where.pad("A001")
    assert where.view.where.said.postpone is None
    with pytest.raises(RuleError) as error:
        where.hall.do("postpone", "A001", who=station("K1"))
    assert error.value.code == "not_your_role"


def test_another_number_starts_the_question_anew(obliging: Kiosk):
    obliging.pad("A001")
    obliging.touch(obliging.view.where.postpone_key)
    obliging.pad("A002")
    assert obliging.view.where.said.postpone.words == "Let the next person go first"
