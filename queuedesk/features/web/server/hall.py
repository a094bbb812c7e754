"""The hall as the web pages read it: followed by the log on the server's own event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from typing import ParamSpec, TypeVar

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.log.event import Event
from queuedesk.core.log.pc_clock import LEAP, reliability_of_clock
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Actor
from queuedesk.core.setup.rows import Setup
from queuedesk.core.waits.estimates import Estimates
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.feed.follower import HallCopy, HallSnapshot
from queuedesk.i18n import use_hall_words
from queuedesk.watch import WorkQueueThread, report_bug

LANES = 4
"""So many threads ask the database, so that one that waits for the hall's lock holds nobody up who reads."""
MOVED = "hall_moved"
TURN_S = 15.0
"""How often the business date is looked at."""
P = ParamSpec("P")
T = TypeVar("T")


class FollowedHall:
    """The hall, for whatever runs on the server's event loop: `state` is read there and nowhere else. Listeners
    (`add_change_listener`) are called there too, once for each batch of events, with an empty list where the state was
    read afresh or another business date has begun. Whatever asks the database goes through `run`."""

    def __init__(self, desk: Desk, clock: Callable[[], datetime]) -> None:
        """Read the hall. Raises OutsideError when the database is away."""
        self.desk = desk
        self.clock = clock
        self._copy = HallCopy(desk, clock)
        self._since: datetime | None = None
        self._away_s = 0.0
        self.moved: OutsideError | None = None
        """That the file is no longer the hall's, if so."""
        self.on_moved: Callable[[], object] = lambda: None
        self.on_bug: Callable[[BaseException], object] = report_bug
        """Is told of a bug in what is told of changes, or asks the database for nobody."""
        self._listeners: list[Callable[[list[Event]], object]] = []
        self._lanes = [WorkQueueThread(f"web {n}") for n in range(1, LANES + 1)]
        self._owed = [0] * LANES
        self._loop: asyncio.AbstractEventLoop | None = None
        self._follower = self._copy.log_follower(
            on_events=partial(self._call_on_loop, self._apply_events),
            on_away=partial(self._call_on_loop, self._note_hall_away),
            on_back=partial(self._call_on_loop, self._note_hall_back, None),
            on_snapshot=partial(self._call_on_loop, self._replace_hall_state),
        )
        self._use_hall_words()

    @property
    def state(self) -> HallState:
        return self._copy.state

    @property
    def day(self) -> date:
        """The business date of `state`."""
        return self._copy.day

    @property
    def setup(self) -> Setup:
        return self._copy.setup

    @property
    def last_seq(self) -> int:
        return self.state.now.seq

    @property
    def away_since(self) -> datetime | None:
        """Since when the hall can't be followed, by this PC's clock as it is now; None while it can."""
        if self._since is not None:
            since = self.now() - timedelta(seconds=time.monotonic() - self._away_s)
            if abs(since - self._since) > LEAP:  # Somebody has set the clock meanwhile.
                self._since = since
        return self._since

    @property
    def moment_pc_clock_was_set(self) -> datetime | None:
        """When this PC's clock was last set by hand, None if it was not seen to be."""
        reading = reliability_of_clock(self.clock)
        return reading.since if reading is not None and reading.was_set else None

    @property
    def is_current(self) -> bool:
        return self._since is None

    def now(self) -> datetime:
        return self.clock()

    def ask(self, who: Actor, command: str | None = None, words: str = "") -> Ask:
        """Return a request for a change now; `command` and `words` as in Ask."""
        return Ask.ask_from_clock(self.clock, who, command, words)

    def add_change_listener(self, told: Callable[[list[Event]], object]) -> None:
        """Call `told` on the loop whenever the hall has changed, and when it is lost or found again (see `since`)."""
        self._listeners.append(told)

    async def run(self, function: Callable[P, T], *args: P.args, **words: P.kwargs) -> T:
        """Call a function that asks the database, on a thread beside the loop; return or raise what it does."""
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._run_in_least_busy_lane(partial(function, *args, **words), answer)
        return await answer

    def run_database_work_in_background(self, work: Callable[[], T], then: Callable[[T], object] | None = None) -> None:
        """Do work that asks the database, beside the loop, and `then` something on the loop with what it returned;
        nobody waits for it, and trouble with the database is left to the next time."""
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def handle_result(done: asyncio.Future[T]) -> None:
            trouble = done.exception()
            if trouble is None and then is not None:
                then(done.result())
            elif trouble is not None and not isinstance(trouble, QueueDeskError):
                self.on_bug(trouble)

        answer.add_done_callback(handle_result)
        self._run_in_least_busy_lane(work, answer)

    def start(self) -> None:
        """Follow the hall from now on, on the running loop."""
        self._loop = asyncio.get_running_loop()
        self._follower.start()
        self._loop.call_later(TURN_S, self._follow_business_date)

    def stop(self) -> None:
        """End following; what is being asked is still answered."""
        self._loop = None
        self._follower.stop()

    def wait_until_idle(self, timeout_s: float) -> None:
        """Wait until whatever was asked of the database is done; accept nothing more."""
        for lane in self._lanes:
            lane.close()
        for lane in self._lanes:
            lane.wait_until_idle(timeout_s)

    def _run_in_least_busy_lane(self, work: Callable[[], T], answer: asyncio.Future[T]) -> None:
        loop = answer.get_loop()
        lane = min(range(LANES), key=self._owed.__getitem__)
        self._owed[lane] += 1

        def set_answer(found: T | None, trouble: BaseException | None) -> None:
            self._owed[lane] -= 1
            if answer.done():
                return
            if trouble is not None:
                answer.set_exception(trouble)
            else:
                answer.set_result(found)  # type: ignore[arg-type]

        def do_work_and_settle() -> None:
            found, trouble = None, None
            try:
                found = work()
            except Exception as error:  # noqa: BLE001 - given to whoever awaits it
                trouble = error
            with suppress(RuntimeError):  # the loop has ended meanwhile: nobody awaits it any more
                loop.call_soon_threadsafe(set_answer, found, trouble)

        self._lanes[lane].submit(do_work_and_settle)

    def _call_on_loop(self, take: Callable[[T], None], what: T) -> None:
        """Pass on what the follower's thread has found."""
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(take, what)

    def _apply_events(self, new: list[Event]) -> None:
        done = self._copy.apply_and_list_new_events(new)
        if done:
            self._use_hall_words()
            if any(event.kind == "set-up" for event in done):
                self._learn_from_past()
            self._tell_listeners(done)

    def _replace_hall_state(self, fresh: HallSnapshot) -> None:
        self._copy.take_snapshot_and_give_missed_events(fresh)
        self._use_hall_words()
        self._tell_listeners([])

    def _note_hall_away(self, trouble: OutsideError) -> None:
        if trouble.code == MOVED and self.moved is None:
            self.moved = trouble
            self.on_moved()
        if self._since is None:
            self._since, self._away_s = self.now(), time.monotonic()
            self._tell_listeners([])

    def _note_hall_back(self, _nothing: None) -> None:
        self._since = None
        self._tell_listeners([])

    def _follow_business_date(self) -> None:
        if self._loop is None:
            return
        self._loop.call_later(TURN_S, self._follow_business_date)
        if self._copy.change_day_if_due():
            self._learn_from_past()
            self._tell_listeners([])

    def _learn_from_past(self) -> None:
        """Take what past dates teach about today's waits; while the database is away, the old values stay."""
        day = self.day

        def store_learned_estimates(learned: Estimates) -> None:
            if day == self.day:
                self.state.learned = learned
                self._tell_listeners([])

        self.run_database_work_in_background(
            partial(looking.wait_estimates_before, self.desk, day), store_learned_estimates
        )

    def _use_hall_words(self) -> None:
        """Call windows and tickets as the hall does; the process serves no other."""
        hall = self.setup.hall
        use_hall_words(hall.words.window, hall.words.ticket, hall=hall.name)

    def _tell_listeners(self, events: list[Event]) -> None:
        for told in self._listeners:
            try:
                told(events)
            except Exception as bug:  # noqa: BLE001 - one page's bug leaves the others told
                self.on_bug(bug)
