"""Two values side by side for each half-hour, what was recorded as a dot: as bars that can be pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.stations.widgets.charts.chart_panel import ChartPanel, axis_top, paint_grid
from queuedesk.stations.widgets.charts.points import Point, Pointed
from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.window.style import Look

HEIGHT = 240
MIDDLE = Qt.AlignmentFlag.AlignHCenter


@dataclass(frozen=True, slots=True)
class Pair:
    """One half-hour: its label, before, after and recorded (None where nothing is known), the ends of the difference
    about `before`."""

    label: str
    before: float | None
    after: float | None
    recorded: float | None
    point: Point
    ends: tuple[float, float] | None = None


class BeforeAfterChart(Pointed):
    """Hollow bars are before, full ones after; a line over the full ones says between what they may be."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.pairs: tuple[Pair, ...] = ()
        self._legend: tuple[str, str, str] = ("", "", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_pairs(self, title: str, pairs: Sequence[Pair], legend: tuple[str, str, str]) -> None:
        """Show other half-hours; `legend` says recorded, before, after."""
        self.pairs, self._legend = tuple(pairs), legend
        self.set_points(title, "", [pair.point for pair in pairs])

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(600), self.look.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(300), self.look.px(HEIGHT))

    def _plot(self) -> QRectF:
        look = self.look
        left = width_of(look.font(13.5), "000") + look.px(8)
        top, foot = look.px(34), look.px(26)
        return QRectF(left, top, self.width() - left, self.height() - top - foot)

    def _places(self) -> list[QRectF]:
        plot = self._plot()
        slot = plot.width() / max(1, len(self.pairs))
        return [QRectF(plot.left() + n * slot, plot.top(), slot, plot.height()) for n in range(len(self.pairs))]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, plot = Painter(self, self.look), self.look, self._plot()
        known = [v for p in self.pairs for v in (p.before, p.after, p.recorded, *(p.ends or ())) if v is not None]
        top, step = axis_top(max([*known, 1]))
        self._paint_legend(painter)
        small = look.font(13.5)
        paint_grid(painter, look, ChartPanel(plot, top, step, len(self.pairs)))
        free_from = 0.0
        for pair, place in zip(self.pairs, self.rects(), strict=True):
            self._paint_pair(painter, pair, place, top)
            wide = width_of(small, pair.label) + 4
            x = place.center().x() - wide / 2
            if x >= free_from and x + wide <= self.width():
                box = QRectF(x, plot.bottom() + look.px(4), wide, look.px(20))
                painter.words_in(pair.label, small, "ink2", box, MIDDLE)
                free_from = x + wide + look.px(6)
        self.paint_pointed(painter)

    def _paint_pair(self, painter: Painter, pair: Pair, place: QRectF, top: float) -> None:
        look = self.look

        def y_of(value: float) -> float:
            return place.bottom() - min(value, top) / top * place.height()

        wide = min(look.px(15), place.width() * 0.36)
        x = place.center().x() - wide
        if pair.before is not None:
            box = QRectF(x, y_of(pair.before), wide, place.bottom() - y_of(pair.before))
            painter.box(box, 2, "surface", edge="ink2", width=1.4)
        if pair.after is not None:
            box = QRectF(x + wide, y_of(pair.after), wide, place.bottom() - y_of(pair.after))
            painter.box(box, 2, "chart")
        pen = QPen(look.color("ink"), 1.6 * look.scale.k)
        if pair.ends is not None and pair.after is not None:
            painter.setPen(pen)
            middle = x + wide * 1.5
            low, high = (y_of(max(0.0, end)) for end in pair.ends)
            painter.drawLine(QPointF(middle, low), QPointF(middle, high))
        if pair.recorded is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("ink"))
            painter.drawEllipse(QPointF(x + wide / 2, y_of(pair.recorded)), 3 * look.scale.k, 3 * look.scale.k)

    def _paint_legend(self, painter: Painter) -> None:
        look, font = self.look, self.look.font(14)
        x, high, side = float(self.width()), look.px(24), look.px(13)
        for word, kind in zip(reversed(self._legend), ("after", "before", "recorded"), strict=True):
            wide = width_of(font, word)
            x -= wide
            painter.words_in(word, font, "ink2", QRectF(x, 0, wide + 2, high))
            x -= side + look.px(6)
            box = QRectF(x, round((high - side) / 2), side, side)
            if kind == "recorded":
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.color("ink"))
                painter.drawEllipse(box.center(), 3 * look.scale.k, 3 * look.scale.k)
            else:
                before = kind == "before"
                painter.box(box, 2, "surface" if before else "chart", edge="ink2" if before else "", width=1.4)
            x -= look.px(16)
