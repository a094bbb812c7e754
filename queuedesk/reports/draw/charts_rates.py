"""Charts of rates: by date between the limits of chance, and of halls or people by how many rated. Shapes tell what
colours tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt

from reportlab.lib.colors import HexColor

from queuedesk.core.figures.overdispersion import FUNNEL_Z, Point
from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.charts import AXIS, PLOT_LEFT, axis, name_line
from queuedesk.reports.draw.pdf import INK, INK2, LINE, PAGE_HEIGHT, PRIMARY, RED, RIGHT, WHITE, Sheet

FOOT = 14.0
STEPS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
MOST_STEPS = 5
BAND, BAND_WIDE = "#DCEDE8", "#EFF6F4"
LEAST_ROOM, ROOM = 0.03, 0.5
CURVE_POINTS = 90
LABEL_GAP = 6.0


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target share over the slots from `first` to `last`, both included, with its words."""

    first: int
    last: int
    share: float
    name: str


@dataclass(frozen=True, slots=True)
class PChart:
    """Rates by slot between their limits; `labels` as (slot, word), `values` the words at points that lie outside, by
    slot."""

    points: Sequence[Point]
    centre: float
    centre_name: str
    labels: Sequence[tuple[int, str]]
    values: Sequence[str]
    targets: Sequence[TargetLine] = ()


@dataclass(frozen=True, slots=True)
class Funnel:
    """Rates by number of ratings, each with its name and how far out it lies: 0 within 95 %, 1 beyond them, 2 beyond
    99.8 %."""

    rates: Sequence[tuple[int, float, str, int]]
    centre: float
    centre_name: str
    count_title: str


