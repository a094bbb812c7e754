"""Runs one command at a time; what is asked for meanwhile is dropped."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Concatenate, ParamSpec

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.stations.window.context import StationContext

P = ParamSpec("P")


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
        """Do it on the command lane, unless another command is under way."""
        if self.busy:
            return
        self._set_busy(True)
        self.context.tasks.run(work, partial(self._done, verb), partial(self._refused, verb))

    def act(
        self, verb: str, act: Callable[Concatenate[Desk, Ask, P], Document], *words: P.args, **more: P.kwargs
    ) -> None:
        """Call a desk function for the person who is here."""
        self.start(verb, partial(act, self.context.desk, self.context.ask(), *words, **more))

    def _done(self, verb: str, document: Document) -> None:
        self._set_busy(False)
        self.done.emit(verb, document)

    def _refused(self, verb: str, trouble: QueueDeskError) -> None:
        self._set_busy(False)
        self.refused.emit(verb, trouble)

    def _set_busy(self, busy: bool) -> None:
        self.busy = busy
        self.busy_changed.emit(busy)
