"""Paints everything on the display but its calls: head, who waits, notices, and the page of a closed hall."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainterPath

from queuedesk.i18n.line_breaks import NEVER_FIRST
from queuedesk.stations.display.flash import REACH_PX
from queuedesk.stations.display.texts import (
    ClosedText,
    HeadText,
    LineText,
    LineTexts,
    OrderColumn,
    PaperText,
    SlideText,
)
from queuedesk.stations.widgets.paint import Painter, fit_px, middle_baseline, width_of, wrap
from queuedesk.stations.window.fonts import font_of
from queuedesk.stations.window.style import Look

_RIGHT, _CENTRE = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter
LINES_HEAD_PX = 84
LINE_PX, WIDE_LINE_PX = 178, 240
LEAST_LINE_PX = 84
MOST_LINES = 8
ROOMY_LINE_PX, WIDE_PX = 118, 800
TWO_NAMES_PX = 130  # a line as high as this has room for a name in two
SOUND_OFF_PX, SOUND_OFF_HIGH, LEAST_HALL_PX, HALL_PX = 30, 52, 200, 28
BADGE_PX, COUNT_PX, NAME_PX, LEAST_NAME_PX = 72, 92, 46, 36
WAITS_PX, WAITS_OVER_PX = 36, 10
"""What the line takes that says whose waits are told, and how far it reaches into the head above it."""
NAME_STEP = 1.16
"""From line to line of a name in two, in its size."""


def paint_head(painter: Painter, rect: QRectF, head: HeadText) -> None:
    """Draw the hall's name, the date and the time, and between them that nothing can be heard, all of it where a flash
    of the edge covers nothing."""
    look = painter.look
    rect = rect.adjusted(0, REACH_PX, 0, 0)
    big, small = look.font(58, bold=True), look.font(34)
    x = rect.right() - width_of(big, head.clock)
    middle = rect.top() + rect.height() / 2
    painter.words(head.clock, big, "ink", x, middle_baseline(big, middle, 0))
    x -= width_of(small, head.day) + 32
    painter.words(head.day, small, "ink2", x, middle_baseline(small, middle, 0))
    if head.badge:
        badge = _sound_off_width(painter, head.badge)
        left = max(rect.left(), x - 40 - badge)
        _paint_sound_off(painter, QRectF(left, middle - SOUND_OFF_HIGH / 2, badge, SOUND_OFF_HIGH), head.badge)
        x = left
    name = QRectF(rect.left(), rect.top(), x - rect.left() - 48, rect.height())
    if name.width() > LEAST_HALL_PX:
        font = look.font(fit_px(head.hall, name.width(), 40, bold=True, least=HALL_PX), bold=True)
        lines = wrap(font, head.hall, name.width(), 2)
        step = HALL_PX * NAME_STEP
        top = name.center().y() - step * len(lines) / 2
        for n, line in enumerate(lines):
            painter.words_in(line, font, "ink", QRectF(name.left(), top + n * step, name.width(), step))


def _sound_off_width(painter: Painter, words: str) -> float:
    return 104 + width_of(painter.look.font(SOUND_OFF_PX, bold=True), words)


def _paint_sound_off(painter: Painter, badge: QRectF, words: str) -> None:
    """Draw the badge that says that nobody hears the calls."""
    font = painter.look.font(SOUND_OFF_PX, bold=True)
    painter.box(badge, SOUND_OFF_HIGH / 2, "", edge="fresh", width=3)
    painter.icon("speaker-off", "fresh", badge.left() + 24, badge.center().y() - 20, 40)
    painter.words(words, font, "fresh", badge.left() + 78, middle_baseline(font, badge.center().y(), 0))


def paint_badge(painter: Painter, rect: QRectF, letter: str) -> None:
    """Draw the letter of a service in its frame."""
    side = rect.height()
    painter.box(rect, side / 6, "", edge="teal", width=max(2.0, side / 26))
    size = side * (0.62 if len(letter) == 1 else 0.44)
    painter.words_in(letter, painter.look.font(size, bold=True), "teal", rect, _CENTRE)


def has_room_for_waits(rect: QRectF, told: LineTexts) -> bool:
    """Return whether each service has a line for itself in `rect`, with its wait."""
    return 0 < len(told.lines) <= MOST_LINES and rect.height() >= _lines_px(told)


def waits_px(told: LineTexts) -> float:
    """Return the height in which each service has a line for itself with its wait; 0 where no wait is told so."""
    return _lines_px(told) if told.waits and 0 < len(told.lines) <= MOST_LINES else 0.0


def _lines_px(told: LineTexts) -> float:
    return LINES_HEAD_PX + (WAITS_PX if told.waits else 0) + len(told.lines) * ROOMY_LINE_PX


def paint_lines(painter: Painter, rect: QRectF, told: LineTexts) -> None:
    """Draw who waits: the total, whose wait is told, then service by service; more services make lower lines, then two
    columns without waits."""
    look, lines = painter.look, told.lines
    head = QRectF(rect.left(), rect.top(), rect.width(), LINES_HEAD_PX)
    painter.words_in(told.title, look.font(44, bold=True), "ink", head)
    painter.words_in(told.total, look.font(64, bold=True), "ink", head, _RIGHT)
    bottom = head.bottom()
    if told.waits and (rect.height() - head.height() - WAITS_PX) / max(1, len(lines)) >= LEAST_LINE_PX:
        waits = QRectF(rect.left(), bottom - WAITS_OVER_PX, rect.width(), WAITS_PX + WAITS_OVER_PX)
        bottom = waits.bottom()
        font = look.font(fit_px(told.waits, rect.width(), 34, least=24))
        painter.words_in(told.waits, font, "ink2", waits.adjusted(0, 0, 0, -WAITS_OVER_PX))
    painter.divider(QPointF(rect.left(), bottom), QPointF(rect.right(), bottom))
    room = QRectF(rect.left(), bottom, rect.width(), rect.bottom() - bottom)
    if len(lines) > MOST_LINES:
        _paint_two_columns(painter, room, lines)
        return
    most = WIDE_LINE_PX if rect.width() > WIDE_PX else LINE_PX
    high = min(most, room.height() / max(1, len(lines)))
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
    paint_badge(painter, QRectF(rect.left(), middle - side / 2, side, side), line.letter)
    painter.words_in(line.count, look.font(COUNT_PX * share, bold=True), "ink", rect, _RIGHT)
    left, room = rect.left() + side + 24, _name_room(line, rect.width(), rect.height())
    names = wrap(look.font(size, bold=True), line.name, room, 1)
    if names[0] != line.name:
        size = LEAST_NAME_PX * share
        names = wrap(look.font(size, bold=True), line.name, room, 2 if rect.height() > TWO_NAMES_PX else 1)
    if not line.wait or rect.height() < LEAST_LINE_PX:
        painter.words_in(names[0], look.font(size, bold=True), "ink", QRectF(left, rect.top(), room, rect.height()))
        return
    told = [words for words in (line.wait, line.ahead) if words]
    waits = min(fit_px(words, room, 34 * share, least=24 * share) for words in told)
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
        painter.words_in(name, look.font(size, bold=True), "ink", QRectF(left, y, room, step))
        y += step
    for words in told:
        painter.words_in(words, look.font(waits), "ink2", QRectF(left, y, room, below))
        y += below


def _paint_two_columns(painter: Painter, rect: QRectF, lines: Sequence[LineText]) -> None:
    look, half = painter.look, (len(lines) + 1) // 2
    high, wide = min(120.0, rect.height() / half), rect.width() / 2
    for number, line in enumerate(lines):
        column, place = divmod(number, half)
        cell = QRectF(rect.left() + column * wide, rect.top() + place * high, wide - 24 * (1 - column), high)
        side = min(60.0, high * 0.7)
        paint_badge(painter, QRectF(cell.left(), cell.center().y() - side / 2, side, side), line.letter)
        painter.words_in(line.count, look.font(min(60.0, high * 0.62), bold=True), "ink", cell, _RIGHT)


def paint_wide_lines(painter: Painter, rect: QRectF, told: LineTexts) -> None:
    """Draw who waits below the calls of an upright screen, in two columns."""
    look, lines = painter.look, told.lines
    head = QRectF(rect.left(), rect.top(), rect.width(), 76)
    end = painter.words_in(told.title, look.font(44, bold=True), "ink", head)
    painter.words_in(told.total, look.font(52, bold=True), "ink", QRectF(end + 24, head.top(), 300, head.height()))
    columns = 2 if len(lines) <= MOST_LINES else 4
    rows = max(1, -(-len(lines) // columns))
    high, wide = min(150.0, (rect.height() - 76) / rows), rect.width() / columns
    for number, line in enumerate(lines):
        row, column = divmod(number, columns)
        cell = QRectF(rect.left() + column * wide, head.bottom() + row * high, wide - 32 * (column < columns - 1), high)
        side = min(BADGE_PX, high * 0.72)
        paint_badge(painter, QRectF(cell.left(), cell.center().y() - side / 2, side, side), line.letter)
        count = look.font(min(72.0, high * 0.68), bold=True)
        painter.words_in(line.count, count, "ink", cell, _RIGHT)
        if columns == 2:
            left = cell.left() + side + 22
            room = QRectF(left, cell.top(), cell.right() - width_of(count, line.count) - 20 - left, high)
            px = fit_px(line.name, room.width(), min(40.0, high * 0.42), least=min(28.0, high * 0.36))
            names = wrap(look.font(px), line.name, room.width(), 2)
            step = px * NAME_STEP
            y = room.center().y() - len(names) * step / 2
            for n, name in enumerate(names):
                painter.words_in(name, look.font(px), "ink", QRectF(left, y + n * step, room.width(), step))


def paint_short_lines(painter: Painter, rect: QRectF, title: str, lines: Sequence[LineText], people: str) -> None:
    """Draw who waits in one box under the calls; `people` is the unit after each number, if the language has one."""
    look = painter.look
    painter.box(rect, 14, "surface")
    font = look.font(44 if rect.width() > 800 else 36, bold=True)
    inset = 36 if rect.width() > 800 else 24
    name = QRectF(rect.left() + inset, rect.top(), 220, rect.height())
    end = painter.words_in(title, font, "ink", name)
    side = min(64.0, rect.height() * 0.42)
    size = side * 0.625
    shown = lines[: max(1, min(6, int((rect.right() - end - 48) // 96)))]
    wide = (rect.right() - 24 - end - 24) / max(1, len(shown))
    for number, line in enumerate(shown):
        x = end + 24 + number * wide
        top = rect.top() + (rect.height() - side - size * 1.4) / 2
        paint_badge(painter, QRectF(x + (wide - side) / 2, top, side, side), line.letter)
        bold, plain = look.font(size, bold=True), look.font(size)
        unit = f" {people}" if people else ""
        left = x + (wide - width_of(bold, line.count) - width_of(plain, unit)) / 2
        baseline = middle_baseline(bold, top + side + 4, size * 1.4)
        painter.words(unit, plain, "ink", painter.words(line.count, bold, "ink", left, baseline), baseline)


STRIP_LEFT, STRIP_RIGHT = 112, 38


def paint_strip(
    painter: Painter, rect: QRectF, text: str, place: str, *, icon: str = "info", token: str = "teal"
) -> None:
    """Draw the strip of notices; `place` is the notice's number among how many."""
    look = painter.look
    painter.box(rect, 16, "notice")
    painter.icon(icon, token, rect.left() + 38, rect.top() + (rect.height() - 46) / 2, 46)
    right = rect.right() - STRIP_RIGHT
    if place:
        painter.words_in(
            place,
            look.font(32, tabular=True),
            "ink2",
            QRectF(rect.left(), rect.top(), right - rect.left(), rect.height()),
            _RIGHT,
        )
        right -= width_of(look.font(32, tabular=True), place) + 48
    left = rect.left() + STRIP_LEFT
    paint_notice(painter, QRectF(left, rect.top(), right - left, rect.height()), text)


