"""The layout of charts' marks, by one rule for every surface; and of charts without panels: rows of bars, of
differences.

Differences are bars about a line at zero; all bars of a table share one scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from math import ceil

from msgspec import Struct, field

from queuedesk.core.charts.chart import (
    AXIS,
    CAPTION,
    DASHED,
    DOTTED,
    HEADING,
    KEY,
    Chart,
    ChartSurfaceMetrics,
    HoverTextAndTarget,
    LegendKey,
    Mark,
    PanelScale,
    Place,
    PolygonMark,
    PolylineMark,
    RectangleMark,
    ReferenceLevel,
    SeriesPanel,
    SurfaceRect,
    SymbolSeries,
    TextMark,
    symbol_marks,
    text_baseline_y,
)

HEAD_HIGH, CAPTION_HIGH, KEYS_HIGH, BETWEEN, FOOT = 38.0, 26.0, 24.0, 16.0, 24.0
"""Heights in drawn pixels: a line with a title, one with a caption, keys below their title, the gap between two panels,
the words below the lowest."""
LINES_APART = 32.0
"""Least distance of two lines of an axis, in drawn pixels."""
MOST_STEPS, FEWEST_STEPS = 5, 2
SIDE, EMPTY = 14.0, 16.0
LETTER_RADIUS = 8.8
NOTE_FROM, NOTE_DROP = 60.0, 13.0
"""Least height of a panel with its notes' words, and their distance from its top."""
TICK_GAP = 10.0


class LaidOutChart(Struct):
    """The marks in drawing order, the places of the panels, and the place of each point."""

    marks: list[Mark] = field(default_factory=list)
    plots: list[PanelScale] = field(default_factory=list)
    places: list[SurfaceRect] = field(default_factory=list)


def height_around_panels(chart: Chart, surface: ChartSurfaceMetrics, width: float) -> float:
    """Return the height of everything but the panels themselves."""
    room = surface.px(_head_height(chart.title, chart.keys, surface, width)) if chart.title or chart.keys else 0.0
    room += sum(_space_above_panel(panel, surface, width) for panel in chart.panels) + surface.px(FOOT)
    return room + surface.px(BETWEEN) * (len(chart.panels) - 1)


def lay_out_chart(chart: Chart, surface: ChartSurfaceMetrics, rect: SurfaceRect) -> LaidOutChart:
    layout = LaidOutChart()
    top = rect.top
    if chart.title or chart.keys:
        layout.marks += _heading_marks(chart.title, chart.keys, surface, rect, top)
        top += surface.px(_head_height(chart.title, chart.keys, surface, rect.width))
    if chart.empty:
        y = text_baseline_y(rect.top + rect.height / 2, EMPTY, surface)
        layout.marks.append(TextMark(rect.left + rect.width / 2, y, chart.empty, EMPTY, at="middle", room=rect.width))
    if chart.empty or not chart.panels:
        return layout
    layout.plots = _panel_scales(chart, surface, rect, top)
    pairs = list(zip(chart.panels, layout.plots, strict=True))
    layout.places = [plot.slot_column_rect(slot) for panel, plot in pairs for slot in range(len(panel.points))]
    layout.marks += _note_marks(chart, layout.plots)
    for number, (panel, plot) in enumerate(pairs):
        layout.marks += _panel_title_draw_marks(chart, panel, plot, rect, is_first=number == 0)
        for series in panel.series:
            if series.is_ground:
                layout.marks += series.marks_on_plot(plot)
        layout.marks += grid_line_marks(plot)
    for panel, plot in pairs:
        layout.marks += _panel_marks(chart, panel, plot)
    layout.marks += _now_line_marks(chart, layout.plots)
    layout.marks += _slot_label_marks(chart, layout.plots[-1], rect)
    return layout


# -- places of panels ------------------------------------------------------------------------------------------------


