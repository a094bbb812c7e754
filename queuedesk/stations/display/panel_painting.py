"""What stands round the calls: the head, who waits, notices, slides, and the page of a closed hall."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont

from queuedesk.i18n.line_breaks import NEVER_FIRST
from queuedesk.stations.display.texts import ClosedText, LineText, PaperText, SlideText
from queuedesk.stations.fonts import font_of
from queuedesk.stations.widgets.paint import Painter, middle_baseline, width_of
from queuedesk.stations.widgets.text import fit_px, wrap

_RIGHT, _CENTRE = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter
LINE_PX = 178
LEAST_LINE_PX = 84
MOST_LINES = 8
MOST_DOTS = 6
DOTS_PX = 56 + 5 * 28 + 40
TWO_NAMES_PX = 130  # a line as high as this has room for a name in two
BADGE_PX, COUNT_PX, NAME_PX, LEAST_NAME_PX = 72, 92, 46, 36


def paint_head(painter: Painter, rect: QRectF, hall: str, day: str, clock: str) -> None:
    """Draw the hall's name, the date and the time."""
    look = painter.look
    big, small = look.font(58, bold=True), look.font(34)
    x = rect.right() - width_of(big, clock)
    middle = rect.top() + rect.height() / 2
    painter.words(clock, big, "ink", x, middle_baseline(big, middle, 0))
    x -= width_of(small, day) + 32
    painter.words(day, small, "ink2", x, middle_baseline(small, middle, 0))
    name = QRectF(rect.left(), rect.top(), x - rect.left() - 48, rect.height())
    painter.words_in(hall, look.font(40, bold=True), "ink", name)


def _badge(painter: Painter, rect: QRectF, letter: str) -> None:
    side = rect.height()
    painter.box(rect, side / 6, "", edge="teal", width=max(2.0, side / 26))
    size = side * (0.62 if len(letter) == 1 else 0.44)
    painter.words_in(letter, painter.look.font(size, bold=True), "teal", rect, _CENTRE)


def paint_lines(painter: Painter, rect: QRectF, title: str, total: str, lines: Sequence[LineText]) -> None:
    """Draw who waits: all together, then service by service; more services make lower lines, then two columns."""
    look = painter.look
    head = QRectF(rect.left(), rect.top(), rect.width(), 84)
    painter.words_in(title, look.font(44, bold=True), "ink", head)
    painter.words_in(total, look.font(64, bold=True), "ink", head, _RIGHT)
    painter.divider(head.bottomLeft(), head.bottomRight())
    room = QRectF(rect.left(), head.bottom(), rect.width(), rect.bottom() - head.bottom())
    if len(lines) > MOST_LINES:
        _paint_two_columns(painter, room, lines)
        return
    high = min(LINE_PX, room.height() / max(1, len(lines)))
    name_px = _name_px(lines, rect.width(), high)
    for number, line in enumerate(lines):
        top = room.top() + number * high
        if number:
            painter.divider(QPointF(rect.left(), round(top)), QPointF(rect.right(), round(top)))
        _paint_line(painter, QRectF(rect.left(), top, rect.width(), high), line, name_px)


def _share(height: float) -> float:
    """Return how large a line's letters are beside those of a line of full height."""
    return max(0.75, height / LINE_PX)


def _name_room(line: LineText, width: float, height: float) -> float:
    share = _share(height)
    return width - BADGE_PX * share - 24 - 28 - width_of(font_of(COUNT_PX * share, bold=True), line.count)


def _name_px(lines: Sequence[LineText], width: float, height: float) -> float:
    """Return the one size for all names: that of the longest which still fits into one line at a readable size."""
    share = _share(height)
    least, sizes = LEAST_NAME_PX * share, [NAME_PX * share]
    for line in lines:
        room = _name_room(line, width, height)
        if width_of(font_of(least, bold=True), line.name) <= room:
            sizes.append(fit_px(line.name, room, NAME_PX * share, bold=True, least=least))
    return min(sizes)


