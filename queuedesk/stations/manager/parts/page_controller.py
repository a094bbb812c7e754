"""What the manager's pages do beside the window: read, answer what was asked last, act, save and print papers."""

from __future__ import annotations

import tempfile
from abc import abstractmethod
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.roles import MAY
from queuedesk.i18n import current
from queuedesk.i18n.names import staff_name
from queuedesk.stations.window.context import StationContext

T = TypeVar("T")
R = TypeVar("R")
Refused = Callable[[QueueDeskError], None]


class OneReading(QObject):
    """Reads in the background, one at a time. What can't be read stays as it was."""

    def __init__(self, context: StationContext, parent: QObject, *, is_long: bool = False) -> None:
        super().__init__(parent)  # answers to a page that is gone are dropped by that
        self._context, self._is_long, self.is_on = context, is_long, False
        self._wanted: object = None

    def read(self, work: Callable[[], T], good: Callable[[T], None], bad: Refused | None = None) -> None:
        """Give `good` the result of `work`, or `bad` the trouble; nothing starts while something is being read."""
        if not self.is_on:
            self.is_on, tasks = True, self._context.tasks
            run = tasks.run_long if self._is_long else tasks.run_aside
            run(work, partial(self._end, good), partial(self._end, bad), may_drop=True)

    def read_once(
        self, wanted: object, work: Callable[[], T], good: Callable[[T], None], bad: Refused, *, anew: bool = False
    ) -> None:
        """Read what is `wanted`, unless that was read last, or `anew` in any case; what could not be read can be asked
        for again."""
        if not self.is_on and (anew or wanted != self._wanted):
            self._wanted = wanted
            self.read(work, good, partial(self._fail, bad))

    def forget(self) -> None:
        """Let the same be read again."""
        self._wanted = None

    def _fail(self, then: Refused, trouble: QueueDeskError) -> None:
        self.forget()
        then(trouble)

    def _end(self, then: Callable[[T], None] | None, answer: T) -> None:
        self.is_on = False
        if then is not None:
            then(answer)


