"""Reads what the page of equipment shows, and tries and notes what is checked before a window opens; no widgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.roles import MAY, Actor, Refusal
from queuedesk.core.network.sharing import SharedPc
from queuedesk.core.queue.overview import set_up
from queuedesk.core.setup.rows import offered_languages
from queuedesk.core.talk.announcement import Said
from queuedesk.core.talk.device import MUTE, VOICE, Key
from queuedesk.core.talk.opening_checks import ANYWHERE, Wanted, is_asked, wanted
from queuedesk.core.upkeep import BackupNote
from queuedesk.desk import reading
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.setup import setting_up
from queuedesk.desk.talk import announcing, checking
from queuedesk.desk.upkeep import backing_up
from queuedesk.features.equipment import verbs
from queuedesk.features.equipment.words import trial_text
from queuedesk.stations.manager.parts.page_controller import OneReading
from queuedesk.stations.window.context import OneCommand, StationContext

# -- the page ----------------------------------------------------------------------------------------------------------

MOST_REFUSALS = 200
"""So many of the access journal are shown, the latest; `access list` tells all."""
REPORTED_WITHIN = timedelta(minutes=5)
"""A voice has said by then what it will ever say of a call: it waits for others, and for a recall that is not due
yet."""


class EquipmentController(OneCommand):
    """`heard` says that `rows` have changed, `known` that `voices` and `clips` have, `seen` that `pcs` or `proven`, the
    last backup's proof, have, `told` that `refusals` have, `silenced` that calls are only shown from now on.

    What can't be read stays as it was.
    """

    heard = Signal()
    known = Signal()
    seen = Signal()
    told = Signal()
    silenced = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
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
        work = partial(setting_up.change_part, self.context.desk, self.context.ask(), "voice", {"spoken": False})
        self.start("set-up", work, lambda _document: self.silenced.emit())

    def ask_pc(self) -> None:
        """Find out what this PC can speak with; an engine that is starting takes some seconds."""
        trials, setup = self.context.services.voice_trials, self.context.feed.setup
        if trials is not None:
            self._voices.read(lambda: (trials.voices(), trials.clips(setup)), self._know)

    def _know(self, found: tuple[Mapping[str, Any], Mapping[str, Any]]) -> None:
        self.voices, self.clips = found
        self.known.emit()


# -- checks before a window opens --------------------------------------------------------------------------------------


def may_check(context: StationContext) -> bool:
    """Whether the person here may check the hall's equipment now, and the hall wants it."""
    who, feed = context.who, context.feed
    return (
        who is not None and "check" in MAY[who.role] and who.is_staff and is_asked(feed.setup) and not feed.away_since
    )


class Checking(QObject):
    """Tries devices and notes what `who` found. `changed` after every relevant event, `refused` with what could not be
    noted."""

    changed = Signal()
    refused = Signal(object)

    def __init__(
        self,
        context: StationContext,
        who: Actor,
        *,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._who = context, who
        self._tried: set[Key] = set()
        context.feed.changed.connect(self._follow)
        context.feed.replaced.connect(self._follow)

    def rows(self) -> list[Wanted]:
        """Return the devices to check today, passed or not, in order; none if the hall wants no checks."""
        context, state = self._context, self._context.feed.state
        if not is_asked(set_up(state)):
            return []
        today = [check for check in state.checks if check.date == context.feed.day]
        return wanted(set_up(state), state.devices, today, context.clock())

    def lacking(self) -> int:
        """Return how many checks are still missing."""
        return sum(one.lack is not None for one in self.rows())

    def was_tried(self, key: Key) -> bool:
        """Whether it was tried from here; before that, a device that only reports when tried has no name."""
        return key in self._tried or (key[0], ANYWHERE) in self._tried

    def try_out(self, key: Key) -> None:
        """Make it speak, show or print for a moment."""
        known = offered_languages(set_up(self._context.feed.state))
        self._tried.add(key)
        text, text_en = trial_text(key[0], known[0]), trial_text(key[0], "en") if "en" in known else ""
        self._do(partial(verbs.try_out, text=text, text_en=text_en), key)

    def passes(self, key: Key) -> None:
        """Note that it works."""
        self._do(checking.check, key)

    def fails(self, key: Key, cause: str) -> None:
        """Note what is wrong with it."""
        self._do(partial(checking.check, failed=cause), key)

    def stop(self) -> None:
        """Stop following the hall."""
        self._context.feed.changed.disconnect(self._follow)
        self._context.feed.replaced.disconnect(self._follow)

    def _do(self, act: Callable[[Desk, Ask, str, str | None], Document], key: Key) -> None:
        context, ask = self._context, self._context.ask(self._who)
        context.tasks.run(lambda: act(context.desk, ask, key[0], key[1] or None), self._done, self._refuse)

    def _done(self, _document: object) -> None:
        self.changed.emit()

    def _refuse(self, trouble: QueueDeskError) -> None:
        self.refused.emit(trouble)

    def _follow(self, *_events: object) -> None:
        self.changed.emit()