def _panel_scales(chart: Chart, surface: ChartSurfaceMetrics, rect: SurfaceRect, top: float) -> list[PanelScale]:
    room = max(surface.px(20) * len(chart.panels), rect.height - height_around_panels(chart, surface, rect.width))
    whole = sum(panel.share for panel in chart.panels)
    heights = [room * panel.share / whole for panel in chart.panels]
    ticks = [
        panel.axis_ticks(most_axis_steps(height, surface)) for panel, height in zip(chart.panels, heights, strict=True)
    ]
    widest = max(surface.text_width(f"{tick:,g}", AXIS) for panel_ticks in ticks for tick in panel_ticks)
    left = rect.left + max(widest, surface.text_width("000", AXIS)) + surface.px(TICK_GAP)
    plots = []
    for panel, height, panel_ticks in zip(chart.panels, heights, ticks, strict=True):
        top += _space_above_panel(panel, surface, rect.width)
        plots.append(PanelScale(SurfaceRect(left, top, rect.right - left, height), panel_ticks, chart.slots, surface))
        top += height + surface.px(BETWEEN)
    return plots


def most_axis_steps(height: float, surface: ChartSurfaceMetrics) -> int:
    return max(FEWEST_STEPS, min(MOST_STEPS, int(height / surface.px(LINES_APART))))


def _space_above_panel(panel: SeriesPanel, surface: ChartSurfaceMetrics, width: float) -> float:
    """Return the height above a panel for its caption, or for its title with keys."""
    if not panel.title:
        # Figures of its highest signs are above it.
        has_labels = any(isinstance(series, SymbolSeries) and any(series.labels) for series in panel.series)
        return surface.px(CAPTION_HIGH if has_labels else BETWEEN)
    if panel.is_headed:
        return surface.px(_head_height(panel.title, panel.keys, surface, width))
    return surface.px(CAPTION_HIGH)


# -- heads and keys --------------------------------------------------------------------------------------------------


def _legend_keys_width(keys: Sequence[LegendKey], surface: ChartSurfaceMetrics) -> float:
    words = sum(surface.text_width(key.word, KEY) for key in keys)
    return words + surface.px(SIDE + 6) * len(keys) + surface.px(16) * (len(keys) - 1) if keys else 0.0


def _has_one_line_heading(title: str, keys: Sequence[LegendKey], surface: ChartSurfaceMetrics, width: float) -> bool:
    title_width = surface.text_width(title, HEADING, bold=True) + surface.px(20) if title else 0.0
    return title_width + _legend_keys_width(keys, surface) <= width


def _head_height(title: str, keys: Sequence[LegendKey], surface: ChartSurfaceMetrics, width: float) -> float:
    return HEAD_HIGH if _has_one_line_heading(title, keys, surface, width) else HEAD_HIGH + KEYS_HIGH


def _heading_marks(
    title: str, keys: Sequence[LegendKey], surface: ChartSurfaceMetrics, rect: SurfaceRect, top: float
) -> Iterator[Mark]:
    """Yield a title with its keys at the right, or below it where they have no room there."""
    middle, fits = top + surface.px(13), _has_one_line_heading(title, keys, surface, rect.width)
    if title:
        y = text_baseline_y(middle, HEADING, surface)
        yield TextMark(rect.left, y, title, HEADING, "ink", bold=True, room=rect.width)
    x = rect.right - _legend_keys_width(keys, surface) if fits else rect.left
    if not fits:
        middle += surface.px(KEYS_HIGH)
    for key in keys:
        yield from _legend_key_marks(key, x, middle, surface)
        x += surface.px(SIDE + 6)
        yield TextMark(x, text_baseline_y(middle, KEY, surface), key.word, KEY)
        x += surface.text_width(key.word, KEY) + surface.px(16)


