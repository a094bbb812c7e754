"""How a process learns that the one which opened it has gone: its standard input is a line to that one."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial

from queuedesk.watch import Watched

LEAVES_TOO = "QUEUEDESK_LEAVES_TOO"
"""In the environment of a process that was opened with such a line."""


def when_opener_leaves(told: Callable[[], object]) -> None:
    """Call `told` on another thread once the process that opened this one has gone or let go of the line; never in one
    that was opened without it."""
    # Not handed on: what this process starts itself stays when it ends.
    if os.environ.pop(LEAVES_TOO, None) is not None:
        Watched(partial(_listen, told), "company", again_s=None).start()


def _listen(told: Callable[[], object]) -> None:
    # Read without Python's buffer: its lock, held by a daemon thread, would hang the end of the interpreter.
    line = sys.__stdin__.fileno() if sys.__stdin__ is not None else 0
    try:
        while os.read(line, 64):
            pass
    finally:
        told()
