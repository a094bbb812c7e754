"""Hands a window over to another clerk, with a PIN where one is set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.desk.queue import signing
from queuedesk.stations.window.context import StationContext

DOORS: Mapping[str, Callable[..., Any]] = {"has_pin": signing.has_pin, "who_acts": signing.who_acts}


class Relieving(QObject):
    """`pin_wanted` carries who has to prove it, `proved` the Actor who goes on, `refused` the trouble."""

    pin_wanted = Signal(str)
    proved = Signal(object)
    refused = Signal(object)

    def __init__(
        self,
        context: StationContext,
        *,
        doors: Mapping[str, Callable[..., Any]] = DOORS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._doors = context, doors
        self._busy = False

    def begin(self, staff: str) -> None:
        """Prove `staff`, or ask for the PIN first."""
        desk, has_pin, who_acts = self._context.desk, self._doors["has_pin"], self._doors["who_acts"]

        def attempt() -> Any:
            return None if has_pin(desk, staff) else who_acts(desk, staff)

        def answered(who: Any) -> None:
            self._busy = False
            if who is None:
                self.pin_wanted.emit(staff)
            else:
                self.proved.emit(who)

        self._run(attempt, answered)

    def prove(self, staff: str, pin: str) -> None:
        """Prove `staff` by PIN."""
        desk, now, who_acts = self._context.desk, self._context.clock(), self._doors["who_acts"]

        def answered(who: Any) -> None:
            self._busy = False
            self.proved.emit(who)

        self._run(lambda: who_acts(desk, staff, pin=pin, now=now), answered)

    def _run(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        if not self._busy:
            self._busy = True
            self._context.tasks.run(work, done, self._refuse)

    def _refuse(self, trouble: QueueDeskError) -> None:
        self._busy = False
        self.refused.emit(trouble)
