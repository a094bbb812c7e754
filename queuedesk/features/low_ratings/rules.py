"""Where the marks of rows of dots with their intervals lie: in panels side by side over one axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from queuedesk.core.charts import chart as charts
from queuedesk.core.charts.layout import LaidOutChart

SIZE, HEAD_SIZE, COUNT_SIZE = 15.0, 15.0, 13.5
ROW, LINE, DOT_FOOT = 34.0, 20.0, 32.0
NARROWEST, WIDEST, APART = 80.0, 420.0, 24.0
RADIUS, DIAMOND = 5.0, 7.5
DOT_MOST_STEPS = 3


class DotColumnHead(Struct, frozen=True):
    """A column of dots: its name and, below it, how many it is of; without both there is no head."""

    name: str = ""
    second: str = ""


class Dot(Struct, frozen=True):
    """A share with its interval, all in percent. One that `stands_out` is an amber diamond."""

    value: float
    low: float
    high: float
    point: charts.HoverTextAndTarget | None = None
    stands_out: bool = False


class DotRow(Struct, frozen=True, kw_only=True):
    """One row: its word, the finished number behind it, and its dot in each panel, None where nothing is shown."""

    word: str
    number: str
    dots: Sequence[Dot | None]
    point: charts.HoverTextAndTarget | None = None
    bold: bool = False
    colour: str = "ink"


class _DotChartColumnLayout(Struct, frozen=True):
    """Where words and numbers end, how wide a panel is, and how many stand side by side."""

    words: float
    left: float
    panel: float
    per: int


def _panel_column_layout(
    panels: Sequence[DotColumnHead], rows: Sequence[DotRow], surface: charts.ChartSurfaceMetrics, width: float
) -> _DotChartColumnLayout:
    px = surface.px
    numbers = max([surface.text_width(row.number, SIZE, bold=True) for row in rows], default=0.0)
    words = max([surface.text_width(row.word, SIZE, bold=True) for row in rows], default=0.0) + px(4)
    # One panel has room in any case; else words are whole.
    words = max(px(90), min(words, width - numbers - px(34) - px(14) - px(NARROWEST)))
    left = words + numbers + px(34)
    room = max(1.0, width - left - px(14))
    apart = px(APART)
    per = max(1, min(len(panels), int((room + apart) / (px(NARROWEST) + apart)))) if panels else 1
    return _DotChartColumnLayout(words, left, min(px(WIDEST), (room - apart * (per - 1)) / per), per)


def _panel_index_range_of_each_page(panels: Sequence[DotColumnHead], per: int) -> list[range]:
    return [range(at, min(at + per, len(panels))) for at in range(0, len(panels), per)] or [range(0)]


def _wrapped_name_lines(name: str, room: float, surface: charts.ChartSurfaceMetrics) -> list[str]:
    """Return a name in as many lines as it takes, between its words where it has some."""
    lines: list[str] = []
    parts, blank = (name.split(), " ") if " " in name else (list(name), "")
    for part in parts:
        longer = f"{lines[-1]}{blank}{part}" if lines else part
        if lines and surface.text_width(longer, HEAD_SIZE, bold=True) <= room:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def _head_line_count(
    panels: Sequence[DotColumnHead], columns: _DotChartColumnLayout, surface: charts.ChartSurfaceMetrics
) -> int:
    """Return how many lines the longest name takes, 0 where no panel has one."""
    room = columns.panel + surface.px(APART - 8)
    return max([len(_wrapped_name_lines(panel.name, room, surface)) for panel in panels], default=0)


def dot_rows_height(
    panels: Sequence[DotColumnHead], rows: Sequence[DotRow], surface: charts.ChartSurfaceMetrics, width: float
) -> float:
    """Return the height of such rows at that width: panels that have no room beside the others stand below them."""
    columns = _panel_column_layout(panels, rows, surface, width)
    return len(_panel_index_range_of_each_page(panels, columns.per)) * surface.px(
        _side_by_side_panels_height(panels, rows, columns, surface)
    )


def _side_by_side_panels_height(
    panels: Sequence[DotColumnHead],
    rows: Sequence[DotRow],
    columns: _DotChartColumnLayout,
    surface: charts.ChartSurfaceMetrics,
) -> float:
    """Return the height of one line of panels, in drawn pixels."""
    return _panel_head_height(panels, columns, surface) + ROW * len(rows) + (DOT_FOOT if panels else 0.0)


def _panel_head_height(
    panels: Sequence[DotColumnHead], columns: _DotChartColumnLayout, surface: charts.ChartSurfaceMetrics
) -> float:
    lines = _head_line_count(panels, columns, surface)
    return LINE * (lines + 1) + 8 if lines else 0.0


def row_and_dot_hover_targets(rows: Sequence[DotRow]) -> list[charts.HoverTextAndTarget]:
    """Return the points in the order of their places: each row, then each dot."""
    dots = (dot.point for row in rows for dot in row.dots if dot is not None and dot.point is not None)
    return [*(row.point for row in rows if row.point is not None), *dots]


def dot_rows_chart_layout(
    panels: Sequence[DotColumnHead],
    rows: Sequence[DotRow],
    surface: charts.ChartSurfaceMetrics,
    rect: charts.SurfaceRect,
) -> LaidOutChart:
    """Return the marks of the rows. A row's word is a place to point at, and so is each dot."""
    px, columns = surface.px, _panel_column_layout(panels, rows, surface, rect.width)
    highest = max([dot.high for row in rows for dot in row.dots if dot is not None], default=0.0)
    ticks = charts.ticks_from_zero(max(1.0, highest), DOT_MOST_STEPS)
    found, where = LaidOutChart(), dict[tuple[int, int], charts.SurfaceRect]()
    row_places: list[charts.SurfaceRect] = []
    head, lines = _panel_head_height(panels, columns, surface), _head_line_count(panels, columns, surface)
    top, each = rect.top, px(_side_by_side_panels_height(panels, rows, columns, surface))
    for block in _panel_index_range_of_each_page(panels, columns.per):
        first = top + px(head)
        for at, row in enumerate(rows):
            middle = first + px(ROW) * (at + 0.5)
            y = charts.text_baseline_y(middle, SIZE, surface)
            found.marks.append(
                charts.TextMark(rect.left, y, row.word, SIZE, row.colour, bold=row.bold, room=columns.words)
            )
            end = rect.left + columns.left - px(20)
            found.marks.append(charts.TextMark(end, y, row.number, SIZE, row.colour, bold=True, at="right"))
            if block.start == 0 and row.point is not None:
                row_places.append(charts.SurfaceRect(rect.left, middle - px(ROW) / 2, columns.left - px(14), px(ROW)))
        for place, panel in enumerate(block):
            left = rect.left + columns.left + place * (columns.panel + px(APART))
            plot = charts.SurfaceRect(left, first, columns.panel, px(ROW) * len(rows))
            found.marks += _panel_name_marks(panels[panel], plot, (top, lines), surface)
            found.marks += _grid_line_marks(plot, ticks, surface)
            for at, row in enumerate(rows):
                dot = row.dots[panel]
                if dot is not None:
                    middle = first + px(ROW) * (at + 0.5)
                    found.marks += _dot_and_interval_marks(dot, plot, middle, ticks[-1], surface)
                    where[at, panel] = charts.SurfaceRect(
                        left - px(8), middle - px(ROW) / 2, columns.panel + px(16), px(ROW)
                    )
        top += each
    dots = [where[at, n] for at, row in enumerate(rows) for n, dot in enumerate(row.dots) if dot and dot.point]
    found.places = [*row_places, *dots]
    return found


