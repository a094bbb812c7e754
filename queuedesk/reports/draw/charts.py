"""Charts on paper: their marks drawn in a PDF, and charts of rates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from reportlab.lib.colors import HexColor

from queuedesk.core.charts.chart import (
    DOTTED,
    Bars,
    Chart,
    Curve,
    Level,
    Panel,
    Signs,
    Strokes,
    sign,
    ticks_from_zero,
    ticks_of_percent,
)
from queuedesk.core.charts.layout import around, grid, lay_out, steps_for
from queuedesk.core.charts.marks import AXIS, HEADING, Box, Boxes, Line, Mark, Place, Plot, Rect, Shape, Surface, Words
from queuedesk.core.figures.hall_comparison import FUNNEL_Z, Point
from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.pdf import (
    CHART,
    INK,
    INK2,
    LEFT,
    LINE,
    PAGE_HEIGHT,
    PAPER,
    PRIMARY,
    RED,
    RIGHT,
    WHITE,
    Sheet,
)

SCALE = 8.0 / 13.5
"""A drawn pixel in points: by it the figures of an axis are 8 points high."""
HEADING_SIZE = 11.4
COLOURS = {
    "ink": INK,
    "ink2": INK2,
    "line": LINE,
    "edge": "#79837D",
    "paper": PAPER,
    "surface": WHITE,
    "soft": "#CFE0DA",
    "sunken": PAPER,
    "chart": CHART,
    "primary": PRIMARY,
    "red": RED,
    "amber": "#8A5000",
    "amberbg": "#FFF0D2",
    "violet": "#5A4799",
    "violetbg": "#ECE8F7",
    "band": "#DCEDE8",
    "wide_band": "#EFF6F4",
}


class Paper:
    """A page as a surface for layouts."""

    def px(self, n: float) -> float:
        return n * SCALE

    gap = px

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        return fonts.width(text, _size(size), bold=bold)

    def snap(self, place: float) -> float:
        return place


PAGE = Paper()


def _size(size: float) -> float:
    return HEADING_SIZE if size == HEADING else size * SCALE


def chart_height(chart: Chart, panels: float) -> float:
    """Return the height of a chart whose panels together are `panels` points high."""
    return panels + around(chart, PAGE, RIGHT - LEFT)


def draw_chart(sheet: Sheet, y: float, height: float, chart: Chart) -> None:
    """Draw a chart over the page's width, with its top at `y`."""
    draw_marks(sheet, lay_out(chart, PAGE, Rect(LEFT, y, RIGHT - LEFT, height)).marks)


def draw_marks(sheet: Sheet, marks: Sequence[Mark]) -> None:
    """Draw marks in their order."""
    for mark in marks:
        if isinstance(mark, Box):
            sheet.box(
                mark.left,
                mark.top,
                mark.width,
                mark.height,
                fill=_laid_on(COLOURS[mark.fill], mark.opacity) if mark.fill else None,
                edge=COLOURS[mark.edge] if mark.edge else None,
            )
        elif isinstance(mark, Boxes):
            sheet.boxes(mark.rects, fill=COLOURS[mark.fill])
        elif isinstance(mark, Line):
            dash = (mark.width * mark.dash[0], mark.width * mark.dash[1]) if mark.dash else None
            sheet.line(mark.points, width=mark.width or 0.6, colour=COLOURS[mark.colour], dash=dash)
        elif isinstance(mark, Shape):
            _draw_shape(sheet, mark)
        else:
            _draw_words(sheet, mark)


def _laid_on(colour: str, opacity: float) -> str:
    """Return the colour as it looks on white: not every printer takes what shines through."""
    if opacity == 1:
        return colour
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * opacity):02X}" for part in parts)


