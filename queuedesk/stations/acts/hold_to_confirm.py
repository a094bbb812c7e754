"""Delays the effect of a press for a moment, so that drumming on the screen takes no tickets."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.people import Role
from queuedesk.desk.queue import rating
from queuedesk.stations.models.calm import HOLD_MS, QUIET_MS, Calm
from queuedesk.stations.window.context import StationContext


class Holding(QObject):
    """Holds one act at a time until nothing else was pressed for a moment. `changed` when drumming begins or is over.

    A time of drumming is noted in the log when it is over.
    """

    changed = Signal()

    def __init__(self, context: StationContext, steady_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.calm = Calm(steady_ms)
        self._act: Callable[[], None] | None = None
        self._was_drumming = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.settle)

    @property
    def is_drumming(self) -> bool:
        return self.calm.is_drumming

    @property
    def holds(self) -> bool:
        """Whether something waits to take effect."""
        return self._act is not None

    def press(self) -> None:
        """Something was pressed that is no key of a pad."""
        self.calm.press()
        if self.calm.is_drumming:
            self._act = None
        self._look()

    def hold(self, act: Callable[[], None]) -> None:
        """Do `act` in a moment, in place of what was held before; never while somebody drums."""
        if not self.calm.is_drumming:
            self._act = act
            self._timer.start(HOLD_MS)

    def forget(self) -> None:
        """Do nothing of what waits."""
        self._act = None
        self._timer.stop()

    def settle(self) -> None:
        """Do what was held, if nothing was pressed since; else wait on."""
        if self._act is None:
            self._look()
        elif self.calm.is_held:
            self._timer.start(max(1, HOLD_MS - self.calm.quiet_ms()))
        else:
            act, self._act = self._act, None
            act()

    def tick(self) -> None:
        """Let time pass: what was drumming may be over, and is noted."""
        self._look()
        burst = self.calm.take_over()
        if burst is None or self._context.who is None:
            return
        desk, ask, station = self._context.desk, self._context.ask(), self._context.name
        if self._context.who.role is Role.STATION:
            station = self._context.who.name.removeprefix("station:")
        note = partial(rating.note_press_flood, desk, ask, station, burst.presses, burst.seconds)
        self._context.tasks.run(note, _kept, _lost)

    def stop(self) -> None:
        """Do nothing more."""
        self.forget()

    def _look(self) -> None:
        drums = self.calm.is_drumming
        if drums and self._act is None:
            self._timer.start(QUIET_MS)
        if drums is not self._was_drumming:
            self._was_drumming = drums
            self.changed.emit()


def _kept(_document: object) -> None:
    """It stands in the log."""


def _lost(_trouble: QueueDeskError) -> None:
    """The hall's file is away: nobody loses anything by it."""
