"""One number a person, where a hall wants it: the kiosk asks for a phone or card number before it gives a ticket."""

from __future__ import annotations

from queuedesk.stations.kiosk.controller import LEAST_DIGITS
from tests.hall import ADMIN
from tests.stations.kiosk.conftest import Kiosk

PHONE = "13800138000"


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
