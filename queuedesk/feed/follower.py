"""Follows a hall's log: gives on the events past a number, in order and once; and keeps a hall's state up by them."""

import logging
import threading
from collections.abc import Callable
from datetime import date, datetime

from msgspec import Struct

from queuedesk.core.errors import OutsideError
from queuedesk.core.log.apply import UNFOLDABLE
from queuedesk.core.log.event import REFERS, Event, EventFault
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.overview import set_up
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import looking
from queuedesk.desk.change import Desk, EventSubjectNotLoadedError, apply_next_event_to_state
from queuedesk.store.engine import database, types, wakeups
from queuedesk.store.log import events
from queuedesk.watch import WatchedThread, bug_text, report_bug

IDLE_S = 60.0
RETRY_S = 0.5
CANNOT_FOLLOW = "cannot_follow"
"""The trouble of a follower that met a bug: what it shows is behind, and it says so until it is not."""
DAY_NOTE = "day-note"
_log = logging.getLogger("queuedesk")


class LogFollower:
    """Reads what was committed after `since` and passes it on, in a thread of its own. Every function it was given is
    called on that thread, one at a time. When the database comes back it continues where it was. A database with
    another history (made anew, so of another epoch, or replaced by hand with a copy) gives the same numbers to other
    events: then `on_reset` takes a fresh snapshot."""

    def __init__(
        self,
        db: database.Database,
        hall: int,
        since: int,
        *,
        epoch: str,
        read_epoch: Callable[[types.Transaction], str],
        read_events: Callable[[types.Transaction, int, int], list[Event]],
        on_events: Callable[[list[Event]], None],
        on_away: Callable[[OutsideError], None],
        on_back: Callable[[], None],
        on_reset: Callable[[str], int],
    ) -> None:
        """Take what a snapshot said: its `epoch`, and its seq as `since`. `read_events(tx, hall, seq)` returns the
        events after `seq` in order, as many at once as it likes, but never one alone where there are more. `on_away` is
        told once, with the trouble, and again when it turns into another; `on_back` once it is over, before anything
        else. `on_reset` is told the epoch of the database that is there now and gives back the seq of the snapshot it
        took."""
        self._db = db
        self._hall = hall
        self._seq = since
        self._hash: str | None = None
        self._epoch = epoch
        self._openings = db.openings
        self._read_epoch = read_epoch
        self._read_events = read_events
        self._on_events = on_events
        self._on_away = on_away
        self._on_back = on_back
        self._on_reset = on_reset
        self._trouble: str | None = None
        self._is_behind = False
        self._waker = wakeups.CommitWaiter(db, hall)
        self._stopping = threading.Event()
        self._thread = WatchedThread(
            self._follow_until_stopped,
            f"follower of hall {hall}",
            failed=lambda _bug: self.request_fresh_snapshot(),
            again_s=RETRY_S,
        )

    def start(self) -> None:
        self._thread.start()

    def request_fresh_snapshot(self) -> None:
        """Take a fresh snapshot next, because a receiver could not follow the events; from any thread."""
        self._is_behind = True
        self._waker.nudge()

    def stop(self, timeout_s: float = 5.0) -> None:
        """End the thread; afterwards nothing is called any more, unless a call took longer than the timeout."""
        self._stopping.set()
        self._waker.nudge()
        self._thread.join(timeout_s)
        self._waker.close()

    def _follow_until_stopped(self) -> None:
        more = False
        while not self._stopping.is_set():
            try:
                events = (
                    self._read_new_events_or_reset()
                    if more or self._waker.wait_for_commit(IDLE_S) or self._is_behind
                    else []
                )
            except OutsideError as trouble:
                more = False
                self._openings = 0  # What comes back may be a copy, or a second server that lacks the last moments.
                self._report_trouble_and_wait(trouble)
                continue
            except Exception as bug:  # noqa: BLE001 - told, and shown as what it is: a screen that is behind
                more = False
                self._is_behind = True
                if self._trouble != CANNOT_FOLLOW:
                    report_bug(bug)
                self._report_trouble_and_wait(OutsideError(CANNOT_FOLLOW))
                continue
            if self._trouble == CANNOT_FOLLOW:
                self._trouble = None
                self._on_back()
            if events:
                self._on_events(events)
                self._seq, self._hash = events[-1].seq, events[-1].hash
            # One alone was all there was, as after most commits; what is committed from now on wakes anew.
            more = len(events) > 1

    def _report_trouble_and_wait(self, trouble: OutsideError) -> None:
        """Say once that something is wrong, and wait a moment."""
        self._waker.recheck_database()
        if trouble.code != self._trouble:
            self._trouble = trouble.code
            self._on_away(trouble)
        self._stopping.wait(RETRY_S)

    def _read_new_events_or_reset(self) -> list[Event]:
        """Return what is new, and deal with what else may have happened to the database."""
        with self._db.read() as tx:
            epoch = self._read_epoch(tx)
            same = epoch == self._epoch and not self._is_behind and self._has_file_last_followed_event(tx)
            events = self._read_events(tx, self._hall, self._seq) if same else []
        if self._trouble not in (None, CANNOT_FOLLOW):
            self._trouble = None
            self._on_back()
        if not same:
            self._is_behind = False
            self._seq, self._hash = self._on_reset(epoch), None
            self._epoch = epoch
            return self._read_new_events_or_reset()
        return events

    def _has_file_last_followed_event(self, tx: types.Transaction) -> bool:
        """Tell whether a file opened anew still holds the last event that was given on."""
        openings = self._db.openings
        if openings == self._openings:
            return True
        if self._seq > 0:
            last = self._read_events(tx, self._hall, self._seq - 1)
            if not last or self._hash not in (None, last[0].hash):
                return False
        self._openings = openings
        return True


