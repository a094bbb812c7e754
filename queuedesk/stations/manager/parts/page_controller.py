"""What pages of the manager's ask for beside the window: reading and acts of a page, papers saved or printed."""

from __future__ import annotations

import tempfile
from abc import abstractmethod
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.people import MAY
from queuedesk.i18n import current
from queuedesk.i18n.names import staff_name
from queuedesk.stations.window.context import StationContext


class PageController(QObject):
    """Reads something now and then and does one act at a time.

    `busy` names what is under way, "" while nothing is; `changed` says that what is known is other than before,
    `refused` the trouble and of what. A page's own class says what reads and keeps what was read; the type checker
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
        self._reading = False
        self._looked: datetime | None = None

    def may(self, verb: str) -> bool:
        """Whether the person here may do that."""
        who = self.context.who
        return who is not None and verb in MAY[who.role]

    # -- what is known -----------------------------------------------------------------------------------------------

    def look_again(self) -> None:
        """Read it once more if that was a while ago: who asks is told of every event of the hall."""
        if self._looked is None or abs(self.context.clock() - self._looked) >= self.KEEPS:
            self.look()

    def look(self) -> None:
        """Read it now, beside everything else."""
        if self._reading:
            return
        self._reading, self._looked = True, self.context.clock()
        self.context.tasks.run_aside(self._reader(), self._was_read, self._was_not_read, may_drop=True)

    @abstractmethod
    def _reader(self) -> Callable[[], Any]:
        """Return what reads; it runs beside the window."""

    @abstractmethod
    def _take(self, read: Any) -> None:
        """Keep what was read, and say if it is other than before."""

    def _not_read(self, trouble: QueueDeskError) -> None:
        """Leave what was known as it is."""

    def _was_read(self, read: Any) -> None:
        self._reading = False
        self._take(read)

    def _was_not_read(self, trouble: QueueDeskError) -> None:
        self._reading = False
        self._not_read(trouble)

    # -- what is asked for -------------------------------------------------------------------------------------------

    def _run(self, what: str, work: Callable[[], Any], done: Callable[[Any], object], *, is_long: bool = False) -> None:
        """Do it on the lane of commands, or on that of long work, unless something is being done."""
        if self.busy:
            return
        self._set_busy(what)
        lane = self.context.tasks.run_long if is_long else self.context.tasks.run
        lane(work, partial(self._done, done), partial(self._refused, what))

    def _done(self, then: Callable[[Any], object], answer: Any) -> None:
        self._set_busy("")
        then(answer)

    def _refused(self, what: str, trouble: QueueDeskError) -> None:
        self._set_busy("")
        self.refused.emit(what, trouble)

    def _set_busy(self, what: str) -> None:
        self.busy = what
        self.changed.emit()


class PaperController(QObject):
    """Keeps a page's papers in the folder of reports or prints them.

    `saved` gives the file written, `printed` says that a printer took it, `refused` gives the trouble with either,
    `busy_changed` says whether a paper is being made.
    """

    refused = Signal(object)
    saved = Signal(object)
    printed = Signal()
    busy_changed = Signal(bool)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._folder = tempfile.TemporaryDirectory(prefix="queuedesk-page-", ignore_cleanup_errors=True)

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
        """Throw what was made for the printer away."""
        self.context.tasks.run_long(self._folder.cleanup, _nothing, _nothing)  # behind what is still printed from there

    def _make(self, name: str, make: Callable[[Path], Any], *, send: bool) -> None:
        """Let `make` write a file whose name ends in `name`, into the folder of reports, or aside to `send` it to this
        PC's printer."""
        name = f"{self.context.feed.setup.hall.code}-{name}"
        printer, folder = self.context.services.sheet_printer, self.context.services.folder
        if printer is None or folder is None:
            return
        self.busy_changed.emit(True)

        def work() -> Path:
            path = (Path(self._folder.name) if send else folder("reports")) / name
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


def _nothing(*_said: object) -> None:
    """What the system can't take away now it takes away with its other temporary files."""
