"""Lists, writes and prints the reports that write themselves, beside the window."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from PySide6.QtCore import QObject, Signal

from queuedesk.core.figures.periods import PrintedReportPagesChoice
from queuedesk.core.upkeep import ReportChecks, SheetCheckResult
from queuedesk.stations.manager.parts.page_controller import BackgroundReader, ReportSubject
from queuedesk.stations.window.context import StationContext


class KeptReport(Struct, frozen=True, kw_only=True):
    """A report in the folder. `written` and `printed` are moments, None if it was not printed; `size` is bytes."""

    file: Path
    period: str
    first: date
    last: date
    edition: int
    written: datetime
    size: int
    printed: datetime | None
    standing: SheetCheckResult

    @property
    def subject(self) -> ReportSubject:
        return ReportSubject(self.first, period=self.period, file=self.file)


class KeptReportsList(Struct, frozen=True):
    """This PC's folder, whether somebody chose it, its reports, the newest first, and whether they are still valid."""

    folder: str = ""
    is_own_choice: bool = False
    reports: tuple[KeptReport, ...] = ()
    formers: ReportChecks = field(default_factory=ReportChecks)


class KeptReportsController(QObject):
    """`listed` gives a KeptReportsList; `written` the document of `report due`; `printed` which printer took a report;
    `refused` trouble with any of it. `checked` gives a sheet as it was named and what became of it, `not_checked` why
    that could not be said."""

    listed = Signal(object)
    written = Signal(dict)
    printed = Signal(str)
    refused = Signal(object)
    checked = Signal(str, object)
    not_checked = Signal(str, object)
    busy_changed = Signal(bool)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.found = KeptReportsList()
        self._listing = BackgroundReader(context, self, is_long=True)

    @property
    def has_kept_reports_service(self) -> bool:
        """Whether this station has the services that the page needs."""
        return self.context.services.kept_reports is not None

    @property
    def can_write_due_reports(self) -> bool:
        return self.context.services.due_reports is not None

    @property
    def can_check_report_sheets(self) -> bool:
        return self.context.services.check_sheet is not None

    def load_kept_reports(self) -> None:
        """Read the folder."""
        if (kept := self.context.services.kept_reports) is not None:
            self._listing.read(kept.stored_reports_document, self._on_reports_listed, self.refused.emit)

    def _on_reports_listed(self, document: Mapping[str, Any]) -> None:
        reports = tuple(
            KeptReport(
                file=Path(row["file"]),
                period=row["period"],
                first=date.fromisoformat(row["from"]),
                last=date.fromisoformat(row["to"]),
                edition=row["edition"],
                written=row["written"],
                size=row["size"],
                printed=row["printed"],
                standing=row["standing"],
            )
            for row in document["reports"]
        )
        self.found = KeptReportsList(document["folder"], document["is_own_choice"], reports, document["formers"])
        self.listed.emit(self.found)

    def choose_folder(self, folder: str) -> None:
        """Keep this PC's reports there from now on, "" for beside the hall."""
        if (kept := self.context.services.kept_reports) is not None:
            work = partial(kept.choose_reports_folder, folder)
            self.context.tasks.run(work, lambda _done: self.load_kept_reports(), self.refused.emit)

    def write_due_reports_now(self) -> None:
        """Write what is due now, in a process of its own."""
        if (due := self.context.services.due_reports) is not None:
            self.busy_changed.emit(True)
            due.write_due_reports_now(self._on_reports_written)

    def _on_reports_written(self, document: dict[str, Any]) -> None:
        self.busy_changed.emit(False)
        self.written.emit(document)
        self.load_kept_reports()

    def check_sheet(self, sheet: str) -> None:
        """Compare a PDF, or a check code as typed, with the hall's log."""
        if (check := self.context.services.check_sheet) is not None:
            self.context.tasks.run_in_long_work_lane(
                partial(check, sheet), partial(self.checked.emit, sheet), partial(self.not_checked.emit, sheet)
            )

    def print_report(self, report: KeptReport, printer: str, pages: PrintedReportPagesChoice) -> None:
        """Send a report, or some of its pages, to a printer, "" for the usual one."""
        if (kept := self.context.services.kept_reports) is not None:
            work = partial(kept.print_stored_report, report.file, printer, pages=pages)
            self.context.tasks.run_in_long_work_lane(work, self._on_report_printed, self.refused.emit)

    def _on_report_printed(self, printer: str) -> None:
        self.printed.emit(printer)
        self.load_kept_reports()
