"""A hall whose sounds take no time of the test's: a speech engine, a loudspeaker and a clock of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from queuedesk.core.errors import OutsideError
from queuedesk.voice import sound
from queuedesk.voice.announcer import Announcer
from queuedesk.voice.engines import Chain
from queuedesk.voice.saying import Manner, Spoken
from tests.voice.hearing import Reports

PER_LETTER_S = 0.16
"""A Chinese call of usual length takes four seconds and a half, an English one six."""


@dataclass(frozen=True)
class Sound:
    """What the loudspeaker was given: when, for how long, and which texts were made for it."""

    start_s: float
    length_s: float
    texts: tuple[str, ...]


class Stage:
    """Engine and loudspeaker in one. What is to happen at a moment happens in the middle of the sound of that
    moment."""

    name = "pyttsx3"

    def __init__(self) -> None:
        self.now_s = 0.0
        self.sounds: list[Sound] = []
        self.speeds: set[int] = set()
        self.fails_from: int | None = None
        self.dumb_in: tuple[str, ...] = ()
        self._made: list[str] = []
        self._to_come: list[tuple[float, Callable[[], object]]] = []

    def clock(self) -> float:
        return self.now_s

    def at(self, moment_s: float, act: Callable[[], object]) -> None:
        self._to_come.append((moment_s, act))

    # The loudspeaker

    def play(self, path: Path, length_s: float) -> bool:
        if self.fails_from is not None and len(self.sounds) >= self.fails_from:
            return False
        self.sounds.append(Sound(self.now_s, length_s, tuple(self._made)))
        self._made = []
        end_s = self.now_s + length_s
        for moment_s, act in sorted(self._to_come, key=lambda one: one[0]):
            if moment_s <= end_s:
                self.now_s = max(self.now_s, moment_s)
                act()
        self._to_come = [one for one in self._to_come if one[0] > end_s]
        self.now_s = end_s
        return True

    def stop(self) -> None:
        """Nothing to stop."""

    # The engine

    def start(self) -> None:
        """Always there."""

    def languages(self) -> tuple[str, ...]:
        return ("zh_CN", "en")

    def synthesise(self, text: str, language: str, path: Path, speed_pct: int = 100) -> None:
        if language in self.dumb_in:
            raise OutsideError("no_voice", language=language)
        self._made.append(text)
        self.speeds.add(speed_pct)
        size = round(len(text) * PER_LETTER_S * 100 / speed_pct * sound.RATE_HZ)
        sound.write([sound.new_samples([9000]) * size], path)

    def close(self) -> None:
        """Nothing to end."""

    @property
    def texts(self) -> list[str]:
        return [text for each in self.sounds for text in each.texts]


def perform(
    stage: Stage, manner: Callable[[], Manner], wanted: int, begin: Callable[[Announcer], None]
) -> list[Spoken]:
    """Let an announcer speak on the stage from `begin` until there are `wanted` reports, and return them."""
    reports = Reports(wanted)
    announcer = Announcer(manner, reports, stage, Chain([stage]), clock=stage.clock)
    try:
        begin(announcer)
        return reports.wait()
    finally:
        announcer.stop()
