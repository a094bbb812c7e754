"""Charts of periods: a bar for each date or month with the target across, and waits by weekday and half-hour as a
map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.charts import (
    AXIS,
    LABEL,
    axis,
    beside_each_other,
    draw_grid,
    draw_wait_title,
    name_line,
    plot_left,
)
from queuedesk.reports.draw.pdf import CHART, INK, INK2, LEFT, RED, RIGHT, Sheet

BAR_SHARE, WIDEST = 0.72, 40.0
TITLE, FOOT, BETWEEN = 15.0, 14.0, 8.0
CELL_HEIGHT, HOURS_HEIGHT = 17.0, 12.0
HOURS, HOURS_APART = 7.4, 4.0
MOST_COLUMNS = 30
"""With more half-hours than that the figures of a map would be too small to read: it is drawn by hours."""
HEAT_LEFT = LEFT + 34
NO_WAIT, SHORT, MIDDLE, LONG, LONGEST = "#F4F5F1", "#E3EFEC", "#B5D6CF", "#F3C9C4", "#E39A92"


@dataclass(frozen=True, slots=True)
class Bars:
    """Dates with their words: `waits` and `issued` by slot, `labels` as (slot, word), `marks` as (slot, letter)."""

    waits: Sequence[float | None]
    issued: Sequence[int]
    target_minutes: int | None
    wait_title: str
    target_name: str
    issued_title: str
    labels: Sequence[tuple[int, str]]
    marks: Sequence[tuple[int, str]] = ()


def bars_height(panel: float) -> float:
    """Return the height of the chart whose two panels together are `panel` points high."""
    return 2 * TITLE + panel + FOOT + BETWEEN


def draw_bars(sheet: Sheet, y: float, panel: float, chart: Bars) -> None:
    """Draw the mean wait over the tickets issued, a bar for each slot, with its top at `y`."""
    height = panel / 2
    top = y + TITLE
    target = chart.target_minutes
    ticks = axis(max([1, target or 0, *(v for v in chart.waits if v is not None)]))
    issued_ticks = axis(max([1, *chart.issued]))
    left = plot_left(ticks, issued_ticks)
    slot = (RIGHT - left) / max(1, len(chart.waits))
    marks = [(left + slot * (i + 0.5), letter) for i, letter in chart.marks]
    draw_wait_title(sheet, y, chart.wait_title, beside_each_other(marks))
    draw_grid(sheet, top, height, ticks, left)
    tops = []
    for i, value in enumerate(chart.waits):
        tall = height * (value or 0) / ticks[-1]
        tops.append((left + slot * (i + 0.5), top + height - tall))
        over = target is not None and value is not None and value > target
        _bar(sheet, tops[-1], (slot, tall), RED if over else INK2)
    if target is not None:
        level = top + height * (1 - target / ticks[-1])
        sheet.line([(left, level), (RIGHT, level)], width=0.8, colour=RED, dash=(2.2, 1.6))
        name_line(sheet, level, chart.target_name, tops, left)
    top += height + BETWEEN
    sheet.text(LEFT, top + 9, chart.issued_title, LABEL, colour=INK2)
    top += TITLE
    ticks = issued_ticks
    draw_grid(sheet, top, height, ticks, left)
    for i, count in enumerate(chart.issued):
        tall = height * count / ticks[-1]
        _bar(sheet, (left + slot * (i + 0.5), top + height - tall), (slot, tall), CHART)
    for i, word in chart.labels:
        sheet.text(left + slot * (i + 0.5), top + height + 11, word, AXIS, colour=INK2, at="middle")


def _bar(sheet: Sheet, top: tuple[float, float], size: tuple[float, float], colour: str) -> None:
    """Draw a bar under the middle of its top edge; `size` are its slot's width and its height."""
    slot, tall = size
    if tall > 0:
        width = min(slot * BAR_SHARE, WIDEST)
        sheet.box(top[0] - width / 2, top[1], width, tall, fill=colour)


# -- waits by weekday and half-hour ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heat:
    """Mean waits in minutes by (row, column); `rows` are weekdays, `columns` half-hours as "08:30", or hours."""

    rows: Sequence[str]
    columns: Sequence[str]
    waits: Mapping[tuple[int, int], float]
    target_minutes: int


def by_hour(cells: Mapping[tuple[int, str], tuple[int, int]]) -> dict[tuple[int, str], tuple[int, int]]:
    """Return the number and the sum of waits by weekday and hour from those by weekday and half-hour."""
    found: dict[tuple[int, str], tuple[int, int]] = {}
    for (weekday, label), (n, us) in cells.items():
        key = weekday, f"{label[:2]}:00"
        before = found.get(key, (0, 0))
        found[key] = before[0] + n, before[1] + us
    return found


def heat_height(chart: Heat) -> float:
    """Return the height of the map with its hours."""
    return HOURS_HEIGHT + CELL_HEIGHT * len(chart.rows)


def draw_heat(sheet: Sheet, y: float, chart: Heat) -> None:
    """Draw the map with its top at `y`: each cell has its minutes, so that it reads without colours too."""
    width = (RIGHT - HEAT_LEFT) / max(1, len(chart.columns))
    size = min(7.6, width / 2.4)
    free = HEAT_LEFT
    for column, label in enumerate(chart.columns):
        hour, at = f"{int(label[:2])}:00", HEAT_LEFT + width * column
        end = at + fonts.width(hour, HOURS)
        if label.endswith(":00") and at >= free and end <= RIGHT + 0.5:
            sheet.text(at, y + 8, hour, HOURS, colour=INK2)
            free = end + HOURS_APART
    for row, name in enumerate(chart.rows):
        top = y + HOURS_HEIGHT + CELL_HEIGHT * row
        sheet.text(LEFT, top + 11.6, name, 8.4, colour=INK2)
        for column in range(len(chart.columns)):
            wait = chart.waits.get((row, column))
            colour = NO_WAIT if wait is None else shade(wait, chart.target_minutes)
            sheet.box(HEAT_LEFT + width * column + 0.5, top + 0.5, width - 1, CELL_HEIGHT - 1, fill=colour)
            if wait is not None:
                over = wait > chart.target_minutes
                sheet.text(
                    HEAT_LEFT + width * (column + 0.5),
                    top + 11.2,
                    _minutes(wait, chart.target_minutes),
                    size,
                    bold=over,
                    colour=INK,
                    at="middle",
                )


def _minutes(wait: float, target: int) -> str:
    """Return whole minutes, a decimal where else a wait over the target would read as the target itself."""
    text = f"{wait:.0f}"
    return text if wait <= target or text != str(target) else f"{max(wait, target + 0.1):.1f}"


def shade(wait: float, target: int) -> str:
    """Return a cell's colour: two greens up to the target, two reds above it."""
    if wait > target:
        return LONGEST if wait > 2 * target else LONG
    return MIDDLE if wait > target / 2 else SHORT
