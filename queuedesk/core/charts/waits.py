"""Charts of waits: over tickets on one time axis, as a map of weekdays and half-hours; and rates as a funnel.

In the map a longer wait is darker. A funnel shows rates by their number of rows, between the limits of chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt

from msgspec import Struct

from queuedesk.core.charts import chart as charts
from queuedesk.core.charts.layout import LaidOutChart, grid_line_marks, most_axis_steps
from queuedesk.core.figures.halls import FUNNEL_Z


class WaitsOverTicketsChart(Struct, frozen=True, kw_only=True):
    """A line over bars, one value per slot; `past_*` are the values to compare with, or the usual ones. The line is in
    minutes, or with `is_percent` a share. The other fields are those of `Chart`. An empty `target_text` draws no
    target. `has_figures` and `has_bar_figure` label the highest waits and the highest bar, for readers without a
    pointer."""

    title: str = ""
    line_title: str = ""
    bar_title: str = ""
    line: charts.Values = ()
    bars: charts.Values = ()
    past_line: charts.Values = ()
    past_bars: charts.Values = ()
    labels: Sequence[tuple[float, str]] = ()
    target: float | None = None
    target_text: str = ""
    now: float | None = None
    now_text: str = ""
    running: int | None = None
    marks: Sequence[charts.ChartTimeNote] = ()
    letters: Sequence[tuple[float, str]] = ()
    legend: str = ""
    past_legend: str = ""
    line_points: Sequence[charts.HoverTextAndTarget] = ()
    bar_points: Sequence[charts.HoverTextAndTarget] = ()
    is_percent: bool = False
    has_figures: bool = False
    has_bar_figure: bool = False
    empty: str = ""

    def build_chart(self) -> charts.Chart:
        keys = [charts.LegendKey("line", self.legend)] if self.legend else []
        if self.past_legend and any(value is not None for value in (*self.past_line, *self.past_bars)):
            keys.append(charts.LegendKey("past" if self.past_line else "stroke", self.past_legend, "ink2"))
        has_target = self.target is not None and self.target_text
        counts = [f"{value:g}" for value in self.bars if value is not None]
        text = f"{self.bar_title}: {', '.join(counts)}" if counts else self.empty
        waits = charts.SeriesPanel(
            title=self.line_title,
            series=[
                charts.CurveSeries(values=self.past_line, is_past=True),
                charts.CurveSeries(values=self.line, is_labelled=self.has_figures),
            ],
            levels=[charts.ReferenceLevel(value=self.target, name=self.target_text)]
            if has_target and self.target is not None
            else (),
            is_percent=self.is_percent,
            share=0.49,
            points=self.line_points,
        )
        tickets = charts.SeriesPanel(
            title=self.bar_title,
            series=[
                charts.BarSeries(
                    values=self.bars, running=self.running, is_labelled=self.has_bar_figure, over=self.past_bars
                ),
                charts.LevelStrokeSeries(values=self.past_bars),
            ],
            share=0.51,
            points=self.bar_points,
        )
        return charts.Chart(
            panels=[waits, tickets],
            slots=max(len(self.line), len(self.bars), len(self.past_bars), 1),
            title=self.title,
            keys=keys,
            labels=self.labels,
            notes=self.marks,
            letters=self.letters,
            now=self.now,
            now_text=self.now_text,
            summary="; ".join([text, *(mark.text for mark in self.marks)]),
            empty=self.empty,
        )


def hour_labels(starts: Sequence[str]) -> list[tuple[float, str]]:
    """Return labels for the full hours at the edges of half-hours that begin at `starts` ("09:30"; "01:00#2" the second
    time). A single half-hour, as on a hall's first day, has labels at both ends."""
    hours = [(n, name) for n, name in enumerate(starts) if name[3:5] == "00"]
    labels = [(float(n), _full_hour_text(int(name[:2])) + (" (2)" if "#" in name else "")) for n, name in hours]
    if starts and starts[-1][3:5] == "30":
        labels.append((float(len(starts)), _full_hour_text((int(starts[-1][:2]) + 1) % 24)))
    if len(starts) == 1:
        hour = int(starts[0][:2])
        half, is_second = f"{hour}:30", starts[0][3:5] == "30"
        ends = (half, _full_hour_text((hour + 1) % 24)) if is_second else (_full_hour_text(hour), half)
        labels = list(zip((0.0, 1.0), ends, strict=True))
    return labels


