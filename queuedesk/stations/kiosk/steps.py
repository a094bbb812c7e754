"""The pages of the kiosk, and what may lie over them."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from math import ceil


class Stage(StrEnum):
    """What the screen shows."""

    GREETING = "greeting"
    GROUP = "group"
    TICKET = "ticket"
    WHERE = "where"
    FIND = "find"
    INFO = "info"


class Sheet(StrEnum):
    """What is asked or said over the page."""

    NONE = ""
    STILL_THERE = "still-there"
    ANOTHER = "another"
    CLASSES = "classes"
    SORRY = "sorry"
    HELP = "help"
    PIN = "pin"
    CALM = "calm"
    MANY = "many"


# How long the kiosk waits before it asks whether somebody is still there, and before it starts over.

# The ring's own time; asking for more can be repeated without end.
RING_S = 20
# A page takes no touch that acts before that: the second half of a double press belongs to what stood there before.
SETTLE_MS = 600


class Patience:
    """Counts on a steady clock in milliseconds. `wait` starts anew with every touch."""

    def __init__(self, steady_ms: Callable[[], int]) -> None:
        self._steady_ms = steady_ms
        self._touched_ms = self._shown_ms = steady_ms()
        self._ring_ms: int | None = None

    def touch(self) -> None:
        """Somebody is there."""
        self._touched_ms = self._steady_ms()
        self._ring_ms = None

    def show(self) -> None:
        """Another page stands there from now on."""
        self._shown_ms = self._steady_ms()
        self.touch()

    def ring(self) -> None:
        """Ask whether somebody is there, from now on."""
        self._ring_ms = self._steady_ms()

    @property
    def is_settled(self) -> bool:
        return self._steady_ms() - self._shown_ms >= SETTLE_MS

    @property
    def rings(self) -> bool:
        return self._ring_ms is not None

    def idle_s(self) -> float:
        """Return how long nobody has touched anything."""
        return (self._steady_ms() - self._touched_ms) / 1000

    def shown_s(self) -> float:
        """Return how long this page stands."""
        return (self._steady_ms() - self._shown_ms) / 1000

    def ring_left_s(self) -> int:
        """Return the ring's whole seconds to go; 0 when it is over."""
        if self._ring_ms is None:
            return RING_S
        return max(0, ceil(RING_S - (self._steady_ms() - self._ring_ms) / 1000))
