"""Where the marks of a chart lie: its head, panels, axis, levels, notes and words, by one rule for every surface."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

from msgspec import Struct, field

from queuedesk.core.charts.chart import DASHED, DOTTED, Chart, Key, Level, Panel, Signs, sign
from queuedesk.core.charts.marks import (
    AXIS,
    CAPTION,
    HEADING,
    KEY,
    Box,
    Line,
    Mark,
    Place,
    Plot,
    Rect,
    Shape,
    Surface,
    Words,
    baseline,
)

HEAD_HIGH, CAPTION_HIGH, KEYS_HIGH, BETWEEN, FOOT = 38.0, 26.0, 24.0, 16.0, 24.0
"""Heights in drawn pixels: of a line with a title and of one with a caption, of keys that stand below their title, of
what is free between two panels, of the words below the lowest."""
LINES_APART = 32.0
"""How near two lines of an axis come, in drawn pixels."""
MOST_STEPS, FEWEST_STEPS = 5, 2
SIDE, EMPTY = 14.0, 16.0
LETTER_RADIUS = 8.8
NOTE_FROM, NOTE_DROP = 60.0, 13.0
"""How high a panel is that has its notes' words in it, and how far below its top they stand."""
TICK_GAP = 10.0


class Layout(Struct):
    """The marks in drawing order, the places of the panels, and the place of each point."""

    marks: list[Mark] = field(default_factory=list)
    plots: list[Plot] = field(default_factory=list)
    places: list[Rect] = field(default_factory=list)


def around(chart: Chart, surface: Surface, width: float) -> float:
    """Return the height of everything but the panels themselves."""
    room = surface.px(_head_high(chart.title, chart.keys, surface, width)) if chart.title or chart.keys else 0.0
    room += sum(_above(panel, surface, width) for panel in chart.panels) + surface.px(FOOT)
    return room + surface.px(BETWEEN) * (len(chart.panels) - 1)


def lay_out(chart: Chart, surface: Surface, rect: Rect) -> Layout:
    """Return the chart's marks within a part of the surface."""
    found = Layout()
    top = rect.top
    if chart.title or chart.keys:
        found.marks += _head(chart.title, chart.keys, surface, rect, top)
        top += surface.px(_head_high(chart.title, chart.keys, surface, rect.width))
    if chart.empty:
        y = baseline(rect.top + rect.height / 2, EMPTY, surface)
        found.marks.append(Words(rect.left + rect.width / 2, y, chart.empty, EMPTY, at="middle", room=rect.width))
    if chart.empty or not chart.panels:
        return found
    found.plots = _plots(chart, surface, rect, top)
    both = list(zip(chart.panels, found.plots, strict=True))
    found.places = [plot.column(slot) for panel, plot in both for slot in range(len(panel.points))]
    found.marks += _notes(chart, found.plots)
    for number, (panel, plot) in enumerate(both):
        found.marks += _title(chart, panel, plot, rect, is_first=number == 0)
        for series in panel.series:
            if series.is_ground:
                found.marks += series.marks(plot)
        found.marks += grid(plot)
    for panel, plot in both:
        found.marks += _panel(chart, panel, plot)
    found.marks += _now(chart, found.plots)
    found.marks += _labels(chart, found.plots[-1], rect)
    return found


# -- where panels lie --------------------------------------------------------------------------------------------------


def _plots(chart: Chart, surface: Surface, rect: Rect, top: float) -> list[Plot]:
    room = max(surface.px(20) * len(chart.panels), rect.height - around(chart, surface, rect.width))
    whole = sum(panel.share for panel in chart.panels)
    heights = [room * panel.share / whole for panel in chart.panels]
    ticks = [panel.ticks(steps_for(height, surface)) for panel, height in zip(chart.panels, heights, strict=True)]
    widest = max(surface.width(f"{tick:,g}", AXIS) for each in ticks for tick in each)
    left = rect.left + max(widest, surface.width("000", AXIS)) + surface.px(TICK_GAP)
    found = []
    for panel, height, each in zip(chart.panels, heights, ticks, strict=True):
        top += _above(panel, surface, rect.width)
        found.append(Plot(Rect(left, top, rect.right - left, height), each, chart.slots, surface))
        top += height + surface.px(BETWEEN)
    return found


def steps_for(height: float, surface: Surface) -> int:
    """Return how many steps an axis of this height may have."""
    return max(FEWEST_STEPS, min(MOST_STEPS, int(height / surface.px(LINES_APART))))


def _above(panel: Panel, surface: Surface, width: float) -> float:
    """Return what stands above a panel: its caption, or a title with its keys."""
    if not panel.title:
        # Figures beside its highest signs stand above it.
        has_labels = any(isinstance(one, Signs) and any(one.labels) for one in panel.series)
        return surface.px(CAPTION_HIGH if has_labels else BETWEEN)
    if panel.is_headed:
        return surface.px(_head_high(panel.title, panel.keys, surface, width))
    return surface.px(CAPTION_HIGH)


