"""What the page behind a figure asks for: its tickets, one ticket's story, a file of all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.figures.drilldown.find import share_paths
from queuedesk.core.figures.drilldown.rows import TicketsBehind
from queuedesk.core.log.state import HallState
from queuedesk.core.log.ticket_history import TicketHistory
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.desk.figures import drilldown
from queuedesk.stations.window.context import StationContext


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figure is looked at: its path, first and last date, and what it is called where it was pressed ("": by its
    path)."""

    path: str
    first: date
    last: date
    title: str = ""

    @property
    def shares(self) -> tuple[str, str, str] | None:
        """The paths of what a share counts, of what it lacks and of all; None for what is no share."""
        return share_paths(self.path)


class DrilldownController(QObject):
    """Reads beside the commands. `shown` gives the TicketsBehind of what was asked last, `story_read` a day's HallState
    and a TicketHistory of it; `saved` the file written, `failed` the trouble met."""

    shown = Signal(object)
    story_read = Signal(object, object)
    saved = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        context: StationContext,
        *,
        tickets_behind: Callable[..., TicketsBehind] = drilldown.tickets_behind,
        checked_history: Callable[[Desk, date, str, int, datetime], TicketHistory] = looking.checked_history,
        hall_on: Callable[[Desk, date], HallState] = looking.hall_on,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.context = context
        self._tickets_behind, self._checked_story, self._hall_on = tickets_behind, checked_history, hall_on
        self.asked: Asked | None = None
        self._number = 0

    def ask(self, asked: Asked) -> None:
        """Read the tickets behind a figure; what was asked before is no longer waited for."""
        self.asked = asked
        self._number += 1
        number, context = self._number, self.context
        now = context.clock()

        def work() -> TicketsBehind | None:
            # Of several that wait for the lane only the last is worth its seconds.
            if number != self._number:
                return None
            return self._tickets_behind(context.desk, asked.path, asked.first, asked.last, now)

        context.tasks.run_long(work, partial(self._take, number), partial(self._fail, number), may_drop=True)

    def _take(self, number: int, found: TicketsBehind | None) -> None:
        if number == self._number and found is not None:
            self.shown.emit(found)

    def _fail(self, number: int, trouble: QueueDeskError) -> None:
        if number == self._number:
            self.failed.emit(trouble)

    def read_story(self, day: date, label: str) -> None:
        """Read a ticket's story with the day that it belongs to."""
        context = self.context
        now = context.clock()

        def work() -> tuple[HallState, TicketHistory]:
            state = self._hall_on(context.desk, day)
            first = min(ticket.seq for ticket in state.tickets.values() if ticket.date == day)
            return state, self._checked_story(context.desk, day, label, first, now)

        context.tasks.run_long(work, lambda found: self.story_read.emit(*found), self.failed.emit, may_drop=True)

    @property
    def can_save(self) -> bool:
        """Whether the program lends what saving needs."""
        return self.context.services.paper is not None and self.context.services.folder is not None

    def save(self) -> None:
        """Write all the tickets behind the figure, shown or not, into the folder of reports, in place of an earlier
        file of the same name."""
        asked, paper, folder = self.asked, self.context.services.paper, self.context.services.folder
        if asked is None or paper is None or folder is None:
            return
        span = asked.first.isoformat() if asked.first == asked.last else f"{asked.first}-{asked.last}"
        figure = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in asked.path)
        name = f"{self.context.feed.setup.hall.code}-{span}-{figure}.csv"

        def work() -> Path:
            file = folder("reports") / name
            paper.save_behind(asked.path, asked.first, asked.last, file, title=asked.title)
            return file

        self.context.tasks.run_long(work, self.saved.emit, self.failed.emit)
