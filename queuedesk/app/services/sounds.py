"""The sounds of a station on this PC, and the voice that reads to a customer who asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from queuedesk.paths import resource_path
from queuedesk.watch import WorkQueueThread

if TYPE_CHECKING:
    from queuedesk.voice.announcer import TextInPartsSpeaker


class StationSoundPlayer:
    """Plays the small sounds of a station without ever making anyone wait; a PC without sound is silent."""

    LONGEST_S = 3.0

    def __init__(self, on: bool) -> None:
        self._on = on
        self._lane: Any = None
        self._player: Any = None
        self._heard: bool | None = None

    def play(self, name: str) -> None:
        """Play "tick", "click" or "knock" in the background."""
        if not self._on:
            return
        if self._lane is None:
            from queuedesk.voice.sound import WavPlayer

            self._lane, self._player = WorkQueueThread("sounds"), WavPlayer()
        self._lane.submit(partial(self._play_and_note_if_heard, resource_path("sounds", f"{name}.wav")), may_drop=True)

    def _play_and_note_if_heard(self, path: Path) -> None:
        self._heard = bool(self._player.play(path, self.LONGEST_S))

    def was_last_sound_heard(self) -> bool | None:
        """Whether the last sound was played; None before the first, on a PC that has what it takes to play one."""
        from queuedesk.voice.sound import WavPlayer, can_this_pc_play_sounds

        is_able = self._on and WavPlayer().name is not None and can_this_pc_play_sounds()
        return self._heard if is_able else False

    def stop(self) -> None:
        if self._lane is not None:
            self._player.stop()
            self._lane.close()
            self._lane.wait_until_idle(self.LONGEST_S)


class KioskSpeaker:
    """Speaks in the kiosk's process. Nothing of the voice is loaded before somebody listens."""

    def __init__(self, on: bool) -> None:
        self._on = on
        self._prompts: TextInPartsSpeaker | None = None

    def can_speak(self) -> bool:
        """Whether this PC plays sounds that somebody can hear."""
        from queuedesk.voice.sound import can_this_pc_play_sounds

        return self._on and can_this_pc_play_sounds()

    def speak(self, parts: Sequence[str], language: str) -> None:
        """Say this now, interrupting what is being said."""
        if self._on:
            self._prompt_speaker().speak(parts, language)

    def stop_speaking(self) -> None:
        if self._prompts is not None:
            self._prompts.stop_speaking()

    def set_volume_step(self, step: int) -> int:
        """Set the volume to this step of five, 0 for the default; return the step in use."""
        return self._prompt_speaker().set_volume_step(step)

    def stop(self) -> None:
        if self._prompts is not None:
            self._prompts.stop()

    def _prompt_speaker(self) -> TextInPartsSpeaker:
        if self._prompts is None:
            from queuedesk.voice.announcer import TextInPartsSpeaker

            self._prompts = TextInPartsSpeaker()
        return self._prompts