def _paint_line(painter: Painter, rect: QRectF, line: LineText, size: float) -> None:
    look, share = painter.look, _share(rect.height())
    middle, side = rect.top() + rect.height() / 2, BADGE_PX * share
    _badge(painter, QRectF(rect.left(), middle - side / 2, side, side), line.letter)
    painter.words_in(line.count, look.font(COUNT_PX * share, bold=True), "ink", rect, _RIGHT)
    left, room = rect.left() + side + 24, _name_room(line, rect.width(), rect.height())
    names = wrap(look.font(size, bold=True), line.name, room, 1)
    if names[0] != line.name:
        size = LEAST_NAME_PX * share
        names = wrap(look.font(size, bold=True), line.name, room, 2 if rect.height() > TWO_NAMES_PX else 1)
    if not line.wait or rect.height() < LEAST_LINE_PX:
        painter.words_in(names[0], look.font(size, bold=True), "ink", QRectF(left, rect.top(), room, rect.height()))
        return
    waits = fit_px(line.wait, room, 34 * share, least=24 * share)
    step, below = size * 1.16, waits * 1.5
    y = middle - (len(names) * step + below) / 2
    for name in names:
        painter.words_in(name, look.font(size, bold=True), "ink", QRectF(left, y, room, step))
        y += step
    painter.words_in(line.wait, look.font(waits), "ink2", QRectF(left, y, room, below))


def _paint_two_columns(painter: Painter, rect: QRectF, lines: Sequence[LineText]) -> None:
    look, half = painter.look, (len(lines) + 1) // 2
    high, wide = min(120.0, rect.height() / half), rect.width() / 2
    for number, line in enumerate(lines):
        column, place = divmod(number, half)
        cell = QRectF(rect.left() + column * wide, rect.top() + place * high, wide - 24 * (1 - column), high)
        side = min(60.0, high * 0.7)
        _badge(painter, QRectF(cell.left(), cell.center().y() - side / 2, side, side), line.letter)
        painter.words_in(line.count, look.font(min(60.0, high * 0.62), bold=True), "ink", cell, _RIGHT)


def paint_short_lines(painter: Painter, rect: QRectF, title: str, lines: Sequence[LineText], people: str) -> None:
    """Draw who waits in one box under the calls; `people` is the unit behind each number, where the language has one."""
    look = painter.look
    painter.box(rect, 14, "surface")
    font = look.font(44, bold=True)
    name = QRectF(rect.left() + 36, rect.top(), 220, rect.height())
    end = painter.words_in(title, font, "ink", name)
    shown = lines[:6]
    wide = (rect.right() - 24 - end - 24) / max(1, len(shown))
    for number, line in enumerate(shown):
        x, side = end + 24 + number * wide, 64.0
        top = rect.top() + (rect.height() - side - 56) / 2
        _badge(painter, QRectF(x + (wide - side) / 2, top, side, side), line.letter)
        bold, plain = look.font(40, bold=True), look.font(40)
        unit = f" {people}" if people else ""
        left = x + (wide - width_of(bold, line.count) - width_of(plain, unit)) / 2
        baseline = middle_baseline(bold, top + side + 4, 56)
        painter.words(unit, plain, "ink", painter.words(line.count, bold, "ink", left, baseline), baseline)


def paint_strip(
    painter: Painter, rect: QRectF, text: str, place: str, *, icon: str = "info", token: str = "teal"
) -> None:
    """Draw the strip of notices; `place` says which of how many it is."""
    look = painter.look
    painter.box(rect, 16, "notice")
    painter.icon(icon, token, rect.left() + 38, rect.top() + (rect.height() - 46) / 2, 46)
    right = rect.right() - 38
    if place:
        painter.words_in(
            place,
            look.font(32, tabular=True),
            "ink2",
            QRectF(rect.left(), rect.top(), right - rect.left(), rect.height()),
            _RIGHT,
        )
        right -= width_of(look.font(32, tabular=True), place) + 48
    left = rect.left() + 112
    paint_notice(painter, QRectF(left, rect.top(), right - left, rect.height()), text)


def paint_notice(painter: Painter, rect: QRectF, text: str) -> None:
    """Draw a notice in one line if it fits well, else in two smaller ones."""
    look = painter.look
    size = fit_px(text, rect.width(), 42, least=36)
    lines = wrap(look.font(size), text, rect.width(), 1)
    if lines[0] != text:
        size = 34 if len(wrap(look.font(34), text, rect.width(), 9)) <= 2 else 30
        lines = wrap(look.font(size), text, rect.width(), 2)
    step = size * 1.32
    y = rect.top() + (rect.height() - step * len(lines)) / 2
    for line in lines:
        painter.words_in(line, look.font(size), "ink", QRectF(rect.left(), y, rect.width(), step))
        y += step


