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
from queuedesk.i18n import current_language
from queuedesk.i18n.names import staff_name
from queuedesk.stations.window.context import SingleCommandRunner, StationContext

T = TypeVar("T")
R = TypeVar("R")
Refused = Callable[[QueueDeskError], None]


class BackgroundReader(QObject):
    """Reads in the background, one at a time. What can't be read stays as it was."""

    def __init__(self, context: StationContext, parent: QObject, *, is_long: bool = False) -> None:
        super().__init__(parent)  # answers to a page that is gone are dropped by that
        self._context, self._is_long, self.is_on = context, is_long, False

    def read(self, work: Callable[[], T], good: Callable[[T], None], bad: Refused | None = None) -> None:
        """Give `good` the result of `work`, or `bad` the trouble; nothing starts while something is being read."""
        if not self.is_on:
            self.is_on, tasks = True, self._context.tasks
            run = tasks.run_in_long_work_lane if self._is_long else tasks.run_in_side_lane
            run(
                work,
                partial(self._end_reading_and_pass_on, good),
                partial(self._end_reading_and_pass_on, bad),
                may_drop=True,
            )

    def _end_reading_and_pass_on(self, then: Callable[[T], None] | None, answer: T) -> None:
        self.is_on = False
        if then is not None:
            then(answer)


class LatestRequest(QObject):
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

        self._context.tasks.run_in_long_work_lane(
            wanted,
            partial(self._pass_on_if_latest, number, good),
            partial(self._pass_on_if_latest, number, bad),
            may_drop=True,
        )

    def forget(self) -> None:
        self._number += 1

    def _pass_on_if_latest(self, number: int, then: Callable[[Any], None], answer: object) -> None:
        if number == self._number:
            then(answer)


def stale(shown: datetime | None, now: datetime, after: timedelta) -> bool:
    return shown is None or abs(now - shown) >= after


def write_to_reports_folder(
    context: StationContext, name: str, write: Callable[[Path], object], saved: Callable[[Path], None], failed: Refused
) -> None:
    """Let `write` make a file in the reports folder, replacing an earlier one; its name begins with the hall's code."""
    folder = context.services.folder
    if folder is None:
        return

    def work() -> Path:
        file = folder("reports") / f"{context.feed.setup.hall.code}-{name}"
        write(file)
        return file

    context.tasks.run_in_long_work_lane(work, saved, failed)


class TicketFileSaver(QObject):
    """`saved` gives the file written, `failed` the trouble."""

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    @property
    def can_save(self) -> bool:
        return self._context.services.paper is not None and self._context.services.folder is not None

    def save(self, day: date, ending: str) -> None:
        """Write the tickets of `day` beside the reports, replacing an earlier file of the same name."""
        if (paper := self._context.services.paper) is not None:
            write, name = partial(paper.save_day_tickets_table, day), f"{day.isoformat()}-tickets.{ending}"
            write_to_reports_folder(self._context, name, write, self.saved.emit, self.failed.emit)


class LazyTemporaryFolder:
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
            self._context.tasks.run_in_long_work_lane(folder.cleanup, lambda _done: None, lambda _trouble: None)


