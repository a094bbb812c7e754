"""Charts of the reports: panels over one time axis, bars from zero, the target dotted with its name on the line."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from queuedesk.core.setup.time_of_day import minutes_of
from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.pdf import CHART, INK, INK2, LEFT, LINE, PRIMARY, RED, RIGHT, WHITE, Sheet

AXIS, LABEL = 8.0, 8.6
PLOT_LEFT, TICK_GAP = LEFT + 22, 6.0
"""Where a chart begins when its figures have up to four digits, and what lies between them and it."""
BAR_SHARE, WIDEST_BAR = 0.74, 34.0
STEPS = (1, 2, 5, 10, 20, 30, 50, 100, 200, 300, 500, *(n * 10**power for power in (3, 4, 5) for n in (1, 2, 5)))
MOST_LABELS, HALF_HOUR_MIN = 14, 30
TITLE, AXIS_HEIGHT, BETWEEN = 15.0, 14.0, 6.0
MARK_RADIUS = 5.2


@dataclass(frozen=True, slots=True)
class HalfHours:
    """Half-hours with their words. `running` is the index of the one that is not over yet."""

    rows: Sequence[dict[str, Any]]
    target_minutes: int
    wait_title: str
    target_name: str
    arrivals_title: str
    running: int | None = None
    marks: Sequence[tuple[float, str]] = ()
    """Notes as (half-hours since the first, letter)."""

    @property
    def left(self) -> float:
        """Where its panels begin."""
        return plot_left(*self.ticks)

    @property
    def ticks(self) -> tuple[list[int], list[int]]:
        """The ticks of the waits and of the arrivals."""
        waits = (row["mean_wait"] for row in self.rows)
        highest = max([self.target_minutes, *(v for v in waits if v is not None)])
        return axis(highest), axis(max([1, *(row["arrivals"] for row in self.rows)]))


def half_hours_height(panel: float) -> float:
    """Return the height of the chart whose two panels together are `panel` points high."""
    return 2 * TITLE + panel + AXIS_HEIGHT + BETWEEN


def draw_half_hours(sheet: Sheet, y: float, panel: float, chart: HalfHours) -> None:
    """Draw the mean wait over the arrivals by half-hours, with its top at `y`."""
    upper, lower = panel * 0.46, panel * 0.54
    marks = [(chart.left + _slot(chart) * at, letter) for at, letter in chart.marks]
    draw_wait_title(sheet, y, chart.wait_title, beside_each_other(marks))
    top = y + TITLE
    _waits(sheet, top, upper, chart)
    top += upper + BETWEEN
    sheet.text(LEFT, top + 9, chart.arrivals_title, LABEL, colour=INK2)
    top += TITLE
    _arrivals(sheet, top, lower, chart)
    _hours(sheet, top + lower, chart)


def beside_each_other(marks: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """Return the places of letters, those that would cover each other moved apart."""
    apart = 2 * MARK_RADIUS + 0.6
    groups: list[list[tuple[float, str]]] = []

    def first(group: Sequence[tuple[float, str]]) -> float:
        middle = sum(x for x, _letter in group) / len(group)
        return min(middle - apart * (len(group) - 1) / 2, RIGHT - MARK_RADIUS - apart * (len(group) - 1))

    for mark in sorted(marks):
        groups.append([mark])
        while len(groups) > 1 and first(groups[-1]) < first(groups[-2]) + apart * len(groups[-2]):
            last = groups.pop()
            groups[-1] += last
    return [(first(group) + apart * i, letter) for group in groups for i, (_x, letter) in enumerate(group)]


def draw_wait_title(sheet: Sheet, y: float, title: str, marks: Sequence[tuple[float, str]]) -> None:
    """Write the title of a panel on the line of its notes' letters, where none of them stands."""
    length, gap = fonts.width(title, LABEL), MARK_RADIUS + 4
    for left in (LEFT, *(x + gap for x, _letter in marks)):
        if all(x + gap <= left or x - gap >= left + length for x, _letter in marks):
            break
    for x, letter in marks:
        draw_mark(sheet, x, y + 6, letter)
    sheet.text(left, y + 9, title, LABEL, colour=INK2)


def draw_mark(sheet: Sheet, x: float, y: float, letter: str) -> None:
    """Draw a note's letter round (x, y)."""
    sheet.dot(x, y, MARK_RADIUS, PRIMARY)
    sheet.text(x, y + 2.5, letter, 7, bold=True, colour=WHITE, at="middle")


def axis(highest: float, most: int = 4) -> list[int]:
    """Return round ticks from 0 to at least `highest`: as little above it as `most` steps allow, and then as few as
    that takes."""
    found = []
    for step in STEPS:
        count = max(2, ceil(highest / step))
        if count <= most:
            found.append((step * count, count, step))
    _, count, step = min(found, default=(0, most, ceil(highest / most)))
    return [step * i for i in range(count + 1)]


def plot_left(*axes: Sequence[int]) -> float:
    """Return where a chart with these ticks begins, so that the widest of their figures stays inside the margin."""
    widest = max(fonts.width(f"{ticks[-1]:,}", AXIS) for ticks in axes)
    return max(PLOT_LEFT, LEFT + widest + TICK_GAP)


def peaks(values: Sequence[float | None], apart: int = 4, share: float = 0.6) -> list[int]:
    """Return the index of the highest value and of at most one other high hill, `apart` or more from it."""
    known = [(v, -i) for i, v in enumerate(values) if v is not None and v > 0]
    if not known:
        return []
    top, first = max(known)
    hills = [
        (v, i)
        for v, i in known
        if abs(i - first) >= apart and v >= share * top and _is_hill([x or 0.0 for x in values], -i)
    ]
    return [-first, *([-max(hills)[1]] if hills else [])]


