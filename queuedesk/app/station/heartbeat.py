"""The signs of life that a station sends its watchdog, and the word that it was ended on purpose."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from queuedesk.app.station.watchdog import BEAT, DONE, KEPT

BEAT_MS = 2000


class KeptLine(QObject):
    """The line to the keeper; of a station that nobody keeps, it says nothing.

    Signs of life come from a timer of the GUI thread: a window that hangs gives none.
    """

    def __init__(self) -> None:
        super().__init__()
        # Not handed on: what this process starts itself is not kept by the same keeper.
        self._end: int | None = None
        self._has_left = False
        kept = os.environ.pop(KEPT, None)
        self.died = kept or None
        """Why the process before this one died, None if none did."""
        if kept is not None and sys.__stdout__ is not None:
            self._end = os.dup(sys.__stdout__.fileno())
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Give signs of life from the next turn of the event loop on."""
        if self._end is not None:
            QTimer.singleShot(0, self._beat)
            self._timer.start()

    def run(self, work: Callable[[], int], was_told: Callable[[], bool]) -> int:
        """Do the station's whole work and tell its status, unless a signal ended it: then the keeper starts it again.

        A refusal is told too: it would be the same again. Whatever else `work` raises is a death like any other.
        """
        from queuedesk.core.errors import QueueDeskError

        try:
            status = work()
        except QueueDeskError:
            self._say(DONE + b"1")
            raise
        finally:
            self._timer.stop()
        if not was_told():
            self.leave(status)
        return status

    def leave(self, status: int) -> None:
        """Say that somebody ended the station: what it still waits for, a slip or a folder, is then no reason to start
        it again."""
        if not self._has_left:
            self._has_left = True
            self._say(DONE + str(status).encode())

    def _beat(self) -> None:
        self._say(BEAT)

    def _say(self, sign: bytes) -> None:
        if self._end is None:
            return
        try:
            os.write(self._end, sign + b"\n")
        except OSError:  # The keeper is gone; the station goes on alone.
            self._end = None
