"""The map of waits: how long people waited on each weekday in each half-hour, the longer the darker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from queuedesk.core.charts.chart import Point
from queuedesk.core.charts.layout import Layout
from queuedesk.core.charts.marks import AXIS, KEY, Box, Mark, Rect, Surface, Words, baseline

ROW, HEAD = 29.0, 22.0
FIGURE, LEAST_FIGURE = 12.5, 11.0
"""How large a cell's figure is; where that has no room, in smaller letters, or not at all."""
HOURS_APART = 8.0


class WaitCell(Struct, frozen=True, kw_only=True):
    """The mean wait of one half-hour of a weekday. `point` is what it says when it is pointed at."""

    row: int
    column: int
    minutes: float
    point: Point | None = None


class WaitMap(Struct, frozen=True, kw_only=True):
    """Cells in rows of weekdays; `columns` are half-hours or hours as "08:30", `target` is in minutes. A half-hour in
    which nobody was called has no cell."""

    rows: Sequence[str] = ()
    columns: Sequence[str] = ()
    cells: Sequence[WaitCell] = ()
    target: int = 0

    def number(self, cell: WaitCell) -> str:
        """Return whole minutes, a decimal where else a wait over the target would read as the target itself."""
        text = f"{cell.minutes:.0f}"
        if not self.is_over(cell) or text != str(self.target):
            return text
        return f"{max(cell.minutes, self.target + 0.1):.1f}"

    def is_over(self, cell: WaitCell) -> bool:
        return cell.minutes > self.target

    def shade(self, cell: WaitCell) -> tuple[str, float]:
        """Return the colour of a cell and how much of it is laid on: green up to the target, then red, which begins
        pale again."""
        share = cell.minutes / self.target if self.target else 2.0
        if self.is_over(cell):
            return "red", 0.22 + 0.4 * min(1.0, share - 1)
        return "chart", 0.12 + 0.5 * share


def map_height(chart: WaitMap, surface: Surface) -> float:
    """Return the height of the map with its hours."""
    return surface.px(HEAD) + surface.px(ROW) * max(1, len(chart.rows))


def lay_out_map(chart: WaitMap, surface: Surface, rect: Rect) -> Layout:
    """Return the marks of the map. Each cell has its minutes, so that it reads without colours too, and is a place to
    point at."""
    names = max((surface.width(name, KEY) for name in chart.rows), default=0.0) + surface.px(8)
    grid = _Grid(Rect(rect.left + names, rect.top, rect.width - names, rect.height), len(chart.columns), surface)
    marks: list[Mark] = list(_hours(chart, grid, rect.right))
    for row, name in enumerate(chart.rows):
        place = grid.place(row, 0)
        marks.append(Words(rect.left, baseline(place.top + place.height / 2, KEY, surface), name, KEY))
    called = {(cell.row, cell.column) for cell in chart.cells}
    for row in range(len(chart.rows)):
        for column in range(len(chart.columns)):
            if (row, column) not in called:
                marks.append(grid.box(row, column, "paper"))
    size = _figure_size(chart, grid)
    for cell in chart.cells:
        marks += _cell(chart, cell, grid, size)
    return Layout(marks, places=[grid.place(cell.row, cell.column) for cell in chart.cells])


class _Grid(Struct, frozen=True):
    """Where cells lie, below the hours."""

    rect: Rect
    columns: int
    surface: Surface

    def place(self, row: int, column: int) -> Rect:
        snap, each, high = self.surface.snap, self.rect.width / max(1, self.columns), self.surface.px(ROW)
        left, right = (snap(self.rect.left + each * n) for n in (column, column + 1))
        top, bottom = (snap(self.rect.top + self.surface.px(HEAD) + high * n) for n in (row, row + 1))
        return Rect(left, top, right - left, bottom - top)

    def box(self, row: int, column: int, fill: str, opacity: float = 1.0, outline: str = "") -> Box:
        """Return the box of a cell, a little apart from those beside it."""
        place, gap = self.place(row, column), self.surface.snap(self.surface.px(1))
        width, height = place.width - 2 * gap, place.height - 2 * gap
        return Box(place.left + gap, place.top + gap, width, height, fill, outline=outline, opacity=opacity)


def _hours(chart: WaitMap, grid: _Grid, right: float) -> Iterator[Mark]:
    """Write the full hours above their columns, as many as have room."""
    surface, free = grid.surface, grid.rect.left
    y = baseline(grid.rect.top + surface.px(HEAD) / 2, AXIS, surface)
    for column, label in enumerate(chart.columns):
        hour, at = f"{int(label[:2])}:00", grid.place(0, column).left
        end = at + surface.width(hour, AXIS)
        if label.endswith(":00") and at >= free and end <= right:
            yield Words(at, y, hour, AXIS)
            free = end + surface.px(HOURS_APART)


def _room(grid: _Grid) -> float:
    return grid.rect.width / max(1, grid.columns) - grid.surface.px(4)


def _figure_size(chart: WaitMap, grid: _Grid) -> float:
    """Return the size at which all figures have room in their cells, but none under LEAST_FIGURE."""
    widest = max((grid.surface.width(chart.number(cell), FIGURE, bold=True) for cell in chart.cells), default=1.0)
    return max(LEAST_FIGURE, min(FIGURE, FIGURE * _room(grid) / widest))


def _cell(chart: WaitMap, cell: WaitCell, grid: _Grid, size: float) -> Iterator[Mark]:
    surface, is_over = grid.surface, chart.is_over(cell)
    fill, opacity = chart.shade(cell)
    yield grid.box(cell.row, cell.column, fill, opacity, "red" if is_over else "edge")
    number, place = chart.number(cell), grid.place(cell.row, cell.column)
    if surface.width(number, size, bold=is_over) <= _room(grid) + surface.px(1):
        y = baseline(place.top + place.height / 2, size, surface)
        yield Words(place.left + place.width / 2, y, number, size, "ink", bold=is_over, at="middle")
