"""A day by half hours: windows needed as bars under the roster's steps, people expected as ranges with those who came
as dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.stations.widgets.charts.chart_panel import (
    ChartPanel,
    PanelChart,
    paint_empty,
    paint_grid,
    paint_ground,
    paint_labels,
)
from queuedesk.stations.widgets.charts.points import Point
from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.window.style import Look

HEAD, EDGE, FOOT, EMPTY = 38, 8, 32, 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One half hour: `start_min` after midnight; None where nothing is known, planned or counted."""

    start_min: int
    needed: int | None = None
    needed_busy: int | None = None
    planned: int | None = None
    mean: float | None = None
    low: int | None = None
    high: int | None = None
    came: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingData:
    """Finished words and the half hours; `window_points` and `people_points` say what each says. `now_min` is drawn as
    a line."""

    windows_title: str = ""
    people_title: str = ""
    slots: Sequence[Slot] = ()
    labels: Sequence[str] = ()
    keys: Sequence[tuple[str, str]] = ()
    people_keys: Sequence[tuple[str, str]] = ()
    window_points: Sequence[Point] = ()
    people_points: Sequence[Point] = ()
    now_min: int | None = None
    empty: str = ""


class StaffingChart(PanelChart):
    """The windows over the people, by half hours."""

    def __init__(self, look: Look, *, height: float = 430, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._height = height
        self.data = StaffingData()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_chart(self, data: StaffingData) -> None:
        """Show other figures."""
        self.data = data
        told = [f"{word} {slot.needed}" for word, slot in zip(data.labels, data.slots, strict=True) if slot.needed]
        summary = data.empty or f"{data.windows_title}: {', '.join(told)}"
        self.set_points(data.windows_title, summary, [*data.window_points, *data.people_points])

    def sizeHint(self) -> QSize:
        high = self.look.px(EMPTY) if self.data.empty else self.look.wide(self._height)
        return QSize(self.look.px(620), high)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(320), self.look.px(EMPTY) if self.data.empty else self.look.gap(320))

    # -- places ------------------------------------------------------------------------------------------------------

    def panels(self) -> tuple[ChartPanel, ChartPanel]:
        look, slots = self.look, self.data.slots
        pad = look.gap(18)
        windows = [value for one in slots for value in (one.needed, one.needed_busy, one.planned) if value is not None]
        people = [value for one in slots for value in (one.high, one.came) if value is not None]
        tops = [_top(max([*windows, 1])), _top(max([*people, 1]))]
        small = look.font(13.5)
        wide = max(width_of(small, f"{top:g}") for top, _step in tops)
        left, right = pad + wide + look.px(10), self.width() - look.px(18)
        room = self.height() - 2 * look.px(HEAD + self._key_high() + EDGE) - look.px(FOOT)
        high = max(20.0, room * 0.54)
        upper = QRectF(left, look.px(EDGE + HEAD + self._key_high()), right - left, high)
        begins = upper.bottom() + look.px(EDGE + HEAD + self._key_high())
        lower = QRectF(left, begins, right - left, max(20.0, room - high))
        n = len(slots)
        return ChartPanel(upper, tops[0][0], tops[0][1], n), ChartPanel(lower, tops[1][0], tops[1][1], n)

    def _key_high(self) -> float:
        """Return what a line of keys takes where they have no room beside their title."""
        return 0 if self._keys_fit() else 24

    def _keys_fit(self) -> bool:
        look = self.look
        room = self.width() - 2 * look.gap(18)
        for title, keys in (
            (self.data.windows_title, self.data.keys),
            (self.data.people_title, self.data.people_keys),
        ):
            if width_of(look.font(17, bold=True), title) + look.px(24) + self._keys_width(keys) > room:
                return False
        return True

    def _keys_width(self, keys: Sequence[tuple[str, str]]) -> float:
        font = self.look.font(14)
        return sum(width_of(font, text) + self.look.px(34) for _token, text in keys)

    def pointed_slots(self) -> tuple[int, int]:
        return len(self.data.window_points), len(self.data.people_points)

    # -- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, data = Painter(self, self.look), self.look, self.data
        rect = QRectF(self.rect())
        paint_ground(painter, look, rect)
        pad = look.gap(18)
        if data.empty:
            paint_empty(painter, look, rect, pad, data.empty)
            return
        upper, lower = self.panels()
        for panel, title, keys in (
            (upper, data.windows_title, data.keys),
            (lower, data.people_title, data.people_keys),
        ):
            self._paint_head(painter, panel, title, keys)
            paint_grid(painter, look, panel)
        self._paint_windows(painter, upper)
        self._paint_people(painter, lower)
        for panel in (upper, lower):
            self._paint_now(painter, panel)
        hours = [(n, word) for n, word in enumerate(data.labels) if data.slots[n].start_min % 60 == 0]
        paint_labels(painter, look, lower, hours, self.width())
        self.paint_pointed(painter)

    def _paint_head(self, painter: Painter, panel: ChartPanel, title: str, keys: Sequence[tuple[str, str]]) -> None:
        look, pad = self.look, self.look.gap(18)
        fits = self._keys_fit()
        high = look.px(24)
        y = panel.rect.top() - look.px(HEAD - 1 + self._key_high())
        painter.words_in(title, look.font(17, bold=True), "ink", QRectF(pad, y, self.width() - 2 * pad, high))
        if not fits:
            y += look.px(24)
        x = self.width() - pad - self._keys_width(keys) if fits else pad
        font, side = look.font(14), look.px(13)
        for token, text in keys:
            middle = y + high / 2
            if token == "ink":
                painter.fillRect(QRectF(x, middle - look.px(1.2), side, look.px(2.4)), look.color("ink"))
            elif token == "dot":
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.color("ink"))
                painter.drawEllipse(QPointF(x + side / 2, middle), look.px(4), look.px(4))
            else:
                edge = "chart" if token == "soft" else ""
                painter.box(QRectF(x, middle - side / 2, side, side), 3, token, edge=edge)
            wide = width_of(font, text)
            painter.words_in(text, font, "ink2", QRectF(x + side + look.px(6), y, wide + 4, high))
            x += wide + look.px(34)

    def _bar(self, panel: ChartPanel, slot: int) -> tuple[float, float]:
        column = panel.column(slot)
        width = max(1.0, round(column.width() * 0.74))
        return round(column.center().x() - width / 2), width

    def _paint_windows(self, painter: Painter, panel: ChartPanel) -> None:
        look = self.look
        for n, one in enumerate(self.data.slots):
            x, width = self._bar(panel, n)
            if one.needed_busy and one.needed_busy > (one.needed or 0):
                top = panel.y(one.needed_busy)
                painter.box(QRectF(x, top, width, panel.rect.bottom() - top), 2, "soft", edge="chart")
            if not one.needed:
                continue
            covered = one.needed if one.planned is None else min(one.needed, one.planned)
            top = panel.y(covered)
            painter.fillRect(QRectF(x, top, width, panel.rect.bottom() - top), look.color("chart"))
            if covered < one.needed:
                above = panel.y(one.needed)
                painter.fillRect(QRectF(x, above, width, top - above), look.color("red"))
        painter.setPen(QPen(look.color("ink"), 2.6 * look.scale.k))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        steps = QPolygonF()
        for n, planned in enumerate([*(one.planned for one in self.data.slots), None]):
            if planned is not None:
                steps.append(QPointF(panel.x(n), panel.y(planned)))
                steps.append(QPointF(panel.x(n + 1), panel.y(planned)))
            elif not steps.isEmpty():
                painter.drawPolyline(steps)
                steps = QPolygonF()

    def _paint_people(self, painter: Painter, panel: ChartPanel) -> None:
        look = self.look
        for n, one in enumerate(self.data.slots):
            x, width = self._bar(panel, n)
            if one.high and one.low is not None and one.mean is not None:
                top = panel.y(one.high)
                painter.box(QRectF(x, top, width, panel.y(one.low) - top), 2, "soft", edge="chart")
                thick = look.px(3)
                painter.fillRect(QRectF(x, panel.y(one.mean) - thick / 2, width, thick), look.color("chart"))
            if one.came is not None:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.color("ink"))
                side = 4.2 * look.scale.k
                painter.drawEllipse(QPointF(x + width / 2, panel.y(one.came)), side, side)

    def _paint_now(self, painter: Painter, panel: ChartPanel) -> None:
        data = self.data
        if data.now_min is None or not data.slots:
            return
        place = (data.now_min - data.slots[0].start_min) / 30
        if 0 <= place <= len(data.slots):
            x = round(panel.x(place))
            painter.fillRect(QRectF(x, panel.rect.top(), 1.5, panel.rect.height()), self.look.color("ink2"))


def _top(most: float) -> tuple[float, int]:
    """Return the top of an axis and its step, a whole number, with at most five lines above 0."""
    steps = (each * 10**power for power in range(7) for each in (1, 2, 5))
    step = next(each for each in steps if most <= 5 * each)
    return float(ceil(most / step) * step), step
