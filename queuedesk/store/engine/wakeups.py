"""What wakes those who follow the database: every commit of anyone, within milliseconds."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from queuedesk.store.engine.database import Database

if TYPE_CHECKING:
    from queuedesk.store.engine.notifying import CommitListener

# A look costs 4 µs, but sleeping and waking as much as 100, so one follower takes 1 % of a core at this interval …
POLL_S = 0.015
# … and 0.4 % at this one, once nothing has happened for a while: a hall at rest does not feel the difference.
REST_POLL_S = 0.045
REST_AFTER_S = 60.0
CHECK_S = 1.0


class CommitWaiter:
    """Waits for commits in one hall, for one follower; nudge() and doubt() may come from any thread. On a file it
    notices every commit, of any hall, and needs no closing; on a server it holds a connection and a thread until
    close()."""

    def __init__(self, db: Database, hall: int) -> None:
        self._db = db
        self._start_listener = _start_listener(db, hall) if db.is_shared else None
        self._seen: tuple[int, int] | None = None
        self._nudge = threading.Event()
        self._checked = 0.0
        self._changed = 0.0

    def wait(self, timeout_s: float) -> bool:
        """Return True when there may be something new since the last True, False after `timeout_s` or a nudge. The
        first call, and the first after an error or a doubt, returns at once if the database answers. Raises
        OutsideError: "database_away" at most a second after the file was renamed or replaced, and 2.5 s after the
        server was last heard of."""
        if self._start_listener is not None:
            return self._start_listener.wait(timeout_s)
        try:
            return self._wait_for_change(timeout_s)
        except BaseException:
            self._seen = None
            raise

    def nudge(self) -> None:
        """End the current wait, or else the next one."""
        if self._start_listener is not None:
            self._start_listener.nudge()
        self._nudge.set()

    def doubt(self) -> None:
        """Assume that something is wrong: a caller that met an error elsewhere learns from the next wait() when it is
        over."""
        if self._start_listener is not None:
            self._start_listener.doubt()
        self._seen = None

    def close(self) -> None:
        """Release everything; a running wait ends."""
        self.nudge()
        if self._start_listener is not None:
            self._start_listener.close()

    def _wait_for_change(self, timeout_s: float) -> bool:
        now = time.monotonic()
        end = now + timeout_s
        while True:
            if now - self._checked >= CHECK_S:
                self._db.check()
                self._checked = now
            mark = self._db.data_version()
            if mark != self._seen:
                self._seen, self._changed = mark, now
                return True
            if now >= end:
                return False
            pause_s = POLL_S if now - self._changed < REST_AFTER_S else REST_POLL_S
            if self._nudge.wait(min(pause_s, end - now)):
                self._nudge.clear()
                return False
            now = time.monotonic()


def _start_listener(db: Database, hall: int) -> CommitListener:
    from queuedesk.store.engine.notifying import CommitListener  # with the driver, which nobody needs for a file

    return CommitListener(db, hall)
