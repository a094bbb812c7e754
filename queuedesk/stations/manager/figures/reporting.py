"""Makes, saves and prints the manager's papers beside the window, and names periods, dates and kinds of file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal, Slot

from queuedesk.core.errors import OutsideError
from queuedesk.core.figures.periods import (
    DAY,
    MONTH,
    MONTH_PACK,
    PACKS,
    QUARTER,
    QUARTER_PACK,
    WEEK,
    YEAR,
    PrintedReportPages,
    period_span_containing,
)
from queuedesk.files.writing import write_file
from queuedesk.i18n import _, date_short, day_staff, figure_range
from queuedesk.i18n.moments import month_words
from queuedesk.stations.manager.parts.page_controller import LazyTemporaryFolder, write_to_reports_folder
from queuedesk.stations.window.context import SheetPrinter, StationContext

INCH_MM, PAGE_WIDTH_MM = 25.4, 210
PDF = "pdf"
Told = Callable[[int, int], object]
"""Hears how many dates of how many are counted."""
Make = Callable[[Path, str | None, Told | None], object]
"""Writes a paper to a file; the text is who printed it."""


class ReportSubject(Struct, frozen=True):
    """What a paper is about: the period that contains a day, one ticket of that day, or a kept report as a `file`."""

    day: date
    label: str = ""
    period: str = DAY
    file: Path | None = None

    @property
    def span(self) -> tuple[date, date]:
        return period_span_containing(self.period, self.day)

    @property
    def stem(self) -> str:
        """Its name as part of a file's: "2026-11-20", "2026-11-16-week"."""
        period = "" if self.period == DAY else self.period
        return "-".join(part for part in (self.span[0].isoformat(), period, self.label) if part)


class RenderedReport(Struct, frozen=True, kw_only=True):
    """A finished paper: its subject, its file, its pages as pictures, how many of them each choice of pages has."""

    subject: ReportSubject
    file: Path
    pictures: tuple[Any, ...]
    counts: Mapping[PrintedReportPages, int]

    def pictures_of(self, pages: PrintedReportPages) -> tuple[Any, ...]:
        return self.pictures[: self.counts[pages]]


def _dpi_for_width(width_px: int) -> float:
    return max(72.0, width_px / PAGE_WIDTH_MM * INCH_MM)


def _pictured(report: RenderedReport, printer: SheetPrinter, dpi: float) -> RenderedReport:
    return replace(report, pictures=tuple(printer.pdf_page_images(report.file, dpi)))


