"""Plays a day again with a change, and saves and prints the result, all beside the window."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.files.writing import write_file
from queuedesk.i18n import current
from queuedesk.sim.whatif import Change, day_of, question, what_if
from queuedesk.sim.whatif_day import RecordedDay
from queuedesk.stations.manager.parts.page_controller import LastAsked, PaperController
from queuedesk.stations.window.context import StationContext

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
        self._last = LastAsked(context, self)
        self._lock = Lock()
        self._recorded: RecordedDay | None = None

    def ask(self, day: date, asked: str | Change) -> None:
        """Play a date again with a ready question or a change; only the last request is answered."""
        self.waiting_changed.emit(True)
        self._last.ask(lambda: self._played(day, asked), self._take, self._fail)

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
        from queuedesk.reports.papers.whatif_page import whatif_pdf

        setup, local_now, lang = self.context.feed.setup, self._local_now(), current()
        who = self.context.who.name if self.context.who else None

        def make(path: Path) -> None:
            write_file(path, whatif_pdf(found, setup, lang, local_now, who))

        self._make(f"what-if-{found['date']}.pdf", make, send=send)

    def _played(self, day: date, asked: str | Change) -> Figures:
        """Return what a question comes to; it takes a second or more. The day that was read last is kept."""
        with self._lock:
            if self._recorded is None or self._recorded.day != day:
                self._recorded = day_of(self.context.desk, day)
            recorded = self._recorded
        if isinstance(asked, Change):
            return what_if(recorded, asked).figures
        ready = question(recorded, asked)
        return what_if(recorded, ready.change, base=ready.base).figures

    def _take(self, found: Figures) -> None:
        self.found = found
        self.waiting_changed.emit(False)
        self.answered.emit(found)

    def _fail(self, trouble: QueueDeskError) -> None:
        self.found = None
        self.waiting_changed.emit(False)
        self.failed.emit(trouble)
