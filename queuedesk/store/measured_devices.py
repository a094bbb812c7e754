"""What a business date knows of its devices, read from the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from queuedesk.core.measures_devices import DeviceRows
from queuedesk.core.setup import Setup
from queuedesk.store.database import Transaction


@dataclass(slots=True)
class DeviceReader:
    """Reads one hall's dates, one after the other; it may keep what it has read. What still runs lasts until `now`."""

    tx: Transaction
    hall: int
    setup: Setup
    now: datetime

    def day(self, day: date) -> DeviceRows:
        """Return what is known of one business date."""
        return DeviceRows()
