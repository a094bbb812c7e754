"""Reads the tickets behind a figure and one ticket's history, and saves them as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from queuedesk.core.figures.drilldown.find import share_paths
from queuedesk.core.log.state import HallState
from queuedesk.core.log.ticket_history import TicketHistory
from queuedesk.desk import looking
from queuedesk.desk.figures import drilldown
from queuedesk.stations.manager.parts.page_controller import LastAsked, save_report
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

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.asked: Asked | None = None
        self._last = LastAsked(context, self)

    def ask(self, asked: Asked) -> None:
        """Read the tickets behind a figure; what was asked before is no longer waited for."""
        self.asked, now, desk = asked, self.context.clock(), self.context.desk
        self._last.ask(
            lambda: drilldown.tickets_behind(desk, asked.path, asked.first, asked.last, now),
            self.shown.emit,
            self.failed.emit,
        )

    def read_story(self, day: date, label: str) -> None:
        """Read a ticket's story with the day that it belongs to."""
        context = self.context
        now = context.clock()

        def work() -> tuple[HallState, TicketHistory]:
            state = looking.hall_on(context.desk, day)
            first = min(ticket.seq for ticket in state.tickets.values() if ticket.date == day)
            return state, looking.checked_history(context.desk, day, label, first, now)

        context.tasks.run_long(work, lambda found: self.story_read.emit(*found), self.failed.emit, may_drop=True)

    @property
    def can_save(self) -> bool:
        """Whether the program lends what saving needs."""
        return self.context.services.paper is not None and self.context.services.folder is not None

    def save(self) -> None:
        """Write all the tickets behind the figure, shown or not, into the folder of reports, in place of an earlier
        file of the same name."""
        asked, paper = self.asked, self.context.services.paper
        if asked is None or paper is None:
            return
        span = asked.first.isoformat() if asked.first == asked.last else f"{asked.first}-{asked.last}"
        figure = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in asked.path)

        def write(file: Path) -> None:
            paper.save_behind(asked.path, asked.first, asked.last, file, title=asked.title)

        save_report(self.context, f"{span}-{figure}.csv", write, self.saved.emit, self.failed.emit)
