"""What charts over time are made of: panels with a scale each, over one axis, and what is drawn in all of them
alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPen, QPolygonF

from queuedesk.stations.widgets.charts.points import Pointed
from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.window.style import Look

STEPS = (1, 2, 5, 10, 20, 25, 50, *(n * power for power in (100, 1000, 10_000, 100_000) for n in (1, 2, 2.5, 5)))
MIDDLE, RIGHT = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight
AXIS_PX = 13.5  # drawn px of an axis' words


@dataclass(frozen=True, slots=True)
class Mark:
    """What explains a part of the day: from and to in slots (the same: a moment), a word, all there is to say."""

    start: float
    end: float
    word: str
    text: str


def axis_top(most: float) -> tuple[float, float]:
    """Return the top of an axis that starts at 0 and its step, so that at most three lines are drawn above 0."""
    for step in STEPS:
        if most <= step * 2:
            return step * 2.0, float(step)
    step = ceil(most / 2)
    return step * 2.0, float(step)


@dataclass(frozen=True, slots=True)
class ChartPanel:
    """One panel's place and scale: `top` is the value at its upper edge, `step` that between two lines; places count in
    slots."""

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

    def lines(self, values: Sequence[float | None]) -> list[QPolygonF]:
        """Return one value per slot as lines, each as long as values follow one another."""
        runs = [QPolygonF()]
        for slot, value in enumerate(values):
            if value is None:
                runs.append(QPolygonF())
            else:
                runs[-1].append(QPointF(self.x(slot + 0.5), self.y(value)))
        return runs


class PanelChart(Pointed):
    """Two panels over one axis. The points are the slots of the upper one, then those of the lower one."""

    def panels(self) -> tuple[ChartPanel, ChartPanel]:
        raise NotImplementedError

    def pointed_slots(self) -> tuple[int, int]:
        """Return how many slots of each panel have something to say."""
        raise NotImplementedError

    def _places(self) -> list[QRectF]:
        pairs = zip(self.panels(), self.pointed_slots(), strict=True)
        return [panel.column(slot) for panel, slots in pairs for slot in range(slots)]


def paint_ground(painter: Painter, look: Look, rect: QRectF) -> None:
    painter.box(rect, 12, "surface", edge="edge" if look.theme.outlined else "line")


def paint_empty(painter: Painter, look: Look, rect: QRectF, pad: float, text: str) -> None:
    """Say in the middle why there is nothing to draw."""
    painter.words_in(text, look.font(16), "ink2", rect.adjusted(pad, 0, -pad, 0), MIDDLE)


def paint_grid(painter: Painter, look: Look, panel: ChartPanel) -> None:
    """Draw a line at every step with its value at the left."""
    font, value = look.font(AXIS_PX), 0.0
    while value <= panel.top + 0.001:
        y = round(panel.y(value))
        painter.divider(QPointF(panel.rect.left(), y), QPointF(panel.rect.right(), y))
        place = QRectF(0, y - look.px(10), panel.rect.left() - look.px(8), look.px(20))
        painter.words_in(f"{value:,g}", font, "ink2", place, RIGHT)
        value += panel.step


def paint_marks(
    painter: Painter, look: Look, marks: Sequence[Mark], panels: Sequence[ChartPanel], *, word_from: float, drop: float
) -> None:
    """Tint the slots that a note explains; its word stands in the first panel, `drop` drawn px down, where that is
    `word_from` high."""
    font, free_from = look.font(AXIS_PX, bold=True), 0.0
    for mark in marks:
        for number, panel in enumerate(panels):
            left = max(panel.rect.left(), panel.x(mark.start))
            right = max(left + look.px(3), min(panel.rect.right(), panel.x(mark.end)))
            whole = QRectF(left, panel.rect.top(), right - left, panel.rect.height())
            if look.theme.outlined:
                painter.box(whole, 0, "", edge="amber", width=2)
            else:
                painter.fillRect(whole, look.color("amberbg"))
            painter.fillRect(QRectF(left, panel.rect.top(), right - left, look.px(3)), look.color("amber"))
            wide = width_of(font, mark.word)
            x = min(max(left + look.px(4), free_from), panel.rect.right() - wide)
            if number == 0 and panel.rect.height() >= look.px(word_from) and x >= free_from:
                place = QRectF(x, panel.rect.top() + look.px(drop), wide + 2, look.px(18))
                painter.words_in(mark.word, font, "amber", place)
                free_from = x + wide + look.px(10)


def paint_dots(painter: Painter, look: Look, lines: Sequence[QPolygonF]) -> None:
    """Draw a ring at every value of the lines."""
    painter.setPen(QPen(look.color("ink"), 2.2 * look.scale.k))
    painter.setBrush(look.color("surface"))
    for points in lines:
        for at in range(points.size()):
            painter.drawEllipse(points.at(at), 4 * look.scale.k, 4 * look.scale.k)


def paint_target(
    painter: Painter, look: Look, panel: ChartPanel, value: float | None, text: str, *, free_of: float | None = None
) -> None:
    """Draw what is aimed at, its words at the right, or at the left where they would stand on the place `free_of`."""
    if value is None or not text:
        return
    y = round(panel.y(value))
    pen = QPen(look.color("red"), 2 * look.scale.k)
    pen.setDashPattern([2, 2])
    painter.setPen(pen)
    painter.drawLine(QPointF(panel.rect.left(), y), QPointF(panel.rect.right(), y))
    font = look.font(14)
    begins = panel.rect.right() - width_of(font, text)
    in_the_way = free_of is not None and panel.x(free_of) > begins - look.px(4)
    side = Qt.AlignmentFlag.AlignLeft if in_the_way else RIGHT
    painter.words_in(
        text, font, "red", QRectF(panel.rect.left(), y - look.px(20), panel.rect.width(), look.px(19)), side
    )


def paint_labels(
    painter: Painter, look: Look, panel: ChartPanel, labels: Sequence[tuple[float, str]], width: float
) -> None:
    """Write words at their places under a panel, within `width`: all, or every second, third … where they have no
    room."""
    if not labels:
        return
    font = look.font(AXIS_PX)
    widest = max(width_of(font, text) for _place, text in labels) + look.px(10)
    apart = panel.x(labels[1][0]) - panel.x(labels[0][0]) if len(labels) > 1 else widest
    for place, text in labels[:: max(1, ceil(widest / max(1.0, apart)))]:
        wide = width_of(font, text) + 4
        x = min(max(0.0, panel.x(place) - wide / 2), width - look.px(6) - wide)
        below = QRectF(x, panel.rect.bottom() + look.px(4), wide, look.px(22))
        painter.words_in(text, font, "ink2", below, MIDDLE)
