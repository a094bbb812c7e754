"""What the manager's pages do beside the window: read, answer what was asked last, act; make, save and print papers;
with the names of periods, dates and kinds of file."""

from __future__ import annotations

import tempfile
from abc import abstractmethod
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal, Slot

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.figures import periods
from queuedesk.core.network.roles import MAY
from queuedesk.files.writing import write_file
from queuedesk.i18n import _, current_language, date_for_staff, date_short, figure_range
from queuedesk.i18n.moments import month_and_year
from queuedesk.i18n.names import staff_name
from queuedesk.stations.window.context import SheetPrinter, SingleCommandRunner, StationContext, tell_unless_gone

T = TypeVar("T")
R = TypeVar("R")
Refused = Callable[[QueueDeskError], None]


class BackgroundReader(QObject):
    """Reads in the background, one at a time. What can't be read stays as it was."""

    def __init__(self, context: StationContext, parent: QObject, *, is_long: bool = False) -> None:
        super().__init__(parent)  # answers to a page that is gone are dropped by that
        self._context, self._is_long, self.is_on = context, is_long, False

    def read(self, work: Callable[[], T], good: Callable[[T], None], bad: Refused | None = None) -> None:
        """Give `good` the result of `work`, or `bad` the trouble; nothing starts while something is being read."""
        if not self.is_on:
            self.is_on, tasks = True, self._context.tasks
            run = tasks.run_in_long_work_lane if self._is_long else tasks.run_in_side_lane
            run(
                work,
                partial(self._end_reading_and_pass_on, good),
                partial(self._end_reading_and_pass_on, bad),
                may_drop=True,
            )

    def _end_reading_and_pass_on(self, then: Callable[[T], None] | None, answer: T) -> None:
        self.is_on = False
        if then is not None:
            then(answer)


