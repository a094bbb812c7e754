"""What the page of the equipment reads beside the hall's state: what the voice made of today's calls, what this PC can
speak by, who was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.people import Refusal
from queuedesk.core.network.sharing import SharedPc
from queuedesk.core.talk.playback import Said
from queuedesk.core.upkeep.backup_rule import BackupNote
from queuedesk.desk import reading
from queuedesk.desk.change import Desk
from queuedesk.desk.talk import announcing
from queuedesk.desk.upkeep import backing_up
from queuedesk.stations.window.context import StationContext

MOST_REFUSALS = 200
"""So many of the access journal are shown, the latest; `access list` tells all."""
REPORTED_WITHIN = timedelta(minutes=5)
"""A voice has said by then what it will ever say of a call: it waits for others, and for a recall that is not due
yet."""


class EquipmentController(QObject):
    """`heard` says that `rows` are others now, `known` that `voices` and `clips` are, `seen` that `pcs` or `proven`,
    the last backup's proof, are, `told` that `refusals` are.

    What can't be read stays as it was.
    """

    heard = Signal()
    known = Signal()
    seen = Signal()
    told = Signal()

    def __init__(
        self,
        context: StationContext,
        *,
        said_on: Callable[[Desk, date, int], Sequence[Said]] = announcing.said_on,
        refusals: Callable[..., Sequence[Refusal]] = reading.refusals,
        note_of: Callable[[Desk], BackupNote] = backing_up.note_of,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.context = context
        self._said_on, self._refusals, self._note_of = said_on, refusals, note_of
        self._backing = False
        self.proven: datetime | None = None
        self._reading = self._asking = self._looking = self._telling = False
        self._day: date | None = None
        self.rows: Sequence[Said] = ()
        self.voices: Mapping[str, Any] | None = None
        self.clips: Mapping[str, Any] | None = None
        self.pcs: Sequence[SharedPc] = ()
        self.refusals: Sequence[Refusal] | None = None

    def read(self, day: date) -> None:
        """Read what was said of the calls of a date; of a day that was read before only what can have changed."""
        if self._reading:
            return
        self._reading = True
        if day != self._day:
            self._day, self.rows = day, ()
        settled = self.context.clock() - REPORTED_WITHIN
        since = next((one.seq for one in self.rows if one.time > settled), self.rows[-1].seq if self.rows else 0)
        work = partial(self._said_on, self.context.desk, day, since)
        self.context.tasks.run_aside(work, partial(self._take, day, since), self._not_read, may_drop=True)

    def _take(self, day: date, since: int, found: Sequence[Said]) -> None:
        self._reading = False
        rows = [*(one for one in self.rows if one.seq < since), *found]
        if day == self._day and rows != list(self.rows):
            self.rows = rows
            self.heard.emit()

    def _not_read(self, _trouble: QueueDeskError) -> None:
        self._reading = False  # The page's banner says when the hall's file is away.

    def look_for_pcs(self) -> None:
        """Read which PCs share the hall and when each was seen; a hall of one PC has none."""
        sharing = self.context.services.sharing
        if self._looking or sharing is None:
            return
        self._looking = True
        self.context.tasks.run_aside(sharing.pcs, self._take_pcs, self._no_pcs, may_drop=True)

    def _take_pcs(self, pcs: Sequence[SharedPc]) -> None:
        self._looking = False
        if list(pcs) != list(self.pcs):
            self.pcs = pcs
            self.seen.emit()

    def _no_pcs(self, _trouble: QueueDeskError) -> None:
        self._looking = False

    def look_at_backup(self) -> None:
        """Read when the hall's last backup was proven; a PC that may not know it says nothing."""
        if not self._backing:
            self._backing = True
            self.context.tasks.run_aside(partial(self._note_of, self.context.desk), self._take_backup, self._no_backup)

    def _take_backup(self, note: BackupNote) -> None:
        self._backing = False
        if note.proven != self.proven:
            self.proven = note.proven
            self.seen.emit()

    def _no_backup(self, _trouble: QueueDeskError) -> None:
        self._backing = False

    def read_refusals(self) -> None:
        """Read the end of the access journal."""
        if self._telling:
            return
        self._telling = True
        work = partial(self._refusals, self.context.desk, most=MOST_REFUSALS)
        self.context.tasks.run_aside(work, self._take_refusals, self._no_refusals)

    def _take_refusals(self, found: Sequence[Refusal]) -> None:
        self._telling = False
        if self.refusals is None or list(found) != list(self.refusals):
            self.refusals = found
            self.told.emit()

    def _no_refusals(self, _trouble: QueueDeskError) -> None:
        self._telling = False

    def ask_pc(self) -> None:
        """Ask what this PC can speak by; an engine that still starts takes some seconds."""
        trials = self.context.services.voice_trials
        if self._asking or trials is None:
            return
        self._asking, setup = True, self.context.feed.setup
        self.context.tasks.run_long(
            lambda: (trials.voices(), trials.clips(setup)), self._know, self._not_known, may_drop=True
        )

    def _know(self, found: tuple[Mapping[str, Any], Mapping[str, Any]]) -> None:
        self._asking = False
        self.voices, self.clips = found
        self.known.emit()

    def _not_known(self, _trouble: QueueDeskError) -> None:
        self._asking = False
