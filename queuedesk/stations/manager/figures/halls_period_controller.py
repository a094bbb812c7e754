"""Reads several halls side by side in a period, and makes the papers of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from queuedesk.core.figures.halls_compared import HallsOfPeriod
from queuedesk.core.figures.periods import MONTH
from queuedesk.desk.figures.halls_comparing import compare_halls, halls_seen
from queuedesk.files.writing import write_file
from queuedesk.i18n import current
from queuedesk.stations.manager.figures.figures_controller import Wanted
from queuedesk.stations.manager.parts.page_controller import LastAsked, PaperController, save_report
from queuedesk.stations.window.context import StationContext

READ_AGAIN = timedelta(minutes=1)


class HallsPeriodController(QObject):
    """Reads the halls in a period. `shown` says that `found` is another one, or of another period; `failed` the
    trouble met; `saved` gives the file of their targets."""

    shown = Signal()
    failed = Signal(object)
    saved = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.wanted = Wanted(MONTH, context.feed.day)
        self.found: HallsOfPeriod | None = None
        self._last = LastAsked(context, self)
        self._read_at: datetime | None = None

    @property
    def is_running(self) -> bool:
        """Whether the period holds today: its figures change yet."""
        first, last = self.wanted.span
        return first <= self.context.feed.day <= last

    def want(self, wanted: Wanted) -> None:
        """Show another period as soon as it is read."""
        if wanted != self.wanted:
            self.wanted, self.found = wanted, None
            self.shown.emit()
        self.read()

    def follow(self, now: datetime) -> None:
        """Read again from time to time while the period runs."""
        if self._read_at is None or (self.is_running and now - self._read_at >= READ_AGAIN):
            self.read()

    def read(self) -> None:
        """Read the period; an earlier request is dropped."""
        context, wanted = self.context, self.wanted
        if context.who is None:
            return
        self._read_at = context.clock()
        work = partial(compare_halls, context.desk, context.who, wanted.period, wanted.day, self._read_at)
        self._last.ask(work, self._take, self.failed.emit)

    @property
    def can_save(self) -> bool:
        """Whether this station has a folder for papers."""
        return self.context.services.folder is not None

    def save_targets(self) -> None:
        """Write the halls' targets to sign, as they stand today, into the folder of reports."""
        context, who = self.context, self.context.who
        if who is None:
            return
        day, now, lang = context.feed.day, context.clock(), current()

        def write(file: Path) -> None:
            from queuedesk.reports.papers.targets_sheet import targets_pdf  # what draws papers is loaded for the first

            write_file(file, targets_pdf(halls_seen(context.desk, who), day, now, lang, who.name))

        save_report(context, f"{day.isoformat()}-targets.pdf", write, self.saved.emit, self.failed.emit)

    def stop(self) -> None:
        self._last.forget()

    def _take(self, found: HallsOfPeriod) -> None:
        self.found = found
        self.shown.emit()


class HallsPapers(PaperController):
    """Saves or prints the comparison of a period as it was read."""

    def make(self, of: HallsOfPeriod, by: str, *, send: bool) -> None:
        """Write it with the halls by REGION or DISTRICT, or `send` it to this PC's printer."""
        context, lang, now, name = self.context, current(), self.context.clock(), self._printed_by()

        def write(file: Path) -> None:
            from queuedesk.reports.papers.halls_page import halls_pdf  # what draws papers is loaded for the first

            write_file(file, halls_pdf(of, context.feed.setup, now, lang, by=by, printed_by=name))

        self._make(f"{of.first.isoformat()}-{of.period}-halls.pdf", write, send=send)
