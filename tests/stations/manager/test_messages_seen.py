"""Messages lie over a head that is seen, whatever a window's size and letters were when a page was opened."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect

from queuedesk.stations.manager.pages import SETUP, TICKETS
from queuedesk.stations.window.style import Scale
from tests.hall import ADMIN, MANAGER
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


@pytest.mark.parametrize("who", [ADMIN, MANAGER], ids=["may add rows", "only looks"])
def test_a_message_lies_over_no_row_of_the_set_up(open_office: Any, who: Any) -> None:
    office = open_office(who)
    to(office, 1024, 150)
    office.go(SETUP)
    office.page.setup_page.open_part("services")
    office.page.show_away(office.hall.clock())
    settled()

    rows, told = office.page.setup_page.list, office.page.messages
    assert told.isVisible() and told.parentWidget() is rows
    assert rows.rect().contains(told.geometry())
    pressed = [*rows.cards.values(), *([rows.add_button] if rows.add_button.isVisible() else [])]
    places = [QRect(one.mapTo(rows, QPoint()), one.size()) for one in pressed]
    assert [place for place in places if place.intersects(told.geometry())] == []