def _draw_shape(sheet: Sheet, shape: Shape) -> None:
    canvas, points = sheet.canvas, shape.points
    if shape.radius and not shape.edge:
        sheet.dot(*points[0], shape.radius, COLOURS[shape.fill])
        return
    canvas.setFillColor(HexColor(COLOURS[shape.fill]))
    if shape.radius:
        canvas.setStrokeColor(HexColor(COLOURS[shape.edge]))
        canvas.setLineWidth(shape.edge_width)
        canvas.circle(points[0][0], PAGE_HEIGHT - points[0][1], shape.radius, stroke=1, fill=1)
        return
    path = canvas.beginPath()
    path.moveTo(points[0][0], PAGE_HEIGHT - points[0][1])
    for x, y in points[1:]:
        path.lineTo(x, PAGE_HEIGHT - y)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _draw_words(sheet: Sheet, words: Words) -> None:
    size = _size(words.size)
    text = words.text if words.room is None else fonts.shortened(words.text, size, words.room, bold=words.bold)
    length = fonts.width(text, size, bold=words.bold)
    x = words.x - {"left": 0.0, "middle": length / 2, "right": length}[words.at]
    if words.ground:
        sheet.box(x - 2, words.y - size, length + 4, size * 1.15, fill=WHITE)
    sheet.text(x, words.y, text, size, bold=words.bold, colour=COLOURS[words.colour])


# Charts of rates: by date between the limits of chance, and of halls or people by how many rated. Shapes tell what
# colours tell.

CURVE_POINTS = 90
PLOT_LEFT, FUNNEL_FOOT = 37.0, 48.0


def rates_by_date(
    points: Sequence[Point],
    centre: Level,
    labels: Sequence[tuple[int, str]],
    words: Sequence[str],
    targets: Sequence[Level] = (),
) -> Chart:
    """Return rates as a line with the band of chance behind them, those outside as diamonds with their figures.
    `centre` and `targets` are in percent; `words` are the figures, slot by slot."""
    # A limit at 0 or 100 is none: no rate lies beyond it.
    lows = [_percent(one.low) if one.low else None for one in points]
    highs = [_percent(one.high) if one.high != 1 else None for one in points]
    is_out = [one.is_outside for one in points]
    panel = Panel(
        series=[
            Bars(
                values=[100.0 if one.high == 1 else _percent(one.high) for one in points],
                base=[_percent(one.low) for one in points],
                colour="band",
                share=1,
                is_ground=True,
            ),
            Strokes(values=lows, colour="primary", share=1, thick=1.2),
            Strokes(values=highs, colour="primary", share=1, thick=1.2),
            Curve(values=[_percent(one.rate) for one in points]),
            Signs(
                values=[_percent(one.rate) if out else None for one, out in zip(points, is_out, strict=True)],
                labels=words,
                kind="diamond",
                colour="red",
                radius=7,
            ),
        ],
        levels=[*targets, centre],
        is_percent=True,
    )
    return Chart(panels=[panel], slots=len(points), labels=[(i + 0.5, word) for i, word in labels])


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


# -- by number of ratings ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Funnel:
    """Rates by number of ratings, each with its name and how far out it lies: 0 within 95 %, 1 beyond that, 2 beyond
    99.8 %."""

    rates: Sequence[tuple[int, float, str, int]]
    centre: float
    centre_name: str
    count_title: str


SIGNS = (("dot", "ink", 4.4), ("triangle", "ink2", 6.8), ("diamond", "red", 6.8))
"""How a rate is drawn by how far out it lies."""


