"""Surfaces to lay charts out on, without letters."""


class Plain:
    """A surface on which a letter is half as wide as high."""

    def px(self, n: float) -> float:
        return n

    gap = px

    def text_width(self, text: str, size: float, *, bold: bool = False) -> float:
        return len(text) * size / 2

    def snap_to_pixel(self, place: float) -> float:
        return place


class Sharp(Plain):
    """A surface on which edges stand at whole places."""

    def snap_to_pixel(self, place: float) -> float:
        return round(place)


class Flat(Sharp):
    """A surface on which every letter is 8 wide."""

    def text_width(self, text: str, size: float, *, bold: bool = False) -> float:
        return 8.0 * len(text)


PLAIN, SHARP, FLAT = Plain(), Sharp(), Flat()
