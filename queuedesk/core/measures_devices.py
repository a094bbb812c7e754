"""Which devices worked while the hall was open, and what they failed of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from queuedesk.core.event import Event
from queuedesk.core.measures_times import Figures
from queuedesk.core.setup import Setup

if TYPE_CHECKING:
    from queuedesk.core.measures import Scope
    from queuedesk.core.measures_rows import DayRows


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRows:
    """What a business date knows of its devices."""


def device_rows(log: Sequence[Event] | None, day: date) -> DeviceRows:
    """Return what the log of `day` tells of devices."""
    return DeviceRows()


@dataclass(slots=True)
class DeviceTally:
    """Times of devices, added up."""

    def add(self, setup: Setup, rows: DayRows) -> None:
        """Add one business date of the hall that `setup` is of; open is from its first shift's beginning to its last one's end."""

    def merge(self, other: DeviceTally, hall: str, service: Callable[[str], str]) -> None:
        """Add what another hall has come to: its stations under "HALL/CODE"."""

    def document(self, scope: Scope) -> list[Figures]:
        """Return "devices" of the measures."""
        return []
