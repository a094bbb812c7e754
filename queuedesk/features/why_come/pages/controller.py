"""Reads what people came for and where else they could have gone, and puts offers on the front desk."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QObject, Signal

from queuedesk.core.figures.where_else import WhereElse
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.figures.comparing import where_else
from queuedesk.desk.setup import setting_up
from queuedesk.stations.manager.parts.page_controller import OneReading
from queuedesk.stations.window.context import StationContext


class WhereElseController(QObject):
    """`answered` gives the WhereElse last asked for, `failed` why there is none; `offered` the channel that is offered
    or not any more, `refused` why that could not be done."""

    answered, failed = Signal(object), Signal(object)
    offered, refused = Signal(str, bool), Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.found: WhereElse | None = None
        self._reading = OneReading(context, self, is_long=True)

    @property
    def setup(self) -> Setup:
        return self.context.feed.setup

    def ask(self, days: int) -> None:
        """Read the last so many dates up to yesterday, unless that was read and neither directory nor offers have
        changed since."""
        last = self.context.feed.day - timedelta(days=1)
        wanted = (days, last, self.setup.partners, self.setup.services)
        work = partial(_read, self.context, last - timedelta(days=days - 1), last)
        self._reading.read_once(wanted, work, self._take, self.failed.emit)

    def _take(self, found: WhereElse) -> None:
        self.found = found
        self.answered.emit(found)

    def offer(self, service: str, to: str, *, wanted: bool) -> None:
        """Offer a channel to who comes for a service, or no more."""
        context, ask = self.context, self.context.ask()
        context.tasks.run(
            lambda: setting_up.put_offer(context.desk, ask, service, to, wanted=wanted),
            lambda _document: self.offered.emit(to, wanted),
            self.refused.emit,
        )


def _read(context: StationContext, first: date, last: date) -> WhereElse:
    return where_else(context.desk, first, last, context.clock())
