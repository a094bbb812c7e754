"""A chart's content (panels over one axis, each with its series, levels and words), and the marks that draw it.

Marks are boxes, lines, dots and words at plain coordinates, y growing downwards. Colours are names that every surface
knows: ink, ink2, line, paper, surface, soft, sunken, chart, primary, red, amber, amberbg, blue, band, wide_band."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import ceil, floor
from typing import ClassVar, Protocol

from msgspec import Struct

Place = tuple[float, float]

AXIS, CAPTION, KEY, HEADING = 13.5, 14.5, 14.0, 17.0
"""Sizes of letters, in drawn pixels."""
MIDDLE_EM = 0.37
"""Height of the middle of a line above its baseline."""


class ChartSurfaceMetrics(Protocol):
    """A screen or page, as a layout needs it. Sizes before `px` are in drawn pixels."""

    def px(self, n: float) -> float:
        """Return drawn pixels in the units of the coordinates."""

    def gap(self, n: float) -> float:
        """Return drawn pixels of a length that does not grow with the letters: a gap, a thin stroke."""

    def text_width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return the width of a line of text; `size` in drawn pixels."""

    def snap_to_pixel(self, place: float) -> float:
        """Return the nearest place where an edge is sharp."""


class RectangleMark(Struct, frozen=True):
    """A rectangle with an optional edge; `round` is the radius of its corners and, like `edge_width`, in drawn pixels.
    `opacity` is that of its fill. `outline` is its edge in high contrast, where it has no fill."""

    left: float
    top: float
    width: float
    height: float
    fill: str = ""
    edge: str = ""
    edge_width: float = 1.0
    round: float = 0.0
    dashed: bool = False
    outline: str = ""
    opacity: float = 1.0


class RectanglesMark(Struct, frozen=True):
    """Many plain rectangles of one colour, each (left, top, width, height); `outline` as for a box."""

    rects: Sequence[tuple[float, float, float, float]]
    fill: str
    outline: str = ""


class PolylineMark(Struct, frozen=True):
    """A line through points; `dash` is the length of a dash and its gap, in multiples of the width, 0 for none."""

    points: Sequence[Place]
    colour: str
    width: float
    dash: tuple[float, float] | None = None


class PolygonMark(Struct, frozen=True):
    """A filled polygon, or with `radius` a dot round its only point, with an edge `edge_width` wide, if any."""

    points: Sequence[Place]
    fill: str
    radius: float = 0.0
    edge: str = ""
    edge_width: float = 0.0


class TextMark(Struct, frozen=True):
    """A line of text on its baseline; `at` says which of its ends or its middle is at x. It is cut at the width `room`.
    `ground`: with an opaque background."""

    x: float
    y: float
    text: str
    size: float
    colour: str = "ink2"
    bold: bool = False
    at: str = "left"
    room: float | None = None
    ground: bool = False


Mark = RectangleMark | RectanglesMark | PolylineMark | PolygonMark | TextMark


class SurfaceRect(Struct, frozen=True):
    """A part of the surface."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height


class PanelScale(Struct, frozen=True):
    """A panel's place and scale: `ticks` from its lower to its upper edge; places along it count in slots."""

    rect: SurfaceRect
    ticks: Sequence[float]
    slots: int
    surface: ChartSurfaceMetrics

    @property
    def slot_width(self) -> float:
        return self.rect.width / max(1, self.slots)

    def x_of_slot(self, place: float) -> float:
        return self.rect.left + self.slot_width * place

    def y_of_value(self, value: float) -> float:
        """Return the height of a value; one outside the axis is at its end."""
        low, high = self.ticks[0], self.ticks[-1]
        return self.rect.bottom - (min(max(value, low), high) - low) / (high - low) * self.rect.height

    def is_within_axis(self, value: float) -> bool:
        return self.ticks[0] <= value <= self.ticks[-1]

    def slot_middle_point(self, slot: int, value: float) -> Place:
        return self.x_of_slot(slot + 0.5), self.y_of_value(value)

    def slot_column_rect(self, slot: int) -> SurfaceRect:
        return SurfaceRect(self.x_of_slot(slot), self.rect.top, self.slot_width, self.rect.height)


