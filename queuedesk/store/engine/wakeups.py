"""What wakes those who follow the database: every commit of anyone, within milliseconds."""

from __future__ import annotations

import os
import select
import sys
import threading
import time
import weakref
from pathlib import Path
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
# What is being written to a file's journal is there for others once the disk has it: looked for so often, for so long.
WRITING_POLL_S, WRITING_S = 0.001, 0.03


class CommitWaiter:
    """Waits for commits in one hall, for one follower; nudge() and recheck_database() may come from any thread. On a
    file it notices every commit, of any hall, and needs no closing; on a server it holds a connection and a thread
    until close()."""

    def __init__(self, db: Database, hall: int) -> None:
        self._db = db
        self._listener: CommitListener | None = None
        if db.is_shared:
            from queuedesk.store.engine.notifying import CommitListener  # with the driver, which no file needs

            self._listener = CommitListener(db, hall)
        self._seen: tuple[int, int] | None = None
        self._nudge = threading.Event()
        self._checked = 0.0
        self._changed = 0.0
        self._journal: _JournalWatch | None = None
        self._written = 0.0

    def wait_for_commit(self, timeout_s: float) -> bool:
        """Return True when there may be something new since the last True, False after `timeout_s` or a nudge. The
        first call, and the first after an error or a doubt, returns at once if the database answers. Raises
        OutsideError: "database_away" at most a second after the file was renamed or replaced, and 2.5 s after the
        server was last heard of."""
        if self._listener is not None:
            return self._listener.wait_for_commit(timeout_s)
        try:
            return self._wait_and_tell_if_changed(timeout_s)
        except BaseException:
            self._seen = None
            raise

    def nudge(self) -> None:
        """End the current wait, or else the next one."""
        if self._listener is not None:
            self._listener.nudge()
        self._nudge.set()

    def recheck_database(self) -> None:
        """Assume that something is wrong: a caller that met an error elsewhere learns from the next wait_for_commit()
        when it is over."""
        if self._listener is not None:
            self._listener.recheck_database()
        self._seen = None

    def close(self) -> None:
        """Release everything; a running wait ends."""
        self.nudge()
        if self._listener is not None:
            self._listener.close()

    def _wait_and_tell_if_changed(self, timeout_s: float) -> bool:
        now = time.monotonic()
        end = now + timeout_s
        while True:
            if now - self._checked >= CHECK_S:
                self._db.check_file_identity()
                self._checked = now
            mark = self._db.data_version()
            if mark != self._seen:
                if self._seen is None and self._db.path is not None:
                    self._journal = _JournalWatch.start_watching(self._db.path)
                self._seen, self._changed, self._written = mark, now, 0.0
                return True
            if now >= end:
                return False
            if self._sleep_and_tell_if_nudged(now, end - now):
                self._nudge.clear()
                return False
            now = time.monotonic()

    def _sleep_and_tell_if_nudged(self, now: float, most_s: float) -> bool:
        """Sleep until the next look; return whether a nudge has come."""
        is_written, journal = now - self._written < WRITING_S, self._journal
        pause_s = POLL_S if now - self._changed < REST_AFTER_S else REST_POLL_S
        pause_s = min(WRITING_POLL_S if is_written else pause_s, most_s)
        # A journal written without a pause must not take the sleep away.
        is_nudged = self._nudge.wait(pause_s) if is_written or journal is None else False
        if journal is not None and journal.was_written(0 if is_written else pause_s):
            self._written = time.monotonic()
        return is_nudged or self._nudge.is_set()


class _JournalWatch:
    """Linux tells at once that a file's journal is being written. For one thread; closed when nobody has it any more.
    Where the system doesn't tell it, the polls alone find a commit."""

    MODIFIED = 2

    def __init__(self, file: int, journal: str) -> None:
        self._file, self._journal = file, os.fsencode(journal)
        self._poll = select.poll()
        self._poll.register(file, select.POLLIN)
        weakref.finalize(self, os.close, file)

    @classmethod
    def start_watching(cls, path: Path) -> _JournalWatch | None:
        """Watch the journal of the file at `path`, which may begin later; None where that can't be."""
        if sys.platform != "linux":
            return None
        from ctypes import CDLL  # here: a command that waits for nobody has no use for it

        system, path = CDLL(None), path.resolve()
        file = system.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if file < 0:
            return None
        watch = cls(file, f"{path.name}-wal")
        is_watched = system.inotify_add_watch(file, os.fsencode(path.parent), cls.MODIFIED) >= 0
        return watch if is_watched else None

    def was_written(self, within_s: float) -> bool:
        """Return whether the journal was written since the last time, or is `within_s` seconds."""
        return bool(self._poll.poll(within_s * 1e3)) and self._journal in os.read(self._file, 1 << 16)
