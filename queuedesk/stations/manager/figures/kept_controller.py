"""What the page of kept reports asks for: the list, another folder, writing what is due; all beside the window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.upkeep.check_code import Formers, Standing
from queuedesk.stations.manager.figures.reporting import Subject
from queuedesk.stations.window.context import StationContext


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReport:
    """A report that stands in the folder. `written` and `printed` are moments, None where it was not printed; `size` is
    bytes."""

    file: Path
    period: str
    first: date
    last: date
    edition: int
    written: datetime
    size: int
    printed: datetime | None
    standing: Standing

    @property
    def subject(self) -> Subject:
        return Subject(self.first, period=self.period, file=self.file)


@dataclass(frozen=True, slots=True)
class KeptList:
    """The folder of this PC, whether somebody chose it, its reports, the newest first, and whether they still hold."""

    folder: str = ""
    is_own_choice: bool = False
    reports: tuple[KeptReport, ...] = ()
    formers: Formers = field(default_factory=Formers)


class KeptController(QObject):
    """`listed` gives a KeptList; `written` the document of `report due`; `printed` which printer took a report;
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
        self.found = KeptList()
        self._listing = False

    @property
    def can_list(self) -> bool:
        """Whether the program lends what the page needs."""
        return self.context.services.kept_reports is not None

    @property
    def can_write(self) -> bool:
        return self.context.services.due_reports is not None

    @property
    def can_check(self) -> bool:
        return self.context.services.check_sheet is not None

    def trouble(self) -> Mapping[str, Any] | None:
        """Return what stands in the way of reports that write themselves, as `report due` says it; None where nothing
        does."""
        due = self.context.services.due_reports
        return due.trouble() if due is not None else None

    def list_reports(self) -> None:
        """Look into the folder."""
        kept = self.context.services.kept_reports
        if kept is not None and not self._listing:
            self._listing = True
            self.context.tasks.run_long(kept.listed, self._listed, self._not_listed, may_drop=True)

    def _listed(self, document: Mapping[str, Any]) -> None:
        self._listing = False
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
        self.found = KeptList(document["folder"], document["is_own_choice"], reports, document["formers"])
        self.listed.emit(self.found)

    def _not_listed(self, trouble: QueueDeskError) -> None:
        self._listing = False
        self.refused.emit(trouble)

    def choose_folder(self, folder: str) -> None:
        """Keep this PC's reports there from now on, "" for beside the hall."""
        if (kept := self.context.services.kept_reports) is not None:
            work = partial(kept.choose_folder, folder)
            self.context.tasks.run(work, lambda _done: self.list_reports(), self.refused.emit)

    def write_now(self) -> None:
        """Write what is due now; a process of its own does it."""
        if (due := self.context.services.due_reports) is not None:
            self.busy_changed.emit(True)
            due.write_now(self._written)

    def _written(self, document: dict[str, Any]) -> None:
        self.busy_changed.emit(False)
        self.written.emit(document)
        self.list_reports()

    def check(self, sheet: str) -> None:
        """Hold a PDF, or a check code as it was typed, against the hall."""
        if (check := self.context.services.check_sheet) is not None:
            self.context.tasks.run_long(
                partial(check, sheet), partial(self.checked.emit, sheet), partial(self.not_checked.emit, sheet)
            )

    def print_(self, report: KeptReport, printer: str, *, wall_only: bool) -> None:
        """Send a report to a printer, "" for the usual one; with `wall_only` without the page for managers."""
        if (kept := self.context.services.kept_reports) is not None:
            work = partial(kept.print_kept, report.file, printer, wall_only=wall_only)
            self.context.tasks.run_long(work, self._printed, self.refused.emit)

    def _printed(self, printer: str) -> None:
        self.printed.emit(printer)
        self.list_reports()
