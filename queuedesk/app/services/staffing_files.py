"""What a station borrows to keep a day's windows as a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from queuedesk.core.staffing.day import StaffingDay
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.i18n import current
from queuedesk.i18n.names import staff_name


class StaffingFiles:
    """It may take a second: call it off the GUI thread."""

    def __init__(self, desk: Desk, clock: Callable[[], datetime]) -> None:
        self._desk, self._clock = desk, clock

    def tools(self) -> dict[str, Callable[..., Any]]:
        """Return it by the name under which stations ask."""
        return {"save_staffing": self.save_staffing}

    def save_staffing(self, found: StaffingDay, path: Path, lang: str = "", printed_by: str | None = None) -> Path:
        """Write the day as `path` ends: .pdf, .csv or .json. Raises OutsideError "cannot_write"."""
        from queuedesk.reports.papers.staffing_files import write

        said = lang or current()
        name = staff_name(looking.setup_of(self._desk), printed_by, said) if printed_by else None
        return write(self._desk, found, path, lang=said, now=self._clock(), printed_by=name)
