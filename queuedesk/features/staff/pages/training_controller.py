"""Reads what a month's rows ask to be trained and who was trained, beside the window; names and notes what is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from queuedesk.desk import appraisal
from queuedesk.features.staff import verbs
from queuedesk.features.staff.rules.training import Effect, Need, Needs, TrainingMonths
from queuedesk.stations.manager.parts.page_controller import MonthShown, OneReading
from queuedesk.stations.window.context import ServiceDocument, StationContext

KEEPS = timedelta(minutes=5)
"""A month that runs is read again after so long: today is not in it."""


class TrainingRead(Struct, frozen=True):
    """What was read of a month: its needs, minutes and shifts, and the sessions of all months shown."""

    needs: Needs
    months: TrainingMonths
    sessions: Sequence[ServiceDocument]


class TrainingController(QObject):
    """`answered` says that there is something to show, `failed` why not; `named` gives who a need is about, `added`
    says that a session was noted, `refused` why something was not done; `effect_read` gives a session's number and what
    came of it."""

    answered = Signal()
    failed = Signal(object)
    named = Signal(list)
    added = Signal()
    refused = Signal(object)
    effect_read = Signal(int, object)

    def __init__(self, context: StationContext, first_day: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.shown = MonthShown(context, first_day, self)
        self.shown.turned.connect(self.refresh)
        self.found: TrainingRead | None = None
        self._read_at: datetime | None = None
        self._reading = OneReading(context, self)

    def may(self, verb: str) -> bool:
        return self.context.who is not None and self.context.who.may(verb)

    def refresh(self) -> None:
        """Read the month, unless that was read a moment ago."""
        now, feed = self.context.clock(), self.context.feed
        wanted = (self.shown.first, feed.day, feed.state.setup_now, len(feed.state.trainings))
        is_fresh = self._read_at is not None and (self.shown.has_later or now - self._read_at < KEEPS)
        work = partial(_read, self.context, self.shown.first)
        self._reading.read_once(
            wanted, work, partial(self._take, self.shown.first), self.failed.emit, anew=not is_fresh
        )

    def _take(self, month: date, found: TrainingRead) -> None:
        self._read_at = self.context.clock()
        if month != self.shown.first:
            self.refresh()  # Another was turned to meanwhile.
            return
        self.found = found
        self.answered.emit()

    def name(self, need: Need, reason: str) -> None:
        """Say who a need is about."""
        context, ask = self.context, self.context.ask()
        work = partial(verbs.name_need, context.desk, ask, (need.kind, need.service), self.shown.first, reason=reason)
        context.tasks.run(work, lambda document: self.named.emit(document.get("staff", [])), self.refused.emit)

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
        context, ask, found = self.context, self.context.ask(), self.found
        seen = (found.needs.first, found.needs.last) if need is not None and found is not None else None
        work = partial(
            verbs.add_training,
            context.desk,
            ask,
            topic,
            minutes,
            attended,
            day=day,
            led=led,
            need=need,
            seen=seen,
        )
        context.tasks.run(work, self._has_added, self.refused.emit)

    def _has_added(self, _document: ServiceDocument) -> None:
        self._reading.forget()
        self.added.emit()
        self.refresh()

    def read_effect(self, seq: int) -> None:
        """Read what came of a session."""
        context = self.context

        def work() -> Effect | None:
            ask = context.ask()
            return verbs.effect_of(context.desk, ask.who, seq, ask.now)[1]

        context.tasks.run_aside(work, partial(self.effect_read.emit, seq), self.refused.emit)


def _read(context: StationContext, month: date) -> TrainingRead:
    ask = context.ask()
    found = verbs.needs_in(context.desk, ask.who, month, ask.now)
    months = verbs.training_months(context.desk, ask.who, month, ask.now)
    last = (months.months[-1] + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    sessions = appraisal.trainings_of(context.desk, ask.who, months.months[0], last)
    return TrainingRead(found, months, sessions)
