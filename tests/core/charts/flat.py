"""A surface to lay charts out on, without letters."""

from __future__ import annotations


class Flat:
    """A surface on which every letter is 8 wide."""

    def px(self, n: float) -> float:
        return n

    gap = px

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        return 8.0 * len(text)

    def snap(self, place: float) -> float:
        return round(place)


FLAT = Flat()
