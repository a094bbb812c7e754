"""What a station borrows to keep yearly indicators and other channels' totals as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from queuedesk.core.imports.channel import ChannelTotal
from queuedesk.core.imports.indicator import Compared
from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.i18n import current, named
from queuedesk.i18n.names import staff_name


class LedgerFiles:
    """Every function may take seconds: call them off the GUI thread."""

    def __init__(self, desk: Desk, clock: Callable[[], datetime]) -> None:
        self._desk, self._clock = desk, clock

    def tools(self) -> dict[str, Callable[..., Any]]:
        """Return them by the names under which stations ask."""
        return {"save_indicators": self.save_indicators, "save_totals": self.save_totals}

    def save_indicators(
        self, rows: Sequence[Compared], path: Path, lang: str = "", printed_by: str | None = None
    ) -> Path:
        """Write the indicators as `path` ends: .csv, .xlsx or .pdf. Raises OutsideError "cannot_write"."""
        from queuedesk.reports.papers.indicator_page import IndicatorBook
        from queuedesk.reports.papers.ledger_tables import write_indicators

        setup, said = looking.setup_of(self._desk), lang or current()
        book = IndicatorBook(
            rows=rows,
            hall=named(setup.hall.name, setup.hall.name_en, said),
            local_now=setup.local(self._clock()),
            printed_by=staff_name(setup, printed_by, said) if printed_by else None,
        )
        return write_indicators(book, path, said)

    def save_totals(self, totals: Sequence[ChannelTotal], path: Path, lang: str = "") -> Path:
        """Write other channels' totals as `path` ends: .csv or .xlsx. Raises OutsideError "cannot_write"."""
        from queuedesk.reports.papers.ledger_tables import write_totals

        setup = looking.setup_of(self._desk)
        return write_totals(totals, setup, path, lang or current(), setup.local(self._clock()))