def _legend_key_marks(key: LegendKey, x: float, middle: float, surface: ChartSurfaceMetrics) -> Iterator[Mark]:
    side, px = surface.px(SIDE), surface.px
    middle = surface.snap_to_pixel(middle)
    if key.kind in ("box", "hollow"):
        edge = "ink2" if key.kind == "hollow" else "chart" if key.colour == "soft" else ""
        yield RectangleMark(x, surface.snap_to_pixel(middle - side / 2), side, side, key.colour, edge, 1.4, 3)
    elif key.kind == "line":
        yield PolylineMark([(x, middle - px(4)), (x + side, middle - px(4))], "ink", px(2.4))
        yield RectangleMark(x, middle + px(1), side, side / 2, key.colour)
    elif key.kind == "past":
        yield PolylineMark([(x, middle), (x + side, middle)], "ink2", px(1.8), DASHED)
    elif key.kind == "stroke":
        yield RectangleMark(x, middle - px(1.2), side, px(2.4), key.colour)
    elif key.kind in ("dot", "cross"):
        yield from symbol_marks(key.kind, (x + side / 2, middle), px(4), key.colour)


def _panel_title_draw_marks(
    chart: Chart, panel: SeriesPanel, plot: PanelScale, rect: SurfaceRect, *, is_first: bool
) -> Iterator[Mark]:
    surface = plot.surface
    top = plot.rect.top - _space_above_panel(panel, surface, rect.width)
    if panel.is_headed:
        yield from _heading_marks(panel.title, panel.keys, surface, rect, top)
        return
    left = rect.left
    if is_first and chart.letters:
        letters = spread_letters(
            [(plot.x_of_slot(at), letter) for at, letter in chart.letters], plot.rect.right, surface
        )
        left = _title_left_edge(letters, panel.title, rect, surface)
        for x, letter in letters:
            y = top + surface.px(10)
            yield PolygonMark([(x, y)], "primary", surface.px(LETTER_RADIUS))
            yield TextMark(x, y + surface.px(4.2), letter, 11.8, "surface", bold=True, at="middle")
    if panel.title:
        y = text_baseline_y(top + surface.px(10), CAPTION, surface)
        yield TextMark(left, y, panel.title, CAPTION, room=rect.right - left)


def spread_letters(
    letters: Sequence[tuple[float, str]], right: float, surface: ChartSurfaceMetrics
) -> list[tuple[float, str]]:
    """Return the places of letters, moved apart where they would overlap."""
    radius = surface.px(LETTER_RADIUS)
    apart = 2 * radius + surface.px(1)
    groups: list[list[tuple[float, str]]] = []

    def x_of_leftmost_letter(group: Sequence[tuple[float, str]]) -> float:
        middle = sum(x for x, _letter in group) / len(group)
        return min(middle - apart * (len(group) - 1) / 2, right - radius - apart * (len(group) - 1))

    for letter in sorted(letters):
        groups.append([letter])
        while len(groups) > 1 and x_of_leftmost_letter(groups[-1]) < x_of_leftmost_letter(groups[-2]) + apart * len(
            groups[-2]
        ):
            last = groups.pop()
            groups[-1] += last
    return [
        (x_of_leftmost_letter(group) + apart * i, letter) for group in groups for i, (_x, letter) in enumerate(group)
    ]


def _title_left_edge(
    letters: Sequence[tuple[float, str]], title: str, rect: SurfaceRect, surface: ChartSurfaceMetrics
) -> float:
    """Return the left end of a title on the line of letters: the first one free of them."""
    length, gap = surface.text_width(title, CAPTION), surface.px(LETTER_RADIUS + 7)
    for left in (rect.left, *(x + gap for x, _letter in letters)):
        if all(x + gap <= left or x - gap >= left + length for x, _letter in letters):
            return left
    return rect.left


# -- inside a panel --------------------------------------------------------------------------------------------------


