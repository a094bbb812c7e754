"""Alerts that the hall's log does not hold: reports that can't be written, PCs that fell silent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QObject

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.state import HallState
from queuedesk.core.network.sharing import SharedPc, missed_pcs
from queuedesk.core.queue.hallday import business_date, day_begins
from queuedesk.core.queue.overview import set_up
from queuedesk.core.queue.window import WindowState
from queuedesk.stations.manager.figures.kept_page import trouble_text
from queuedesk.stations.manager.figures.reporting import KeptController
from queuedesk.stations.manager.network.sharing_words import missed_text
from queuedesk.stations.manager.parts.page_controller import OneReading
from queuedesk.stations.manager.today.alert_words import AlertText
from queuedesk.stations.manager.today.equipment_words import stale
from queuedesk.stations.window.context import StationContext

LOOK_AFTER = timedelta(seconds=15)
SETTLED_AFTER = timedelta(minutes=1)
"""PCs that could not reach the server either have given a sign by then, once it is back."""


class BesideAlerts(QObject):
    """Reads the hall's PCs while it is asked for alerts; a hall of one PC has none."""

    def __init__(self, context: StationContext, kept: KeptController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._kept = context, kept
        self._pcs: Sequence[SharedPc] = ()
        self._reading = OneReading(context, self)
        self._looked: datetime | None = None
        self._failed: datetime | None = None

    def texts(self, state: HallState, now: datetime) -> list[AlertText]:
        """Return the alerts as known at `now`."""
        if stale(self._looked, now, LOOK_AFTER):
            self._look(now)
        trouble = self._kept.trouble()
        return [*([trouble_text(trouble)] if trouble else []), *self._missed(state, now)]

    def _missed(self, state: HallState, now: datetime) -> list[AlertText]:
        setup = set_up(state)
        if setup.hall.simulated or not stale(self._failed, now, SETTLED_AFTER):
            return []
        is_working = any(window.state is not WindowState.CLOSED for window in state.windows.values())
        today = day_begins(setup, business_date(setup, now))
        missed = missed_pcs(self._pcs, now, is_working=is_working, today=today)
        return [missed_text(setup, missed, now)] if missed else []

    def _look(self, now: datetime) -> None:
        sharing = self._context.services.sharing
        if sharing is not None and not self._reading.is_on:
            self._looked = now
            self._reading.read(sharing.pcs, self._take, self._not_read)

    def _take(self, pcs: Sequence[SharedPc]) -> None:
        self._pcs = pcs

    def _not_read(self, _trouble: QueueDeskError) -> None:
        # Nobody's signs are known now: that the server is away is said by the banner.
        self._pcs, self._failed = (), self._context.clock()
