"""The printed list of what a customer reads about: nobody is counted and nobody waits for it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.stations.kiosk.taking import Paper, Taking


class InfoPaper(QObject):
    """`said` is what became of the list, None before it is wished for; `changed` when that changes."""

    changed = Signal()

    def __init__(self, taking: Taking, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._taking = taking
        self.said: Paper | None = None

    def forget(self) -> None:
        """Something else is read about."""
        self.said = None

    def print_list(self, service: str, item: str | None) -> None:
        """Print the list, once each time it is read about."""
        if self.said is None:
            self.said = Paper.PRINTING
            self._taking.print_papers(service, item, self._printed)
            self.changed.emit()

    def _printed(self, trouble: QueueDeskError | None) -> None:
        if self.said is Paper.PRINTING:
            self.said = Paper.MISSING if trouble else Paper.PRINTED
            self.changed.emit()