def grid_line_marks(plot: PanelScale) -> Iterator[Mark]:
    """Yield a line with its figure for each tick."""
    surface, rect = plot.surface, plot.rect
    for tick in plot.ticks:
        y = surface.snap_to_pixel(plot.y_of_value(tick))
        yield PolylineMark([(rect.left, y), (rect.right, y)], "line", 0)
        x = rect.left - surface.px(TICK_GAP - 2)
        yield TextMark(x, text_baseline_y(y, AXIS, surface), f"{tick:,g}", AXIS, at="right")


def _panel_marks(chart: Chart, panel: SeriesPanel, plot: PanelScale) -> Iterator[Mark]:
    px, rect = plot.surface.px, plot.rect
    for series in panel.series:
        if not (series.is_line or series.is_ground):
            yield from series.marks_on_plot(plot)
    lines = []
    for level in panel.levels:
        y = plot.surface.snap_to_pixel(plot.y_of_value(level.value))
        last = chart.slots - 1 if level.last is None else level.last
        ends = plot.x_of_slot(level.first), plot.x_of_slot(last + 1)
        is_target = level.is_dotted
        yield PolylineMark([(ends[0], y), (ends[1], y)], level.colour, px(1.8), DOTTED if is_target else None)
        lines.append((level, ends, y))
    for series in panel.series:
        if series.is_line:
            yield from series.marks_on_plot(plot)
    taken = [place for series in panel.series for place in series.places_labels_avoid(plot)]
    if chart.now is not None:
        taken += [(plot.x_of_slot(chart.now), rect.top + rect.height * i / 10) for i in range(11)]
    for level, ends, y in lines:
        yield from _level_name_marks(level, ends, y, taken, plot.surface)


def _level_name_marks(
    level: ReferenceLevel, ends: Place, y: float, taken: Sequence[Place], surface: ChartSurfaceMetrics
) -> Iterator[Mark]:
    """Yield a level's name on its line (a mean's below it): at the right, left or middle, where fewest values are."""
    length, px = surface.text_width(level.name, AXIS), surface.px
    if not level.name or ends[1] - ends[0] < length + px(8):
        return
    above = level.is_dotted
    top, bottom = (y - px(30), y + px(6)) if above else (y - px(6), y + px(30))

    def covered_place_count(left: float) -> int:
        return sum(left - px(10) <= x <= left + length + px(10) and top <= at <= bottom for x, at in taken)

    places = (ends[1] - length - px(2), ends[0] + px(6), (ends[0] + ends[1] - length) / 2)
    base = y - px(5) if above else y + px(AXIS + 2)
    yield TextMark(min(places, key=covered_place_count), base, level.name, AXIS, level.colour, ground=True)


def _note_marks(chart: Chart, plots: Sequence[PanelScale]) -> Iterator[Mark]:
    """Tint the time of each note; its word is in the first panel if that is high enough."""
    free_from = 0.0
    for note in chart.notes:
        for number, plot in enumerate(plots):
            px, rect = plot.surface.px, plot.rect
            left = max(rect.left, plot.x_of_slot(note.start))
            width = max(left + px(3), min(rect.right, plot.x_of_slot(note.end))) - left
            yield RectangleMark(left, rect.top, width, rect.height, "amberbg", outline="amber")
            yield RectangleMark(left, rect.top, width, px(3), "amber")
            length = plot.surface.text_width(note.word, AXIS, bold=True)
            x = min(max(left + px(4), free_from), rect.right - length)
            if number == 0 and rect.height >= px(NOTE_FROM) and x >= free_from:
                y = text_baseline_y(rect.top + px(NOTE_DROP + 9), AXIS, plot.surface)
                yield TextMark(x, y, note.word, AXIS, "amber", bold=True)
                free_from = x + length + px(10)


