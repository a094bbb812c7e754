"""Finds out what became of a station's commands that got no answer, once the hall is back."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.queue.hallday import business_date
from queuedesk.desk.looking import Outcome, outcome
from queuedesk.i18n.queue.event_words import outcome_words
from queuedesk.stations.window.context import StationContext

AGAIN_MS = 2000


class Unanswered(QObject):
    """`told` carries a sentence for whoever is here and whether the command was done; `done` the event of one that
    was."""

    told = Signal(str, bool)
    done = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._kept: dict[str, OutsideError] = {}
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self.ask)
        context.feed.back.connect(self.ask)

    @Slot(object)
    def keep(self, trouble: OutsideError) -> None:
        """Remember a command by the trouble that names it, and ask as soon as the hall can be asked."""
        self._kept[str(trouble.details["command"])] = trouble
        self._again.start()

    @Slot()
    def ask(self) -> None:
        """Ask the log what became of each; while the hall is away nothing is asked."""
        context, self._kept, kept = self._context, {}, self._kept
        if context.feed.away_since is not None:
            self._kept = kept
            return
        for command, trouble in kept.items():
            work = partial(outcome, context.desk, command)
            context.tasks.run(work, partial(self._know, trouble), partial(self._unknown, trouble))

    def _unknown(self, trouble: OutsideError, _again: QueueDeskError) -> None:
        self.keep(trouble)

    def _know(self, trouble: OutsideError, found: Outcome) -> None:
        asked, setup = trouble.details["asked"], self._context.feed.setup
        if not isinstance(asked, datetime) or business_date(setup, asked) != self._context.feed.day:
            return  # Nobody waits any more for what was asked on another date.
        self.told.emit(outcome_words(setup, str(trouble.details["verb"]), asked, found), found.is_done)
        if found.event is not None:
            self.done.emit(found.event)
