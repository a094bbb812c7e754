"""What was sent to other channels, and what those served: offers of the dates, and the totals that others reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from queuedesk.core.measures_times import Figures
from queuedesk.core.setup import Setup
from queuedesk.core.state import HallState

if TYPE_CHECKING:
    from queuedesk.core.measures import Scope
    from queuedesk.core.measures_rows import DayRows


@dataclass(frozen=True, slots=True, kw_only=True)
class DiversionRows:
    """What a business date knows of other channels."""


def diversion_rows(state: HallState, day: date) -> DiversionRows:
    """Return what a hall in memory knows of other channels on `day`."""
    return DiversionRows()


@dataclass(slots=True)
class DiversionTally:
    """Offers and reported totals, added up."""

    def add(self, setup: Setup, rows: DayRows) -> None:
        """Add one business date of the hall that `setup` is of."""

    def merge(self, other: DiversionTally, hall: str, service: Callable[[str], str]) -> None:
        """Add what another hall has come to: services under what `service` makes of their codes."""

    def document(self, scope: Scope) -> Figures:
        """Return "diversion" of the measures."""
        return {}
