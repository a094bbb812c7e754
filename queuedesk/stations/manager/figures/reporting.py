"""Papers of the manager, the report of a period and the story of a ticket: made beside everything else, shown, saved,
printed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import DAY, span_of
from queuedesk.files.writing import write_file
from queuedesk.stations.window.context import StationContext

INCH_MM, PAGE_WIDTH_MM = 25.4, 210
PDF = "pdf"
ENDINGS = (PDF, "xlsx", "csv", "json")
"""The kinds of file that a period's report is saved as."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a paper is about: the period that contains a day, one ticket of that day, or a report that was kept as a
    `file`."""

    day: date
    label: str = ""
    period: str = DAY
    file: Path | None = None

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last date of it."""
        return span_of(self.period, self.day)

    @property
    def stem(self) -> str:
        """Its name as part of a file's: "2026-11-20", "2026-11-16-week"."""
        period = "" if self.period == DAY else self.period
        return "-".join(part for part in (self.span[0].isoformat(), period, self.label) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A paper that is there: what it is about, its file, its pages as pictures."""

    subject: Subject
    file: Path
    pages: tuple[Any, ...]


class Reporting(QObject):
    """Makes, saves and prints papers by what the program lends: report, story_pdf, pdf_pages, print_pdf, print_kept,
    save_wall_part, folder.

    `shown` gives a Report; `failed` the trouble met in making, saving or printing; `saved` the file written; `printed`
    the name of the printer that took it.
    """

    shown = Signal(object)
    failed = Signal(object)
    saved = Signal(object)
    printed = Signal(str)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.report: Report | None = None
        self._wanted: tuple[Subject, int] | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="queuedesk-report-", ignore_cleanup_errors=True)

    def can_make(self, subject: Subject) -> bool:
        """Whether the program lends what a paper on `subject` needs."""
        return self._maker(subject) is not None and self._tool("pdf_pages") is not None

    def _maker(self, subject: Subject) -> Callable[..., Any] | None:
        if subject.file is not None:
            return _as_it_is
        if not subject.label:
            report = self._tool("report")
            return partial(report, subject.period, subject.day) if report else None
        story_pdf = self._tool("story_pdf")
        return partial(story_pdf, subject.day, subject.label) if story_pdf else None

    @property
    def can_print(self) -> bool:
        return self._tool("print_pdf") is not None

    def show(self, subject: Subject, width_px: int) -> None:
        """Make the paper on `subject` as things stand now, its pages about `width_px` device pixels wide."""
        self._wanted = (subject, width_px)
        make, draw = self._maker(subject), self._tool("pdf_pages")
        if make is None or draw is None:
            return
        file = subject.file or Path(self._folder.name) / f"{subject.stem}.pdf"
        dpi = max(72.0, width_px / PAGE_WIDTH_MM * INCH_MM)
        who = self.context.who.name if self.context.who else None

        def work() -> Report:
            make(file, printed_by=who)
            return Report(subject=subject, file=file, pages=tuple(draw(file, dpi)))

        self.context.tasks.run_long(work, partial(self._made, (subject, width_px)), self.failed.emit, may_drop=True)

    def _made(self, wanted: tuple[Subject, int], report: Report) -> None:
        # Another one was asked for meanwhile: its pages are on their way.
        if wanted == self._wanted:
            self.report = report
            self.shown.emit(report)

    def save(self, ending: str = PDF, *, wall_only: bool = False) -> None:
        """Put the paper shown into the folder of reports, in place of an earlier one of the same name.

        As PDF it is the very paper; another of ENDINGS is written of the same period as it stands now. With `wall_only`
        it is the PDF without the page for managers, under a name of its own; the other kinds hold that page's figures
        too.
        """
        report, folder, save_wall = self.report, self._tool("folder"), self._tool("save_wall_part")
        if report is None or folder is None or (wall_only and (ending != PDF or save_wall is None)):
            return
        stem = f"{report.subject.stem}-wall" if wall_only else report.subject.stem
        target = f"{self.context.feed.setup.hall.code}-{stem}.{ending}"
        make = self._maker(report.subject)

        def work() -> Path:
            file = Path(folder("reports")) / target
            if ending != PDF:
                assert make is not None
                make(file)
                return file
            if wall_only:
                assert save_wall is not None
                save_wall(report.file, file)
                return file
            try:
                content = report.file.read_bytes()
            except OSError as error:
                raise OutsideError("cannot_read", path=str(report.file)) from error
            write_file(file, content)
            return file

        self.context.tasks.run_long(work, self.saved.emit, self.failed.emit)

    def print_(self, printer: str, *, wall_only: bool) -> None:
        """Send the paper shown to `printer`, "" for the usual one; of a report with `wall_only` without the page for
        managers."""
        report = self.report
        send = self._tool("print_kept" if report is not None and report.subject.file is not None else "print_pdf")
        if report is None or send is None:
            return
        self.context.tasks.run_long(
            lambda: send(report.file, printer, wall_only=wall_only), self.printed.emit, self.failed.emit
        )

    def stop(self) -> None:
        """Throw the shown file away."""
        self.context.tasks.run_long(self._folder.cleanup, _nothing, _nothing)  # behind what is still printed from there

    def _tool(self, name: str) -> Callable[..., Any] | None:
        return self.context.tools.get(name)


def _as_it_is(_file: Path, *, printed_by: str | None = None) -> None:
    """A kept report is there already."""


def _nothing(*_said: object) -> None:
    """What the system can't take away now it takes away with its other temporary files."""
