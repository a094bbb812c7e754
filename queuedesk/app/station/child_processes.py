"""Ends the stations that a demo opened together with it, however it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal

from queuedesk.app.station.processes import program_environment, program_words
from queuedesk.watch import Watched

# In the environment of a station that was opened so; its standard input is then the line.
LEAVES_TOO = "QUEUEDESK_LEAVES_TOO"


def open_station(words: Sequence[str]) -> subprocess.Popen[bytes]:
    """Open a station that ends when this process does, also when this one is killed."""
    return subprocess.Popen(
        [*program_words(), *words],
        env={**program_environment(), LEAVES_TOO: "1"},
        stdin=subprocess.PIPE,
    )


class Company(QObject):
    """Says when the process that opened this one has gone. In a process that was opened otherwise it never does."""

    left_alone = Signal()
    _ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._ended.connect(self.left_alone, Qt.ConnectionType.QueuedConnection)
        # Not handed on: what this process starts itself stays when it ends.
        if os.environ.pop(LEAVES_TOO, None) is not None:
            Watched(self._listen, "company", again_s=None).start()

    def _listen(self) -> None:
        # Read without Python's buffer: its lock, held by a daemon thread, would hang the end of the interpreter.
        line = sys.__stdin__.fileno() if sys.__stdin__ is not None else 0
        try:
            while os.read(line, 64):
                pass
        finally:
            self._ended.emit()
