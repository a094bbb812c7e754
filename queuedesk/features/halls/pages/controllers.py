"""What reads several halls side by side, now and in a period, and pushes one's set-up to the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.figures.periods import MONTH
from queuedesk.core.log.state import HallState
from queuedesk.core.network.roles import Actor
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.features.halls.rules import DUE, QUIET, SECTIONS, TAKEN, WORDS, HallBeside, HallsOfPeriod, HallThere
from queuedesk.features.halls.verbs import pushing
from queuedesk.features.halls.verbs.comparing import HallsBeside, compare_halls, halls_seen
from queuedesk.files.writing import write_file
from queuedesk.i18n import current
from queuedesk.stations.manager.figures.figures_controller import Wanted
from queuedesk.stations.manager.parts.page_controller import PageController, PaperController, save_report
from queuedesk.stations.window.context import OneCommand, StationContext

LOOK_MS, ASK_MS = 1000, 60_000


class HallsController(QObject):
    """`looked` says that `rows` are current, `failed` that they could not be read and stay as they were; `several` that
    `are_several` has changed.

    It reads one at a time: a result of `whole_day` is valid until the slots of `looked` have returned.
    """

    looked = Signal()
    failed = Signal(object)
    several = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.rows: Sequence[HallBeside] = ()
        self.are_several = False
        self._opened = ""
        self._side = HallsBeside(context.desk)
        self._is_reading = False
        self._looking, self._asking = QTimer(self), QTimer(self)
        self._looking.setInterval(LOOK_MS)
        self._looking.timeout.connect(self.refresh)
        self._asking.setInterval(ASK_MS)
        self._asking.timeout.connect(self.ask_whether_several)

    def start(self) -> None:
        """Find out whether there are several halls, now and from then on."""
        self.ask_whether_several()
        self._asking.start()

    def watch(self, on: bool) -> None:
        """Read every second, or stop."""
        if on and not self.context.look.still:
            self._looking.start()
        else:
            self._looking.stop()

    def stop(self) -> None:
        self._looking.stop()
        self._asking.stop()

    def refresh(self) -> None:
        """Read the halls' current state."""
        if (who := self._reads()) is not None:
            work = partial(self._side.look, who, self.context.clock(), self._opened)
            self.context.tasks.run_aside(work, partial(self._take, self._opened), self._fail, may_drop=True)

    def open(self, code: str) -> None:
        """Read the whole day of this hall too from now on, of none for ""."""
        self._opened = code
        if code:
            self.refresh()

    def ask_whether_several(self) -> None:
        """Find out whether the person may look at other halls."""
        if (who := self._reads()) is not None:
            self.context.tasks.run_aside(
                partial(self._side.are_several, who), self._know, self._not_known, may_drop=True
            )

    def state_of(self, code: str) -> HallState | None:
        """Return what the alerts of a hall depend on as last read."""
        return self._side.state_of(code)

    def whole_day(self, code: str) -> HallState | None:
        """Return the opened hall as last read, None before that."""
        return self._side.whole_day(code)

    def _reads(self) -> Actor | None:
        """Begin to read, for the person who is here; None while nobody is or something is being read."""
        if self._is_reading or self.context.who is None:
            return None
        self._is_reading = True
        return self.context.who

    def _take(self, opened: str, rows: Sequence[HallBeside]) -> None:
        self.rows = rows
        self.looked.emit()
        self._is_reading = False
        if self._opened not in (opened, ""):
            self.refresh()

    def _fail(self, trouble: QueueDeskError) -> None:
        self._is_reading = False
        self.failed.emit(trouble)

    def _know(self, are_several: bool) -> None:
        self._is_reading = False
        if are_several != self.are_several:
            self.are_several = are_several
            self.several.emit()

    def _not_known(self, _trouble: QueueDeskError) -> None:
        self._is_reading = False  # The banner says when the database is away; asked again in a minute.


# -- in a period -------------------------------------------------------------------------------------------------------


class HallsPeriodController(PageController[HallsOfPeriod]):
    """Reads the halls in the period that is `wanted`; `saved` gives the file of their targets."""

    KEEPS = timedelta(minutes=1)
    """So long while the period runs."""

    saved = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent, is_long=True)
        self.wanted = Wanted(MONTH, context.feed.day)

    @property
    def is_running(self) -> bool:
        """Whether the period holds today: its figures change yet."""
        first, last = self.wanted.span
        return first <= self.context.feed.day <= last

    def want(self, wanted: Wanted) -> None:
        """Show another period as soon as it is read."""
        if wanted != self.wanted:
            self.wanted, self.found = wanted, None
            self.changed.emit()
        self.refresh(anew=True)

    def refresh(self, *, anew: bool = False) -> None:
        if self.context.who is not None:
            super().refresh(anew=anew)

    def _depends(self) -> object:
        return self.wanted

    def _is_old(self, since: timedelta) -> bool:
        return self.is_running and since >= self.KEEPS

    def _reader(self) -> Callable[[], HallsOfPeriod]:
        ask, wanted = self.context.ask(), self.wanted
        return partial(compare_halls, self.context.desk, ask.who, wanted.period, wanted.day, ask.now)

    def _take(self, read: HallsOfPeriod) -> None:
        if (read.period, read.first) == (self.wanted.period, self.wanted.span[0]):  # else another was chosen meanwhile
            super()._take(read)

    @property
    def can_save(self) -> bool:
        """Whether this station has a folder for papers."""
        return self.context.services.folder is not None

    def save_targets(self) -> None:
        """Write the halls' targets to sign, as they stand today, into the folder of reports."""
        context, who = self.context, self.context.who
        if who is None:
            return
        day, now, lang = context.feed.day, context.clock(), current()

        def write(file: Path) -> None:
            from queuedesk.features.halls.papers import targets_pdf  # what draws papers is loaded for the first

            write_file(file, targets_pdf(halls_seen(context.desk, who), day, now, lang, who.name))

        refused = partial(self.refused.emit, "save")
        save_report(context, f"{day.isoformat()}-targets.pdf", write, self.saved.emit, refused)


