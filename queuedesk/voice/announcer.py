"""Speaks the hall's calls one after another, and says of each whether it was heard."""

import contextlib
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from queuedesk.core.announcement import Announcement
from queuedesk.core.errors import OutsideError
from queuedesk.paths import resource
from queuedesk.voice import sound
from queuedesk.voice.chain import Chain
from queuedesk.voice.engine_process import EngineProcess
from queuedesk.voice.engines import LinkName
from queuedesk.voice.phrases import phrase, shown_phrase
from queuedesk.voice.player import Player
from queuedesk.voice.sound import Samples, Silence
from queuedesk.voice.voicelock import VoiceLock
from queuedesk.voice.waiting_calls import Turn, WaitingCalls

AFTER_CHIME = Silence(0.25)
BETWEEN = Silence(0.4)

_STOP_S = 0.9
_SILENT_KEPT = 50


@dataclass(frozen=True, slots=True)
class Spoken:
    """What became of one call."""

    seq: int
    link: LinkName
    """The last link that was needed for it; "chime" when no voice could be had, "none" when nothing was played."""
    spoken: bool
    """Whether a player said that a voice was played to its end; a chime alone is not spoken."""
    text: str
    """The call as it is shown, in the languages that were spoken, or in all of the hall's when none was."""
    sound_ms: int
    """Length of what was played, 0 when nothing was."""


@dataclass(frozen=True, slots=True)
class VoiceStatus:
    """How the voice stands, for the manager's station."""

    is_speaker: bool
    """False when another process on this PC speaks."""
    player: str | None
    languages: tuple[str, ...]
    """The hall's languages that have a voice here."""
    missing: tuple[str, ...]
    """The hall's languages that have none and are left out."""
    waiting: int
    last: Spoken | None
    silent: tuple[Spoken, ...]
    """The latest calls that were not spoken, newest last."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How one turn went: by which link, in which languages a voice was heard, for how long."""

    link: LinkName = "none"
    languages: tuple[str, ...] = ()
    sound_ms: int = 0


class SoundPlayer(Protocol):
    """Plays one wav at a time; only `stop` may come from another thread."""

    @property
    def name(self) -> str | None: ...

    def play(self, path: Path, length_s: float) -> bool: ...

    def stop(self) -> None: ...