def rate_ticks(values: Iterable[float]) -> list[float]:
    """Return round ticks that hold all `values`, shares in 0..1, as narrow as at most five steps allow."""
    known = list(values)
    low, high = min(known), max(known)
    for step in STEPS:
        # A little more than nothing, for 0.95 / 0.05 is 18.999…
        first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
        last = min(max(last, first + 2), round(1 / step))
        first = max(0, min(first, last - 2))
        if last - first <= MOST_STEPS:
            return [round(step * i, 6) for i in range(first, last + 1)]
    return [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where shares and counts lie on the page."""

    top: float
    height: float
    ticks: Sequence[float]

    def level(self, share: float) -> float:
        """Return the height of a share, those outside the axis at its end."""
        low, high = self.ticks[0], self.ticks[-1]
        return self.top + self.height * (1 - (min(max(share, low), high) - low) / (high - low))

    def holds(self, share: float) -> bool:
        return self.ticks[0] <= share <= self.ticks[-1]

    def draw_grid(self, sheet: Sheet) -> None:
        for tick in self.ticks:
            sheet.line([(PLOT_LEFT, self.level(tick)), (RIGHT, self.level(tick))], colour=LINE)
            sheet.text(PLOT_LEFT - 6, self.level(tick) + AXIS * 0.36, f"{tick * 100:g}", AXIS, colour=INK2, at="right")


# -- by date -----------------------------------------------------------------------------------------------------------


def p_chart_height(panel: float) -> float:
    """Return the height of the chart whose panel is `panel` points high."""
    return panel + FOOT


def draw_p_chart(sheet: Sheet, y: float, panel: float, chart: PChart) -> None:
    """Draw rates as dots on a line with the band of chance behind them, those outside as diamonds with their figure."""
    rates = [point.rate for point in chart.points if point.rate is not None]
    shares = [*rates, chart.centre, *(line.share for line in chart.targets)]
    # Limits of few ratings reach far down: they take part in the scale only as far as the rates' own spread.
    room = max(LEAST_ROOM, ROOM * (max(shares) - min(shares)))
    limits = [end for point in chart.points for end in (point.low, point.high) if end is not None]
    near = [end for end in limits if min(shares) - room <= end <= max(shares) + room]
    scale = _Scale(y, panel, rate_ticks([*shares, *near]))
    slot = (RIGHT - PLOT_LEFT) / max(1, len(chart.points))
    for i, point in enumerate(chart.points):
        if point.low is not None and point.high is not None:
            top, bottom = scale.level(point.high), scale.level(point.low)
            # Neighbours overlap a little, for no white lines stand between them.
            sheet.box(PLOT_LEFT + slot * i - 0.15, top, slot + 0.3, bottom - top, fill=BAND)
    scale.draw_grid(sheet)
    _draw_limits(sheet, scale, slot, chart.points)
    dots = [
        (PLOT_LEFT + slot * (i + 0.5), scale.level(point.rate)) if point.rate is not None else None
        for i, point in enumerate(chart.points)
    ]
    level = scale.level(chart.centre)
    sheet.line([(PLOT_LEFT, level), (RIGHT, level)], width=0.9, colour=INK2)
    for line in chart.targets:
        at = scale.level(line.share)
        ends = PLOT_LEFT + slot * line.first, PLOT_LEFT + slot * (line.last + 1)
        sheet.line([(ends[0], at), (ends[1], at)], width=0.9, colour=RED, dash=(2.2, 1.6))
    known = [dot for dot in dots if dot is not None]
    if len(known) > 1:
        sheet.line(known, width=0.8, colour=INK)
    for i, dot in enumerate(dots):
        if dot is None:
            continue
        if chart.points[i].is_outside:
            diamond(sheet, *dot, 4.2)
            _label(sheet, dot, chart.values[i], below=dot[1] > level)
        else:
            sheet.dot(*dot, min(2.2, slot * 0.4))
    _name_lines(sheet, scale, chart, known)
    for i, word in chart.labels:
        sheet.text(PLOT_LEFT + slot * (i + 0.5), y + panel + 11, word, AXIS, colour=INK2, at="middle")


def _draw_limits(sheet: Sheet, scale: _Scale, slot: float, points: Sequence[Point]) -> None:
    """Draw both limits as steps, each as wide as its slot; where one lies below the axis there is none."""
    for side in ("low", "high"):
        for i, point in enumerate(points):
            limit = getattr(point, side)
            if limit is not None and scale.holds(limit):
                x = PLOT_LEFT + slot * i
                sheet.line([(x, scale.level(limit)), (x + slot, scale.level(limit))], width=0.7, colour=PRIMARY)


def _name_lines(sheet: Sheet, scale: _Scale, chart: PChart, dots: Sequence[tuple[float, float]]) -> None:
    slot = (RIGHT - PLOT_LEFT) / max(1, len(chart.points))
    for line in chart.targets:
        length = fonts.width(line.name, AXIS)
        left, right = PLOT_LEFT + slot * line.first, PLOT_LEFT + slot * (line.last + 1)
        if right - left < length + 8:
            continue
        level = scale.level(line.share)
        if line.first == 0 and line.last == len(chart.points) - 1:
            name_line(sheet, level, line.name, dots)
        else:
            sheet.box(left + 2, level - AXIS - 2, length + 4, AXIS + 1, fill=WHITE)
            sheet.text(left + 4, level - 3, line.name, AXIS, colour=RED)
    level = scale.level(chart.centre)
    length = fonts.width(chart.centre_name, AXIS)

    def crossed(left: float) -> int:
        return sum(left - 6 <= x <= left + length + 6 and level - 6 <= at <= level + 16 for x, at in dots)

    # Under its line, for a target's name stands above another.
    best = min((RIGHT - length, PLOT_LEFT + 4, (PLOT_LEFT + RIGHT - length) / 2), key=crossed)
    sheet.box(best - 2, level + 1.5, length + 4, AXIS + 1, fill=WHITE)
    sheet.text(best, level + AXIS + 0.5, chart.centre_name, AXIS, colour=INK2)


# -- by number of ratings ----------------------------------------------------------------------------------------------


def funnel_height(panel: float) -> float:
    """Return the height of the funnel whose panel is `panel` points high."""
    return panel + 2 * FOOT


def draw_funnel(sheet: Sheet, y: float, panel: float, chart: Funnel) -> None:
    """Draw the two pairs of limits as curves and each rate as a dot, a triangle or a diamond, with its name."""
    most = axis(max([10, *(n for n, _rate, _name, _out in chart.rates)]))
    rates = [rate for _n, rate, _name, _out in chart.rates]
    inner, outer = FUNNEL_Z
    # Both curves are seen at least from the middle of the counts on, else nobody sees how near to them a rate lies.
    reach = _half(chart.centre, outer, most[-1] / 2)
    ends = max(0.0, chart.centre - reach), min(1.0, chart.centre + reach)
    scale = _Scale(y, panel, rate_ticks([*rates, chart.centre, *ends, min([*rates, chart.centre]) - 0.004]))

    def across(n: float) -> float:
        return PLOT_LEFT + (RIGHT - PLOT_LEFT) * n / most[-1]

    counts = [most[-1] * (i / CURVE_POINTS) ** 2 for i in range(1, CURVE_POINTS + 1)]
    for z, fill in ((outer, BAND_WIDE), (inner, BAND)):
        _draw_funnel_band(sheet, scale, [(across(n), _half(chart.centre, z, n)) for n in counts], chart.centre, fill)
    scale.draw_grid(sheet)
    for z, dash in ((outer, None), (inner, (2.2, 1.6))):
        for sign in (-1, 1):
            curve = [(across(n), chart.centre + sign * _half(chart.centre, z, n)) for n in counts]
            seen = [(x, scale.level(share)) for x, share in curve if scale.holds(share) and share < 1]
            if len(seen) > 1:
                sheet.line(seen, width=0.8, colour=PRIMARY, dash=dash)
    level = scale.level(chart.centre)
    sheet.line([(PLOT_LEFT, level), (RIGHT, level)], width=0.9, colour=INK2)
    for tick in most:
        place = "right" if tick == most[-1] else "middle"
        sheet.text(across(tick), y + panel + 11, f"{tick:,}", AXIS, colour=INK2, at=place)
    sheet.text(RIGHT, y + panel + 23, chart.count_title, AXIS, colour=INK2, at="right")
    # No name stands on the line of all.
    taken = [(PLOT_LEFT, level - 0.5, RIGHT, level + 0.5)]
    places = [(across(n), scale.level(rate), name, out) for n, rate, name, out in chart.rates]
    taken += [(x - 4, at - 4, x + 4, at + 4) for x, at, _name, _out in places]
    taken.append(_name_centre(sheet, level, chart.centre_name, [(x, at) for x, at, _name, _out in places]))
    for x, at, name, out in places:
        (_draw_within, triangle, diamond)[out](sheet, x, at, 4.0)
        _draw_name(sheet, (x, at), name, (taken, y), bold=out > 0)


def _name_centre(
    sheet: Sheet, level: float, name: str, points: Sequence[tuple[float, float]]
) -> tuple[float, float, float, float]:
    """Name the line of all where fewest points stand, at the left first, under it or above; return where."""
    length = fonts.width(name, AXIS)
    places = [
        (left, level + base - AXIS * 0.8, left + length, level + base + 1)
        for left in (PLOT_LEFT + 4, (PLOT_LEFT + RIGHT) / 2, (PLOT_LEFT + 2 * RIGHT) / 3, RIGHT - length - 2)
        for base in (AXIS + 0.5, -3.0)
    ]

    def covered(box: tuple[float, float, float, float]) -> int:
        return sum(box[0] - 26 <= x <= box[2] + 26 and box[1] - 5 <= at <= box[3] + 5 for x, at in points)

    best = min(places, key=covered)
    sheet.text(best[0], best[3] - 1, name, AXIS, colour=INK2)
    return best


def _half(centre: float, z: float, n: float) -> float:
    return z * sqrt(centre * (1 - centre) / n)


def _draw_funnel_band(
    sheet: Sheet, scale: _Scale, halves: Sequence[tuple[float, float]], centre: float, fill: str
) -> None:
    """Fill between two curves; `halves` are (x, half the width as a share)."""
    above = [(x, scale.level(centre + half)) for x, half in halves]
    below = [(x, scale.level(centre - half)) for x, half in reversed(halves)]
    _fill(sheet, [*above, *below], fill)


def _draw_within(sheet: Sheet, x: float, y: float, radius: float) -> None:
    sheet.dot(x, y, radius * 0.65)


def triangle(sheet: Sheet, x: float, y: float, radius: float) -> None:
    """Draw what lies beyond the narrower limits."""
    _fill(sheet, [(x, y - radius), (x + radius, y + radius * 0.8), (x - radius, y + radius * 0.8)], INK2)


def diamond(sheet: Sheet, x: float, y: float, radius: float) -> None:
    """Draw what lies beyond the limits of chance."""
    _fill(sheet, [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)], RED)


def _fill(sheet: Sheet, points: Sequence[tuple[float, float]], colour: str) -> None:
    canvas = sheet.canvas
    path = canvas.beginPath()
    path.moveTo(points[0][0], PAGE_HEIGHT - points[0][1])
    for x, y in points[1:]:
        path.lineTo(x, PAGE_HEIGHT - y)
    path.close()
    canvas.setFillColor(HexColor(colour))
    canvas.drawPath(path, stroke=0, fill=1)


def _label(sheet: Sheet, at: tuple[float, float], text: str, *, below: bool) -> None:
    """Write a figure above or below a diamond, away from the line, inside the margins."""
    length = fonts.width(text, AXIS, bold=True)
    middle = min(max(at[0], PLOT_LEFT + length / 2), RIGHT - length / 2)
    base = at[1] + 7 + AXIS * 0.8 if below else at[1] - 7
    sheet.text(middle, base, text, AXIS, bold=True, colour=RED, at="middle")


def _draw_name(
    sheet: Sheet,
    at: tuple[float, float],
    name: str,
    within: tuple[list[tuple[float, float, float, float]], float],
    *,
    bold: bool,
) -> None:
    """Write a name beside its point where nothing stands yet; the table has those that find no room.

    `within`: what is taken, and the top of the panel, above which its heading stands.
    """
    taken, top = within
    length, (x, y) = fonts.width(name, AXIS, bold=bold), at
    for left, base in (
        (x + LABEL_GAP, y + AXIS * 0.36),
        (x - LABEL_GAP - length, y + AXIS * 0.36),
        (x - length / 2, y - LABEL_GAP - 1),
        (x - length / 2, y + LABEL_GAP + AXIS * 0.8),
    ):
        box = (left - 0.5, base - AXIS * 0.8, left + length + 0.5, base + 1)
        free = all(
            box[2] <= other[0] or box[0] >= other[2] or box[3] <= other[1] or box[1] >= other[3] for other in taken
        )
        if free and box[0] >= PLOT_LEFT and box[2] <= RIGHT and box[1] >= top - 3:
            taken.append(box)
            sheet.text(left, base, name, AXIS, bold=bold)
            return
