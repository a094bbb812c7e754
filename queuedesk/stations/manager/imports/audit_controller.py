"""Reads and audits a table beside the window; saves and prints the page of findings."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from queuedesk.core.imports.table_audit import Asked, Audit, audit
from queuedesk.i18n import current, named
from queuedesk.sim.imports import AuditTable, read_audit_table
from queuedesk.stations.manager.parts.page_controller import LastAsked, PaperController
from queuedesk.stations.window.context import StationContext


class AuditController(PaperController):
    """`audited` gives an Audit, `failed` trouble with the file."""

    audited = Signal(object)
    failed = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.found: Audit | None = None
        self._table: AuditTable | None = None
        self._last = LastAsked(context, self)

    @property
    def file(self) -> Path | None:
        """The table's file, None if there is none."""
        return None if self._table is None else self._table.path

    def open_file(self, path: Path, asked: Asked) -> None:
        """Read a file and audit it; the table before is shown until then."""

        def work() -> tuple[AuditTable, Audit]:
            table = read_audit_table(path)
            return table, audit(table.lines, asked)

        self._last.ask(work, self._take, self.failed.emit)

    def ask(self, asked: Asked) -> None:
        """Audit the same table with another claim."""
        if (table := self._table) is not None:
            self._last.ask(lambda: (table, audit(table.lines, asked)), self._take, self.failed.emit)

    def save(self) -> None:
        """Write the page into the folder of reports, replacing an earlier one about the same file."""
        self._make_page(send=False)

    def print_(self) -> None:
        """Send the page to this PC's printer."""
        self._make_page(send=True)

    def _make_page(self, *, send: bool) -> None:
        table, found = self._table, self.found
        if table is None or found is None:
            return
        from queuedesk.reports.papers.audit_page import AuditedFile, write

        hall, lang = self.context.feed.setup.hall, current()
        file = AuditedFile(
            audit=found,
            name=table.path.name,
            digest=table.digest,
            hall=named(hall.name, hall.name_en, lang),
            local_now=self._local_now(),
            printed_by=self._printed_by(),
        )
        self._make(f"audit-{table.path.stem}.pdf", lambda path: write(file, path, lang), send=send)

    def _take(self, read: tuple[AuditTable, Audit]) -> None:
        self._table, self.found = read
        self.audited.emit(self.found)