def notice_lines(look: Look, text: str, width: float) -> tuple[float, list[str]]:
    """Return the letters' size and the lines of a notice: one line if it fits well, else two smaller ones, of which the
    last ends in … where there is no room for all."""
    size = fit_px(text, width, 42, least=36)
    lines = wrap(look.font(size), text, width, 1)
    if lines[0] != text:
        size = 34 if len(wrap(look.font(34), text, width, 9)) <= 2 else 30
        lines = wrap(look.font(size), text, width, 2)
    return size, lines


def strip_room(rect: QRectF) -> float:
    """Return the width that a lone notice has in the strip."""
    return rect.width() - STRIP_LEFT - STRIP_RIGHT


def paint_notice(painter: Painter, rect: QRectF, text: str) -> None:
    """Draw a notice over the height of its place."""
    look = painter.look
    size, lines = notice_lines(look, text, rect.width())
    step = size * 1.32
    y = rect.top() + (rect.height() - step * len(lines)) / 2
    for line in lines:
        painter.words_in(line, look.font(size), "ink", QRectF(rect.left(), y, rect.width(), step))
        y += step


def paint_empty(painter: Painter, rect: QRectF, words: str) -> None:
    """Draw the text in place of calls."""
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


def paint_closed(painter: Painter, rect: QRectF, closed: ClosedText) -> None:
    """Draw the page of a closed hall."""
    look, top = painter.look, rect.top() + (rect.height() - 848) * 0.4
    size = fit_px(closed.title, rect.width() - 96, 166, bold=True, least=72)
    _centred(
        painter, closed.title, look.font(size, bold=True), "ink", QRectF(rect.left(), top + 146, rect.width(), 220)
    )
    opens = fit_px(closed.opens, rect.width() - 96, 82, least=56)
    _centred(painter, closed.opens, look.font(opens), "ink2", QRectF(rect.left(), top + 374, rect.width(), 108))
    if closed.why:
        why = fit_px(closed.why, rect.width() - 96, 64, least=44)
        _centred(painter, closed.why, look.font(why), "ink2", QRectF(rect.left(), top + 488, rect.width(), 84))
    if not closed.phone:
        return
    y = top + (676.0 if closed.why else 632.0)
    share = min(1.0, (rect.width() - 40) / _phone_width(closed, 1.0))
    words, number, side = look.font(52 * share), look.font(92 * share, bold=True), 56 * share
    x = rect.center().x() - _phone_width(closed, share) / 2
    painter.icon("phone", "teal", x, y - side / 2, side)
    baseline = middle_baseline(number, y, 0)
    x = painter.words(closed.phone_words, words, "ink", x + 96 * share, middle_baseline(words, y, 0))
    painter.words(closed.phone, number, "ink", x + 40 * share, baseline)


