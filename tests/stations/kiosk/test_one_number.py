"""One number a person, where a hall wants it: the kiosk asks for a phone or card number before it gives a ticket."""

from __future__ import annotations

import pytest

from queuedesk.stations.kiosk.controller import LEAST_DIGITS
from tests.hall import ADMIN
from tests.stations.kiosk.conftest import Kiosk

PHONE = "13800138000"


@pytest.fixture
def asking(kiosk: Kiosk) -> Kiosk:
    kiosk.hall.do("set-setting", "one_number", "on", who=ADMIN)
    kiosk.follow()
    return kiosk


def type_in(kiosk: Kiosk, digits: str) -> None:
    for digit in digits:
        kiosk.touch(kiosk.view.sheet.pad[digit], settled=False)


def test_nobody_is_asked_unless_the_hall_wants_it(kiosk: Kiosk) -> None:
    kiosk.service("A")

    assert (kiosk.sheet, kiosk.stage, len(kiosk.issued())) == ("", "ticket", 4)


def test_a_second_ticket_for_the_same_number_is_refused_without_saying_which(asking: Kiosk) -> None:
    asking.service("A")
    assert (asking.sheet, len(asking.issued())) == ("person", 3)
    type_in(asking, PHONE)
    assert asking.view.sheet.said.typed == PHONE
    asking.answer("go")
    assert (asking.stage, len(asking.issued())) == ("ticket", 4)
    label = asking.does.taking.last

    asking.next_customer()
    asking.service("A")
    type_in(asking, PHONE)
    asking.answer("go")
    said = asking.view.sheet.said
    assert (asking.sheet, len(asking.issued())) == ("sorry", 4)
    assert "already" in said.title
    assert label not in said.title + said.sentence

    asking.answer("ok")
    asking.service("A")
    type_in(asking, "13900139000")
    asking.answer("go")
    assert len(asking.issued()) == 5
    assert PHONE not in str([event.data for event in asking.issued()])


def test_too_few_digits_give_nothing_and_going_back_forgets_them(asking: Kiosk) -> None:
    asking.service("A")
    type_in(asking, PHONE[: LEAST_DIGITS - 1])
    asking.answer("go")
    assert (asking.sheet, len(asking.issued())) == ("person", 3)
    asking.touch(asking.view.sheet.pad["delete"], settled=False)
    assert asking.view.sheet.said.typed == PHONE[: LEAST_DIGITS - 2]
    asking.answer("no")
    asking.service("B")

    assert (asking.sheet, asking.view.sheet.said.typed) == ("person", "")


def test_a_card_at_the_scanner_is_enough(asking: Kiosk) -> None:
    asking.service("A")
    asking.does.scan("CARD 330106-1978")
    asking.follow()

    assert (asking.stage, len(asking.issued())) == ("ticket", 4)


def test_several_services_are_one_number(asking: Kiosk) -> None:
    asking.side("several")
    for code in "AB":
        asking.service(code)
    asking.touch(asking.view.greeting.take_key)
    type_in(asking, PHONE)
    asking.answer("go")

    assert [event.data.get("steps") for event in asking.issued()[3:]] == [["B"]]