def text_baseline_y(middle: float, size: float, surface: ChartSurfaceMetrics) -> float:
    """Return the baseline of a line whose middle is at `middle`."""
    return surface.snap_to_pixel(middle + MIDDLE_EM * surface.px(size))


# The ends of an axis and its round figures, by one ladder for every chart.

LADDER = (1.0, 2.0, 2.5, 5.0)
"""Steps between two figures, times a power of ten."""
LEAST_POINTS = 10.0
"""Least span of an axis of percentages, so that a change within chance does not look like a collapse."""
LEAST_RATIO = 0.2
"""Least span of an axis of ratios."""
FEWEST_STEPS = 2
# Sums of steps are not exact to the last digit.
_ROUNDING_ERROR = 1e-9


def ticks_from_zero(highest: float, most: int = 4) -> list[float]:
    """Return whole numbers from 0 to `highest` or just above, in at most `most` and as few steps as possible."""
    return _whole_ticks(0.0, highest, most)


def percent_axis_ticks(values: Iterable[float], most: int = 5) -> list[float]:
    """Return percentages between 0 and 100 that hold all `values` and span LEAST_POINTS, as close as `most` steps allow
    and in as few steps as possible."""
    held = list(values)
    low, high = max(0.0, min(held, default=0.0)), min(100.0, max(held, default=100.0))
    if high - low < LEAST_POINTS:
        low = min(max(0.0, (low + high - LEAST_POINTS) / 2), 100.0 - LEAST_POINTS)
        high = low + LEAST_POINTS
    return _whole_ticks(low, high, most, end=100.0)


def ratio_axis_ticks(values: Iterable[float], most: int = 4) -> list[float]:
    """Return figures round 1 that hold all `values` and span at least LEAST_RATIO, as close as `most` steps allow."""
    known = [1.0, *values]
    low, high = min(known), max(known)
    if (lacks := LEAST_RATIO - (high - low)) > 0:
        low, high = low - lacks / 2, high + lacks / 2
    for step in (base * 10.0**power for power in range(-2, 6) for base in (*LADDER[:2], LADDER[3])):
        first, last = max(0, floor(low / step + _ROUNDING_ERROR)), ceil(high / step - _ROUNDING_ERROR)
        if last - first <= most:
            break
    return [round(step * (first + i), 4) for i in range(last - first + 1)]


def _whole_ticks(low: float, high: float, most: int, end: float | None = None) -> list[float]:
    candidates = []
    for step in (base * 10.0**power for power in range(13) for base in LADDER):
        if step % 1:
            continue
        first, last = floor(low / step + _ROUNDING_ERROR), ceil(high / step - _ROUNDING_ERROR)
        last = max(last, first + FEWEST_STEPS)
        if end is not None and last * step > end:
            first, last = max(0, first - (last - floor(end / step))), floor(end / step)
        holds = first * step <= low + _ROUNDING_ERROR and last * step >= high - _ROUNDING_ERROR
        if holds and FEWEST_STEPS <= last - first <= most:
            count = last - first
            candidates.append((count * step, count if end is None else -count, step, first))
    _span, count, step, first = min(candidates)
    return [step * (first + i) for i in range(abs(count) + 1)]


Values = Sequence[float | None]
"""One value for each slot, None where nothing is known."""

RINGS_FROM = 11.0
"""Least width of a slot whose value has a ring, in drawn pixels."""
NAME_ABOVE = 1.04
DASHED, DOTTED = (3.0, 2.0), (2.0, 2.0)


class HoverTextAndTarget(Struct, frozen=True):
    """The text for a part of a chart under the pointer, its name first, and the target of a press (None: nothing)."""

    said: tuple[str, ...]
    leads: object = None


# -- series ----------------------------------------------------------------------------------------------------------


class ChartSeries(Struct, frozen=True, kw_only=True):
    """One value for each slot, drawn in one way. Lines and signs are drawn above levels, bars below them; with
    `is_ground` below everything, and the axis may cut it off."""

    values: Values
    is_ground: bool = False
    is_line: ClassVar[bool] = True

    def known_values(self) -> Iterator[float]:
        yield from (value for value in self.values if value is not None)

    @abstractmethod
    def marks_on_plot(self, plot: PanelScale) -> Iterator[Mark]: ...

    def places_labels_avoid(self, plot: PanelScale) -> list[Place]:
        """Return places that words should avoid."""
        return []


