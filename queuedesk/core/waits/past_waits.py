"""What was said of past waits and came of them, and what that says of the next ones."""

from __future__ import annotations

import math
from collections.abc import Mapping

from msgspec import Struct, field

PASS, CORRECTED, HISTORY, HOUR, PROFILE, RATE, TODAY, LAST = range(8)
EXPERTS = ("pass", "corrected", "history", "hour", "profile", "rate", "today", "last")
"""The pass over the hall; the pass times what its line took beside it; the line's past minutes per place; those of this
hour; its past calls by half-hour; its calls of the last half-hour; today's minutes per place; who was called last."""
N = len(EXPERTS)

SPREAD = 0.9
"""As a logarithm: where nothing is known, one wait in ten is 2.5 times as long as the point, or less than .4 times."""


class ToldWait(Struct, frozen=True, kw_only=True, array_like=True):
    """A wait until a first call: of somebody at `place` of `line`, issued at `minute` of the hall's day. What they were
    told rested on `points_s`, what each expert said, and was expected to be `point_s` between `low_s` and `high_s`;
    `sd_s` is the pass's doubt, `told` the ends that were printed, in minutes. Without points nobody worked out a
    figure."""

    line: str
    place: int
    minute: float
    minutes: float
    low_s: int = 0
    point_s: int = 0
    high_s: int = 0
    sd_s: int | None = None
    points_s: tuple[int | None, ...] = ()
    told: tuple[int, int] = (0, 0)


class PastWaits(Struct, frozen=True, kw_only=True):
    """What past waits say of the next ones, by line: minutes per place (`usual` over all lines), by hour of the day,
    calls in each half-hour, the logarithm of wait ÷ pass.

    `spreads[k]`, `by_place[k][bin]`, `by_line[line][k]`: logarithms between which four in five waits lay beside what
    expert k had said. `sums_by_line`, `sums_by_place`: what weighing.py adds up.
    """

    usual: float | None = None
    per_place: Mapping[str, float] = field(default_factory=dict)
    by_hour: Mapping[str, tuple[float | None, ...]] = field(default_factory=dict)
    calls: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    ratios: Mapping[str, float] = field(default_factory=dict)
    spreads: tuple[tuple[float, float], ...] = ((-SPREAD, SPREAD),) * N
    by_place: tuple[tuple[tuple[float, float], ...], ...] = ()
    by_line: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    sums_by_line: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    sums_by_place: tuple[tuple[int, ...], ...] = ()

    def factors(self, line: str, bin: int) -> tuple[tuple[float, float], ...]:
        """Return by what each expert's point (plus a minute) is multiplied for the ends of its range: half as in this
        line, half as at such a place."""
        at_place = [of[bin] for of in self.by_place] or self.spreads
        in_line = self.by_line.get(line) or self.spreads
        return tuple(
            (math.exp((a + c) / 2), math.exp((b + d) / 2)) for (a, b), (c, d) in zip(at_place, in_line, strict=True)
        )
