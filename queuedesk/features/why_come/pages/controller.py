"""Reads what people came for and where else they could have gone, and puts offers on the front desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QObject, Signal

from queuedesk.core.setup.rows import Setup
from queuedesk.desk.setup import setting_up
from queuedesk.features.why_come.rules import WhereElse
from queuedesk.features.why_come.verbs import where_else
from queuedesk.stations.manager.parts.page_controller import PageController
from queuedesk.stations.window.context import StationContext


class WhereElseController(PageController[WhereElse]):
    """Reads the last `days` up to yesterday. `offered` gives the channel that is offered or not any more."""

    offered = Signal(str, bool)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent, is_long=True)
        self.days = 1

    @property
    def setup(self) -> Setup:
        return self.context.feed.setup

    def ask(self, days: int) -> None:
        """Read so many dates, unless they were read and neither directory nor offers have changed since."""
        self.days = days
        self.refresh()

    def _depends(self) -> object:
        return self.days, self.context.feed.day, self.setup.partners, self.setup.services

    def _reader(self) -> Callable[[], WhereElse]:
        last = self.context.feed.day - timedelta(days=1)
        first = last - timedelta(days=self.days - 1)
        return partial(where_else, self.context.desk, first, last, self.context.clock())

    def offer(self, service: str, to: str, *, wanted: bool) -> None:
        """Offer a channel to who comes for a service, or no more."""
        work = partial(setting_up.put_offer, self.context.desk, self.context.ask(), service, to, wanted=wanted)
        self.start("offer", work, lambda _document: self.offered.emit(to, wanted))
