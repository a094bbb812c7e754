"""Paints the display's parts: head, moving calls, waiting lines, notices, closed hall. A call flashes the screen's edge
for people who can't hear: twice a second, never faster."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from math import ceil

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QRectF, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QFont, QImage, QPainterPath

from queuedesk.core.talk import display
from queuedesk.core.talk.number_block import NumberAndWindow
from queuedesk.i18n.line_breaks import NEVER_FIRST
from queuedesk.i18n.queue import display_words as texts
from queuedesk.i18n.queue.display_words import PaperText, SlideText
from queuedesk.stations.widgets import number_block
from queuedesk.stations.widgets.paint import (
    ELLIPSIS,
    Painter,
    centred_baseline_y,
    largest_fitting_px,
    width_of_text,
    wrapped_lines,
)
from queuedesk.stations.widgets.panels import repeating_timer
from queuedesk.stations.window.style import Look, font_of_size

HALF_MS = 250  # half of a flash: 2 Hz, where 3 Hz is the most that harms nobody
FLASHES = 6
FLASHES_UNHEARD = 16
EDGE_PX, EDGE_UNHEARD_PX, FLASH_LINE_PX = 14.0, 20.0, 4.0
REACH_PX = EDGE_UNHEARD_PX + FLASH_LINE_PX
"""So far from the border of the canvas nothing may stand: a flash would cover it."""


class EdgeFlash(QObject):
    """Flashes the screen's edge. With `still` it is lit steadily for as long as it would have flashed."""

    changed = Signal()

    def __init__(self, *, still: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_on = True
        """Whether calls flash at all: a hall may switch it off."""
        self._still, self._left, self._strong = still, 0, False
        self._timer = repeating_timer(self, HALF_MS, self._step_flash)

    @property
    def is_edge_lit(self) -> bool:
        return self._left > 0 and (self._still or self._left % 2 == 0)

    @property
    def is_running(self) -> bool:
        return self._timer.isActive()

    @property
    def width_px(self) -> float:
        """The thickness of the edge: thicker for a call that nobody hears."""
        return EDGE_UNHEARD_PX if self._strong else EDGE_PX

    def start(self, *, heard: bool = True) -> None:
        """Flash for a call, longer and thicker if it is not `heard`. A running stronger flash is not cut short."""
        if not self.is_on:
            return
        count = 2 * (FLASHES if heard else FLASHES_UNHEARD)
        self._strong = not heard or (self._strong and self._left > 0)
        self._left = max(count, self._left + self._left % 2)
        self._timer.start()
        self.changed.emit()

    def stop(self) -> None:
        self._timer.stop()
        self._left = 0

    def _step_flash(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self._timer.stop()
        if not self._still or self._left <= 0:
            self.changed.emit()

    def paint_edge(self, painter: Painter, canvas: tuple[int, int]) -> None:
        """Draw the lit edge: amber with a white line inside, so that its shape is visible without its colour."""
        if not self.is_edge_lit:
            return
        wide, color = self.width_px, painter.look.color("fresh")
        width, height = canvas
        for rect in self.edge_rects(canvas):
            painter.fillRect(rect, color)
        line = painter.look.color("ink")
        inner = QRectF(wide, wide, width - 2 * wide, height - 2 * wide)
        for rect in (
            QRectF(inner.left(), inner.top(), inner.width(), FLASH_LINE_PX),
            QRectF(inner.left(), inner.bottom() - FLASH_LINE_PX, inner.width(), FLASH_LINE_PX),
            QRectF(inner.left(), inner.top(), FLASH_LINE_PX, inner.height()),
            QRectF(inner.right() - FLASH_LINE_PX, inner.top(), FLASH_LINE_PX, inner.height()),
        ):
            painter.fillRect(rect, line)

    def edge_rects(self, canvas: tuple[int, int]) -> tuple[QRectF, ...]:
        wide, (width, height) = self.width_px, canvas
        return (
            QRectF(0, 0, width, wide),
            QRectF(0, height - wide, width, wide),
            QRectF(0, wide, wide, height - 2 * wide),
            QRectF(width - wide, wide, wide, height - 2 * wide),
        )


_RIGHT, _CENTRE = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter
LINES_HEAD_PX = 84
LINE_PX, WIDE_LINE_PX = 178, 240
LEAST_LINE_PX = 84
MOST_LINES = 8
ROOMY_LINE_PX, WIDE_PX = 118, 800
TWO_NAMES_PX = 130  # a line as high as this has room for a name in two
SOUND_OFF_PX, SOUND_OFF_HIGH, LEAST_HALL_PX, HALL_PX, LEAST_HALL_IN_TWO = 30, 52, 200, 28, 20
TALL_HEAD_PX, SECOND_PX = 1100, 42
"""A head narrower than the first is an upright screen's; the second is its line below the name."""
BADGE_PX, COUNT_PX, NAME_PX, LEAST_NAME_PX = 72, 92, 46, 36
WAITS_PX, WAITS_OVER_PX = 36, 10
"""What the line takes that says whose waits are told, and how far it reaches into the head above it."""
NAME_STEP = 1.16
"""From line to line of a name in two, in its size."""


def paint_display_head(painter: Painter, rect: QRectF, head: texts.DisplayHeadText) -> None:
    """Draw the hall's name, the date and the time, and between them that nothing can be heard, all of it where a flash
    of the edge covers nothing. On an upright screen all but name and time stand below these."""
    look, is_tall = painter.look, rect.width() < TALL_HEAD_PX
    rect = rect.adjusted(0, REACH_PX, 0, -SECOND_PX if is_tall else 0)
    below = QRectF(rect.left(), rect.bottom(), rect.width(), SECOND_PX) if is_tall else rect
    badge = _sound_off_width(painter, head.badge) if head.badge else 0.0
    big, small = (
        look.font(58, bold=True),
        look.font(largest_fitting_px(head.day, below.width() - 40 - badge, 34, least=24)),
    )
    x = rect.right() - width_of_text(big, head.clock)
    painter.draw_words(head.clock, big, "ink", x, centred_baseline_y(big, rect.center().y(), 0))
    left = (below.right() if is_tall else x - 32) - width_of_text(small, head.day)
    painter.draw_words(head.day, small, "ink2", left, centred_baseline_y(small, below.center().y(), 0))
    if head.badge:
        left, high = max(rect.left(), left - 40 - badge), min(SOUND_OFF_HIGH, below.height())
        _paint_sound_off(painter, QRectF(left, below.center().y() - high / 2, badge, high), head.badge)
    name = QRectF(rect.left(), rect.top(), (x if is_tall else left) - rect.left() - 48, rect.height())
    if name.width() > LEAST_HALL_PX:
        _paint_hall_name(painter, name, head.hall)


def _paint_hall_name(painter: Painter, rect: QRectF, hall: str) -> None:
    """Draw the hall's name in one line, or in two as large as they must be to say it whole."""
    for size in (
        largest_fitting_px(hall, rect.width(), 40, bold=True, least=HALL_PX),
        *range(HALL_PX - 1, LEAST_HALL_IN_TWO, -1),
    ):
        lines = wrapped_lines(painter.look.font(size, bold=True), hall, rect.width(), 2)
        if not lines[-1].endswith(ELLIPSIS) and (len(lines) == 1 or size * NAME_STEP * 2 <= rect.height()):
            break
    step = size * NAME_STEP
    top = rect.center().y() - step * len(lines) / 2
    for n, line in enumerate(lines):
        place = QRectF(rect.left(), top + n * step, rect.width(), step)
        painter.draw_words_and_give_end_x(line, painter.look.font(size, bold=True), "ink", place)


def _sound_off_width(painter: Painter, words: str) -> float:
    return 104 + width_of_text(painter.look.font(SOUND_OFF_PX, bold=True), words)


def _paint_sound_off(painter: Painter, badge: QRectF, words: str) -> None:
    font = painter.look.font(SOUND_OFF_PX, bold=True)
    painter.draw_box(badge, SOUND_OFF_HIGH / 2, "", edge="fresh", width=3)
    side = badge.height() - 12
    painter.draw_icon("speaker-off", "fresh", badge.left() + 24, badge.center().y() - side / 2, side)
    painter.draw_words(words, font, "fresh", badge.left() + 78, centred_baseline_y(font, badge.center().y(), 0))


def paint_service_letter(painter: Painter, rect: QRectF, letter: str) -> None:
    side = rect.height()
    painter.draw_box(rect, side / 6, "", edge="teal", width=max(2.0, side / 26))
    size = side * (0.62 if len(letter) == 1 else 0.44)
    painter.draw_words_and_give_end_x(letter, painter.look.font(size, bold=True), "teal", rect, _CENTRE)


def has_room_for_service_lines(rect: QRectF, told: texts.WaitingLinesText) -> bool:
    return 0 < len(told.lines) <= MOST_LINES and rect.height() >= _service_lines_height_px(told)


def lines_with_waits_height_px(told: texts.WaitingLinesText) -> float:
    """Return the height in which each service has a line for itself with its wait; 0 where no wait is told so."""
    return _service_lines_height_px(told) if told.waits and 0 < len(told.lines) <= MOST_LINES else 0.0


def _service_lines_height_px(told: texts.WaitingLinesText) -> float:
    return LINES_HEAD_PX + (WAITS_PX if told.waits else 0) + len(told.lines) * ROOMY_LINE_PX


def paint_service_lines(painter: Painter, rect: QRectF, told: texts.WaitingLinesText) -> None:
    """Draw the total and each service with its wait; more services make lower lines, then two columns without waits."""
    look, lines = painter.look, told.lines
    head = QRectF(rect.left(), rect.top(), rect.width(), LINES_HEAD_PX)
    painter.draw_words_and_give_end_x(told.title, look.font(44, bold=True), "ink", head)
    painter.draw_words_and_give_end_x(told.total, look.font(64, bold=True), "ink", head, _RIGHT)
    bottom = head.bottom()
    if told.waits and (rect.height() - head.height() - WAITS_PX) / max(1, len(lines)) >= LEAST_LINE_PX:
        waits = QRectF(rect.left(), bottom - WAITS_OVER_PX, rect.width(), WAITS_PX + WAITS_OVER_PX)
        bottom = waits.bottom()
        font = look.font(largest_fitting_px(told.waits, rect.width(), 34, least=24))
        painter.draw_words_and_give_end_x(told.waits, font, "ink2", waits.adjusted(0, 0, 0, -WAITS_OVER_PX))
    painter.draw_divider(QPointF(rect.left(), bottom), QPointF(rect.right(), bottom))
    room = QRectF(rect.left(), bottom, rect.width(), rect.bottom() - bottom)
    if len(lines) > MOST_LINES:
        _paint_services_in_two_columns(painter, room, lines)
        return
    most = WIDE_LINE_PX if rect.width() > WIDE_PX else LINE_PX
    high = min(most, room.height() / max(1, len(lines)))
    name_px = _service_name_font_px(lines, rect.width(), high)
    for number, line in enumerate(lines):
        top = room.top() + number * high
        if number:
            painter.draw_divider(QPointF(rect.left(), round(top)), QPointF(rect.right(), round(top)))
        _paint_service_line(painter, QRectF(rect.left(), top, rect.width(), high), line, name_px)


def _service_line_scale(height: float) -> float:
    return max(0.75, height / LINE_PX)


def _room_for_service_name(line: texts.WaitingLineText, width: float, height: float) -> float:
    share = _service_line_scale(height)
    return width - BADGE_PX * share - 24 - 28 - width_of_text(font_of_size(COUNT_PX * share, bold=True), line.count)


def _service_name_font_px(lines: Sequence[texts.WaitingLineText], width: float, height: float) -> float:
    """Return the one size for all names: that of the longest which still fits into one line at a readable size."""
    share = _service_line_scale(height)
    least, sizes = LEAST_NAME_PX * share, [NAME_PX * share]
    for line in lines:
        room = _room_for_service_name(line, width, height)
        if width_of_text(font_of_size(least, bold=True), line.name) <= room:
            sizes.append(largest_fitting_px(line.name, room, NAME_PX * share, bold=True, least=least))
    return min(sizes)


def _paint_service_line(painter: Painter, rect: QRectF, line: texts.WaitingLineText, size: float) -> None:
    look, share = painter.look, _service_line_scale(rect.height())
    middle, side = rect.top() + rect.height() / 2, BADGE_PX * share
    paint_service_letter(painter, QRectF(rect.left(), middle - side / 2, side, side), line.letter)
    painter.draw_words_and_give_end_x(line.count, look.font(COUNT_PX * share, bold=True), "ink", rect, _RIGHT)
    left, room = rect.left() + side + 24, _room_for_service_name(line, rect.width(), rect.height())
    names = wrapped_lines(look.font(size, bold=True), line.name, room, 1)
    if names[0] != line.name:
        size = LEAST_NAME_PX * share
        names = wrapped_lines(look.font(size, bold=True), line.name, room, 2 if rect.height() > TWO_NAMES_PX else 1)
    if not line.wait or rect.height() < LEAST_LINE_PX:
        painter.draw_words_and_give_end_x(
            names[0], look.font(size, bold=True), "ink", QRectF(left, rect.top(), room, rect.height())
        )
        return
    told = [words for words in (line.wait, line.ahead) if words]
    waits = min(largest_fitting_px(words, room, 34 * share, least=24 * share) for words in told)
    step, below = size * NAME_STEP, waits * 1.5
    if len(names) * step + len(told) * below > rect.height():
        # Closer, then smaller: a wait without who is ahead contradicts the number beside it.
        waits = min(waits, (rect.height() - len(names) * step) / (len(told) * NAME_STEP))
        below = waits * NAME_STEP
    if waits < 24 * share:
        waits, told = 24 * share, told[:1]
        below = waits * NAME_STEP
    y = middle - (len(names) * step + len(told) * below) / 2
    for name in names:
        painter.draw_words_and_give_end_x(name, look.font(size, bold=True), "ink", QRectF(left, y, room, step))
        y += step
    for words in told:
        painter.draw_words_and_give_end_x(words, look.font(waits), "ink2", QRectF(left, y, room, below))
        y += below


def _paint_services_in_two_columns(painter: Painter, rect: QRectF, lines: Sequence[texts.WaitingLineText]) -> None:
    look, half = painter.look, (len(lines) + 1) // 2
    high, wide = min(120.0, rect.height() / half), rect.width() / 2
    for number, line in enumerate(lines):
        column, place = divmod(number, half)
        cell = QRectF(rect.left() + column * wide, rect.top() + place * high, wide - 24 * (1 - column), high)
        side = min(60.0, high * 0.7)
        paint_service_letter(painter, QRectF(cell.left(), cell.center().y() - side / 2, side, side), line.letter)
        painter.draw_words_and_give_end_x(line.count, look.font(min(60.0, high * 0.62), bold=True), "ink", cell, _RIGHT)


def paint_waiting_lines_below_calls(painter: Painter, rect: QRectF, told: texts.WaitingLinesText) -> None:
    """Draw who waits below the calls of an upright screen, in two columns."""
    look, lines = painter.look, told.lines
    head = QRectF(rect.left(), rect.top(), rect.width(), 76)
    end = painter.draw_words_and_give_end_x(told.title, look.font(44, bold=True), "ink", head)
    painter.draw_words_and_give_end_x(
        told.total, look.font(52, bold=True), "ink", QRectF(end + 24, head.top(), 300, head.height())
    )
    columns = 2 if len(lines) <= MOST_LINES else 4
    rows = max(1, -(-len(lines) // columns))
    high, wide = min(150.0, (rect.height() - 76) / rows), rect.width() / columns
    for number, line in enumerate(lines):
        row, column = divmod(number, columns)
        cell = QRectF(rect.left() + column * wide, head.bottom() + row * high, wide - 32 * (column < columns - 1), high)
        side = min(BADGE_PX, high * 0.72)
        paint_service_letter(painter, QRectF(cell.left(), cell.center().y() - side / 2, side, side), line.letter)
        count = look.font(min(72.0, high * 0.68), bold=True)
        painter.draw_words_and_give_end_x(line.count, count, "ink", cell, _RIGHT)
        if columns == 2:
            left = cell.left() + side + 22
            room = QRectF(left, cell.top(), cell.right() - width_of_text(count, line.count) - 20 - left, high)
            px = largest_fitting_px(line.name, room.width(), min(40.0, high * 0.42), least=min(28.0, high * 0.36))
            names = wrapped_lines(look.font(px), line.name, room.width(), 2)
            step = px * NAME_STEP
            y = room.center().y() - len(names) * step / 2
            for n, name in enumerate(names):
                painter.draw_words_and_give_end_x(
                    name, look.font(px), "ink", QRectF(left, y + n * step, room.width(), step)
                )


def paint_waiting_lines_box(
    painter: Painter, rect: QRectF, title: str, lines: Sequence[texts.WaitingLineText], people: str
) -> None:
    """Draw who waits in one box under the calls; `people` is the unit after each number, if the language has one."""
    look = painter.look
    painter.draw_box(rect, 14, "surface")
    font = look.font(44 if rect.width() > 800 else 36, bold=True)
    inset = 36 if rect.width() > 800 else 24
    name = QRectF(rect.left() + inset, rect.top(), 220, rect.height())
    end = painter.draw_words_and_give_end_x(title, font, "ink", name)
    side = min(64.0, rect.height() * 0.42)
    size = side * 0.625
    shown = lines[: max(1, min(6, int((rect.right() - end - 48) // 96)))]
    wide = (rect.right() - 24 - end - 24) / max(1, len(shown))
    for number, line in enumerate(shown):
        x = end + 24 + number * wide
        top = rect.top() + (rect.height() - side - size * 1.4) / 2
        paint_service_letter(painter, QRectF(x + (wide - side) / 2, top, side, side), line.letter)
        bold, plain = look.font(size, bold=True), look.font(size)
        unit = f" {people}" if people else ""
        left = x + (wide - width_of_text(bold, line.count) - width_of_text(plain, unit)) / 2
        baseline = centred_baseline_y(bold, top + side + 4, size * 1.4)
        painter.draw_words(unit, plain, "ink", painter.draw_words(line.count, bold, "ink", left, baseline), baseline)


STRIP_LEFT, STRIP_RIGHT = 112, 38


def paint_notice_strip(
    painter: Painter, rect: QRectF, text: str, place: str, *, icon: str = "info", token: str = "teal"
) -> None:
    """Draw the strip of notices; `place` is the notice's number among how many."""
    look = painter.look
    painter.draw_box(rect, 16, "notice")
    painter.draw_icon(icon, token, rect.left() + 38, rect.top() + (rect.height() - 46) / 2, 46)
    right = rect.right() - STRIP_RIGHT
    if place:
        painter.draw_words_and_give_end_x(
            place,
            look.font(32, tabular=True),
            "ink2",
            QRectF(rect.left(), rect.top(), right - rect.left(), rect.height()),
            _RIGHT,
        )
        right -= width_of_text(look.font(32, tabular=True), place) + 48
    left = rect.left() + STRIP_LEFT
    paint_notice_text(painter, QRectF(left, rect.top(), right - left, rect.height()), text)


def notice_font_px_and_lines(look: Look, text: str, width: float) -> tuple[float, list[str]]:
    """Return the font size and lines of a notice: one if it fits well, else two smaller ones, cut with … at the end."""
    size = largest_fitting_px(text, width, 42, least=36)
    lines = wrapped_lines(look.font(size), text, width, 1)
    if lines[0] != text:
        size = 34 if len(wrapped_lines(look.font(34), text, width, 9)) <= 2 else 30
        lines = wrapped_lines(look.font(size), text, width, 2)
    return size, lines


def room_width_for_notice_text(rect: QRectF) -> float:
    return rect.width() - STRIP_LEFT - STRIP_RIGHT


def paint_notice_text(painter: Painter, rect: QRectF, text: str) -> None:
    look = painter.look
    size, lines = notice_font_px_and_lines(look, text, rect.width())
    step = size * 1.32
    y = rect.top() + (rect.height() - step * len(lines)) / 2
    for line in lines:
        painter.draw_words_and_give_end_x(line, look.font(size), "ink", QRectF(rect.left(), y, rect.width(), step))
        y += step


def paint_no_calls_text(painter: Painter, rect: QRectF, words: str) -> None:
    look = painter.look
    painter.draw_box(rect, 14, "surface")
    size = largest_fitting_px(words, rect.width() - 112, 56, bold=True, least=44)
    lines = wrapped_lines(look.font(size, bold=True), words, rect.width() - 112, 2)
    y = rect.center().y() - size * 0.65 * len(lines)
    for line in lines:
        painter.draw_words_and_give_end_x(
            line,
            look.font(size, bold=True),
            "ink2",
            QRectF(rect.left() + 56, y, rect.width() - 112, size * 1.3),
            _CENTRE,
        )
        y += size * 1.3


def paint_closed_hall_page(painter: Painter, rect: QRectF, closed: texts.ClosedHallText) -> None:
    look, top = painter.look, rect.top() + (rect.height() - 848) * 0.4
    size = largest_fitting_px(closed.title, rect.width() - 96, 166, bold=True, least=72)
    _draw_centred_text_line(
        painter, closed.title, look.font(size, bold=True), "ink", QRectF(rect.left(), top + 146, rect.width(), 220)
    )
    opens = largest_fitting_px(closed.opens, rect.width() - 96, 82, least=56)
    _draw_centred_text_line(
        painter, closed.opens, look.font(opens), "ink2", QRectF(rect.left(), top + 374, rect.width(), 108)
    )
    if closed.why:
        why = largest_fitting_px(closed.why, rect.width() - 96, 64, least=44)
        _draw_centred_text_line(
            painter, closed.why, look.font(why), "ink2", QRectF(rect.left(), top + 488, rect.width(), 84)
        )
    if not closed.phone:
        return
    y = top + (676.0 if closed.why else 632.0)
    share = min(1.0, (rect.width() - 40) / _phone_line_width(closed, 1.0))
    words, number, side = look.font(52 * share), look.font(92 * share, bold=True), 56 * share
    x = rect.center().x() - _phone_line_width(closed, share) / 2
    painter.draw_icon("phone", "teal", x, y - side / 2, side)
    baseline = centred_baseline_y(number, y, 0)
    x = painter.draw_words(closed.phone_words, words, "ink", x + 96 * share, centred_baseline_y(words, y, 0))
    painter.draw_words(closed.phone, number, "ink", x + 40 * share, baseline)


def _phone_line_width(closed: texts.ClosedHallText, share: float) -> float:
    words, number = font_of_size(52 * share), font_of_size(92 * share, bold=True)
    return 136 * share + width_of_text(words, closed.phone_words) + width_of_text(number, closed.phone)


def _draw_centred_text_line(painter: Painter, text: str, font: QFont, token: str, rect: QRectF) -> None:
    """Centre a line without the empty half of its last mark."""
    ends_half_empty = bool(text) and text[-1] in NEVER_FIRST and text[-1] > "\u2e7f"
    shift = 0.25 * font.pixelSize() if ends_half_empty else 0.0
    painter.draw_words_and_give_end_x(text, font, token, rect.translated(shift, 0), _CENTRE)


# -- slides ------------------------------------------------------------------------------------------------------------

_SLIDE_CENTRE = Qt.AlignmentFlag.AlignHCenter
MOST_DOTS = 6
DOTS_PX = 56 + 5 * 28 + 40
LARGEST_TEXT_PX, LEAST_TEXT_PX = 64, 34
RADIUS = 16


def paint_text_slide(painter: Painter, rect: QRectF, slide: SlideText) -> None:
    """Draw what to bring for an item, the steps of a service, or a notice that is too long for the strip."""
    look, pad = painter.look, 56
    room = rect.width() - 2 * pad
    left = rect.left() + pad
    painter.draw_words_and_give_end_x(
        slide.service, look.font(40, bold=True), "teal", QRectF(left, rect.top() + 52, room, 60)
    )
    size = largest_fitting_px(slide.title, room, 70, bold=True, least=52)
    y = rect.top() + 118
    for line in wrapped_lines(look.font(size, bold=True), slide.title, room, 2):
        painter.draw_words_and_give_end_x(line, look.font(size, bold=True), "ink", QRectF(left, y, room, size * 1.3))
        y += size * 1.3
    y += 34
    foot = rect.bottom() - 104
    if slide.text:
        _paint_fitted_paragraphs(painter, QRectF(left, y, room, foot - y), slide.text)
    step = min(128.0, (foot - y) / max(1, len(slide.papers)))
    for number, paper in enumerate(slide.papers, 1):
        _paint_numbered_paper_row(painter, QRectF(left, y, room, step), number, paper)
        y += step
    foot_room = room - DOTS_PX
    size = largest_fitting_px(slide.foot, foot_room, 40, least=30)
    painter.draw_words_and_give_end_x(slide.foot, look.font(size), "ink2", QRectF(left, foot, foot_room, 72))


def _paint_numbered_paper_row(painter: Painter, rect: QRectF, number: int, paper: PaperText) -> None:
    look, share = painter.look, max(0.5, min(1.0, rect.height() / 110))
    side, middle = 64 * share, rect.center().y()
    disc = QRectF(rect.left(), middle - side / 2, side, side)
    painter.draw_box(disc, side / 2, "teal")
    painter.draw_words_and_give_end_x(str(number), look.font(36 * share, bold=True), "slide", disc, _SLIDE_CENTRE)
    x, room = rect.left() + side + 28, rect.width() - side - 28
    px = largest_fitting_px(paper.name, room, 54 * share, least=36 * share)
    high, below = px * 1.2, 34 * share * 1.3 if paper.note else 0.0
    y = middle - (high + below) / 2
    painter.draw_words_and_give_end_x(paper.name, look.font(px), "ink", QRectF(x, y, room, high))
    if paper.note:
        small = largest_fitting_px(paper.note, room, 34 * share, least=26 * share)
        painter.draw_words_and_give_end_x(paper.note, look.font(small), "ink2", QRectF(x, y + high, room, below))


def _paint_fitted_paragraphs(painter: Painter, rect: QRectF, text: str) -> None:
    """Draw paragraphs as large as they fit; what does not fit at the smallest size ends in the strip's own lines."""
    look, px = painter.look, float(LARGEST_TEXT_PX)
    while px > LEAST_TEXT_PX and len(_wrapped_notice_lines(painter, text, px, rect.width())) * px * 1.4 > rect.height():
        px -= 2
    y = rect.top()
    for line in _wrapped_notice_lines(painter, text, px, rect.width())[: int(rect.height() // (px * 1.4))]:
        painter.draw_words_and_give_end_x(line, look.font(px), "ink", QRectF(rect.left(), y, rect.width(), px * 1.4))
        y += px * 1.4


def _wrapped_notice_lines(painter: Painter, text: str, px: float, width: float) -> list[str]:
    font = painter.look.font(px)
    return [line for part in text.splitlines() if part.strip() for line in wrapped_lines(font, part.strip(), width, 40)]


def paint_image_fitted(painter: Painter, rect: QRectF, image: QImage) -> None:
    if image.isNull():
        return
    share = min(rect.width() / image.width(), rect.height() / image.height())
    wide, high = image.width() * share, image.height() * share
    place = QRectF(rect.center().x() - wide / 2, rect.center().y() - high / 2, wide, high)
    painter.save()
    path = QPainterPath()
    path.addRoundedRect(rect, RADIUS, RADIUS)
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    painter.drawImage(place, image)
    painter.restore()


def paint_slide_position_dots(painter: Painter, rect: QRectF, count: int, at: int) -> None:
    """Draw which of the slides is shown: a bar among dots, at the bottom right of `rect`."""
    if count < 2:
        return
    dots = min(count, MOST_DOTS)
    here = min(dots - 1, at * dots // count)
    x = rect.right() - 56 - (56 + (dots - 1) * 28)
    y = rect.bottom() - 104 + 36
    for number in range(dots):
        wide = 56.0 if number == here else 14.0
        painter.draw_box(QRectF(x, y - 7, wide, 14), 7, "teal" if number == here else "ink2")
        x += wide + 14


# -- the order list ----------------------------------------------------------------------------------------------------

NUMBER_PX, LEAST_NUMBER_PX = 64.0, 44.0
ROW_SHARE = 1.28
GAP, INSET = 22.0, 32.0
HEAD_PX, CALLED_PX = 152.0, 84.0
CALLED_SIZES, CALLED_GAP, COUNTED = (44.0, 38.0, 34.0, 30.0), 32.0, 46.0
MARK_PX, SMALL_PX = 34.0, 34.0
MARK_GAP, LEAST_MARK_GAP = 44.0, 14.0
BESIDE_WIDE, BESIDE_TALL = 5, 2


def equal_boxes_in_room(count: int, room: QRectF) -> list[QRectF]:
    """Return `count` boxes of one size, as many side by side as are wide enough to be read."""
    is_tall = room.height() > room.width()
    rows = max(1, ceil(count / (BESIDE_TALL if is_tall else BESIDE_WIDE)))
    across = max(1, ceil(count / rows))
    wide = (room.width() - (across - 1) * GAP) / across
    high = (room.height() - (rows - 1) * GAP) / rows
    return [
        QRectF(room.left() + n % across * (wide + GAP), room.top() + n // across * (high + GAP), wide, high)
        for n in range(count)
    ]


def order_number_font_px(count: int, room: QRectF) -> float:
    """Return the size of the numbers where `count` services share the room: smaller where a box would hold only two."""
    high = equal_boxes_in_room(max(1, count), room)[0].height() - HEAD_PX - CALLED_PX
    return max(LEAST_NUMBER_PX, min(NUMBER_PX, high / 4 / ROW_SHARE))


def paint_order_list(painter: Painter, room: QRectF, columns: Sequence[texts.OrderListColumn]) -> None:
    """Draw the list; a box counts at its end the numbers without room."""
    size = order_number_font_px(len(columns), room)
    for rect, column in zip(equal_boxes_in_room(len(columns), room), columns, strict=True):
        painter.draw_box(rect, 16, "surface")
        inner = rect.adjusted(INSET, 0, -INSET, 0)
        _paint_order_column_head(painter, QRectF(inner.left(), rect.top(), inner.width(), HEAD_PX), column)
        y = rect.top() + HEAD_PX
        painter.draw_divider(QPointF(inner.left(), y), QPointF(inner.right(), y))
        _paint_called_tickets(painter, QRectF(inner.left(), y, inner.width(), CALLED_PX), column)
        y += CALLED_PX
        painter.draw_divider(QPointF(inner.left(), y), QPointF(inner.right(), y))
        _paint_next_tickets(
            painter, QRectF(inner.left(), y + 14, inner.width(), rect.bottom() - 14 - y - 14), column, size
        )


def _paint_order_column_head(painter: Painter, rect: QRectF, column: texts.OrderListColumn) -> None:
    look, side = painter.look, 72.0
    paint_service_letter(painter, QRectF(rect.left(), rect.center().y() - side / 2, side, side), column.letter)
    left = rect.left() + side + 22
    room = rect.right() - left
    px = largest_fitting_px(column.name, room, 46, bold=True, least=30)
    names = wrapped_lines(look.font(px, bold=True), column.name, room, 2)
    step = 56.0 if len(names) == 1 else px * NAME_STEP
    top = rect.center().y() - (len(names) * step + 46) / 2
    for n, name in enumerate(names):
        painter.draw_words_and_give_end_x(
            name, look.font(px, bold=True), "ink", QRectF(left, top + n * step, room, step)
        )
    small = largest_fitting_px(column.windows, room, SMALL_PX, least=26)
    shown = wrapped_lines(look.font(small), column.windows, room, 1)[0]
    painter.draw_words_and_give_end_x(shown, look.font(small), "ink2", QRectF(left, top + len(names) * step, room, 46))


def _paint_called_tickets(painter: Painter, rect: QRectF, column: texts.OrderListColumn) -> None:
    """Draw the tickets at a window; one being called is framed. Many are smaller; if too many, the latest."""
    look = painter.look
    painter.draw_icon("serving", "teal", rect.left() + 4, rect.center().y() - 16, 32)
    labels = [label for label, _fresh in column.called]
    px, count = called_font_px_and_count(labels, rect.width() - 62, look)
    font = look.font(px, bold=True)
    shown = column.called[len(labels) - count :]
    x = rect.left() + 62
    if not shown:
        painter.draw_words("—", font, "ink2", x, centred_baseline_y(font, rect.center().y(), 0))
    for label, fresh in shown:
        wide = width_of_text(font, label)
        if fresh:
            painter.draw_box(QRectF(x - 10, rect.center().y() - 32, wide + 20, 64), 10, "fresh")
        painter.draw_words(
            label, font, "fresh_ink" if fresh else "ink", x, centred_baseline_y(font, rect.center().y(), 0)
        )
        x += wide + CALLED_GAP
    if hidden := len(column.called) - len(shown):
        small = look.font(CALLED_SIZES[-1])
        painter.draw_words(f"+{hidden}", small, "ink2", x, centred_baseline_y(small, rect.center().y(), 0))


def called_font_px_and_count(labels: Sequence[str], room: float, look: Look) -> tuple[float, int]:
    """Return how large numbers side by side in `room` are drawn, and how many from the end of `labels` fit."""

    def labels_width(some: Sequence[str], px: float) -> float:
        return sum(width_of_text(look.font(px, bold=True), label) + CALLED_GAP for label in some) - CALLED_GAP

    for px in CALLED_SIZES:
        if labels_width(labels, px) <= room:
            return px, len(labels)
    least = CALLED_SIZES[-1]
    fit = (n for n in range(len(labels) - 1, 1, -1) if labels_width(labels[-n:], least) + COUNTED <= room)
    return least, next(fit, 1)


def _paint_next_tickets(painter: Painter, rect: QRectF, column: texts.OrderListColumn, size: float) -> None:
    look = painter.look
    if not column.next:
        painter.draw_words_and_give_end_x(
            column.empty, look.font(SMALL_PX), "ink2", QRectF(rect.left(), rect.top(), rect.width(), 64)
        )
        return
    number, mark = look.font(size, bold=True, tabular=True), look.font(MARK_PX)
    step = size * ROW_SHARE
    marked = max((MARK_GAP + 38 + width_of_text(mark, word) for _icon, word in column.marks if word), default=0.0)
    wide = max(width_of_text(number, one.label) for one in column.next) + marked + 40
    down, across = max(1, int(rect.height() / step)), max(1, int((rect.width() + 40) / wide))
    held = down * across
    shown = column.next if len(column.next) <= held else column.next[: held - 1]
    each = rect.width() / across
    for at, one in enumerate(shown):
        x, y = rect.left() + at // down * each, rect.top() + at % down * step
        end = painter.draw_words(one.label, number, "ink", x, centred_baseline_y(number, y + step / 2, 0))
        icon, word = column.marks[at]
        if not icon:
            continue
        room = x + each + 4 - end - 38 - width_of_text(mark, word)
        gap = MARK_GAP if room >= MARK_GAP else LEAST_MARK_GAP
        painter.draw_icon(icon, "ink2", end + gap, y + step / 2 - 15, 30)
        if room >= gap:
            painter.draw_words(word, mark, "ink2", end + gap + 38, centred_baseline_y(mark, y + step / 2, 0))
    if len(shown) < len(column.next):
        at, left = len(shown), len(column.next) - len(shown)
        x, y = rect.left() + at // down * each, rect.top() + at % down * step
        painter.draw_words_and_give_end_x(column.more.format(n=left), look.font(38), "ink2", QRectF(x, y, each, step))


# -- motion; at rest nothing runs --------------------------------------------------------------------------------------

SLIDE_MS = 250
DARKEN_MS = 400
CROSS_FADE_MS = 300
BLINK_MS = 500  # half of a blink: 1 Hz
BLINKS = 3
BLINKS_UNHEARD = 6
SLIDE_PX = 72.0


class OneShotProgressAnimation(QVariantAnimation):
    """Goes from 0 to 1 once and stops; at rest it is 1."""

    def __init__(self, duration_ms: int, parent: QObject) -> None:
        super().__init__(parent)
        self.setDuration(duration_ms)
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setEasingCurve(QEasingCurve.Type.OutCubic)

    @property
    def progress_share(self) -> float:
        if self.state() != QVariantAnimation.State.Running:
            return 1.0
        return float(self.currentValue())


class CallRowAnimator(QObject):
    """Where each row is on the way to its place, how amber it still is, and whether its frame shows. Rows are
    identified by a key. With `still` nothing slides or blinks, and amber ends at once."""

    moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.still = False
        self._places: dict[Hashable, float] = {}
        self._from: dict[Hashable, float] = {}
        self._entering: set[Hashable] = set()
        self._darkening: set[Hashable] = set()
        self._blinks: dict[Hashable, int] = {}
        self._slide = OneShotProgressAnimation(SLIDE_MS, self)
        self._darken = OneShotProgressAnimation(DARKEN_MS, self)
        for animation in (self._slide, self._darken):
            animation.valueChanged.connect(self.moved)
            animation.finished.connect(self._drop_finished_motion)
        self._blinker = repeating_timer(self, BLINK_MS, self._count_down_blinks)

    def is_moving(self) -> bool:
        running = QVariantAnimation.State.Running
        return self._blinker.isActive() or running in (self._slide.state(), self._darken.state())

    def animate_new_row_order(self, keys: Sequence[Hashable], called: Iterable[Hashable], *, blinks: int) -> None:
        """Slide to the order `keys`; those `called` come in from the side and blink so often."""
        now = {key: self.fractional_row_position(key) for key in self._places}
        self._places = {key: float(place) for place, key in enumerate(keys)}
        fresh = [key for key in called if key in self._places]
        if self.still:
            self._from, self._entering = {}, set()
            return
        self._from = {key: now[key] for key in self._places if key in now and key not in fresh}
        self._entering = set(fresh)
        self._slide.stop()
        self._slide.start()
        for key in fresh:
            self._blinks[key] = 2 * blinks
        if not self._blinker.isActive():
            self._blinker.start()

    def set_order(self, keys: Sequence[Hashable]) -> None:
        self._places = {key: float(place) for place, key in enumerate(keys)}
        self._from = {}
        self._entering &= set(keys)
        self._blinks = {key: left for key, left in self._blinks.items() if key in self._places}

    def fade_amber_rows_to_dark(self, keys: Iterable[Hashable]) -> None:
        """Fade rows that are no longer fresh from amber to dark."""
        gone = set(keys)
        if gone and not self.still:
            self._darkening = gone if self._darken.progress_share == 1.0 else self._darkening | gone
            self._darken.stop()
            self._darken.start()

    def fractional_row_position(self, key: Hashable) -> float:
        """Return the row's place now, 0 for the top one, between places while it slides."""
        place = self._places.get(key, 0.0)
        return place + (self._from.get(key, place) - place) * (1.0 - self._slide.progress_share)

    def entry_offset_px(self, key: Hashable) -> float:
        return SLIDE_PX * (1.0 - self._slide.progress_share) if key in self._entering else 0.0

    def is_sliding_in(self, key: Hashable) -> bool:
        return key in self._entering and self._slide.progress_share < 1.0

    def amber_share(self, key: Hashable, fresh: bool) -> float:
        if fresh:
            return 1.0
        return 1.0 - self._darken.progress_share if key in self._darkening else 0.0

    def is_call_frame_visible(self, key: Hashable, fresh: bool) -> bool:
        return fresh and self._blinks.get(key, 0) % 2 == 0

    def stop(self) -> None:
        self._blinker.stop()
        self._slide.stop()
        self._darken.stop()

    def _count_down_blinks(self) -> None:
        self._blinks = {key: left - 1 for key, left in self._blinks.items() if left > 1 and key in self._places}
        if not self._blinks:
            self._blinker.stop()
        self.moved.emit()

    def _drop_finished_motion(self) -> None:
        if self._slide.progress_share == 1.0:
            self._from, self._entering = {}, set()
        if self._darken.progress_share == 1.0:
            self._darkening = set()
        self.moved.emit()


BESIDE_EM = 1.3  # rows beside a slide are higher for their numbers: there is room, and the slide is read first

ARROW_PX = 52.0


class ScreenPartCallsPanel(QObject):
    """The calls of one part. `moved` asks to be painted again. With `leaves_room` few calls leave the height that they
    do not need to what stands below them, and `left_px` of it where they can."""

    moved = Signal()

    def __init__(self, *, still: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.part = texts.ScreenPartText()
        self.label = "A000"
        self.rows: list[texts.CallRowText] = []
        self.earlier: list[NumberAndWindow] = []
        self.room, self.title, self.lines = QRectF(0, 0, 1270, 774), QRectF(), QRectF()
        self.size = self.full = display.RowCountAndSize(3, 247, 228)
        self.leaves_room, self.left_px = False, 0.0
        self._whole, self._grows, self._calls, self._height_left_for_waits_px = self.room, False, -1, 0.0
        self._plan = number_block.plan_row_columns(1270, 228, (), self.label, tagged=True)
        self.motion = CallRowAnimator(self)
        self.motion.still = still
        self.motion.moved.connect(self.moved)

    def widest_font_size(self, width: float) -> float:
        return number_block.font_size_filling_width(width, self.part.windows, self.label)

    def set_row_size(self, room: QRectF, size: display.RowCountAndSize, *, grows: bool = False) -> None:
        """Show rows of this size in `room`; those that `grow` are larger while there are few."""
        self._whole, self.full, self._grows = room, size, grows
        self._fit_row_size()

    def fit_rows_to_room(
        self, room: QRectF, needed: float, *, beside: QRectF | None = None, most_beside: int = 6
    ) -> None:
        """Find the rows that fit `room` at the font size for the distance; `beside`: their room beside a slide."""
        size = display.fitting_row_count_and_size(needed, self.widest_font_size(room.width()), room.height())
        if beside is None:
            self.set_row_size(room, size, grows=True)
            return
        rows = min(size.rows, most_beside)
        high = (beside.height() - (rows - 1) * display.GAP_PX) / rows
        font = min(high / BESIDE_EM, self.widest_font_size(beside.width()))
        self.set_row_size(beside, display.RowCountAndSize(rows, high, font), grows=True)

    def _fit_row_size(self) -> None:
        """Take the size of the rows from how many there are and what stands below them. Nothing gets larger, or gives
        way to another service's wait, while a call is fresh: somebody is looking for it where it stands."""
        if len(self.rows) > self._calls or not any(row.fresh for row in self.rows):
            self._calls, self._height_left_for_waits_px = len(self.rows), self.left_px
        whole, windows = self._whole, self.part.windows
        size = self.full
        if self._grows:
            wide = number_block.stacked_font_filling_width(whole.width(), self.label)
            beside, high = self.widest_font_size(whole.width()), whole.height()
            leaves, left = self.leaves_room, self._height_left_for_waits_px
            size = display.enlarged_row_size(size, self._calls, high, beside, wide, leaves_room=leaves, left_px=left)
        self.size = size
        self.room = QRectF(whole.left(), whole.top(), whole.width(), min(whole.height(), size.used_height))
        plan = number_block.plan_stacked_columns if size.stacked else number_block.plan_row_columns
        self._plan = plan(whole.width(), size.font, windows, self.label, tagged=True)

    def set_calls(self, calls: texts.ScreenPartCalls) -> bool:
        """Show these calls at once, and return whether they have changed; one that is no longer fresh goes dark."""
        fresh = {row.key for row in self.rows if row.fresh}
        self.motion.fade_amber_rows_to_dark(row.key for row in calls.rows if row.key in fresh and not row.fresh)
        changed = self._take_calls_and_tell_if_changed(calls)
        self.motion.set_order([row.key for row in calls.rows])
        return changed

    def show_calls(self, calls: texts.ScreenPartCalls, called: Sequence[tuple[date, str]], *, heard: bool) -> list[int]:
        """Show these calls, those just `called` sliding in; return the place in the log of each of these."""
        self._take_calls_and_tell_if_changed(calls)
        here = [row for row in calls.rows if row.key in called]
        keys = [row.key for row in calls.rows]
        if here:
            self.motion.animate_new_row_order(
                keys, [row.key for row in here], blinks=BLINKS if heard else BLINKS_UNHEARD
            )
        else:
            self.motion.set_order(keys)
        return [row.seq for row in here]

    def _take_calls_and_tell_if_changed(self, calls: texts.ScreenPartCalls) -> bool:
        before = (self.rows, self.earlier)
        self.rows, self.earlier = list(calls.rows), list(calls.earlier)
        if before[0] != self.rows:
            self._fit_row_size()
        return before != (self.rows, self.earlier)

    def row_rect(self, place: float) -> QRectF:
        room, high = self.room, self.size.height
        return QRectF(room.left(), room.top() + place * (high + display.GAP_PX), room.width(), high)

    def paint_call_rows(self, painter: Painter, is_painting: Callable[[QRectF], bool], empty: str) -> None:
        """Draw the rows that have to be painted now, or `empty` while nobody was called."""
        if not self.rows:
            paint_no_calls_text(painter, self.room, empty)
            return
        painter.save()
        painter.setClipRect(self.room)
        motion = self.motion
        entering = [row for row in self.rows if motion.is_sliding_in(row.key)]
        for row in [row for row in self.rows if row not in entering] + entering:
            rect = self.row_rect(motion.fractional_row_position(row.key)).translated(
                -motion.entry_offset_px(row.key), 0
            )
            if not is_painting(rect):
                continue
            tone = number_block.number_row_colors(
                painter, motion.amber_share(row.key, row.fresh), frame=motion.is_call_frame_visible(row.key, row.fresh)
            )
            number_block.paint_number_and_window_row(painter, rect, row.number_and_window_parts, self._plan, tone)
        painter.restore()

    def paint_zone_heading_and_lines(self, painter: Painter) -> None:
        """Draw a zone's name and direction over its calls, and its waiting lines below, or after the name if few."""
        look, title, lines = painter.look, self.title, self.part.lines
        right = title.right()
        if lines.lines and self.lines.height() > 0:
            paint_waiting_lines_box(painter, self.lines, lines.short_title, lines.lines, lines.people)
        elif lines.lines:
            unit = f" {lines.people}" if lines.people else ""
            words, font = f"{lines.short_title} {lines.total}{unit}", look.font(36)
            painter.draw_words_and_give_end_x(words, font, "ink2", title, Qt.AlignmentFlag.AlignRight)
            right -= width_of_text(font, words) + 36
        arrow = ARROW_PX + 20 if self.part.arrow else 0.0
        px = largest_fitting_px(self.part.title, right - title.left() - arrow, 50, bold=True, least=34)
        x = title.left()
        if arrow and not self.part.arrow_last:
            self._paint_arrow(painter, x, title)
            x += arrow
        name = QRectF(x, title.top(), right - x - (arrow if self.part.arrow_last else 0), title.height())
        end = painter.draw_words_and_give_end_x(self.part.title, look.font(px, bold=True), "ink", name)
        if arrow and self.part.arrow_last:
            self._paint_arrow(painter, end + 20, title)
        painter.draw_divider(QPointF(title.left(), title.bottom() - 8), QPointF(title.right(), title.bottom() - 8))

    def _paint_arrow(self, painter: Painter, x: float, title: QRectF) -> None:
        square = QRectF(x, title.top() + (title.height() - ARROW_PX) / 2, ARROW_PX, ARROW_PX)
        number_block.paint_way_arrow(painter, self.part.arrow, painter.look.color("teal"), square)
