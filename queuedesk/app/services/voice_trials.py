"""Lets people hear on their own PC how a call will sound, and says which voices the PC has."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict, replace

from queuedesk.core.queue.ticket import CallMade
from queuedesk.core.setup.hall import VoiceSpec
from queuedesk.core.setup.rows import Setup, voice_languages
from queuedesk.core.talk.announcement import Announcement

if TYPE_CHECKING:
    from queuedesk.voice.sound import SoundPlayer

_NO_CALL = datetime(2000, 1, 1, tzinfo=UTC)


class VoiceTrials:
    """Tries the voice out, one sound at a time. `hear` and `voices` take seconds: call them off the GUI thread; `hush`
    may be called from any."""

    def __init__(self, player: Callable[[], SoundPlayer] | None = None) -> None:
        """`player` gives what plays one sound; without it that is this system's."""
        self._new_player = player or _system_player
        self._lock = threading.Lock()
        self._player: SoundPlayer | None = None
        self._hushed = False

    def texts(self, setup: Setup, spec: VoiceSpec, ticket: str, window: str, *, recall: bool = False) -> dict[str, Any]:
        """Return a call in the words of `spec`: {"texts", "spoken"}, each by language in order; returns at once."""
        from queuedesk.voice.engines import phrase, shown_phrase

        call = _call(setup, ticket, window, recall=recall)
        languages = voice_languages(setup, spec)
        return {
            "texts": {lang: shown_phrase(call, lang, spec) for lang in languages},
            "spoken": {lang: phrase(call, lang, spec) for lang in languages},
        }

    def hear(
        self,
        setup: Setup,
        spec: VoiceSpec,
        ticket: str,
        window: str,
        minute: int,
        *,
        recall: bool = False,
        out: Path | None = None,
    ) -> dict[str, Any]:
        """Say a call as it would sound at `minute` of the hall's day, or write it to `out` instead.

        Return {"texts", "spoken", "links", "link", "sound_ms", "played", "hushed", "muted"}; "played" is False where
        nothing speaks or no player took it. Raises OutsideError "cannot_write".
        """
        from queuedesk.app.services.speaking import clips_folder
        from queuedesk.voice.engines import Chain
        from queuedesk.voice.saying import try_call

        self._hushed = False
        spoken = replace(spec, languages=voice_languages(setup, spec))
        call = _call(setup, ticket, window, recall=recall)
        with tempfile.TemporaryDirectory(prefix="queuedesk-trial-") as folder:
            path = out or Path(folder) / "call.wav"
            with Chain(clips=clips_folder()) as chain:
                chain.available_languages()  # an engine that still starts is waited for
                tried = try_call(spoken, call, minute, path, chain=chain)
            played = bool(tried.sound_ms) and out is None and self._play(path, tried.sound_ms / 1000)
        muted = spec.at(minute).volume_pct == 0
        return {**asdict(tried), "played": played, "hushed": self._hushed, "muted": muted}

    def hush(self) -> None:
        """Stop what is playing or about to play."""
        with self._lock:
            self._hushed = True
            if self._player is not None:
                self._player.stop()

    def voices(self) -> dict[str, Any]:
        """Return {"links": the languages of each link in the order in which they are tried, "player": what plays here,
        None for nothing}."""
        from queuedesk.app.services.speaking import clips_folder
        from queuedesk.voice.engines import Chain

        with Chain(clips=clips_folder()) as chain:
            links = {link.name: list(link.languages()) for link in chain.links}
        return {"links": links, "player": self._new_player().name}

    def clips(self, setup: Setup) -> dict[str, Any]:
        """Return {"folder", "clips": {language: {"there", "missing", "unreadable"}}} of this PC's recorded words."""
        from queuedesk.app.services.speaking import clips_folder

        folder = clips_folder()
        return {"folder": str(folder), "clips": self.clips_found(setup, folder)}

    def clips_found(self, setup: Setup, folder: Path) -> dict[str, dict[str, list[str]]]:
        """Return by language which recordings of a hall's calls a folder has, which are missing, and which files can't
        be read."""
        from queuedesk.app.services.speaking import windows_calls
        from queuedesk.voice.saying import look_over

        languages = voice_languages(setup)
        found = {lang: look_over(folder, lang, setup.voice, windows_calls(setup)) for lang in languages}
        return {lang: {key: list(names) for key, names in asdict(one).items()} for lang, one in found.items()}

    def write_clips(self, setup: Setup, folder: Path) -> dict[str, int]:
        """Write the missing recordings of a hall, spoken by this PC's engine; return their number by language.

        Raises OutsideError "voice_silent", "cannot_write".
        """
        from queuedesk.app.services.speaking import windows_calls
        from queuedesk.voice.engines import Chain
        from queuedesk.voice.saying import write_starter

        languages = voice_languages(setup)
        with Chain() as chain:
            chain.available_languages()  # an engine that still starts is waited for
            return write_starter(folder, languages, setup.voice, windows_calls(setup), chain)

    def _play(self, path: Path, length_s: float) -> bool:
        player = self._new_player()
        with self._lock:
            if self._hushed:
                return False
            self._player = player
        try:
            return player.play(path, length_s)
        finally:
            with self._lock:
                self._player = None
            player.stop()  # one that is a process of its own ends here


def _system_player() -> SoundPlayer:
    """Return this system's player, good for one sound: it may be stopped in the middle of it."""
    from queuedesk.voice.engines import EngineProcess
    from queuedesk.voice.sound import Player

    return EngineProcess() if EngineProcess.plays else Player()


def _call(setup: Setup, ticket: str, window: str, *, recall: bool) -> Announcement:
    # Every station carries these tools; few need what speaks.
    from queuedesk.app.services.speaking import announcement_of

    made = CallMade(seq=0, time=_NO_CALL, date=_NO_CALL.date(), label=ticket, service="", window=window, staff=None)
    return announcement_of(setup, made, recall=int(recall))
