"""Charts of rates: by date between the limits of chance, and of halls or people by how many rated. Shapes tell what
colours tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from queuedesk.core.charts.axis import ticks_from_zero, ticks_of_percent
from queuedesk.core.charts.chart import DOTTED, Bars, Chart, Curve, Level, Panel, Signs, Strokes, sign
from queuedesk.core.charts.layout import grid, steps_for
from queuedesk.core.charts.marks import AXIS, Line, Mark, Place, Plot, Rect, Shape, Surface, Words
from queuedesk.core.figures.overdispersion import FUNNEL_Z, Point

CURVE_POINTS = 90
PLOT_LEFT, FUNNEL_FOOT = 37.0, 48.0


def rates_by_date(
    points: Sequence[Point],
    centre: Level,
    labels: Sequence[tuple[int, str]],
    words: Sequence[str],
    targets: Sequence[Level] = (),
) -> Chart:
    """Return rates as a line with the band of chance behind them, those outside as diamonds with their figure.

    `centre` and `targets` are in percent; `words` are the figures, slot by slot.
    """
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
    """Rates by number of ratings, each with its name and how far out it lies: 0 within 95 %, 1 beyond them, 2 beyond
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