def _phone_width(closed: ClosedText, share: float) -> float:
    words, number = font_of(52 * share), font_of(92 * share, bold=True)
    return 136 * share + width_of(words, closed.phone_words) + width_of(number, closed.phone)


def _centred(painter: Painter, text: str, font: QFont, token: str, rect: QRectF) -> None:
    """Centre a line without the empty half of its last mark."""
    ends_half_empty = bool(text) and text[-1] in NEVER_FIRST and _is_wide(text[-1])
    shift = 0.25 * font.pixelSize() if ends_half_empty else 0.0
    painter.words_in(text, font, token, rect.translated(shift, 0), _CENTRE)


def _is_wide(mark: str) -> bool:
    return mark > "\u2e7f"


# -- slides ------------------------------------------------------------------------------------------------------------

_SLIDE_CENTRE = Qt.AlignmentFlag.AlignHCenter
MOST_DOTS = 6
DOTS_PX = 56 + 5 * 28 + 40
LARGEST_TEXT_PX, LEAST_TEXT_PX = 64, 34
RADIUS = 16


def paint_slide(painter: Painter, rect: QRectF, slide: SlideText) -> None:
    """Draw what to bring for an item, the steps of a service, or a notice that is too long for the strip."""
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
    if slide.text:
        _paint_text(painter, QRectF(left, y, room, foot - y), slide.text)
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
    painter.words_in(str(number), look.font(36 * share, bold=True), "slide", disc, _SLIDE_CENTRE)
    x, room = rect.left() + side + 28, rect.width() - side - 28
    px = fit_px(paper.name, room, 54 * share, least=36 * share)
    high, below = px * 1.2, 34 * share * 1.3 if paper.note else 0.0
    y = middle - (high + below) / 2
    painter.words_in(paper.name, look.font(px), "ink", QRectF(x, y, room, high))
    if paper.note:
        small = fit_px(paper.note, room, 34 * share, least=26 * share)
        painter.words_in(paper.note, look.font(small), "ink2", QRectF(x, y + high, room, below))


