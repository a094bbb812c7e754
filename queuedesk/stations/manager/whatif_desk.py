"""What the page of what-ifs asks for: a day played again, its page saved or printed; all beside the window."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.sim.whatif_change import Change
from queuedesk.stations.context import StationContext

NEEDED = ("what_if", "what_if_pdf", "folder")
Figures = dict[str, Any]


class WhatIfDesk(QObject):
    """`answered` gives the figures of the last question, `failed` why there are none; `refused` is trouble with the paper, `saved` the file
    written, `printed` that a printer took it. `waiting_changed` says whether a day is being played, `busy_changed` whether paper is made."""

    answered = Signal(object)
    failed = Signal(object)
    refused = Signal(object)
    saved = Signal(object)
    printed = Signal()
    waiting_changed = Signal(bool)
    busy_changed = Signal(bool)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.found: Figures | None = None
        self._asked = 0
        self._folder = tempfile.TemporaryDirectory(prefix="queuedesk-what-if-", ignore_cleanup_errors=True)

    @property
    def can_ask(self) -> bool:
        """Whether the program lends what is needed."""
        return all(self.context.tools.get(name) is not None for name in NEEDED)

    @property
    def can_print(self) -> bool:
        return self.context.tools.get("print_pdf") is not None

    def ask(self, day: date, asked: str | Change) -> None:
        """Play a date again with a ready question or a change; the last asked is the one that is answered."""
        self._asked += 1
        number, play = self._asked, self.context.tools["what_if"]
        self.waiting_changed.emit(True)
        self.context.tasks.run_long(
            lambda: play(day, asked), lambda found: self._take(number, found), self._fail(number)
        )

    def save(self) -> None:
        """Write the page into the folder of reports."""
        folder = self.context.tools["folder"]
        self._make(lambda name: Path(folder("reports")) / name, self.saved.emit)

    def print_(self) -> None:
        """Send the page to this PC's printer."""
        send = self.context.tools["print_pdf"]
        self._make(lambda name: Path(self._folder.name) / name, lambda _path: self.printed.emit(), send)

    def stop(self) -> None:
        """Throw what was made for the printer away."""
        self._folder.cleanup()

    def _make(
        self, place: Callable[[str], Path], done: Callable[[Path], None], then: Callable[[Path], Any] | None = None
    ) -> None:
        found = self.found
        if found is None:
            return
        make, who = self.context.tools["what_if_pdf"], self.context.who.name if self.context.who else None
        name = f"{self.context.feed.setup.hall.code}-what-if-{found['date']}.pdf"
        self.busy_changed.emit(True)

        def work() -> Path:
            path: Path = make(found, place(name), printed_by=who)
            if then is not None:
                then(path)
            return path

        def good(path: Path) -> None:
            self.busy_changed.emit(False)
            done(path)

        def bad(trouble: QueueDeskError) -> None:
            self.busy_changed.emit(False)
            self.refused.emit(trouble)

        self.context.tasks.run_long(work, good, bad)

    def _take(self, number: int, found: Figures) -> None:
        if number == self._asked:
            self.found = found
            self.waiting_changed.emit(False)
            self.answered.emit(found)

    def _fail(self, number: int) -> Callable[[QueueDeskError], None]:
        def bad(trouble: QueueDeskError) -> None:
            if number == self._asked:
                self.found = None
                self.waiting_changed.emit(False)
                self.failed.emit(trouble)

        return bad
