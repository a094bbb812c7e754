"""What a page of taken-over figures asks for: reading them and a file, putting them in, keeping them as a file; beside
the window."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.log.event import Event
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.one_command import OneCommand


class IntakeController(OneCommand):
    """`changed` says that the figures or the preview are others; `failed` gives trouble with a file, `saved` the file
    written.

    `KIND` is the kind of event after which the figures are read again.
    """

    KIND = ""
    changed = Signal()
    failed = Signal(object)
    saved = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self._is_read = False
        self._asked = 0
        context.feed.changed.connect(self._follow)
        context.feed.replaced.connect(self._read_if_known)
        context.feed.back.connect(self._read_if_known)
        self.done.connect(self._done_with)

    # -- for subclasses ----------------------------------------------------------------------------------------------

    @abstractmethod
    def read(self) -> Any:
        """Return the figures; it runs beside the window."""

    @abstractmethod
    def take(self, found: Any) -> None:
        """Keep what was read."""

    @abstractmethod
    def forget_preview(self) -> None:
        """Let go of the file that is looked at."""

    @abstractmethod
    def open_file(self, path: Path) -> None:
        """Read a file to look at; nothing is put in."""

    @abstractmethod
    def take_over(self) -> None:
        """Put the file that is looked at into the log."""

    @abstractmethod
    def save(self, ending: str) -> None:
        """Write everything into the folder of reports, as a file of that kind."""

    @property
    def can_save(self) -> bool:
        """Whether there is a folder to save in."""
        return self.context.services.folder is not None

    # -- reading -----------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Read the figures when the page is first looked at; from then on they follow the log."""
        if not self._is_read:
            self._is_read = True
            self.read_again()

    def read_again(self) -> None:
        self._asked += 1
        number = self._asked

        def good(found: Any) -> None:
            if number == self._asked:
                self.take(found)
                self.changed.emit()

        self.context.tasks.run_long(self.read, good, self.failed.emit, may_drop=True)

    def read_file(self, work: Callable[[], Any], good: Callable[[Any], None]) -> None:
        """Read a file beside the window; `good` keeps it as the preview."""

        def take(found: Any) -> None:
            good(found)
            self.changed.emit()

        self.context.tasks.run_long(work, take, self.failed.emit, may_drop=True)

    def leave_out(self) -> None:
        """Forget the file that is looked at; nothing was put in."""
        self.forget_preview()
        self.changed.emit()

    def write(self, name: str, write: Callable[[Path], object]) -> None:
        """Let `write` make a file in the folder of reports, in place of an earlier one of that name."""
        folder = self.context.services.folder
        if folder is None:
            return

        def work() -> Path:
            path = folder("reports") / f"{self.context.feed.setup.hall.code}-{name}"
            write(path)
            return path

        self.context.tasks.run_long(work, self.saved.emit, self.failed.emit)

    def _follow(self, events: list[Event]) -> None:
        if any(event.kind in (self.KIND, "set-up") for event in events):
            self._read_if_known()

    def _read_if_known(self) -> None:
        if self._is_read:
            self.read_again()

    def _done_with(self, verb: str, _document: object) -> None:
        if verb == "import":
            self.forget_preview()
        self.read_again()
