"""Two kinds of figure that look alike and must never mix: a share of people, and a score on a scale."""

from __future__ import annotations

from math import isfinite
from typing import TypeVar

from msgspec import Struct

Figure = float | int
Kind = TypeVar("Kind", "Share", "Score")


class Share(Struct, frozen=True):
    """A share of people in 0..1, such as the satisfied among those who rated.

    Raises:
        TypeError: `value` is no plain number: a score of 68 says nothing about 68 % of the people.
        ValueError: it lies outside 0..1.
    """

    value: Figure

    def __post_init__(self) -> None:
        _plain(self.value)
        if not 0 <= self.value <= 1:
            raise ValueError(f"{self.value} is no share")

    def __lt__(self, other: object) -> bool:
        return self.value < _same(self, other).value

    def __le__(self, other: object) -> bool:
        return self.value <= _same(self, other).value

    def __sub__(self, other: object) -> float:
        """Return the difference in shares."""
        return self.value - _same(self, other).value


class Score(Struct, frozen=True):
    """A score of 0 to `top`, such as an index of 86 out of 100.

    Raises:
        TypeError: `value` or `top` is no plain number.
        ValueError: `value` lies outside 0..top.
    """

    value: Figure
    top: Figure

    def __post_init__(self) -> None:
        _plain(self.value)
        _plain(self.top)
        if not 0 <= self.value <= self.top or self.top == 0:
            raise ValueError(f"{self.value} is no score of 0 to {self.top}")

    def __lt__(self, other: object) -> bool:
        return self.value < _same(self, other).value

    def __le__(self, other: object) -> bool:
        return self.value <= _same(self, other).value

    def __sub__(self, other: object) -> float:
        """Return the difference in points of the scale."""
        return self.value - _same(self, other).value


def _plain(value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is no plain number")
    if not isfinite(value):
        raise ValueError(f"{value} is no number")


def _same(one: Kind, other: object) -> Kind:
    """Return `other` if it is of the kind and scale of `one`. Raises TypeError."""
    if not isinstance(other, type(one)):
        raise TypeError(f"{one} and {other} are figures of different kinds")
    if isinstance(one, Score) and isinstance(other, Score) and one.top != other.top:
        raise TypeError(f"{one} and {other} are of different scales")
    return other
