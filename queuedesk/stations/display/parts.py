"""The parts of a display: which windows share one, and how large its calls are for the screen and reading distance.

EN 301 549, 5.1.4: a capital H covers at least 0.7° at the stated distance. Lengths are millimetres or canvas px as the
names say.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import pi

from msgspec import Struct
from PySide6.QtCore import QRectF

from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk.number_block import ROW_EM, STACKED_EM, WindowWords
from queuedesk.i18n.names import widest_label, window_words
from queuedesk.stations.display.layouts import ZONES, Layout, layout_of, zone_grid
from queuedesk.stations.widgets.number_block import widest_font

ANGLE_DEG = 0.7
CAP_EM = 0.727
GAP_PX = 16
MOST_ROWS = 6

CANVAS = (1920, 1080)
DISTANCE_M = 10.0
WIDTH_MM, HEIGHT_MM = 1439.0, 809.0  # of a 65-inch screen


class RowSize(Struct, frozen=True):
    """How many calls there is room for, how high each row is and how large its number, in canvas px; `stacked`: the
    window stands below the number."""

    rows: int
    height: float
    font: float
    stacked: bool = False

    @property
    def used(self) -> float:
        """How high all rows are together."""
        return self.rows * self.height + (self.rows - 1) * GAP_PX


def cap_mm(distance_m: float) -> float:
    """Return how high a capital must be to be read from `distance_m`."""
    return ANGLE_DEG * pi * distance_m * 1000 / 180


def font_px(distance_m: float, mm_per_px: float) -> float:
    """Return the size of a number that can be read from `distance_m`."""
    return cap_mm(distance_m) / mm_per_px / CAP_EM


def metres_readable(font: float, mm_per_px: float) -> float:
    """Return the distance from which a number of that size can be read."""
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
    """Return the largest number size with which a second row fits into `room` px of height."""
    return (room - GAP_PX) / 2 / ROW_EM


def row_size(needed: float, widest: float, room: float) -> RowSize:
    """Return the rows that fit into `room` px of height. `needed` is the font size that the distance requires, `widest`
    the largest one at which a whole row still fits its width. Spare height makes the numbers larger."""
    font = min(needed, widest, room / ROW_EM)
    rows = max(1, min(MOST_ROWS, int((room + GAP_PX + 0.5) // (font * ROW_EM + GAP_PX))))
    height = (room - (rows - 1) * GAP_PX) / rows
    return RowSize(rows, height, min(height / ROW_EM, widest))


FEW = (1, 2, 3, 4)
"""The numbers of calls that are shown larger where more would have room."""
LEAST_GAIN = 1.5
"""How much larger a number must get for its window to move below it: the window is then as large as beside it."""
ROOMY_EM, ROOMY_STACKED_EM = 1.5, 1.95
"""How high a row of few is at most where it leaves room, in its number's size."""


def few_rows(
    size: RowSize,
    calls: int,
    room: float,
    widest: float,
    widest_stacked: float,
    *,
    leaves_room: bool = False,
    left_px: float = 0.0,
) -> RowSize:
    """Return larger rows for so few calls in `room` px of height, or `size` where these are no fewer. `widest` and
    `widest_stacked` are the largest numbers for the width, with the window beside and below. Rows that `leave room` are
    no higher than their numbers need, and leave `left_px` if no number is then smaller than beside its window."""
    rows = next((few for few in FEW if few >= calls), size.rows)
    if rows >= size.rows:
        return size

    def sized(room: float) -> RowSize:
        high = (room - (rows - 1) * GAP_PX) / rows
        beside, stacked = min(high / ROW_EM, widest), min(high / STACKED_EM, widest_stacked)
        is_stacked = stacked >= LEAST_GAIN * beside
        font, most = (stacked, ROOMY_STACKED_EM) if is_stacked else (beside, ROOMY_EM)
        return RowSize(rows, min(high, font * most) if leaves_room else high, font, is_stacked)

    least = min((room - (rows - 1) * GAP_PX) / rows / ROW_EM, widest)
    lower = sized(room - left_px) if leaves_room else size
    return lower if leaves_room and lower.font >= least else sized(room)


