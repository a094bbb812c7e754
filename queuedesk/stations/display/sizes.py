"""Sizes on the display, from the screen's size and the reading distance.

EN 301 549, 5.1.4: a capital H covers at least 0.7° at the stated distance. Lengths are millimetres or canvas px as the
names say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi

ANGLE_DEG = 0.7
CAP_EM = 0.727
ROW_EM = 1.08
GAP_PX = 16
MOST_ROWS = 6

CANVAS = (1920, 1080)
DISTANCE_M = 10.0
WIDTH_MM, HEIGHT_MM = 1439.0, 809.0  # of a 65-inch screen


@dataclass(frozen=True, slots=True)
class RowSize:
    """How many calls there is room for, how high each row is and how large its number, in canvas px."""

    rows: int
    height: float
    font: float


def cap_mm(distance_m: float) -> float:
    """Return how high a capital must be to be read from `distance_m`."""
    return ANGLE_DEG * pi * distance_m * 1000 / 180


def font_px(distance_m: float, mm_per_px: float) -> float:
    """Return the size of a number that can be read from `distance_m`."""
    return cap_mm(distance_m) / mm_per_px / CAP_EM


def readable_m(font: float, mm_per_px: float) -> float:
    """Return from how far a number of that size can be read."""
    return font * CAP_EM * mm_per_px / 1000 * 180 / pi / ANGLE_DEG


def mm_per_px(
    screen_mm: float | Sequence[float] | None,
    width_px: float,
    height_px: float,
    canvas: tuple[int, int] = CANVAS,
) -> float:
    """Return the size of one canvas px on a screen of `width_px` × `height_px` device px.

    `screen_mm` is the width of the picture as it hangs, or its width and height; without one it is taken for 65 inches.
    """
    width_px, height_px = max(1.0, width_px), max(1.0, height_px)
    if isinstance(screen_mm, (list, tuple)):
        device_mm = min(float(screen_mm[0]) / width_px, float(screen_mm[1]) / height_px)
    elif isinstance(screen_mm, (int, float)) and screen_mm > 0:
        device_mm = float(screen_mm) / width_px
    else:
        device_mm = (HEIGHT_MM if height_px > width_px else WIDTH_MM) / width_px
    return device_mm * min(width_px / canvas[0], height_px / canvas[1])


def font_for_two(room: float) -> float:
    """Return the largest number of which a second row fits into `room` px of height."""
    return (room - GAP_PX) / 2 / ROW_EM


def row_size(needed: float, widest: float, room: float) -> RowSize:
    """Return the rows that fit into `room` px of height.

    `needed` is the font that the distance asks for, `widest` the largest one at which a whole row still fits its width.
    What is left of the height makes the numbers larger.
    """
    font = min(needed, widest, room / ROW_EM)
    rows = max(1, min(MOST_ROWS, int((room + GAP_PX + 0.5) // (font * ROW_EM + GAP_PX))))
    height = (room - (rows - 1) * GAP_PX) / rows
    return RowSize(rows, height, min(height / ROW_EM, widest))
