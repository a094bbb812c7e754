"""What a business date knows of its devices, read from the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from queuedesk.core.figures.measures.rows import DeviceRows
from queuedesk.core.log.state import DEVICES
from queuedesk.core.queue.hallday import day_begins, day_turns
from queuedesk.core.setup.values import Setup
from queuedesk.core.talk.device import Device
from queuedesk.store.engine.transaction import Transaction
from queuedesk.store.parts import devices, register


@dataclass(slots=True)
class DeviceReader:
    """Reads one hall's dates, one after the other; the devices themselves are read once. What still runs lasts until `now`."""

    tx: Transaction
    hall: int
    setup: Setup
    now: datetime
    _devices: Sequence[Device] | None = field(default=None, init=False)

    def day(self, day: date) -> DeviceRows:
        """Return what is known of one business date."""
        if self._devices is None:
            self._devices = tuple(register.of_days(self.tx, self.hall, DEVICES).values())
        if not self._devices:
            return DeviceRows()
        lasted = devices.outages_between(self.tx, self.hall, day_begins(self.setup, day), day_turns(self.setup, day))
        return DeviceRows(devices=self._devices, outages=tuple(lasted.values()))