def _now_line_marks(chart: Chart, plots: Sequence[PanelScale]) -> Iterator[Mark]:
    if chart.now is None:
        return
    for plot in plots:
        surface, rect = plot.surface, plot.rect
        yield RectangleMark(
            surface.snap_to_pixel(plot.x_of_slot(chart.now)),
            rect.top - surface.px(4),
            1.5,
            rect.height + surface.px(4),
            "ink",
        )
    if chart.now_text:
        surface, rect = plots[0].surface, plots[0].rect
        length = surface.text_width(chart.now_text, AXIS, bold=True)
        x = plots[0].x_of_slot(chart.now) + surface.px(6)
        if x + length > rect.right:
            x -= surface.px(12) + length
        y = text_baseline_y(rect.top + surface.px(2), AXIS, surface)
        yield TextMark(x, y, chart.now_text, AXIS, "ink", bold=True, ground=True)


def _slot_label_marks(chart: Chart, plot: PanelScale, rect: SurfaceRect) -> Iterator[Mark]:
    """Yield the words under the lowest panel: all, or every second, third … if room is short."""
    if not chart.labels:
        return
    surface = plot.surface
    widest = max(surface.text_width(text, AXIS) for _place, text in chart.labels) + surface.px(10)
    apart = plot.x_of_slot(chart.labels[1][0]) - plot.x_of_slot(chart.labels[0][0]) if len(chart.labels) > 1 else widest
    y = text_baseline_y(plot.rect.bottom + surface.px(15), AXIS, surface)
    for place, text in chart.labels[:: max(1, ceil(widest / max(1.0, apart)))]:
        half = surface.text_width(text, AXIS) / 2
        x = min(max(rect.left + half, plot.x_of_slot(place)), rect.right - half)
        yield TextMark(x, y, text, AXIS, at="middle")


BAR_SIZE, BAR_SECOND, THICK = 15.0, 13.5, 12.0
LEAST_BAR = 3.0
"""Least length of a bar other than 0, so that it is seen."""
WORDS_SHARE, LEAST_LONGEST = 0.6, 28.0
"""Most of the width for words, and least length of the longest bar beyond which they may take more."""


class BarRow(Struct, frozen=True, kw_only=True):
    """One row: its word, the bar's length and colour, the finished number behind it with a second text, the other
    period's length (None: there is none), and the ends of its interval. `point` is for the pointer."""

    word: str
    value: float
    number: str
    point: HoverTextAndTarget | None = None
    colour: str = "chart"
    past: float | None = None
    second: str = ""
    ends: tuple[float, float] | None = None

    @property
    def largest_drawn(self) -> float:
        """The largest value drawn."""
        return max(self.value, self.past or 0.0, *(self.ends or ()))


def lay_out_bars(
    rows: Sequence[BarRow], surface: ChartSurfaceMetrics, rect: SurfaceRect, empty: str = ""
) -> LaidOutChart:
    """Return the marks of the rows, which share the height; the longest bar fills the space left by words and numbers.
    `empty` replaces missing rows. Each row is a place for the pointer."""
    if not rows:
        y = text_baseline_y(rect.top + rect.height / 2, BAR_SIZE, surface)
        return LaidOutChart([TextMark(rect.left, y, empty, BAR_SIZE, room=rect.width)])
    px, high = surface.px, rect.height / len(rows)
    numbers = max(_bar_figures_width(row, surface) for row in rows)
    most_words = max(rect.width * WORDS_SHARE, rect.width - numbers - px(22) - px(LEAST_LONGEST))
    words = min(max(surface.text_width(row.word, BAR_SIZE) for row in rows) + px(2), most_words)
    left = rect.left + words + px(8)
    room = max(px(10), rect.right - left - numbers - px(14))
    most = max(row.largest_drawn for row in rows) or 1.0
    places = [SurfaceRect(rect.left, rect.top + high * n, rect.width, high) for n in range(len(rows))]
    marks: list[Mark] = []
    for row, place in zip(rows, places, strict=True):
        y = text_baseline_y(place.top + high / 2, BAR_SIZE, surface)
        marks.append(TextMark(rect.left, y, row.word, BAR_SIZE, room=words))
        marks += _bar_row_marks(row, SurfaceRect(left, place.top, room, high), room / most, y, surface)
    return LaidOutChart(marks, places=places)


