"""The kiosk's own voice, lent to its page: it reads to the customer who asks for it, beside the hall's calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from queuedesk.voice.prompts import Prompts


class SpeechTool:
    """Speaks in the kiosk's process. Nothing of the voice is loaded before somebody listens."""

    def __init__(self, on: bool) -> None:
        self._on = on
        self._prompts: Prompts | None = None

    def tools(self) -> dict[str, Callable[..., Any]]:
        """Return what a page may borrow."""
        return {
            "speak": self.speak,
            "hush": self.hush,
            "speech_volume": self.volume,
            "can_speak": self.can_speak,
        }

    def can_speak(self) -> bool:
        """Whether this PC has a program that plays sounds."""
        from queuedesk.voice.sound import has_player

        return self._on and has_player()

    def speak(self, parts: Sequence[str], language: str) -> None:
        """Say this now, in place of what is being said."""
        if self._on:
            self._own().speak(parts, language)

    def hush(self) -> None:
        """Say nothing more."""
        if self._prompts is not None:
            self._prompts.hush()

    def volume(self, step: int) -> int:
        """Speak at this step of five, 0 for the usual one; return the step that holds."""
        return self._own().set_volume(step)

    def stop(self) -> None:
        """End what sounds."""
        if self._prompts is not None:
            self._prompts.stop()

    def _own(self) -> Prompts:
        if self._prompts is None:
            from queuedesk.voice.prompts import Prompts

            self._prompts = Prompts()
        return self._prompts
