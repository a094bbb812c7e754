"""A customer's call for help at the kiosk: pressed, answered by somebody who comes, over when somebody is there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.talk.messages import HelpCall, open_at
from queuedesk.desk.talk import messaging
from queuedesk.stations.window.context import StationContext

MISTAKEN = "pressed_by_mistake"


class HelpAsked(QObject):
    """`refused` carries why it could not be done; what was done comes with the log."""

    refused = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._is_busy = False

    @property
    def call(self) -> HelpCall | None:
        """The call that goes on at this kiosk."""
        who = self._context.who
        if who is None:
            return None
        return open_at(self._context.feed.state.help_calls.values(), who.name.removeprefix("station:"))

    def press(self) -> None:
        """Call somebody."""
        if self.call is None:
            self._do(messaging.press_help)

    def arrived(self) -> None:
        """Somebody is here."""
        if (call := self.call) is not None:
            self._do(partial(messaging.help_arrived, seq=call.seq))

    def cancel(self) -> None:
        """It was pressed by mistake."""
        if (call := self.call) is not None:
            self._do(partial(messaging.cancel_help, seq=call.seq, reason=MISTAKEN))

    def _do(self, deed: Callable[..., Any]) -> None:
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
