"""Reads a day's ledger, and saves and prints the ledger and the order list, all beside the window."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.queue.public_order import LedgerRead
from queuedesk.desk.queue import ordering
from queuedesk.files.writing import write_file
from queuedesk.i18n import current
from queuedesk.stations.manager.parts.page_controller import OneReading, PaperController
from queuedesk.stations.window.context import StationContext


class FairnessController(PaperController):
    """`answered` gives the ledger last asked for, `failed` why there is none."""

    answered = Signal(object)
    failed = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.found: LedgerRead | None = None
        self._wanted: tuple[date, int] | None = None
        self._reading = OneReading(context, self)

    @property
    def can_save(self) -> bool:
        """Whether there is a folder to save in."""
        return self.context.services.folder is not None

    @property
    def can_print(self) -> bool:
        return self.can_save and super().can_print

    def ask(self, day: date) -> None:
        """Read a date's ledger, unless it was read and the log has not grown since."""
        wanted = (day, self.context.feed.state.now.seq)
        if self._reading.is_on or wanted == self._wanted:
            return
        self._wanted = wanted
        work = partial(ordering.read_ledger, self.context.desk, self.context.clock(), day)
        self._reading.read(work, self._take, self._fail)

    def _take(self, found: LedgerRead) -> None:
        self.found = found
        self.answered.emit(found)

    def _fail(self, trouble: QueueDeskError) -> None:
        self._wanted = None
        self.failed.emit(trouble)

    def save_ledger(self, day: date) -> None:
        """Write a day's ledger into the folder of reports."""
        self._make_ledger(day, send=False)

    def print_ledger(self, day: date) -> None:
        """Send a day's ledger to this PC's printer."""
        self._make_ledger(day, send=True)

    def print_order(self) -> None:
        """Print the list of who is next on this PC's printer, or save it in the folder of reports if there is none."""
        from queuedesk.reports.papers.order_list import order_pdf

        desk, now, lang = self.context.desk, self.context.clock(), current()
        self._make(
            "order.pdf",
            lambda path: write_file(path, order_pdf(ordering.read_order(desk, now), lang)),
            send=self.can_print,
        )

    def _make_ledger(self, day: date, *, send: bool) -> None:
        from queuedesk.reports.papers.order_list import ledger_pdf

        desk, now, lang = self.context.desk, self.context.clock(), current()
        self._make(
            f"ledger-{day.isoformat()}.pdf",
            lambda path: write_file(path, ledger_pdf(ordering.read_ledger(desk, now, day), lang, now=now)),
            send=send,
        )