class ReportMaker(QObject):
    """Makes, saves and prints papers. `shown` gives a Report; `counted` the dates counted of how many; `failed` the
    trouble of any of these; `saved` the file written; `printed` the printer that accepted it."""

    shown = Signal(object)
    counted = Signal(int, int)
    failed = Signal(object)
    saved = Signal(object)
    printed = Signal(str)
    _counted = Signal(object, int, int)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._counted.connect(self._forward_count_progress)
        self.report: RenderedReport | None = None
        self._wanted: tuple[ReportSubject, int] | None = None
        self._folder = LazyTemporaryFolder(context)

    def can_make(self, subject: ReportSubject) -> bool:
        return self._paper_writer_for_subject(subject) is not None and self.context.services.sheet_printer is not None

    def _paper_writer_for_subject(self, subject: ReportSubject) -> Make | None:
        paper = self.context.services.paper
        if subject.file is not None:
            return _skip_writing_stored_report
        if paper is None:
            return None
        if not subject.label:
            return lambda file, by, told: paper.report(subject.period, subject.day, file, printed_by=by, told=told)
        return lambda file, by, _told: paper.ticket_history_pdf(subject.day, subject.label, file, printed_by=by)

    @property
    def can_print(self) -> bool:
        return self.context.services.sheet_printer is not None

    def show(self, subject: ReportSubject, width_px: int) -> None:
        """Make the paper on `subject` as of now, its pages about `width_px` device pixels wide."""
        self._wanted = wanted = (subject, width_px)
        make, printer = self._paper_writer_for_subject(subject), self.context.services.sheet_printer
        if make is None or printer is None:
            return
        file = subject.file or self._folder.path / f"{subject.stem}.pdf"
        dpi = _dpi_for_width(width_px)
        who = self.context.who.name if self.context.who else None

        def work() -> RenderedReport:
            make(file, who, partial(self._counted.emit, wanted))
            pictures = tuple(printer.pdf_page_images(file, dpi))
            return RenderedReport(subject=subject, file=file, pictures=pictures, counts=printer.pages_in(file))

        self.context.tasks.run_in_long_work_lane(
            work, partial(self._show_report_if_still_wanted, wanted), self.failed.emit, may_drop=True
        )

    @Slot(object, int, int)
    def _forward_count_progress(self, wanted: tuple[ReportSubject, int], done: int, of: int) -> None:
        if wanted == self._wanted:
            self.counted.emit(done, of)

    def release_page_pictures(self) -> None:
        """Keep no pictures of the paper that was shown while nobody looks: 2 MB and more for each page."""
        if self.report is not None:
            self.report = replace(self.report, pictures=())

    def redraw_page_pictures(self, width_px: int) -> None:
        """Make new pictures of the same paper, which stays as it was made."""
        report, printer = self.report, self.context.services.sheet_printer
        if report is None or printer is None:
            return
        if not report.file.is_file():  # systems clear their temporary folders
            self.show(report.subject, width_px)
            return
        self._wanted = wanted = (report.subject, width_px)
        work = partial(_pictured, report, printer, _dpi_for_width(width_px))
        self.context.tasks.run_in_long_work_lane(
            work, partial(self._show_report_if_still_wanted, wanted), self.failed.emit, may_drop=True
        )

    def _show_report_if_still_wanted(self, wanted: tuple[ReportSubject, int], report: RenderedReport) -> None:
        # Another one was asked for meanwhile: its pages are on their way.
        if wanted == self._wanted:
            self.report = report
            self.shown.emit(report)

    def save(self, ending: str = PDF, *, pages: PrintedReportPages = PrintedReportPages.ALL) -> None:
        """Save the paper shown in the folder of reports, replacing an earlier one of the same name. As PDF it is
        exactly that paper, or some of its `pages` under another name; another of endings() is written anew for the same
        period and includes the figures for managers."""
        report, printer = self.report, self.context.services.sheet_printer
        if report is None or printer is None or (pages is not PrintedReportPages.ALL and ending != PDF):
            return
        stem = report.subject.stem if pages is PrintedReportPages.ALL else f"{report.subject.stem}-{pages}"
        make = self._paper_writer_for_subject(report.subject)

        def write(file: Path) -> None:
            if ending != PDF:
                assert make is not None
                make(file, None, None)
            elif pages is not PrintedReportPages.ALL:
                printer.save_report_pages(report.file, file, pages)
            else:
                try:
                    content = report.file.read_bytes()
                except OSError as error:
                    raise OutsideError("cannot_read", path=str(report.file)) from error
                write_file(file, content)

        write_to_reports_folder(self.context, f"{stem}.{ending}", write, self.saved.emit, self.failed.emit)

    def print_(self, printer: str, pages: PrintedReportPages) -> None:
        """Send the paper shown, or some of its pages, to `printer`, "" for the usual one."""
        report, sheets, kept = self.report, self.context.services.sheet_printer, self.context.services.kept_reports
        if report is None or sheets is None:
            return
        # That a kept report was printed is noted.
        send = kept.print_stored_report if report.subject.file is not None and kept is not None else sheets.print_pdf
        self.context.tasks.run_in_long_work_lane(
            partial(send, report.file, printer, pages=pages), self.printed.emit, self.failed.emit
        )

    def stop(self) -> None:
        """Delete the file shown."""
        self._folder.throw_away()


def _skip_writing_stored_report(_file: Path, _printed_by: str | None, _told: Told | None) -> None:
    """A kept report is there already."""


def period_name(period: str) -> str:
    names = {
        DAY: _("Day", context="period"),
        WEEK: _("Week", context="period"),
        MONTH: _("Month", context="period"),
        QUARTER: _("Quarter", context="period"),
        YEAR: _("Year", context="period"),
    }
    return names[period]


def report_title(period: str) -> str:
    titles = {
        DAY: _("Daily report", context="manager"),
        WEEK: _("Weekly report", context="manager"),
        MONTH: _("Monthly report", context="manager"),
        QUARTER: _("Quarterly report", context="manager"),
        YEAR: _("Yearly report", context="manager"),
        MONTH_PACK: _("Meeting pack", context="manager"),
        QUARTER_PACK: _("Summary of a quarter", context="manager"),
    }
    return titles[period]


def period_button_text(period: str, first: date, last: date, today: date) -> str:
    """Return the period's name, short enough for a button."""
    period = PACKS.get(period, period)
    if period == YEAR:
        return _("{year}", context="period", year=first.year)
    if period == QUARTER:
        return _("Quarter {n} of {year}", context="period", n=(first.month + 2) // 3, year=first.year)
    if period == MONTH:
        return month_words(first)
    if period == WEEK:
        return figure_range(date_short(first), date_short(last))
    return _("today, {date}", date=day_staff(first)) if first == today else day_staff(first)


def report_file_endings() -> tuple[str, ...]:
    from queuedesk.reports.figures import write  # late: it reads the figures

    return tuple(ending.removeprefix(".") for ending in write.report_file_endings())


def file_kind_name(ending: str) -> str:
    names = {
        "pdf": _("As a PDF to print"),
        "xlsx": _("As a workbook (XLSX)"),
        "csv": _("As plain text (CSV)"),
        "json": _("For programs (JSON)"),
    }
    return names[ending]