def _bar_row_marks(
    row: BarRow, rect: SurfaceRect, each: float, base: float, surface: ChartSurfaceMetrics
) -> Iterator[Mark]:
    """Yield a row's bar at `each` per unit, the other period's stroke, the interval, and the figures behind them."""
    px, end = surface.px, rect.left
    thick = px(THICK)
    top = surface.snap_to_pixel(rect.top + (rect.height - thick) / 2)
    if row.value:
        length = max(row.value * each, px(LEAST_BAR))
        yield RectangleMark(rect.left, top, length, thick, row.colour, round=2)
        end += length
    if row.past is not None:
        at = rect.left + row.past * each
        yield RectangleMark(at, top - px(3), px(2.4), thick + px(6), "ink2")
        end = max(end, at)
    if row.ends is not None:
        low, high = (rect.left + end_value * each for end_value in row.ends)
        middle, half = top + thick / 2, px(5)
        yield PolylineMark([(low, middle), (high, middle)], "ink", px(1.6))
        for x in (low, high):
            yield PolylineMark([(x, middle - half), (x, middle + half)], "ink", px(1.6))
        end = max(end, high)
    yield TextMark(end + px(10), base, row.number, BAR_SIZE, "ink", bold=True)
    if row.second:
        yield TextMark(end + px(16) + surface.text_width(row.number, BAR_SIZE, bold=True), base, row.second, BAR_SECOND)


def _bar_figures_width(row: BarRow, surface: ChartSurfaceMetrics) -> float:
    second = surface.text_width(row.second, BAR_SECOND) + surface.px(6) if row.second else 0.0
    return surface.text_width(row.number, BAR_SIZE, bold=True) + second


NAME, FIGURE, SECOND, CHIP = 17.0, 20.0, 13.5, 13.5
HEAD, DIFFERENCE_ROW, TALL_ROW = 40.0, 64.0, 118.0
NARROW_UNDER = 740.0
"""Width in drawn pixels below which a row takes two lines."""
COLUMNS = (0.335, 0.495, 0.53, 0.845, 0.868)
"""Where the figures before and after end, the bars begin and end, and the words begin, as shares of the width."""
BAR_HIGH, CHIP_HIGH = 13.0, 25.0


class DifferenceVerdict(StrEnum):
    """The kind of a difference: good, bad, neither, uncertain, or of too few rows."""

    BETTER = "better"
    WORSE = "worse"
    OTHER = "other"
    UNSURE = "unsure"
    FEW = "few"


STYLES = {
    DifferenceVerdict.BETTER: ("soft", "primary", "primary"),
    DifferenceVerdict.OTHER: ("soft", "primary", "primary"),
    DifferenceVerdict.WORSE: ("amberbg", "amber", "amber"),
    DifferenceVerdict.UNSURE: ("sunken", "ink2", "ink2"),
    DifferenceVerdict.FEW: ("amberbg", "", "amber"),
}
"""The fill, the edge and the ink of each."""
SIGNS = {
    DifferenceVerdict.BETTER: "tick",
    DifferenceVerdict.OTHER: "tick",
    DifferenceVerdict.WORSE: "cross",
    DifferenceVerdict.UNSURE: "ring",
    DifferenceVerdict.FEW: "ring",
}


class FigureAndRowCountText(Struct, frozen=True):
    """A figure with its unit, and the number of its rows, which can be opened."""

    value: str
    unit: str
    rows: str
    point: HoverTextAndTarget | None = None


class DifferenceRow(Struct, frozen=True, kw_only=True):
    """One row: `value`, `low`, `high` in points, None where nothing is compared; `said` are the same as texts."""

    name: str
    second: str
    before: FigureAndRowCountText
    after: FigureAndRowCountText
    certainty: DifferenceVerdict
    word: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    said: tuple[str, str, str] = ("", "", "")


