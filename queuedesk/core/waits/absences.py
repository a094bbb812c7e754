"""Who does not come when called, by how long they had waited: what past dates say, and the last calls of today."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from itertools import chain

from msgspec import Struct

WAIT_BIN_S = 300
WAIT_BIN_MIN = WAIT_BIN_S / 60
WAIT_BINS = 24
"""Waits are told apart by 5 minutes, up to two hours."""

NONE = (0,) * WAIT_BINS
USUAL_WORTH = 2.0
"""What is usual after such a wait counts as much as so many calls."""
NOTHING_SEEN = 1e-6
"""Where nobody was called after such a wait, what is usual takes nothing from what shorter waits have shown."""
SHOWN_WORTH_MIN = 500.0
"""As much as calls after so many minutes of waiting, in all, that lost nobody."""
ROUNDS = 200
MIDDLES = tuple((bin + 0.5) * WAIT_BIN_MIN for bin in range(WAIT_BINS))


def wait_bin(waited_s: int) -> int:
    """Return which 5 minutes of the wait these seconds lie in."""
    return max(0, min(WAIT_BINS - 1, waited_s // WAIT_BIN_S))


class Absences(Struct, frozen=True, kw_only=True):
    """First calls of past dates, and those of them at which nobody came, by 5 minutes of the wait; `usual` is the
    chance of that by the curve through them."""

    called: tuple[int, ...] = NONE
    absent: tuple[int, ...] = NONE
    usual: tuple[float, ...] = (0.0,) * WAIT_BINS

    @classmethod
    def of(cls, called: Sequence[int], absent: Sequence[int]) -> Absences:
        """Return what these calls teach."""
        return cls(called=tuple(called), absent=tuple(absent), usual=_curve(called, absent))

    def chances(self, called: Sequence[int] = NONE, absent: Sequence[int] = NONE) -> tuple[float, ...]:
        """Return the chance that who is called does not come, by 5 minutes of the wait: never less after a longer one.
        `called` and `absent` are the calls of today. Empty where everybody has come."""
        if not any(self.absent) and not any(absent):
            return ()
        blocks: list[tuple[float, float, int]] = []  # weight, mean, bins: neighbours that would fall are pooled
        for past, now, gone, gone_now, usual in zip(self.called, called, self.absent, absent, self.usual, strict=True):
            weight, mean, bins = past + now + USUAL_WORTH, usual, 1
            if weight > USUAL_WORTH:
                mean = (gone + gone_now + USUAL_WORTH * usual) / weight
            else:
                weight = NOTHING_SEEN
            while blocks and blocks[-1][1] >= mean:
                more, other, before = blocks.pop()
                mean = (mean * weight + other * more) / (weight + more)
                weight, bins = weight + more, bins + before
            blocks.append((weight, mean, bins))
        return tuple(chain.from_iterable([mean] * bins for _weight, mean, bins in blocks))


def _curve(called: Sequence[int], absent: Sequence[int]) -> tuple[float, ...]:
    """Return the chance that nobody comes after each 5 minutes of waiting, where some never do and the others give up
    at a steady rate: most probable by what was seen at each call, which is only whether they had gone by then (current
    status data; by expectation and maximisation, Dempster, Laird and Rubin 1977). So who waits longer than anybody
    before is thought to give up like those before."""
    lost = [(count, middle) for count, middle in zip(absent, MIDDLES, strict=True) if count]
    if not lost:
        return (0.0,) * WAIT_BINS
    n, minutes = sum(called), sum(map(operator.mul, called, MIDDLES)) + SHOWN_WORTH_MIN
    never = sum(absent) / n / 2
    rate = sum(absent) / minutes / 2
    for _round in range(ROUNDS):
        causes = [(count / -math.expm1(-never - rate * middle), middle) for count, middle in lost]
        never *= sum(each for each, _middle in causes) / n
        rate *= sum(each * middle for each, middle in causes) / minutes
    return tuple(-math.expm1(-never - rate * middle) for middle in MIDDLES)
