"""Which windows share a part of a display, and how large calls can be in each part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from queuedesk.core.setup.values import Setup
from queuedesk.stations.display import sizes, texts
from queuedesk.stations.display.layouts import ZONES, Layout, layout_of, zone_grid
from queuedesk.stations.display.row_painting import widest_font
from queuedesk.stations.display.texts import WindowText

LEAST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Part:
    """The windows that share a part of the screen; `zone` is "" for those that stand in none, or where zones have no
    part of their own."""

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


def windows_of(setup: Setup, part: Part) -> tuple[WindowText, ...]:
    """Return the windows of a part in words; where the part is named by the zone, they do not say it again."""
    return tuple(texts.window_text(setup, code, with_zone=not part.zone) for code in part.windows)


def widest_label(setup: Setup) -> str:
    """Return a number as wide as any can be: rows keep their size whoever is called."""
    prefix, digits = "A", LEAST_DIGITS
    for service in setup.services.values():
        prefix = max(prefix, service.prefix, key=len)
        digits = max(digits, len(str(service.last)))
    return prefix.replace("I", "W") + "0" * digits


def arrange(
    layout: Layout, rows: QRectF, parts: Sequence[Sequence[WindowText]], label: str, needed: float
) -> tuple[int, list[sizes.RowSize]]:
    """Return the columns of zones that give the largest numbers, each with a second call below the first, and each
    part's rows then.

    `needed` is the number's size that the distance asks for, `rows` the room for calls where zones have no part of
    their own.
    """
    count = len(parts)

    def sized(columns: int) -> list[sizes.RowSize]:
        if not layout.is_by_zone:
            return [sizes.row_size(needed, widest_font(rows.width(), each, label), rows.height()) for each in parts]
        places = zone_grid(count, columns, layout.rows)
        return [zone_size(place.rows, each, label, needed) for place, each in zip(places, parts, strict=True)]

    found = {columns: sized(columns) for columns in range(1, count + 1 if layout.is_by_zone else 2)}
    best = max(found, key=lambda columns: (round(min(size.font for size in found[columns])), columns))
    return best, found[best]


def zone_size(room: QRectF, windows: Sequence[WindowText], label: str, needed: float) -> sizes.RowSize:
    """Return the rows of a zone: smaller than its width allows where only then a second call has room."""
    widest = min(widest_font(room.width(), windows, label), sizes.font_for_two(room.height()))
    return sizes.row_size(needed, widest, room.height())


@dataclass(frozen=True, slots=True)
class Reach:
    """From how far the numbers of a screen can be read, and how many calls each part shows large."""

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
    """Return what a display of this layout, screen and distance comes to, before one is opened.

    `size_px` is the screen as it hangs, `screen_mm` its width, or its width and height. Needs the program's fonts to be
    loaded.
    """
    plan = layout_of(layout, *size_px)
    mm = sizes.mm_per_px(screen_mm or None, *size_px, plan.canvas)
    parts = parts_of(setup, zone, by_zone=plan.name == ZONES)
    windows = [windows_of(setup, part) for part in parts]
    room = plan.rows_alone or plan.rows
    _columns, found = arrange(plan, room, windows, widest_label(setup), sizes.font_px(distance_m, mm))
    return Reach(sizes.readable_m(min(size.font for size in found), mm), min(size.rows for size in found))
