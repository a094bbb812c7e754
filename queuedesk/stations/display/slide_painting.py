"""What is shown beside the calls while nobody is called: papers, steps and notices in words, pictures, films."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainterPath

from queuedesk.stations.display.texts import PaperText, SlideText
from queuedesk.stations.widgets.paint import Painter, fit_px, wrap

_CENTRE = Qt.AlignmentFlag.AlignHCenter
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
    painter.words_in(str(number), look.font(36 * share, bold=True), "slide", disc, _CENTRE)
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
