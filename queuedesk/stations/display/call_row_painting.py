"""Paints one call of the display as a row: number, bar, window and its way, in columns that all rows share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont

from queuedesk.stations.display.texts import EarlierText, RowText, WindowText
from queuedesk.stations.widgets.paint import Painter, elide, fit_px, middle_baseline, width_of
from queuedesk.stations.window.fonts import font_of

# Shares of the number's size, measured in the drawing.
PAD_EM = 0.21
BAR_GAP_EM = 0.25
BAR_EM = 0.022
BAR_HEIGHT_EM = 0.7
BESIDE_EM = 0.085
WORD_EM = 0.26
ZONE_EM = 0.196
WIDEST_ZONE_EM = 1.1
LEAST_ZONE_EM = 0.11
LEAST_COMMON_SHARE = 0.7
NAME_EM = 0.3
LARGEST_NAME_EM = 0.5
ARROW_EM, ARROW_GAP_EM = 0.85, 0.25  # of the zone's size
CAP_MIDDLE_EM = 0.3637
WORD_ABOVE_EM, ZONE_BELOW_EM = 0.125, 0.155
RADIUS = 14
FRAME_PX = 6
FRESH_WITH_TAG = 0.99
LARGEST_TAG_PX, LEAST_TAG_PX, TAG_SHARE = 40.0, 11.0, 0.66
EARLIER_PX, LEAST_EARLIER_PX = 42, 32


@dataclass(frozen=True, slots=True)
class RowPlan:
    """The places of a row's contents, from the row's left edge, in canvas px."""

    font: float
    label_x: float
    label_width: float
    bar_x: float
    body_x: float
    body_width: float
    number_x: float
    number_width: float
    text_x: float
    text_width: float
    zone_px: float


@dataclass(frozen=True, slots=True)
class _Widths:
    label: float
    number: float
    text: float
    body: float

    def total(self, font: float) -> float:
        return self.label + self.body + font * (2 * PAD_EM + 2 * BAR_GAP_EM + BAR_EM)


def widest_font(width: float, windows: Sequence[WindowText], label: str) -> float:
    """Return the size of the number at which the widest row is exactly `width` wide."""
    tried = 200.0
    return width * tried / _widths(tried, windows, label).total(tried)


def plan_rows(width: float, font: float, windows: Sequence[WindowText], label: str) -> RowPlan:
    """Return the columns for rows of `width`; `windows` are all that may be called, `label` the widest number."""
    widths = _widths(font, windows, label)
    label_x = PAD_EM * font
    body_x = width - PAD_EM * font - widths.body
    free = body_x - label_x - widths.label
    word_first = any(window.before for window in windows)
    number_x, text_x = body_x, body_x + widths.number + BESIDE_EM * font
    if word_first:
        number_x, text_x = body_x + widths.body - widths.number, body_x
    return RowPlan(
        font=font,
        label_x=label_x,
        label_width=widths.label,
        bar_x=label_x + widths.label + free / 2,
        body_x=body_x,
        body_width=widths.body,
        number_x=number_x,
        number_width=widths.number,
        text_x=text_x,
        text_width=widths.text,
        zone_px=_common_zone_px(font, windows, widths.text),
    )


def _widths(font: float, windows: Sequence[WindowText], label: str) -> _Widths:
    numbered = [window for window in windows if window.word]
    big, word, zone = _number_font(font), _word_font(font), font_of(ZONE_EM * font)
    number = max((width_of(big, w.number) for w in numbered), default=0.0)
    zones = max((_zone_width(zone, ZONE_EM * font, w) for w in numbered), default=0.0)
    text = max((width_of(word, w.word) for w in numbered), default=0.0)
    text = max(text, min(zones, WIDEST_ZONE_EM * font))
    body = number + (BESIDE_EM * font if numbered else 0) + text
    names = [width_of(font_of(NAME_EM * font, bold=True), w.number) for w in windows if not w.word]
    return _Widths(width_of(big, label), number, text, max([body, *names]))


def _common_zone_px(em: float, windows: Sequence[WindowText], width: float) -> float:
    """Return the one size for the zones under a number; one far too long gets smaller alone."""
    full, font = ZONE_EM * em, font_of(ZONE_EM * em)
    widths = [_zone_width(font, full, w) for w in windows if w.word and w.zone]
    shrinks = [min(1.0, width / wide) for wide in widths]
    return full * min((share for share in shrinks if share >= LEAST_COMMON_SHARE), default=1.0)


def _number_font(font: float) -> QFont:
    return font_of(font, bold=True)


def _word_font(font: float) -> QFont:
    return font_of(WORD_EM * font, bold=True)


def _zone_width(font: QFont, px: float, window: WindowText) -> float:
    arrow = (ARROW_EM + ARROW_GAP_EM) * px if window.arrow and window.zone else 0.0
    return width_of(font, window.zone) + arrow


@dataclass(frozen=True, slots=True)
class RowTone:
    """The colours of a row at one moment; between fresh and dark they are mixed."""

    ground: QColor
    ink: QColor
    second: QColor
    bar: QColor
    frame: bool
    fresh: float = 0.0


def tone_of(painter: Painter, fresh: float, *, frame: bool) -> RowTone:
    """Return the colours of a row that is fresh (1), dark (0) or in between."""
    color = painter.look.color
    return RowTone(
        ground=_mix(color("surface"), color("fresh"), fresh),
        ink=_mix(color("ink"), color("fresh_ink"), fresh),
        second=_mix(color("ink2"), color("fresh_ink"), fresh),
        bar=_mix(color("line"), color("fresh_ink"), fresh),
        frame=frame,
        fresh=fresh,
    )


def _mix(dark: QColor, fresh: QColor, share: float) -> QColor:
    pairs = ((dark.red(), fresh.red()), (dark.green(), fresh.green()), (dark.blue(), fresh.blue()))
    parts = [round(a + (b - a) * share) for a, b in pairs]
    return QColor(*parts)


def paint_row(painter: Painter, rect: QRectF, row: RowText, plan: RowPlan, tone: RowTone) -> None:
    """Draw one call in `rect`."""
    painter.box(rect, RADIUS, tone.ground)
    if tone.frame:
        painter.box(rect, RADIUS, "", edge="ink", width=FRAME_PX)
    middle = rect.top() + rect.height() / 2
    font = _number_font(fit_px(row.label, plan.label_width + 1, plan.font, bold=True, least=plan.font / 3))
    painter.words(row.label, font, tone.ink, rect.left() + plan.label_x, middle + CAP_MIDDLE_EM * font.pixelSize())
    if row.tag and tone.fresh > FRESH_WITH_TAG:
        _paint_tag(painter, rect, row, plan, tone)
    high, wide = BAR_HEIGHT_EM * plan.font, max(3.0, BAR_EM * plan.font)
    bar = QRectF(rect.left() + plan.bar_x - wide / 2, middle - high / 2, wide, high)
    painter.box(bar, wide / 2, tone.bar)
    if row.window.word:
        _paint_numbered(painter, rect, row.window, plan, tone)
    else:
        _paint_named(painter, rect, row.window, plan, tone)


def _paint_tag(painter: Painter, rect: QRectF, row: RowText, plan: RowPlan, tone: RowTone) -> None:
    """Draw sign and word of a fresh call above its number, in the room that capitals leave."""
    free = rect.height() / 2 - CAP_MIDDLE_EM * plan.font - FRAME_PX
    px = min(LARGEST_TAG_PX, TAG_SHARE * free)
    if px < LEAST_TAG_PX:
        return
    x, middle, font = rect.left() + plan.label_x, rect.top() + FRAME_PX + 0.44 * free, font_of(px, bold=True)
    painter.icon(row.icon, "fresh_ink", x, middle - px * 0.65, px * 1.3)
    painter.words(row.tag, font, tone.ink, x + px * 1.7, middle_baseline(font, middle, 0))


def _paint_numbered(painter: Painter, rect: QRectF, window: WindowText, plan: RowPlan, tone: RowTone) -> None:
    middle, left = rect.top() + rect.height() / 2, rect.left()
    px = fit_px(window.number, plan.number_width + 1, plan.font, bold=True, least=plan.font / 4)
    font = _number_font(px)
    shift = plan.number_width - width_of(font, window.number)
    x = left + plan.number_x + (shift if window.before else shift / 2)
    painter.words(window.number, font, tone.ink, x, middle + CAP_MIDDLE_EM * font.pixelSize())
    x, word = left + plan.text_x, _word_font(plan.font)
    above = WORD_ABOVE_EM * plan.font if window.zone else 0.0
    painter.words(window.word, word, tone.ink, x, middle_baseline(word, middle - above, 0))
    if window.zone:
        room = QRectF(x, middle + ZONE_BELOW_EM * plan.font, plan.text_width, 0)
        _paint_way(painter, room, window, plan, tone)


def _paint_named(painter: Painter, rect: QRectF, window: WindowText, plan: RowPlan, tone: RowTone) -> None:
    middle, x = rect.top() + rect.height() / 2, rect.left() + plan.body_x
    least = NAME_EM * plan.font * 0.6
    px = fit_px(window.number, plan.body_width, LARGEST_NAME_EM * plan.font, bold=True, least=least)
    font = font_of(px, bold=True)
    above = 0.16 * plan.font if window.zone else 0.0
    name = elide(font, window.number, plan.body_width)
    painter.words(name, font, tone.ink, x, middle_baseline(font, middle - above, 0))
    if window.zone:
        _paint_way(painter, QRectF(x, middle + 0.22 * plan.font, plan.body_width, 0), window, plan, tone)


def _paint_way(painter: Painter, line: QRectF, window: WindowText, plan: RowPlan, tone: RowTone) -> None:
    """Draw the zone along `line`, with its arrow on the side it leads to; a long one gets smaller."""
    x, middle, em = line.left(), line.top(), plan.font
    full = _zone_width(font_of(ZONE_EM * em), ZONE_EM * em, window)
    px = min(plan.zone_px, max(LEAST_ZONE_EM, ZONE_EM * min(1.0, line.width() / full)) * em)
    font, arrow, gap = font_of(px), ARROW_EM * px, ARROW_GAP_EM * px
    room = line.width() - (arrow + gap if window.arrow else 0)
    zone = elide(font, window.zone, room + 2)
    top = middle - arrow / 2
    if window.arrow and not window.arrow_last:
        paint_arrow(painter, window.arrow, tone.second, QRectF(x, top, arrow, arrow))
        x += arrow + gap
    end = painter.words(zone, font, tone.second, x, middle_baseline(font, middle, 0))
    if window.arrow and window.arrow_last:
        paint_arrow(painter, window.arrow, tone.second, QRectF(end + gap, top, arrow, arrow))


def paint_arrow(painter: Painter, name: str, color: QColor, rect: QRectF) -> None:
    """Draw an arrow that fills a square; it is no icon, because its colour changes with the row's."""
    side = rect.width()
    painter.save()
    painter.translate(rect.center())
    painter.rotate({"arrow-right": 0.0, "arrow-down": 90.0, "arrow-left": 180.0, "arrow-up": 270.0}[name])
    pen = painter.pen()
    pen.setColor(color)
    pen.setWidthF(max(1.5, side * 0.085))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    tip, tail, wing = side * 0.36, -side * 0.36, side * 0.26
    painter.drawLine(QPointF(tail, 0), QPointF(tip, 0))
    painter.drawPolyline([QPointF(tip - wing, -wing), QPointF(tip, 0), QPointF(tip - wing, wing)])
    painter.restore()