def paint_slide(painter: Painter, rect: QRectF, slide: SlideText) -> None:
    """Draw what to bring for an item."""
    look, pad = painter.look, 56
    room = rect.width() - 2 * pad
    left = rect.left() + pad
    painter.words_in(slide.service, look.font(40, bold=True), "teal", QRectF(left, rect.top() + 52, room, 60))
    size = fit_px(slide.title, room, 70, bold=True, least=52)
    y = rect.top() + 118
    for line in wrap(look.font(size, bold=True), slide.title, room, 2):
        painter.words_in(line, look.font(size, bold=True), "ink", QRectF(left, y, room, size * 1.3))
        y += size * 1.3
    y += 34
    foot = rect.bottom() - 104
    step = min(128.0, (foot - y) / max(1, len(slide.papers)))
    for number, paper in enumerate(slide.papers, 1):
        _paint_paper(painter, QRectF(left, y, room, step), number, paper)
        y += step
    foot_room = room - DOTS_PX
    size = fit_px(slide.foot, foot_room, 40, least=30)
    painter.words_in(slide.foot, look.font(size), "ink2", QRectF(left, foot, foot_room, 72))


def _paint_paper(painter: Painter, rect: QRectF, number: int, paper: PaperText) -> None:
    look, share = painter.look, max(0.5, min(1.0, rect.height() / 110))
    side, middle = 64 * share, rect.center().y()
    disc = QRectF(rect.left(), middle - side / 2, side, side)
    painter.box(disc, side / 2, "teal")
    painter.words_in(str(number), look.font(36 * share, bold=True), "slide", disc, _CENTRE)
    x, room = rect.left() + side + 28, rect.width() - side - 28
    px = fit_px(paper.name, room, 54 * share, least=36 * share)
    high, below = px * 1.2, 34 * share * 1.3 if paper.note else 0.0
    y = middle - (high + below) / 2
    painter.words_in(paper.name, look.font(px), "ink", QRectF(x, y, room, high))
    if paper.note:
        small = fit_px(paper.note, room, 34 * share, least=26 * share)
        painter.words_in(paper.note, look.font(small), "ink2", QRectF(x, y + high, room, below))


def paint_empty(painter: Painter, rect: QRectF, words: str) -> None:
    """Draw what is said in place of calls."""
    look = painter.look
    painter.box(rect, 14, "surface")
    size = fit_px(words, rect.width() - 112, 56, bold=True, least=44)
    lines = wrap(look.font(size, bold=True), words, rect.width() - 112, 2)
    y = rect.center().y() - size * 0.65 * len(lines)
    for line in lines:
        painter.words_in(
            line,
            look.font(size, bold=True),
            "ink2",
            QRectF(rect.left() + 56, y, rect.width() - 112, size * 1.3),
            _CENTRE,
        )
        y += size * 1.3


def paint_dots(painter: Painter, rect: QRectF, count: int, at: int) -> None:
    """Draw which of the slides is shown: a bar among dots, at the right bottom of `rect`."""
    if count < 2:
        return
    dots = min(count, MOST_DOTS)
    here = min(dots - 1, at * dots // count)
    x = rect.right() - 56 - (56 + (dots - 1) * 28)
    y = rect.bottom() - 104 + 36
    for number in range(dots):
        wide = 56.0 if number == here else 14.0
        painter.box(QRectF(x, y - 7, wide, 14), 7, "teal" if number == here else "ink2")
        x += wide + 14


def paint_closed(painter: Painter, rect: QRectF, closed: ClosedText) -> None:
    """Draw the page of a hall that serves nobody now."""
    look = painter.look
    size = fit_px(closed.title, rect.width() - 96, 166, bold=True, least=90)
    _centred(painter, closed.title, look.font(size, bold=True), "ink", QRectF(rect.left(), 230, rect.width(), 220))
    _centred(painter, closed.opens, look.font(82), "ink2", QRectF(rect.left(), 458, rect.width(), 108))
    if not closed.phone:
        return
    y = 716.0
    words, number = look.font(52), look.font(92, bold=True)
    wide = 56 + 40 + width_of(words, closed.phone_words) + 40 + width_of(number, closed.phone)
    x = rect.center().x() - wide / 2
    painter.icon("phone", "teal", x, y - 28, 56)
    baseline = middle_baseline(number, y, 0)
    x = painter.words(closed.phone_words, words, "ink", x + 96, middle_baseline(words, y, 0))
    painter.words(closed.phone, number, "ink", x + 40, baseline)


def _centred(painter: Painter, text: str, font: QFont, token: str, rect: QRectF) -> None:
    """Centre a line without the empty half of its last mark."""
    ends_half_empty = bool(text) and text[-1] in NEVER_FIRST and _is_wide(text[-1])
    shift = 0.25 * font.pixelSize() if ends_half_empty else 0.0
    painter.words_in(text, font, token, rect.translated(shift, 0), _CENTRE)


def _is_wide(mark: str) -> bool:
    return mark > "\u2e7f"
