"""How a display is divided: calls beside who waits, calls alone, on a screen that stands upright, zone by zone, or who
is next in order."""

from __future__ import annotations

from math import ceil

from msgspec import Struct
from PySide6.QtCore import QRectF

AUTO, STANDARD, CALLS, PORTRAIT, ZONES, ORDER = "auto", "standard", "calls", "portrait", "zones", "order"
LAYOUTS = (AUTO, STANDARD, CALLS, PORTRAIT, ZONES, ORDER)
WIDE, TALL = (1920, 1080), (1080, 1920)
WIDEST_PX = 4320  # four times as wide as high
GAP_PX = 24.0


class Layout(Struct, frozen=True, kw_only=True):
    """The places of everything, in px of `canvas`; None for what a layout lacks. `rows_alone` are the calls while no
    strip is shown, where the strip gives its room; `rows_beside` those beside a slide, at most `most_beside`. With
    `order` the list of who is next replaces the calls."""

    name: str
    canvas: tuple[int, int]
    head: QRectF
    rows: QRectF
    strip: QRectF
    body: QRectF
    calls_strip: QRectF
    rows_alone: QRectF | None = None
    earlier: QRectF | None = None
    lines: QRectF | None = None
    slide: QRectF | None = None
    rows_beside: QRectF | None = None
    most_beside: int = 6
    short_lines: QRectF | None = None
    order: QRectF | None = None

    @property
    def is_tall(self) -> bool:
        return self.canvas == TALL

    @property
    def is_by_zone(self) -> bool:
        return self.name == ZONES

    @property
    def has_notices(self) -> bool:
        """Whether the set-up's notices take turns in the strip; pushed ones are shown in every layout."""
        return self.name not in (CALLS, ORDER)


def layout_of(wish: str, width: float, height: float) -> Layout:
    """Return the layout `wish` on a screen of this shape; "auto" and unknown layouts follow the shape alone."""
    is_tall = height > width
    if wish not in (CALLS, ZONES, PORTRAIT, STANDARD, ORDER):
        wish = PORTRAIT if is_tall else STANDARD
    if wish == STANDARD:
        return _standard()
    if wish == PORTRAIT:
        return _portrait()
    return _whole(wish, *(TALL if is_tall else (_wide_px(width, height), WIDE[1])))


def _standard() -> Layout:
    return Layout(
        name=STANDARD,
        canvas=WIDE,
        head=QRectF(48, 0, 1824, 84),
        rows=QRectF(48, 84, 1270, 774),
        earlier=QRectF(48, 862, 1270, 80),
        lines=QRectF(1366, 84, 506, 774),
        strip=QRectF(48, 944, 1824, 112),
        body=QRectF(48, 84, 1824, 848),
        slide=QRectF(950, 84, 922, 848),
        rows_beside=QRectF(48, 84, 862, 646),
        short_lines=QRectF(48, 746, 862, 186),
        calls_strip=QRectF(48, 820, 1824, 236),
    )


def _portrait() -> Layout:
    return Layout(
        name=PORTRAIT,
        canvas=TALL,
        head=QRectF(48, 0, 984, 120),
        rows=QRectF(48, 120, 984, 1268),
        earlier=QRectF(48, 1392, 984, 60),
        lines=QRectF(48, 1458, 984, 290),
        strip=QRectF(48, 1772, 984, 112),
        body=QRectF(48, 120, 984, 1628),
        slide=QRectF(48, 800, 984, 760),
        rows_beside=QRectF(48, 120, 984, 660),
        most_beside=3,
        short_lines=QRectF(48, 1576, 984, 180),
        calls_strip=QRectF(48, 1560, 984, 324),
    )


def _wide_px(width: float, height: float) -> int:
    """Return the width of a canvas that fills a wall of screens too, which is wider than a screen."""
    return max(WIDE[0], min(WIDEST_PX, round(WIDE[1] * width / max(1.0, height))))


def _whole(name: str, width: int, height: int) -> Layout:
    """Return a layout that gives all between head and strip to calls."""
    is_tall = height > width
    top, wide = 120 if is_tall else 84, width - 96
    strip = QRectF(48, height - 136, wide, 112)
    return Layout(
        name=name,
        canvas=(width, height),
        head=QRectF(48, 0, wide, top),
        rows=QRectF(48, top, wide, strip.top() - 14 - top),
        rows_alone=QRectF(48, top, wide, height - 24 - top) if name == CALLS else None,
        strip=strip,
        body=QRectF(48, top, wide, strip.top() - 12 - top),
        calls_strip=QRectF(48, height - (360 if is_tall else 260), wide, 336 if is_tall else 236),
        order=QRectF(48, top, wide, strip.top() - 12 - top) if name == ORDER else None,
    )


class ZonePlace(Struct, frozen=True):
    """The place of one zone: its name, its calls, who waits for it."""

    title: QRectF
    rows: QRectF
    lines: QRectF


TITLE_PX, LINES_PX, LEAST_ROWS_PX = 84.0, 120.0, 300.0


def zone_grid(count: int, columns: int, room: QRectF) -> list[ZonePlace]:
    """Return `count` places beside and below each other in `room`; those of the last row share its whole width."""
    rows = ceil(count / columns)
    high = (room.height() - (rows - 1) * GAP_PX) / rows
    places = []
    for row in range(rows):
        here = min(columns, count - row * columns)
        wide = (room.width() - (here - 1) * GAP_PX * 1.5) / here
        top = room.top() + row * (high + GAP_PX)
        for column in range(here):
            left = room.left() + column * (wide + GAP_PX * 1.5)
            below = LINES_PX if high - TITLE_PX - LINES_PX - 16 >= LEAST_ROWS_PX else 0.0
            calls = high - TITLE_PX - (below + 16 if below else 0)
            places.append(
                ZonePlace(
                    QRectF(left, top, wide, TITLE_PX),
                    QRectF(left, top + TITLE_PX, wide, calls),
                    QRectF(left, top + high - below, wide, below),
                )
            )
    return places
