"""Reads what a month's rows ask to be trained and who was trained, beside the window; names and notes what is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from queuedesk.desk import appraisal
from queuedesk.features.staff import verbs
from queuedesk.features.staff.rules.training import Effect, Need, Needs, TrainingMonths
from queuedesk.stations.manager.parts.page_controller import MonthShown, PageController
from queuedesk.stations.window.context import ServiceDocument, StationContext


class TrainingRead(Struct, frozen=True):
    """What was read of a month: its needs, minutes and shifts, and the sessions of all months shown."""

    needs: Needs
    months: TrainingMonths
    sessions: Sequence[ServiceDocument]


class TrainingController(PageController[TrainingRead]):
    """`named` gives who a need is about, `added` says that a session was noted; `effect_read` gives a session's number
    and what came of it."""

    KEEPS = timedelta(minutes=5)
    """So long for a month that runs: today is not in it."""

    named = Signal(list)
    added = Signal()
    effect_read = Signal(int, object)

    def __init__(self, context: StationContext, first_day: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.shown = MonthShown(context, first_day, self)
        self.shown.turned.connect(self.refresh)

    def may(self, verb: str) -> bool:
        return self.context.who is not None and self.context.who.may(verb)

    def _depends(self) -> object:
        feed = self.context.feed
        return self.shown.first, feed.day, feed.state.setup_now, len(feed.state.trainings)

    def _is_old(self, since: timedelta) -> bool:
        return not self.shown.has_later and since >= self.KEEPS

    def _reader(self) -> Callable[[], TrainingRead]:
        return partial(_read, self.context, self.shown.first)

    def _take(self, read: TrainingRead) -> None:
        if read.needs.first == self.shown.first:  # else another was turned to meanwhile, and is read next
            super()._take(read)

    def name(self, need: Need, reason: str) -> None:
        """Say who a need is about."""
        desk, ask, about = self.context.desk, self.context.ask(), (need.kind, need.service)
        work = partial(verbs.name_need, desk, ask, about, self.shown.first, reason=reason)
        self.start("training-name", work, lambda document: self.named.emit(document.get("staff", [])))

    def add(
        self,
        topic: str,
        minutes: int,
        attended: Sequence[str],
        *,
        day: date,
        led: str | None,
        need: tuple[str, str] | None,
    ) -> None:
        """Note a session; the need that it answers is one of the month that is shown."""
        desk, ask, found = self.context.desk, self.context.ask(), self.found
        seen = (found.needs.first, found.needs.last) if need is not None and found is not None else None
        add = partial(verbs.add_training, desk, ask, topic, minutes, attended)
        self.start("training", partial(add, day=day, led=led, need=need, seen=seen), self._has_added)

    def _has_added(self, _document: ServiceDocument) -> None:
        self.added.emit()
        self.refresh(anew=True)

    def read_effect(self, seq: int) -> None:
        """Read what came of a session."""
        context = self.context

        def work() -> Effect | None:
            ask = context.ask()
            return verbs.effect_of(context.desk, ask.who, seq, ask.now)[1]

        context.tasks.run_aside(work, partial(self.effect_read.emit, seq), partial(self.refused.emit, "effect"))


def _read(context: StationContext, month: date) -> TrainingRead:
    ask = context.ask()
    found = verbs.needs_in(context.desk, ask.who, month, ask.now)
    months = verbs.training_months(context.desk, ask.who, month, ask.now)
    last = (months.months[-1] + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    sessions = appraisal.trainings_of(context.desk, ask.who, months.months[0], last)
    return TrainingRead(found, months, sessions)
