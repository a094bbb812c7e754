"""The hall of a trial, thrown away at its end, and the customers who are let in there."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.roles import CONSOLE, CUSTOMER, HALL, Actor, Role, actor_of_station
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.ticket import State, TicketId
from queuedesk.core.setup.file import check_and_read_setup
from queuedesk.core.setup.rows import Setup
from queuedesk.desk import looking, setting_up
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import calling, issuing, opening, rating, sign_in_and_pins
from queuedesk.files.lock import FileLock
from queuedesk.sim.demand import LEVEL_SHARES, RATE_SHARE, SECONDS, arrival, service_shares
from queuedesk.store.engine.database import Database

PRESET = "power"
COUNTERS = 2
LOCK = "trial.lock"
A_BUSY_MINUTE = 6
ON_THEIR_WAY = timedelta(seconds=60)


# -- its hall ---------------------------------------------------------------------------------------------------------


def trial_setup_document(asked: Callable[[], tuple[str, str | None]]) -> dict[str, Any]:
    """Return the set-up of the hall that is `asked` for, by its place and code, or of the first preset where there is
    none, for a hall that never was."""
    document: Mapping[str, Any]
    try:
        place, code = asked()
        db = Database.open(place)
        try:
            desk = Desk(db, looking.hall_id_by_code(db, code))
            document = looking.setup_of(desk).document
        finally:
            db.dispose()
    except (OutsideError, RuleError):  # none yet, or none that can be read: a trial shows the program all the same
        document = setting_up.preset_setup_document(PRESET)
    ready = setting_up.prepared(document, all_hours=True)
    ready["hall"] = {**ready["hall"], "simulated": True}
    return ready


def make_locked_trial_folder(above: Path) -> tuple[Path, FileLock]:
    """Return a new folder for a trial's files with the lock that keeps it; those of trials that were killed go."""
    for left in above.iterdir():
        lock = FileLock(left / LOCK)
        with suppress(OSError):
            if lock.take():
                lock.release()
                shutil.rmtree(left)
    folder = Path(tempfile.mkdtemp(dir=above))
    lock = FileLock(folder / LOCK)
    lock.take()
    return folder, lock


def make_trial_hall(folder: Path, document: Mapping[str, Any], now: datetime, *, waive: str) -> Desk:
    """Make the trial's hall with the front desk signed in and its first windows open; `waive` is why nothing is checked
    before."""
    desk = setting_up.create_hall(folder / "hall.sqlite", document, Ask(CONSOLE, now))
    setup = check_and_read_setup(document)
    sit = [
        person
        for role in (Role.CLERK, Role.MANAGER, Role.ADMIN)
        for person in setup.staff.values()
        if person.role == role
    ]
    for window, person in zip(trial_counter_windows(setup), sit, strict=False):
        ask = Ask(Actor(person.code, person.role), now)
        opening.open_window(desk, ask, window, staff=person.code, waive=waive)
    guide = next(p for role in (Role.GUIDE, Role.MANAGER, Role.ADMIN) for p in setup.staff.values() if p.role == role)
    sign_in_and_pins.sign_in(desk, Ask(Actor(guide.code, guide.role), now), "guide", guide.code)
    return desk


def trial_counter_windows(setup: Setup) -> list[str]:
    """Return the windows that the trial's counters stand at: those that serve most between them."""
    chosen: list[str] = []
    served: set[str] = set()
    for _counter in range(min(COUNTERS, len(setup.windows))):
        rest = [code for code in setup.windows if code not in chosen]
        best = max(rest, key=lambda code: len(set(setup.windows[code].services) - served))
        chosen.append(best)
        served |= set(setup.windows[best].services)
    return sorted(chosen, key=list(setup.windows).index)


# -- its customers ----------------------------------------------------------------------------------------------------


class Crowd:
    """Invented customers of a trial: they take a ticket, lose patience, and rate when they have been served.

    Nothing happens by itself: `play` does what is due by then.
    """

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.setup = desk, looking.setup_of(desk)
        self._rng = np.random.default_rng(seed)
        self._shares = service_shares(self.setup)
        self._guide = next((Actor(p.code, p.role) for p in self.setup.staff.values() if p.role is Role.GUIDE), HALL)
        self._order = count()
        self._heap: list[tuple[datetime, int, Callable[[datetime], object]]] = []
        self._unrated: set[TicketId] = set()

    def let_in(self, now: datetime, service: str = "") -> str:
        """Let one person take a ticket of `service`, or of any; return the number. Raises RuleError where the service
        gives none."""
        shares = {service: 1.0} if service else self._shares
        person = arrival(self.setup, now, shares, self._rng)
        ask = Ask(actor_of_station("K1"), now)
        document = issuing.issue(self.desk, ask, person.service, klass="normal", item=person.item)
        label, day = str(document["ticket"]), business_date(self.setup, now)
        self._unrated.add((day, label))
        self._schedule_act(
            now + timedelta(minutes=person.patience_min), partial(self._leave_if_still_waiting, (day, label))
        )
        return label

    def let_in_busy_minute_crowd(self, now: datetime, service: str = "") -> None:
        """Let as many people come within the next minute as a busy hall sees."""
        for n in range(A_BUSY_MINUTE):
            at = now + ON_THEIR_WAY * ((n + float(self._rng.random())) / A_BUSY_MINUTE)
            self._schedule_act(at, lambda at: self.let_in(at, service))

    def play(self, now: datetime) -> None:
        """Do what is due by `now`; whom a rule says no to does without."""
        self._plan_ratings_of_finished(now)
        while self._heap and self._heap[0][0] <= now:
            _at, _n, act = heappop(self._heap)
            with suppress(RuleError):
                act(now)

    def _schedule_act(self, at: datetime, act: Callable[[datetime], object]) -> None:
        heappush(self._heap, (at, next(self._order), act))

    def _plan_ratings_of_finished(self, now: datetime) -> None:
        for day, label in sorted(self._unrated):
            state = looking.find_ticket(self.desk, day, label).state
            if state is State.FINISHED:
                self._unrated.discard((day, label))
                if self._rng.random() < RATE_SHARE:
                    level = 1 + int(self._rng.choice(5, p=LEVEL_SHARES))
                    self._schedule_act(now + 7 * SECONDS, partial(self._rate_visit, label, level))
            elif state in (State.LEFT, State.VOID):
                self._unrated.discard((day, label))

    def _rate_visit(self, label: str, level: int, now: datetime) -> None:
        rating.rate_visit(self.desk, Ask(CUSTOMER, now), label, level)

    def _leave_if_still_waiting(self, ticket: TicketId, now: datetime) -> None:
        if looking.find_ticket(self.desk, *ticket).state is State.WAITING:
            calling.leave(self.desk, Ask(self._guide, now), ticket[1])
