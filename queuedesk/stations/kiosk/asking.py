"""What a customer at the kiosk asks of the hall's people: help, or to read a few words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.quality.case import LONGEST_TYPED, OTHER, may_be_typed
from queuedesk.core.talk.messages import HelpCall, open_at
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.quality import thanking
from queuedesk.desk.talk import messaging
from queuedesk.i18n import current
from queuedesk.stations.window.context import StationContext

MISTAKEN = "pressed_by_mistake"


class HelpAsked(QObject):
    """The call for help at this kiosk. `refused` carries why it could not be made; what was done comes with the log."""

    refused = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._is_busy = False

    @property
    def call(self) -> HelpCall | None:
        """The open call at this kiosk."""
        who = self._context.who
        if who is None:
            return None
        return open_at(self._context.feed.state.help_calls.values(), who.name.removeprefix("station:"))

    def press(self) -> None:
        """Call for help."""
        if self.call is None:
            self._do(messaging.press_help)

    def arrived(self) -> None:
        """Note that a helper has arrived."""
        if (call := self.call) is not None:
            self._do(partial(messaging.help_arrived, seq=call.seq))

    def cancel(self) -> None:
        """Cancel a call made by mistake."""
        if (call := self.call) is not None:
            self._do(partial(messaging.cancel_help, seq=call.seq, reason=MISTAKEN))

    def _do(self, deed: Callable[[Desk, Ask], Document]) -> None:
        if self._is_busy or self._context.who is None:
            return
        self._is_busy = True
        desk, ask = self._context.desk, self._context.ask()
        self._context.tasks.run(lambda: deed(desk, ask), self._done, self._refused)

    def _done(self, _document: object) -> None:
        self._is_busy = False

    def _refused(self, trouble: QueueDeskError) -> None:
        self._is_busy = False
        if trouble.code not in ("help_called", "not_there"):  # somebody was quicker: the log says so in a moment
            self.refused.emit(trouble)


class Writing(QObject):
    """What a customer writes to the manager. `given`: it was handed over; `refused` carries why it could not be."""

    changed = Signal()
    given = Signal()
    refused = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._is_busy = False
        self.words = ""

    @property
    def is_offered(self) -> bool:
        return may_be_typed(self._context.feed.setup.settings["rating_words"], current())

    def forget(self) -> None:
        self.words = ""

    def write(self, words: str) -> None:
        """Take what stands in the field now."""
        self.words = words[:LONGEST_TYPED]
        self.changed.emit()

    def give(self) -> None:
        """Hand the words over, about no ticket."""
        if self._is_busy or not self.words.strip():
            return
        self._is_busy = True
        desk, ask, words = self._context.desk, self._context.ask(CUSTOMER), self.words
        self._context.tasks.run(lambda: thanking.note(desk, ask, words, klass=OTHER), self._done, self._not_done)

    def _done(self, _document: object) -> None:
        self._is_busy = False
        self.forget()
        self.given.emit()

    def _not_done(self, trouble: QueueDeskError) -> None:
        self._is_busy = False
        self.refused.emit(trouble)
