"""A period in slots: the mean wait as a line over tickets as bars, another period behind both, every value to be pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.stations.style import Look
from queuedesk.stations.widgets.charts import Mark, axis_top
from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.widgets.points import Point, Pointed

MIDDLE, RIGHT = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight
DOTS_FROM, WORD_FROM = 11.0, 60.0
Values = Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodChartData:
    """Finished words and one value per slot, None where nothing is known; `past_*` are those of the period it is held against.

    `labels` are (place in slots, word): 0 is the left edge of the first slot. `line_points` and `bar_points` say what each slot says.
    `running` is the slot still going on, drawn hollow, `now` a place like a label's.
    """

    title: str = ""
    line_title: str = ""
    bar_title: str = ""
    line: Values = ()
    bars: Values = ()
    past_line: Values = ()
    past_bars: Values = ()
    labels: Sequence[tuple[float, str]] = ()
    target: float | None = None
    target_text: str = ""
    now: float | None = None
    running: int | None = None
    marks: Sequence[Mark] = ()
    legend: str = ""
    past_legend: str = ""
    line_points: Sequence[Point] = ()
    bar_points: Sequence[Point] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True)
class _Panel:
    rect: QRectF
    top: float
    step: float
    slots: int

    def x(self, place: float) -> float:
        return self.rect.left() + place / max(1, self.slots) * self.rect.width()

    def y(self, value: float) -> float:
        return self.rect.bottom() - min(value, self.top) / self.top * self.rect.height()

    def column(self, slot: int) -> QRectF:
        return QRectF(self.x(slot), self.rect.top(), self.x(slot + 1) - self.x(slot), self.rect.height())


class PeriodChart(Pointed):
    """Two panels over one axis. The points are the slots of the line, then those of the bars."""

    def __init__(self, look: Look, *, height: float = 340, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._height = height
        self.data = PeriodChartData()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_chart(self, data: PeriodChartData) -> None:
        """Show other figures."""
        self.data = data
        known = [f"{value:g}" for value in data.bars if value is not None]
        told = [f"{data.bar_title}: {', '.join(known)}" if known else data.empty, *(mark.text for mark in data.marks)]
        self.set_points(data.title, "; ".join(told), [*data.line_points, *data.bar_points])

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(620), self.look.wide(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(320), self.look.gap(260))

    # -- places ------------------------------------------------------------------------------------------------------

    def _panels(self) -> tuple[_Panel, _Panel]:
        look, data = self.look, self.data
        pad = look.gap(18)
        slots = max(len(data.line), len(data.bars), 1)
        waits = [value for value in (*data.line, *data.past_line) if value is not None]
        counts = [value for value in (*data.bars, *data.past_bars) if value is not None]
        wait_top, wait_step = axis_top(max([*waits, data.target or 0, 1]))
        count_top, count_step = axis_top(max([*counts, 1]))
        small = look.font(13.5)
        wide = max(width_of(small, f"{wait_top:,g}"), width_of(small, f"{count_top:,g}"))
        left, right = pad + wide + look.px(10), self.width() - look.px(18)
        head, caption = look.px(44 if self._legend_fits() else 74), look.px(26)
        room = self.height() - head - look.px(32) - 2 * caption - look.px(6)
        high = max(20.0, room * 0.49)
        upper = QRectF(left, head + caption, right - left, high)
        lower = QRectF(left, upper.bottom() + caption + look.px(6), right - left, max(20.0, room - high))
        return _Panel(upper, wait_top, wait_step, slots), _Panel(lower, count_top, count_step, slots)

    def _places(self) -> list[QRectF]:
        upper, lower = self._panels()
        return [
            *(upper.column(n) for n in range(len(self.data.line_points))),
            *(lower.column(n) for n in range(len(self.data.bar_points))),
        ]

    # -- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, data = Painter(self, self.look), self.look, self.data
        rect = QRectF(self.rect())
        painter.box(rect, 12, "surface", edge="edge" if look.theme.outlined else "line")
        self._paint_head(painter)
        pad = look.gap(18)
        if data.empty:
            painter.words_in(data.empty, look.font(16), "ink2", rect.adjusted(pad, 0, -pad, 0), MIDDLE)
            return
        upper, lower = self._panels()
        self._paint_marks(painter, upper, lower)
        for panel, title in ((upper, data.line_title), (lower, data.bar_title)):
            above = QRectF(pad, panel.rect.top() - look.px(26), self.width() - 2 * pad, look.px(20))
            painter.words_in(title, look.font(14.5), "ink2", above)
            self._paint_grid(painter, panel, pad)
        self._paint_bars(painter, lower)
        self._paint_now(painter, upper, lower)
        self._paint_target(painter, upper)
        self._paint_line(painter, upper, data.past_line, past=True)
        self._paint_line(painter, upper, data.line)
        self._paint_labels(painter, lower)
        self.paint_pointed(painter)

    def _paint_head(self, painter: Painter) -> None:
        look, data = self.look, self.data
        pad, high, y = look.gap(18), look.px(26), look.px(10)
        font, fits = look.font(15), self._legend_fits()
        room = QRectF(pad, y, self.width() - 2 * pad, high)
        painter.words_in(data.title, look.font(17, bold=True), "ink", room)
        if not fits:
            y += look.px(30)
        x = self.width() - pad if fits else pad + self._legend_width()
        middle = y + high / 2
        if data.past_legend:
            x -= width_of(font, data.past_legend)
            painter.words_in(data.past_legend, font, "ink2", QRectF(x, y, self.width() - x, high))
            x -= look.px(21)
            painter.setPen(self._line_pen(past=True))
            painter.drawLine(QPointF(x, round(middle)), QPointF(x + look.px(16), round(middle)))
            x -= look.px(16)
        if data.legend:
            x -= width_of(font, data.legend)
            painter.words_in(data.legend, font, "ink2", QRectF(x, y, self.width() - x, high))
            side = look.px(14)
            x -= side + look.px(5)
            painter.box(QRectF(x, round(middle - side / 2), side, side), 3, "chart")
            painter.setPen(self._line_pen())
            painter.drawLine(QPointF(x, round(middle)), QPointF(x + side, round(middle)))

    def _legend_width(self) -> float:
        """Return what the words of both periods and their marks take."""
        look, data, font = self.look, self.data, self.look.font(15)
        if not data.past_legend:
            return 0.0
        both = width_of(font, data.legend) + width_of(font, data.past_legend)
        return both + look.px(21) + look.px(16) + look.px(19)

    def _legend_fits(self) -> bool:
        """Whether the legend has room beside the title; else it stands under it."""
        look = self.look
        title = width_of(look.font(17, bold=True), self.data.title)
        return title + self._legend_width() + look.px(20) <= self.width() - 2 * look.gap(18)

    def _paint_grid(self, painter: Painter, panel: _Panel, pad: float) -> None:
        look, small, value = self.look, self.look.font(13.5), 0.0
        while value <= panel.top + 0.001:
            y = round(panel.y(value))
            painter.divider(QPointF(panel.rect.left(), y), QPointF(panel.rect.right(), y))
            place = QRectF(0, y - look.px(10), panel.rect.left() - look.px(8), look.px(20))
            painter.words_in(f"{value:,g}", small, "ink2", place, RIGHT)
            value += panel.step

    def _paint_marks(self, painter: Painter, upper: _Panel, lower: _Panel) -> None:
        """Tint the slots that a note explains; its word stands over the first panel's part where it has room."""
        look, small, free_from = self.look, self.look.font(13.5, bold=True), 0.0
        for mark in self.data.marks:
            for panel in (upper, lower):
                left = max(panel.rect.left(), panel.x(mark.start))
                right = max(left + look.px(3), min(panel.rect.right(), panel.x(mark.end)))
                whole = QRectF(left, panel.rect.top(), right - left, panel.rect.height())
                if look.theme.outlined:
                    painter.box(whole, 0, "", edge="amber", width=2)
                else:
                    painter.fillRect(whole, look.color("amberbg"))
                painter.fillRect(QRectF(left, panel.rect.top(), right - left, look.px(3)), look.color("amber"))
                wide = width_of(small, mark.word)
                x = min(max(left + look.px(4), free_from), panel.rect.right() - wide)
                if panel is upper and panel.rect.height() >= look.px(WORD_FROM) and x >= free_from:
                    painter.words_in(
                        mark.word, small, "amber", QRectF(x, panel.rect.top() + look.px(5), wide + 2, look.px(18))
                    )
                    free_from = x + wide + look.px(10)

    def _paint_bars(self, painter: Painter, panel: _Panel) -> None:
        look, data = self.look, self.data
        slot = panel.rect.width() / panel.slots
        width = min(slot * 0.62, look.px(30))
        for n, value in enumerate(data.bars):
            if not value:
                continue
            box = QRectF(panel.x(n + 0.5) - width / 2, panel.y(value), width, panel.rect.bottom() - panel.y(value))
            if slot > 4:
                box = QRectF(round(box.left()), box.top(), max(1, round(box.width())), box.height())
            if n == data.running:
                painter.box(box, 3, "soft", edge="chart", width=1.5)
            else:
                painter.box(box, 2, "chart")
        dash = min(slot * 0.8, look.px(26))
        for n, value in enumerate(data.past_bars):
            if value is not None:
                y = round(panel.y(value)) - 1
                painter.fillRect(QRectF(panel.x(n + 0.5) - dash / 2, y, dash, look.px(2.4)), look.color("ink2"))

    def _line_pen(self, *, past: bool = False) -> QPen:
        pen = QPen(self.look.color("ink2" if past else "ink"), (1.8 if past else 2.4) * self.look.scale.k)
        if past:
            pen.setDashPattern([3, 2])
        return pen

    def _paint_line(self, painter: Painter, panel: _Panel, values: Values, *, past: bool = False) -> None:
        look = self.look
        runs = [QPolygonF()]
        for n, value in enumerate(values):
            if value is None:
                runs.append(QPolygonF())
            else:
                runs[-1].append(QPointF(panel.x(n + 0.5), panel.y(value)))
        painter.setPen(self._line_pen(past=past))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for points in runs:
            painter.drawPolyline(points)
        has_dots = panel.rect.width() / panel.slots >= look.px(DOTS_FROM)
        if past or not has_dots:
            self._paint_lone(painter, [run for run in runs if run.size() == 1], past=past)
            return
        painter.setPen(QPen(look.color("ink"), 2.2 * look.scale.k))
        painter.setBrush(look.color("surface"))
        for points in runs:
            for at in range(points.size()):
                painter.drawEllipse(points.at(at), 4 * look.scale.k, 4 * look.scale.k)

    def _paint_lone(self, painter: Painter, runs: Sequence[QPolygonF], *, past: bool) -> None:
        """Draw values that no line reaches."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.color("ink2" if past else "ink"))
        for points in runs:
            painter.drawEllipse(points.at(0), 2.2 * self.look.scale.k, 2.2 * self.look.scale.k)

    def _paint_target(self, painter: Painter, panel: _Panel) -> None:
        look, data = self.look, self.data
        if data.target is None or not data.target_text:
            return
        y = round(panel.y(data.target))
        pen = QPen(look.color("red"), 2 * look.scale.k)
        pen.setDashPattern([2, 2])
        painter.setPen(pen)
        painter.drawLine(QPointF(panel.rect.left(), y), QPointF(panel.rect.right(), y))
        font = look.font(14)
        place = QRectF(panel.rect.left(), y - look.px(20), panel.rect.width(), look.px(19))
        begins = panel.rect.right() - width_of(font, data.target_text)
        in_the_way = data.now is not None and panel.x(data.now) > begins - look.px(4)
        side = Qt.AlignmentFlag.AlignLeft if in_the_way else RIGHT
        painter.words_in(data.target_text, font, "red", place, side)

    def _paint_now(self, painter: Painter, upper: _Panel, lower: _Panel) -> None:
        if self.data.now is None:
            return
        for panel in (upper, lower):
            x = round(panel.x(self.data.now))
            painter.fillRect(QRectF(x, panel.rect.top(), 1.5, panel.rect.height()), self.look.color("ink"))

    def _paint_labels(self, painter: Painter, panel: _Panel) -> None:
        """Write the words under a panel: all, or every second, third … where they have no room."""
        look, small, labels = self.look, self.look.font(13.5), self.data.labels
        if not labels:
            return
        widest = max(width_of(small, text) for _place, text in labels) + look.px(10)
        apart = panel.x(labels[1][0]) - panel.x(labels[0][0]) if len(labels) > 1 else widest
        for place, text in labels[:: max(1, ceil(widest / max(1.0, apart)))]:
            width = width_of(small, text) + 4
            x = min(panel.x(place) - width / 2, self.width() - look.px(6) - width)
            painter.words_in(
                text, small, "ink2", QRectF(x, panel.rect.bottom() + look.px(4), width, look.px(22)), MIDDLE
            )
