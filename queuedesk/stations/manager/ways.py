"""The manager's pages by their keys, where a strip, card or row leads, and the way back to what was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queuedesk.stations.manager.alert_words import Place
from queuedesk.stations.manager.kept_words import KEPT
from queuedesk.stations.manager.set_up_words import BACKUPS, PCS

if TYPE_CHECKING:
    from queuedesk.stations.manager.view import ManagerView

TODAY, TICKETS, BOOKED, STAFF, NOTICES = "today", "tickets", "booked", "people", "notices"
REPORTS, WAITS, EQUIPMENT, PAPER, SETUP = "reports", "waits", "equipment", "paper", "setup"


class Ways:
    """Goes from one page of the manager's to another."""

    def __init__(self, view: ManagerView) -> None:
        self._view = view

    def go(self, place: Place) -> None:
        """Follow a strip, card or row to what it is about."""
        view = self._view
        if place.page == TICKETS:
            view.tickets.show_place(place)
            view.open_page(TICKETS)
        elif place.page == SETUP:
            self.open_part("services", place.service)
        elif place.page in (STAFF, EQUIPMENT):
            view.open_page(place.page)
        elif place.page in (PCS, BACKUPS):
            self.open_part(place.page)
        elif place.page == KEPT:
            view.open_page(REPORTS)
            view.reports.open_tab(KEPT)

    def open_part(self, part: str, code: str = "") -> None:
        """Show a part of the set-up, and in it a row."""
        self._view.open_page(SETUP)
        if code:
            self._view.setup_page.open_row(part, code)
        else:
            self._view.setup_page.open_part(part)

    def seen(self) -> str:
        """Return which page is seen, and of the set-up which part: a page built anew in this one's place shows it again."""
        key = self._view.stack.seen()
        return f"{key} {self._view.setup_page.part}" if key == SETUP else key

    def see(self, what: str) -> None:
        """Show what was seen before."""
        key, _, part = what.partition(" ")
        if part:
            self.open_part(part)
        elif key in [each for each, _icon, _word in self._view.stack.entries()]:
            self._view.open_page(key)
