"""What a station borrows to audit somebody's table: reading it, and the page about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from queuedesk.core.imports.table_audit import Audit
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.i18n import current, named
from queuedesk.i18n.names import staff_name


class TableAudits:
    """Every function may take seconds: call them off the GUI thread."""

    def __init__(self, desk: Desk, clock: Callable[[], datetime]) -> None:
        self._desk, self._clock = desk, clock

    def tools(self) -> dict[str, Callable[..., Any]]:
        """Return them by the names under which stations ask."""
        return {"read_audit": self.read, "audit_pdf": self.pdf}

    def read(self, path: Path | str) -> Any:
        """Return a table with its `path`, `lines` for the audit and `digest`. Raises RuleError "columns_missing",
        OutsideError "not_a_table" …"""
        from queuedesk.cli.figures.audit_table import read_audit_table

        return read_audit_table(Path(path))

    def pdf(self, table: Any, found: Audit, path: Path | str, lang: str = "", printed_by: str | None = None) -> Path:
        """Write the page about a table that read() returned. Raises OutsideError "cannot_write"."""
        from queuedesk.reports.papers.audit_page import AuditedFile, write

        setup, said = looking.setup_of(self._desk), lang or current()
        file = AuditedFile(
            audit=found,
            name=table.path.name,
            digest=table.digest,
            hall=named(setup.hall.name, setup.hall.name_en, said),
            local_now=setup.local(self._clock()),
            printed_by=staff_name(setup, printed_by, said) if printed_by else None,
        )
        return write(file, path, said)
