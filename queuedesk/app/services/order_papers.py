"""What a station borrows to put the order on paper: a day's ledger, and the public list to hang up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from queuedesk.desk.change import Desk
from queuedesk.desk.queue.ordering import read_ledger, read_order
from queuedesk.i18n import current


class OrderPapers:
    """Every function reads and draws: call them off the GUI thread."""

    def __init__(self, desk: Desk, clock: Callable[[], datetime]) -> None:
        self._desk, self._clock = desk, clock

    def tools(self) -> dict[str, Callable[..., Path]]:
        """Return them by the names under which stations ask."""
        return {"ledger_pdf": self.ledger, "order_pdf": self.order}

    def ledger(self, day: date, path: Path | str) -> Path:
        """Write a day's ledger. Raises OutsideError "cannot_write"."""
        from queuedesk.files.writing import write_file
        from queuedesk.reports.papers.ledger_page import ledger_pdf

        now, target = self._clock(), Path(path)
        write_file(target, ledger_pdf(read_ledger(self._desk, now, day), current(), now=now))
        return target

    def order(self, path: Path | str) -> Path:
        """Write the list as it stands now. Raises OutsideError "cannot_write"."""
        from queuedesk.files.writing import write_file
        from queuedesk.reports.papers.order_list import order_pdf

        target = Path(path)
        write_file(target, order_pdf(read_order(self._desk, self._clock()), current()))
        return target