def _full_hour_text(hour: int) -> str:
    return f"{hour}:00"


ROW, HEAD = 29.0, 22.0
FIGURE, LEAST_FIGURE = 12.5, 11.0
"""Size of a cell's figure, and its least; a figure without room is left out."""
HOURS_APART = 8.0


class WaitHeatMapCell(Struct, frozen=True, kw_only=True):
    """The mean wait of one half-hour of a weekday; `point` is for the pointer."""

    row: int
    column: int
    minutes: float
    point: charts.HoverTextAndTarget | None = None


class WaitHeatMap(Struct, frozen=True, kw_only=True):
    """Cells by weekday and half-hour or hour ("08:30"); `target` is in minutes. Without calls there is no cell."""

    rows: Sequence[str] = ()
    columns: Sequence[str] = ()
    cells: Sequence[WaitHeatMapCell] = ()
    target: int = 0

    def cell_number_text(self, cell: WaitHeatMapCell) -> str:
        """Return whole minutes, with a decimal if a wait over the target would else read as the target."""
        text = f"{cell.minutes:.0f}"
        if not self.is_over_target(cell) or text != str(self.target):
            return text
        return f"{max(cell.minutes, self.target + 0.1):.1f}"

    def is_over_target(self, cell: WaitHeatMapCell) -> bool:
        return cell.minutes > self.target

    def cell_colour(self, cell: WaitHeatMapCell) -> tuple[str, float]:
        """Return a cell's colour and its opacity: green up to the target, then red, starting pale again."""
        share = cell.minutes / self.target if self.target else 2.0
        if self.is_over_target(cell):
            return "red", 0.22 + 0.4 * min(1.0, share - 1)
        return "chart", 0.12 + 0.5 * share


def heat_map_height(chart: WaitHeatMap, surface: charts.ChartSurfaceMetrics) -> float:
    return surface.px(HEAD) + surface.px(ROW) * max(1, len(chart.rows))


def lay_out_heat_map(chart: WaitHeatMap, surface: charts.ChartSurfaceMetrics, rect: charts.SurfaceRect) -> LaidOutChart:
    """Return the marks of the map; each cell shows its minutes and is a place for the pointer."""
    names = max((surface.text_width(name, charts.KEY) for name in chart.rows), default=0.0) + surface.px(8)
    grid = _CellGrid(
        charts.SurfaceRect(rect.left + names, rect.top, rect.width - names, rect.height), len(chart.columns), surface
    )
    marks: list[charts.Mark] = list(_hour_marks(chart, grid, rect.right))
    for row, name in enumerate(chart.rows):
        place = grid.cell_rect(row, 0)
        marks.append(
            charts.TextMark(
                rect.left, charts.text_baseline_y(place.top + place.height / 2, charts.KEY, surface), name, charts.KEY
            )
        )
    called = {(cell.row, cell.column) for cell in chart.cells}
    for row in range(len(chart.rows)):
        for column in range(len(chart.columns)):
            if (row, column) not in called:
                marks.append(grid.cell_box(row, column, "paper"))
    size = _fitting_figure_size(chart, grid)
    for cell in chart.cells:
        marks += _cell_marks(chart, cell, grid, size)
    return LaidOutChart(marks, places=[grid.cell_rect(cell.row, cell.column) for cell in chart.cells])


