"""What the page of fairness asks for: a day's ledger, and both papers saved or printed; all beside the window."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.ledger import LedgerRead
from queuedesk.desk import ordering
from queuedesk.stations.context import StationContext

NEEDED = ("ledger_pdf", "order_pdf", "folder")


class FairnessDesk(QObject):
    """`answered` gives the ledger last asked for, `failed` why there is none; `refused` is trouble with a paper, `saved` the file written,
    `printed` that a printer took it, `busy_changed` whether paper is made.
    """

    answered = Signal(object)
    failed = Signal(object)
    refused = Signal(object)
    saved = Signal(object)
    printed = Signal()
    busy_changed = Signal(bool)

    def __init__(
        self,
        context: StationContext,
        *,
        read_ledger: Callable[..., LedgerRead] = ordering.read_ledger,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.context = context
        self._read_ledger = read_ledger
        self.found: LedgerRead | None = None
        self._wanted: tuple[date, int] | None = None
        self._reading = False
        self._folder = tempfile.TemporaryDirectory(prefix="queuedesk-order-", ignore_cleanup_errors=True)

    @property
    def can_save(self) -> bool:
        """Whether the program lends what paper needs."""
        return all(self.context.tools.get(name) is not None for name in NEEDED)

    @property
    def can_print(self) -> bool:
        return self.can_save and self.context.tools.get("print_pdf") is not None

    def ask(self, day: date) -> None:
        """Read a date's ledger, unless it was read and nothing came to the log since."""
        wanted = (day, self.context.feed.state.now.seq)
        if self._reading or wanted == self._wanted:
            return
        self._reading, self._wanted = True, wanted
        work = partial(self._read_ledger, self.context.desk, self.context.clock(), day)
        self.context.tasks.run_aside(work, self._take, self._fail)

    def _take(self, found: LedgerRead) -> None:
        self._reading, self.found = False, found
        self.answered.emit(found)

    def _fail(self, trouble: QueueDeskError) -> None:
        self._reading, self._wanted = False, None
        self.failed.emit(trouble)

    def save_ledger(self, day: date) -> None:
        """Write a day's ledger into the folder of reports."""
        self._make("ledger_pdf", f"ledger-{day.isoformat()}", self._reports, self.saved.emit, day)

    def print_ledger(self, day: date) -> None:
        """Send a day's ledger to this PC's printer."""
        self._make("ledger_pdf", f"ledger-{day.isoformat()}", self._aside, self._printed, day, send=True)

    def print_order(self) -> None:
        """Send the list of who is next to this PC's printer, or into the folder of reports where there is none."""
        if self.can_print:
            self._make("order_pdf", "order", self._aside, self._printed, send=True)
        else:
            self._make("order_pdf", "order", self._reports, self.saved.emit)

    def stop(self) -> None:
        """Throw what was made for the printer away."""
        self._folder.cleanup()

    def _reports(self, name: str) -> Path:
        return Path(self.context.tools["folder"]("reports")) / name

    def _aside(self, name: str) -> Path:
        return Path(self._folder.name) / name

    def _printed(self, _path: Path) -> None:
        self.printed.emit()

    def _make(
        self,
        tool: str,
        name: str,
        place: Callable[[str], Path],
        done: Callable[[Path], None],
        *args: Any,
        send: bool = False,
    ) -> None:
        tools = self.context.tools
        make, hall = tools[tool], self.context.feed.setup.hall.code
        self.busy_changed.emit(True)

        def work() -> Path:
            path: Path = make(*args, place(f"{hall}-{name}.pdf"))
            if send:
                tools["print_pdf"](path)
            return path

        def good(path: Path) -> None:
            self.busy_changed.emit(False)
            done(path)

        def bad(trouble: QueueDeskError) -> None:
            self.busy_changed.emit(False)
            self.refused.emit(trouble)

        self.context.tasks.run_long(work, good, bad)
