"""One window of a shared hall taken on two PCs: both are told."""

from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.talk.screen import at_pc
from queuedesk.desk import looking
from queuedesk.desk.queue import sign_in_and_pins
from queuedesk.stations.counter.signing_in import TakenTwice
from tests.stations.counter.pages import Page

WANG = Actor("C3", Role.CLERK)


def at_counter(page: Page, pc: str, window: str = "3") -> None:
    sign_in_and_pins.sign_in(page.hall.desk, page.hall.ask(WANG), at_pc(f"counter-{window}", pc), "C3")


def known(page: Page) -> dict[str, str]:
    return looking.hall_now(page.hall.desk, page.hall.clock()).signed_in


def test_who_was_there_first_is_told_of_the_second(page: Page) -> None:
    page.view.context.pc = "hall-01"
    page.view.taken_twice.take("3")
    told: list[str] = []
    page.view.taken_twice.told.connect(told.append)

    at_counter(page, "hall-01")
    at_counter(page, "hall-04", window="4")
    at_counter(page, "hall-04")
    page.settle()
    page.until(lambda: bool(told))

    assert told == ["hall-04"]
    assert page.says() == "Window 3 is open on PC hall-04 too. Please close it on one of the two."


def test_who_comes_second_is_told_of_the_first_and_noted_until_gone(page: Page) -> None:
    at_counter(page, "hall-04")
    page.settle()
    second = TakenTwice(page.view.context)
    told: list[str] = []
    second.told.connect(told.append)
    page.view.context.pc = "hall-01"

    second.take("3")
    assert told == ["hall-04"]
    assert known(page) == {"counter-3@hall-04": "C3", "counter-3@hall-01": "C3"}

    second.leave()
    assert known(page) == {"counter-3@hall-04": "C3"}


def test_a_hall_of_one_pc_notes_nothing(page: Page) -> None:
    TakenTwice(page.view.context).take("3")

    assert known(page) == {}