class _CellGrid(Struct, frozen=True):
    """The places of cells, below the hours."""

    rect: charts.SurfaceRect
    columns: int
    surface: charts.ChartSurfaceMetrics

    def cell_rect(self, row: int, column: int) -> charts.SurfaceRect:
        snap, each, high = self.surface.snap_to_pixel, self.rect.width / max(1, self.columns), self.surface.px(ROW)
        left, right = (snap(self.rect.left + each * n) for n in (column, column + 1))
        top, bottom = (snap(self.rect.top + self.surface.px(HEAD) + high * n) for n in (row, row + 1))
        return charts.SurfaceRect(left, top, right - left, bottom - top)

    def cell_box(
        self, row: int, column: int, fill: str, opacity: float = 1.0, outline: str = ""
    ) -> charts.RectangleMark:
        place, gap = self.cell_rect(row, column), self.surface.snap_to_pixel(self.surface.px(1))
        width, height = place.width - 2 * gap, place.height - 2 * gap
        return charts.RectangleMark(
            place.left + gap, place.top + gap, width, height, fill, outline=outline, opacity=opacity
        )


def _hour_marks(chart: WaitHeatMap, grid: _CellGrid, right: float) -> Iterator[charts.Mark]:
    """Yield the full hours above their columns, as many as have room."""
    surface, free = grid.surface, grid.rect.left
    y = charts.text_baseline_y(grid.rect.top + surface.px(HEAD) / 2, charts.AXIS, surface)
    for column, label in enumerate(chart.columns):
        hour, at = f"{int(label[:2])}:00", grid.cell_rect(0, column).left
        end = at + surface.text_width(hour, charts.AXIS)
        if label.endswith(":00") and at >= free and end <= right:
            yield charts.TextMark(at, y, hour, charts.AXIS)
            free = end + surface.px(HOURS_APART)


def _cell_width(grid: _CellGrid) -> float:
    return grid.rect.width / max(1, grid.columns) - grid.surface.px(4)


def _fitting_figure_size(chart: WaitHeatMap, grid: _CellGrid) -> float:
    """Return the size at which all figures fit their cells, at least LEAST_FIGURE."""
    widest = max(
        (grid.surface.text_width(chart.cell_number_text(cell), FIGURE, bold=True) for cell in chart.cells), default=1.0
    )
    return max(LEAST_FIGURE, min(FIGURE, FIGURE * _cell_width(grid) / widest))


def _cell_marks(chart: WaitHeatMap, cell: WaitHeatMapCell, grid: _CellGrid, size: float) -> Iterator[charts.Mark]:
    surface, is_over = grid.surface, chart.is_over_target(cell)
    fill, opacity = chart.cell_colour(cell)
    yield grid.cell_box(cell.row, cell.column, fill, opacity, "red" if is_over else "edge")
    number, place = chart.cell_number_text(cell), grid.cell_rect(cell.row, cell.column)
    if surface.text_width(number, size, bold=is_over) <= _cell_width(grid) + surface.px(1):
        y = charts.text_baseline_y(place.top + place.height / 2, size, surface)
        yield charts.TextMark(place.left + place.width / 2, y, number, size, "ink", bold=is_over, at="middle")


CURVE_POINTS = 90
PLOT_LEFT, FUNNEL_FOOT = 37.0, 48.0


class RateSymbol(Struct, frozen=True):
    """A rate's sign: its kind for chart.symbol_marks(), colour, radius in drawn pixels."""

    kind: str
    colour: str
    radius: float


SIGNS = (RateSymbol("dot", "ink", 4.4), RateSymbol("triangle", "ink2", 6.8), RateSymbol("diamond", "red", 6.8))
"""Signs of rates that all have names: within 95 %, beyond that, beyond 99.8 %."""


class FunnelPoint(Struct, frozen=True):
    """A rate of `n` rows; `name` is beside it, "" for none."""

    n: int
    rate: float
    name: str
    sign: RateSymbol
    colour: str = "ink"
    bold: bool = False


