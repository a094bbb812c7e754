"""What the page that checks a table asks for: reading the file, the audit, its page saved or printed; all beside the window."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.tableaudit import Asked, Audit, audit
from queuedesk.stations.context import StationContext

NEEDED = ("read_audit", "audit_pdf", "folder")


class AuditDesk(QObject):
    """`audited` gives an Audit; `failed` trouble with the file, `refused` trouble with saving or printing; `saved` the file written; `printed`
    that a printer took it."""

    audited = Signal(object)
    failed = Signal(object)
    refused = Signal(object)
    saved = Signal(object)
    printed = Signal()
    busy_changed = Signal(bool)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.found: Audit | None = None
        self._table: Any = None
        self._asked = 0
        self._folder = tempfile.TemporaryDirectory(prefix="queuedesk-audit-", ignore_cleanup_errors=True)

    @property
    def can_check(self) -> bool:
        """Whether the program lends what checking needs."""
        return all(self.context.tools.get(name) is not None for name in NEEDED)

    @property
    def can_print(self) -> bool:
        return self.context.tools.get("print_pdf") is not None

    @property
    def file(self) -> Path | None:
        """The table's file, None while there is none."""
        return None if self._table is None else Path(self._table.path)

    def open_file(self, path: Path, asked: Asked) -> None:
        """Read a file and audit it; what was read before stays until then."""
        read = self.context.tools["read_audit"]
        number = self._next()

        def work() -> tuple[Any, Audit]:
            table = read(path)
            return table, audit(table.lines, asked)

        self.context.tasks.run_long(work, lambda answer: self._take(number, *answer), self._fail(number))

    def ask(self, asked: Asked) -> None:
        """Audit the same table with another claim."""
        if self._table is None:
            return
        table, number = self._table, self._next()
        self.context.tasks.run_long(
            lambda: audit(table.lines, asked), lambda found: self._take(number, table, found), self._fail(number)
        )

    def save(self) -> None:
        """Write the page into the folder of reports, in place of an earlier one about the same file."""
        folder = self.context.tools["folder"]
        self._make(lambda: Path(folder("reports")) / self._name(), self.saved.emit)

    def print_(self) -> None:
        """Send the page to this PC's printer."""
        send = self.context.tools["print_pdf"]
        self._make(lambda: Path(self._folder.name) / self._name(), lambda _path: self.printed.emit(), send)

    def stop(self) -> None:
        """Throw what was made for the printer away."""
        self._folder.cleanup()

    def _name(self) -> str:
        return f"{self.context.feed.setup.hall.code}-audit-{Path(self._table.path).stem}.pdf"

    def _make(
        self, place: Callable[[], Path], done: Callable[[Path], None], then: Callable[[Path], Any] | None = None
    ) -> None:
        table, found = self._table, self.found
        if table is None or found is None:
            return
        make, who = self.context.tools["audit_pdf"], self.context.who.name if self.context.who else None
        self.busy_changed.emit(True)

        def work() -> Path:
            path = place()
            make(table, found, path, printed_by=who)
            if then is not None:
                then(path)
            return path

        def good(path: Path) -> None:
            self.busy_changed.emit(False)
            done(path)

        def bad(trouble: QueueDeskError) -> None:
            self.busy_changed.emit(False)
            self.refused.emit(trouble)

        self.context.tasks.run_long(work, good, bad)

    def _next(self) -> int:
        self._asked += 1
        return self._asked

    def _take(self, number: int, table: Any, found: Audit) -> None:
        if number == self._asked:
            self._table, self.found = table, found
            self.audited.emit(found)

    def _fail(self, number: int) -> Callable[[QueueDeskError], None]:
        def bad(trouble: QueueDeskError) -> None:
            if number == self._asked:
                self.failed.emit(trouble)

        return bad
