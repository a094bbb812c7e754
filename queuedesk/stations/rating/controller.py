"""The rating at a window: asks once for each visit that ends there, and makes room for the next customer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from PySide6.QtCore import QObject, Slot

from queuedesk.core.log.event import Event
from queuedesk.core.queue.ticket import State
from queuedesk.stations.rating.answering import ASK_FOR, MORE_STAGES, Answering, Stage
from queuedesk.stations.window.context import StationContext

# Somebody stands at the window again. A call only lets somebody walk there: whoever leaves may still answer that long.
_NEXT_CUSTOMER = frozenset({"start", "serve", "unpark", "reopen"})
WALK = timedelta(seconds=20)


class RatingController(Answering):
    """Follows one window. Options: window."""

    rest = Stage.IDLE

    def __init__(self, context: StationContext, parent: QObject | None = None, **acts: Any) -> None:
        """`acts` are Answering's own."""
        super().__init__(context, parent, **acts)
        self.window = str(context.options["window"])
        context.feed.changed.connect(self._follow)
        context.feed.replaced.connect(self._replace)
        self._ask_last()

    @Slot(list)
    def _follow(self, events: list[Event]) -> None:
        for event in events:
            if event.window == self.window and event.kind in _NEXT_CUSTOMER:
                self._dismiss()
            elif event.window == self.window and event.kind == "call":
                self._hurry()
            elif event.window == self.window and event.kind == "finish":
                self._dismiss()
                self._ask_about((event.date, event.ticket), self.now() + ASK_FOR)
            elif event.kind == "rate" and self.stage is Stage.ASKING and not self._busy and self._is_asked(event):
                self._leave()
            elif event.kind == "set-up":
                self.changed.emit()

    @Slot()
    def _replace(self) -> None:
        if self.stage in (Stage.ASKING, *MORE_STAGES) and self.ticket is None:
            self._leave()

    def _is_asked(self, event: Event) -> bool:
        return self.id is not None and (event.date, event.ticket) == self.id

    def _ask_last(self) -> None:
        """Ask about a visit that ended just before this screen was there."""
        window = self.state.window(self.window)
        last = self.state.tickets.get(window.last) if window.last and window.ticket is None else None
        ended = last.leg.finished if last else None
        if last is not None and ended is not None and timedelta(0) <= self.now() - ended < ASK_FOR:
            self._ask_about(last.id, ended + ASK_FOR)

    def _ask_about(self, id: Any, until: Any) -> None:
        """Ask when the whole visit has ended here, nobody has rated it and no other customer is here."""
        ticket = self.state.tickets.get(id)
        if ticket is None or ticket.state is not State.FINISHED or ticket.rating is not None:
            return
        if ticket.leg.window != self.window or not self._is_free():
            return
        self._ask(ticket.id, until)
        if self.state.window(self.window).ticket is not None:
            self._hurry()

    def _is_free(self) -> bool:
        """Whether nobody stands at the window; who was called is still on the way."""
        here = self.state.window(self.window).ticket
        return here is None or self.state.tickets[here].state is State.CALLED

    def _hurry(self) -> None:
        """The next customer is on the way: a question nobody answered yet goes before that one can be there."""
        if self.stage is Stage.ASKING and self._until is not None:
            self._until = min(self._until, self.now() + WALK)

    def _dismiss(self) -> None:
        """The next customer is here: what the last one chose is kept, the page is free."""
        if self.holding.holds:
            self._keep()
        if self.stage in MORE_STAGES and not self._busy:
            self._send_and_forget()
        self._busy = False
        if self.stage is not Stage.IDLE:
            self._leave()