class FunnelPlotData(Struct, frozen=True):
    """Rates by number, round `centre`; `target` is another level by name. `is_filled`: limits of chance are tinted."""

    points: Sequence[FunnelPoint]
    centre: float
    centre_name: str
    count_title: str
    target: tuple[float, str] | None = None
    is_filled: bool = True


class RatesFunnelPlotLayout(Struct, frozen=True):
    """The marks, and the `places` of the points."""

    marks: Sequence[charts.Mark]
    places: Sequence[charts.Place]


def lay_out_rates_funnel(
    funnel: FunnelPlotData, surface: charts.ChartSurfaceMetrics, rect: charts.SurfaceRect
) -> RatesFunnelPlotLayout:
    """Return the two pairs of limits as curves and each rate as its sign, with its name if that has room."""
    counts = charts.ticks_from_zero(max([10, *(point.n for point in funnel.points)]))
    most, centre = counts[-1], funnel.centre
    height = rect.height - surface.px(FUNNEL_FOOT)
    # The axis holds both curves from the middle of the counts on, and every rate with its limits.
    rates = [point.rate for point in funnel.points]
    if funnel.target is not None:
        rates.append(funnel.target[0])
    for n in (most / 2, *(point.n for point in funnel.points)):
        rates += [
            centre - _chance_limit_distance(centre, FUNNEL_Z[1], n),
            centre + _chance_limit_distance(centre, FUNNEL_Z[1], n),
        ]
    ticks = charts.percent_axis_ticks(
        [100 * min(max(share, 0.0), 1.0) for share in rates], most_axis_steps(height, surface)
    )
    left = rect.left + surface.px(PLOT_LEFT)
    plot = charts.PanelScale(charts.SurfaceRect(left, rect.top, rect.right - left, height), ticks, int(most), surface)
    boxes = [*_limit_curves(plot, centre, is_filled=funnel.is_filled), *grid_line_marks(plot)]
    level = plot.y_of_value(100 * centre)
    boxes.append(charts.PolylineMark([(plot.rect.left, level), (plot.rect.right, level)], "ink2", surface.px(1.5)))
    base = plot.rect.bottom + surface.px(19)
    for tick in counts:
        boxes.append(
            charts.TextMark(
                plot.x_of_slot(tick), base, f"{tick:,g}", charts.AXIS, at="right" if tick == most else "middle"
            )
        )
    boxes.append(charts.TextMark(plot.rect.right, base + surface.px(20), funnel.count_title, charts.AXIS, at="right"))
    places = [(plot.x_of_slot(point.n), plot.y_of_value(100 * point.rate)) for point in funnel.points]
    # Names avoid the centre line, its name and all signs.
    taken = [(plot.rect.left, level - 0.5, plot.rect.right, level + 0.5)]
    taken += [(x - 4, y - 4, x + 4, y + 4) for x, y in places]
    if funnel.target is not None:
        share, name = funnel.target
        y = plot.y_of_value(100 * share)
        boxes.append(
            charts.PolylineMark([(plot.rect.left, y), (plot.rect.right, y)], "red", surface.px(1.5), charts.DOTTED)
        )
        above = (
            y - surface.px(5) if y - surface.px(5 + charts.AXIS) > plot.rect.top else y + surface.px(charts.AXIS + 1)
        )
        boxes.append(charts.TextMark(plot.rect.right, above, name, charts.AXIS, "red", at="right"))
        wide = surface.text_width(name, charts.AXIS)
        taken += [
            (plot.rect.left, y - 0.5, plot.rect.right, y + 0.5),
            (plot.rect.right - wide, above - surface.px(charts.AXIS), plot.rect.right, above + 1),
        ]
    centre_name = _centre_line_name_mark(plot, level, funnel.centre_name, places)
    boxes.append(centre_name)
    length = surface.text_width(funnel.centre_name, charts.AXIS)
    taken.append((centre_name.x, centre_name.y - surface.px(charts.AXIS), centre_name.x + length, centre_name.y + 1))
    for place, point in zip(places, funnel.points, strict=True):
        boxes += charts.symbol_marks(point.sign.kind, place, surface.px(point.sign.radius), point.sign.colour)
        if point.name:
            boxes += _name_marks(plot, place, point, taken)
    return RatesFunnelPlotLayout(boxes, places)


