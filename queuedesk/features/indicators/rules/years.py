"""Scores through the years: a row for each indicator, all rising and falling by the same measure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from queuedesk.core.charts.chart import AXIS, Line, Mark, Place, Point, Rect, Shape, Surface, Words, baseline
from queuedesk.core.charts.layout import Layout

ROW, FOOT, SIZE = 40.0, 26.0, 15.0
NAME_SHARE = 0.36
DOT, HOLLOW, PAD = 4.0, 2.3, 9.0


class YearsRow(Struct, frozen=True):
    """An indicator: `shares` of its scale by year, None for a gap; `hollow` are the places that are only implied;
    `first`, `last` and `change` as text."""

    name: str
    shares: tuple[float | None, ...]
    hollow: frozenset[int]
    last: str
    change: str
    point: Point
    is_bold: bool = False
    first: str = ""


def years_height(rows: Sequence[YearsRow], surface: Surface) -> float:
    """Return the height of the picture."""
    return surface.px(ROW) * len(rows) + surface.px(FOOT)


def lay_out_years(years: Sequence[str], rows: Sequence[YearsRow], surface: Surface, rect: Rect) -> Layout:
    """Return the marks of the rows with the years below; each row is a place to point at."""
    px, width = surface.px, surface.width
    high, count = px(ROW), len(years)
    names = min(rect.width * NAME_SHARE, max((width(row.name, SIZE, bold=True) for row in rows), default=0.0))
    firsts = max((width(row.first, AXIS) + px(16) for row in rows if row.first), default=0.0)
    changes = max((width(row.change, SIZE) + px(8) for row in rows if row.change), default=0.0)
    lasts = max((width(row.last, SIZE, bold=True) for row in rows), default=0.0)
    figures = rect.right - changes
    left = rect.left + names + px(10) + firsts
    right = max(left + px(40), figures - lasts - px(14))
    step = (right - left) / max(1, count - 1)
    xs = [left + step * n if count > 1 else (left + right) / 2 for n in range(count)]
    bottom = rect.top + high * len(rows)
    known = [share for row in rows for share in row.shares if share is not None]
    scale = min(known, default=0.0), max(known, default=1.0)
    marks: list[Mark] = [Line([(surface.snap(x), rect.top), (surface.snap(x), bottom)], "line", 0) for x in xs]
    places = [Rect(rect.left, rect.top + high * n, rect.width, high) for n in range(len(rows))]
    for row, place in zip(rows, places, strict=True):
        marks += _row(row, place, xs, scale, surface)
        y = baseline(place.top + high / 2, SIZE, surface)
        marks.append(Words(rect.left, y, row.name, SIZE, "ink", bold=row.is_bold, room=names))
        is_known = bool(row.shares) and row.shares[-1] is not None
        marks.append(Words(figures, y, row.last, SIZE, "ink" if is_known else "ink2", bold=is_known, at="right"))
        if row.change:
            marks.append(Words(rect.right, y, row.change, SIZE, at="right"))
        if row.first:
            marks.append(Words(xs[0] - px(12), y, row.first, AXIS, at="right"))
        edge = surface.snap(place.bottom) - 1
        marks.append(Line([(rect.left, edge), (rect.right, edge)], "line", 0))
    marks += _years(years, xs, bottom, surface)
    return Layout(marks, places=places)


def _row(
    row: YearsRow, place: Rect, xs: Sequence[float], scale: tuple[float, float], surface: Surface
) -> Iterator[Mark]:
    low, top = scale
    pad, px = surface.px(PAD), surface.px
    room = place.height - 2 * pad

    def at(x: float, share: float) -> Place:
        return x, place.bottom - pad - room * (0.5 if top == low else (share - low) / (top - low))

    dots = [None if share is None else at(x, share) for x, share in zip(xs, row.shares, strict=True)]
    for before, after in pairwise(dots):
        if before is not None and after is not None:
            yield Line([before, after], "primary", px(2))
    for n, dot in enumerate(dots):
        if dot is not None:
            yield Shape([dot], "primary", px(DOT))
            if n in row.hollow:
                yield Shape([dot], "surface", px(HOLLOW))


def _years(years: Sequence[str], xs: Sequence[float], bottom: float, surface: Surface) -> Iterator[Mark]:
    """Write the years that have room, the last one in any case."""
    free = float("inf")
    for x, year in reversed(list(zip(xs, years, strict=True))):
        half = surface.width(year, AXIS) / 2
        if x + half < free:
            yield Words(x, baseline(bottom + surface.px(14), AXIS, surface), year, AXIS, at="middle")
            free = x - half - surface.px(6)
