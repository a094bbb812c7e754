"""The trial of a hall: its clock, its voice, the customers that are let in, and the last things that happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.event import Event
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, rating_level, time_hms
from queuedesk.i18n.names import service_name
from queuedesk.sim.day import Crowd
from queuedesk.stations.window.feed_bridge import HallFeed
from queuedesk.stations.window.tasks import Lanes

SPEEDS = (0, 1, 5, 20)
"""How many seconds of the trial pass in one; 0 stands still."""
PLAY_MS = 500
KEPT_LINES = 12


class TrialClock:
    """The time of a trial: it begins now, and runs as fast as it is told."""

    def __init__(self, begins: datetime, passed_s: Callable[[], float]) -> None:
        """`passed_s` are seconds since anywhere, by a clock that nobody sets."""
        self._at, self._passed_s, self._since_s = begins, passed_s, passed_s()
        self.speed = 1

    def __call__(self) -> datetime:
        return self._at + timedelta(seconds=(self._passed_s() - self._since_s) * self.speed)

    def run_at(self, speed: int) -> None:
        """Run at another speed from now on."""
        self._at, self._since_s = self(), self._passed_s()
        self.speed = speed


class TrialVoice(QObject):
    """The voice that says a trial's calls, and can be muted. `changed` when it is, or when calls begin or cease to be
    heard."""

    changed = Signal()
    _told = Signal(object)

    def __init__(self, begin: Callable[[Callable[[str | None], None]], Callable[[], None]], *, is_on: bool) -> None:
        """`begin` starts to speak and returns what ends it. It is given a function to tell of each call, on any thread,
        why it was not heard; None for one that was."""
        super().__init__()
        self.begin = begin
        self._end: Callable[[], None] | None = None
        self.is_on = is_on
        self.trouble: str | None = None
        self._told.connect(self._take)

    def start(self) -> None:
        """Speak from now on, unless it is muted."""
        if self.is_on and self._end is None:
            self._end = self.begin(self._told.emit)

    def mute(self, muted: bool) -> None:
        """Be silent at once, in the middle of a word if necessary, or speak again."""
        self.stop()
        self.is_on, self.trouble = not muted, None
        self.start()
        self.changed.emit()

    def stop(self) -> None:
        """Say nothing any more."""
        end, self._end = self._end, None
        if end is not None:
            end()

    def _take(self, trouble: str | None) -> None:
        if self.is_on and trouble != self.trouble:
            self.trouble = trouble
            self.changed.emit()


class Crowded(Protocol):
    """What lets customers in; see sim/day.py."""

    def let_in(self, now: datetime, service: str = "") -> str: ...
    def let_in_many(self, now: datetime, service: str = "") -> None: ...
    def play(self, now: datetime) -> None: ...


class Trial(QObject):
    """What the bar of a trial does. `refused` carries the trouble, `told` that there are new `lines`."""

    refused = Signal(object)
    told = Signal()

    def __init__(self, crowd: Crowd, feed: HallFeed, tasks: Lanes, clock: TrialClock) -> None:
        super().__init__()
        self.clock, self.feed = clock, feed
        self._crowd: Crowded = crowd
        self._tasks = tasks
        self._is_playing = False
        self.lines: list[tuple[str, str]] = []
        """When and what, the newest first."""
        self._timer = QTimer(self)
        self._timer.setInterval(PLAY_MS)
        self._timer.timeout.connect(self._play)
        feed.changed.connect(self.tell)

    @property
    def setup(self) -> Setup:
        return self.feed.setup

    def start(self) -> None:
        """Let the customers do what they do."""
        self._timer.start()

    def stop(self) -> None:
        """Nobody does anything any more."""
        self._timer.stop()

    def let_in(self, service: str = "") -> None:
        """Let one person take a ticket of a service, "" for any."""
        now = self.clock()
        self._tasks.run(lambda: self._crowd.let_in(now, service), lambda _label: None, self.refused.emit)

    def let_in_many(self, service: str = "") -> None:
        """Let a busy minute's customers come."""
        now = self.clock()
        self._tasks.run(lambda: self._crowd.let_in_many(now, service), lambda _none: None, self.refused.emit)

    def run_at(self, speed: int) -> None:
        """Let time pass at another speed."""
        self.clock.run_at(speed)

    def _play(self) -> None:
        if self._is_playing or not self.clock.speed:
            return
        self._is_playing = True
        now = self.clock()
        self._tasks.run(lambda: self._crowd.play(now), self._played, self._not_played)

    def _played(self, _none: object) -> None:
        self._is_playing = False

    def _not_played(self, trouble: QueueDeskError) -> None:
        self._is_playing = False
        self.refused.emit(trouble)

    def tell(self, events: Sequence[Event]) -> None:
        """Put what happened into `lines`."""
        for event in events:
            line = event_line(event, self.setup)
            if line:
                self.lines.insert(0, (time_hms(self.setup.local(event.time)), line))
        del self.lines[KEPT_LINES:]
        self.told.emit()


def event_line(event: Event, setup: Setup) -> str:
    """Return what happened in one short sentence, "" for what nobody follows a trial for."""
    ticket, window = event.ticket or "", event.window or ""
    if event.kind == "issue":
        return _("{ticket} taken: {service}", ticket=ticket, service=service_name(setup, event.service))
    if event.kind == "call":
        return _("{ticket} called to window {window}", ticket=ticket, window=window)
    if event.kind == "recall":
        return _("{ticket} called again to window {window}", ticket=ticket, window=window)
    if event.kind == "finish":
        return _("{ticket} finished at window {window}", ticket=ticket, window=window)
    if event.kind == "rate":
        return _("{ticket} rated: {level}", ticket=ticket, level=rating_level(int(event.data["level"])))
    if event.kind == "leave":
        return _("{ticket} has left", ticket=ticket)
    return ""