# -- heads and keys ----------------------------------------------------------------------------------------------------


def _keys_width(keys: Sequence[Key], surface: Surface) -> float:
    words = sum(surface.width(key.word, KEY) for key in keys)
    return words + surface.px(SIDE + 6) * len(keys) + surface.px(16) * (len(keys) - 1) if keys else 0.0


def _fits(title: str, keys: Sequence[Key], surface: Surface, width: float) -> bool:
    taken = surface.width(title, HEADING, bold=True) + surface.px(20) if title else 0.0
    return taken + _keys_width(keys, surface) <= width


def _head_high(title: str, keys: Sequence[Key], surface: Surface, width: float) -> float:
    return HEAD_HIGH if _fits(title, keys, surface, width) else HEAD_HIGH + KEYS_HIGH


def _head(title: str, keys: Sequence[Key], surface: Surface, rect: Rect, top: float) -> Iterator[Mark]:
    """Write a title with its keys at the right, or below it where they have no room there."""
    middle, fits = top + surface.px(13), _fits(title, keys, surface, rect.width)
    if title:
        y = baseline(middle, HEADING, surface)
        yield Words(rect.left, y, title, HEADING, "ink", bold=True, room=rect.width)
    x = rect.right - _keys_width(keys, surface) if fits else rect.left
    if not fits:
        middle += surface.px(KEYS_HIGH)
    for key in keys:
        yield from _key_sign(key, x, middle, surface)
        x += surface.px(SIDE + 6)
        yield Words(x, baseline(middle, KEY, surface), key.word, KEY)
        x += surface.width(key.word, KEY) + surface.px(16)


def _key_sign(key: Key, x: float, middle: float, surface: Surface) -> Iterator[Mark]:
    side, px = surface.px(SIDE), surface.px
    middle = surface.snap(middle)
    if key.kind in ("box", "hollow"):
        edge = "ink2" if key.kind == "hollow" else "chart" if key.colour == "soft" else ""
        yield Box(x, surface.snap(middle - side / 2), side, side, key.colour, edge, 1.4, 3)
    elif key.kind == "line":
        yield Line([(x, middle - px(4)), (x + side, middle - px(4))], "ink", px(2.4))
        yield Box(x, middle + px(1), side, side / 2, key.colour)
    elif key.kind == "past":
        yield Line([(x, middle), (x + side, middle)], "ink2", px(1.8), DASHED)
    elif key.kind == "stroke":
        yield Box(x, middle - px(1.2), side, px(2.4), key.colour)
    elif key.kind in ("dot", "cross"):
        yield from sign(key.kind, (x + side / 2, middle), px(4), key.colour)


def _title(chart: Chart, panel: Panel, plot: Plot, rect: Rect, *, is_first: bool) -> Iterator[Mark]:
    surface = plot.surface
    top = plot.rect.top - _above(panel, surface, rect.width)
    if panel.is_headed:
        yield from _head(panel.title, panel.keys, surface, rect, top)
        return
    left = rect.left
    if is_first and chart.letters:
        letters = beside_each_other([(plot.x(at), letter) for at, letter in chart.letters], plot.rect.right, surface)
        left = _free_of(letters, panel.title, rect, surface)
        for x, letter in letters:
            y = top + surface.px(10)
            yield Shape([(x, y)], "primary", surface.px(LETTER_RADIUS))
            yield Words(x, y + surface.px(4.2), letter, 11.8, "surface", bold=True, at="middle")
    if panel.title:
        y = baseline(top + surface.px(10), CAPTION, surface)
        yield Words(left, y, panel.title, CAPTION, room=rect.right - left)


def beside_each_other(letters: Sequence[tuple[float, str]], right: float, surface: Surface) -> list[tuple[float, str]]:
    """Return the places of letters, moved apart where they would overlap."""
    radius = surface.px(LETTER_RADIUS)
    apart = 2 * radius + surface.px(1)
    groups: list[list[tuple[float, str]]] = []

    def first(group: Sequence[tuple[float, str]]) -> float:
        middle = sum(x for x, _letter in group) / len(group)
        return min(middle - apart * (len(group) - 1) / 2, right - radius - apart * (len(group) - 1))

    for letter in sorted(letters):
        groups.append([letter])
        while len(groups) > 1 and first(groups[-1]) < first(groups[-2]) + apart * len(groups[-2]):
            last = groups.pop()
            groups[-1] += last
    return [(first(group) + apart * i, letter) for group in groups for i, (_x, letter) in enumerate(group)]


def _free_of(letters: Sequence[tuple[float, str]], title: str, rect: Rect, surface: Surface) -> float:
    """Return where a title begins that stands on the line of letters, at the left where none is there."""
    length, gap = surface.width(title, CAPTION), surface.px(LETTER_RADIUS + 7)
    for left in (rect.left, *(x + gap for x, _letter in letters)):
        if all(x + gap <= left or x - gap >= left + length for x, _letter in letters):
            return left
    return rect.left


# -- inside a panel ----------------------------------------------------------------------------------------------------


