"""Rows of bars: a word, its bar and its figure in each row, as ratings by level or redirections by service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from queuedesk.core.charts.chart import Point
from queuedesk.core.charts.layout import Layout
from queuedesk.core.charts.marks import Box, Line, Mark, Rect, Surface, Words, baseline

SIZE, SECOND, THICK = 15.0, 13.5, 12.0
LEAST_BAR = 3.0
"""What is not 0 is seen, however short its bar would be."""
WORDS_SHARE, LEAST_LONGEST = 0.6, 28.0
"""Words take so much of the width, and more as long as the longest bar can still be told from the others."""


class BarRow(Struct, frozen=True, kw_only=True):
    """One row: its word, the bar's length, the finished number behind it and what stands behind that, its colour, the
    other period's length (None: there is none), and the ends of its interval. `point` is what it says when it is
    pointed at."""

    word: str
    value: float
    number: str
    point: Point | None = None
    colour: str = "chart"
    past: float | None = None
    second: str = ""
    ends: tuple[float, float] | None = None

    @property
    def reach(self) -> float:
        """How far what is drawn of it reaches."""
        return max(self.value, self.past or 0.0, *(self.ends or ()))


def lay_out_bars(rows: Sequence[BarRow], surface: Surface, rect: Rect, empty: str = "") -> Layout:
    """Return the marks of the rows, which share the height; the longest bar fills what words and numbers leave. `empty`
    is said in place of no rows. Each row is a place to point at."""
    if not rows:
        y = baseline(rect.top + rect.height / 2, SIZE, surface)
        return Layout([Words(rect.left, y, empty, SIZE, room=rect.width)])
    px, high = surface.px, rect.height / len(rows)
    numbers = max(_behind(row, surface) for row in rows)
    most_words = max(rect.width * WORDS_SHARE, rect.width - numbers - px(22) - px(LEAST_LONGEST))
    words = min(max(surface.width(row.word, SIZE) for row in rows) + px(2), most_words)
    left = rect.left + words + px(8)
    room = max(px(10), rect.right - left - numbers - px(14))
    most = max(row.reach for row in rows) or 1.0
    places = [Rect(rect.left, rect.top + high * n, rect.width, high) for n in range(len(rows))]
    marks: list[Mark] = []
    for row, place in zip(rows, places, strict=True):
        y = baseline(place.top + high / 2, SIZE, surface)
        marks.append(Words(rect.left, y, row.word, SIZE, room=words))
        marks += _bar(row, Rect(left, place.top, room, high), room / most, y, surface)
    return Layout(marks, places=places)


def _bar(row: BarRow, rect: Rect, each: float, base: float, surface: Surface) -> Iterator[Mark]:
    """Draw a row's bar, `each` long for every one, its stroke for the other period, and its figure behind both."""
    px, end = surface.px, rect.left
    thick = px(THICK)
    top = surface.snap(rect.top + (rect.height - thick) / 2)
    if row.value:
        length = max(row.value * each, px(LEAST_BAR))
        yield Box(rect.left, top, length, thick, row.colour, round=2)
        end += length
    if row.past is not None:
        at = rect.left + row.past * each
        yield Box(at, top - px(3), px(2.4), thick + px(6), "ink2")
        end = max(end, at)
    if row.ends is not None:
        low, high = (rect.left + one * each for one in row.ends)
        middle, half = top + thick / 2, px(5)
        yield Line([(low, middle), (high, middle)], "ink", px(1.6))
        for x in (low, high):
            yield Line([(x, middle - half), (x, middle + half)], "ink", px(1.6))
        end = max(end, high)
    yield Words(end + px(10), base, row.number, SIZE, "ink", bold=True)
    if row.second:
        yield Words(end + px(16) + surface.width(row.number, SIZE, bold=True), base, row.second, SECOND)


def _behind(row: BarRow, surface: Surface) -> float:
    """Return how wide what stands behind a bar is."""
    second = surface.width(row.second, SECOND) + surface.px(6) if row.second else 0.0
    return surface.width(row.number, SIZE, bold=True) + second