class BarSeries(ChartSeries, frozen=True, kw_only=True):
    """Bars from `base` (0 unless given) to their value, `share` of a slot wide and at most `widest` drawn pixels. Of
    two series in one slot one has `side` -1, the other 1. `running` is the unfinished slot, whose bar is hollow. With
    `is_labelled` the highest bar has its figure, above the value of `over` there."""

    is_line: ClassVar[bool] = False
    colour: str = "chart"
    edge: str = ""
    base: Values = ()
    share: float = 0.62
    widest: float = 30.0
    side: int = 0
    running: int | None = None
    is_labelled: bool = False
    over: Values = ()

    def known_values(self) -> Iterator[float]:
        yield from ChartSeries.known_values(self)
        yield from (value for value in self.base if value is not None)

    def marks_on_plot(self, plot: PanelScale) -> Iterator[Mark]:
        surface = plot.surface
        width = min(plot.slot_width * self.share, surface.px(self.widest))
        for n, value in enumerate(self.values):
            foot = self.base[n] if self.base else plot.ticks[0]
            if value is None or foot is None or (not value and not self.base):
                continue
            left, top = plot.x_of_slot(n + 0.5) + (self.side - 1) * width / 2, plot.y_of_value(value)
            shown = width
            if plot.slot_width > surface.px(4):
                left, shown = (
                    surface.snap_to_pixel(left),
                    surface.snap_to_pixel(left + width) - surface.snap_to_pixel(left),
                )
            if n == self.running:
                yield RectangleMark(left, top, shown, plot.y_of_value(foot) - top, "soft", "chart", 1.5, 3)
            else:
                yield RectangleMark(
                    left,
                    top,
                    shown,
                    plot.y_of_value(foot) - top,
                    self.colour,
                    self.edge,
                    1.4,
                    2 if self.share < 1 else 0,
                )
        if self.is_labelled:
            yield from self._highest_bar_label(plot)

    def _highest_bar_label(self, plot: PanelScale) -> Iterator[Mark]:
        full = [(value, -n) for n, value in enumerate(self.values) if value and n != self.running]
        if not full:
            return
        value, n = max(full)
        above = self.over[-n] if -n < len(self.over) else None
        x, y = plot.slot_middle_point(-n, max(value, above or 0.0))
        yield TextMark(x, y - plot.surface.px(6), f"{value:g}", AXIS, "ink", bold=True, at="middle")

    def places_labels_avoid(self, plot: PanelScale) -> list[Place]:
        return [plot.slot_middle_point(n, value) for n, value in enumerate(self.values) if value]