def grid(plot: Plot) -> Iterator[Mark]:
    """Draw a line with its figure for each of the ticks."""
    surface, rect = plot.surface, plot.rect
    for tick in plot.ticks:
        y = surface.snap(plot.y(tick))
        yield Line([(rect.left, y), (rect.right, y)], "line", 0)
        x = rect.left - surface.px(TICK_GAP - 2)
        yield Words(x, baseline(y, AXIS, surface), f"{tick:,g}", AXIS, at="right")


def _panel(chart: Chart, panel: Panel, plot: Plot) -> Iterator[Mark]:
    px, rect = plot.surface.px, plot.rect
    for series in panel.series:
        if not (series.is_line or series.is_ground):
            yield from series.marks(plot)
    lines = []
    for level in panel.levels:
        y = plot.surface.snap(plot.y(level.value))
        last = chart.slots - 1 if level.last is None else level.last
        ends = plot.x(level.first), plot.x(last + 1)
        is_target = level.is_dotted
        yield Line([(ends[0], y), (ends[1], y)], level.colour, px(1.8), DOTTED if is_target else None)
        lines.append((level, ends, y))
    for series in panel.series:
        if series.is_line:
            yield from series.marks(plot)
    taken = [place for series in panel.series for place in series.in_the_way(plot)]
    if chart.now is not None:
        taken += [(plot.x(chart.now), rect.top + rect.height * i / 10) for i in range(11)]
    for level, ends, y in lines:
        yield from _level_name(level, ends, y, taken, plot.surface)


def _level_name(level: Level, ends: Place, y: float, taken: Sequence[Place], surface: Surface) -> Iterator[Mark]:
    """Write a level's name on its line (a mean's below it), at the right, left or middle, where most room is."""
    length, px = surface.width(level.name, AXIS), surface.px
    if not level.name or ends[1] - ends[0] < length + px(8):
        return
    above = level.is_dotted
    top, bottom = (y - px(30), y + px(6)) if above else (y - px(6), y + px(30))

    def crossed(left: float) -> int:
        return sum(left - px(10) <= x <= left + length + px(10) and top <= at <= bottom for x, at in taken)

    places = (ends[1] - length - px(2), ends[0] + px(6), (ends[0] + ends[1] - length) / 2)
    base = y - px(5) if above else y + px(AXIS + 2)
    yield Words(min(places, key=crossed), base, level.name, AXIS, level.colour, ground=True)


def _notes(chart: Chart, plots: Sequence[Plot]) -> Iterator[Mark]:
    """Tint the time that a note explains; its word stands in the first panel where that is high enough."""
    free_from = 0.0
    for note in chart.notes:
        for number, plot in enumerate(plots):
            px, rect = plot.surface.px, plot.rect
            left = max(rect.left, plot.x(note.start))
            width = max(left + px(3), min(rect.right, plot.x(note.end))) - left
            yield Box(left, rect.top, width, rect.height, "amberbg", outline="amber")
            yield Box(left, rect.top, width, px(3), "amber")
            length = plot.surface.width(note.word, AXIS, bold=True)
            x = min(max(left + px(4), free_from), rect.right - length)
            if number == 0 and rect.height >= px(NOTE_FROM) and x >= free_from:
                y = baseline(rect.top + px(NOTE_DROP + 9), AXIS, plot.surface)
                yield Words(x, y, note.word, AXIS, "amber", bold=True)
                free_from = x + length + px(10)


def _now(chart: Chart, plots: Sequence[Plot]) -> Iterator[Mark]:
    if chart.now is None:
        return
    for plot in plots:
        surface, rect = plot.surface, plot.rect
        yield Box(surface.snap(plot.x(chart.now)), rect.top - surface.px(4), 1.5, rect.height + surface.px(4), "ink")
    if chart.now_text:
        surface, rect = plots[0].surface, plots[0].rect
        length = surface.width(chart.now_text, AXIS, bold=True)
        x = plots[0].x(chart.now) + surface.px(6)
        if x + length > rect.right:
            x -= surface.px(12) + length
        y = baseline(rect.top + surface.px(2), AXIS, surface)
        yield Words(x, y, chart.now_text, AXIS, "ink", bold=True, ground=True)


def _labels(chart: Chart, plot: Plot, rect: Rect) -> Iterator[Mark]:
    """Write words at their places under the lowest panel: all, or every second, third … where they have no room."""
    if not chart.labels:
        return
    surface = plot.surface
    widest = max(surface.width(text, AXIS) for _place, text in chart.labels) + surface.px(10)
    apart = plot.x(chart.labels[1][0]) - plot.x(chart.labels[0][0]) if len(chart.labels) > 1 else widest
    y = baseline(plot.rect.bottom + surface.px(15), AXIS, surface)
    for place, text in chart.labels[:: max(1, ceil(widest / max(1.0, apart)))]:
        half = surface.width(text, AXIS) / 2
        x = min(max(rect.left + half, plot.x(place)), rect.right - half)
        yield Words(x, y, text, AXIS, at="middle")
