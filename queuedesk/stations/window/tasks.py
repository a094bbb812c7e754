"""Work off the GUI thread: a command lane for what people do, a long lane for reports and files, one for signs of life
and pictures of figures."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Signal, SignalInstance, Slot
from shiboken6 import isValid

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.watch import Lane, report

T = TypeVar("T")
Done = Callable[[Any], None]
Refused = Callable[[QueueDeskError], None]
ASK_AGAIN_FOR_S = 8.0
"""So long a command is asked again after it was first asked: longer than a server that is mended by itself takes,
shorter than patience."""
FOLLOW_FOR_S = 60.0
"""So long the hall of a file that has moved is looked for: a busy PC takes long to start what shares it."""
PAUSE_S = 0.25
CLOSING_S = 0.3
"""So long a station that closes waits for what may be dropped, in case it is about to end."""
PATIENCE_S = 120.0
"""A backup of a large hall is proven by then; a printer was given up long before."""
STEP_S = 0.05
UNANSWERED = ("database_away", "database_busy")
MOVED = "hall_moved"


_log = logging.getLogger("queuedesk")


class Lanes(Protocol):
    """What a controller needs: `run` in order of asking, `run_long` and `run_aside` beside it; answers come back on the
    GUI thread.

    `may_drop` is for work that only matters to the window: a closing station neither begins nor awaits it. Anything
    else is done first. `owes_answers` says whether somebody still waits for one.
    """

    @property
    def owes_answers(self) -> bool: ...
    def run(self, work: Callable[[], T], done: Callable[[T], None], refused: Refused) -> None: ...
    def run_long(
        self, work: Callable[[], T], done: Callable[[T], None], refused: Refused, *, may_drop: bool = False
    ) -> None: ...
    def run_aside(
        self, work: Callable[[], T], done: Callable[[T], None], refused: Refused, *, may_drop: bool = False
    ) -> None: ...


class Tasks(QObject):
    """Three serial workers. Trouble of the two known kinds goes to `refused`; anything else is a bug and goes to
    `on_bug`.

    A command with an id of its own (StationContext.ask) that got no answer is asked again, with the same id, for
    ASK_AGAIN_FOR_S. Then it is refused, and `unanswered` carries its trouble: nobody knows yet whether it was done
    (desk.outcome tells). What a file refused because its hall has moved is asked where it is now, as soon as `follow`
    has found it there; also by a station that closes. A request while `trouble` returns one is refused with it at once,
    as the screen already says that nobody answers.
    """

    unanswered = Signal(object)
    _answered = Signal(object, object)

    def __init__(
        self,
        on_bug: Callable[[BaseException], None],
        parent: QObject | None = None,
        *,
        ask_again_for_s: float = ASK_AGAIN_FOR_S,
        follow_for_s: float = FOLLOW_FOR_S,
    ) -> None:
        # Whoever stops them and lets go must not leave them to a worker's thread: Qt would be destroyed there.
        super().__init__(parent or QCoreApplication.instance())
        self._on_bug, self._ask_again_for_s, self._follow_for_s = on_bug, ask_again_for_s, follow_for_s
        self.trouble: Callable[[], OutsideError | None] = lambda: None
        self.follow: Callable[[], bool] = lambda: False
        self._commands, self._long, self._aside = Lane("commands"), Lane("long"), Lane("aside")
        self._held: list[Callable[[], None]] | None = None
        self._unanswered = 0  # on the GUI thread alone
        self._stopped = False
        self._silence: OutsideError | None = None  # on the aside lane's thread alone
        self._stopping = threading.Event()
        self._answered.connect(self._deliver)

    @property
    def owes_answers(self) -> bool:
        return self._unanswered > 0

    @property
    def is_closing(self) -> bool:
        """Whether the station closes: only what was asked before is still done."""
        return self._stopping.is_set()

    def hold(self) -> None:
        """Keep all requests until `start`: beside a window that is being built they would only delay it."""
        self._held = []

    def start(self) -> None:
        """Do what was held, and everything else at once."""
        held, self._held = self._held or [], None
        for submit in held:
            submit()

    def run(self, work: Callable[[], T], done: Callable[[T], None], refused: Refused) -> None:
        """Do `work` after all earlier requests; call `done` or `refused` on the GUI thread."""
        if (trouble := self.trouble()) is not None:
            refused(trouble)
            return
        self._submit(self._commands, lambda: self._asked_again(work), done, refused)

    def run_long(
        self, work: Callable[[], T], done: Callable[[T], None], refused: Refused, *, may_drop: bool = False
    ) -> None:
        """Do `work` where it delays no command."""
        self._submit(self._long, work, done, refused, may_drop=may_drop)

    def run_aside(
        self, work: Callable[[], T], done: Callable[[T], None], refused: Refused, *, may_drop: bool = False
    ) -> None:
        """Do `work` that neither delays commands and papers nor waits for them: signs of life, reading in another
        process."""
        self._submit(self._aside, lambda: self._not_into_silence(work), done, refused, may_drop=may_drop)

    def stop(self, patience_s: float = PATIENCE_S) -> None:
        """Finish requested commands, slips, papers and backups, but deliver no more results.

        Work that may be dropped is abandoned after a moment: neither a window nor the end of the process waits for it.
        The window itself should be gone by now. After `patience_s` the rest is abandoned too, and logged.
        """
        self.start()
        self._stopped = True
        self._stopping.set()
        lanes = (self._commands, self._long, self._aside)
        for lane in lanes:
            lane.close()
        began = time.monotonic()
        for lane in lanes:
            lane.rest(max(0.0, began + CLOSING_S - time.monotonic()))
            while lane.owes and time.monotonic() < began + patience_s:
                # A keeper waits for signs of life until the end.
                QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
                lane.rest(STEP_S)
        if any(lane.owes for lane in lanes):
            _log.error("closed after %d s with something left undone", patience_s)

    def _not_into_silence(self, work: Callable[[], T]) -> T:
        """Do what goes beside commands. A station that closes finds out once that its server is silent, and not anew
        with each sign of life."""
        if self._silence is not None and self.is_closing:
            raise self._silence
        try:
            answer = work()
        except OutsideError as trouble:
            self._silence = trouble if trouble.code in UNANSWERED else None
            raise
        self._silence = None
        return answer

    def _asked_again(self, work: Callable[[], T]) -> T:
        give_up, follow_by = time.monotonic() + self._ask_again_for_s, 0.0
        while True:
            try:
                return work()
            except OutsideError as trouble:
                if trouble.code not in UNANSWERED or "command" not in trouble.details:
                    raise
                if time.monotonic() + PAUSE_S >= give_up or self._stopping.wait(PAUSE_S):
                    self.unanswered.emit(trouble)
                    raise
            except RuleError as refusal:
                now = time.monotonic()
                follow_by = follow_by or now + self._follow_for_s
                if refusal.code != MOVED or now >= follow_by:
                    raise
                if not self.follow():
                    time.sleep(PAUSE_S)
                # What it waited for the file is no time of the server's.
                give_up = time.monotonic() + self._ask_again_for_s

    def _submit(
        self, lane: Lane, work: Callable[[], Any], done: Done, refused: Refused, *, may_drop: bool = False
    ) -> None:
        def attempt() -> None:
            try:
                answer = work()
            except QueueDeskError as trouble:
                if self._stopped and not may_drop:
                    _log.warning("refused after the window was closed: %s", trouble)
                self._answered.emit(refused, trouble)
            except BaseException as bug:  # noqa: BLE001 - carried to the one handler on the GUI thread
                if self._stopped:
                    report(bug)
                self._answered.emit(self._on_bug, bug)
            else:
                self._answered.emit(done, answer)

        if not self._stopped:
            self._unanswered += 1
        if self._held is not None:
            self._held.append(partial(lane.submit, attempt, may_drop=may_drop))
        elif not self._stopped:
            lane.submit(attempt, may_drop=may_drop)

    @Slot(object, object)
    def _deliver(self, receiver: Callable[[Any], None], value: object) -> None:
        self._unanswered -= 1
        if self._stopped or _is_gone(receiver):
            return
        try:
            receiver(value)
        except RuntimeError:
            # Of a signal only its emission tells that its page has gone; what its slots raise does not come back here.
            if not isinstance(getattr(receiver, "__self__", None), SignalInstance):
                raise


def _is_gone(receiver: Callable[[Any], None]) -> bool:
    """Whether what asked has gone meanwhile: the day's end takes a page away while an answer for it is on its way."""
    while isinstance(receiver, partial):
        receiver = receiver.func
    owner = getattr(receiver, "__self__", None)
    return isinstance(owner, QObject) and not isValid(owner)


class InlineTasks:
    """The same, done at once on the caller's thread: for pictures and for tests of controllers."""

    owes_answers = False

    def run(self, work: Callable[[], T], done: Callable[[T], None], refused: Refused) -> None:
        try:
            answer = work()
        except QueueDeskError as trouble:
            refused(trouble)
        else:
            done(answer)

    def run_long(
        self, work: Callable[[], T], done: Callable[[T], None], refused: Refused, *, may_drop: bool = False
    ) -> None:
        self.run(work, done, refused)

    def run_aside(
        self, work: Callable[[], T], done: Callable[[T], None], refused: Refused, *, may_drop: bool = False
    ) -> None:
        self.run(work, done, refused)
