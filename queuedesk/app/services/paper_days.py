"""What a station borrows to put a day kept on paper into its hall, and to print paper for the next one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.i18n import current


class PaperDays:
    """Every function may take seconds: call them off the GUI thread."""

    def __init__(self, desk: Desk, clock: Callable[[], datetime]) -> None:
        self._desk, self._clock = desk, clock

    def tools(self) -> dict[str, Callable[..., Any]]:
        """Return them by the names under which stations ask."""
        return {
            "read_paper": self.read,
            "check_paper": self.check,
            "enter_paper": self.enter,
            "paper_tickets": self.tickets,
        }

    def read(self, path: Path | str) -> list[tuple[int, dict[str, str]]]:
        """Return a file's rows as they stand there, each with its line. Raises OutsideError "cannot_read",
        "not_a_table" …"""
        from queuedesk.sim.table import read_table

        return [(row.line, dict(row.cells)) for row in read_table(Path(path)).rows]

    def check(self, path: Path | str) -> Any:
        """Try a file's rows; what is returned has `day`, `rows` and `lines` (a line for each ticket). Raises RuleError
        "bad_rows" …"""
        from queuedesk.sim import paper

        return paper.check(self._desk, Path(path), self._clock())

    def enter(self, ask: Ask, checked: Any) -> dict[str, Any]:
        """Put in what check() returned. Raises RuleError "already_entered", "bad_rows" …"""
        from queuedesk.sim import paper

        return paper.enter(self._desk, ask, checked)

    def tickets(self, service: str, path: Path | str, count: int, first: int | None = None, lang: str = "") -> Path:
        """Write numbered tickets and a form as a PDF. Raises RuleError "bad_value", OutsideError "cannot_write"."""
        from queuedesk.reports.papers import paper_tickets

        setup = looking.setup_of(self._desk)
        said = lang or current()
        paper_tickets.write(setup, service, path, count=count, first=first, lang=said, now=self._clock())
        return Path(path)
