"""Tells presses by a person from drumming on the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

# Nobody who reads what the keys say presses so often in so short a time.
MANY, WITHIN_MS = 4, 2500
# Two presses so close are one of a trembling hand.
PAIR_MS = 300
# As long as nothing more is pressed: then whoever stands there is heard again.
QUIET_MS = 1500
# A pause this long ends what is noted as one time of drumming.
OVER_MS = 10_000
# A press takes effect when nothing else was pressed for so long after it.
HOLD_MS = 800


@dataclass(frozen=True, slots=True)
class Burst:
    """One time of drumming: how many presses in how many seconds."""

    presses: int
    seconds: int


class Calm:
    """Counts presses on a steady clock in milliseconds. Keys of a pad are for fast fingers and are not told to it."""

    def __init__(self, steady_ms: Callable[[], int]) -> None:
        self._steady_ms = steady_ms
        self._recent: list[int] = []
        self._last_ms: int | None = None
        self._was_second = False
        self._first_ms = self._count = 0
        self._drums = False

    def press(self) -> None:
        """Something was pressed."""
        now = self._steady_ms()
        if not self.is_drumming and self.quiet_ms() >= QUIET_MS:
            self._recent = []
        second = not self._was_second and self.quiet_ms() < PAIR_MS
        self._last_ms, self._was_second = now, second
        if self._count:
            self._count += 1
        if second:
            return
        self._recent = [*(moment for moment in self._recent if now - moment <= WITHIN_MS), now]
        if len(self._recent) >= MANY:
            self._drums = True
            if not self._count:
                self._first_ms, self._count = self._recent[0], len(self._recent)

    def quiet_ms(self) -> int:
        """Return how long nothing was pressed."""
        return self._steady_ms() - self._last_ms if self._last_ms is not None else OVER_MS

    @property
    def is_held(self) -> bool:
        """Whether what was pressed last may still turn out to be drumming."""
        return self.quiet_ms() < HOLD_MS

    @property
    def is_drumming(self) -> bool:
        """Whether no press is to count now."""
        if self._drums and self.quiet_ms() >= QUIET_MS:
            self._drums = False
        return self._drums

    def take_over(self) -> Burst | None:
        """Return a time of drumming that is over, once."""
        if not self._count or self.quiet_ms() < OVER_MS:
            return None
        burst = Burst(self._count, max(1, round(((self._last_ms or 0) - self._first_ms) / 1000)))
        self._count, self._drums = 0, False
        return burst