class LatestRequest(QObject):
    """Long work of which only the last request is answered."""

    def __init__(self, context: StationContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._number = context, 0

    def request_work(self, work: Callable[[], T], good: Callable[[T], None], bad: Refused) -> None:
        """Do this instead of earlier requests: those still waiting for the lane are dropped."""
        self._number += 1
        number = self._number

        def work_if_latest() -> T | None:
            return work() if number == self._number else None

        self._context.tasks.run_in_long_work_lane(
            work_if_latest,
            partial(self._pass_on_answer_if_latest, number, good),
            partial(self._pass_on_answer_if_latest, number, bad),
            may_drop=True,
        )

    def drop_request(self) -> None:
        self._number += 1

    def _pass_on_answer_if_latest(self, number: int, then: Callable[[Any], None], answer: object) -> None:
        if number == self._number:
            then(answer)


def is_out_of_date(shown: datetime | None, now: datetime, after: timedelta) -> bool:
    return shown is None or abs(now - shown) >= after


def start_writing_to_reports_folder(
    context: StationContext, name: str, write: Callable[[Path], object], saved: Callable[[Path], None], failed: Refused
) -> None:
    """Let `write` make a file in the reports folder, replacing an earlier one; its name begins with the hall's code."""
    folder = context.services.folder
    if folder is None:
        return

    def write_file_in_folder() -> Path:
        file = folder("reports") / f"{context.feed.setup.hall.code}-{name}"
        write(file)
        return file

    context.tasks.run_in_long_work_lane(write_file_in_folder, saved, failed)


class TicketFileSaver(QObject):
    """`saved` gives the file written, `failed` the trouble."""

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    @property
    def can_save(self) -> bool:
        return self._context.services.paper is not None and self._context.services.folder is not None

    def save(self, day: date, ending: str) -> None:
        """Write the tickets of `day` beside the reports, replacing an earlier file of the same name."""
        if (paper := self._context.services.paper) is not None:
            write, name = partial(paper.save_day_tickets_table, day), f"{day.isoformat()}-tickets.{ending}"
            start_writing_to_reports_folder(self._context, name, write, self.saved.emit, self.failed.emit)


class _LazyTemporaryFolder:
    """A folder for files that are shown or printed and then deleted, made when there is one."""

    def __init__(self, context: StationContext) -> None:
        self._context = context
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    @property
    def path(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="queuedesk-page-", ignore_cleanup_errors=True)
        return Path(self._folder.name)

    def remove_after_printing(self) -> None:
        """Remove it once everything from it is printed. What the system can't remove now is removed later."""
        if self._folder is not None:
            folder, self._folder = self._folder, None
            self._context.tasks.run_in_long_work_lane(folder.cleanup, lambda _done: None, lambda _trouble: None)


class PageController(SingleCommandRunner, Generic[R]):
    """Reads something anew when what it depends on has changed, or from time to time, and does one act at a time.
    `found` is what was read, None before; `changed` says that it is other than before, `unread` why nothing could be
    read. Each page's class defines how to read; the type checker refuses one that does not."""

    KEEPS = timedelta(seconds=3)
    """So old what was read may get, where only time tells."""

    changed = Signal()
    unread = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None, *, is_long: bool = False) -> None:
        super().__init__(context, parent)
        self._reading = BackgroundReader(context, self, is_long=is_long)
        self._looked: datetime | None = None
        self._known: object = None
        self._is_due = False
        self.found: R | None = None

    def may_use_verb(self, verb: str) -> bool:
        who = self.context.who
        return who is not None and verb in MAY[who.role]

    def refresh(self, *, anew: bool = False) -> None:
        """Read in the background if what was read holds no more, or `anew` in any case: after what is being read, if
        something is. It is called at every event of the hall."""
        known, now = self._dependency_key(), self.context.clock()
        if self._reading.is_on:
            self._is_due = self._is_due or anew or known != self._known
        elif anew or self._looked is None or known != self._known or self._is_reread_due(abs(now - self._looked)):
            self._known, self._looked = known, now
            self._reading.read(self._read_function(), self._take_read_and_go_on, self._handle_failed_read)

    def _take_read_and_go_on(self, read: R) -> None:
        self._store_found(read)
        self._read_again_if_due()

    def _handle_failed_read(self, trouble: QueueDeskError) -> None:
        if self._known is not None:
            self._looked = None  # what is not read from time to time is asked for again at once
        self._on_read_failed(trouble)
        self._read_again_if_due()

    def _read_again_if_due(self) -> None:
        if self._is_due:
            self._is_due = False
            self.refresh(anew=True)

    @abstractmethod
    def _read_function(self) -> Callable[[], R]:
        """Return what reads; it runs beside the window."""

    def _dependency_key(self) -> object:
        """Return what has changed if what was read is to be read anew, None where only time tells."""
        return None

    def _is_reread_due(self, since: timedelta) -> bool:
        """Whether what was read so long ago is read anew although nothing is known to have changed."""
        return self._known is None and since >= self.KEEPS

    def _store_found(self, read: R) -> None:
        """Keep what was read, and say so; of what is read from time to time only if it is other than before."""
        if self._known is not None or read != self.found:
            self.found = read
            self.changed.emit()

    def _on_read_failed(self, trouble: QueueDeskError) -> None:
        """Leave what was known as it is."""
        self.unread.emit(trouble)