def paint_earlier(painter: Painter, rect: QRectF, title: str, calls: Sequence[EarlierText]) -> None:
    """Draw the small line of earlier calls; it shrinks before one is left out."""
    left, middle = rect.left() + 44, rect.top() + rect.height() / 2
    px = float(EARLIER_PX)
    while px > LEAST_EARLIER_PX and _earlier_width(px, title, calls) > rect.right() - left:
        px -= 1
    bold, plain, small = font_of(px, bold=True), font_of(px), font_of(px * 0.86)
    x = painter.words(title, small, "ink2", left, middle_baseline(small, middle, 0)) + 1.3 * px
    for call in calls:
        width = width_of(bold, call.label) + px + width_of(plain, call.window)
        if x + width > rect.right() + 1:
            break
        baseline = middle_baseline(bold, middle, 0)
        x = painter.words(call.label, bold, "ink", x, baseline) + 0.45 * px
        painter.box(QRectF(x, middle - 0.43 * px, 3, 0.86 * px), 1.5, "line")
        x = painter.words(call.window, plain, "ink", x + 0.55 * px, baseline) + 1.3 * px


def _earlier_width(px: float, title: str, calls: Sequence[EarlierText]) -> float:
    bold, plain = font_of(px, bold=True), font_of(px)
    each = sum(width_of(bold, call.label) + px + width_of(plain, call.window) for call in calls)
    return width_of(font_of(px * 0.86), title) + each + 1.3 * px * len(calls)
