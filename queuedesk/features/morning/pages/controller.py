"""Reads the morning beside the window, and writes its briefing and notes its training."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from queuedesk.desk.appraisal import training
from queuedesk.desk.change import Document
from queuedesk.desk.quality.morning import briefing_of
from queuedesk.features.morning import verbs
from queuedesk.i18n import current
from queuedesk.stations.manager.parts.page_controller import PageController, PaperController
from queuedesk.stations.window.context import StationContext


class Morning(Struct, frozen=True):
    """What was read of today: the briefing with who read it, how the hall was signed open and closed, who is there,
    points that were said before, and the trainings of the last weeks, the latest first."""

    briefing: Document | None
    opening: Document
    attendance: Document
    stock: tuple[Mapping[str, str], ...]
    sessions: tuple[Document, ...] = ()


LATELY = timedelta(days=31)


class MorningController(PageController[Morning]):
    """Reads today's morning, writes its briefing and notes its training. `written` once the briefing is, `trained` once
    a session is noted or taken back."""

    written, trained = Signal(dict), Signal(dict)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.found: Morning | None = None

    def _reader(self) -> Callable[[], Morning]:
        desk, now, day = self.context.desk, self.context.clock(), self.context.feed.day
        who = self.context.who if self.may("training") else None

        def read() -> Morning:
            return Morning(
                briefing_of(desk, None, now)["briefing"],
                verbs.opening_of(desk, None, now),
                verbs.attendance_of(desk, None, now),
                tuple(verbs.stock_of(desk, now)),
                tuple(training.trainings_of(desk, who, day - LATELY, day)) if who is not None else (),
            )

        return read

    def _take(self, read: Morning) -> None:
        if read != self.found:
            self.found = read
            self.changed.emit()

    def write(self, points: Sequence[str], points_en: Sequence[str]) -> None:
        """Write today's briefing, or its next version."""
        work = partial(verbs.write, self.context.desk, self.context.ask(), points, points_en)
        self._run("briefing", work, self._written)

    def train(self, minutes: int, topic: str, attended: Sequence[str]) -> None:
        """Note a session of today, as Improve > Training does."""
        work = partial(training.add_training, self.context.desk, self.context.ask(), topic, minutes, attended)
        self._run("training", work, self._trained)

    def drop_training(self, seq: int) -> None:
        """Take a session back that was noted by mistake."""
        work = partial(training.drop_training, self.context.desk, self.context.ask(), seq)
        self._run("training", work, self._trained)

    def _trained(self, document: Document) -> None:
        self.trained.emit(document)
        self.look()

    def _written(self, document: Document) -> None:
        self.written.emit(document)
        self.look()


class MorningPapers(PaperController):
    """Saves or prints the morning's page."""

    def make(self, *, send: bool) -> None:
        from queuedesk.features.morning.papers import write

        now, by = self.context.clock(), self._printed_by()
        name = f"morning-{self.context.feed.day.isoformat()}.pdf"
        self._make(name, partial(write, self.context.desk, None, lang=current(), now=now, printed_by=by), send=send)
