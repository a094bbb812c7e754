"""Moves: suggested actions against a long line, their expected effects, and whether they were taken or declined."""

from __future__ import annotations

import datetime as clock
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field

MOVE_KINDS = ("open_window", "call_back", "lend", "take_back", "self_service", "move_break")
"""Open a closed window; call a paused clerk back; let a window serve another service too, or only its own again; offer
another channel; delay a break."""

KEY_PARTS = {
    "lend": ("window", "service"),
    "take_back": ("window", "service"),
    "open_window": ("window", "staff"),
    "self_service": ("service", "to"),
}
"""The parts of a move's key after its kind, where they are not just the window."""


class MoveEffect(Struct, frozen=True, kw_only=True):
    """The effect of a move, as the difference of two passes over the same hall. `beyond` of those who wait would pass
    the hall's target within 20 minutes, `beyond_after` with the move; `saved_s` is the mean number of seconds saved by
    `n` people."""

    beyond: int
    beyond_after: int
    saved_s: int
    n: int


Curve = tuple[float, ...]


class ExpectedRange(Struct, frozen=True, kw_only=True):
    """An expected value, with the ends that hold four outcomes in five."""

    mean: float
    low: float
    high: float


class MoveCost(Struct, frozen=True, kw_only=True):
    """A move's cost to others, in minutes: the mean growth of the longest wait for `service` over the half-hour, and
    its maximum."""

    service: str
    later_min: float
    longest_min: float


class MoveForecast(Struct, frozen=True, kw_only=True):
    """The next half-hour by the pass that tried a move. `line` is the service whose longest wait changes most, in
    minutes every five minutes, without the move and with it; `gain` is how much shorter it is on average. `passing`
    people within the target will have waited longer than it within 20 minutes, `passing_after` with the move. `lines`
    are the lengths of each line in 20 minutes, without and with it."""

    line: str
    without: Curve
    with_it: Curve
    gain: ExpectedRange
    passing: int
    passing_after: int
    lines: Mapping[str, tuple[int, int]]
    price: MoveCost | None = None


class MoveEvidence(Struct, frozen=True, kw_only=True):
    """The evidence for a move in such a state. `source`:

    - past: the hall's own `n` moves of the kind saved those in line between `low_min` and `high_min` minutes on
      average, with 95 % bounds, and neither plays nor trials contradict;
    - plays: it saved enough in `helped` of the `n` plays from this moment; in trials of such a state four in five saved
      between `low_min` and `high_min` minutes, None where there were no trials of its kind.
    """

    source: str
    n: int
    helped: int = 0
    low_min: float | None = None
    high_min: float | None = None


class Move(Struct, frozen=True, kw_only=True):
    """A suggested action. `service` is the line that it helps (for a lending, what is lent), `to` the offered channel.
    `staff` is, or would be, at `window`; `services` are those of an opened window; `minutes` is the delay of a break.
    `effect` goes into the log with a move that is made; `outlook` and `proof` are only shown."""

    kind: str
    window: str | None = None
    staff: str | None = None
    service: str | None = None
    to: str | None = None
    minutes: int | None = None
    services: tuple[str, ...] = ()
    effect: MoveEffect | None = None
    outlook: MoveForecast | None = None
    proof: MoveEvidence | None = None

    @property
    def key(self) -> str:
        """Its name in the hall's current state, for commands: "lend:1:B", "open_window:4:C4",
        "self_service:A:self_service"."""
        return ":".join((self.kind, *(getattr(self, part) or "" for part in KEY_PARTS.get(self.kind, ("window",)))))


class AnsweredMove(Struct, frozen=True, kw_only=True):
    """A move accepted or declined. `base` are the waits of the waiting people without it, in seconds from `time`."""

    seq: int
    date: clock.date
    time: datetime
    by: str
    move: Move
    taken: bool
    base: Mapping[str, int] = field(default_factory=dict)
