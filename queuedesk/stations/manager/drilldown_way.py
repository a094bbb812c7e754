"""Opens the tickets behind a figure, and goes back to where it was pressed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import cast

from PySide6.QtCore import QObject, Signal

from queuedesk.core.log.event import Event
from queuedesk.core.queue.ticket import Ticket
from queuedesk.stations.manager.figures.drilldown_controller import DrilldownController
from queuedesk.stations.manager.figures.drilldown_page import BehindPage
from queuedesk.stations.manager.pages import Pages
from queuedesk.stations.window.context import StationContext

BEHIND = "behind"


class BehindWay(QObject):
    """Has the page made when a figure first leads there; the side list does not name it.

    `act_wanted` gives a verb, the ticket it is for and the HallState of its day; `print_wanted` the ticket whose story
    is to be printed.
    """

    act_wanted = Signal(str, object, object)
    print_wanted = Signal(object)

    def __init__(
        self, pages: Pages, context: StationContext, go_to: Callable[[str], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._pages, self._context, self._go_to = pages, context, go_to
        self._from = self._story_from = ""
        pages.add_late(BEHIND, "", str, self._make, offered=lambda: False)

    def _make(self) -> BehindPage:
        page = BehindPage(self._context.look, DrilldownController(self._context, parent=self))
        page.back.connect(self.leave)
        page.act_wanted.connect(self._act)
        page.print_wanted.connect(self._print)
        return page

    @property
    def page(self) -> BehindPage:
        return cast("BehindPage", self._pages.page(BEHIND))

    @property
    def is_seen(self) -> bool:
        return self._pages.seen() == BEHIND

    def show(self, path: str, first: date, last: date, title: str = "") -> None:
        """Show the tickets behind a figure of the dates from `first` to `last`; `title` is what it is called where it
        was pressed."""
        if not self.is_seen:
            self._from = self._pages.seen()
        self._pages.open(BEHIND)
        self.page.open(path, first, last, title)

    def show_today(self, path: str, title: str = "") -> None:
        """Show the tickets behind one of today's figures."""
        day = self._context.feed.day
        self.show(path, day, day, title)

    def leave(self) -> None:
        """Go back to the page where the figure stands."""
        self._go_to(self._from)

    def follow(self, events: Sequence[Event]) -> None:
        """Let the story that is shown follow the log."""
        if self.is_seen:
            self.page.follow(events)

    # -- a story that is printed from here ---------------------------------------------------------------------------

    def note_story(self) -> None:
        """Remember from where a story is printed."""
        self._story_from = self._pages.seen()

    def back_from_story(self) -> bool:
        """Go back to the page if the story was printed from here; return whether it was."""
        if self._story_from != BEHIND:
            return False
        self._pages.open(BEHIND)
        return True

    def _act(self, verb: str, ticket: Ticket) -> None:
        self.act_wanted.emit(verb, ticket, self.page.state)

    def _print(self, ticket: Ticket) -> None:
        self.print_wanted.emit(ticket)
