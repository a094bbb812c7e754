"""Reads a period's figures beside the window, and again while the period goes on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.figures.periods import DAY, span_of
from queuedesk.core.figures.pictured import Pictured
from queuedesk.stations.window.context import StationContext

LEAST_MS = 1000
LONGEST_MS = 60_000
SHARE, DAY_SHARE, DAY_MS = 20, 8, 3000
"""A period that goes on is read again when it has changed, but at most one twentieth of the time goes into reading; of
a single day an eighth, and it is never more than three seconds late."""
MOST_KEPT = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which period is looked at: the one of its kind that contains `day`; `against` as core.comparing names it, "" for
    none."""

    period: str
    day: date
    against: str = ""

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last date of it."""
        return span_of(self.period, self.day)


class FiguresController(QObject):
    """`shown` gives what was read for `wanted`; `waiting_changed` that nothing of it is there yet; `failed` the trouble
    met in reading."""

    shown = Signal(object)
    waiting_changed = Signal(bool)
    failed = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.wanted = Wanted(DAY, context.feed.day)
        self.found: Pictured | None = None
        self.is_waiting = False
        self._kept: dict[Wanted, Pictured] = {}
        self._asked = 0
        self._reading = False
        self._again = False
        self._seq = -1
        self._since = QElapsedTimer()
        self._took_ms = 0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._read)

    @property
    def can_read(self) -> bool:
        """Whether the program lends what reading figures needs."""
        return self.context.services.pictures is not None

    def want(self, wanted: Wanted) -> None:
        """Read a period; what was read of it before is shown at once, until the new reading is there."""
        if wanted != self.wanted or self.found is None:
            self.wanted, self.found = wanted, self._kept.get(wanted)
            if self.found is not None:
                self.shown.emit(self.found)
            self._set_waiting(self.found is None)
        self._read()

    def follow(self) -> None:
        """Read again if the hall has changed since, or a minute has passed in a period that is not over."""
        first, last = self.wanted.span
        if self._reading or self._timer.isActive() or not first <= self.context.feed.day <= last:
            return
        passed = self._since.elapsed() if self._since.isValid() else LONGEST_MS
        if self.context.feed.state.now.seq != self._seq or passed >= LONGEST_MS:
            self._timer.start(max(0, self._rest_ms() - passed))

    def _rest_ms(self) -> int:
        """Return how long after one reading the next may begin."""
        if self.wanted.period == DAY:
            return min(max(LEAST_MS, self._took_ms * DAY_SHARE), DAY_MS)
        return max(LEAST_MS, self._took_ms * SHARE)

    def forget(self) -> None:
        """Leave the period: nothing is read for a page that nobody sees."""
        self._timer.stop()

    def stop(self) -> None:
        """End what is being read."""
        self._timer.stop()
        self._asked += 1
        self._stop_child()

    def _read(self) -> None:
        pictures = self.context.services.pictures
        if pictures is None:
            return
        self._timer.stop()
        if self._reading:
            # The lane is free as soon as the other reading has ended; only the last that was asked for follows.
            self._again = True
            self._stop_child()
            return
        self._reading, self._asked = True, self._asked + 1
        self._seq = self.context.feed.state.now.seq
        self._since.start()
        number, wanted = self._asked, self.wanted
        self.context.tasks.run_aside(
            lambda: pictures.read(wanted.period, wanted.day, wanted.against),
            partial(self._take, number, wanted),
            partial(self._fail, number, wanted),
            may_drop=True,
        )

    def _take(self, number: int, wanted: Wanted, found: Pictured) -> None:
        if not self._ended(number):
            return
        self._keep(wanted, found)
        if wanted == self.wanted:
            self.found = found
            self._set_waiting(False)
            self.shown.emit(found)
        self._go_on()

    def _fail(self, number: int, wanted: Wanted, trouble: QueueDeskError) -> None:
        if not self._ended(number):
            return
        if wanted == self.wanted and not self._again:
            self._set_waiting(False)
            self.failed.emit(trouble)
        self._go_on()

    def _ended(self, number: int) -> bool:
        """Note the end of a reading; False after `stop`."""
        self._took_ms = self._since.elapsed()
        self._reading = False
        return number == self._asked

    def _go_on(self) -> None:
        again, self._again = self._again, False
        if again:
            self._read()

    def _keep(self, wanted: Wanted, found: Pictured) -> None:
        self._kept.pop(wanted, None)
        self._kept[wanted] = found
        while len(self._kept) > MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))

    def _set_waiting(self, waiting: bool) -> None:
        if waiting != self.is_waiting:
            self.is_waiting = waiting
            self.waiting_changed.emit(waiting)

    def _stop_child(self) -> None:
        if (pictures := self.context.services.pictures) is not None:
            pictures.stop()


def stepped(wanted: Wanted, day: date) -> Wanted:
    """Return the same look at the period that contains `day`."""
    return replace(wanted, day=day)
