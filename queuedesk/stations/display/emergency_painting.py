"""An emergency on the whole screen, and below it the calls that go on: nobody's turn is lost."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor

from queuedesk.core.talk.display import DisplayLayout
from queuedesk.core.talk.number_block import ROW_EM, NumberAndWindow
from queuedesk.i18n.queue.display_words import CallRowText, EmergencyText
from queuedesk.stations.widgets import number_block
from queuedesk.stations.widgets.paint import Painter, width_of_text, wrapped_lines

LARGEST_PX, LEAST_PX = 250, 64
HEAD_PX, SECOND_PX = 84, 60
STRIPE_PX = 36
PAD = 64


def paint_emergency(
    painter: Painter, layout: DisplayLayout, emergency: EmergencyText, rows: Sequence[CallRowText]
) -> None:
    """Draw the announcement with its stripes, icon and word, and the newest calls in the strip at the bottom."""
    width, height = layout.canvas
    top = layout.head.bottom()
    page = QRectF(0, top, width, (layout.calls_strip.top() - 16 if rows else height) - top)
    painter.fillRect(QRectF(0, 0, width, height), painter.look.color("paper"))
    paint_emergency_page(painter, page, emergency)
    if rows:
        _paint_calls(painter, layout.calls_strip, emergency.calls_title, rows)


def paint_emergency_page(painter: Painter, page: QRectF, emergency: EmergencyText) -> None:
    """Draw an emergency in `page`: red ground, stripes above and below, a sign, the word, then what it says."""
    look = painter.look
    painter.fillRect(page, look.color("alarm"))
    stripe = min(STRIPE_PX, page.height() * 0.06)
    for y in (page.top(), page.bottom() - stripe):
        _paint_stripes(painter, QRectF(page.left(), y, page.width(), stripe))
    room = page.adjusted(PAD, stripe + PAD * 0.5, -PAD, -stripe - PAD * 0.4)
    head_px = min(HEAD_PX, room.height() * 0.16)
    painter.draw_icon("warning", "ink", room.left(), room.top(), head_px * 1.3)
    head = QRectF(room.left() + head_px * 1.7, room.top(), room.width() - head_px * 1.7, head_px * 1.3)
    painter.draw_words_and_give_end_x(emergency.head, look.font(head_px, bold=True), "ink", head)
    body = room.adjusted(0, head_px * 1.3 + 0.4 * head_px, 0, 0)
    second = _largest_fitting_size_and_lines(
        painter, emergency.second, body.width(), body.height() * 0.3, SECOND_PX, bold=False
    )
    low = len(second[1]) * second[0] * 1.25
    first = _largest_fitting_size_and_lines(
        painter, emergency.text, body.width(), body.height() - low - (24 if low else 0), LARGEST_PX, bold=True
    )
    y = body.top()
    for (px, lines), bold in ((first, True), (second, False)):
        for line in lines:
            painter.draw_words_and_give_end_x(
                line, look.font(px, bold=bold), "ink", QRectF(body.left(), y, body.width(), px * 1.25)
            )
            y += px * 1.25
        y += 24


def _largest_fitting_size_and_lines(
    painter: Painter, text: str, width: float, height: float, largest: float, *, bold: bool
) -> tuple[float, list[str]]:
    """Return the largest size at which all of `text` fits, and its lines."""
    if not text:
        return largest, []
    px, least = min(float(largest), height / 1.25), min(LEAST_PX, height / 5)
    while px > least:
        font = painter.look.font(px, bold=bold)
        lines = wrapped_lines(font, text, width, 20)
        if len(lines) * px * 1.25 <= height and all(width_of_text(font, line) <= width + 1 for line in lines):
            return px, lines
        px -= 2
    return px, wrapped_lines(painter.look.font(px, bold=bold), text, width, max(1, int(height // (px * 1.25))))


def _paint_stripes(painter: Painter, rect: QRectF) -> None:
    """Draw slanting stripes: they say danger without any colour."""
    painter.save()
    painter.setClipRect(rect)
    painter.fillRect(rect, painter.look.color("fresh"))
    painter.setPen(QColor(0, 0, 0, 0))
    painter.setBrush(painter.look.color("fresh_ink"))
    high = rect.height()
    x = rect.left() - high
    while x < rect.right() + high:
        corners = [
            QPointF(x, rect.bottom()),
            QPointF(x + high, rect.top()),
            QPointF(x + 2 * high, rect.top()),
            QPointF(x + high, rect.bottom()),
        ]
        painter.drawPolygon(corners)
        x += 2 * high
    painter.restore()


def _paint_calls(painter: Painter, rect: QRectF, title: str, rows: Sequence[CallRowText]) -> None:
    """Draw the newest calls side by side, on an upright screen two and two; a fresh one is amber with a frame."""
    look = painter.look
    name = QRectF(rect.left(), rect.top(), rect.width(), 44)
    painter.draw_words_and_give_end_x(title, look.font(32), "ink2", name)
    columns = min(len(rows), 4 if rect.width() > 1200 else 2)
    deep = -(-len(rows) // columns)
    room = QRectF(rect.left(), name.bottom() + 4, rect.width(), rect.bottom() - name.bottom() - 4)
    wide = (room.width() - 20 * (columns - 1)) / columns
    high = min(188.0, (room.height() - 16 * (deep - 1)) / deep)
    # Four calls share a strip: without the way their numbers are large enough.
    windows, label = [replace(row.window, zone="") for row in rows], max((row.label for row in rows), key=len)
    font = min(number_block.font_size_filling_width(wide, windows, label), high / ROW_EM)
    plan = number_block.plan_row_columns(wide, font, windows, label)
    for number, (row, window) in enumerate(zip(rows, windows, strict=True)):
        below, column = divmod(number, columns)
        box = QRectF(room.left() + column * (wide + 20), room.top() + below * (high + 16), wide, high)
        number_block.paint_number_and_window_row(
            painter,
            box,
            NumberAndWindow(row.label, window),
            plan,
            number_block.number_row_colors(painter, float(row.fresh), frame=row.fresh),
        )
