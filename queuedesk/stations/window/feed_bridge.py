"""The hall as a station holds it: a snapshot, then every event, applied on the GUI thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.log.apply import UNFOLDABLE
from queuedesk.core.log.event import REFERS, Event, Fault
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.overview import set_up
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.estimates import Estimates
from queuedesk.desk import looking
from queuedesk.desk.change import Desk, NotLoadedError, follow
from queuedesk.feed.follower import Follower
from queuedesk.i18n import are_words, use_words
from queuedesk.stations.window.main_pc import main_pc
from queuedesk.store.log import events
from queuedesk.watch import Watched, report

DAY_NOTE = "day-note"
MOVING_MS = 5000
"""So long a window whose hall is shared now has to open there before it says so."""
_log = logging.getLogger("queuedesk")


class HallFeed(QObject):
    """What a station shows: `state`, kept up by the log. Read it on the GUI thread only.

    `changed` carries the events just applied (a list, in order; without those of a paper day, so it may be empty);
    `replaced` says that `state` is a new one (another business date, or a database with another history); `reworded`
    that windows or tickets have another name in this hall now, or that it uses other languages; `away` carries since
    when the hall can't be had, or waits for staff to say what day it is, once more when the reason changes (`trouble`),
    `back` that it can again: `state` is kept meanwhile. `moved` says that the hall is shared now: it is away only once
    this window has had time to open there, as what is asked meanwhile is done there.

    Where `state` can't follow an event a fresh snapshot takes its place, with `replaced`, and `changed` for what came
    meanwhile; `on_bug` is told, unless the event is only about what is not loaded here.
    """

    changed = Signal(list)
    reworded = Signal()
    replaced = Signal()
    moved = Signal()
    away = Signal(datetime)
    back = Signal()
    _came = Signal(list)
    _lost = Signal(object)
    _found = Signal()
    _reset = Signal(object, str, str)
    _learned = Signal(object, object)

    def __init__(
        self,
        desk: Desk,
        clock: Callable[[], datetime],
        parent: QObject | None = None,
        *,
        on_bug: Callable[[BaseException], object] = report,
    ) -> None:
        """Take a snapshot now. Raises OutsideError when the database is away."""
        super().__init__(parent)
        self._on_bug = on_bug
        self._is_behind = False
        self._missed: list[Event] = []
        self._desk = desk
        self._clock = clock
        self.away_since: datetime | None = None
        self._languages: tuple[str, ...] = ()
        self.trouble: QueueDeskError | None = None
        self.knows_where: Callable[[], bool] = lambda: False
        """Tells whether this PC knows where a hall that moved went."""
        self.moves_on = False
        """Whether the hall moved and this window is about to open there."""
        self.opened = clock()
        with desk.db.read() as tx:
            epoch = self._epoch = events.epoch(tx)
            self._began = events.one(tx, desk.hall, 1).hash
        self.was_put_back: bool | None = False
        """Told with `replaced`: whether an earlier history of this very hall took the place of the log, such as that of
        a backup; None where it is another hall's."""
        self.state: HallState = looking.hall_now(desk, clock())
        self.day: date = business_date(self.setup, clock())
        self._take_words()
        self._came.connect(self._apply)
        self._lost.connect(self.note_away)
        self._found.connect(self.note_back)
        self._reset.connect(self._replace)
        self._learned.connect(self._take_learned)
        self._trouble_since: datetime | None = None
        self._moving = QTimer(self)
        self._moving.setSingleShot(True)
        self._moving.setInterval(MOVING_MS)
        self._moving.timeout.connect(self._tell_away)
        self._learner: Watched | None = None
        self._follower = Follower(
            desk.db,
            desk.hall,
            self.state.now.seq,
            epoch=epoch,
            read_epoch=events.epoch,
            read_events=events.after,
            on_events=self._came.emit,
            on_away=self._lost.emit,
            on_back=self._found.emit,
            on_reset=self._take_snapshot,
        )

    @property
    def setup(self) -> Setup:
        return set_up(self.state)

    @property
    def is_shared(self) -> bool:
        """Whether the hall is on a server."""
        return self._desk.db.is_shared

    @property
    def main_pc(self) -> str | None:
        """The address of the hall's main PC, "" if it is this PC, None if the hall is a file."""
        return main_pc(self._desk.db.place)

    @property
    def is_moving(self) -> bool:
        """Whether the hall is shared now and this window is about to open there: what it does is not seen here."""
        return self._moving.isActive() or self.moves_on

    def start(self) -> None:
        """Begin to follow the log."""
        self._follower.start()

    def stop(self) -> None:
        """End the follower's thread, and requests under way."""
        self._moving.stop()
        self._follower.stop()
        if self._learner is not None:
            self._learner.join()

    def turn_day(self) -> None:
        """Drop yesterday when the business date has turned; stations call it once a minute."""
        today = business_date(self.setup, self._clock())
        if today != self.day:
            self.day = today
            self.state.forget_before(today)
            self._learn()
            self.replaced.emit()

    @Slot(list)
    def _apply(self, new: list[Event]) -> None:
        fresh = [event for event in new if event.seq > self.state.now.seq]
        if self._is_behind:
            self._missed += fresh
            return
        done: list[Event] = []
        try:
            for event in fresh:
                if event.seq != self.state.now.seq + 1:
                    raise LookupError(event.seq, self.state.now.seq)
                follow(event, self.state)
                done.append(event)
        except Exception as bug:  # noqa: BLE001 - no event, of whatever kind, leaves the station behind
            self._fall_behind(bug, fresh[len(done) :])
        self._tell(done)

    def _fall_behind(self, bug: Exception, missed: list[Event]) -> None:
        """Ask for a fresh snapshot. An event about something that is not loaded here is no bug: one line in the log,
        without a traceback.

        Nor is what the database set aside because it can't be applied: it is told as such.
        """
        self._is_behind, self._missed = True, missed
        if isinstance(bug, UNFOLDABLE):
            cause = None if isinstance(bug, NotLoadedError) else bug
            _log.info("event %d can't be followed here: a fresh snapshot", missed[0].seq, exc_info=cause)
            if not isinstance(bug, LookupError):
                self.state.aside[missed[0].seq] = Fault(REFERS, "")
        else:
            self._on_bug(bug)
        self._follower.renew()

    def _tell(self, fresh: list[Event]) -> None:
        if fresh:
            self._take_words()
            if any(event.kind == "set-up" for event in fresh):
                self._learn()
            if any(event.kind == DAY_NOTE or (event.date is not None and event.date < self.day) for event in fresh):
                self.state.forget_before(self.day)
            # What was put in from paper is over: nobody is called by it, though lines and lists are others now.
            self.changed.emit([event for event in fresh if not event.is_paper])
            self.turn_day()

    @Slot(object)
    def note_away(self, trouble: OutsideError) -> None:
        """Note that the hall is out of reach; the time is that of the first trouble, the reason the last one's."""
        self.trouble = trouble
        self._trouble_since = self.away_since or self._trouble_since or self._clock()
        if trouble.code == "hall_moved" and self.away_since is None:
            self._moving.start()
            self.moved.emit()
        else:
            self._tell_away()

    @Slot()
    def _tell_away(self) -> None:
        self._moving.stop()
        self.moves_on = self.trouble is not None and self.trouble.code == "hall_moved" and self.knows_where()
        self.away_since = self._trouble_since
        self.away.emit(self.away_since)

    def hold(self, trouble: QueueDeskError, since: datetime) -> None:
        """Tell customers' screens that everything has stopped, since then, until staff has confirmed the day."""
        if self.away_since is None:
            self.trouble, self.away_since = trouble, since
            self.away.emit(since)

    def go_on(self) -> None:
        """Undo hold()."""
        if self.trouble is not None and self.trouble.code == "clock_ahead":
            self.note_back()

    @Slot()
    def note_back(self) -> None:
        """Note that the hall can be reached again."""
        self.away_since = self.trouble = self._trouble_since = None
        self._moving.stop()
        self.moves_on = False
        self.back.emit()

    def _take_snapshot(self, epoch: str) -> int:
        state = looking.hall_now(self._desk, self._clock())
        with self._desk.db.read() as tx:
            began = events.one(tx, self._desk.hall, 1).hash
        self._reset.emit(state, epoch, began)
        return state.now.seq

    @Slot(object, str, str)
    def _replace(self, state: HallState, epoch: str, began: str) -> None:
        if epoch != self._epoch:
            self.was_put_back = True if began == self._began else None
        self._epoch, self._began = epoch, began
        state.aside |= self.state.aside
        self.state = state
        came = [event for event in self._missed if event.seq <= state.now.seq and not event.is_paper]
        self._is_behind, self._missed = False, []
        self.day = business_date(self.setup, self._clock())
        self._take_words()
        self.replaced.emit()
        self.was_put_back = False
        if came:
            self.changed.emit(came)

    def _learn(self) -> None:
        """Take what past dates teach about today; while the database is away, what was known stays.

        A server may keep the question waiting, and windows wait for nobody: its answer comes later.
        """
        if not self.is_shared:
            self._ask_learned(self._note_learned, self.day)
            return
        asked = partial(self._ask_learned, self._learned.emit, self.day, self._learner)
        self._learner = Watched(asked, "learning", again_s=None)
        self._learner.start()

    def _ask_learned(self, told: Callable[[date, Estimates], object], day: date, before: Watched | None = None) -> None:
        if before is not None:
            before.join()
        with suppress(OutsideError):  # The follower says so.
            told(day, looking.estimates_before(self._desk, day))

    def _note_learned(self, day: date, learned: Estimates) -> None:
        if day == self.day:
            self.state.learned = learned

    @Slot(object, object)
    def _take_learned(self, day: date, learned: Estimates) -> None:
        self._note_learned(day, learned)
        self.changed.emit([])

    def _take_words(self) -> None:
        """Call windows and tickets as the hall does, and note its languages."""
        hall = self.setup.hall
        words, languages = hall.words, hall.languages
        if languages != self._languages or not are_words(words.window, words.ticket, hall=hall.name):
            use_words(words.window, words.ticket, hall=hall.name)
            self._languages = languages
            self.reworded.emit()
