"""What the main PC does for a shared hall without any station: chores every minute, its guard every second."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial

from queuedesk.app.services.repeated_work import BACKUPS, REPORTS, RepeatedWork
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.people import HALL
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.network import join_codes, sharing
from queuedesk.desk.queue import booking
from queuedesk.desk.talk import alarms, devices
from queuedesk.desk.upkeep import closing
from queuedesk.store.engine.database import Database
from queuedesk.watch import Watched

CHORES_S, GUARD_S = 60.0, 1.0
_log = logging.getLogger("queuedesk.host")
_DUE = (closing.end_due, alarms.raise_due, booking.free_due)


class HostChores:
    """Two threads, so that a chore that waits for a hall keeps the guard from nothing. `db` is opened as the server's
    owner, `role` is this PC's credential."""

    def __init__(self, db: Database, clock: Callable[[], datetime], role: str, *, every_s: float = CHORES_S) -> None:
        self._db, self._clock, self._role = db, clock, role
        self._repeated = [RepeatedWork(words) for words in (REPORTS, BACKUPS)]
        self._leaving = threading.Event()
        self._threads = [
            Watched(partial(self._every, wait_s, work), name)
            for name, wait_s, work in (("chores", every_s, self._do_chores), ("guard", GUARD_S, self._guard))
        ]

    def start(self) -> None:
        """Begin, the chores at once."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Do no more."""
        self._leaving.set()
        for thread in self._threads:
            thread.join(10)

    def _every(self, wait_s: float, work: Callable[[], None]) -> None:
        while True:
            try:
                work()
            except QueueDeskError:
                pass  # The next turn tries again; that the server is away is seen by who mends it.
            except Exception:  # noqa: BLE001 - nobody is here to see it, and the hall needs the next turn all the same
                _log.exception("a chore met a bug")
            if self._leaving.wait(wait_s):
                return

    def _do_chores(self) -> None:
        join_codes.saw_pc(self._db, self._role)
        for hall in sharing.hall_codes(self._db).values():
            desk = Desk(self._db, hall)
            for due in _DUE:
                with suppress(QueueDeskError):
                    due(desk, Ask.by(self._clock, HALL))
            with suppress(QueueDeskError):
                devices.find_lost(desk, Ask.by(self._clock, HALL))
        for work in self._repeated:
            work.look()

    def _guard(self) -> None:
        for role in sharing.cut_off(self._db):
            _log.info("%s kept others waiting and was cut off", role)