class Announcer:
    """Owns the voice of this PC: its thread, the engine's process and the player.

    Each call is a chime and then its sentence in every language, the whole twice over (zh, en, zh, en): who missed the
    first hears the second only after the others have heard theirs too. Calls never overlap.
    """

    def __init__(
        self,
        languages: Sequence[str],
        report: Callable[[Spoken], None],
        player: SoundPlayer | None = None,
        chain: Chain | None = None,
        *,
        call_gap_s: float = 20.0,
        lock: VoiceLock | None = None,
        chime: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start at once.

        Args:
            languages: the hall's, in the order in which they are spoken.
            report: gets one Spoken per call, on the announcer's own thread; an OutsideError it raises is let go.
            call_gap_s: least time from one announcement of a ticket to its recall's.
            lock: without it this announcer speaks whoever else does.
            clock: steady seconds; measures gaps and delays, never shown.
        """
        self._languages = tuple(languages)
        self._report = report
        self._chain = chain or Chain()
        self._player = player or _system_player(self._chain)
        self._lock = lock
        self._chime = chime or resource("sounds", "chime.wav")
        self._clock = clock
        self._changed = threading.Condition()
        self._calls = WaitingCalls(call_gap_s)
        self._is_stopping = False
        self._is_speaker = False
        self._missing: tuple[str, ...] = ()
        self._last: Spoken | None = None
        self._silent: deque[Spoken] = deque(maxlen=_SILENT_KEPT)
        self._thread = threading.Thread(target=self._run, name="announcer", daemon=True)
        self._thread.start()

    def say(self, announcement: Announcement) -> None:
        """Take a call to be spoken; returns at once."""
        with self._changed:
            self._calls.add(announcement, self._clock())
            self._changed.notify()

    def withdraw(self, ticket: str) -> None:
        """Drop what waits for a ticket whose customer has come or gone; what is being spoken goes on. Not reported."""
        with self._changed:
            self._calls.withdraw(ticket)

    def available_languages(self) -> tuple[str, ...]:
        """Return the hall's languages that have a voice, as last seen."""
        return self.status().languages

    def status(self) -> VoiceStatus:
        """Return how the voice stands; returns at once."""
        with self._changed:
            return VoiceStatus(
                is_speaker=self._is_speaker,
                player=self._player.name,
                languages=tuple(each for each in self._languages if each not in self._missing),
                missing=self._missing,
                waiting=len(self._calls),
                last=self._last,
                silent=tuple(self._silent),
            )

    def stop(self) -> None:
        """End the voice within a second, in the middle of a word if need be; what waits is neither spoken nor reported."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify()
        self._player.stop()
        self._chain.close()
        self._thread.join(_STOP_S)
        if self._lock is not None:
            self._lock.release()

    def _run(self) -> None:
        with tempfile.TemporaryDirectory(prefix="queuedesk-voice-") as folder:
            self._take_over()
            while (turn := self._next_turn()) is not None:
                # Another process on this PC speaks and reports the same call.
                if self._is_speaker or self._take_over():
                    self._finish(turn, self._speak(turn, Path(folder)))

    def _take_over(self) -> bool:
        """Become this PC's speaker if nobody else is; look then which voices there are."""
        if self._lock is not None and not self._lock.take():
            return False
        self._chain.start()
        spoken = self._chain.available_languages()
        with self._changed:
            self._is_speaker = True
            self._missing = tuple(each for each in self._languages if each not in spoken)
        return True

    def _next_turn(self) -> Turn | None:
        """Wait for the next call that is due; None when the announcer ends."""
        with self._changed:
            while not self._is_stopping:
                now_s = self._clock()
                turn = self._calls.take(now_s)
                if turn is not None:
                    return turn
                self._changed.wait(self._calls.wait_s(now_s))
            return None

    def _speak(self, turn: Turn, folder: Path) -> _Outcome:
        voiced = self._voice(turn, folder)
        parts: list[Samples | Silence] = []
        with contextlib.suppress(OutsideError):  # a voice without a chime is still a voice
            parts += [sound.read(self._chime), AFTER_CHIME]
        for _time in range(turn.times):
            for _link, samples in voiced.values():
                parts += [samples, BETWEEN]
        if not parts:
            return _Outcome()
        try:
            length_s = sound.write(parts, folder / "call.wav")
        except OutsideError:
            return _Outcome()
        if not self._player.play(folder / "call.wav", length_s):
            return _Outcome()
        link: LinkName = "chime"
        if voiced:
            link = max((link for link, _samples in voiced.values()), key=self._chain.place)
        return _Outcome(link, tuple(voiced), round(length_s * 1000))

    def _voice(self, turn: Turn, folder: Path) -> dict[str, tuple[LinkName, Samples]]:
        """Return the sound of the call in each language that has a voice, and the link that gave it."""
        voiced: dict[str, tuple[LinkName, Samples]] = {}
        for language in self._languages:
            path = folder / f"{language}.wav"
            link = self._chain.synthesise(phrase(turn.announcement, language), language, path)
            if link is not None:
                with contextlib.suppress(OutsideError):  # what can't be read is as good as not spoken
                    voiced[language] = (link, sound.read(path))
        with self._changed:
            self._missing = tuple(each for each in self._languages if each not in voiced)
        return voiced

    def _finish(self, turn: Turn, outcome: _Outcome) -> None:
        if self._is_stopping:
            return
        text = " ".join(shown_phrase(turn.announcement, each) for each in outcome.languages or self._languages)
        for seq in turn.seqs:
            spoken = Spoken(seq, outcome.link, bool(outcome.languages), text, outcome.sound_ms)
            with self._changed:
                self._last = spoken
                if not spoken.spoken:
                    self._silent.append(spoken)
                    self._calls.was_silent(turn.announcement.ticket)
            with contextlib.suppress(OutsideError):  # the hall's database is away; the status keeps what happened
                self._report(spoken)


def _system_player(chain: Chain) -> SoundPlayer:
    """Return this system's player: a program, or on Windows the engine's process with winsound."""
    for link in chain.links:
        if isinstance(link, EngineProcess) and link.plays:
            return link
    return Player()
