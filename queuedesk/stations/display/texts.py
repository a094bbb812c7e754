"""The display's slides, its layouts as Qt has rectangles, and from where its numbers can be read."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QRectF

from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk import display
from queuedesk.core.talk.display import Box, DisplayLayout
from queuedesk.files.reading import MediaFile
from queuedesk.i18n.names import widest_ticket_label
from queuedesk.i18n.queue.display_words import SlideText, windows_of
from queuedesk.stations.widgets.number_block import text_width_px


def box_of(rect: QRectF) -> Box:
    return Box(rect.x(), rect.y(), rect.width(), rect.height())


def layout_for_screen(wish: str, width: float, height: float) -> DisplayLayout[QRectF]:
    return display.layout_for_screen(wish, width, height).with_rects(lambda box: QRectF(*box))


class CurrentSlide(Struct, frozen=True):
    slide: SlideText | MediaFile
    at: int
    count: int


class ReadingDistanceAndRows(Struct, frozen=True):
    readable_m: float
    rows: int


def display_reach(
    setup: Setup,
    layout: str,
    size_px: tuple[int, int],
    screen_mm: float | Sequence[float] | None,
    distance_m: float,
    *,
    zone: str = "",
) -> ReadingDistanceAndRows:
    """Return a display's reach with this layout, screen and distance; needs the program's fonts. `size_px` is the
    resolution as mounted, `screen_mm` the screen's width, or width and height."""
    plan = display.layout_for_screen(layout, *size_px)
    mm, by_zone = display.mm_per_px(screen_mm or None, *size_px, plan.canvas), plan.is_divided_by_zone
    windows = [windows_of(setup, part) for part in display.screen_parts(setup, zone, by_zone=by_zone)]
    room, label = plan.rows_alone or plan.rows, widest_ticket_label(setup)
    needed = display.min_readable_font_px(distance_m, mm)
    _columns, found = display.best_columns_and_row_sizes(
        windows, room, label, by_zone=by_zone, needed=needed, measure=text_width_px
    )
    least = min(size.font for size in found)
    return ReadingDistanceAndRows(display.readable_distance_m(least, mm), min(size.rows for size in found))