class CurveSeries(ChartSeries, frozen=True, kw_only=True):
    """A line through consecutive values, with rings where there is room; one of the past is thin and dashed.
    `is_labelled`: figures at the highest values. Its `name` and `figure` are at its last value, `above` the line or
    below; those of a past one at its first value if a line, its own or `other`, would cross them at the last."""

    is_past: bool = False
    is_labelled: bool = False
    colour: str = "ink"
    name: str = ""
    figure: str = ""
    above: bool = True
    other: Values = ()

    def marks_on_plot(self, plot: PanelScale) -> Iterator[Mark]:
        px, colour = plot.surface.px, "ink2" if self.is_past else self.colour
        for run in self._curve_runs(plot):
            if len(run) > 1:
                yield PolylineMark(run, colour, px(1.8 if self.is_past else 2.4), DASHED if self.is_past else None)
            elif self.is_past or plot.slot_width < px(RINGS_FROM):
                yield PolygonMark(run, colour, px(2.2))
        if not self.is_past and plot.slot_width >= px(RINGS_FROM):
            for place in self.places_labels_avoid(plot):
                yield PolygonMark([place], "surface", px(4), colour, px(2.2))
        for n in top_two_peak_indexes(self.values) if self.is_labelled else ():
            value = self.values[n]
            assert value is not None
            shown = f"{value:.1f}"
            half = plot.surface.text_width(shown, AXIS, bold=True) / 2
            x, y = plot.slot_middle_point(n, value)
            x = min(max(x, plot.rect.left + half), plot.rect.right - half)
            yield TextMark(x, y - px(9), shown, AXIS, "ink", bold=True, at="middle", ground=True)

        if self.name and (places := self.places_labels_avoid(plot)):
            yield self._curve_name_mark(plot, places, colour)

    def _curve_name_mark(self, plot: PanelScale, places: Sequence[Place], colour: str) -> Mark:
        px, is_bold = plot.surface.px, not self.is_past
        crossing = [
            *_points_along_runs(self._curve_runs(plot)),
            *_points_along_runs(CurveSeries(values=self.other)._curve_runs(plot)),
        ]
        spots: list[tuple[int, int, float, float, str]] = []
        (first, _y), (last, _v) = places[0], places[-1]
        for (x, y), text in ((places[-1], f"{self.name} {self.figure}".strip()), (places[0], self.name)):
            length = plot.surface.text_width(text, AXIS, bold=is_bold)
            left = min(max(x - length / 2, plot.rect.left), plot.rect.right - length)
            at_first = bool(spots)
            if at_first and not self.is_past:
                break
            # The other line's name is at the last value too, on the other side.
            sides = (self.above, not self.above) if at_first and last - first > 2 * length else (self.above,)
            for is_above in sides:
                base = y - px(10) if is_above else y + px(10 + AXIS * 0.8)
                crossed = sum(
                    left - px(4) <= at <= left + length + px(4) and base - px(AXIS) <= high <= base + px(4)
                    for at, high in crossing
                )
                spots.append((crossed, len(spots), left, base, text))
        _crossed, _nth, left, base, text = min(spots)
        return TextMark(left, base, text, AXIS, colour, bold=is_bold, ground=True)

    def _curve_runs(self, plot: PanelScale) -> list[list[Place]]:
        runs: list[list[Place]] = [[]]
        for n, value in enumerate(self.values):
            if value is None:
                runs.append([])
            else:
                runs[-1].append(plot.slot_middle_point(n, value))
        return [run for run in runs if run]

    def places_labels_avoid(self, plot: PanelScale) -> list[Place]:
        return [place for run in self._curve_runs(plot) for place in run]


def _points_along_runs(runs: Iterable[Sequence[Place]], parts: int = 12) -> Iterator[Place]:
    for run in runs:
        yield from run
        for (x, y), (u, v) in pairwise(run):
            yield from ((x + (u - x) * n / parts, y + (v - y) * n / parts) for n in range(1, parts))


class LevelStrokeSeries(ChartSeries, frozen=True, kw_only=True):
    """A short level stroke at each value: a usual value, or a mean within its range; `share` 1: as wide as the slot."""

    is_line: ClassVar[bool] = False
    colour: str = "ink2"
    share: float = 0.8
    widest: float = 26.0
    thick: float = 2.4

    def marks_on_plot(self, plot: PanelScale) -> Iterator[Mark]:
        surface = plot.surface
        width = plot.slot_width if self.share == 1 else min(plot.slot_width * self.share, surface.px(self.widest))
        for n, value in enumerate(self.values):
            if value is not None and plot.is_within_axis(value):
                x, y = plot.slot_middle_point(n, value)
                thick = surface.px(self.thick)
                yield RectangleMark(x - width / 2, surface.snap_to_pixel(y - thick / 2), width, thick, self.colour)


class StepLineSeries(ChartSeries, frozen=True, kw_only=True):
    """A stepped line with gaps where nothing is known, such as a roster."""

    def marks_on_plot(self, plot: PanelScale) -> Iterator[Mark]:
        steps: list[Place] = []
        for n, value in enumerate([*self.values, None]):
            if value is not None:
                steps += [(plot.x_of_slot(n), plot.y_of_value(value)), (plot.x_of_slot(n + 1), plot.y_of_value(value))]
            elif steps:
                yield PolylineMark(steps, "ink", plot.surface.px(2.6))
                steps = []


