"""The order list on a screen: services side by side, who is at a window, and the next numbers in true call order."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QPointF, QRectF

from queuedesk.stations.display.panel_painting import paint_badge
from queuedesk.stations.display.shown import OrderColumn
from queuedesk.stations.widgets.paint import Painter, fit_px, middle_baseline, width_of, wrap
from queuedesk.stations.window.style import Look

NUMBER_PX, LEAST_NUMBER_PX = 64.0, 44.0
ROW_SHARE = 1.28
GAP, INSET = 22.0, 32.0
HEAD_PX, CALLED_PX = 152.0, 84.0
CALLED_SIZES, CALLED_GAP, COUNTED = (44.0, 38.0, 34.0, 30.0), 22.0, 46.0
MARK_PX, SMALL_PX = 34.0, 34.0
MARK_GAP = 44.0
BESIDE_WIDE, BESIDE_TALL = 5, 2


def places(count: int, room: QRectF) -> list[QRectF]:
    """Return `count` boxes of one size, as many beside each other as stay wide enough to be read."""
    is_tall = room.height() > room.width()
    rows = max(1, ceil(count / (BESIDE_TALL if is_tall else BESIDE_WIDE)))
    across = max(1, ceil(count / rows))
    wide = (room.width() - (across - 1) * GAP) / across
    high = (room.height() - (rows - 1) * GAP) / rows
    return [
        QRectF(room.left() + n % across * (wide + GAP), room.top() + n // across * (high + GAP), wide, high)
        for n in range(count)
    ]


def number_px(count: int, room: QRectF) -> float:
    """Return how large the numbers are where `count` services share the room: smaller where a box would hold no more
    than two."""
    high = places(max(1, count), room)[0].height() - HEAD_PX - CALLED_PX
    return max(LEAST_NUMBER_PX, min(NUMBER_PX, high / 4 / ROW_SHARE))


def paint_order(painter: Painter, room: QRectF, columns: Sequence[OrderColumn]) -> None:
    """Draw the list; what a box can't hold is counted at its end."""
    size = number_px(len(columns), room)
    for rect, column in zip(places(len(columns), room), columns, strict=True):
        painter.box(rect, 16, "surface")
        inner = rect.adjusted(INSET, 0, -INSET, 0)
        _paint_head(painter, QRectF(inner.left(), rect.top(), inner.width(), HEAD_PX), column)
        y = rect.top() + HEAD_PX
        painter.divider(QPointF(inner.left(), y), QPointF(inner.right(), y))
        _paint_called(painter, QRectF(inner.left(), y, inner.width(), CALLED_PX), column)
        y += CALLED_PX
        painter.divider(QPointF(inner.left(), y), QPointF(inner.right(), y))
        _paint_next(painter, QRectF(inner.left(), y + 14, inner.width(), rect.bottom() - 14 - y - 14), column, size)


def _paint_head(painter: Painter, rect: QRectF, column: OrderColumn) -> None:
    look, side = painter.look, 72.0
    paint_badge(painter, QRectF(rect.left(), rect.center().y() - side / 2, side, side), column.letter)
    left = rect.left() + side + 22
    room = rect.right() - left
    px = fit_px(column.name, room, 46, bold=True, least=30)
    names = wrap(look.font(px, bold=True), column.name, room, 1)
    top = rect.center().y() - 50
    painter.words_in(names[0], look.font(px, bold=True), "ink", QRectF(left, top, room, 56))
    small = fit_px(column.windows, room, SMALL_PX, least=26)
    shown = wrap(look.font(small), column.windows, room, 1)[0]
    painter.words_in(shown, look.font(small), "ink2", QRectF(left, top + 56, room, 46))


def _paint_called(painter: Painter, rect: QRectF, column: OrderColumn) -> None:
    """Draw who is at a window; a number that is being called is framed. Many are drawn smaller; of more than fit, the
    latest."""
    look = painter.look
    painter.icon("serving", "teal", rect.left() + 4, rect.center().y() - 16, 32)
    labels = [label for label, _fresh in column.called]
    px, count = called_size(labels, rect.width() - 62, look)
    font = look.font(px, bold=True)
    shown = column.called[len(labels) - count :]
    x = rect.left() + 62
    if not shown:
        painter.words("—", font, "ink2", x, middle_baseline(font, rect.center().y(), 0))
    for label, fresh in shown:
        wide = width_of(font, label)
        if fresh:
            painter.box(QRectF(x - 10, rect.center().y() - 32, wide + 20, 64), 10, "fresh")
        painter.words(label, font, "fresh_ink" if fresh else "ink", x, middle_baseline(font, rect.center().y(), 0))
        x += wide + CALLED_GAP
    if hidden := len(column.called) - len(shown):
        small = look.font(CALLED_SIZES[-1])
        painter.words(f"+{hidden}", small, "ink2", x, middle_baseline(small, rect.center().y(), 0))


def called_size(labels: Sequence[str], room: float, look: Look) -> tuple[float, int]:
    """Return how large numbers are drawn beside each other in `room`, and how many of them at the end of `labels`
    fit."""

    def width(some: Sequence[str], px: float) -> float:
        return sum(width_of(look.font(px, bold=True), label) + CALLED_GAP for label in some) - CALLED_GAP

    for px in CALLED_SIZES:
        if width(labels, px) <= room:
            return px, len(labels)
    least = CALLED_SIZES[-1]
    fit = (n for n in range(len(labels) - 1, 1, -1) if width(labels[-n:], least) + COUNTED <= room)
    return least, next(fit, 1)


def _paint_next(painter: Painter, rect: QRectF, column: OrderColumn, size: float) -> None:
    look = painter.look
    if not column.next:
        painter.words_in(column.empty, look.font(SMALL_PX), "ink2", QRectF(rect.left(), rect.top(), rect.width(), 64))
        return
    number, mark = look.font(size, bold=True, tabular=True), look.font(MARK_PX)
    step = size * ROW_SHARE
    marked = MARK_GAP + 38 + width_of(mark, column.priority) if any(one.priority for one in column.next) else 0.0
    wide = max(width_of(number, one.label) for one in column.next) + marked + 40
    down, across = max(1, int(rect.height() / step)), max(1, int((rect.width() + 40) / wide))
    held = down * across
    shown = column.next if len(column.next) <= held else column.next[: held - 1]
    each = rect.width() / across
    for at, one in enumerate(shown):
        x, y = rect.left() + at // down * each, rect.top() + at % down * step
        end = painter.words(one.label, number, "ink", x, middle_baseline(number, y + step / 2, 0))
        if one.priority and end + MARK_GAP + 38 + width_of(mark, column.priority) <= x + each + 4:
            painter.icon("person", "ink2", end + MARK_GAP, y + step / 2 - 15, 30)
            painter.words(column.priority, mark, "ink2", end + MARK_GAP + 38, middle_baseline(mark, y + step / 2, 0))
        elif one.priority:
            painter.icon("person", "ink2", end + 14, y + step / 2 - 15, 30)
    if len(shown) < len(column.next):
        at, left = len(shown), len(column.next) - len(shown)
        x, y = rect.left() + at // down * each, rect.top() + at % down * step
        painter.words_in(column.more.format(n=left), look.font(38), "ink2", QRectF(x, y, each, step))
