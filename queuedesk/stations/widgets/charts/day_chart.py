"""The day in half-hours: the mean wait as a line, tickets as bars, over one time axis."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.stations.widgets.charts.chart_panel import (
    MIDDLE,
    ChartPanel,
    Mark,
    axis_top,
    paint_dots,
    paint_empty,
    paint_grid,
    paint_ground,
    paint_marks,
    paint_target,
)
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Run, paint_runs
from queuedesk.stations.widgets.paint import Painter, middle_baseline, width_of
from queuedesk.stations.window.style import Look

BOTH_FROM = 270
WORD_FROM = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartData:
    """What the chart shows; words finished, one value per half-hour slot, None where nothing is known.

    `labels` are (slot edge, text): edge 1 is the end of the first slot. `now` is a place on the same scale.
    `running` is the slot still going on, drawn hollow. An empty `target_text` draws no target.
    """

    title: str
    line_title: str
    bar_title: str
    line: Sequence[float | None] = ()
    bars: Sequence[float | None] = ()
    usual: Sequence[float | None] = ()
    labels: Sequence[tuple[float, str]] = ()
    target: float | None = None
    target_text: str = ""
    now: float | None = None
    now_text: str = ""
    running: int | None = None
    bars_legend: str = ""
    usual_legend: str = ""
    marks: Sequence[Mark] = ()
    empty: str = ""


class BarAndLineChart(Follows, QWidget):
    """Two panels over one axis; it gives up its height first and stays readable down to 200 drawn px.

    Under BOTH_FROM drawn px one panel is left: the line, which says whether customers wait too long.
    """

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow(look)
        self._data = ChartData(title="", line_title="", bar_title="")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_chart(self, data: ChartData) -> None:
        """Show other figures."""
        self._data = data
        self.setAccessibleName(data.title)
        known = [f"{value:g}" for value in data.bars if value is not None]
        told = [f"{data.bar_title}: {', '.join(known)}" if known else data.empty, *(mark.text for mark in data.marks)]
        self.setAccessibleDescription("; ".join(told))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(650), self.look.px(377))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(320), max(200, self.look.gap(200)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, data = Painter(self, self.look), self.look, self._data
        rect = QRectF(self.rect())
        paint_ground(painter, look, rect)
        pad = look.gap(20)
        if data.empty:
            self._paint_head(painter, pad)
            paint_empty(painter, look, rect, pad, data.empty)
        elif self.height() < look.px(BOTH_FROM):
            self._paint_line_alone(painter, pad)
        else:
            self._paint_both(painter, pad)

    def _paint_line_alone(self, painter: Painter, pad: int) -> None:
        look, data, rect = self.look, self._data, QRectF(self.rect())
        title = QRectF(pad, look.px(8), rect.width() - 2 * pad, look.px(28))
        painter.words_in(data.line_title, look.font(17, bold=True), "ink", title)
        left, right = self._plot(pad)
        place = QRectF(left, look.px(46), right - left, rect.bottom() - look.px(36) - look.px(46))
        panel = self._line_panel(place, max(len(data.line), 1))
        paint_marks(painter, look, data.marks, [panel], word_from=WORD_FROM, drop=13)
        paint_grid(painter, look, panel)
        if data.now is not None:
            painter.fillRect(QRectF(round(panel.x(data.now)), place.top(), 1.5, place.height()), look.color("ink"))
        paint_target(painter, look, panel, data.target, data.target_text)
        self._paint_line(painter, panel)
        self._paint_labels(painter, panel)

    def _plot(self, pad: int) -> tuple[float, float]:
        """Return from where to where the panels reach: the numbers of their axes stand at the left."""
        return pad + width_of(self.look.font(13.5), "000") + self.look.px(10), self.width() - self.look.px(30)

    def _line_panel(self, place: QRectF, slots: int) -> ChartPanel:
        known = [value for value in self._data.line if value is not None]
        top, step = axis_top(max([*known, self._data.target or 0, 1]))
        return ChartPanel(place, top, step, slots)

    def _paint_both(self, painter: Painter, pad: int) -> None:
        look, data, rect = self.look, self._data, QRectF(self.rect())
        self._paint_head(painter, pad)
        left, right = self._plot(pad)
        foot = rect.bottom() - look.px(36)
        head, caption = look.px(44), look.px(30)
        room = foot - head - 2 * caption - look.px(10)
        upper_high = room * 0.49
        upper = QRectF(left, head + caption, right - left, upper_high)
        lower = QRectF(left, upper.bottom() + caption + look.px(10), right - left, room - upper_high)
        slots = max(len(data.line), len(data.bars), len(data.usual), 1)
        wait_panel = self._line_panel(upper, slots)
        counts = [value for value in (*data.bars, *data.usual) if value is not None]
        top, step = axis_top(max([*counts, 1]))
        bar_panel = ChartPanel(lower, top, step, slots)
        paint_marks(painter, look, data.marks, [wait_panel, bar_panel], word_from=WORD_FROM, drop=13)
        for panel, title in ((wait_panel, data.line_title), (bar_panel, data.bar_title)):
            above = QRectF(pad, panel.rect.top() - caption, right - pad, look.px(22))
            painter.words_in(title, look.font(14.5), "ink2", above)
            paint_grid(painter, look, panel)
        self._paint_bars(painter, bar_panel)
        self._paint_now(painter, wait_panel, bar_panel)
        paint_target(painter, look, wait_panel, data.target, data.target_text)
        self._paint_line(painter, wait_panel)
        self._paint_labels(painter, bar_panel)

    def _paint_labels(self, painter: Painter, panel: ChartPanel) -> None:
        """Write the times under a panel, as many as have room."""
        look, small = self.look, self.look.font(13.5)
        free_from = 0.0
        for edge, text in self._data.labels:
            width = width_of(small, text) + 4
            x = panel.x(edge) - width / 2
            if x < free_from:
                continue
            free_from = x + width + look.px(6)
            painter.words_in(
                text, small, "ink2", QRectF(x, panel.rect.bottom() + look.px(4), width, look.px(22)), MIDDLE
            )

    def _paint_head(self, painter: Painter, pad: int) -> None:
        look, data = self.look, self._data
        high, y = look.px(26), look.px(12)
        font = look.font(15)
        x = float(self.width() - pad)
        side = look.px(14)
        middle = y + high / 2
        if data.usual_legend and any(value is not None for value in data.usual):
            x -= width_of(font, data.usual_legend)
            painter.words_in(data.usual_legend, font, "ink2", QRectF(x, y, self.width() - x, high))
            x -= look.px(21)
            painter.fillRect(QRectF(x, round(middle) - 1, look.px(16), look.px(2.4)), look.color("ink2"))
            x -= look.px(18)
        if data.bars_legend:
            x -= width_of(font, data.bars_legend)
            painter.words_in(data.bars_legend, font, "ink2", QRectF(x, y, self.width() - x, high))
            x -= side + look.px(5)
            painter.box(QRectF(x, round(middle - side / 2), side, side), 3, "chart")
            x -= look.px(16)
        painter.words_in(data.title, look.font(17, bold=True), "ink", QRectF(pad, y, x - pad, high))

    def _paint_bars(self, painter: Painter, panel: ChartPanel) -> None:
        look, data = self.look, self._data
        slot = panel.rect.width() / panel.slots
        width = min(slot * 0.56, look.px(28))
        for number, value in enumerate(data.bars):
            if not value:
                continue
            x = panel.x(number + 0.5)
            box = QRectF(round(x - width / 2), panel.y(value), round(width), panel.rect.bottom() - panel.y(value))
            if number == data.running:
                painter.box(box, 3, "soft", edge="chart", width=1.5)
            else:
                painter.box(box, 2, "chart")
        for number, value in enumerate(data.usual):
            if value is None:
                continue
            x, dash = panel.x(number + 0.5), min(slot * 0.76, look.px(26))
            painter.fillRect(QRectF(x - dash / 2, round(panel.y(value)) - 1, dash, look.px(2.4)), look.color("ink2"))
        self._paint_peak(painter, panel)

    def _paint_peak(self, painter: Painter, panel: ChartPanel) -> None:
        look, data = self.look, self._data
        full = [(value, number) for number, value in enumerate(data.bars) if value and number != data.running]
        if not full:
            return
        value, number = max(full, key=lambda pair: (pair[0], -pair[1]))
        usual = data.usual[number] if number < len(data.usual) else None
        y = min(panel.y(value), panel.y(usual) - look.px(3) if usual is not None else panel.rect.bottom())
        font = look.font(13.5, bold=True)
        place = QRectF(panel.x(number + 0.5) - look.px(30), y - look.px(19), look.px(60), look.px(18))
        painter.words_in(f"{value:g}", font, "ink", place, MIDDLE)

    def _paint_line(self, painter: Painter, panel: ChartPanel) -> None:
        look, data = self.look, self._data
        runs = panel.lines(data.line)
        painter.setPen(QPen(look.color("ink"), 2.4 * look.scale.k))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for points in runs:
            painter.drawPolyline(points)
        paint_dots(painter, look, runs)

    def _paint_now(self, painter: Painter, upper: ChartPanel, lower: ChartPanel) -> None:
        look, data = self.look, self._data
        if data.now is None:
            return
        x = round(upper.x(data.now))
        # Two strokes: the lower panel's title stands between them.
        for panel in (upper, lower):
            top = panel.rect.top() - look.px(4)
            painter.fillRect(QRectF(x, top, 1.5, panel.rect.bottom() - top), look.color("ink"))
        font = look.font(13.5, bold=True)
        width = width_of(font, data.now_text)
        right_of = x + look.px(6)
        start = right_of if right_of + width <= upper.rect.right() else x - look.px(6) - width
        baseline = middle_baseline(font, upper.rect.top() - look.px(8), look.px(20))
        paint_runs(painter, [Run(data.now_text, 13.5, True)], start, baseline)
