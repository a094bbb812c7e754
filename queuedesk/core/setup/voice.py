"""How a hall's voice speaks: its languages, the words of a call, how fast and how loud at what time of day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

USUAL_PCT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceHours:
    """From `start` (hall minutes since midnight) on: percent of the usual speed, and of full volume."""

    start: int
    speed_pct: int = USUAL_PCT
    volume_pct: int = USUAL_PCT


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceSpec:
    """The voice of a hall; what is empty is as the program does it by itself.

    `languages` in their order; `call` and `recall` are templates by language with {ticket}, {window}, {zone}, {hall};
    `yao`: the Chinese 1 is said 幺; `times` a call is said; `hours` in the order of the day.
    """

    languages: tuple[str, ...] = ()
    call: Mapping[str, str] = field(default_factory=dict)
    recall: Mapping[str, str] = field(default_factory=dict)
    yao: bool = False
    times: int = 2
    chime: bool = True
    hours: tuple[VoiceHours, ...] = ()

    def at(self, minute: int) -> VoiceHours:
        """Return how it speaks at a minute of the hall's day; before the day's first row the last one still holds."""
        if not self.hours:
            return VoiceHours(start=0)
        return next((row for row in reversed(self.hours) if row.start <= minute), self.hours[-1])
