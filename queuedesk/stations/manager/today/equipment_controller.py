"""Reads what the page of equipment shows: calls spoken, voices of this PC, other PCs, backups, refused access."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.network.roles import Refusal
from queuedesk.core.network.sharing import SharedPc
from queuedesk.core.talk.announcement import Said
from queuedesk.core.talk.device import MUTE, VOICE
from queuedesk.core.upkeep.backup_rule import BackupNote
from queuedesk.desk import reading
from queuedesk.desk.setup import setting_up
from queuedesk.desk.talk import announcing
from queuedesk.desk.upkeep import backing_up
from queuedesk.stations.manager.parts.page_controller import OneReading
from queuedesk.stations.window.context import StationContext

MOST_REFUSALS = 200
"""So many of the access journal are shown, the latest; `access list` tells all."""
REPORTED_WITHIN = timedelta(minutes=5)
"""A voice has said by then what it will ever say of a call: it waits for others, and for a recall that is not due
yet."""


class EquipmentController(QObject):
    """`heard` says that `rows` have changed, `known` that `voices` and `clips` have, `seen` that `pcs` or `proven`, the
    last backup's proof, have, `told` that `refusals` have, `silenced` that calls are only shown from now on, `refused`
    why they are not.

    What can't be read stays as it was.
    """

    heard = Signal()
    known = Signal()
    seen = Signal()
    told = Signal()
    silenced = Signal()
    refused = Signal(object)

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._calls, self._sharing = OneReading(context, self), OneReading(context, self)
        self._backups, self._journal = OneReading(context, self), OneReading(context, self)
        self._voices = OneReading(context, self, is_long=True)
        self.proven: datetime | None = None
        self._day: date | None = None
        self.rows: Sequence[Said] = ()
        self.voices: Mapping[str, Any] | None = None
        self.clips: Mapping[str, Any] | None = None
        self.pcs: Sequence[SharedPc] = ()
        self.pcs_told: datetime | None = None
        self.refusals: Sequence[Refusal] | None = None

    def read(self, day: date) -> None:
        """Read what was said of the calls of a date; for a day read before only what may have changed."""
        if self._calls.is_on:
            return
        if day != self._day:
            self._day, self.rows = day, ()
        settled = self.context.clock() - REPORTED_WITHIN
        since = next((one.seq for one in self.rows if one.time > settled), self.rows[-1].seq if self.rows else 0)
        self._calls.read(partial(announcing.said_on, self.context.desk, day, since), partial(self._take, day, since))

    def _take(self, day: date, since: int, found: Sequence[Said]) -> None:
        rows = [*(one for one in self.rows if one.seq < since), *found]
        if day == self._day and rows != list(self.rows):
            self.rows = rows
            self.heard.emit()

    def look_for_pcs(self) -> None:
        """Read which PCs share the hall and their last signs of life; a hall of one PC has none."""
        if (sharing := self.context.services.sharing) is not None and not self._sharing.is_on:
            self._sharing.read(sharing.pcs, partial(self._take_pcs, self.context.clock()))

    def _take_pcs(self, asked: datetime, pcs: Sequence[SharedPc]) -> None:
        self.pcs_told = asked
        if list(pcs) != list(self.pcs):
            self.pcs = pcs
            self.seen.emit()

    def look_at_backup(self) -> None:
        """Read when the hall's last backup was proven; a PC that may not know it shows nothing."""
        self._backups.read(partial(backing_up.note_of, self.context.desk), self._take_backup)

    def _take_backup(self, note: BackupNote) -> None:
        if note.proven != self.proven:
            self.proven = note.proven
            self.seen.emit()

    def read_refusals(self) -> None:
        """Read the end of the access journal."""
        self._journal.read(partial(reading.refusals, self.context.desk, most=MOST_REFUSALS), self._take_refusals)

    def _take_refusals(self, found: Sequence[Refusal]) -> None:
        if self.refusals is None or list(found) != list(self.refusals):
            self.refusals = found
            self.told.emit()

    def may_silence(self) -> bool:
        """Whether the person here may say that the hall has no loudspeaker, and a voice of it can't be heard."""
        who, feed = self.context.who, self.context.feed
        is_down = any(one.device == VOICE and one.cause in MUTE for one in feed.state.devices.values())
        return is_down and feed.setup.voice.spoken and who is not None and who.may("set-up")

    def silence(self) -> None:
        """Let calls only be shown: the hall has no loudspeaker."""
        desk, ask = self.context.desk, self.context.ask()
        work = partial(setting_up.change_part, desk, ask, "voice", {"spoken": False})
        self.context.tasks.run(work, self._silenced, self.refused.emit)

    def _silenced(self, _document: object) -> None:
        self.silenced.emit()

    def ask_pc(self) -> None:
        """Find out what this PC can speak with; an engine that is starting takes some seconds."""
        trials, setup = self.context.services.voice_trials, self.context.feed.setup
        if trials is not None:
            self._voices.read(lambda: (trials.voices(), trials.clips(setup)), self._know)

    def _know(self, found: tuple[Mapping[str, Any], Mapping[str, Any]]) -> None:
        self.voices, self.clips = found
        self.known.emit()