def _is_hill(values: Sequence[float], index: int) -> bool:
    before, after = values[max(0, index - 1)], values[min(len(values) - 1, index + 1)]
    return values[index] >= before and values[index] >= after


def _slot(chart: HalfHours) -> float:
    return (RIGHT - chart.left) / max(1, len(chart.rows))


def draw_grid(sheet: Sheet, top: float, height: float, ticks: Sequence[int], left: float = PLOT_LEFT) -> None:
    """Draw a line from `left` with its figure for each of the ticks, the first at the bottom."""
    for tick in ticks:
        level = top + height * (1 - tick / ticks[-1])
        sheet.line([(left, level), (RIGHT, level)], colour=LINE)
        sheet.text(left - TICK_GAP, level + AXIS * 0.36, f"{tick:,}", AXIS, colour=INK2, at="right")


def _waits(sheet: Sheet, top: float, height: float, chart: HalfHours) -> None:
    values = [row["mean_wait"] for row in chart.rows]
    ticks, left = chart.ticks[0], chart.left
    draw_grid(sheet, top, height, ticks, left)
    target = top + height * (1 - chart.target_minutes / ticks[-1])
    sheet.line([(left, target), (RIGHT, target)], width=0.8, colour=RED, dash=(2.2, 1.6))
    slot = _slot(chart)
    points = [
        (left + slot * (i + 0.5), top + height * (1 - v / ticks[-1])) if v is not None else None
        for i, v in enumerate(values)
    ]
    name_line(sheet, target, chart.target_name, [p for p in points if p], left)
    run: list[tuple[float, float]] = []
    for point in [*points, None]:
        if point is not None:
            run.append(point)
            continue
        if len(run) > 1:
            sheet.line(run, width=1.5, colour=INK)
        elif run:
            sheet.dot(*run[0], 1.6)
        run = []
    for index in peaks(values):
        if (at := points[index]) is not None:
            sheet.dot(*at, 2.8)
            shown = f"{values[index]:.1f}"
            length = fonts.width(shown, AXIS, bold=True)
            middle = min(max(at[0], left + 12), RIGHT - length / 2)
            sheet.box(middle - length / 2 - 2, at[1] - 5.2 - AXIS, length + 4, AXIS + 1.5, fill=WHITE)
            sheet.text(middle, at[1] - 5.2, shown, AXIS, bold=True, at="middle")


def name_line(
    sheet: Sheet, level: float, name: str, points: Sequence[tuple[float, float]], begins: float = PLOT_LEFT
) -> None:
    """Write the name of the target on its line, at the right or at the left, where the wait leaves room."""
    length = fonts.width(name, AXIS)

    def crossed(left: float) -> int:
        return sum(left - 14 <= x <= left + length + 14 and level - 22 <= y <= level + 4 for x, y in points)

    best = min((RIGHT - length, begins + 4, (begins + RIGHT - length) / 2), key=crossed)
    sheet.box(best - 2, level - AXIS - 2, length + 4, AXIS + 1, fill=WHITE)
    sheet.text(best, level - 3, name, AXIS, colour=RED)


def _arrivals(sheet: Sheet, top: float, height: float, chart: HalfHours) -> None:
    ticks = chart.ticks[1]
    draw_grid(sheet, top, height, ticks, chart.left)
    slot = _slot(chart)
    width = min(slot * BAR_SHARE, WIDEST_BAR)
    for i, row in enumerate(chart.rows):
        tall = height * row["arrivals"] / ticks[-1]
        if not tall:
            continue
        left = chart.left + slot * (i + 0.5) - width / 2
        is_running = i == chart.running
        sheet.box(
            left,
            top + height - tall,
            width,
            tall,
            fill=None if is_running else CHART,
            edge=CHART if is_running else None,
        )


def _hours(sheet: Sheet, bottom: float, chart: HalfHours) -> None:
    """Write the full hours under the moments they stand for: between two bars."""
    slot = _slot(chart)
    if len(chart.rows) == 1:
        start = minutes_of(chart.rows[0]["from"])
        for x, at, side in ((chart.left, start, "left"), (RIGHT, start + HALF_HOUR_MIN, "right")):
            sheet.text(x, bottom + 11, f"{at // 60 % 24}:{at % 60:02}", AXIS, colour=INK2, at=side)
        return
    full = [(i, row["from"]) for i, row in enumerate(chart.rows) if row["from"].endswith(":00")]
    if not full and chart.rows:
        full = [(0, chart.rows[0]["from"])]
    every = -(-len(full) // MOST_LABELS)
    for i, label in full[::every] if full else ():
        hour, minute = label.split(":")
        sheet.text(chart.left + slot * i, bottom + 11, f"{int(hour)}:{minute}", AXIS, colour=INK2, at="middle")


# -- ratings -----------------------------------------------------------------------------------------------------------


def draw_levels(
    sheet: Sheet, y: float, levels: Sequence[tuple[str, int, bool]], *, width: float, row_height: float
) -> None:
    """Draw one bar a rating level, given as (word, count, whether it is a satisfied one), `width` points in all."""
    words = max(fonts.width(word, LABEL + 0.2) for word, _, _ in levels)
    most = max(1, *(count for _, count, _ in levels))
    room = width - words - 14 - 30
    for i, (word, count, is_good) in enumerate(levels):
        base = y + row_height * i + row_height * 0.7
        sheet.text(LEFT, base, word, LABEL + 0.2)
        length = room * count / most
        if count:
            sheet.box(LEFT + words + 14, base - 7.2, max(length, 1.2), 8.6, fill=PRIMARY if is_good else RED)
        sheet.text(
            LEFT + words + 14 + (max(length, 1.2) + 6 if count else 0), base, f"{count:,}", LABEL + 0.2, bold=True
        )