class Part(Struct, frozen=True):
    """The windows that share a part of the screen; `zone` is "" for windows in no zone, or where zones have no parts of
    their own."""

    windows: tuple[str, ...]
    zone: str = ""


def is_in_zone(setup: Setup, window: str, zone: str) -> bool:
    """Return whether a window belongs to `zone`, named in either language; "" is the whole hall."""
    if not zone:
        return True
    spec = setup.windows.get(window)
    return spec is not None and zone.casefold() in (spec.zone.casefold(), spec.zone_en.casefold())


def parts_of(setup: Setup, zone: str = "", *, by_zone: bool = False) -> list[Part]:
    """Return the parts of a screen that shows `zone`: one, or one for each zone in the order of the set-up."""
    codes = [code for code in setup.windows if is_in_zone(setup, code, zone)]
    if not by_zone:
        return [Part(tuple(codes))]
    zones: dict[str, list[str]] = {}
    for code in codes:
        zones.setdefault(setup.windows[code].zone, []).append(code)
    rest = zones.pop("", [])
    parts = [Part(tuple(each), name) for name, each in zones.items()]
    return [*parts, Part(tuple(rest))] if rest or not parts else parts


def windows_of(setup: Setup, part: Part) -> tuple[WindowWords, ...]:
    """Return the windows of a part in words, without the zone's name if the part already has it."""
    return tuple(window_words(setup, code, with_way=not part.zone) for code in part.windows)


def arrange(
    layout: Layout, rows: QRectF, parts: Sequence[Sequence[WindowWords]], label: str, needed: float
) -> tuple[int, list[RowSize]]:
    """Return the columns of zones that give the largest numbers, each with a second call below the first, and each
    part's rows then.

    `needed` is the number's size that the distance asks for, `rows` the room for calls where zones have no part of
    their own.
    """
    count = len(parts)

    def sized(columns: int) -> list[RowSize]:
        if not layout.is_by_zone:
            return [row_size(needed, widest_font(rows.width(), each, label), rows.height()) for each in parts]
        places = zone_grid(count, columns, layout.rows)
        return [zone_size(place.rows, each, label, needed) for place, each in zip(places, parts, strict=True)]

    found = {columns: sized(columns) for columns in range(1, count + 1 if layout.is_by_zone else 2)}
    best = max(found, key=lambda columns: (round(min(size.font for size in found[columns])), columns))
    return best, found[best]


def zone_size(room: QRectF, windows: Sequence[WindowWords], label: str, needed: float) -> RowSize:
    """Return the rows of a zone: smaller than its width allows if only then a second call has room."""
    widest = min(widest_font(room.width(), windows, label), font_for_two(room.height()))
    return row_size(needed, widest, room.height())


class Reach(Struct, frozen=True):
    """The distance from which a screen's numbers can be read, and how many calls each part shows large."""

    readable_m: float
    rows: int


def reach_of(
    setup: Setup,
    layout: str,
    size_px: tuple[int, int],
    screen_mm: float | Sequence[float] | None,
    distance_m: float,
    *,
    zone: str = "",
) -> Reach:
    """Return the reach of a display with this layout, screen and distance, before one is opened. `size_px` is the
    screen's resolution as mounted, `screen_mm` its width, or its width and height. Needs the program's fonts to be
    loaded."""
    plan = layout_of(layout, *size_px)
    mm = mm_per_px(screen_mm or None, *size_px, plan.canvas)
    parts = parts_of(setup, zone, by_zone=plan.name == ZONES)
    windows = [windows_of(setup, part) for part in parts]
    room = plan.rows_alone or plan.rows
    _columns, found = arrange(plan, room, windows, widest_label(setup), font_px(distance_m, mm))
    return Reach(metres_readable(min(size.font for size in found), mm), min(size.rows for size in found))
