"""Threads that never end silently: whatever one of them raises is told to the process's handler, and its work is begun anew.

Every thread of the program is made here (a test sees to it).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
AGAIN_S = 1.0
"""So long after its end a thread's work is begun anew: what fails at once, each time, must not take a core."""


def report(bug: BaseException) -> None:
    """Tell a bug to whoever handles what nobody caught: a station's crash log and its card, or standard error."""
    threading.excepthook(threading.ExceptHookArgs([type(bug), bug, bug.__traceback__, threading.current_thread()]))


class Watched:
    """A thread with its watch. Work that returns has come to its end; work that raises is told, and begun anew after `again_s`.

    Args:
        again_s: None for work that nobody needs a second time without asking for it.
        failed: is told of the bug too, on the thread, before the work is begun anew; it must not raise.
        daemon: as of any thread; the process waits for one that is none.
    """

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
        self.thread = threading.Thread(target=self._run, name=name, daemon=daemon)

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def leave(self) -> None:
        """Begin the work anew no more; that which runs is its owner's to end."""
        self._leaving.set()

    def join(self, timeout_s: float | None = None) -> None:
        """Leave, and wait for the end; not on the thread itself, nor where it never began."""
        self.leave()
        if self.is_begun and not self.is_current:
            self.thread.join(timeout_s)

    @property
    def is_begun(self) -> bool:
        return self.thread.ident is not None

    @property
    def is_alive(self) -> bool:
        return self.thread.is_alive()

    @property
    def is_current(self) -> bool:
        """Whether the caller runs on it."""
        return self.thread is threading.current_thread()

    def _run(self) -> None:
        while not self._leaving.is_set():
            self.times += 1
            try:
                self._work()
            except Exception as bug:  # noqa: BLE001 - the one place where a thread's bug is caught
                report(bug)
                if self._failed is not None:
                    self._failed(bug)
                if self._again_s is None or self._leaving.wait(self._again_s):
                    return
            else:
                return


class Lane(ThreadPoolExecutor):
    """One thread that does what it is given in turn. What a piece of work raises is told; the next one is done all the same."""

    def __init__(self, name: str) -> None:
        super().__init__(1, thread_name_prefix=name)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do it after what was given before."""

        @wraps(fn)
        def told(*args: Any, **kwargs: Any) -> T:
            try:
                return fn(*args, **kwargs)
            except BaseException as bug:
                report(bug)
                raise

        return super().submit(told, *args, **kwargs)
