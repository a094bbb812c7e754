"""Visits and what became of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from queuedesk.core.measures_times import Figures
from queuedesk.core.setup import Setup

if TYPE_CHECKING:
    from queuedesk.core.measures import Scope
    from queuedesk.core.measures_rows import DayRows
    from queuedesk.core.measures_tally import Tally


@dataclass(slots=True)
class VisitTally:
    """Visits and what became of them, added up."""

    def add(self, setup: Setup, rows: DayRows) -> None:
        """Add one business date of the hall that `setup` is of."""

    def merge(self, other: VisitTally, hall: str, service: Callable[[str], str]) -> None:
        """Add what another hall has come to: windows and people under "HALL/CODE", services under what `service` makes of their codes."""

    def document(self, scope: Scope, tally: Tally) -> Figures:
        """Return these measures; `tally` is the whole that they are part of."""
        return {}
