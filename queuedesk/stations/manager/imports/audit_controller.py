"""Reads and audits a table beside the window, asks what its numbers mean; saves and prints the page of findings."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.imports.audit_reading import Said
from queuedesk.core.imports.table_audit import Asked, Audit, audit
from queuedesk.i18n import current, named
from queuedesk.sim.imports import AuditTable, read_audit_table
from queuedesk.stations.manager.parts.page_controller import LastAsked, PaperController
from queuedesk.stations.window.context import StationContext


class AuditController(PaperController):
    """`audited` gives an Audit, `failed` trouble with the file, `unsure` a cell that can be read in two ways,
    with the file's name."""

    audited = Signal(object)
    failed = Signal(object)
    unsure = Signal(object, str)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.found: Audit | None = None
        self._table: AuditTable | None = None
        self._said = Said()
        self._wanted: tuple[Path, Asked, Said] | None = None
        self._last = LastAsked(context, self)

    @property
    def file(self) -> Path | None:
        """The table's file, None if there is none."""
        return None if self._table is None else self._table.path

    def open_file(self, path: Path, asked: Asked) -> None:
        """Read a file and audit it; the table before is shown until then."""
        self._open(path, asked, Said())

    def answer(self, choice: str) -> None:
        """Read the file that was last asked for again, with what was said of its numbers: one of the question's
        choices."""
        if self._wanted is not None:
            path, asked, said = self._wanted
            is_whole = choice.isdecimal()
            self._open(path, asked, Said(said.decimal, int(choice)) if is_whole else Said(choice, said.whole))

    def read_otherwise(self) -> None:
        """Read the table again with the other decimal sign."""
        if self._table is not None and self.found is not None and (other := self.found.other) is not None:
            self._open(self._table.path, self.found.asked, other)

    def _open(self, path: Path, asked: Asked, said: Said) -> None:
        self._wanted = path, asked, said

        def work() -> tuple[AuditTable, Audit, Said]:
            table = read_audit_table(path)
            return table, audit(table.lines, asked, table.header, said), said

        self._last.ask(work, self._take, self._refused)

    def ask(self, asked: Asked) -> None:
        """Audit the same table with another claim."""
        if (table := self._table) is not None:
            said = self._said
            self._last.ask(
                lambda: (table, audit(table.lines, asked, table.header, said), said), self._take, self.failed.emit
            )

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

    def _refused(self, trouble: QueueDeskError) -> None:
        if trouble.code == "two_readings" and self._wanted is not None:
            self.unsure.emit(trouble, self._wanted[0].name)
        else:
            self.failed.emit(trouble)

    def _take(self, read: tuple[AuditTable, Audit, Said]) -> None:
        self._table, self.found, self._said = read
        self.audited.emit(self.found)