def _panel_name_marks(
    panel: DotColumnHead, plot: charts.SurfaceRect, head: tuple[float, int], surface: charts.ChartSurfaceMetrics
) -> Iterator[charts.Mark]:
    """Write a panel's name, its last line beside those of the others, and how many it is of."""
    (top, lines), px = head, surface.px
    own = _wrapped_name_lines(panel.name, plot.width + px(APART - 8), surface)
    for at, line in enumerate(own, lines - len(own)):
        yield charts.TextMark(
            plot.left,
            charts.text_baseline_y(top + px(LINE) * (at + 0.5), HEAD_SIZE, surface),
            line,
            HEAD_SIZE,
            "ink",
            bold=True,
        )
    if panel.second:
        y = charts.text_baseline_y(top + px(LINE) * (lines + 0.5), COUNT_SIZE, surface)
        yield charts.TextMark(plot.left, y, panel.second, COUNT_SIZE)


def _grid_line_marks(
    plot: charts.SurfaceRect, ticks: Sequence[float], surface: charts.ChartSurfaceMetrics
) -> Iterator[charts.Mark]:
    px = surface.px
    for tick in ticks:
        x = surface.snap_to_pixel(plot.left + plot.width * tick / ticks[-1])
        yield charts.PolylineMark(((x, plot.top), (x, plot.bottom)), "line", px(1.0))
        y = charts.text_baseline_y(plot.bottom + px(14), charts.AXIS, surface)
        # The last one keeps clear of the next panel's first.
        yield (
            charts.TextMark(x + px(4), y, f"{tick:g}", charts.AXIS, at="right")
            if tick == ticks[-1]
            else charts.TextMark(x, y, f"{tick:g}", charts.AXIS, at="middle")
        )


def _dot_and_interval_marks(
    dot: Dot, plot: charts.SurfaceRect, middle: float, most: float, surface: charts.ChartSurfaceMetrics
) -> Iterator[charts.Mark]:
    px = surface.px

    def x(value: float) -> float:
        return plot.left + plot.width * min(value, most) / most

    yield charts.PolylineMark(((x(dot.low), middle), (x(dot.high), middle)), "ink2", px(2.0))
    at = x(dot.value)
    if dot.stands_out:
        half = px(DIAMOND)
        corners = ((at, middle - half), (at + half, middle), (at, middle + half), (at - half, middle))
        yield charts.PolygonMark(corners, "amber")
    else:
        yield charts.PolygonMark(((at, middle),), "primary", radius=px(RADIUS))
