"""How good a promised range was, once the wait is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

COVERED = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One promise and what came of it, in minutes."""

    low: float
    high: float
    point: float
    actual: float

    @property
    def is_late(self) -> bool:
        return self.actual > self.high

    @property
    def is_early(self) -> bool:
        return self.actual < self.low

    @property
    def score(self) -> float:
        return interval_score(self.low, self.high, self.actual)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How `n` promises did: shares late and early, means of width, score and of the point's error in minutes; None of
    none."""

    n: int
    late: float | None
    early: float | None
    width: float | None
    score: float | None
    mae: float | None


def interval_score(low: float, high: float, actual: float, covered: float = COVERED) -> float:
    """Return the width of the range and, for a wait outside it, how far outside times 2 ÷ (1 − `covered`): the lower
    the better."""
    per_minute = 2 / round(1 - covered, 9)  # ten at 0.8, not a hair more: a mean may lie on the edge of its rounding
    return (high - low) + per_minute * (max(0.0, low - actual) + max(0.0, actual - high))


def scored(promises: Sequence[Kept]) -> Score:
    """Return how `promises` did together."""
    n = len(promises)
    if not n:
        return Score(n=0, late=None, early=None, width=None, score=None, mae=None)
    return Score(
        n=n,
        late=sum(p.is_late for p in promises) / n,
        early=sum(p.is_early for p in promises) / n,
        width=sum(p.high - p.low for p in promises) / n,
        score=sum(p.score for p in promises) / n,
        mae=sum(abs(p.point - p.actual) for p in promises) / n,
    )
