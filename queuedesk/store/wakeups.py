"""What wakes those who follow the database: every commit of anyone, within milliseconds."""

import threading
import time

from queuedesk.store.database import Database

# A look costs 4 µs, but sleeping and waking as much as 100, so one follower takes 1 % of a core at this interval …
POLL_S = 0.015
# … and 0.4 % at this one, once nothing has happened for a while: a hall at rest does not feel the difference.
REST_POLL_S = 0.045
REST_AFTER_S = 60.0
# Where the engine has no mark of its own, followers ask for what is new by number, which costs it a query.
BLIND_POLL_S = 0.05
CHECK_S = 1.0


class Waker:
    """Waits for commits, for one follower; nudge() may come from any thread."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._seen: tuple[int, int] | None = None
        self._nudge = threading.Event()
        self._checked = 0.0
        self._changed = 0.0

    def wait(self, timeout_s: float) -> bool:
        """Return True when there may be something new since the last True, False after `timeout_s` or a nudge.

        The first call, and the first after an error, returns at once.

        Raises OutsideError: "database_away" at most a second after the file was renamed or replaced.
        """
        try:
            return self._wait(timeout_s)
        except BaseException:
            self._seen = None
            raise

    def nudge(self) -> None:
        """End the wait that runs, or else the next one."""
        self._nudge.set()

    def _wait(self, timeout_s: float) -> bool:
        now = time.monotonic()
        end = now + timeout_s
        while True:
            if now - self._checked >= CHECK_S:
                self._db.check()
                self._checked = now
            mark = self._db.data_version()
            if mark is not None and mark != self._seen:
                self._seen, self._changed = mark, now
                return True
            if now >= end:
                return False
            pause_s = BLIND_POLL_S if mark is None else POLL_S if now - self._changed < REST_AFTER_S else REST_POLL_S
            if self._nudge.wait(min(pause_s, end - now)):
                self._nudge.clear()
                return False
            if mark is None:
                return True
            now = time.monotonic()
