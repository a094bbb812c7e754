"""The longest wait of a line in the next half hour: as it is, with its range or beside that with a move."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil, floor

from msgspec import Struct

from queuedesk.core.charts.chart import AXIS, Line, Mark, Place, Rect, Shape, Surface, Words, baseline

LABEL, FOOT, ABOVE, APART = 15.0, 18.0, 10.0, 17.0
STARTS_AT_10 = 10
STEPS = (10, 20, 30, 60, 120, 600)
MOST_STEPS = 3


class WaitCurves(Struct, frozen=True, kw_only=True):
    """Minutes at even moments. `with_move` is the second curve; `low` and `high` are the ends of the first one. The
    words are final."""

    as_it_is: Sequence[float]
    with_move: Sequence[float] = ()
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    target: float
    target_word: str
    first_word: str
    last_word: str


def lay_out_curves(chart: WaitCurves, surface: Surface, rect: Rect) -> list[Mark]:
    """Return the marks of the curves with their scale, the target and both values at the end."""
    px, width = surface.px, surface.width
    every = [*chart.as_it_is, *chart.with_move, *chart.low, *chart.high, chart.target]
    ticks = _ticks(min(every), max(every))
    left = rect.left + max(width(f"{tick}", AXIS) for tick in ticks) + px(6)
    ends = [curve[-1] for curve in (chart.as_it_is, chart.with_move) if curve]
    right = rect.right - max(width(f"{end:.0f}", LABEL, bold=True) for end in ends) - px(7)
    top, bottom = rect.top + px(ABOVE), rect.bottom - px(FOOT)
    low, high = ticks[0], max(ticks[-1], *every)

    def y(value: float) -> float:
        return bottom - (max(value, low) - low) / (high - low) * (bottom - top)

    def line(values: Sequence[float]) -> list[Place]:
        step = (right - left) / (len(values) - 1)
        return [(left + n * step, y(value)) for n, value in enumerate(values)]

    marks: list[Mark] = []
    if chart.low and chart.high:
        marks.append(Shape([*line(chart.high), *reversed(line(chart.low))], "sunken"))
    for tick in ticks:
        place = surface.snap(y(tick))
        marks.append(Line([(left, place), (right, place)], "ink2" if tick == low else "line", 0))
        marks.append(Words(left - px(6), baseline(place, AXIS, surface), f"{tick}", AXIS, at="right"))
    marks.append(Line(line(chart.as_it_is), "edge", px(2.5)))
    if chart.with_move:
        marks.append(Line(line(chart.with_move), "primary", px(3)))
    drawn = [place for curve in (chart.as_it_is, chart.with_move) if curve for place in _between(line(curve))]
    marks += _target(chart.target_word, surface, (left, right, y(chart.target)), bottom, drawn)
    foot = bottom + px(FOOT - 4)
    marks.append(Words(left, foot, chart.first_word, AXIS))
    marks.append(Words(right, foot, chart.last_word, AXIS, at="right"))
    marks += _ends(chart, surface, right + px(7), [y(end) for end in ends])
    return marks


def _ticks(lowest: float, highest: float) -> list[int]:
    step = next((one for one in STEPS if ceil(highest / one) <= MOST_STEPS), STEPS[-1])
    first = step * floor(lowest / step) if lowest >= STARTS_AT_10 else 0
    return list(range(first, max(first + step, step * ceil(highest / step)) + 1, step))


def _target(
    word: str, surface: Surface, place: tuple[float, float, float], bottom: float, drawn: Sequence[Place]
) -> Iterator[Mark]:
    """Draw the target from left to right at its height, with its name where the curves leave most room above
    `bottom`: below it are the moments' names."""
    px, (left, right, y) = surface.px, place
    yield Line([(left, y), (right, y)], "red", px(1.5), (1.2, 1.6))
    long, high = surface.width(word, AXIS), px(AXIS)
    tries = [
        (x, foot)
        for foot in (y + px(AXIS), y - px(4))
        if foot <= bottom
        for x in (left + px(4) + (right - left - px(8) - long) * n / 6 for n in range(7))
    ]

    def crossed(one: Place) -> int:
        x, foot = one
        return sum(x - px(4) <= a <= x + long + px(4) and foot - high <= b <= foot + px(3) for a, b in drawn)

    x, foot = min(tries, key=crossed)
    yield Words(x, foot, word, AXIS, "red")


def _between(drawn: Sequence[Place]) -> Iterator[Place]:
    """Yield places along a curve, not only its corners."""
    for (a, b), (c, d) in pairwise(drawn):
        yield from ((a + (c - a) * n / 8, b + (d - b) * n / 8) for n in range(9))


def _ends(chart: WaitCurves, surface: Surface, x: float, places: list[float]) -> Iterator[Mark]:
    """Write the values at the end, apart from each other."""
    apart = surface.px(APART)
    if len(places) == 2 and abs(places[0] - places[1]) < apart:
        middle, upper = sum(places) / 2, 0 if places[0] <= places[1] else 1
        places = [middle + (apart / 2 if n != upper else -apart / 2) for n in (0, 1)]
    values = [(chart.as_it_is[-1], "ink2")] + ([(chart.with_move[-1], "primary")] if chart.with_move else [])
    for (value, token), place in zip(values, places, strict=True):
        yield Words(x, baseline(place, LABEL, surface), f"{value:.0f}", LABEL, token, bold=True)
