"""Delays the effect of a press for a moment, so that drumming on the screen takes no tickets."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.roles import Role
from queuedesk.desk.queue import rating
from queuedesk.stations.window.context import StationContext

# -- presses by a person, not drumming on the screen ---------------------------------------------------------------

# Nobody who reads what the keys say presses so often in so short a time.
MANY, WITHIN_MS = 4, 2500
# Two presses so close are one of a trembling hand.
PAIR_MS = 300
# As long as nothing more is pressed: then whoever stands there is heard again.
QUIET_MS = 1500
# A pause this long ends what is noted as one time of drumming.
OVER_MS = 10_000
# A press takes effect when nothing else was pressed for so long after it.
HOLD_MS = 800


class RapidTappingBurst(Struct, frozen=True):
    presses: int
    seconds: int


def make_monotonic_ms_clock() -> Callable[[], int]:
    """Return a clock in milliseconds that no change of the time touches."""
    timer = QElapsedTimer()
    timer.start()
    return timer.elapsed


class RapidTappingDetector:
    """Detects drumming by counting presses on a steady clock in ms. Presses on a pad's keys are not counted."""

    def __init__(self, steady_ms: Callable[[], int]) -> None:
        self._steady_ms = steady_ms
        self._recent: list[int] = []
        self._last_ms: int | None = None
        self._was_second = False
        self._first_ms = self._count = 0
        self._drums = False

    def count_press(self) -> None:
        now = self._steady_ms()
        if not self.is_tapping_rapidly and self.ms_since_last_press() >= QUIET_MS:
            self._recent = []
        second = not self._was_second and self.ms_since_last_press() < PAIR_MS
        self._last_ms, self._was_second = now, second
        if self._count:
            self._count += 1
        if second:
            return
        self._recent = [*(moment for moment in self._recent if now - moment <= WITHIN_MS), now]
        if len(self._recent) >= MANY:
            self._drums = True
            if not self._count:
                self._first_ms, self._count = self._recent[0], len(self._recent)

    def ms_since_last_press(self) -> int:
        return self._steady_ms() - self._last_ms if self._last_ms is not None else OVER_MS

    @property
    def may_become_rapid_tapping(self) -> bool:
        """Whether the last press may still turn out to be drumming."""
        return self.ms_since_last_press() < HOLD_MS

    @property
    def is_tapping_rapidly(self) -> bool:
        if self._drums and self.ms_since_last_press() >= QUIET_MS:
            self._drums = False
        return self._drums

    def take_finished_burst(self) -> RapidTappingBurst | None:
        """Return a finished burst, once."""
        if not self._count or self.ms_since_last_press() < OVER_MS:
            return None
        burst = RapidTappingBurst(self._count, max(1, round(((self._last_ms or 0) - self._first_ms) / 1000)))
        self._count, self._drums = 0, False
        return burst


class RapidTappingActDelayer(QObject):
    """Delays one act until nothing is pressed for a moment. `changed`: drumming begins or ends; bursts are logged."""

    changed = Signal()

    def __init__(self, context: StationContext, steady_ms: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.drumming = RapidTappingDetector(steady_ms)
        self._act: Callable[[], None] | None = None
        self._was_drumming = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.do_waiting_act_if_quiet)

    @property
    def is_tapping_rapidly(self) -> bool:
        return self.drumming.is_tapping_rapidly

    @property
    def has_waiting_act(self) -> bool:
        return self._act is not None

    def count_press(self) -> None:
        """Count a press on anything but a pad."""
        self.drumming.count_press()
        if self.drumming.is_tapping_rapidly:
            self._act = None
        self._emit_if_rapid_tapping_changed()

    def schedule_act_unless_tapping(self, act: Callable[[], None]) -> None:
        """Do `act` in a moment, replacing one that was waiting; never during drumming."""
        if not self.drumming.is_tapping_rapidly:
            self._act = act
            self._timer.start(HOLD_MS)

    def drop_waiting_act(self) -> None:
        self._act = None
        self._timer.stop()

    def do_waiting_act_if_quiet(self) -> None:
        """Do the waiting act if nothing was pressed since; else keep waiting."""
        if self._act is None:
            self._emit_if_rapid_tapping_changed()
        elif self.drumming.may_become_rapid_tapping:
            self._timer.start(max(1, HOLD_MS - self.drumming.ms_since_last_press()))
        else:
            act, self._act = self._act, None
            act()

    def record_finished_rapid_tapping(self) -> None:
        self._emit_if_rapid_tapping_changed()
        burst = self.drumming.take_finished_burst()
        if burst is None or self._context.who is None:
            return
        desk, ask, station = self._context.desk, self._context.new_ask(), self._context.name
        if self._context.who.role is Role.STATION:
            station = self._context.who.name.removeprefix("station:")
        note = partial(rating.record_ineffective_presses, desk, ask, station, burst.presses, burst.seconds)
        self._context.tasks.run(note, _ignore_success, _ignore_failure)

    def stop(self) -> None:
        self.drop_waiting_act()

    def _emit_if_rapid_tapping_changed(self) -> None:
        drums = self.drumming.is_tapping_rapidly
        if drums and self._act is None:
            self._timer.start(QUIET_MS)
        if drums is not self._was_drumming:
            self._was_drumming = drums
            self.changed.emit()


def _ignore_success(_document: object) -> None:
    """It stands in the log."""


def _ignore_failure(_trouble: QueueDeskError) -> None:
    """The hall's file is away: nobody loses anything by it."""