def _chance_limit_distance(centre: float, z: float, n: float) -> float:
    return z * sqrt(centre * (1 - centre) / max(n, 0.01))


def _limit_curves(plot: charts.PanelScale, centre: float, *, is_filled: bool) -> Iterator[charts.Mark]:
    """Yield both pairs of curves as far as the axis reaches."""
    most, (inner, outer) = plot.slots, FUNNEL_Z
    counts = [most * (i / CURVE_POINTS) ** 2 for i in range(1, CURVE_POINTS + 1)]
    lines: list[charts.Mark] = []
    for z, fill, dash in ((outer, "wide_band", charts.DOTTED), (inner, "band", None)):
        sides = []
        for way in (1, -1):
            curve = [(plot.x_of_slot(n), 100 * (centre + way * _chance_limit_distance(centre, z, n))) for n in counts]
            sides.append([(x, plot.y_of_value(value)) for x, value in curve])
            visible = [(x, plot.y_of_value(value)) for x, value in curve if plot.is_within_axis(value) and value < 100]
            if len(visible) > 1:
                lines.append(charts.PolylineMark(visible, "primary", plot.surface.px(1.35), dash))
        if is_filled:
            yield charts.PolygonMark([*sides[0], *reversed(sides[1])], fill)
    yield from lines


def _centre_line_name_mark(
    plot: charts.PanelScale, level: float, name: str, places: Sequence[charts.Place]
) -> charts.TextMark:
    """Return the name of the centre line, placed where fewest rates are: at the left first, below it or above."""
    px, rect, length = plot.surface.px, plot.rect, plot.surface.text_width(name, charts.AXIS)
    candidates = [
        charts.TextMark(left, level + base, name, charts.AXIS)
        for left in (rect.left + px(7), rect.left + rect.width / 2, rect.left + rect.width / 1.5, rect.right - length)
        for base in (px(charts.AXIS + 1), -px(5))
    ]

    def covered_point_count(words: charts.TextMark) -> int:
        ends = words.x - px(44), words.x + length + px(44)
        return sum(ends[0] <= x <= ends[1] and words.y - px(22) <= y <= words.y + px(10) for x, y in places)

    return min(candidates, key=covered_point_count)


def _name_marks(
    plot: charts.PanelScale, place: charts.Place, point: FunnelPoint, taken: list[tuple[float, float, float, float]]
) -> Iterator[charts.Mark]:
    """Yield a name beside its sign where nothing is `taken` yet; names without room are only in the table."""
    px, rect, length, (x, y) = (
        plot.surface.px,
        plot.rect,
        plot.surface.text_width(point.name, charts.AXIS, bold=point.bold),
        place,
    )
    gap, high = px(10), px(charts.AXIS)
    for left, base in (
        (x + gap, y + high * 0.36),
        (x - gap - length, y + high * 0.36),
        (x - length / 2, y - gap - 1),
        (x - length / 2, y + gap + high * 0.8),
    ):
        box = (left - 0.5, base - high * 0.8, left + length + 0.5, base + 1)
        free = all(
            box[2] <= other[0] or box[0] >= other[2] or box[3] <= other[1] or box[1] >= other[3] for other in taken
        )
        if free and box[0] >= rect.left and box[2] <= rect.right and box[1] >= rect.top - px(5):
            taken.append(box)
            yield charts.TextMark(left, base, point.name, charts.AXIS, point.colour, bold=point.bold)
            return
