"""A period in slots: the mean wait as a line over tickets as bars, another period behind both, every value to be
pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.stations.widgets.charts.chart_panel import (
    ChartPanel,
    Mark,
    PanelChart,
    axis_top,
    paint_dots,
    paint_empty,
    paint_grid,
    paint_ground,
    paint_labels,
    paint_marks,
    paint_target,
)
from queuedesk.stations.widgets.charts.points import Point
from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.window.style import Look

DOTS_FROM, WORD_FROM = 11.0, 60.0
Values = Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodChartData:
    """Finished words and one value per slot, None where nothing is known; `past_*` are those of the period it is held
    against.

    `labels` are (place in slots, word): 0 is the left edge of the first slot. `line_points` and `bar_points` say what
    each slot says. `running` is the slot still going on, drawn hollow, `now` a place like a label's.
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


class PeriodChart(PanelChart):
    """The line over the bars."""

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

    def panels(self) -> tuple[ChartPanel, ChartPanel]:
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
        return ChartPanel(upper, wait_top, wait_step, slots), ChartPanel(lower, count_top, count_step, slots)

    def pointed_slots(self) -> tuple[int, int]:
        return len(self.data.line_points), len(self.data.bar_points)

    # -- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, data = Painter(self, self.look), self.look, self.data
        rect = QRectF(self.rect())
        paint_ground(painter, look, rect)
        self._paint_head(painter)
        pad = look.gap(18)
        if data.empty:
            paint_empty(painter, look, rect, pad, data.empty)
            return
        upper, lower = self.panels()
        paint_marks(painter, look, data.marks, (upper, lower), word_from=WORD_FROM, drop=5)
        for panel, title in ((upper, data.line_title), (lower, data.bar_title)):
            above = QRectF(pad, panel.rect.top() - look.px(26), self.width() - 2 * pad, look.px(20))
            painter.words_in(title, look.font(14.5), "ink2", above)
            paint_grid(painter, look, panel)
        self._paint_bars(painter, lower)
        self._paint_now(painter, upper, lower)
        paint_target(painter, look, upper, data.target, data.target_text, free_of=data.now)
        self._paint_line(painter, upper, data.past_line, past=True)
        self._paint_line(painter, upper, data.line)
        paint_labels(painter, look, lower, data.labels, self.width())
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

    def _paint_bars(self, painter: Painter, panel: ChartPanel) -> None:
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

    def _paint_line(self, painter: Painter, panel: ChartPanel, values: Values, *, past: bool = False) -> None:
        look = self.look
        runs = panel.lines(values)
        painter.setPen(self._line_pen(past=past))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for points in runs:
            painter.drawPolyline(points)
        has_dots = panel.rect.width() / panel.slots >= look.px(DOTS_FROM)
        if past or not has_dots:
            self._paint_lone(painter, [run for run in runs if run.size() == 1], past=past)
            return
        paint_dots(painter, look, runs)

    def _paint_lone(self, painter: Painter, runs: Sequence[QPolygonF], *, past: bool) -> None:
        """Draw values that no line reaches."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.color("ink2" if past else "ink"))
        for points in runs:
            painter.drawEllipse(points.at(0), 2.2 * self.look.scale.k, 2.2 * self.look.scale.k)

    def _paint_now(self, painter: Painter, upper: ChartPanel, lower: ChartPanel) -> None:
        if self.data.now is None:
            return
        for panel in (upper, lower):
            x = round(panel.x(self.data.now))
            painter.fillRect(QRectF(x, panel.rect.top(), 1.5, panel.rect.height()), self.look.color("ink"))