class PageController(SingleCommandRunner, Generic[R]):
    """Reads something anew when what it depends on has changed, or from time to time, and does one act at a time.
    `found` is what was read, None before; `changed` says that it is other than before, `unread` why nothing could be
    read. Each page's class defines how to read; the type checker refuses one that does not."""

    KEEPS = timedelta(seconds=3)
    """So old what was read may get, where only time tells."""

    changed = Signal()
    unread = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None, *, is_long: bool = False) -> None:
        super().__init__(context, parent)
        self._reading = BackgroundReader(context, self, is_long=is_long)
        self._looked: datetime | None = None
        self._known: object = None
        self._is_due = False
        self.found: R | None = None

    def may(self, verb: str) -> bool:
        who = self.context.who
        return who is not None and verb in MAY[who.role]

    def refresh(self, *, anew: bool = False) -> None:
        """Read in the background if what was read holds no more, or `anew` in any case: after what is being read, if
        something is. It is called at every event of the hall."""
        known, now = self._depends(), self.context.clock()
        if self._reading.is_on:
            self._is_due = self._is_due or anew or known != self._known
        elif anew or self._looked is None or known != self._known or self._is_old(abs(now - self._looked)):
            self._known, self._looked = known, now
            self._reading.read(self._reader(), self._take_read_and_go_on, self._handle_failed_read)

    def _take_read_and_go_on(self, read: R) -> None:
        self._take(read)
        self._read_again_if_due()

    def _handle_failed_read(self, trouble: QueueDeskError) -> None:
        if self._known is not None:
            self._looked = None  # what is not read from time to time is asked for again at once
        self._not_read(trouble)
        self._read_again_if_due()

    def _read_again_if_due(self) -> None:
        if self._is_due:
            self._is_due = False
            self.refresh(anew=True)

    @abstractmethod
    def _reader(self) -> Callable[[], R]:
        """Return what reads; it runs beside the window."""

    def _depends(self) -> object:
        """Return what has changed if what was read is to be read anew, None where only time tells."""
        return None

    def _is_old(self, since: timedelta) -> bool:
        """Whether what was read so long ago is read anew although nothing is known to have changed."""
        return self._known is None and since >= self.KEEPS

    def _take(self, read: R) -> None:
        """Keep what was read, and say so; of what is read from time to time only if it is other than before."""
        if self._known is not None or read != self.found:
            self.found = read
            self.changed.emit()

    def _not_read(self, trouble: QueueDeskError) -> None:
        """Leave what was known as it is."""
        self.unread.emit(trouble)


class MonthChoice(QObject):
    """The month that a page shows: this month at first, then those before it; none before the hall began (`first_day`),
    none to come. `turned` once it shows another."""

    turned = Signal()

    def __init__(self, context: StationContext, first_day: Callable[[], date], parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._first_day = context, first_day
        self._month: date | None = None

    @property
    def first(self) -> date:
        return self._month or self._context.feed.day.replace(day=1)

    @property
    def has_earlier_month(self) -> bool:
        return self._first_day() < self.first

    @property
    def has_later_month(self) -> bool:
        return self.first < self._context.feed.day.replace(day=1)

    def turn(self, months: int) -> None:
        if self.has_earlier_month if months < 0 else self.has_later_month:
            near = self.first + timedelta(days=-1 if months < 0 else 31)
            self.set_month_silently(near.replace(day=1))
            self.turned.emit()

    def set_month_silently(self, first: date) -> None:
        self._month = first


class PaperSaverAndPrinter(SingleCommandRunner):
    """Saves a page's papers in the folder of reports or prints them, one at a time. `saved` gives the file written,
    `printed` says that a printer accepted it. A page, or the controller behind it, has one and says how each paper is
    written."""

    saved = Signal(object)
    printed = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self.passing = LazyTemporaryFolder(context)

    @property
    def can_save(self) -> bool:
        return self.context.services.folder is not None

    @property
    def can_print(self) -> bool:
        return self.context.services.sheet_printer is not None

    def local_now(self) -> datetime:
        return self.context.feed.setup.local(self.context.clock())

    def printed_by(self) -> str | None:
        """Return who is here, as a paper names its maker."""
        who = self.context.who
        return staff_name(self.context.feed.setup, who.name, current_language()) if who is not None else None

    def stop(self) -> None:
        """Delete what was made for the printer."""
        self.passing.throw_away()

    def make(self, name: str, make: Callable[[Path], object], *, send: bool) -> None:
        """Let `make` write a file named …`name` into the reports folder, or aside to `send` it to the printer."""
        name = f"{self.context.feed.setup.hall.code}-{name}"
        printer, folder = self.context.services.sheet_printer, self.context.services.folder
        if printer is None or folder is None:
            return

        def work() -> Path:
            path = (self.passing.path if send else folder("reports")) / name
            make(path)
            if send:
                printer.print_pdf(path)
            return path

        self.start("print" if send else "save", work, self._emit_printed if send else self.saved.emit, is_long=True)

    def _emit_printed(self, _path: Path) -> None:
        self.printed.emit()
