"""What a chart is drawn with: boxes, lines, dots and words at plain coordinates, y growing downwards.

Colours are names that every surface knows: ink, ink2, line, paper, surface, soft, sunken, chart, primary, red, amber,
amberbg, blue, band, wide_band.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

Place = tuple[float, float]

AXIS, CAPTION, KEY, HEADING = 13.5, 14.5, 14.0, 17.0
"""Sizes of letters, in drawn pixels."""
MIDDLE_EM = 0.37
"""How far the middle of a line lies above its baseline."""


class Surface(Protocol):
    """What a layout needs to know of the screen or the page. Sizes before `px` are in drawn pixels."""

    def px(self, n: float) -> float:
        """Return drawn pixels in the units of the coordinates."""

    def gap(self, n: float) -> float:
        """Return drawn pixels of what does not grow with the letters: a gap, a thin stroke."""

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return the width of a line of text; `size` in drawn pixels."""

    def snap(self, place: float) -> float:
        """Return the nearest place where an edge is sharp."""


class Box(Struct, frozen=True):
    """A rectangle with an optional edge; `round` is the radius of its corners, in drawn pixels as `edge_width` is.

    `opacity` is how much of its fill covers what lies below. `outline` is its edge in high contrast, where it then has
    no fill.
    """

    left: float
    top: float
    width: float
    height: float
    fill: str = ""
    edge: str = ""
    edge_width: float = 1.0
    round: float = 0.0
    dashed: bool = False
    outline: str = ""
    opacity: float = 1.0


class Boxes(Struct, frozen=True):
    """Many plain rectangles of one colour, each (left, top, width, height); `outline` as that of a box."""

    rects: Sequence[tuple[float, float, float, float]]
    fill: str
    outline: str = ""


class Line(Struct, frozen=True):
    """A line through points; `dash` is the length of a dash and its gap, in multiples of the width, 0 for none."""

    points: Sequence[Place]
    colour: str
    width: float
    dash: tuple[float, float] | None = None


class Shape(Struct, frozen=True):
    """A filled polygon, or with `radius` a dot round its only point, which may have an edge `edge_width` wide."""

    points: Sequence[Place]
    fill: str
    radius: float = 0.0
    edge: str = ""
    edge_width: float = 0.0


class Words(Struct, frozen=True):
    """A line of text on its baseline; `at` says which of its ends or its middle is at x. What is wider than `room` is
    cut. `ground`: nothing behind it shines through."""

    x: float
    y: float
    text: str
    size: float
    colour: str = "ink2"
    bold: bool = False
    at: str = "left"
    room: float | None = None
    ground: bool = False


Mark = Box | Boxes | Line | Shape | Words


class Rect(Struct, frozen=True):
    """A part of the surface."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height


class Plot(Struct, frozen=True):
    """A panel's place and scale: `ticks` from its lower to its upper edge; places along it count in slots."""

    rect: Rect
    ticks: Sequence[float]
    slots: int
    surface: Surface

    @property
    def slot(self) -> float:
        return self.rect.width / max(1, self.slots)

    def x(self, place: float) -> float:
        return self.rect.left + self.slot * place

    def y(self, value: float) -> float:
        """Return the height of a value; a value outside the axis is at its end."""
        low, high = self.ticks[0], self.ticks[-1]
        return self.rect.bottom - (min(max(value, low), high) - low) / (high - low) * self.rect.height

    def holds(self, value: float) -> bool:
        return self.ticks[0] <= value <= self.ticks[-1]

    def middle(self, slot: int, value: float) -> Place:
        return self.x(slot + 0.5), self.y(value)

    def column(self, slot: int) -> Rect:
        """Return all of a slot, from edge to edge of the panel."""
        return Rect(self.x(slot), self.rect.top, self.slot, self.rect.height)


def baseline(middle: float, size: float, surface: Surface) -> float:
    """Return the baseline of a line whose middle is at `middle`."""
    return surface.snap(middle + MIDDLE_EM * surface.px(size))
