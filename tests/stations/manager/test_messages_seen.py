"""Messages lie over a head that is seen, whatever a window's size and letters were when a page was opened."""

from __future__ import annotations

from typing import Any

import pytest

from queuedesk.stations.manager.pages import SETUP, TICKETS
from queuedesk.stations.window.style import Scale
from tests.hall import ADMIN
from tests.stations.whole_words import settled


def to(office: Any, width: int, text_pct: int) -> None:
    office.page.resize(width, 768)
    office.page.context.look.set_scale(Scale.staff(width, 768, text_pct))
    settled()


def open_ticket(office: Any) -> None:
    office.go(TICKETS)
    tickets = office.page.tickets
    tickets.open_ticket(tickets.list.tickets.rows()[0].id)


def open_service(office: Any) -> None:
    office.go(SETUP)
    office.page.setup_page.open_part("services")
    next(iter(office.page.setup_page.list.cards.values())).click()


@pytest.mark.parametrize("open_one", [open_ticket, open_service])
def test_a_message_is_seen_when_letters_grow_over_what_is_open(open_office: Any, open_one: Any) -> None:
    office = open_office(ADMIN)
    to(office, 1024, 100)
    open_one(office)
    office.page.show_away(office.hall.clock())
    settled()
    assert office.page.messages.isVisible()

    to(office, 1024, 150)
    assert office.page.messages.isVisible(), "one of list and what is open has the page to itself"
    to(office, 1366, 100)
    assert office.page.messages.isVisible()
    to(office, 1024, 150)
    assert office.page.messages.isVisible()
