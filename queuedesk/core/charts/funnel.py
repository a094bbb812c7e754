"""Rates by the number they are of, between the limits of chance: a funnel on paper and on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt

from msgspec import Struct

from queuedesk.core.charts.chart import DOTTED, sign, ticks_from_zero, ticks_of_percent
from queuedesk.core.charts.layout import grid, steps_for
from queuedesk.core.charts.marks import AXIS, Line, Mark, Place, Plot, Rect, Shape, Surface, Words
from queuedesk.core.figures.hall_comparison import FUNNEL_Z

CURVE_POINTS = 90
PLOT_LEFT, FUNNEL_FOOT = 37.0, 48.0


class Sign(Struct, frozen=True):
    """How a rate is drawn: kind as chart.sign() has it, colour, radius in drawn pixels."""

    kind: str
    colour: str
    radius: float


SIGNS = (Sign("dot", "ink", 4.4), Sign("triangle", "ink2", 6.8), Sign("diamond", "red", 6.8))
"""How a rate is drawn where all have names: by how far out it lies, within 95 %, beyond that, beyond 99.8 %."""


class FunnelPoint(Struct, frozen=True):
    """A rate, a share of `n`; `name` stands beside it, "" for none."""

    n: int
    rate: float
    name: str
    sign: Sign
    colour: str = "ink"
    bold: bool = False


class Funnel(Struct, frozen=True):
    """Rates by number, round `centre`; `target` is another level with its name. With `is_filled` what chance explains
    has a ground."""

    points: Sequence[FunnelPoint]
    centre: float
    centre_name: str
    count_title: str
    target: tuple[float, str] | None = None
    is_filled: bool = True


class FunnelLayout(Struct, frozen=True):
    """Where everything lies; `places` are those of the points."""

    marks: Sequence[Mark]
    places: Sequence[Place]


def lay_out_funnel(funnel: Funnel, surface: Surface, rect: Rect) -> FunnelLayout:
    """Return the two pairs of limits as curves and each rate as its sign, with its name where that has room."""
    counts = ticks_from_zero(max([10, *(one.n for one in funnel.points)]))
    most, centre = counts[-1], funnel.centre
    height = rect.height - surface.px(FUNNEL_FOOT)
    # Both curves are seen at least from the middle of the counts on, and every rate with the limits it is read against.
    held = [one.rate for one in funnel.points]
    if funnel.target is not None:
        held.append(funnel.target[0])
    for n in (most / 2, *(one.n for one in funnel.points)):
        held += [centre - _half(centre, FUNNEL_Z[1], n), centre + _half(centre, FUNNEL_Z[1], n)]
    ticks = ticks_of_percent([100 * min(max(share, 0.0), 1.0) for share in held], steps_for(height, surface))
    left = rect.left + surface.px(PLOT_LEFT)
    plot = Plot(Rect(left, rect.top, rect.right - left, height), ticks, int(most), surface)
    found = [*_curves(plot, centre, is_filled=funnel.is_filled), *grid(plot)]
    level = plot.y(100 * centre)
    found.append(Line([(plot.rect.left, level), (plot.rect.right, level)], "ink2", surface.px(1.5)))
    base = plot.rect.bottom + surface.px(19)
    for tick in counts:
        found.append(Words(plot.x(tick), base, f"{tick:,g}", AXIS, at="right" if tick == most else "middle"))
    found.append(Words(plot.rect.right, base + surface.px(20), funnel.count_title, AXIS, at="right"))
    places = [(plot.x(one.n), plot.y(100 * one.rate)) for one in funnel.points]
    # No name stands on the line of all, on its name or on a sign.
    taken = [(plot.rect.left, level - 0.5, plot.rect.right, level + 0.5)]
    taken += [(x - 4, y - 4, x + 4, y + 4) for x, y in places]
    if funnel.target is not None:
        share, name = funnel.target
        y = plot.y(100 * share)
        found.append(Line([(plot.rect.left, y), (plot.rect.right, y)], "red", surface.px(1.5), DOTTED))
        above = y - surface.px(5) if y - surface.px(5 + AXIS) > plot.rect.top else y + surface.px(AXIS + 1)
        found.append(Words(plot.rect.right, above, name, AXIS, "red", at="right"))
        wide = surface.width(name, AXIS)
        taken += [
            (plot.rect.left, y - 0.5, plot.rect.right, y + 0.5),
            (plot.rect.right - wide, above - surface.px(AXIS), plot.rect.right, above + 1),
        ]
    named = _centre_name(plot, level, funnel.centre_name, places)
    found.append(named)
    length = surface.width(funnel.centre_name, AXIS)
    taken.append((named.x, named.y - surface.px(AXIS), named.x + length, named.y + 1))
    for place, one in zip(places, funnel.points, strict=True):
        found += sign(one.sign.kind, place, surface.px(one.sign.radius), one.sign.colour)
        if one.name:
            found += _name(plot, place, one, taken)
    return FunnelLayout(found, places)


def _half(centre: float, z: float, n: float) -> float:
    return z * sqrt(centre * (1 - centre) / max(n, 0.01))


def _curves(plot: Plot, centre: float, *, is_filled: bool) -> Iterator[Mark]:
    """Draw both pairs of curves as far as the axis reaches."""
    most, (inner, outer) = plot.slots, FUNNEL_Z
    counts = [most * (i / CURVE_POINTS) ** 2 for i in range(1, CURVE_POINTS + 1)]
    lines: list[Mark] = []
    for z, fill, dash in ((outer, "wide_band", DOTTED), (inner, "band", None)):
        sides = []
        for way in (1, -1):
            curve = [(plot.x(n), 100 * (centre + way * _half(centre, z, n))) for n in counts]
            sides.append([(x, plot.y(value)) for x, value in curve])
            seen = [(x, plot.y(value)) for x, value in curve if plot.holds(value) and value < 100]
            if len(seen) > 1:
                lines.append(Line(seen, "primary", plot.surface.px(1.35), dash))
        if is_filled:
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


def _name(plot: Plot, place: Place, one: FunnelPoint, taken: list[tuple[float, float, float, float]]) -> Iterator[Mark]:
    """Write a name beside its sign where nothing is `taken` yet; the table has those that find no room."""
    px, rect, length, (x, y) = plot.surface.px, plot.rect, plot.surface.width(one.name, AXIS, bold=one.bold), place
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
            yield Words(left, base, one.name, AXIS, one.colour, bold=one.bold)
            return
