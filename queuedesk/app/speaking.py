"""The hall's voice at the display: calls of the log are spoken, and what became of each is noted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject

from queuedesk.app import config, slips
from queuedesk.core.announcement import Announcement
from queuedesk.core.event import Event
from queuedesk.core.setup import Setup
from queuedesk.core.state import CallMade
from queuedesk.desk import announcing
from queuedesk.desk.change import Desk
from queuedesk.stations.feed_bridge import HallFeed
from queuedesk.voice.announcer import Announcer, Spoken, VoiceStatus
from queuedesk.voice.voicelock import VoiceLock

CALLS = frozenset({"call", "recall"})
ENDS = frozenset({"start", "finish", "miss", "return", "leave", "void", "redirect", "transfer", "reinstate"})
# What was called while this PC slept or the data was away is shown, but no longer shouted.
STALE = timedelta(minutes=1)
_SILENCE = {"none": "no_sound", "chime": "no_voice"}


def announcement_of(setup: Setup, call: Event | CallMade, *, recall: int = 0) -> Announcement:
    """Return what a call says: the number, the window as it hangs above it, and the way there."""
    code = call.window or ""
    spec = setup.windows.get(code)
    return Announcement(
        seq=call.seq,
        ticket=(call.label if isinstance(call, CallMade) else call.ticket) or "",
        window=(spec.name or spec.code) if spec else code,
        zone=spec.zone or None if spec else None,
        zone_en=spec.zone_en or None if spec else None,
        recall=recall,
        time=call.time,
    )


class HallVoice(QObject):
    """Speaks what the feed brings, as long as no other process on this PC does."""

    def __init__(
        self,
        desk: Desk,
        feed: HallFeed,
        station: str,
        clock: Callable[[], datetime],
        announcer: Callable[..., Announcer] = Announcer,
        *,
        tell: Callable[[str | None], None] = lambda _cause: None,
    ) -> None:
        """`tell` gets why a call could not be spoken, None for one that was; on the announcer's thread."""
        super().__init__()
        self._tell = tell
        self._desk, self._feed, self._station, self._clock = desk, feed, station, clock
        setup = feed.setup
        self._announcer = announcer(
            slips.languages(setup),
            self._note,
            call_gap_s=float(setup.number("call_gap_s")),
            lock=VoiceLock(config.voice_lock_file()),
        )
        feed.changed.connect(self._follow)

    def status(self) -> VoiceStatus:
        """Return how the voice stands; returns at once."""
        return self._announcer.status()

    def stop(self) -> None:
        """End the voice, in the middle of a word if need be."""
        self._feed.changed.disconnect(self._follow)
        self._announcer.stop()

    def _follow(self, events: list[Event]) -> None:
        for event in events:
            if event.ticket is None:
                continue
            if event.kind in CALLS:
                if self._clock() - event.at < STALE:
                    self._announcer.say(self._announcement(event))
            elif event.kind in ENDS:
                self._announcer.withdraw(event.ticket)

    def _announcement(self, event: Event) -> Announcement:
        day = event.date
        ticket = self._feed.state.tickets.get((day, event.ticket)) if day and event.ticket else None
        recall = max(0, ticket.round_calls - 1) if ticket and event.kind == "recall" else 0
        return announcement_of(self._feed.setup, event, recall=recall)

    def _note(self, spoken: Spoken) -> None:
        """Called on the announcer's thread, which lets trouble of the database go."""
        link = spoken.link if spoken.spoken else None
        self._tell(None if spoken.spoken else _SILENCE.get(spoken.link, "no_voice"))
        announcing.note_spoken(
            self._desk,
            spoken.seq,
            self._station,
            self._clock(),
            link=link,
            text=spoken.text,
            sound_ms=spoken.sound_ms,
        )