class SymbolSeries(ChartSeries, frozen=True, kw_only=True):
    """A sign at each value: a dot, a diamond or a cross; `labels` are figures beside them by slot, with a line below
    where they can be pressed (`underlined`). Labels are above `tops`, if given, such as the upper ends of intervals.
    Beside one of two bars of a slot, `side` is -1 or 1, `away` the drawn pixels from the middle."""

    kind: str = "dot"
    colour: str = "ink"
    radius: float = 4.0
    side: int = 0
    away: float = 0.0
    labels: Sequence[str] = ()
    underlined: bool = False
    tops: Values = ()

    def marks_on_plot(self, plot: PanelScale) -> Iterator[Mark]:
        px = plot.surface.px
        for n, (x, y) in self._symbol_places(plot):
            yield from symbol_marks(self.kind, (x, y), min(px(self.radius), plot.slot_width * 0.4), self.colour)
            if self.labels and self.labels[n]:
                half = plot.surface.text_width(self.labels[n], AXIS, bold=True) / 2
                middle = min(max(x, plot.rect.left + half), plot.rect.right - half)
                base = self._symbol_label_baseline(plot, n, y)
                yield TextMark(
                    middle, base, self.labels[n], AXIS, self.colour, bold=True, at="middle", ground=bool(self.tops)
                )
                if self.underlined:
                    low = base + px(4)
                    yield PolylineMark([(middle - half, low), (middle + half, low)], "edge", 0)

    def _symbol_label_baseline(self, plot: PanelScale, n: int, y: float) -> float:
        px = plot.surface.px
        if self.tops:
            top = self.tops[n]
            return min(y, y if top is None else plot.y_of_value(top)) - px(9)
        below = y > plot.rect.top + plot.rect.height / 2
        return y + px(12 + AXIS * 0.8) if below else y - px(12)

    def _symbol_places(self, plot: PanelScale) -> list[tuple[int, Place]]:
        aside = _sideways_offset(plot, self.side, self.away)
        return [
            (n, (plot.x_of_slot(n + 0.5) + aside, plot.y_of_value(value)))
            for n, value in enumerate(self.values)
            if value is not None and plot.is_within_axis(value)
        ]

    def places_labels_avoid(self, plot: PanelScale) -> list[Place]:
        places = self._symbol_places(plot)
        if not (self.tops and self.labels):
            return [place for _n, place in places]
        labels = [(x, self._symbol_label_baseline(plot, n, y)) for n, (x, y) in places if self.labels[n]]
        return [*(place for _n, place in places), *labels]


class VerticalLineSeries(ChartSeries, frozen=True, kw_only=True):
    """A vertical line from each value to its end in `ends`."""

    ends: Values
    colour: str = "ink"
    thick: float = 1.6
    side: int = 0
    away: float = 0.0

    def known_values(self) -> Iterator[float]:
        yield from ChartSeries.known_values(self)
        yield from (value for value in self.ends if value is not None)

    def marks_on_plot(self, plot: PanelScale) -> Iterator[Mark]:
        aside = _sideways_offset(plot, self.side, self.away)
        for n, (low, high) in enumerate(zip(self.values, self.ends, strict=True)):
            if low is not None and high is not None:
                x = plot.x_of_slot(n + 0.5) + aside
                yield PolylineMark(
                    [(x, plot.y_of_value(low)), (x, plot.y_of_value(high))], self.colour, plot.surface.px(self.thick)
                )


def _sideways_offset(plot: PanelScale, side: int, away: float) -> float:
    return side * min(plot.surface.px(away), plot.slot_width * 0.18)


def symbol_marks(kind: str, place: Place, radius: float, colour: str) -> Iterator[Mark]:
    """Draw a dot, a ring, a tinted ring ("own"), a diamond, a triangle (up or "down"), a cross or a tick at a place."""
    x, y = place
    if kind == "cross":
        for way in (-1, 1):
            yield PolylineMark([(x - radius, y - radius * way), (x + radius, y + radius * way)], colour, radius * 0.45)
    elif kind == "tick":
        points = [(x - radius, y), (x - radius * 0.25, y + radius * 0.75), (x + radius, y - radius * 0.75)]
        yield PolylineMark(points, colour, radius * 0.4)
    elif kind == "diamond":
        yield PolygonMark([(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)], colour)
    elif kind == "triangle":
        low = y + radius * 0.8
        yield PolygonMark([(x, y - radius), (x + radius, low), (x - radius, low)], colour)
    elif kind == "down":
        high = y - radius * 0.8
        yield PolygonMark([(x, y + radius), (x + radius, high), (x - radius, high)], colour)
    elif kind == "ring":
        yield PolygonMark([place], "surface", radius, colour, radius * 0.35)
    elif kind == "own":
        yield PolygonMark([place], "soft", radius, colour, radius * 0.4)
    else:
        yield PolygonMark([place], colour, radius)


