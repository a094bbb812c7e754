"""A bound on every test: what hangs fails by its own name, with what every thread was at, and the run goes on."""

import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Self, TypeVar

# Many times what the longest test takes, on a machine that does the work of ten others too.
MOST_S = 300.0
# How long a test waits for a fact that has no promised time: it fails there, saying what was missing, not here.
PATIENCE_S = 200.0
# Whoever swallows the first call to end is called again.
AGAIN_S = 10.0
# On an idle machine a wait of this length is never twice as long.
BEAT_S = 0.01
_T = TypeVar("_T")


def until(fact: Callable[[], _T], what: str = "") -> _T:
    """Wait until `fact` gives something that is true, and return it; fail where PATIENCE_S is not enough. What takes
    long to look at is looked at seldom: others need the time for what is waited for."""
    end, began = time.monotonic() + PATIENCE_S, time.process_time()
    while not (found := fact()):
        assert time.monotonic() < end, f"not within {PATIENCE_S:g} s: {what or fact}"
        time.sleep(min(1.0, max(0.02, 4 * (time.process_time() - began))))
        began = time.process_time()
    return found


class Stopwatch:
    """How long a block takes, `s`, of the time that the machine gives this process: while it wakes nobody here, being
    busy with others, the watch all but stands."""

    def __init__(self) -> None:
        self.s = 0.0
        self._done = threading.Event()
        self._beats = threading.Thread(target=self._count, daemon=True)

    def __enter__(self) -> Self:
        self._beats.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        self._beats.join()

    def _count(self) -> None:
        is_over, before = False, time.monotonic()
        while not is_over:
            is_over = self._done.wait(BEAT_S)
            now = time.monotonic()
            self.s += min(now - before, 2 * BEAT_S)
            before = now


class StillNotDoneError(BaseException):
    """A test takes too long. Not an Exception, so that nothing takes it for a trouble that it knows."""


@contextmanager
def bounded(most_s: float = MOST_S) -> Iterator[None]:
    """Let what is done within the block fail as a test does once it has taken `most_s` seconds."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise StillNotDoneError(f"after {most_s:g} s; meanwhile\n{_others()}")

    before = signal.signal(signal.SIGALRM, end)
    left = signal.setitimer(signal.ITIMER_REAL, most_s, AGAIN_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *left)


def _others() -> str:
    """Return what each thread but this one is at."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    return "\n".join(
        f"{names.get(ident, ident)} is at\n{''.join(traceback.format_stack(frame))}"
        for ident, frame in sys._current_frames().items()
        if ident != threading.get_ident()
    )
