"""Weekdays by half-hours as a map: the longer the wait, the darker; red beyond the target. Every cell says its
figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.core.charts.chart import Point
from queuedesk.stations.widgets.charts.points import Pointed
from queuedesk.stations.widgets.paint import Painter, width_of
from queuedesk.stations.window.style import Look

MIDDLE = Qt.AlignmentFlag.AlignHCenter
ROW, HEAD = 30, 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One half-hour of a weekday: its row and column, the mean in minutes, and how dark it is: 0..1 of the target,
    above 1 beyond it."""

    row: int
    column: int
    number: str
    depth: float
    point: Point


class HeatMap(Pointed):
    """Cells of `rows` by `columns`; where nobody was called stays empty and is no point."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._rows: tuple[str, ...] = ()
        self._columns: tuple[str, ...] = ()
        self.cells: tuple[Cell, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_map(self, title: str, rows: Sequence[str], columns: Sequence[str], cells: Sequence[Cell]) -> None:
        """Show other cells; an empty word of a column is left out."""
        self._rows, self._columns, self.cells = tuple(rows), tuple(columns), tuple(cells)
        self.set_points(title, "", [cell.point for cell in cells])

    def sizeHint(self) -> QSize:
        look = self.look
        return QSize(look.px(480), look.px(HEAD) + look.px(ROW) * max(1, len(self._rows)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(280), self.sizeHint().height())

    def _left(self) -> float:
        font = self.look.font(14)
        return max((width_of(font, word) for word in self._rows), default=0.0) + self.look.px(8)

    def _places(self) -> list[QRectF]:
        return [self._cell(cell.row, cell.column) for cell in self.cells]

    def _cell(self, row: int, column: int) -> QRectF:
        left, head, high = self._left(), self.look.px(HEAD), self.look.px(ROW)
        each = (self.width() - left) / max(1, len(self._columns))
        x, end = round(left + column * each), round(left + (column + 1) * each)
        return QRectF(x, head + row * high, end - x, high)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        small = look.font(13)
        free_from = 0.0
        for column, word in enumerate(self._columns):
            place = self._cell(0, column)
            width = width_of(small, word)
            if word and place.left() >= free_from and place.left() + width <= self.width():
                painter.words_in(word, small, "ink2", QRectF(place.left(), 0, width + 2, look.px(HEAD)))
                free_from = place.left() + width + look.px(8)
        for row, word in enumerate(self._rows):
            place = self._cell(row, 0)
            painter.words_in(word, look.font(14), "ink2", QRectF(0, place.top(), self._left(), place.height()))
        ground = look.color("paper")
        for row in range(len(self._rows)):
            for column in range(len(self._columns)):
                painter.fillRect(self._cell(row, column).adjusted(1, 1, -1, -1), ground)
        for cell, rect in zip(self.cells, self.rects(), strict=True):
            self._paint_cell(painter, cell, rect.adjusted(1, 1, -1, -1))
        self.paint_pointed(painter)

    def _paint_cell(self, painter: Painter, cell: Cell, rect: QRectF) -> None:
        look = self.look
        late = cell.depth > 1
        if look.theme.outlined:
            painter.box(rect, 0, "", edge="red" if late else "edge", width=2 if late else 1)
        else:
            color = look.color("red" if late else "chart")
            # Beyond the target it starts pale again, in red.
            share = min(1.0, cell.depth - 1) * 0.4 + 0.22 if late else 0.12 + 0.5 * cell.depth
            color.setAlphaF(share)
            painter.fillRect(rect, color)
        font = look.font(12.5, tabular=True)
        if rect.width() >= width_of(font, cell.number) + 2:
            painter.words_in(cell.number, font, "ink", rect, MIDDLE)
