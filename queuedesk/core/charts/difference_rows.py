"""Rows of two figures and their difference, as a bar about a line at zero; all bars of a table share one scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from queuedesk.core.charts.chart import Point, sign
from queuedesk.core.charts.layout import Layout
from queuedesk.core.charts.marks import Box, Line, Mark, Place, Rect, Shape, Surface, Words, baseline

NAME, FIGURE, SECOND, CHIP = 17.0, 20.0, 13.5, 13.5
HEAD, ROW, TALL_ROW = 40.0, 64.0, 118.0
NARROW_UNDER = 740.0
"""In drawn pixels: where less is there, a row takes two lines."""
COLUMNS = (0.335, 0.495, 0.53, 0.845, 0.868)
"""Where the figures before and after end, the bars begin and end, and the words begin, as shares of the width."""
BAR_HIGH, CHIP_HIGH = 13.0, 25.0


class Certainty(StrEnum):
    """What a difference is: on the good side, on the bad side, a change that is neither, not to be told, of too few."""

    BETTER = "better"
    WORSE = "worse"
    OTHER = "other"
    UNSURE = "unsure"
    FEW = "few"


STYLES = {
    Certainty.BETTER: ("soft", "primary", "primary"),
    Certainty.OTHER: ("soft", "primary", "primary"),
    Certainty.WORSE: ("amberbg", "amber", "amber"),
    Certainty.UNSURE: ("sunken", "ink2", "ink2"),
    Certainty.FEW: ("amberbg", "", "amber"),
}
"""The fill, the edge and the ink of each."""
SIGNS = {
    Certainty.BETTER: "tick",
    Certainty.OTHER: "tick",
    Certainty.WORSE: "cross",
    Certainty.UNSURE: "ring",
    Certainty.FEW: "ring",
}


class Figure(Struct, frozen=True):
    """A figure with its unit, and the rows that it is of, which open."""

    value: str
    unit: str
    rows: str
    point: Point | None = None


class DifferenceRow(Struct, frozen=True, kw_only=True):
    """One row. `value` with `low` and `high` in points, None where nothing is compared; `said` are the same as
    texts."""

    name: str
    second: str
    before: Figure
    after: Figure
    certainty: Certainty
    word: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    said: tuple[str, str, str] = ("", "", "")


def differences_height(rows: Sequence[DifferenceRow], surface: Surface, width: float) -> float:
    """Return the height of such rows at that width."""
    each = TALL_ROW if _is_tall(surface, width) else ROW
    return surface.px(HEAD + each * len(rows))


def _is_tall(surface: Surface, width: float) -> bool:
    return width < surface.px(NARROW_UNDER)


def lay_out_differences(
    heads: tuple[str, str, str, str], rows: Sequence[DifferenceRow], surface: Surface, rect: Rect
) -> Layout:
    """Return the marks of the rows under `heads` (before, after, difference, what it says). Each figure with a point is
    a place, before and after of one row after the other."""
    px, found, is_tall = surface.px, Layout(), _is_tall(surface, rect.width)
    at = [rect.left + rect.width * share for share in COLUMNS]
    if is_tall:
        at = [rect.left + rect.width * share for share in (0.25, 0.5, 0.54, 1.0, 1.0)]
    zero = _zero(rows, (at[2], at[3]), surface)
    y = baseline(rect.top + px(HEAD) / 2, SECOND, surface)
    found.marks.append(Words(at[0], y, heads[0], SECOND, at="right"))
    found.marks.append(Words(at[1], y, heads[1], SECOND, at="right"))
    found.marks.append(Words((at[2] + at[3]) / 2, y, heads[2], SECOND, at="middle", room=at[3] - at[2]))
    if not is_tall:
        found.marks.append(Words(at[4], y, heads[3], SECOND, room=rect.right - at[4]))
    top = rect.top + px(HEAD)
    each = px(TALL_ROW if is_tall else ROW)
    for row in rows:
        line = surface.snap(top)
        found.marks.append(Line([(rect.left, line), (rect.right, line)], "line", 0))
        body = Rect(rect.left, top + (px(TALL_ROW - ROW) if is_tall else 0.0), rect.width, px(ROW))
        names = Rect(rect.left, top, (rect.width * 0.6 if is_tall else at[0] - px(100) - rect.left), px(ROW))
        found.marks += _names(row, names, surface)
        for right, figure in ((at[0], row.before), (at[1], row.after)):
            found.marks += _figure(figure, right, body, surface)
            if figure.point is not None:
                wide = max(surface.width(figure.rows, SECOND), px(60)) + px(8)
                found.places.append(Rect(right - wide + px(4), body.top + px(4), wide, body.height - px(6)))
        found.marks += _bar(row, (at[2], at[3]), zero, body, surface)
        chip = (rect.right, top) if is_tall else (at[4], top)
        found.marks += _chip(row, chip, surface, from_right=is_tall)
        top += each
    return found


def difference_points(rows: Sequence[DifferenceRow]) -> list[Point]:
    """Return the points in the order of their places."""
    return [figure.point for row in rows for figure in (row.before, row.after) if figure.point is not None]


def _zero(rows: Sequence[DifferenceRow], ends: Place, surface: Surface) -> tuple[float, float]:
    """Return where zero lies, and how many pixels a point takes: one scale for all rows."""
    low = min([0.0, *(row.low for row in rows if row.low is not None)])
    high = max([0.0, *(row.high for row in rows if row.high is not None)])
    margin = surface.px(26)
    each = (ends[1] - ends[0] - 2 * margin) / ((high - low) or 1.0)
    return ends[0] + margin - low * each, each


def _names(row: DifferenceRow, at: Rect, surface: Surface) -> Iterator[Mark]:
    px = surface.px
    yield Words(at.left, baseline(at.top + px(21), NAME, surface), row.name, NAME, "ink", bold=True, room=at.width)
    yield Words(at.left, baseline(at.top + px(44), SECOND, surface), row.second, SECOND, room=at.width)


def _figure(figure: Figure, right: float, at: Rect, surface: Surface) -> Iterator[Mark]:
    px = surface.px
    y = baseline(at.top + px(21), FIGURE, surface)
    unit = surface.width(figure.unit, SECOND) + px(5) if figure.unit else 0.0
    yield Words(right - unit, y, figure.value, FIGURE, "ink", bold=True, at="right")
    if figure.unit:
        yield Words(right, y, figure.unit, SECOND, "ink", at="right")
    base = baseline(at.top + px(44), SECOND, surface)
    yield Words(right, base, figure.rows, SECOND, "ink", at="right")
    if figure.point is not None:
        under = surface.snap(base + px(3)) + 0.5
        yield Line([(right - surface.width(figure.rows, SECOND), under), (right, under)], "edge", surface.gap(1))


def _bar(row: DifferenceRow, ends: Place, zero: tuple[float, float], at: Rect, surface: Surface) -> Iterator[Mark]:
    (null, each), px = zero, surface.px
    x = surface.snap(null)
    yield Line([(x, at.top + px(9)), (x, at.top + px(33 + BAR_HIGH / 2 + 4))], "ink", px(1.6))
    if row.value is None or row.low is None or row.high is None:
        return
    middle = at.top + px(33)
    left, right = null + row.low * each, null + row.high * each
    fill, edge, ink = STYLES[row.certainty]
    is_unsure = row.certainty is Certainty.UNSURE
    yield Box(
        left, middle - px(BAR_HIGH) / 2, max(px(2), right - left), px(BAR_HIGH), fill, edge, 1.4, dashed=is_unsure
    )
    dot = null + row.value * each
    yield Shape([(dot, middle)], ink, px(5.5))
    low, value, high = row.said
    yield Words(dot, middle - px(11), value, SECOND + 1, "ink", bold=True, at="middle")
    base = middle + px(23)
    halves = surface.width(low, SECOND) / 2, surface.width(high, SECOND) / 2
    apart = right - left - sum(halves) - px(6)
    shift = max(0.0, -apart / 2)
    yield Words(max(ends[0] + halves[0], left - shift), base, low, SECOND, at="middle")
    yield Words(min(ends[1] - halves[1], right + shift), base, high, SECOND, at="middle")


def _chip(row: DifferenceRow, at: Place, surface: Surface, *, from_right: bool) -> Iterator[Mark]:
    px, (x, top) = surface.px, at
    length = surface.width(row.word, CHIP, bold=True) + px(36)
    if from_right:
        x -= length
    fill, _edge, ink = STYLES[row.certainty]
    middle = top + px(32 if not from_right else 26)
    yield Box(x, middle - px(CHIP_HIGH) / 2, length, px(CHIP_HIGH), fill, "", round=CHIP_HIGH / 2)
    yield from sign(SIGNS[row.certainty], (x + px(16), middle), px(5), ink)
    yield Words(x + px(27), baseline(middle, CHIP, surface), row.word, CHIP, ink, bold=True)
