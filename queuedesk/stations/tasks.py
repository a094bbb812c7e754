"""Work off the GUI thread: a command lane for what people do, a long lane for reports and files, one for signs of life and pictures of figures."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal, Slot
from shiboken6 import isValid

from queuedesk.core.errors import OutsideError, QueueDeskError

T = TypeVar("T")
Done = Callable[[Any], None]
Refused = Callable[[QueueDeskError], None]
ASK_AGAIN_FOR_S = 8.0
"""So long a command is asked again after it was first asked: longer than a server that is mended by itself takes, shorter than patience."""
PAUSE_S = 0.25
UNANSWERED = ("database_away", "database_busy")


class Lanes(Protocol):
    """What a controller needs: `run` in order of asking, `run_long` and `run_aside` beside it; answers come back on the GUI thread."""

    def run(self, work: Callable[[], T], done: Callable[[T], None], refused: Refused) -> None: ...
    def run_long(self, work: Callable[[], T], done: Callable[[T], None], refused: Refused) -> None: ...
    def run_aside(self, work: Callable[[], T], done: Callable[[T], None], refused: Refused) -> None: ...


class Tasks(QObject):
    """Three serial workers. Trouble of the two known kinds goes to `refused`; anything else is a bug and goes to `on_bug`.

    A command with an id of its own (StationContext.ask) that got no answer is asked again, with the same id, for ASK_AGAIN_FOR_S. Then
    it is refused, and `unanswered` carries its trouble: nobody knows yet whether it was done (desk.outcome tells). What is asked while
    `trouble` gives one is refused with it at once: the screen says already that nobody answers.
    """

    unanswered = Signal(object)
    _answered = Signal(object, object)

    def __init__(
        self,
        on_bug: Callable[[BaseException], None],
        parent: QObject | None = None,
        *,
        ask_again_for_s: float = ASK_AGAIN_FOR_S,
    ) -> None:
        super().__init__(parent)
        self._on_bug, self._ask_again_for_s = on_bug, ask_again_for_s
        self.trouble: Callable[[], OutsideError | None] = lambda: None
        self._commands = ThreadPoolExecutor(1, thread_name_prefix="commands")
        self._long = ThreadPoolExecutor(1, thread_name_prefix="long")
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="aside")
        self._stopped = False
        self._stopping = threading.Event()
        self._answered.connect(self._deliver)

    def run(self, work: Callable[[], T], done: Callable[[T], None], refused: Refused) -> None:
        """Do `work` after all that was asked for before; call `done` or `refused` on the GUI thread."""
        if (trouble := self.trouble()) is not None:
            refused(trouble)
            return
        self._submit(self._commands, lambda: self._asked_again(work), done, refused)

    def run_long(self, work: Callable[[], T], done: Callable[[T], None], refused: Refused) -> None:
        """Do `work` where it delays no command."""
        self._submit(self._long, work, done, refused)

    def run_aside(self, work: Callable[[], T], done: Callable[[T], None], refused: Refused) -> None:
        """Do `work` that neither delays commands and papers nor waits for them: signs of life, reading in another process."""
        self._submit(self._aside, work, done, refused)

    def stop(self) -> None:
        """Let what was begun end, and deliver nothing any more."""
        self._stopped = True
        self._stopping.set()
        self._commands.shutdown(wait=True, cancel_futures=False)
        for lane in (self._long, self._aside):
            lane.shutdown(wait=True, cancel_futures=True)

    def _asked_again(self, work: Callable[[], T]) -> T:
        give_up = time.monotonic() + self._ask_again_for_s
        while True:
            try:
                return work()
            except OutsideError as trouble:
                if trouble.code not in UNANSWERED or "command" not in trouble.details:
                    raise
                if time.monotonic() + PAUSE_S >= give_up or self._stopping.wait(PAUSE_S):
                    self.unanswered.emit(trouble)
                    raise

    def _submit(self, lane: ThreadPoolExecutor, work: Callable[[], Any], done: Done, refused: Refused) -> None:
        def attempt() -> None:
            try:
                answer = work()
            except QueueDeskError as trouble:
                self._answered.emit(refused, trouble)
            except BaseException as bug:  # noqa: BLE001 - carried to the one handler on the GUI thread
                self._answered.emit(self._on_bug, bug)
            else:
                self._answered.emit(done, answer)

        if not self._stopped:
            lane.submit(attempt)

    @Slot(object, object)
    def _deliver(self, receiver: Callable[[Any], None], value: object) -> None:
        if not self._stopped and not _is_gone(receiver):
            receiver(value)


def _is_gone(receiver: Callable[[Any], None]) -> bool:
    """Whether what asked has gone meanwhile: the day's end takes a page away while an answer for it is on its way."""
    while isinstance(receiver, partial):
        receiver = receiver.func
    owner = getattr(receiver, "__self__", None)
    return isinstance(owner, QObject) and not isValid(owner)


class InlineTasks:
    """The same, at once and on the caller's thread: for pictures and for tests of controllers."""

    def run(self, work: Callable[[], T], done: Callable[[T], None], refused: Refused) -> None:
        try:
            answer = work()
        except QueueDeskError as trouble:
            refused(trouble)
        else:
            done(answer)

    def run_long(self, work: Callable[[], T], done: Callable[[T], None], refused: Refused) -> None:
        self.run(work, done, refused)

    def run_aside(self, work: Callable[[], T], done: Callable[[T], None], refused: Refused) -> None:
        self.run(work, done, refused)
