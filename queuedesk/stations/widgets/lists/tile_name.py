"""The name on a service's tile: how large and in how many lines it stands above the figures without touching them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from queuedesk.stations.widgets.text import fit_px, wrap
from queuedesk.stations.window.style import Look

LEADING = 1.2
UNDER_HEIGHT = 22
ALONE, ABOVE_ANOTHER, TWO_LINES, SMALLEST = 28, 24, 22, 15  # drawn px


@dataclass(frozen=True, slots=True)
class NameLines:
    """A name as it fits: `px` is its drawn size, `top` and `height` are pixels, `under` "" where that found no room."""

    lines: tuple[str, ...]
    px: float
    under: str
    top: float
    height: float


def lay_name(look: Look, name: str, under: str, room: QRectF, middle: float) -> NameLines:
    """Lay a name within `room`, about `middle` where it can; what stands under it goes first, then its second line."""
    for second in dict.fromkeys((under, "")):
        px = ABOVE_ANOTHER if second else ALONE
        lines = wrap(look.font(px, bold=True), name, room.width())
        if len(lines) > 1:
            px = TWO_LINES
            lines = wrap(look.font(px, bold=True), name, room.width())
        height = look.px(px * LEADING) * len(lines) + (look.px(UNDER_HEIGHT) if second else 0)
        if height <= room.height():
            return NameLines(tuple(lines), px, second, _top(room, middle, height), height)
    widest = fit_px(name, room.width(), look.px(TWO_LINES), bold=True, least=look.px(SMALLEST)) / look.scale.k
    size = max(SMALLEST, min(widest, room.height() / look.scale.k / LEADING))
    height = look.px(size * LEADING)
    line = wrap(look.font(size, bold=True), name, room.width(), 1)[0]
    return NameLines((line,), size, "", _top(room, middle, height), height)


def _top(room: QRectF, middle: float, height: float) -> float:
    return max(room.top(), min(middle - height / 2, room.bottom() - height))
