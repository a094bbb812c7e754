"""A date's roster as bars: a row for each window, a bar for each shift with its breaks, moved and made longer by
hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.core.charts.chart import Point
from queuedesk.stations.widgets.charts.points import Pointed
from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.window.style import Look

MIDDLE, LEFT = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignLeft
ROW, AXIS, STEP_MIN, EDGE, SLACK = 44, 26, 15, 9, 5
BOTH, START, END = "both", "start", "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardShift:
    """One bar: `place` is which shift of its window it is; minutes since midnight."""

    window: str
    place: int
    start: int
    end: int
    text: str
    breaks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardData:
    """Finished words. The points of `adding` are one for each window, those of `points` one for each shift."""

    title: str = ""
    windows: Sequence[tuple[str, str]] = ()
    shifts: Sequence[BoardShift] = ()
    first_min: int = 480
    last_min: int = 1080
    adding: Sequence[Point] = ()
    points: Sequence[Point] = ()
    can_move: bool = False


@dataclass(slots=True)
class _Drag:
    shift: BoardShift
    part: str
    from_x: float
    moved: BoardShift
    is_far: bool = False


class RosterBoard(Pointed):
    """`moved` gives the shift as it was and as it is to be. A press on a shift or beside one is `picked`."""

    moved = Signal(object, object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.data = BoardData()
        self._drag: _Drag | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_board(self, data: BoardData) -> None:
        """Show other shifts."""
        self.data, self._drag = data, None
        told = ", ".join(" ".join(point.said[:2]) for point in data.points)
        self.set_points(data.title, told, [*data.adding, *data.points])

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(620), self.look.px(ROW * max(1, len(self.data.windows)) + AXIS))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(320), self.sizeHint().height())

    # -- places ------------------------------------------------------------------------------------------------------

    def _left(self) -> float:
        font = self.look.font(15)
        return max([width_of(font, text) for _code, text in self.data.windows], default=0.0) + self.look.px(14)

    def x_of(self, minute: float) -> float:
        """Return where a minute of the day lies."""
        data, left = self.data, self._left()
        share = (minute - data.first_min) / max(1, data.last_min - data.first_min)
        return left + share * (self.width() - left - self.look.px(8))

    def minutes(self, pixels: float) -> float:
        """Return how many minutes so many pixels are."""
        data = self.data
        room = self.width() - self._left() - self.look.px(8)
        return pixels / max(1.0, room) * (data.last_min - data.first_min)

    def _row(self, window: str) -> float:
        codes = [code for code, _text in self.data.windows]
        return self.look.px(ROW) * codes.index(window)

    def _bar(self, shift: BoardShift) -> QRectF:
        top, pad = self._row(shift.window), self.look.px(5)
        left, right = self.x_of(shift.start), self.x_of(shift.end)
        return QRectF(left, top + pad, max(2.0, right - left), self.look.px(ROW) - 2 * pad)

    def _places(self) -> list[QRectF]:
        high = self.look.px(ROW)
        rows = [
            QRectF(self.x_of(self.data.first_min), self._row(code), self.x_of(self.data.last_min) - self._left(), high)
            for code, _text in self.data.windows
        ]
        return [*rows[: len(self.data.adding)], *(self._bar(shift) for shift in self.data.shifts)]

    # -- by hand -----------------------------------------------------------------------------------------------------

    def _shift_at(self, place: QPointF) -> BoardShift | None:
        n = self.point_at(place)
        first = len(self.data.adding)
        return self.data.shifts[n - first] if n is not None and n >= first else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        shift = self._shift_at(event.position())
        if shift is not None and self.data.can_move and event.button() == Qt.MouseButton.LeftButton:
            self._drag = _Drag(shift, self._part(shift, event.position().x()), event.position().x(), shift)

    def _part(self, shift: BoardShift, x: float) -> str:
        bar, edge = self._bar(shift), self.look.px(EDGE)
        if bar.width() > 3 * edge:
            if x < bar.left() + edge:
                return START
            if x > bar.right() - edge:
                return END
        return BOTH

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        drag = self._drag
        if drag is None:
            super().mouseMoveEvent(event)
            shift = self._shift_at(event.position())
            if shift is not None and self.data.can_move:
                sideways = self._part(shift, event.position().x()) != BOTH
                shape = Qt.CursorShape.SizeHorCursor if sideways else Qt.CursorShape.PointingHandCursor
                self.setCursor(shape)
            return
        gone = event.position().x() - drag.from_x
        if abs(gone) > self.look.px(SLACK):
            drag.is_far = True
            self.look_at(None)
        step = round(self.minutes(gone) / STEP_MIN) * STEP_MIN
        drag.moved = _shifted(drag.shift, drag.part, step)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, None
        self.update()
        if drag is None or not drag.is_far:
            super().mouseReleaseEvent(event)
        elif drag.moved != drag.shift:
            self.moved.emit(drag.shift, drag.moved)

    # -- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = Painter(self, self.look)
        self._paint_hours(painter)
        font = self.look.font(15)
        for code, text in self.data.windows:
            place = QRectF(0, self._row(code), self._left(), self.look.px(ROW))
            painter.words_in(text, font, "ink2", place, LEFT)
        for shift in self.data.shifts:
            drag = self._drag
            self._paint_shift(painter, drag.moved if drag is not None and drag.shift == shift else shift)
        self.paint_pointed(painter)

    def _paint_hours(self, painter: Painter) -> None:
        look, data = self.look, self.data
        small, bottom = look.font(13.5), look.px(ROW) * len(data.windows)
        hours = range(ceil(data.first_min / 60), data.last_min // 60 + 1)
        apart = self.x_of(60) - self.x_of(0)
        every = max(1, ceil((width_of(small, "00:00") + look.px(8)) / max(1.0, apart)))
        free_from, wide = 0.0, look.px(56)
        for hour in hours:
            x = round(self.x_of(60 * hour))
            painter.divider(QPointF(x, 0), QPointF(x, bottom))
            word = f"{hour}:00"
            left = min(x - wide / 2, self.width() - wide)
            begins = left + (wide - width_of(small, word)) / 2
            if hour % every == 0 and begins >= free_from:
                place = QRectF(left, bottom + look.px(2), wide, look.px(22))
                painter.words_in(word, small, "ink2", place, MIDDLE)
                free_from = left + (wide + width_of(small, word)) / 2 + look.px(6)
        for n in range(len(data.windows) + 1):
            y = round(look.px(ROW) * n)
            painter.divider(QPointF(self._left(), y), QPointF(self.width() - look.px(8), y))

    def _paint_shift(self, painter: Painter, shift: BoardShift) -> None:
        look, bar = self.look, self._bar(shift)
        painter.box(bar, 6, "soft", edge="chart", width=1.5)
        for start, length in shift.breaks:
            left, right = self.x_of(start), self.x_of(start + length)
            painter.fillRect(QRectF(left, bar.top(), right - left, bar.height()), look.color("surface"))
            painter.divider(QPointF(left, bar.top()), QPointF(left, bar.bottom()), "chart")
            painter.divider(QPointF(right, bar.top()), QPointF(right, bar.bottom()), "chart")
        painter.save()
        painter.setClipRect(bar)
        painter.words_in(shift.text, look.font(15, bold=True), "on_soft", bar.adjusted(look.px(10), 0, 0, 0), LEFT)
        painter.restore()


def _shifted(shift: BoardShift, part: str, by: int) -> BoardShift:
    """Return a shift with its start, its end or both moved, within the day and never shorter than a step."""
    if part == START:
        return replace(shift, start=min(max(0, shift.start + by), shift.end - STEP_MIN))
    if part == END:
        return replace(shift, end=max(min(1440, shift.end + by), shift.start + STEP_MIN))
    by = min(max(by, -shift.start), 1440 - shift.end)
    breaks = tuple((start + by, length) for start, length in shift.breaks)
    return replace(shift, start=shift.start + by, end=shift.end + by, breaks=breaks)
