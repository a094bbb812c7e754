"""The tickets of a date as a file: a workbook or CSV in the folder of reports."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from queuedesk.stations.window.context import StationContext

ENDINGS = ("xlsx", "csv")


class TicketSaving(QObject):
    """`saved` gives the file written, `failed` the trouble."""

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    @property
    def can_save(self) -> bool:
        """Whether the program lends what saving needs."""
        return self._context.services.paper is not None and self._context.services.folder is not None

    def save(self, day: date, ending: str) -> None:
        """Write the tickets of `day` beside the reports, in place of an earlier file of the same name."""
        paper, folder = self._context.services.paper, self._context.services.folder
        if paper is None or folder is None:
            return
        name = f"{self._context.feed.setup.hall.code}-{day.isoformat()}-tickets.{ending}"

        def work() -> Path:
            file = folder("reports") / name
            paper.save_tickets(day, file)
            return file

        self._context.tasks.run_long(work, self.saved.emit, self.failed.emit)
