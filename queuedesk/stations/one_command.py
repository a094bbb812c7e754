"""One command at a time: what a person asks for while another is under way is let go."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.people import MAY
from queuedesk.desk.change import Document
from queuedesk.stations.context import StationContext


class OneCommand(QObject):
    """`done` gives the verb and its document, `refused` the verb and the trouble; `busy_changed` is for the buttons."""

    done = Signal(str, dict)
    refused = Signal(str, object)
    busy_changed = Signal(bool)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.busy = False

    def start(self, verb: str, work: Callable[[], Document]) -> None:
        """Do it on the command lane, unless something is being done."""
        if self.busy:
            return
        self._set_busy(True)
        self.context.tasks.run(work, partial(self._done, verb), partial(self._refused, verb))

    def _done(self, verb: str, document: Document) -> None:
        self._set_busy(False)
        self.done.emit(verb, document)

    def _refused(self, verb: str, trouble: QueueDeskError) -> None:
        self._set_busy(False)
        self.refused.emit(verb, trouble)

    def _set_busy(self, busy: bool) -> None:
        self.busy = busy
        self.busy_changed.emit(busy)


class OneAct(QObject):
    """What a page asks for beside the hall's commands: `busy` names what is under way, "" while nothing is.

    `changed` says that what is known is other than before, `refused` tells the trouble and of what.
    """

    changed = Signal()
    refused = Signal(str, object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.busy = ""

    def may(self, verb: str) -> bool:
        """Whether the person here may do that."""
        who = self.context.who
        return who is not None and verb in MAY[who.role]

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
