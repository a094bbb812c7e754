"""Reads data for a page of the set-up now and then, and does one act at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.people import MAY
from queuedesk.stations.window.context import StationContext


class PageController(QObject):
    """`busy` names what is under way, "" while nothing is; `changed` says that what is known is other than before,
    `refused` the trouble and of what.

    Who derives from it gives `_reader`, which returns what reads, and `_take` for what was read.
    """

    KEEPS = timedelta(seconds=3)
    """So old what was read may get before `look_again` reads it anew."""

    changed = Signal()
    refused = Signal(str, object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.busy = ""
        self._reading = False
        self._looked: datetime | None = None

    def may(self, verb: str) -> bool:
        """Whether the person here may do that."""
        who = self.context.who
        return who is not None and verb in MAY[who.role]

    # -- what is known -----------------------------------------------------------------------------------------------

    def look_again(self) -> None:
        """Read it once more if that was a while ago: who asks is told of every event of the hall."""
        if self._looked is None or abs(self.context.clock() - self._looked) >= self.KEEPS:
            self.look()

    def look(self) -> None:
        """Read it now, beside everything else."""
        if self._reading:
            return
        self._reading, self._looked = True, self.context.clock()
        self.context.tasks.run_aside(self._reader(), self._was_read, self._was_not_read, may_drop=True)

    def _reader(self) -> Callable[[], Any]:
        raise NotImplementedError

    def _take(self, read: Any) -> None:
        raise NotImplementedError

    def _not_read(self, trouble: QueueDeskError) -> None:
        """Leave what was known as it is."""

    def _was_read(self, read: Any) -> None:
        self._reading = False
        self._take(read)

    def _was_not_read(self, trouble: QueueDeskError) -> None:
        self._reading = False
        self._not_read(trouble)

    # -- what is asked for -------------------------------------------------------------------------------------------

    def _run(self, what: str, work: Callable[[], Any], done: Callable[[Any], object], *, is_long: bool = False) -> None:
        """Do it on the lane of commands, or on that of long work, unless something is being done."""
        if self.busy:
            return
        self._set_busy(what)
        lane = self.context.tasks.run_long if is_long else self.context.tasks.run
        lane(work, partial(self._done, done), partial(self._refused, what))

    def _done(self, then: Callable[[Any], object], answer: Any) -> None:
        self._set_busy("")
        then(answer)

    def _refused(self, what: str, trouble: QueueDeskError) -> None:
        self._set_busy("")
        self.refused.emit(what, trouble)

    def _set_busy(self, what: str) -> None:
        self.busy = what
        self.changed.emit()
