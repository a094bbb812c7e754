"""Charts on paper: their marks drawn in a PDF, and what only paper draws: bars of ratings, the map of waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportlab.lib.colors import HexColor

from queuedesk.core.charts.chart import Chart
from queuedesk.core.charts.layout import around, lay_out
from queuedesk.core.charts.marks import HEADING, Box, Line, Mark, Rect, Shape, Words
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
HEADING_SIZE, LABEL = 11.4, 8.6
CELL_HEIGHT, HOURS_HEIGHT = 17.0, 12.0
HOURS, HOURS_APART = 7.4, 4.0
MOST_COLUMNS = 30
"""With more half-hours than that the figures of a map would be too small to read: it is drawn by hours."""
HEAT_LEFT = LEFT + 34
NO_WAIT, SHORT, MIDDLE, LONG, LONGEST = "#F4F5F1", "#E3EFEC", "#B5D6CF", "#F3C9C4", "#E39A92"
COLOURS = {
    "ink": INK,
    "ink2": INK2,
    "line": LINE,
    "surface": WHITE,
    "soft": "#CFE0DA",
    "sunken": PAPER,
    "chart": CHART,
    "primary": PRIMARY,
    "red": RED,
    "band": "#DCEDE8",
    "wide_band": "#EFF6F4",
}


class Paper:
    """The measures of a page, as a layout asks for them."""

    def px(self, n: float) -> float:
        return n * SCALE

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
                fill=COLOURS[mark.fill] if mark.fill else None,
                edge=COLOURS[mark.edge] if mark.edge else None,
            )
        elif isinstance(mark, Line):
            dash = (mark.width * mark.dash[0], mark.width * mark.dash[1]) if mark.dash else None
            sheet.line(mark.points, width=mark.width or 0.6, colour=COLOURS[mark.colour], dash=dash)
        elif isinstance(mark, Shape):
            _draw_shape(sheet, mark)
        else:
            _draw_words(sheet, mark)


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
