"""Makes a page's papers on the long lane, keeps them in the reports' folder or prints them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.i18n import current
from queuedesk.i18n.names import staff_name
from queuedesk.stations.window.context import StationContext


class PaperController(QObject):
    """`saved` gives the file written, `printed` says that a printer took it, `refused` gives the trouble with either.

    `busy_changed` says whether a paper is being made.
    """

    refused = Signal(object)
    saved = Signal(object)
    printed = Signal()
    busy_changed = Signal(bool)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._folder = tempfile.TemporaryDirectory(prefix="queuedesk-page-", ignore_cleanup_errors=True)

    @property
    def can_print(self) -> bool:
        return self.lends("print_pdf")

    def lends(self, *tools: str) -> bool:
        """Whether the program lends all of these."""
        return all(self.context.tools.get(name) is not None for name in tools)

    def _local_now(self) -> datetime:
        return self.context.feed.setup.local(self.context.clock())

    def _printed_by(self) -> str | None:
        """Return who is here, as a paper names its maker."""
        who = self.context.who
        return staff_name(self.context.feed.setup, who.name, current()) if who is not None else None

    def stop(self) -> None:
        """Throw what was made for the printer away."""
        self.context.tasks.run_long(self._folder.cleanup, _nothing, _nothing)  # behind what is still printed from there

    def _make(self, name: str, make: Callable[[Path], Any], *, send: bool) -> None:
        """Let `make` write a file whose name ends in `name`, into the folder of reports, or aside to `send` it to this
        PC's printer."""
        tools, name = self.context.tools, f"{self.context.feed.setup.hall.code}-{name}"
        self.busy_changed.emit(True)

        def work() -> Path:
            path = (Path(self._folder.name) if send else Path(tools["folder"]("reports"))) / name
            make(path)
            if send:
                tools["print_pdf"](path)
            return path

        def good(path: Path) -> None:
            self.busy_changed.emit(False)
            if send:
                self.printed.emit()
            else:
                self.saved.emit(path)

        def bad(trouble: QueueDeskError) -> None:
            self.busy_changed.emit(False)
            self.refused.emit(trouble)

        self.context.tasks.run_long(work, good, bad)


def _nothing(*_said: object) -> None:
    """What the system can't take away now it takes away with its other temporary files."""