class LastAsked(QObject):
    """Long work of which only the last request is answered."""

    def __init__(self, context: StationContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._number = context, 0

    def ask(self, work: Callable[[], T], good: Callable[[T], None], bad: Refused) -> None:
        """Do this instead of earlier requests: those still waiting for the lane are dropped."""
        self._number += 1
        number = self._number

        def wanted() -> T | None:
            return work() if number == self._number else None

        self._context.tasks.run_long(
            wanted, partial(self._end, number, good), partial(self._end, number, bad), may_drop=True
        )

    def forget(self) -> None:
        """Drop all requests."""
        self._number += 1

    def _end(self, number: int, then: Callable[[Any], None], answer: object) -> None:
        if number == self._number:
            then(answer)


def stale(shown: datetime | None, now: datetime, after: timedelta) -> bool:
    """Whether a reading is old enough to be repeated."""
    return shown is None or abs(now - shown) >= after


def save_report(
    context: StationContext, name: str, write: Callable[[Path], object], saved: Callable[[Path], None], failed: Refused
) -> None:
    """Have `write` make a file in the folder of reports, replacing an earlier one; its name begins with the hall's
    code."""
    folder = context.services.folder
    if folder is None:
        return

    def work() -> Path:
        file = folder("reports") / f"{context.feed.setup.hall.code}-{name}"
        write(file)
        return file

    context.tasks.run_long(work, saved, failed)


class TicketSaving(QObject):
    """`saved` gives the file written, `failed` the trouble."""

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    @property
    def can_save(self) -> bool:
        """Whether this station has the services that saving needs."""
        return self._context.services.paper is not None and self._context.services.folder is not None

    def save(self, day: date, ending: str) -> None:
        """Write the tickets of `day` beside the reports, replacing an earlier file of the same name."""
        if (paper := self._context.services.paper) is not None:
            write, name = partial(paper.save_tickets, day), f"{day.isoformat()}-tickets.{ending}"
            save_report(self._context, name, write, self.saved.emit, self.failed.emit)


class PassingFolder:
    """A folder for files that are shown or printed and then deleted, made when there is one."""

    def __init__(self, context: StationContext) -> None:
        self._context = context
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    @property
    def path(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="queuedesk-page-", ignore_cleanup_errors=True)
        return Path(self._folder.name)

    def throw_away(self) -> None:
        """Remove it once everything from it is printed. What the system can't remove now is removed later."""
        if self._folder is not None:
            folder, self._folder = self._folder, None
            self._context.tasks.run_long(folder.cleanup, lambda _done: None, lambda _trouble: None)


class PageController(QObject, Generic[R]):
    """Reads something from time to time and does one act at a time.

    `busy` names what is under way, "" while nothing is; `changed` says that the known state has changed, `refused`
    gives the trouble and with what. Each page's class defines how to read and stores the result; the type checker
    refuses one that does not.
    """

    KEEPS = timedelta(seconds=3)
    """So old what was read may get before `look_again` reads it anew."""

    changed = Signal()
    refused = Signal(str, object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.busy = ""
        self._reading = OneReading(context, self)
        self._looked: datetime | None = None

    def may(self, verb: str) -> bool:
        """Whether the person here may do that."""
        who = self.context.who
        return who is not None and verb in MAY[who.role]

    # -- what is known -----------------------------------------------------------------------------------------------

    def look_again(self) -> None:
        """Read again if the last reading is old enough; it is called at every event of the hall."""
        if self._looked is None or abs(self.context.clock() - self._looked) >= self.KEEPS:
            self.look()

    def look(self) -> None:
        """Read now, in the background."""
        if not self._reading.is_on:
            self._looked = self.context.clock()
            self._reading.read(self._reader(), self._take, self._not_read)

    @abstractmethod
    def _reader(self) -> Callable[[], R]:
        """Return what reads; it runs beside the window."""

    @abstractmethod
    def _take(self, read: R) -> None:
        """Keep what was read, and say if it is other than before."""

    def _not_read(self, trouble: QueueDeskError) -> None:
        """Leave what was known as it is."""

    # -- what is asked for -------------------------------------------------------------------------------------------

    def _run(self, what: str, work: Callable[[], T], done: Callable[[T], None], *, is_long: bool = False) -> None:
        """Do it on the lane of commands, or on that of long work, unless something is being done."""
        if self.busy:
            return
        self._set_busy(what)
        lane = self.context.tasks.run_long if is_long else self.context.tasks.run
        lane(work, partial(self._done, done), partial(self._refused, what))

    def _done(self, then: Callable[[T], None], answer: T) -> None:
        self._set_busy("")
        then(answer)

    def _refused(self, what: str, trouble: QueueDeskError) -> None:
        self._set_busy("")
        self.refused.emit(what, trouble)

    def _set_busy(self, what: str) -> None:
        self.busy = what
        self.changed.emit()


class MonthTurning(QObject):
    """What a page of a month shows: this month at first, then those before it; none before the hall began
    (`first_day`), none to come. `ask` reads the month that is shown."""

    def __init__(self, context: StationContext, first_day: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._first_day = first_day
        self._month: date | None = None

    @property
    def day(self) -> date:
        return self.context.feed.day

    @property
    def month(self) -> date:
        """The first date of the month that is shown."""
        return self._month or self.day.replace(day=1)

    @property
    def has_earlier(self) -> bool:
        return self._first_day() < self.month

    @property
    def has_later(self) -> bool:
        return self.month < self.day.replace(day=1)

    def turn(self, months: int) -> None:
        """Read the month before or after, where there is one."""
        if self.has_earlier if months < 0 else self.has_later:
            near = self.month + timedelta(days=-1 if months < 0 else 31)
            self._choose(near.replace(day=1))
            self.ask()

    def _choose(self, month: date) -> None:
        self._month = month

    @abstractmethod
    def ask(self) -> None:
        """Read the month, unless that was read and still holds."""


class PaperController(QObject):
    """Saves a page's papers in the folder of reports or prints them. `saved` gives the file written, `printed` says
    that a printer accepted it, `refused` gives the trouble with either, `busy_changed` says whether a paper is being
    made."""

    refused = Signal(object)
    saved = Signal(object)
    printed = Signal()
    busy_changed = Signal(bool)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._folder = PassingFolder(context)

    @property
    def can_print(self) -> bool:
        return self.context.services.sheet_printer is not None

    def _local_now(self) -> datetime:
        return self.context.feed.setup.local(self.context.clock())

    def _printed_by(self) -> str | None:
        """Return who is here, as a paper names its maker."""
        who = self.context.who
        return staff_name(self.context.feed.setup, who.name, current()) if who is not None else None

    def stop(self) -> None:
        """Delete what was made for the printer."""
        self._folder.throw_away()

    def _make(self, name: str, make: Callable[[Path], object], *, send: bool) -> None:
        """Let `make` write a file whose name ends in `name`, into the folder of reports, or aside to `send` it to this
        PC's printer."""
        name = f"{self.context.feed.setup.hall.code}-{name}"
        printer, folder = self.context.services.sheet_printer, self.context.services.folder
        if printer is None or folder is None:
            return
        self.busy_changed.emit(True)

        def work() -> Path:
            path = (self._folder.path if send else folder("reports")) / name
            make(path)
            if send:
                printer.print_pdf(path)
            return path

        def good(path: Path) -> None:
            self.busy_changed.emit(False)
            if send:
                self.printed.emit()
            else:
                self.saved.emit(path)

        def bad(trouble: QueueDeskError) -> None:
            self.busy_changed.emit(False)
            self.refused.emit(trouble)

        self.context.tasks.run_long(work, good, bad)