class MonthChoice(QObject):
    """The month that a page shows: this month at first, then those before it; none before the hall began (`first_day`),
    none to come. `turned` once it shows another."""

    turned = Signal()

    def __init__(self, context: StationContext, first_day: Callable[[], date], parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._first_day = context, first_day
        self._month: date | None = None

    @property
    def first_date(self) -> date:
        return self._month or self._context.feed.business_date.replace(day=1)

    @property
    def has_earlier_month(self) -> bool:
        return self._first_day() < self.first_date

    @property
    def has_later_month(self) -> bool:
        return self.first_date < self._context.feed.business_date.replace(day=1)

    def turn_month(self, months: int) -> None:
        if self.has_earlier_month if months < 0 else self.has_later_month:
            near = self.first_date + timedelta(days=-1 if months < 0 else 31)
            self.set_month_silently(near.replace(day=1))
            self.turned.emit()

    def set_month_silently(self, first: date) -> None:
        self._month = first


class PaperSaverAndPrinter(SingleCommandRunner):
    """Saves a page's papers in the folder of reports or prints them, one at a time. `saved` gives the file written,
    `printed` says that a printer accepted it. A page, or the controller behind it, has one and says how each paper is
    written."""

    saved = Signal(object)
    printed = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.passing = _LazyTemporaryFolder(context)

    @property
    def can_save(self) -> bool:
        return self.context.services.folder is not None

    @property
    def can_print(self) -> bool:
        return self.context.services.sheet_printer is not None

    def local_now(self) -> datetime:
        return self.context.feed.setup.to_hall_time(self.context.clock())

    def printed_by(self) -> str | None:
        """Return who is here, as a paper names its maker."""
        who = self.context.who
        return staff_name(self.context.feed.setup, who.name, current_language()) if who is not None else None

    def stop(self) -> None:
        """Delete what was made for the printer."""
        self.passing.remove_after_printing()

    def save_or_print(self, name: str, make: Callable[[Path], object], *, send: bool) -> None:
        """Let `make` write a file named …`name` into the reports folder, or aside to `send` it to the printer."""
        name = f"{self.context.feed.setup.hall.code}-{name}"
        printer, folder = self.context.services.sheet_printer, self.context.services.folder
        if printer is None or folder is None:
            return

        def write_and_maybe_print() -> Path:
            path = (self.passing.path if send else folder("reports")) / name
            make(path)
            if send:
                printer.print_pdf(path)
            return path

        self.start_unless_busy(
            "print" if send else "save",
            write_and_maybe_print,
            self._emit_printed if send else self.saved.emit,
            is_long=True,
        )

    def _emit_printed(self, _path: Path) -> None:
        self.printed.emit()


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
    period: str = periods.DAY
    file: Path | None = None

    @property
    def date_span(self) -> tuple[date, date]:
        return periods.period_span_containing(self.period, self.day)

    @property
    def file_name_stem(self) -> str:
        """Its name as part of a file's: "2026-11-20", "2026-11-16-week"."""
        period = "" if self.period == periods.DAY else self.period
        return "-".join(part for part in (self.date_span[0].isoformat(), period, self.label) if part)


class RenderedReport(Struct, frozen=True, kw_only=True):
    """A finished paper: its subject, its file, its pages as pictures, how many of them each choice of pages has."""

    subject: ReportSubject
    file: Path
    pictures: tuple[Any, ...]
    counts: Mapping[periods.PrintedReportPagesChoice, int]

    def pictures_of_pages(self, pages: periods.PrintedReportPagesChoice) -> tuple[Any, ...]:
        return self.pictures[: self.counts[pages]]


def _dpi_for_width(width_px: int) -> float:
    return max(72.0, width_px / PAGE_WIDTH_MM * INCH_MM)


def _with_page_pictures(report: RenderedReport, printer: SheetPrinter, dpi: float) -> RenderedReport:
    return replace(report, pictures=tuple(printer.pdf_page_images(report.file, dpi)))


class ReportMaker(QObject):
    """Makes, saves and prints papers. `shown` gives a RenderedReport; `counted` the dates counted of how many; `failed`
    the trouble of any of these; `saved` the file written; `printed` the printer that accepted it."""

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
        self._folder = _LazyTemporaryFolder(context)

    def can_make(self, subject: ReportSubject) -> bool:
        return self._paper_writer_for_subject(subject) is not None and self.context.services.sheet_printer is not None

    def _paper_writer_for_subject(self, subject: ReportSubject) -> Make | None:
        paper = self.context.services.paper
        if subject.file is not None:
            return _skip_writing_stored_report
        if paper is None:
            return None
        if not subject.label:
            return lambda file, by, told: paper.write_period_report(
                subject.period, subject.day, file, printed_by=by, told=told
            )
        return lambda file, by, _told: paper.write_ticket_history_pdf(subject.day, subject.label, file, printed_by=by)

    @property
    def can_print(self) -> bool:
        return self.context.services.sheet_printer is not None

    def make_and_show(self, subject: ReportSubject, width_px: int) -> None:
        """Make the paper on `subject` as of now, its pages about `width_px` device pixels wide."""
        self._wanted = wanted = (subject, width_px)
        make, printer = self._paper_writer_for_subject(subject), self.context.services.sheet_printer
        if make is None or printer is None:
            return
        file = subject.file or self._folder.path / f"{subject.file_name_stem}.pdf"
        dpi = _dpi_for_width(width_px)
        who = self.context.who.name if self.context.who else None
        told = partial(tell_unless_gone, self._counted.emit, wanted)

        def rendered_report_with_pages() -> RenderedReport:
            make(file, who, told)
            pictures = tuple(printer.pdf_page_images(file, dpi))
            return RenderedReport(subject=subject, file=file, pictures=pictures, counts=printer.pages_in(file))

        self.context.tasks.run_in_long_work_lane(
            rendered_report_with_pages,
            partial(self._show_report_if_still_wanted, wanted),
            self.failed.emit,
            may_drop=True,
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
            self.make_and_show(report.subject, width_px)
            return
        self._wanted = wanted = (report.subject, width_px)
        work = partial(_with_page_pictures, report, printer, _dpi_for_width(width_px))
        self.context.tasks.run_in_long_work_lane(
            work, partial(self._show_report_if_still_wanted, wanted), self.failed.emit, may_drop=True
        )

    def _show_report_if_still_wanted(self, wanted: tuple[ReportSubject, int], report: RenderedReport) -> None:
        # Another one was asked for meanwhile: its pages are on their way.
        if wanted == self._wanted:
            self.report = report
            self.shown.emit(report)

    def save_report_in_reports_folder(
        self, ending: str = PDF, *, pages: periods.PrintedReportPagesChoice = periods.PrintedReportPagesChoice.ALL
    ) -> None:
        """Save the paper shown in the folder of reports, replacing an earlier one of the same name. As PDF it is
        exactly that paper, or some of its `pages` under another name; another of report_file_endings() is written anew
        for the same period and includes the figures for managers."""
        report, printer = self.report, self.context.services.sheet_printer
        if report is None or printer is None or (pages is not periods.PrintedReportPagesChoice.ALL and ending != PDF):
            return
        stem = (
            report.subject.file_name_stem
            if pages is periods.PrintedReportPagesChoice.ALL
            else f"{report.subject.file_name_stem}-{pages}"
        )
        make = self._paper_writer_for_subject(report.subject)

        def write(file: Path) -> None:
            if ending != PDF:
                assert make is not None
                make(file, None, None)
            elif pages is not periods.PrintedReportPagesChoice.ALL:
                printer.save_report_pages(report.file, file, pages)
            else:
                try:
                    content = report.file.read_bytes()
                except OSError as error:
                    raise OutsideError("cannot_read", path=str(report.file)) from error
                write_file(file, content)

        start_writing_to_reports_folder(self.context, f"{stem}.{ending}", write, self.saved.emit, self.failed.emit)

    def print_report(self, printer: str, pages: periods.PrintedReportPagesChoice) -> None:
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
        self._folder.remove_after_printing()


def _skip_writing_stored_report(_file: Path, _printed_by: str | None, _told: Told | None) -> None:
    """A kept report is there already."""


def period_kind_name(period: str) -> str:
    names = {
        periods.DAY: _("Day", context="period"),
        periods.WEEK: _("Week", context="period"),
        periods.MONTH: _("Month", context="period"),
        periods.QUARTER: _("Quarter", context="period"),
        periods.YEAR: _("Year", context="period"),
    }
    return names[period]


def report_title(period: str) -> str:
    titles = {
        periods.DAY: _("Daily report", context="manager"),
        periods.WEEK: _("Weekly report", context="manager"),
        periods.MONTH: _("Monthly report", context="manager"),
        periods.QUARTER: _("Quarterly report", context="manager"),
        periods.YEAR: _("Yearly report", context="manager"),
        periods.MONTH_PACK: _("Meeting pack", context="manager"),
        periods.QUARTER_PACK: _("Summary of a quarter", context="manager"),
    }
    return titles[period]


def period_button_text(period: str, first: date, last: date, today: date) -> str:
    """Return the period's name, short enough for a button."""
    period = periods.PACKS.get(period, period)
    if period == periods.YEAR:
        return _("{year}", context="period", year=first.year)
    if period == periods.QUARTER:
        return _("Quarter {n} of {year}", context="period", n=(first.month + 2) // 3, year=first.year)
    if period == periods.MONTH:
        return month_and_year(first)
    if period == periods.WEEK:
        return figure_range(date_short(first), date_short(last))
    return _("today, {date}", date=date_for_staff(first)) if first == today else date_for_staff(first)


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
