"""The day in half-hours: the mean wait as a line, tickets as bars, over one time axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.stations.style import Look
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Run, paint_runs
from queuedesk.stations.widgets.paint import Painter, middle_baseline, width_of

STEPS = (1, 2, 5, 10, 20, 25, 50, *(n * power for power in (100, 1000, 10_000, 100_000) for n in (1, 2, 2.5, 5)))
BOTH_FROM = 270
WORD_FROM = 80
MIDDLE, RIGHT = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class Mark:
    """What explains a part of the day: from and to in slots (the same: a moment), a word, all there is to say."""

    start: float
    end: float
    word: str
    text: str


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


def axis_top(most: float) -> tuple[float, float]:
    """Return the top of an axis that starts at 0 and its step, so that at most three lines are drawn above 0."""
    for step in STEPS:
        if most <= step * 2:
            return step * 2.0, float(step)
    step = ceil(most / 2)
    return step * 2.0, float(step)


@dataclass(frozen=True, slots=True)
class _Panel:
    """One panel's place and scale."""

    rect: QRectF
    top: float
    step: float
    slots: int

    def x(self, edge: float) -> float:
        return self.rect.left() + edge / max(1, self.slots) * self.rect.width()

    def y(self, value: float) -> float:
        return self.rect.bottom() - min(value, self.top) / self.top * self.rect.height()


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
        painter.box(rect, 12, "surface", edge="edge" if look.theme.outlined else "line")
        pad = look.gap(20)
        if data.empty:
            self._paint_head(painter, pad)
            painter.words_in(data.empty, look.font(16), "ink2", rect.adjusted(pad, 0, -pad, 0), MIDDLE)
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
        self._paint_marks(painter, [panel])
        self._paint_grid(painter, panel, pad)
        if data.now is not None:
            painter.fillRect(QRectF(round(panel.x(data.now)), place.top(), 1.5, place.height()), look.color("ink"))
        self._paint_target(painter, panel)
        self._paint_line(painter, panel)
        self._paint_labels(painter, panel)

    def _plot(self, pad: int) -> tuple[float, float]:
        """Return from where to where the panels reach: the numbers of their axes stand at the left."""
        return pad + width_of(self.look.font(13.5), "000") + self.look.px(10), self.width() - self.look.px(30)

    def _line_panel(self, place: QRectF, slots: int) -> _Panel:
        known = [value for value in self._data.line if value is not None]
        top, step = axis_top(max([*known, self._data.target or 0, 1]))
        return _Panel(place, top, step, slots)

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
        bar_panel = _Panel(lower, top, step, slots)
        self._paint_marks(painter, [wait_panel, bar_panel])
        for panel, title in ((wait_panel, data.line_title), (bar_panel, data.bar_title)):
            above = QRectF(pad, panel.rect.top() - caption, right - pad, look.px(22))
            painter.words_in(title, look.font(14.5), "ink2", above)
            self._paint_grid(painter, panel, pad)
        self._paint_bars(painter, bar_panel)
        self._paint_now(painter, wait_panel, bar_panel)
        self._paint_target(painter, wait_panel)
        self._paint_line(painter, wait_panel)
        self._paint_labels(painter, bar_panel)

    def _paint_labels(self, painter: Painter, panel: _Panel) -> None:
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

    def _paint_grid(self, painter: Painter, panel: _Panel, pad: int) -> None:
        look, small = self.look, self.look.font(13.5)
        value = 0.0
        while value <= panel.top + 0.001:
            y = round(panel.y(value))
            painter.divider(QPointF(panel.rect.left(), y), QPointF(panel.rect.right(), y))
            place = QRectF(pad, y - look.px(10), panel.rect.left() - pad - look.px(8), look.px(20))
            painter.words_in(f"{value:g}", small, "ink2", place, RIGHT)
            value += panel.step

    def _paint_marks(self, painter: Painter, panels: Sequence[_Panel]) -> None:
        """Tint the parts of the day that a note explains; its word stands in the first panel where that is high enough."""
        look, small, free_from = self.look, self.look.font(13.5, bold=True), 0.0
        for mark in self._data.marks:
            for number, panel in enumerate(panels):
                left = max(panel.rect.left(), panel.x(mark.start))
                right = max(left + look.px(3), min(panel.rect.right(), panel.x(mark.end)))
                whole = QRectF(left, panel.rect.top(), right - left, panel.rect.height())
                if look.theme.outlined:
                    painter.box(whole, 0, "", edge="amber", width=2)
                else:
                    painter.fillRect(whole, look.color("amberbg"))
                edge = QRectF(left, panel.rect.top(), right - left, look.px(3))
                painter.fillRect(edge, look.color("amber"))
                wide = width_of(small, mark.word)
                x = min(max(left + look.px(4), free_from), panel.rect.right() - wide)
                if number == 0 and panel.rect.height() >= look.px(WORD_FROM) and x >= free_from:
                    painter.words_in(
                        mark.word, small, "amber", QRectF(x, panel.rect.top() + look.px(13), wide + 2, look.px(18))
                    )
                    free_from = x + wide + look.px(10)

    def _paint_bars(self, painter: Painter, panel: _Panel) -> None:
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

    def _paint_peak(self, painter: Painter, panel: _Panel) -> None:
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

    def _paint_line(self, painter: Painter, panel: _Panel) -> None:
        look, data = self.look, self._data
        run = QPolygonF()
        runs = [run]
        for number, value in enumerate(data.line):
            if value is None:
                run = QPolygonF()
                runs.append(run)
            else:
                run.append(QPointF(panel.x(number + 0.5), panel.y(value)))
        painter.setPen(QPen(look.color("ink"), 2.4 * look.scale.k))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for points in runs:
            painter.drawPolyline(points)
        painter.setPen(QPen(look.color("ink"), 2.2 * look.scale.k))
        painter.setBrush(look.color("surface"))
        for points in runs:
            for at in range(points.size()):
                painter.drawEllipse(points.at(at), 4 * look.scale.k, 4 * look.scale.k)

    def _paint_target(self, painter: Painter, panel: _Panel) -> None:
        look, data = self.look, self._data
        if data.target is None or not data.target_text:
            return
        y = round(panel.y(data.target))
        pen = QPen(look.color("red"), 2 * look.scale.k)
        pen.setDashPattern([2, 2])
        painter.setPen(pen)
        painter.drawLine(QPointF(panel.rect.left(), y), QPointF(panel.rect.right(), y))
        font = look.font(14)
        place = QRectF(panel.rect.left(), y - look.px(20), panel.rect.width(), look.px(19))
        painter.words_in(data.target_text, font, "red", place, RIGHT)

    def _paint_now(self, painter: Painter, upper: _Panel, lower: _Panel) -> None:
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
