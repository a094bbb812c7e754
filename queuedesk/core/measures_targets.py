"""The targets and rules of their time: what stood on the dates of a span, and what was reached while it stood."""

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
    from queuedesk.core.measures_tally import DayLine


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRows:
    """The targets and rules that stood at the end of a business date."""


def target_rows(state: HallState, day: date) -> TargetRows:
    """Return the targets and rules that a hall in memory knows: those of now."""
    return TargetRows()


@dataclass(slots=True)
class TargetTally:
    """Targets and rules by date, with what they are held against."""

    def add(self, setup: Setup, rows: DayRows, line: DayLine | None) -> None:
        """Add one business date of the hall that `setup` is of; `line` are its counts, None of a date without tickets."""

    def merge(self, other: TargetTally, hall: str, service: Callable[[str], str]) -> None:
        """Add what another hall has come to."""

    def document(self, scope: Scope) -> list[Figures]:
        """Return "targets"."""
        return []

    def rules(self, scope: Scope) -> list[Figures]:
        """Return "rules"."""
        return []
