"""Reads, tries and enters the rows of a paper day, and prints paper tickets, all beside the window."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.files.table import read_table
from queuedesk.files.writing import write_file
from queuedesk.i18n import current
from queuedesk.sim import paper
from queuedesk.sim.paper import PaperDay
from queuedesk.stations.manager.parts.page_controller import LastAsked, PassingFolder, save_report
from queuedesk.stations.window.context import StationContext

COLUMNS = ("time", "action", "ticket", "service", "window", "staff", "class", "value", "reason")
FIRST_LINE = 2


class EnterController(QObject):
    """`read` gives a file's rows as (line, cells); `checked` good rows that were tried, `refused` the problems of the
    rows; `entered` the answer of the hall; `failed` other trouble; `saved` a file of paper tickets, `printed` a
    printer's name."""

    read = Signal(list)
    checked = Signal(object)
    refused = Signal(object)
    entered = Signal(dict)
    failed = Signal(object)
    saved = Signal(object)
    printed = Signal(str)
    busy_changed = Signal(bool)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._last = LastAsked(context, self)
        self._folder = PassingFolder(context)

    @property
    def can_print(self) -> bool:
        return self.context.services.sheet_printer is not None

    def open_file(self, path: Path) -> None:
        """Read a file's rows; check_file then tries them."""

        def work() -> list[tuple[int, dict[str, str]]]:
            return [(row.line, dict(row.cells)) for row in read_table(path).rows]

        self.context.tasks.run_long(work, self.read.emit, self.failed.emit, may_drop=True)

    def check_file(self, path: Path) -> None:
        """Try the rows of an unchanged file."""
        self._check(lambda: paper.check(self.context.desk, path, self.context.clock()))

    def check_rows(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Try rows that were typed or changed; the first one is line 2, as in a file."""
        file = self._folder.path / "rows.csv"
        typed = [dict(row) for row in rows]

        def work() -> PaperDay:
            table = io.StringIO(newline="")
            writer = csv.writer(table)
            writer.writerow(COLUMNS)
            writer.writerows([" ".join(row.get(name, "").split()) for name in COLUMNS] for row in typed)
            write_file(file, table.getvalue().encode())
            return paper.check(self.context.desk, file, self.context.clock())

        self._check(work)

    def forget(self) -> None:
        """Drop the request under way."""
        self._last.forget()

    def enter(self, checked: PaperDay) -> None:
        """Enter good rows into the hall."""
        ask = self.context.ask()
        self.busy_changed.emit(True)
        self.context.tasks.run(lambda: paper.enter(self.context.desk, ask, checked), self._entered, self._failed)

    def make_tickets(self, service: str, count: int, printer: str | None) -> None:
        """Make paper tickets and forms: print them on `printer` ("" for the system's default), or with None save them
        in the folder of reports."""
        from queuedesk.reports.papers import paper_tickets

        setup, lang, now = self.context.feed.setup, current(), self.context.clock()
        sheets = self.context.services.sheet_printer
        if sheets is None:
            return
        name = f"paper-{service}.pdf"

        def make(file: Path) -> Path:
            paper_tickets.write(setup, service, file, count=count, first=None, lang=lang, now=now)
            return file

        if printer is None:
            save_report(self.context, name, make, self.saved.emit, self.failed.emit)
            return
        file = self._folder.path / f"{setup.hall.code}-{name}"
        self.context.tasks.run_long(
            lambda: sheets.print_pdf(make(file), printer),
            lambda _sent: self.printed.emit(printer),
            self.failed.emit,
        )

    def stop(self) -> None:
        """Delete the typed rows' file."""
        self._folder.throw_away()

    def _check(self, work: Callable[[], PaperDay]) -> None:
        self._last.ask(work, self.checked.emit, self.refused.emit)

    def _entered(self, document: dict[str, Any]) -> None:
        self.busy_changed.emit(False)
        self.entered.emit(document)

    def _failed(self, trouble: QueueDeskError) -> None:
        self.busy_changed.emit(False)
        self.refused.emit(trouble)