def funnel_marks(funnel: Funnel, surface: Surface, rect: Rect) -> list[Mark]:
    """Return the two pairs of limits as curves and each rate as a dot, a triangle or a diamond, with its name."""
    counts = ticks_from_zero(max([10, *(n for n, _rate, _name, _out in funnel.rates)]))
    most, centre = counts[-1], funnel.centre
    height = rect.height - surface.px(FUNNEL_FOOT)
    # Both curves are seen at least from the middle of the counts on, and every rate with the limits it is read against.
    held = [rate for _n, rate, _name, _out in funnel.rates]
    for n in (most / 2, *(n for n, _rate, _name, _out in funnel.rates)):
        held += [centre - _half(centre, FUNNEL_Z[1], n), centre + _half(centre, FUNNEL_Z[1], n)]
    ticks = ticks_of_percent([100 * min(max(share, 0.0), 1.0) for share in held], steps_for(height, surface))
    left = rect.left + surface.px(PLOT_LEFT)
    plot = Plot(Rect(left, rect.top, rect.right - left, height), ticks, int(most), surface)
    found = [*_curves(plot, centre), *grid(plot)]
    level = plot.y(100 * centre)
    found.append(Line([(plot.rect.left, level), (plot.rect.right, level)], "ink2", surface.px(1.5)))
    base = plot.rect.bottom + surface.px(19)
    for tick in counts:
        found.append(Words(plot.x(tick), base, f"{tick:,g}", AXIS, at="right" if tick == most else "middle"))
    found.append(Words(plot.rect.right, base + surface.px(20), funnel.count_title, AXIS, at="right"))
    places = [(plot.x(n), plot.y(100 * rate)) for n, rate, _name, _out in funnel.rates]
    found.append(_centre_name(plot, level, funnel.centre_name, places))
    length = surface.width(funnel.centre_name, AXIS)
    named = found[-1]
    # No name stands on the line of all, on its name or on a sign.
    taken = [(plot.rect.left, level - 0.5, plot.rect.right, level + 0.5)]
    taken += [(x - 4, y - 4, x + 4, y + 4) for x, y in places]
    if isinstance(named, Words):
        taken.append((named.x, named.y - surface.px(AXIS), named.x + length, named.y + 1))
    for place, (_n, _rate, name, out) in zip(places, funnel.rates, strict=True):
        kind, colour, radius = SIGNS[out]
        found += sign(kind, place, surface.px(radius), colour)
        found += _name(plot, place, name, taken, bold=out > 0)
    return found


def _half(centre: float, z: float, n: float) -> float:
    return z * sqrt(centre * (1 - centre) / max(n, 0.01))


def _curves(plot: Plot, centre: float) -> Iterator[Mark]:
    """Fill between both pairs of curves, and draw them as far as the axis reaches."""
    most, (inner, outer) = plot.slots, FUNNEL_Z
    counts = [most * (i / CURVE_POINTS) ** 2 for i in range(1, CURVE_POINTS + 1)]
    lines: list[Mark] = []
    for z, fill, dash in ((outer, "wide_band", None), (inner, "band", DOTTED)):
        sides = []
        for way in (1, -1):
            curve = [(plot.x(n), 100 * (centre + way * _half(centre, z, n))) for n in counts]
            sides.append([(x, plot.y(value)) for x, value in curve])
            seen = [(x, plot.y(value)) for x, value in curve if plot.holds(value) and value < 100]
            if len(seen) > 1:
                lines.append(Line(seen, "primary", plot.surface.px(1.35), dash))
        yield Shape([*sides[0], *reversed(sides[1])], fill)
    yield from lines


def _centre_name(plot: Plot, level: float, name: str, places: Sequence[Place]) -> Words:
    """Name the line of all where fewest rates stand, at the left first, under it or above."""
    px, rect, length = plot.surface.px, plot.rect, plot.surface.width(name, AXIS)
    found = [
        Words(left, level + base, name, AXIS)
        for left in (rect.left + px(7), rect.left + rect.width / 2, rect.left + rect.width / 1.5, rect.right - length)
        for base in (px(AXIS + 1), -px(5))
    ]

    def covered(words: Words) -> int:
        ends = words.x - px(44), words.x + length + px(44)
        return sum(ends[0] <= x <= ends[1] and words.y - px(22) <= y <= words.y + px(10) for x, y in places)

    return min(found, key=covered)


def _name(
    plot: Plot, place: Place, name: str, taken: list[tuple[float, float, float, float]], *, bold: bool
) -> Iterator[Mark]:
    """Write a name beside its sign where nothing is `taken` yet; the table has those that find no room."""
    px, rect, length, (x, y) = plot.surface.px, plot.rect, plot.surface.width(name, AXIS, bold=bold), place
    gap, high = px(10), px(AXIS)
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
            yield Words(left, base, name, AXIS, "ink", bold=bold)
            return
