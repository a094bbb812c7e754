"""The ways to two pages that the side list does not always have: several halls, the tickets behind a figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer, Signal

from queuedesk.core.log.event import Event
from queuedesk.core.queue.ticket import Ticket
from queuedesk.i18n import _
from queuedesk.stations.manager.figures.halls_controller import HallsController
from queuedesk.stations.manager.pages import Pages
from queuedesk.stations.window.context import StationContext

if TYPE_CHECKING:
    from queuedesk.stations.manager.figures.drilldown_page import DrilldownPage
    from queuedesk.stations.manager.figures.halls_page import HallsPage

HALLS, BEHIND = "halls", "behind"


class HallsNavigation(QObject):
    """Adds the page to the side list once a person is here who may look at several halls; `offered` is then called."""

    def __init__(
        self, pages: Pages, context: StationContext, offered: Callable[[], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.controller = HallsController(context, parent=self)
        pages.add_late(
            HALLS,
            "building",
            lambda: _("Halls"),
            self._make,
            offered=lambda: self.controller.are_several,
        )
        self.controller.several.connect(offered)
        # Not before the station is built: who asks at once may be answered at once.
        QTimer.singleShot(0, self, self.controller.start)

    def _make(self) -> HallsPage:
        from queuedesk.stations.manager.figures.halls_page import HallsPage  # late as the page is

        return HallsPage(self.controller)


class DrilldownNavigation(QObject):
    """Makes the page when a figure first leads there; it is not in the side list.

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

    def _make(self) -> DrilldownPage:
        from queuedesk.stations.manager.figures.drilldown_page import DrilldownPage  # late as the page is
        from queuedesk.stations.manager.figures.figures_controller import DrilldownController

        page = DrilldownPage(self._context.look, DrilldownController(self._context, parent=self))
        page.back.connect(self.leave)
        page.act_wanted.connect(self._act)
        page.print_wanted.connect(self._print)
        return page

    @property
    def page(self) -> DrilldownPage:
        return cast("DrilldownPage", self._pages.page(BEHIND))

    @property
    def is_seen(self) -> bool:
        return self._pages.seen() == BEHIND

    def show(self, path: str, first: date, last: date, title: str = "") -> None:
        """Show the tickets that make up a figure of the dates from `first` to `last`; `title` is the figure's name
        where it was pressed."""
        if not self.is_seen:
            self._from = self._pages.seen()
        self._pages.open(BEHIND)
        self.page.open(path, first, last, title)

    def show_today(self, path: str, title: str = "") -> None:
        """Show the tickets that make up one of today's figures."""
        day = self._context.feed.day
        self.show(path, day, day, title)

    def leave(self) -> None:
        """Go back to the figure's page."""
        self._go_to(self._from)

    def follow(self, events: Sequence[Event]) -> None:
        """Let the history shown follow the log."""
        if self.is_seen:
            self.page.follow(events)

    # -- a story that is printed from here ---------------------------------------------------------------------------

    def note_story(self) -> None:
        """Remember where a history is printed from."""
        self._story_from = self._pages.seen()

    def back_from_story(self) -> bool:
        """Go back to the page if the history was printed from here; return whether it was."""
        if self._story_from != BEHIND:
            return False
        self._pages.open(BEHIND)
        return True

    def _act(self, verb: str, ticket: Ticket) -> None:
        self.act_wanted.emit(verb, ticket, self.page.state)

    def _print(self, ticket: Ticket) -> None:
        self.print_wanted.emit(ticket)
