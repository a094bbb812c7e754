"""Reports that write themselves on the PC that shares a hall, whether a station is open there or not."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence

from queuedesk.app.processes import Background
from queuedesk.core.errors import OutsideError

WORDS = ("--json", "report", "due", "--gently")
FIRST_S, LOOK_S = 60.0, 1800.0
"""A report that became due waits no longer than that for a process that finds it."""


class HostReports:
    """Starts `report due` as a process of its own, for the hall that this PC works in; `look` is asked every minute."""

    def __init__(
        self,
        *,
        start: Callable[[Sequence[str]], Background] = Background,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._start, self._now_s = start, now_s
        self._running: Background | None = None
        self._next_s = now_s() + FIRST_S

    def look(self) -> None:
        """Begin a minute after the start, then where half an hour has passed, or where the last time left some; never two at once. Returns at once."""
        if self._running is not None:
            said = self._running.answer()
            if said is None:
                return
            self._running = None
            self._next_s = self._now_s() + (0.0 if _leaves_some(said) else LOOK_S)
        if self._now_s() < self._next_s:
            return
        try:
            self._running = self._start(WORDS)
        except OutsideError:  # Tried again; who looks at the reports is told by the manager's station.
            self._next_s = self._now_s() + LOOK_S


def _leaves_some(said: str) -> bool:
    try:
        document = json.loads(said)
    except ValueError:
        return False
    return isinstance(document, dict) and bool(document.get("left")) and not document.get("failed")
