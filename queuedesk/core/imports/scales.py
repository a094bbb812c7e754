"""Two kinds of figure that must not be mixed: a share of people, and a score on a scale."""

from __future__ import annotations

from math import isfinite
from typing import TypeVar

from msgspec import Struct

Figure = float | int
Kind = TypeVar("Kind", "ShareOfPeople", "ScoreOnScale")


class ShareOfPeople(Struct, frozen=True):
    """A share of people in 0..1, such as the satisfied among those who rated. A score of 68 does not mean 68 %. Raises
    TypeError: `value` is no plain number; ValueError: it is outside 0..1."""

    value: Figure

    def __post_init__(self) -> None:
        _require_finite_number(self.value)
        if not 0 <= self.value <= 1:
            raise ValueError(f"{self.value} is no share")

    def __lt__(self, other: object) -> bool:
        return self.value < _require_same_scale(self, other).value

    def __le__(self, other: object) -> bool:
        return self.value <= _require_same_scale(self, other).value

    def __sub__(self, other: object) -> float:
        """Return the difference in shares."""
        return self.value - _require_same_scale(self, other).value


class ScoreOnScale(Struct, frozen=True):
    """A score of 0 to `top`, such as an index of 86 out of 100. Raises TypeError: `value` or `top` is no plain number;
    ValueError: `value` is outside 0..top."""

    value: Figure
    top: Figure

    def __post_init__(self) -> None:
        _require_finite_number(self.value)
        _require_finite_number(self.top)
        if not 0 <= self.value <= self.top or self.top == 0:
            raise ValueError(f"{self.value} is no score of 0 to {self.top}")

    def __lt__(self, other: object) -> bool:
        return self.value < _require_same_scale(self, other).value

    def __le__(self, other: object) -> bool:
        return self.value <= _require_same_scale(self, other).value

    def __sub__(self, other: object) -> float:
        """Return the difference in points of the scale."""
        return self.value - _require_same_scale(self, other).value


def _require_finite_number(value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is no plain number")
    if not isfinite(value):
        raise ValueError(f"{value} is no number")


def _require_same_scale(figure: Kind, other: object) -> Kind:
    """Return `other` if it is of the kind and scale of `figure`. Raises TypeError."""
    if not isinstance(other, type(figure)):
        raise TypeError(f"{figure} and {other} are figures of different kinds")
    if isinstance(figure, ScoreOnScale) and isinstance(other, ScoreOnScale) and figure.top != other.top:
        raise TypeError(f"{figure} and {other} are of different scales")
    return other
