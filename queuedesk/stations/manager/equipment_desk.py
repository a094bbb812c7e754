"""What the page of the equipment reads beside the hall's state: what the voice made of today's calls, what this PC can speak by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.said import Said
from queuedesk.desk import announcing
from queuedesk.desk.change import Desk
from queuedesk.stations.context import StationContext


class EquipmentDesk(QObject):
    """`heard` says that `rows` are others now, `known` that `voices` and `clips` are; what can't be read stays as it was."""

    heard = Signal()
    known = Signal()

    def __init__(
        self,
        context: StationContext,
        *,
        said_on: Callable[[Desk, date], Sequence[Said]] = announcing.said_on,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.context = context
        self._said_on = said_on
        self._reading = self._asking = False
        self.rows: Sequence[Said] = ()
        self.voices: Mapping[str, Any] | None = None
        self.clips: Mapping[str, Any] | None = None

    def read(self, day: date) -> None:
        """Read what was said of the calls of a date."""
        if not self._reading:
            self._reading = True
            work = partial(self._said_on, self.context.desk, day)
            self.context.tasks.run_aside(work, self._take, self._not_read)

    def _take(self, rows: Sequence[Said]) -> None:
        self._reading = False
        if list(rows) != list(self.rows):
            self.rows = rows
            self.heard.emit()

    def _not_read(self, _trouble: QueueDeskError) -> None:
        self._reading = False  # The page's banner says when the hall's file is away.

    def ask_pc(self) -> None:
        """Ask what this PC can speak by; an engine that still starts takes some seconds."""
        tools = self.context.tools
        if self._asking or "voices" not in tools:
            return
        self._asking, setup = True, self.context.feed.setup
        self.context.tasks.run_long(lambda: (tools["voices"](), tools["clips"](setup)), self._know, self._not_known)

    def _know(self, found: tuple[Mapping[str, Any], Mapping[str, Any]]) -> None:
        self._asking = False
        self.voices, self.clips = found
        self.known.emit()

    def _not_known(self, _trouble: QueueDeskError) -> None:
        self._asking = False
