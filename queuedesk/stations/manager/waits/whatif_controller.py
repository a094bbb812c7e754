"""What the page of what-ifs asks for: a day played again, its page saved or printed; all beside the window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.sim.whatif_change import Change
from queuedesk.stations.manager.parts.paper_controller import PaperController
from queuedesk.stations.window.context import StationContext

NEEDED = ("what_if", "what_if_pdf", "folder")
Figures = dict[str, Any]


class WhatIfController(PaperController):
    """`answered` gives the figures of the last question, `failed` why there are none; `waiting_changed` says whether a
    day is being played."""

    answered = Signal(object)
    failed = Signal(object)
    waiting_changed = Signal(bool)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.found: Figures | None = None
        self._asked = 0

    @property
    def can_ask(self) -> bool:
        """Whether the program lends what is needed."""
        return self.lends(*NEEDED)

    def ask(self, day: date, asked: str | Change) -> None:
        """Play a date again with a ready question or a change; the last asked is the one that is answered."""
        self._asked += 1
        number, play = self._asked, self.context.tools["what_if"]
        self.waiting_changed.emit(True)
        self.context.tasks.run_long(
            lambda: play(day, asked), lambda found: self._take(number, found), self._fail(number), may_drop=True
        )

    def save(self) -> None:
        """Write the page into the folder of reports."""
        self._make_page(send=False)

    def print_(self) -> None:
        """Send the page to this PC's printer."""
        self._make_page(send=True)

    def _make_page(self, *, send: bool) -> None:
        found = self.found
        if found is None:
            return
        make, who = self.context.tools["what_if_pdf"], self.context.who.name if self.context.who else None
        self._make(f"what-if-{found['date']}.pdf", lambda path: make(found, path, printed_by=who), send=send)

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