class HallSnapshot(Struct, frozen=True):
    """A hall as it was read: the `epoch` of its database, and the hash with which its log `began`."""

    state: HallState
    epoch: str
    began: str


class HallCopy:
    """A copy of one hall, for one thread, which alone reads `state` and calls the functions; only
    `deliver_snapshot_and_get_seq` is for the follower's. Where `state` can't follow an event the follower is asked for
    a fresh snapshot, and until it has come events are collected; `on_bug` is told, unless the event is only about what
    is not loaded here."""

    def __init__(
        self, desk: Desk, clock: Callable[[], datetime], *, on_bug: Callable[[BaseException], object] = report_bug
    ) -> None:
        """Take a snapshot now. Raises OutsideError when the database is away."""
        self._desk, self._clock, self._on_bug = desk, clock, on_bug
        with desk.db.read() as tx:
            self._epoch = events.epoch(tx)
            self._began = events.event_with_seq(tx, desk.hall, 1).hash
        self.was_put_back: bool | None = False
        """Whether an earlier history of this very hall took the place of the log, such as that of a backup; None where
        it is another hall's."""
        self.state: HallState = looking.hall_state_now(desk, clock())
        self.day: date = business_date(self.setup, clock())
        self._is_behind = False
        self._missed: list[Event] = []
        self._request_snapshot: Callable[[], None] = lambda: None

    @property
    def setup(self) -> Setup:
        return set_up(self.state)

    def log_follower(
        self,
        *,
        on_events: Callable[[list[Event]], None],
        on_away: Callable[[OutsideError], None],
        on_back: Callable[[], None],
        on_snapshot: Callable[[HallSnapshot], None],
    ) -> LogFollower:
        """Return what follows the log from this state on; it calls these on its own thread, and they hand over to the
        thread of this copy: events to apply_and_list_new_events(), a snapshot to
        take_snapshot_and_give_missed_events()."""

        def deliver_snapshot_and_get_seq(epoch: str) -> int:
            state = looking.hall_state_now(self._desk, self._clock())
            with self._desk.db.read() as tx:
                began = events.event_with_seq(tx, self._desk.hall, 1).hash
            on_snapshot(HallSnapshot(state, epoch, began))
            return state.now.seq

        follower = LogFollower(
            self._desk.db,
            self._desk.hall,
            self.state.now.seq,
            epoch=self._epoch,
            read_epoch=events.epoch,
            read_events=events.events_after,
            on_events=on_events,
            on_away=on_away,
            on_back=on_back,
            on_reset=deliver_snapshot_and_get_seq,
        )
        self._request_snapshot = follower.request_fresh_snapshot
        return follower

    def apply_and_list_new_events(self, new: list[Event]) -> list[Event]:
        """Apply what is new, and return it."""
        fresh = [event for event in new if event.seq > self.state.now.seq]
        if self._is_behind:
            self._missed += fresh
            return []
        done: list[Event] = []
        try:
            for event in fresh:
                if event.seq != self.state.now.seq + 1:
                    raise LookupError(event.seq, self.state.now.seq)
                apply_next_event_to_state(event, self.state)
                done.append(event)
        except Exception as bug:  # noqa: BLE001 - no event, of whatever kind, leaves the copy behind
            self._mark_snapshot_as_needed(bug, fresh[len(done) :])
        if any(event.kind == DAY_NOTE or (event.date is not None and event.date < self.day) for event in done):
            self.state.drop_closed_records_before(self.day)
        return done

    def _mark_snapshot_as_needed(self, bug: Exception, missed: list[Event]) -> None:
        """Ask for a fresh snapshot. An event about something that is not loaded here is no bug: one line in the log,
        without a traceback. Nor is what the database set aside because it can't be applied: it is told as such."""
        self._is_behind, self._missed = True, missed
        if isinstance(bug, UNFOLDABLE):
            cause = "" if isinstance(bug, EventSubjectNotLoadedError) else f"\n{bug_text(bug)}"
            _log.info("event %d can't be followed here: a fresh snapshot%s", missed[0].seq, cause)
            if not isinstance(bug, LookupError):
                self.state.aside[missed[0].seq] = EventFault(REFERS, "")
        else:
            self._on_bug(bug)
        self._request_snapshot()

    def take_snapshot_and_give_missed_events(self, fresh: HallSnapshot) -> list[Event]:
        """Take a snapshot as the state; return the events that came while this copy was behind, without those of a
        paper day. `was_put_back` then tells about it until the next call."""
        self.was_put_back = False
        if fresh.epoch != self._epoch:
            self.was_put_back = True if fresh.began == self._began else None
        self._epoch, self._began = fresh.epoch, fresh.began
        fresh.state.aside |= self.state.aside
        self.state = fresh.state
        came = [event for event in self._missed if event.seq <= self.state.now.seq and not event.is_paper]
        self._is_behind, self._missed = False, []
        self.day = business_date(self.setup, self._clock())
        return came

    def change_day_if_due(self) -> bool:
        """Drop yesterday if the business date has turned; return whether it has."""
        today = business_date(self.setup, self._clock())
        if today == self.day:
            return False
        self.day = today
        self.state.drop_closed_records_before(today)
        return True