def differences_height(rows: Sequence[DifferenceRow], surface: ChartSurfaceMetrics, width: float) -> float:
    each = TALL_ROW if _has_tall_rows(surface, width) else DIFFERENCE_ROW
    return surface.px(HEAD + each * len(rows))


def _has_tall_rows(surface: ChartSurfaceMetrics, width: float) -> bool:
    return width < surface.px(NARROW_UNDER)


def lay_out_differences(
    heads: tuple[str, str, str, str], rows: Sequence[DifferenceRow], surface: ChartSurfaceMetrics, rect: SurfaceRect
) -> LaidOutChart:
    """Return the marks of the rows under `heads` (before, after, difference, meaning). Each figure with a point is a
    place, in the order of difference_hover_points()."""
    px, layout, is_tall = surface.px, LaidOutChart(), _has_tall_rows(surface, rect.width)
    columns = [rect.left + rect.width * share for share in COLUMNS]
    if is_tall:
        columns = [rect.left + rect.width * share for share in (0.25, 0.5, 0.54, 1.0, 1.0)]
    zero = _zero_and_scale(rows, (columns[2], columns[3]), surface)
    y = text_baseline_y(rect.top + px(HEAD) / 2, SECOND, surface)
    layout.marks.append(TextMark(columns[0], y, heads[0], SECOND, at="right"))
    layout.marks.append(TextMark(columns[1], y, heads[1], SECOND, at="right"))
    bars_left, bars_right = columns[2], columns[3]
    middle = (bars_left + bars_right) / 2
    layout.marks.append(TextMark(middle, y, heads[2], SECOND, at="middle", room=bars_right - bars_left))
    if not is_tall:
        layout.marks.append(TextMark(columns[4], y, heads[3], SECOND, room=rect.right - columns[4]))
    top = rect.top + px(HEAD)
    each = px(TALL_ROW if is_tall else DIFFERENCE_ROW)
    for row in rows:
        line = surface.snap_to_pixel(top)
        layout.marks.append(PolylineMark([(rect.left, line), (rect.right, line)], "line", 0))
        body_top = top + (px(TALL_ROW - DIFFERENCE_ROW) if is_tall else 0.0)
        body = SurfaceRect(rect.left, body_top, rect.width, px(DIFFERENCE_ROW))
        names_width = rect.width * 0.6 if is_tall else columns[0] - px(100) - rect.left
        layout.marks += _name_marks(row, SurfaceRect(rect.left, top, names_width, px(DIFFERENCE_ROW)), surface)
        for right, figure in ((columns[0], row.before), (columns[1], row.after)):
            layout.marks += _figure_text_draw_marks(figure, right, body, surface)
            if figure.point is not None:
                wide = max(surface.text_width(figure.rows, SECOND), px(60)) + px(8)
                layout.places.append(SurfaceRect(right - wide + px(4), body.top + px(4), wide, body.height - px(6)))
        layout.marks += _difference_bar_marks(row, (columns[2], columns[3]), zero, body, surface)
        chip = (rect.right, top) if is_tall else (columns[4], top)
        layout.marks += _verdict_chip_marks(row, chip, surface, from_right=is_tall)
        top += each
    return layout


def difference_hover_points(rows: Sequence[DifferenceRow]) -> list[HoverTextAndTarget]:
    return [figure.point for row in rows for figure in (row.before, row.after) if figure.point is not None]


def _zero_and_scale(rows: Sequence[DifferenceRow], ends: Place, surface: ChartSurfaceMetrics) -> tuple[float, float]:
    """Return the place of zero and the pixels per point, one scale for all rows."""
    low = min([0.0, *(row.low for row in rows if row.low is not None)])
    high = max([0.0, *(row.high for row in rows if row.high is not None)])
    margin = surface.px(26)
    each = (ends[1] - ends[0] - 2 * margin) / ((high - low) or 1.0)
    return ends[0] + margin - low * each, each


