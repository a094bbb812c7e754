"""Reads trials of words beside the window, starts and ends them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.improvement.wording_effect import Tried
from queuedesk.desk.change import Document
from queuedesk.desk.improvement import wording
from queuedesk.stations.manager.parts.page_controller import OneReading
from queuedesk.stations.window.context import StationContext


class TrialsController(QObject):
    """`answered` gives the trials last read, `failed` why there are none; `started` and `ended` a trial's document,
    `refused` why that could not be done."""

    answered, failed = Signal(object), Signal(object)
    started, ended, refused = Signal(object), Signal(object), Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.found: list[Tried] | None = None
        self._wanted: object = None
        self._reading = OneReading(context, self, is_long=True)

    def ask(self) -> None:
        """Read the trials, unless that was read today and neither trials nor the words
        of the set-up have changed since."""
        feed = self.context.feed
        names = tuple((one.code, one.name, one.name_en) for one in feed.setup.services.values())
        wanted = (feed.day, tuple(feed.state.wordings.values()), feed.setup.notices, names)
        if self._reading.is_on or wanted == self._wanted:
            return
        self._wanted = wanted
        context = self.context
        self._reading.read(lambda: wording.trials(context.desk, context.clock()), self._take, self._fail)

    def _take(self, found: list[Tried]) -> None:
        self.found = found
        self.answered.emit(found)

    def _fail(self, trouble: QueueDeskError) -> None:
        self._wanted = None
        self.failed.emit(trouble)

    def start(self, service: str, label: str, label_en: str, weeks: int) -> None:
        """Try a name for a service's key from tomorrow on."""
        work = partial(wording.start_wording, service=service, label=label, label_en=label_en, weeks=weeks)
        self._run(work, self.started.emit)

    def start_notice(self, notice: int, label: str, label_en: str, weeks: int, services: tuple[str, ...]) -> None:
        """Try words for a notice of the set-up from tomorrow on, judged by these services' tickets."""
        work = partial(
            wording.start_notice, notice=notice, label=label, label_en=label_en, weeks=weeks, services=services
        )
        self._run(work, self.started.emit)

    def end(self, number: int, use: bool | None) -> None:
        """End a trial: stop it, keep the old name, or use the new one."""
        self._run(partial(wording.end_wording, number=number, use=use), self.ended.emit)

    def _run(self, work: Callable[..., Document], done: Callable[[Document], None]) -> None:
        context, ask = self.context, self.context.ask()
        context.tasks.run(lambda: work(context.desk, ask), done, self.refused.emit)
