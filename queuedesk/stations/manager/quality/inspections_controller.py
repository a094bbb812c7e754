"""Reads inspections, what is to be put right, and the morning beside the window, and notes what is done with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.appraisal import training
from queuedesk.desk.change import Document
from queuedesk.desk.quality import inspecting, morning
from queuedesk.desk.setup import setting_up
from queuedesk.stations.manager.parts.page_controller import OneReading, PageController, PaperController
from queuedesk.stations.window.context import StationContext

_ACTS: Mapping[str, Callable[..., Document]] = {
    "plan": inspecting.plan,
    "drop": inspecting.drop,
    "start": inspecting.start,
    "score": inspecting.score,
    "sign": inspecting.sign,
    "tie": inspecting.tie,
    "fix": inspecting.add_fix,
    "prove": inspecting.prove_fix,
    "look": inspecting.look_at_fix,
    "remind": inspecting.remind_of_fix,
    "sheet": setting_up.set_row,
    "sheet-add": setting_up.add_row,
}


class Inspected(Struct, frozen=True):
    """What was read: the month with its coverage, what is to be put right, and the month's last mystery visit."""

    month: Document
    fixes: tuple[Document, ...]
    visit: Document | None


class InspectionsController(QObject):
    """`answered` gives the Inspected last asked for, `failed` why there is none; `sheet` an inspection as it is after
    something was done with it, `done` any other answer, `refused` why nothing was done."""

    answered = Signal(object)
    failed = Signal(object)
    sheet = Signal(object)
    done = Signal(object)
    refused = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.found: Inspected | None = None
        self._wanted: object = None
        self._ticket: tuple[date, str] | None = None
        self._reading = OneReading(context, self)

    @property
    def day(self) -> date:
        return self.context.feed.day

    def ask(self, *, anew: bool = False) -> None:
        """Read this month, unless that was read and nothing has been inspected since; `anew` in any case."""
        state = self.context.feed.state
        wanted = (self.day, tuple(state.inspections.values()), tuple(state.rectifications.values()))
        if self._reading.is_on or (wanted == self._wanted and not anew):
            return
        self._wanted = wanted
        self._reading.read(partial(_read, self.context, self._ticket), self._take, self._fail)

    def show_visit(self, day: date, ticket: str) -> None:
        """Read the mystery visit of a ticket in place of the month's last one."""
        self._ticket = day, ticket
        self.ask(anew=True)

    def _take(self, found: Inspected) -> None:
        self.found = found
        self.answered.emit(found)

    def _fail(self, trouble: QueueDeskError) -> None:
        self._wanted = None
        self.failed.emit(trouble)

    def open_sheet(self, seq: int) -> None:
        """Read one inspection with its items."""
        desk = self.context.desk
        self.context.tasks.run_aside(lambda: inspecting.inspection_of(desk, seq), self.sheet.emit, self.refused.emit)

    def fill(self, act: str, *args: Any, **words: Any) -> None:
        """Start, score or sign a sheet."""
        self._run(self._take_sheet, act, *args, **words)

    def _take_sheet(self, document: Document) -> None:
        """Tell of the sheet; an act asked for again was answered with its number alone."""
        if "items" in document:
            self.sheet.emit(document)
        else:
            self.open_sheet(document["inspection"])

    def act(self, act: str, *args: Any, **words: Any) -> None:
        """Plan, drop or tie an inspection; fix, prove, look at or remind of what is to be put right; write a sheet."""
        self._run(self.done.emit, act, *args, **words)

    def _run(self, then: Callable[[Document], None], act: str, *args: Any, **words: Any) -> None:
        desk, ask = self.context.desk, self.context.ask()
        self.context.tasks.run(partial(_ACTS[act], desk, ask, *args, **words), then, self.refused.emit)

    @property
    def left_handed(self) -> bool:
        """With which hand score sheets are filled in at this PC."""
        return bool(self.context.options.get("left_handed"))

    def keep_hand(self, *, left: bool) -> None:
        """Remember the hand at this PC; where that can't be written it holds until the station ends."""
        own = self.context.services.own_choices
        if own is not None:
            self.context.tasks.run_long(lambda: own.keep_hand(left=left), _nothing, _nothing)

    def usual_due(self, setup: Setup) -> date:
        """Return by when something noted today is to be put right if nobody says otherwise."""
        return inspecting.usual_due(setup, self.day)


def _nothing(_outcome: object) -> None:
    pass


def _read(context: StationContext, ticket: tuple[date, str] | None) -> Inspected:
    desk, now = context.desk, context.clock()
    month = inspecting.month(desk, None, now)
    visits = [one for one in month["inspections"] if one["channel"] == "mystery" and one["started"]]
    of_ticket = inspecting.visit_of(desk, *ticket) if ticket else None
    wanted = of_ticket or (visits[-1]["inspection"] if visits else None)
    visit = inspecting.inspection_of(desk, wanted) if wanted else None
    return Inspected(month, tuple(inspecting.fixes_of(desk, None, now)), visit)


# -- the morning -------------------------------------------------------------------------------------------------------


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
                morning.briefing_of(desk, None, now)["briefing"],
                morning.opening_of(desk, None, now),
                morning.attendance_of(desk, None, now),
                tuple(morning.stock_of(desk, now)),
                tuple(training.trainings_of(desk, who, day - LATELY, day)) if who is not None else (),
            )

        return read

    def _take(self, read: Morning) -> None:
        if read != self.found:
            self.found = read
            self.changed.emit()

    def write(self, points: Sequence[str], points_en: Sequence[str]) -> None:
        """Write today's briefing, or its next version."""
        work = partial(morning.write, self.context.desk, self.context.ask(), points, points_en)
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
        paper = self.context.services.paper
        if paper is not None:
            name = f"morning-{self.context.feed.day.isoformat()}.pdf"
            self._make(name, partial(paper.morning, printed_by=self._printed_by()), send=send)
