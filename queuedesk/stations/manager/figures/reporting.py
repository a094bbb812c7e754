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
Make = Callable[[Path, str | None], object]
"""Writes a paper to a file; the text is who printed it."""


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
    """Makes, saves and prints papers.

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
        return self._maker(subject) is not None and self.context.services.sheet_printer is not None

    def _maker(self, subject: Subject) -> Make | None:
        """Return what writes a paper on `subject`; None where nothing can."""
        paper = self.context.services.paper
        if subject.file is not None:
            return _as_it_is
        if paper is None:
            return None
        if not subject.label:
            return lambda file, by: paper.report(subject.period, subject.day, file, printed_by=by)
        return lambda file, by: paper.story_pdf(subject.day, subject.label, file, printed_by=by)

    @property
    def can_print(self) -> bool:
        return self.context.services.sheet_printer is not None

    def show(self, subject: Subject, width_px: int) -> None:
        """Make the paper on `subject` as things stand now, its pages about `width_px` device pixels wide."""
        self._wanted = (subject, width_px)
        make, printer = self._maker(subject), self.context.services.sheet_printer
        if make is None or printer is None:
            return
        file = subject.file or Path(self._folder.name) / f"{subject.stem}.pdf"
        dpi = max(72.0, width_px / PAGE_WIDTH_MM * INCH_MM)
        who = self.context.who.name if self.context.who else None

        def work() -> Report:
            make(file, who)
            return Report(subject=subject, file=file, pages=tuple(printer.pdf_pages(file, dpi)))

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
        report, folder, printer = self.report, self.context.services.folder, self.context.services.sheet_printer
        if report is None or folder is None or printer is None or (wall_only and ending != PDF):
            return
        stem = f"{report.subject.stem}-wall" if wall_only else report.subject.stem
        target = f"{self.context.feed.setup.hall.code}-{stem}.{ending}"
        make = self._maker(report.subject)

        def work() -> Path:
            file = folder("reports") / target
            if ending != PDF:
                assert make is not None
                make(file, None)
                return file
            if wall_only:
                printer.save_wall_part(report.file, file)
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
        report, sheets, kept = self.report, self.context.services.sheet_printer, self.context.services.kept_reports
        if report is None or sheets is None:
            return
        # That a kept report was printed is noted.
        send = kept.print_kept if report.subject.file is not None and kept is not None else sheets.print_pdf
        self.context.tasks.run_long(
            partial(send, report.file, printer, wall_only=wall_only), self.printed.emit, self.failed.emit
        )

    def stop(self) -> None:
        """Throw the shown file away."""
        self.context.tasks.run_long(self._folder.cleanup, _nothing, _nothing)  # behind what is still printed from there


def _as_it_is(_file: Path, _printed_by: str | None) -> None:
    """A kept report is there already."""


def _nothing(*_said: object) -> None:
    """What the system can't take away now it takes away with its other temporary files."""
