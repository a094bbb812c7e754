"""Speaks the hall's calls one after another, and says of each whether it was heard."""

import contextlib
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.talk.announcement import Announcement
from queuedesk.paths import resource
from queuedesk.voice.chain import Chain
from queuedesk.voice.engine_process import EngineProcess
from queuedesk.voice.player import Player, SoundPlayer
from queuedesk.voice.saying import Voicing
from queuedesk.voice.speaker import Speaker
from queuedesk.voice.spoken import NO_SOUND, Manner, Spoken, VoiceStatus, Words
from queuedesk.voice.voicelock import VoiceLock
from queuedesk.voice.waiting_calls import Turn, WaitingCalls, WordsTurn
from queuedesk.watch import Watched, report

_STOP_S = 0.9
_KEPT = 50


class Announcer:
    """Owns the voice of this PC: its thread, the engine's process and the player.

    Each call is a chime and then its sentence in every language, the whole as often as the hall says (zh, en, zh, en):
    who missed the first hears the second only after the others have heard theirs too. Nothing overlaps, and no number
    begins more than 15 s behind its picture: while others wait nothing is repeated, several at once go into one
    announcement, the second language is left out where it would cost somebody the time, and what even so comes too late
    is reported as not spoken.
    """

    def __init__(
        self,
        manner: Callable[[], Manner],
        report: Callable[[Spoken], None],
        player: SoundPlayer | None = None,
        chain: Chain | None = None,
        *,
        lock: VoiceLock | None = None,
        chime: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start at once.

        Args:
            manner: how to speak now; asked on the announcer's own thread and on that of `say`. report: gets one Spoken
            per call or notice, on the announcer's own thread; a QueueDeskError it raises is let go. lock: without it
            this announcer speaks whoever else does. clock: steady seconds; measures gaps and delays, never shown.
        """
        self._manner = manner
        self._report = report
        self._chain = chain or Chain()
        self._player: SoundPlayer = player or system_player(self._chain)
        self._lock = lock
        self._clock = clock
        self._changed = threading.Condition()
        self._calls = WaitingCalls(manner().gap_s)
        self._folder = tempfile.TemporaryDirectory(prefix="queuedesk-voice-", ignore_cleanup_errors=True)
        self._voicing = Voicing(self._chain, Path(self._folder.name), chime or resource("sounds", "chime.wav"))
        self._speaker = Speaker(self._calls, self._changed, self._player, self._voicing, tell=self._tell, clock=clock)
        self._is_stopping = False
        self._is_speaker = False
        self._missing: tuple[str, ...] = ()
        self._recent: deque[Spoken] = deque(maxlen=_KEPT)
        self._silent: deque[Spoken] = deque(maxlen=_KEPT)
        self._turn: Turn | WordsTurn | None = None
        self._told: set[int] = set()
        self._thread = Watched(self._run, "announcer", failed=self._failed)
        self._thread.start()

    def say(self, announcement: Announcement) -> None:
        """Take a call to be spoken; returns at once."""
        gap_s = self._manner().gap_s
        with self._changed:
            self._calls.gap_s = gap_s
            self._calls.add(announcement, self._clock())
            self._changed.notify()

    def say_words(self, words: Words) -> None:
        """Take a notice; it is read where no call waits, between its sentences calls go first. Returns at once."""
        with self._changed:
            self._calls.add_words(words, self._clock())
            self._changed.notify()

    def withdraw(self, ticket: str) -> None:
        """Drop what waits for a ticket whose customer has come or gone; what is being spoken goes on. Not reported."""
        with self._changed:
            self._calls.withdraw(ticket)

    def withdraw_words(self, seq: int) -> None:
        """Drop a notice that has ended; of one that is being read the sentence is finished. Not reported unless some of
        it was read."""
        with self._changed:
            self._calls.withdraw_words(seq)
            self._speaker.withdraw_words(seq)

    def available_languages(self) -> tuple[str, ...]:
        """Return the hall's languages that have a voice, as last seen."""
        return self.status().languages

    def status(self) -> VoiceStatus:
        """Return how the voice stands; returns at once."""
        languages = self._manner().languages
        with self._changed:
            return VoiceStatus(
                is_speaker=self._is_speaker,
                player=self._player.name,
                languages=tuple(each for each in languages if each not in self._missing),
                missing=self._missing,
                waiting=len(self._calls),
                last=self._recent[-1] if self._recent else None,
                silent=tuple(self._silent),
                recent=tuple(self._recent),
                restarts=self._chain.restarts,
            )

    def stop(self) -> None:
        """End the voice within a second, in the middle of a word if need be; what waits is neither spoken nor
        reported."""
        with self._changed:
            self._is_stopping = self._speaker.is_stopping = True
            self._changed.notify()
        self._player.stop()
        self._chain.close()
        self._thread.join(_STOP_S)
        self._folder.cleanup()
        if self._lock is not None:
            self._lock.release()

    def _run(self) -> None:
        self._take_over()
        while (turn := self._next_turn()) is not None:
            # Another process on this PC speaks and reports the same call.
            if self._is_speaker or self._take_over():
                self._turn, self._told = turn, set()
                spoken = self._speaker.say(turn, self._manner())
                self._turn = None
                if spoken is not None:
                    self._note_missing(spoken)

    def _failed(self, _bug: BaseException) -> None:
        """Say of what a bug cut short that it was not heard, and begin anew."""
        turn, self._turn = self._turn, None
        if isinstance(turn, Turn):
            calls = [item.announcement for item in (*turn.items, *turn.too_late)]
            named: list[tuple[int, str | None, str]] = [(call.seq, call.ticket, call.window) for call in calls]
        else:
            named = [(turn.words.seq, None, "")] if turn is not None else []
        for seq, ticket, window in named:
            if seq not in self._told:
                silent = Spoken(
                    seq=seq,
                    link="none",
                    spoken=False,
                    text="",
                    sound_ms=0,
                    cause=NO_SOUND,
                    ticket=ticket,
                    window=window,
                )
                try:
                    self._tell(silent)
                except Exception as again:  # noqa: BLE001 - whoever is told met a bug too
                    report(again)

    def _take_over(self) -> bool:
        """Become this PC's speaker if nobody else is; look then which voices there are."""
        if self._lock is not None and not self._lock.take():
            return False
        self._chain.start()
        spoken = self._chain.available_languages()
        self._note_missing(spoken)
        with self._changed:
            self._is_speaker = True
        return True

    def _note_missing(self, spoken: tuple[str, ...]) -> None:
        missing = tuple(each for each in self._manner().languages if each not in spoken)
        with self._changed:
            self._missing = missing

    def _next_turn(self) -> Turn | WordsTurn | None:
        """Wait for what is due next; None when the announcer ends."""
        with self._changed:
            while not self._is_stopping:
                now_s = self._clock()
                turn = self._calls.take(now_s, self._voicing.lengths(self._manner()))
                if turn is not None:
                    return turn
                self._changed.wait(self._calls.wait_s(now_s))
            return None

    def _tell(self, spoken: Spoken) -> None:
        """Keep and report what became of one thing, on the announcer's own thread."""
        player = self._player.take_fault() if isinstance(self._player, Player) else None
        spoken = replace(spoken, engine_fault=self._chain.take_fault(), player_fault=player)
        self._told.add(spoken.seq)
        with self._changed:
            self._recent.append(spoken)
            if not spoken.spoken:
                self._silent.append(spoken)
        # The hall's database is away, or the hall works elsewhere by now; the status keeps what happened.
        with contextlib.suppress(QueueDeskError):
            self._report(spoken)


def system_player(chain: Chain) -> SoundPlayer:
    """Return this system's player: a program, or on Windows the engine's process with winsound."""
    for link in chain.links:
        if isinstance(link, EngineProcess) and link.plays:
            return link
    return Player()
