"""Reads a screen aloud to one person: the newest text cuts off the one before."""

import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from queuedesk.core.errors import OutsideError
from queuedesk.voice import sound
from queuedesk.voice.announcer import system_player
from queuedesk.voice.engine_process import Chain
from queuedesk.voice.phrases import words_phrase
from queuedesk.voice.sound import Player, SoundPlayer
from queuedesk.watch import Watched

VOLUMES_PCT = (6, 13, 25, 50, 100)
"""Steps of about 6 dB, 24 dB from end to end; EN 301 549 (8.2.1) asks for 18 dB and one step 12 dB above the lowest."""
USUAL_VOLUME = 3
"""The third of the five steps, to which every customer comes."""
_PEAK = 30_000
_FULL_PCT = 100


class Prompts:
    """Speaks texts in parts, each begun as soon as it is ready. Every function returns at once and may come from any
    thread.

    `heard` is called for each text that was not cut off, with whether a player reported that all of it was played.
    """

    def __init__(
        self,
        *,
        chain: Callable[[], Chain] = Chain,
        player: Callable[[Chain], SoundPlayer] | None = None,
        heard: Callable[[str, bool], None] = lambda _text, _played: None,
    ) -> None:
        self._make_chain, self._make_player, self._heard = chain, player or system_player, heard
        self._changed = threading.Condition()
        self._wanted: tuple[int, tuple[str, ...], str] | None = None
        self._number = 0
        self._volume = USUAL_VOLUME
        self._is_stopping = False
        self._chain: Chain | None = None
        self._player: SoundPlayer | None = None
        self._thread: Watched | None = None

    @property
    def volume(self) -> int:
        """The step of the volume, 1 to 5."""
        return self._volume

    def set_volume(self, volume: int) -> int:
        """Set the volume to this step from the next part on, 0 for the default; return the step in use."""
        self._volume = min(len(VOLUMES_PCT), max(1, volume)) if volume else USUAL_VOLUME
        return self._volume

    def speak(self, parts: Sequence[str], language: str) -> None:
        """Say this now, interrupting what is being said."""
        with self._changed:
            if self._is_stopping:
                return
            self._number += 1
            self._wanted = (self._number, tuple(part for part in parts if part.strip()), language)
            self._end_sound()
            if self._thread is None:
                self._thread = Watched(self._run, "prompts")
                self._thread.start()
            self._changed.notify()

    def hush(self) -> None:
        """Stop speaking."""
        with self._changed:
            self._number += 1
            self._wanted = None
            self._end_sound()

    def stop(self) -> None:
        """End for good."""
        with self._changed:
            self._is_stopping = True
            self._number += 1
            self._wanted = None
            self._end_sound()
            if self._chain is not None:
                self._chain.close()
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _end_sound(self) -> None:
        """End what plays; a player that was stopped plays nothing more, the next text gets its own."""
        if self._player is not None:
            self._player.stop()
            if not isinstance(self._player, Player):
                self._chain = None  # the engine that spoke is closed with it
            self._player = None

    def _run(self) -> None:
        with tempfile.TemporaryDirectory(prefix="queuedesk-prompts-") as folder:
            while True:
                with self._changed:
                    while self._wanted is None and not self._is_stopping:
                        self._changed.wait()
                    if self._is_stopping or self._wanted is None:
                        return
                    number, parts, language = self._wanted
                    self._wanted = None
                self._say(number, parts, language, Path(folder))

    def _say(self, number: int, parts: Sequence[str], language: str, folder: Path) -> None:
        played = bool(parts)
        for part in parts:
            with self._changed:
                if number != self._number:
                    return
                chain = self._chain = self._chain or self._make_chain()
                player = self._player = self._player or self._make_player(chain)
            done = self._say_part(chain, player, part, language, folder / "part.wav")
            if number != self._number:
                return
            played = played and done
            if not done:
                break
        self._heard(" ".join(parts), played)

    def _say_part(self, chain: Chain, player: SoundPlayer, text: str, language: str, path: Path) -> bool:
        if chain.synthesise(words_phrase(text, language), language, path) is None:
            return False
        try:
            samples = sound.read(path)
            peak = max(1, sound.loudness(samples))
            level = round(VOLUMES_PCT[self._volume - 1] * _PEAK / peak)
            length_s = sound.write([sound.quieter(samples, min(level, round(_FULL_PCT * _PEAK / peak)))], path)
        except OutsideError:
            return False
        return player.play(path, length_s)