# -- panels ----------------------------------------------------------------------------------------------------------


class ReferenceLevel(Struct, frozen=True, kw_only=True):
    """A reference for values: a target (red, dotted) or a mean, from one slot to another, both included; `last` None:
    the last one. Its name is on its line where most room is."""

    value: float
    name: str = ""
    colour: str = "red"
    is_dotted: bool = True
    first: int = 0
    last: int | None = None


class LegendKey(Struct, frozen=True):
    """A sign and its meaning: `kind` is box, hollow, line (a line over a bar), past, stroke or dot."""

    kind: str
    word: str
    colour: str = "chart"


class ChartTimeNote(Struct, frozen=True):
    """An explanation of a span of time: from and to in slots (equal for a moment), a word, and the full text."""

    start: float
    end: float
    word: str
    text: str


class SeriesPanel(Struct, frozen=True, kw_only=True):
    """Series over one scale. `share` is its part of the height; `points` are its slots' texts. Its title is a caption,
    or with `is_headed` as large as a chart's, with its keys beside it."""

    series: Sequence[ChartSeries]
    title: str = ""
    keys: Sequence[LegendKey] = ()
    levels: Sequence[ReferenceLevel] = ()
    is_percent: bool = False
    is_ratio: bool = False
    is_headed: bool = False
    share: float = 1.0
    points: Sequence[HoverTextAndTarget] = ()

    def axis_ticks(self, most: int) -> list[float]:
        """Return the figures of its axis, which holds all values and levels in at most `most` steps."""
        values = [value for series in self.series if not series.is_ground for value in series.known_values()]
        levels = [level.value for level in self.levels]
        if self.is_percent:
            return percent_axis_ticks([*values, *levels], most)
        if self.is_ratio:
            return ratio_axis_ticks([*values, *levels], most)
        # A level's name stands above it.
        return ticks_from_zero(max([1.0, *values, *(level * NAME_ABOVE for level in levels)]), most)


class Chart(Struct, frozen=True, kw_only=True):
    """Panels above one another over `slots`, with final texts. `labels` are (place in slots, word): 0 is the left edge
    of the first slot. `notes` tint their time, `letters` are (place, letter) of notes shown elsewhere. `now` is a place
    like a label's. `summary` is for screen readers. If `empty` is given, it is drawn alone."""

    panels: Sequence[SeriesPanel] = ()
    slots: int = 0
    title: str = ""
    keys: Sequence[LegendKey] = ()
    labels: Sequence[tuple[float, str]] = ()
    notes: Sequence[ChartTimeNote] = ()
    letters: Sequence[tuple[float, str]] = ()
    now: float | None = None
    now_text: str = ""
    summary: str = ""
    empty: str = ""

    @property
    def hover_points(self) -> list[HoverTextAndTarget]:
        return [point for panel in self.panels for point in panel.points]


def top_two_peak_indexes(values: Values, apart: int = 4, share: float = 0.6) -> list[int]:
    """Return the index of the highest value, and of one other peak at least `apart` from it, if any."""
    positive = [(v, -i) for i, v in enumerate(values) if v is not None and v > 0]
    if not positive:
        return []
    top, first = max(positive)
    hills = [
        (v, i)
        for v, i in positive
        if abs(i - first) >= apart and v >= share * top and _is_local_peak([x or 0.0 for x in values], -i)
    ]
    return [-first, *([-max(hills)[1]] if hills else [])]


def _is_local_peak(values: Sequence[float], index: int) -> bool:
    before, after = values[max(0, index - 1)], values[min(len(values) - 1, index + 1)]
    return values[index] >= before and values[index] >= after