def _name_marks(row: DifferenceRow, at: SurfaceRect, surface: ChartSurfaceMetrics) -> Iterator[Mark]:
    px = surface.px
    yield TextMark(
        at.left, text_baseline_y(at.top + px(21), NAME, surface), row.name, NAME, "ink", bold=True, room=at.width
    )
    yield TextMark(at.left, text_baseline_y(at.top + px(44), SECOND, surface), row.second, SECOND, room=at.width)


def _figure_text_draw_marks(
    figure: FigureAndRowCountText, right: float, at: SurfaceRect, surface: ChartSurfaceMetrics
) -> Iterator[Mark]:
    px = surface.px
    y = text_baseline_y(at.top + px(21), FIGURE, surface)
    unit = surface.text_width(figure.unit, SECOND) + px(5) if figure.unit else 0.0
    yield TextMark(right - unit, y, figure.value, FIGURE, "ink", bold=True, at="right")
    if figure.unit:
        yield TextMark(right, y, figure.unit, SECOND, "ink", at="right")
    base = text_baseline_y(at.top + px(44), SECOND, surface)
    yield TextMark(right, base, figure.rows, SECOND, "ink", at="right")
    if figure.point is not None:
        under = surface.snap_to_pixel(base + px(3)) + 0.5
        yield PolylineMark(
            [(right - surface.text_width(figure.rows, SECOND), under), (right, under)], "edge", surface.gap(1)
        )


def _difference_bar_marks(
    row: DifferenceRow, ends: Place, zero: tuple[float, float], at: SurfaceRect, surface: ChartSurfaceMetrics
) -> Iterator[Mark]:
    (null, each), px = zero, surface.px
    x = surface.snap_to_pixel(null)
    yield PolylineMark([(x, at.top + px(9)), (x, at.top + px(33 + BAR_HIGH / 2 + 4))], "ink", px(1.6))
    if row.value is None or row.low is None or row.high is None:
        return
    middle = at.top + px(33)
    left, right = null + row.low * each, null + row.high * each
    fill, edge, ink = STYLES[row.certainty]
    is_unsure = row.certainty is DifferenceVerdict.UNSURE
    yield RectangleMark(
        left, middle - px(BAR_HIGH) / 2, max(px(2), right - left), px(BAR_HIGH), fill, edge, 1.4, dashed=is_unsure
    )
    dot = null + row.value * each
    yield PolygonMark([(dot, middle)], ink, px(5.5))
    low, value, high = row.said
    yield TextMark(dot, middle - px(11), value, SECOND + 1, "ink", bold=True, at="middle")
    base = middle + px(23)
    halves = surface.text_width(low, SECOND) / 2, surface.text_width(high, SECOND) / 2
    apart = right - left - sum(halves) - px(6)
    shift = max(0.0, -apart / 2)
    yield TextMark(max(ends[0] + halves[0], left - shift), base, low, SECOND, at="middle")
    yield TextMark(min(ends[1] - halves[1], right + shift), base, high, SECOND, at="middle")


def _verdict_chip_marks(
    row: DifferenceRow, at: Place, surface: ChartSurfaceMetrics, *, from_right: bool
) -> Iterator[Mark]:
    px, (x, top) = surface.px, at
    length = surface.text_width(row.word, CHIP, bold=True) + px(36)
    if from_right:
        x -= length
    fill, _edge, ink = STYLES[row.certainty]
    middle = top + px(32 if not from_right else 26)
    yield RectangleMark(x, middle - px(CHIP_HIGH) / 2, length, px(CHIP_HIGH), fill, "", round=CHIP_HIGH / 2)
    yield from symbol_marks(SIGNS[row.certainty], (x + px(16), middle), px(5), ink)
    yield TextMark(x + px(27), text_baseline_y(middle, CHIP, surface), row.word, CHIP, ink, bold=True)
