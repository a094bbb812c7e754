"""Work that is looked for now and then, and done by a command in a process of its own: reports and backups that make
themselves."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence

from queuedesk.app.station.processes import Background
from queuedesk.core.errors import OutsideError

REPORTS = ("--json", "report", "due", "--gently")
BACKUPS = ("--json", "backups", "due", "--gently")
BACKUPS_NOW = ("--json", "backups", "due", "--now")
FIRST_S, LOOK_S = 60.0, 1800.0
"""What became due waits no longer than that for a process that finds it."""


class RepeatedWork:
    """Starts a command that does what is due and nothing else; `look` is asked every minute."""

    def __init__(
        self,
        words: Sequence[str],
        *,
        is_due: Callable[[], bool] = lambda: True,
        start: Callable[[Sequence[str]], Background] = Background,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """`is_due` says cheaply whether a process is worth its start; it may raise what the database raises."""
        self._words, self._is_due = tuple(words), is_due
        self._start, self._now_s = start, now_s
        self._running: Background | None = None
        self._next_s = now_s() + FIRST_S

    def look(self) -> None:
        """Begin a minute after the start, then where half an hour has passed, or where the last time left some; never
        two at once. Returns at once."""
        if self._running is not None:
            said = self._running.answer()
            if said is None:
                return
            self._running = None
            self._next_s = self._now_s() + (0.0 if _leaves_some(said) else LOOK_S)
        if self._now_s() < self._next_s or not self._is_due():
            return
        try:
            self._running = self._start(self._words)
        except OutsideError:  # Tried again; the manager's station tells of reports and backups that are not made.
            self._next_s = self._now_s() + LOOK_S


def _leaves_some(said: str) -> bool:
    try:
        document = json.loads(said)
    except ValueError:
        return False
    return isinstance(document, dict) and bool(document.get("left")) and not document.get("failed")
