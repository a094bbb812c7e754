"""Threads that never end silently: whatever one of them raises is told to the process's handler, and its work is begun
anew.

Every thread of the program is made here (a test sees to it)."""

from __future__ import annotations

import re
import sys
import threading
from collections import deque
from collections.abc import Callable
from traceback import format_tb
from types import TracebackType
from typing import Any
from weakref import WeakSet

AGAIN_S = 1.0
"""So long after its end a thread's work is begun anew: what fails at once, each time, must not take a core."""

_TELLING = ("errno", "sqlstate", "sqlite_errorname", "code", "name")
"""What exceptions have besides a message: numbers, codes, and names that stand in a program."""


def bug_text(bug: BaseException) -> str:
    """Return the report of a bug for a log: where it happened and of what kind it is, with whatever caused it. Messages
    of exceptions are left out: they quote values, such as a customer's name or telephone number. Notes are not."""
    parts: list[str] = []
    told: set[int] = set()
    one: BaseException | None = bug
    while one is not None and id(one) not in told:
        told.add(id(one))
        values = [str(getattr(one, name, "")) for name in _TELLING]
        codes = [
            value for value in values if re.fullmatch(r"\w{1,40}(\.\w{1,40})*", value, re.ASCII) and value != "None"
        ]
        kind = (
            type(one).__qualname__
            if type(one).__module__ == "builtins"
            else f"{type(one).__module__}.{type(one).__qualname__}"
        )
        notes = [f"{note}\n" for note in getattr(one, "__notes__", ())]
        parts.append("".join([*format_tb(one.__traceback__), " ".join([kind, *codes]), "\n", *notes]))
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\n".join(reversed(parts))


def report_bugs_without_values() -> None:
    """Print uncaught exceptions that nobody else reports, and those that libraries log, as bug_text does: standard
    error may be kept in a journal."""
    import logging

    class ValueFreeFormatter(logging.Formatter):
        def formatException(self, ei: Any) -> str:  # noqa: N802 - its own name
            return bug_text(ei[1])

    def report_bug_text(_kind: type[BaseException], bug: BaseException | None, _trace: TracebackType | None) -> None:
        if bug is not None and sys.stderr is not None:
            sys.stderr.write(bug_text(bug))

    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = lambda came: report_bug_text(*came[:3])
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = report_bug_text
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(ValueFreeFormatter())


def report_bug(bug: BaseException) -> None:
    """Report a bug to the handler of uncaught exceptions: a station's crash log and its card, or standard error."""
    threading.excepthook(threading.ExceptHookArgs([type(bug), bug, bug.__traceback__, threading.current_thread()]))


class WatchedThread:
    """A watched thread. Work that returns is finished; work that raises is reported, and started again after `again_s`.

    Args:
        again_s: None for work that nobody needs a second time without asking for it.
        failed: is told of the bug too, on the thread, before the work is begun anew; it must not raise.
        daemon: as of any thread; the process waits for one that is none."""

    def __init__(
        self,
        work: Callable[[], object],
        name: str,
        *,
        again_s: float | None = AGAIN_S,
        failed: Callable[[BaseException], object] | None = None,
        daemon: bool = True,
    ) -> None:
        self._work, self._again_s, self._failed = work, again_s, failed
        self._leaving = threading.Event()
        self.times = 0
        """How often the work was begun."""
        self.thread = threading.Thread(target=self._work_until_done_or_left, name=name, daemon=daemon)

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def stop_restarting(self) -> None:
        """Don't restart the work any more; stopping the current run is up to its owner."""
        self._leaving.set()

    def join(self, timeout_s: float | None = None) -> None:
        """Call stop_restarting() and wait for the end; not on the thread itself, nor if it was never started. One that
        has not ended by then is kept, with all that it works for: it would be the last to let that go, and what is of
        Qt must not be destroyed there."""
        self.stop_restarting()
        if self.was_started and not self.is_current:
            self.thread.join(timeout_s)
            if self.is_alive:
                _overdue.append(self)
            elif threading.current_thread() is threading.main_thread():
                _overdue[:] = [one for one in _overdue if one.is_alive]

    @property
    def was_started(self) -> bool:
        return self.thread.ident is not None

    @property
    def is_alive(self) -> bool:
        return self.thread.is_alive()

    @property
    def is_current(self) -> bool:
        """Whether the caller runs on this thread."""
        return self.thread is threading.current_thread()

    def _work_until_done_or_left(self) -> None:
        while not self._leaving.is_set():
            self.times += 1
            try:
                self._work()
            except BaseException as bug:  # noqa: BLE001 - the one place where a thread's bug is caught, SystemExit too
                report_bug(bug)
                if self._failed is not None:
                    self._failed(bug)
                if self._again_s is None or self._leaving.wait(self._again_s):
                    return
            else:
                return


_overdue: list[WatchedThread] = []


class WorkQueueThread:
    """One thread that does pieces of work in turn.

    An error is reported, and the next piece is done nevertheless. The thread starts with the first piece. The process
    does not wait for it at its end: a caller with work that must not be lost does so with `close` and `rest`."""

    def __init__(self, name: str) -> None:
        self._given: deque[tuple[Callable[[], object], bool]] = deque()
        self._moved = threading.Condition()
        self._now: tuple[Callable[[], object], bool] | None = None
        self._is_closed = False
        self._thread = WatchedThread(self._do_pieces_in_turn, name)
        _lanes.add(self)

    def submit(self, work: Callable[[], object], *, may_drop: bool = False) -> None:
        """Do this after earlier work; `may_drop` if nobody misses it once the lane is closed."""
        with self._moved:
            if self._is_closed:
                return
            self._given.append((work, may_drop))
            if not self._thread.was_started:
                self._thread.start()
            self._moved.notify_all()

    def close(self) -> None:
        """Accept nothing more, and drop work that was not started and may be dropped."""
        with self._moved:
            self._is_closed = True
            self._given = deque(one for one in self._given if not one[1])
            self._moved.notify_all()

    def wait_until_idle(self, timeout_s: float) -> bool:
        """Wait until all is done; return whether it is."""
        with self._moved:
            return self._moved.wait_for(lambda: not (self._given or self._now), timeout_s)

    @property
    def has_undroppable_work_left(self) -> bool:
        """Whether it is doing, or still has to do, work that may not be dropped."""
        with self._moved:
            return any(not may_drop for _work, may_drop in (*self._given, *((self._now,) if self._now else ())))

    def _do_pieces_in_turn(self) -> None:
        while self._do_next_piece():
            pass

    def _do_next_piece(self) -> bool:
        """Do the next piece and hold nothing of it afterwards; return whether there was one."""
        if (work := self._wait_for_next_piece()) is None:
            return False
        try:
            work()
        except BaseException as bug:  # noqa: BLE001 - told; the lane goes on
            report_bug(bug)
        finally:
            with self._moved:
                self._now = None
                self._moved.notify_all()
        return True

    def _wait_for_next_piece(self) -> Callable[[], object] | None:
        with self._moved:
            self._moved.wait_for(lambda: self._given or self._is_closed)
            self._now = self._given.popleft() if self._given else None
            return self._now[0] if self._now else None


_lanes: WeakSet[WorkQueueThread] = WeakSet()


def are_all_lanes_idle() -> bool:
    """Whether no lane is working any more: tearing down the process under one that is could crash it."""
    return all(lane.wait_until_idle(0) for lane in list(_lanes))