class HallsPapers(PaperController):
    """Saves or prints the comparison of a period as it was read."""

    def make(self, of: HallsOfPeriod, by: str, *, send: bool) -> None:
        """Write it with the halls by REGION or DISTRICT, or `send` it to this PC's printer."""
        context, lang, now, name = self.context, current(), self.context.clock(), self._printed_by()

        def write(file: Path) -> None:
            from queuedesk.features.halls.papers import halls_pdf  # what draws papers is loaded for the first

            write_file(file, halls_pdf(of, context.feed.setup, now, lang, by=by, printed_by=name))

        self._make(f"{of.first.isoformat()}-{of.period}-halls.pdf", write, send=send)


# -- pushing -----------------------------------------------------------------------------------------------------------


def stands(row: Document) -> bool:
    """Whether a push stands or waits in a hall, by its row of pushes_document()."""
    return row["became"] in (TAKEN, DUE)


class PushController(OneCommand):
    """Reads what a push would change, pushes and takes back. `shown` says that `rows` or ticks are others, `pushed`
    gives what became of a push, `undone` what of its way back.

    `last` is the newest push from here that stands or waits somewhere, as pushes_document() has it.
    """

    shown = Signal()
    pushed = Signal(object)
    undone = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.sections: tuple[str, ...] = (WORDS,)
        self.when = QUIET
        self.until: date | None = None
        self.rows: Sequence[HallThere] = ()
        self.ticked: set[str] = set()
        self.last: Document | None = None

    def choose(self, section: str, on: bool) -> None:
        """Push a section, or not."""
        chosen = {*self.sections, section} if on else {*self.sections} - {section}
        self.sections = tuple(one for one in SECTIONS if one in chosen)
        self.read()

    def read(self) -> None:
        """Read anew what it would change."""
        context = self.context
        if context.who is None:
            return
        work = partial(self._preview, context.who, self.sections)
        context.tasks.run_long(work, self._take, partial(self.refused.emit, "read"), may_drop=True)

    @contextmanager
    def _owners_desk(self) -> Iterator[Desk]:
        """Give the hall as the database's owner opens it, where that is here: a PC's own login writes in no other
        hall."""
        context = self.context
        if context.services.owners_database is None:
            yield context.desk
        else:
            with context.services.owners_database() as db:
                yield replace(context.desk, db=db)

    def _preview(self, who: Actor, sections: Sequence[str]) -> tuple[Sequence[HallThere], Document | None]:
        with self._owners_desk() as owners:
            rows = pushing.preview(owners, who, sections, self.context.clock()) if sections else ()
            sent = pushing.pushes_document(owners, who)
        return rows, next((one for one in sent if any(map(stands, one["halls"]))), None)

    def _take(self, found: tuple[Sequence[HallThere], Document | None]) -> None:
        rows, self.last = found
        self.rows = rows
        self.ticked = {one.code for one in rows if one.is_ticked}
        self.shown.emit()

    def stands_in(self, code: str) -> bool:
        """Whether the last push stands or waits in a hall."""
        return self.last is not None and any(row["hall"] == code and stands(row) for row in self.last["halls"])

    def tick(self, codes: Sequence[str], on: bool) -> None:
        """Tick halls, or not."""
        self.ticked = self.ticked | set(codes) if on else self.ticked - set(codes)
        self.shown.emit()

    def push(self) -> None:
        """Push to the halls that are ticked."""
        if self.context.who is not None and self.ticked:
            ask = self.context.ask()
            work = partial(self._push, ask, self.sections, sorted(self.ticked), self.when, self.until)
            self.start("push", work, self._pushed, is_long=True)

    def _push(self, ask: Ask, sections: Sequence[str], to: Sequence[str], when: str, until: date | None) -> Document:
        with self._owners_desk() as owners:
            return pushing.push(owners, ask, sections, to=to, when=when, until=until)

    def _pushed(self, done: Document) -> None:
        self.pushed.emit(done)
        self.read()

    def undo(self, hall: str | None = None) -> None:
        """Take the last push back in every hall, or in one."""
        if self.context.who is not None and self.last is not None:
            work = partial(self._undo, self.context.ask(), self.last["n"], hall)
            self.start("undo", work, self._undone, is_long=True)

    def _undo(self, ask: Ask, n: int, hall: str | None) -> Document:
        with self._owners_desk() as owners:
            return pushing.take_back(owners, ask, n, hall)

    def _undone(self, done: Document) -> None:
        self.undone.emit(done)
        self.read()
