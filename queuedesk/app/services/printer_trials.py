"""A station prints a test slip when somebody at another station tries its printer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject

from queuedesk.app.station.equipment import GIVING_TICKETS, Equipment
from queuedesk.core.log.event import Event
from queuedesk.core.talk.device import PRINTER
from queuedesk.core.talk.opening_checks import ANYWHERE
from queuedesk.stations.window.context import StationContext

STALE = timedelta(minutes=1)
"""What was asked for while this PC slept is not printed any more."""


class PrinterTrials(QObject):
    """Follows the hall of one station; the slip goes where its tickets go, and what became of it is reported as theirs
    is."""

    def __init__(self, kind: str, context: StationContext, equipment: Equipment, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._kind, self._context, self._equipment, self._clock = kind, context, equipment, clock
        context.feed.changed.connect(self._follow)

    def stop(self) -> None:
        """Follow no more."""
        self._context.feed.changed.disconnect(self._follow)

    def _follow(self, events: list[Event]) -> None:
        paper = self._context.services.paper
        for event in events:
            if paper is not None and event.kind == "check" and "trial" in event.data and self._is_ours(event):
                self._context.tasks.run_long(paper.print_test, _nothing, _nothing)

    def _is_ours(self, event: Event) -> bool:
        data = event.data
        if data["device"] != PRINTER or self._clock() - event.at > STALE:
            return False
        if data["station"] == ANYWHERE:
            return self._kind in GIVING_TICKETS
        return bool(data["station"] == self._equipment.name)


def _nothing(*_said: Any) -> None:
    """Whoever tried it looks at the printer; its trouble is reported with the slip."""
