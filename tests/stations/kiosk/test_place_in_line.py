"""Where am I in line? By number or code, without any personal data."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import station
from queuedesk.desk import looking
from queuedesk.printing.qr import ticket_text
from queuedesk.stations.models import search
from tests.hall import Hall
from tests.stations.kiosk.conftest import Kiosk
from tests.stations.whole_words import drawn


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


def test_the_number_is_typed_into_a_row_of_boxes_until_it_is_whole(where: Kiosk):
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


def test_one_letter_in_a_hall_need_not_be_pressed(hall: Hall):
    setup = looking.setup_of(hall.desk)
    lone = replace(setup, services={"A": setup.services["A"]})

    assert search.typed(lone, "", "7") == "A7"


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


def test_a_waiting_ticket_is_printed_again_once(where: Kiosk):
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


# -- letting the next person go first ----------------------------------------------------------------------------------


def postponed(kiosk: Kiosk) -> list[str]:
    return [event.ticket for event in kiosk.hall.log() if event.kind == "postpone"]


def test_nobody_goes_first_where_the_hall_does_not_say_so(where: Kiosk):
    where.pad("A001")
    assert where.view.where.said.postpone is None
    with pytest.raises(RuleError) as error:
        where.hall.do("postpone", "A001", who=station("K1"))
    assert error.value.code == "not_your_role"


def test_two_touches_let_the_next_person_go_first(where: Kiosk):
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