def _paint_text(painter: Painter, rect: QRectF, text: str) -> None:
    """Draw paragraphs as large as they fit; what does not fit at the smallest size ends in the strip's own lines."""
    look, px = painter.look, float(LARGEST_TEXT_PX)
    while px > LEAST_TEXT_PX and len(_lines(painter, text, px, rect.width())) * px * 1.4 > rect.height():
        px -= 2
    y = rect.top()
    for line in _lines(painter, text, px, rect.width())[: int(rect.height() // (px * 1.4))]:
        painter.words_in(line, look.font(px), "ink", QRectF(rect.left(), y, rect.width(), px * 1.4))
        y += px * 1.4


def _lines(painter: Painter, text: str, px: float, width: float) -> list[str]:
    font = painter.look.font(px)
    return [line for part in text.splitlines() if part.strip() for line in wrap(font, part.strip(), width, 40)]


def paint_picture(painter: Painter, rect: QRectF, image: QImage) -> None:
    """Draw a picture or a film's frame whole, in the middle of `rect`."""
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


def paint_dots(painter: Painter, rect: QRectF, count: int, at: int) -> None:
    """Draw which of the slides is shown: a bar among dots, at the bottom right of `rect`."""
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


# -- the order list ----------------------------------------------------------------------------------------------------

NUMBER_PX, LEAST_NUMBER_PX = 64.0, 44.0
ROW_SHARE = 1.28
GAP, INSET = 22.0, 32.0
HEAD_PX, CALLED_PX = 152.0, 84.0
CALLED_SIZES, CALLED_GAP, COUNTED = (44.0, 38.0, 34.0, 30.0), 32.0, 46.0
MARK_PX, SMALL_PX = 34.0, 34.0
MARK_GAP, LEAST_MARK_GAP = 44.0, 14.0
BESIDE_WIDE, BESIDE_TALL = 5, 2


def places(count: int, room: QRectF) -> list[QRectF]:
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


def number_px(count: int, room: QRectF) -> float:
    """Return how large the numbers are where `count` services share the room: smaller if a box would hold no more than
    two."""
    high = places(max(1, count), room)[0].height() - HEAD_PX - CALLED_PX
    return max(LEAST_NUMBER_PX, min(NUMBER_PX, high / 4 / ROW_SHARE))


def paint_order(painter: Painter, room: QRectF, columns: Sequence[OrderColumn]) -> None:
    """Draw the list; a box counts at its end the numbers without room."""
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
    names = wrap(look.font(px, bold=True), column.name, room, 2)
    step = 56.0 if len(names) == 1 else px * NAME_STEP
    top = rect.center().y() - (len(names) * step + 46) / 2
    for n, name in enumerate(names):
        painter.words_in(name, look.font(px, bold=True), "ink", QRectF(left, top + n * step, room, step))
    small = fit_px(column.windows, room, SMALL_PX, least=26)
    shown = wrap(look.font(small), column.windows, room, 1)[0]
    painter.words_in(shown, look.font(small), "ink2", QRectF(left, top + len(names) * step, room, 46))


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
    marked = max((MARK_GAP + 38 + width_of(mark, word) for _icon, word in column.marks if word), default=0.0)
    wide = max(width_of(number, one.label) for one in column.next) + marked + 40
    down, across = max(1, int(rect.height() / step)), max(1, int((rect.width() + 40) / wide))
    held = down * across
    shown = column.next if len(column.next) <= held else column.next[: held - 1]
    each = rect.width() / across
    for at, one in enumerate(shown):
        x, y = rect.left() + at // down * each, rect.top() + at % down * step
        end = painter.words(one.label, number, "ink", x, middle_baseline(number, y + step / 2, 0))
        icon, word = column.marks[at]
        if not icon:
            continue
        room = x + each + 4 - end - 38 - width_of(mark, word)
        gap = MARK_GAP if room >= MARK_GAP else LEAST_MARK_GAP
        painter.icon(icon, "ink2", end + gap, y + step / 2 - 15, 30)
        if room >= gap:
            painter.words(word, mark, "ink2", end + gap + 38, middle_baseline(mark, y + step / 2, 0))
    if len(shown) < len(column.next):
        at, left = len(shown), len(column.next) - len(shown)
        x, y = rect.left() + at // down * each, rect.top() + at % down * step
        painter.words_in(column.more.format(n=left), look.font(38), "ink2", QRectF(x, y, each, step))
